//! Server functions of choosing and filing.

use leptos::prelude::*;

use crate::error::ApiError;

/// Writes down what was chosen in the calculator and goes to the first unanswered page of the
/// questionnaire.
#[server(prefix = "/api/v1", endpoint = "application/choose")]
pub async fn choose(product: String, amount: String, term: String) -> Result<(), ApiError> {
    ssr::choose(product, amount, term).await
}

/// Files the application. The key makes a second press the same press.
#[server(prefix = "/api/v1", endpoint = "application/submit")]
pub async fn submit(key: String) -> Result<(), ApiError> {
    ssr::submit(key).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::application::{self, Choice};
    use cabinet::{CabinetError, FieldError, profile};

    use crate::application::chosen::{parse_amount, parse_term};
    use crate::error::ApiError;
    use crate::profile::pages::next_page;
    use crate::request::{Ask, go, id};

    pub async fn choose(product: String, amount: String, term: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let typed = [
            ("product", &*product),
            ("amount", &*amount),
            ("term", &*term),
        ];
        let choice = match (parse_amount(&amount), parse_term(&term)) {
            (Some(amount), Some(term)) => Ok(Choice {
                product: product.clone(),
                amount,
                term,
            }),
            (None, _) => Err(CabinetError::Fields(vec![FieldError::new(
                "amount",
                "amount_invalid",
            )])),
            (_, None) => Err(CabinetError::Fields(vec![FieldError::new(
                "term",
                "term_invalid",
            )])),
        };
        let chosen = match choice {
            Ok(choice) => {
                let amount = choice.amount;
                let written = application::choose(&ask.cabinet, borrower, choice).await;
                written.map(|_| amount)
            }
            Err(refusal) => Err(refusal),
        };
        let amount = ask.settle("choose", &typed, chosen).await?;
        let view = profile::load(&ask.cabinet, borrower, amount).await;
        let view = view.map_err(|refusal| ask.error(refusal))?;
        go(&next_page(view.next));
        Ok(())
    }

    pub async fn submit(key: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let key = id(&key).map_err(|refusal| ask.error(refusal))?;
        let filed = application::submit(&ask.cabinet, borrower, key).await;
        ask.settle("submit", &[], filed).await?;
        go("/application");
        Ok(())
    }
}
