//! What tells people from robots, and where an address is.

use async_trait::async_trait;

use super::PortError;

/// A service that tells people from robots.
#[async_trait]
pub trait Captcha: Send + Sync {
    /// Whether the token from the browser was given to a person at this address.
    async fn passed(&self, token: &str, ip: &str) -> Result<bool, PortError>;
    /// Where its script and frame come from, for the security policy; nothing when it is not used.
    fn origin(&self) -> Option<String> {
        None
    }
}

/// Where a network address is.
pub trait Places: Send + Sync {
    /// The town or the region, as a person may read it; `None` when it is not known.
    fn place(&self, ip: &str) -> Option<String>;
}

/// No base of addresses: every place is unknown.
#[derive(Debug, Clone, Copy)]
pub struct NoPlaces;

impl Places for NoPlaces {
    fn place(&self, _: &str) -> Option<String> {
        None
    }
}

/// No service: nobody has passed it.
#[derive(Debug, Clone, Copy)]
pub struct NoCaptcha;

#[async_trait]
impl Captcha for NoCaptcha {
    async fn passed(&self, _: &str, _: &str) -> Result<bool, PortError> {
        Ok(false)
    }
}
