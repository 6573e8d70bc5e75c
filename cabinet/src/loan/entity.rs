//! Rows of the tables of this capability; the why of each column stands in the migration.

/// A loan with its frozen terms and the snapshot after the last posting.
pub(crate) mod loan {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "loan")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub contract: String,
        pub borrower: String,
        pub number: String,
        pub product: String,
        pub product_title: String,
        pub terms: String,
        pub version: i64,
        pub status: String,
        pub as_of: String,
        pub principal: i64,
        pub interest: i64,
        pub penalty: i64,
        pub paid_total: i64,
        pub overpaid: i64,
        pub max_days_overdue: i64,
        pub next_due: Option<String>,
        pub due: String,
        pub opened_on: String,
        pub closed_on: Option<String>,
        pub schedule_text: Option<String>,
        pub schedule_hash: Option<String>,
        pub created_at: i64,
        pub closed_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A posted operation.
pub(crate) mod operation {
    use sea_orm::entity::prelude::*;

    use crate::loan::OperationKind;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "operation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub loan: String,
        pub seq: i64,
        pub kind: OperationKind,
        pub on_date: String,
        pub at: i64,
        pub amount: i64,
        pub fee: i64,
        pub days: Option<i64>,
        pub parts: String,
        pub overpaid: i64,
        pub title: String,
        pub reference: String,
        pub keep: Option<String>,
        pub rate: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
