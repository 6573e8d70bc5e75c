//! Server functions of agents.

use leptos::prelude::*;

use crate::error::ApiError;

/// The agent agrees to the rules; the link works from now on.
#[server(prefix = "/api/v1", endpoint = "agent/agree")]
pub async fn agree_to_rules(agree: Option<String>) -> Result<(), ApiError> {
    ssr::agree(agree.is_some()).await
}

/// The agent asks to be paid, to an account by its details.
#[server(prefix = "/api/v1", endpoint = "agent/payout")]
pub async fn ask_payout(
    amount: Option<String>,
    name: Option<String>,
    account: Option<String>,
    bic: Option<String>,
) -> Result<(), ApiError> {
    let text = Option::unwrap_or_default;
    ssr::payout([text(amount), text(name), text(account), text(bic)]).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::agent::{self, Asked};

    use crate::error::ApiError;
    use crate::request::{Ask, go};
    use crate::ui::toast::say;

    pub async fn agree(ticked: bool) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let origin = ask.origin.clone();
        let agreed = agent::agree(&ask.cabinet, borrower, ticked, &origin).await;
        ask.settle("agent", &[], agreed).await?;
        go("/agent");
        Ok(())
    }

    pub async fn payout([amount, name, account, bic]: [String; 4]) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let asked = Asked {
            amount: amount.clone(),
            name: name.clone(),
            account: account.clone(),
            bic: bic.clone(),
        };
        let done = agent::ask(&ask.cabinet, borrower, asked).await;
        let kept = [
            ("amount", amount.as_str()),
            ("name", name.as_str()),
            ("account", account.as_str()),
            ("bic", bic.as_str()),
        ];
        ask.settle("agent-payout", &kept, done).await?;
        say("agent-payout-asked");
        go("/agent/payouts");
        Ok(())
    }
}
