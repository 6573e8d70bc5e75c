//! The questionnaire, page by page, and the legal texts it asks to agree with.

#[cfg(feature = "ssr")]
pub mod answers;
pub mod api;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod legal;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub(crate) mod widgets;

#[cfg(feature = "ssr")]
pub use widgets::field_name;
