//! Rows of the tables of this capability; the why of each column stands in the migration.

/// Money on its way from a borrower.
pub(crate) mod payment {
    use sea_orm::entity::prelude::*;

    use crate::payment::{PayStatus, Purpose};
    use crate::ports::PayMethod;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub loan: String,
        pub borrower: String,
        pub purpose: Purpose,
        pub prolongation: Option<String>,
        pub amount: i64,
        pub status: PayStatus,
        pub remote_id: Option<String>,
        pub confirmation_url: Option<String>,
        pub reason: Option<String>,
        pub card_title: Option<String>,
        pub created_at: i64,
        pub changed_at: i64,
        pub taken_at: Option<i64>,
        pub poll_at: Option<i64>,
        pub polls: i64,
        pub keep: Option<String>,
        pub quote: Option<String>,
        pub assign: Option<String>,
        pub assign_sum: Option<i64>,
        pub instrument: Option<String>,
        pub mandate: Option<String>,
        pub method: PayMethod,
        pub link: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A promise of the sum that closes a loan.
pub(crate) mod payoff_quote {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payoff_quote")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub loan: String,
        pub borrower: String,
        pub on_date: String,
        pub amount: i64,
        pub expires_at: i64,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
