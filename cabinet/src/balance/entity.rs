//! The row of this capability; the why of each column stands in the migration.

/// What the borrower asked to do with the balance.
pub(crate) mod order {
    use sea_orm::entity::prelude::*;

    use crate::balance::OrderKind;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "balance_order")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub loan: String,
        pub seq: i64,
        pub kind: OrderKind,
        pub on_date: String,
        pub at: i64,
        pub amount: Option<i64>,
        pub keep: Option<String>,
        pub days: Option<i64>,
        pub rules: Option<String>,
        pub past: Option<String>,
        pub prolongation: Option<String>,
        pub refund: Option<String>,
        pub cancelled_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
