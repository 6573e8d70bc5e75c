//! Rows of the tables of this capability; the why of each column stands in the migration.

/// An application.
pub(crate) mod application {
    use sea_orm::entity::prelude::*;

    use crate::application::AppStatus;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "application")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub borrower: String,
        pub product: String,
        pub amount: i64,
        pub term: i64,
        pub status: AppStatus,
        pub is_open: i64,
        pub pdn: Option<String>,
        pub rules: Option<String>,
        pub checks: Option<String>,
        pub available_from: Option<String>,
        pub resolution: Option<String>,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A status an application came to.
pub(crate) mod application_event {
    use sea_orm::entity::prelude::*;

    use crate::application::AppStatus;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "application_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub status: AppStatus,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An offer and the contract it becomes.
pub(crate) mod contract {
    use sea_orm::entity::prelude::*;

    use crate::application::ContractStatus;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contract")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub application: String,
        pub borrower: String,
        pub number: String,
        pub status: ContractStatus,
        pub product: String,
        pub product_title: String,
        pub amount: i64,
        pub term: i64,
        pub first_loan: i64,
        pub offered_at: i64,
        pub expires_on: String,
        pub assignment: Option<i64>,
        pub card: Option<String>,
        pub quote: Option<String>,
        pub text: Option<String>,
        pub name: Option<String>,
        pub text_hash: Option<String>,
        pub code: Option<String>,
        pub prepared_at: Option<i64>,
        pub signed_at: Option<i64>,
        pub payout_after: Option<i64>,
        pub terms: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who signed which bytes, when, by which code.
pub(crate) mod signature {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signature")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub borrower: String,
        pub document: String,
        pub object: String,
        pub hash: String,
        pub code: String,
        pub phone: String,
        pub sent_at: i64,
        pub entered_at: i64,
        pub ip: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
