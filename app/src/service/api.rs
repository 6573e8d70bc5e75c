//! Server functions of services.

use leptos::prelude::*;

use crate::error::ApiError;

/// Switches a service on: a free one at once, a paid one by paying its price.
#[server(prefix = "/api/v1", endpoint = "service/switch-on")]
pub async fn switch_service_on(loan: String, service: String) -> Result<(), ApiError> {
    ssr::switch(loan, service, true).await
}

/// Switches a service off, at once.
#[server(prefix = "/api/v1", endpoint = "service/switch-off")]
pub async fn switch_service_off(loan: String, service: String) -> Result<(), ApiError> {
    ssr::switch(loan, service, false).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::ids::LoanId;
    use cabinet::service;

    use crate::error::ApiError;
    use crate::request::{Ask, go_pay, id};

    pub async fn switch(loan: String, code: String, on: bool) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let origin = ask.origin.clone();
        let done = if on {
            service::switch_on(&ask.cabinet, borrower, loan, &code, origin).await
        } else {
            let off = service::switch_off(&ask.cabinet, borrower, loan, &code, origin).await;
            off.map(|()| format!("/loans/{loan}/services"))
        };
        let next = ask.settle(&format!("service:{loan}"), &[], done).await?;
        go_pay(&next);
        Ok(())
    }
}
