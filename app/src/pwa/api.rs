//! Server functions of notices to a device.

use leptos::prelude::*;

use crate::error::ApiError;

/// From now on this device is told of payments. What the browser gave for it: the address at its push service, the
/// public key and the shared secret, both in base64url.
#[server(prefix = "/api/v1", endpoint = "notice/subscribe")]
pub async fn subscribe(endpoint: String, p256dh: String, auth: String) -> Result<(), ApiError> {
    ssr::subscribe(endpoint, p256dh, auth).await
}

/// This device is told no more.
#[server(prefix = "/api/v1", endpoint = "notice/unsubscribe")]
pub async fn unsubscribe(endpoint: String) -> Result<(), ApiError> {
    ssr::unsubscribe(endpoint).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::notice::push::{self, Subscription};

    use crate::error::ApiError;
    use crate::request::Ask;

    pub async fn subscribe(endpoint: String, p256dh: String, auth: String) -> Result<(), ApiError> {
        let ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let subscription = Subscription {
            endpoint,
            p256dh,
            auth,
        };
        push::subscribe(&ask.cabinet, borrower, subscription)
            .await
            .map_err(|error| ask.error(error))
    }

    pub async fn unsubscribe(endpoint: String) -> Result<(), ApiError> {
        let ask = Ask::new()?;
        let borrower = ask.borrower()?;
        push::unsubscribe(&ask.cabinet, borrower, &endpoint)
            .await
            .map_err(|error| ask.error(error))
    }
}
