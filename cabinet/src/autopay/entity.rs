//! Rows of the tables of this capability; the why of each column stands in the migration.

/// A permission to debit a card.
pub(crate) mod mandate {
    use sea_orm::entity::prelude::*;

    use crate::autopay::MandateStatus;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mandate")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub borrower: String,
        pub loan: String,
        pub instrument: String,
        pub days_before: i64,
        pub hour: i64,
        pub cap_debit: i64,
        pub cap_month: i64,
        pub status: MandateStatus,
        pub agreed_at: i64,
        pub changed_at: i64,
        pub month_day: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A try to debit under it.
pub(crate) mod attempt {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "autopay_try")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub mandate: String,
        pub loan: String,
        pub due_on: String,
        pub number: i64,
        pub on_date: String,
        pub at: i64,
        pub amount: i64,
        pub payment: Option<String>,
        pub refused: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
