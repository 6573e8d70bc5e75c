//! Rows of the tables of this capability; the why of each column stands in the migration.

/// An agreement about a later due date.
pub(crate) mod prolongation {
    use sea_orm::entity::prelude::*;

    use crate::prolongation::ProlongationStatus;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "prolongation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub loan: String,
        pub borrower: String,
        pub days: i64,
        pub on_date: String,
        pub quote: String,
        pub text: String,
        pub text_hash: String,
        pub code: String,
        pub status: ProlongationStatus,
        pub payment: Option<String>,
        pub prepared_at: i64,
        pub signed_at: Option<i64>,
        pub effective_on: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
