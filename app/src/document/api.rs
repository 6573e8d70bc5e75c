//! Server functions of documents.

use leptos::prelude::*;

use crate::error::ApiError;

/// Writes a statement (`kind` is `statement`, with `from` and `to`) or a debt certificate (`debt`, with `on`) of a loan.
/// Days as `2026-11-23`.
#[server(prefix = "/api/v1", endpoint = "document/issue")]
pub async fn issue_document(
    loan: String,
    kind: String,
    from: Option<String>,
    to: Option<String>,
    on: Option<String>,
) -> Result<(), ApiError> {
    ssr::issue_document(loan, kind, from, to, on).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::CabinetError;
    use cabinet::document::{self, Asked};
    use cabinet::ids::LoanId;
    use chrono::NaiveDate;

    use crate::error::{ApiError, Code};
    use crate::request::{Ask, go, id};

    pub async fn issue_document(
        loan: String,
        kind: String,
        from: Option<String>,
        to: Option<String>,
        on: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let (from, to, on) = (
            from.unwrap_or_default(),
            to.unwrap_or_default(),
            on.unwrap_or_default(),
        );
        let asked = match kind.as_str() {
            "statement" => day("from", &from).and_then(|from| {
                Ok(Asked::Statement {
                    from,
                    to: day("to", &to)?,
                })
            }),
            "debt" => day("on", &on).map(|on| Asked::Debt { on }),
            // Written by the server: only a broken client sends something else.
            _ => return Err(ApiError::new(Code::BadRequest, "kind")),
        };
        let issued = match asked {
            Ok(asked) => document::issue(&ask.cabinet, borrower, loan, asked).await,
            Err(error) => Err(error),
        };
        let values = [
            ("from", from.as_str()),
            ("to", to.as_str()),
            ("on", on.as_str()),
        ];
        let made = ask
            .settle(&format!("document:{kind}:{loan}"), &values, issued)
            .await?;
        go(&format!("/documents?made={made}"));
        Ok(())
    }

    /// A day as browsers send it.
    fn day(field: &str, typed: &str) -> Result<NaiveDate, CabinetError> {
        let typed = typed.trim();
        typed
            .parse()
            .or_else(|_| NaiveDate::parse_from_str(typed, "%d.%m.%Y"))
            .map_err(|_| CabinetError::field(field, "day_unreadable"))
    }
}
