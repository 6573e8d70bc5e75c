//! The row of this capability; the why of each column stands in the migration.

/// Money on its way back.
pub(crate) mod refund {
    use sea_orm::entity::prelude::*;

    use crate::refund::RefundStatus;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refund")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub loan: String,
        pub borrower: String,
        pub payment: String,
        pub amount: i64,
        pub status: RefundStatus,
        pub first_staff: Option<String>,
        pub second_staff: Option<String>,
        pub remote_id: Option<String>,
        pub reason: Option<String>,
        pub created_at: i64,
        pub sent_at: Option<i64>,
        pub changed_at: i64,
        pub done_at: Option<i64>,
        pub poll_at: Option<i64>,
        pub polls: i64,
        pub service: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
