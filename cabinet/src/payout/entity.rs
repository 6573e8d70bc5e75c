//! Rows of the tables of this capability; the why of each column stands in the migration.

/// Where a borrower receives money: a card bound at the acquirer, or another way.
pub(crate) mod instrument {
    use sea_orm::entity::prelude::*;

    use crate::payout::{CardStatus, PayoutKind};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "instrument")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub borrower: String,
        pub remote_id: Option<String>,
        pub status: CardStatus,
        pub method: Option<String>,
        pub first6: Option<String>,
        pub last4: Option<String>,
        pub brand: Option<String>,
        pub created_at: i64,
        pub poll_at: Option<i64>,
        pub polls: i64,
        pub kind: PayoutKind,
        pub expiry: Option<String>,
        pub same_as: Option<String>,
        pub confirmed_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Money on its way to a borrower.
pub(crate) mod payout {
    use sea_orm::entity::prelude::*;

    use crate::payout::PayoutStatus;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payout")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub contract: String,
        pub borrower: String,
        pub instrument: String,
        pub amount: i64,
        pub status: PayoutStatus,
        pub remote_id: Option<String>,
        pub reason: Option<String>,
        pub not_before: i64,
        pub created_at: i64,
        pub changed_at: i64,
        pub succeeded_at: Option<i64>,
        pub poll_at: Option<i64>,
        pub polls: i64,
        pub ordered_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
