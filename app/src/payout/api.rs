//! Server functions of the cards that receive money.

use leptos::prelude::*;

use crate::error::ApiError;

/// Starts binding a card on the acquirer's page; the person comes back to `return_to`.
#[server(prefix = "/api/v1", endpoint = "payout/add-card")]
pub async fn add_card(return_to: String) -> Result<(), ApiError> {
    ssr::add_card(return_to).await
}

/// Writes down another way than a card to receive the money: `way` is `account`, `sbp` or `wallet`.
#[server(prefix = "/api/v1", endpoint = "payout/add-tool")]
pub async fn add_tool(
    contract: String,
    way: String,
    account: Option<String>,
    bic: Option<String>,
    bank: Option<String>,
    wallet: Option<String>,
) -> Result<(), ApiError> {
    let text = Option::unwrap_or_default;
    let typed = [
        ("account", text(account)),
        ("bic", text(bic)),
        ("bank", text(bank)),
        ("wallet", text(wallet)),
    ];
    ssr::add_tool(contract, way, typed).await
}

/// Sends the money to another card after a payout that failed.
#[server(prefix = "/api/v1", endpoint = "payout/use-card")]
pub async fn use_card(contract: String, card: Option<String>) -> Result<(), ApiError> {
    ssr::use_card(contract, card).await
}

/// Sends a code that confirms a linked card before a repeat loan.
#[server(prefix = "/api/v1", endpoint = "payout/ask-card-code")]
pub async fn ask_card_code(card: String) -> Result<(), ApiError> {
    ssr::ask_card_code(card).await
}

/// Confirms the card by that code.
#[server(prefix = "/api/v1", endpoint = "payout/confirm-card")]
pub async fn confirm_card(card: String, code: Option<String>) -> Result<(), ApiError> {
    ssr::confirm_card(card, code.unwrap_or_default()).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::ids::{ContractId, InstrumentId};
    use cabinet::payout::NewTool;
    use cabinet::{CabinetError, application, payout};

    use super::super::pages::{REVIEW, back};
    use crate::error::ApiError;
    use crate::request::{Ask, go, go_pay, id};
    use crate::ui::toast::say;

    pub async fn add_card(return_to: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        // Only a page of ours that has cards on it: the address goes to the acquirer and comes back as a link.
        let back = back(&return_to);
        let started = payout::start_binding(&ask.cabinet, borrower, &back).await;
        let page = ask.settle("add-card", &[], started).await?;
        // A card that needs no confirmation is bound at once, and the answer is our own page.
        go_pay(&page);
        Ok(())
    }

    pub async fn ask_card_code(card: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let card: InstrumentId = id(&card).map_err(|error| ask.error(error))?;
        let sent = payout::ask_card_code(&ask.cabinet, borrower, card, ask.words.lang).await;
        let sent = ask.settle("card-code", &[], sent).await?;
        ask.remember(|who| who.code = Some(sent.code)).await?;
        go(REVIEW);
        Ok(())
    }

    pub async fn confirm_card(card: String, code: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let card: InstrumentId = id(&card).map_err(|error| ask.error(error))?;
        let confirmed = match ask.who().and_then(|who| who.code) {
            Some(sent) => payout::confirm_card(&ask.cabinet, borrower, card, (sent, &code)).await,
            None => Err(CabinetError::NotFound),
        };
        ask.settle("card-code", &[], confirmed).await?;
        ask.confirm().await?;
        go(REVIEW);
        Ok(())
    }

    pub async fn add_tool(
        contract: String,
        way: String,
        typed: [(&'static str, String); 4],
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let contract: ContractId = id(&contract).map_err(|error| ask.error(error))?;
        // The offer it is for is the asker's own, or there is none.
        application::offer(&ask.cabinet, borrower, contract)
            .await
            .map_err(|error| ask.error(error))?;
        let [account, bic, bank, wallet] = typed.clone().map(|(_, value)| value);
        let new = match way.as_str() {
            "account" => Ok(NewTool::Account { account, bic }),
            "sbp" => Ok(NewTool::Sbp { bank }),
            "wallet" => Ok(NewTool::Wallet { number: wallet }),
            _ => Err(CabinetError::field("way", "choose_one")),
        };
        let added = match new {
            Ok(new) => payout::add_tool(&ask.cabinet, borrower, new).await,
            Err(error) => Err(error),
        };
        let kept = typed
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        ask.settle(&format!("tool:{contract}"), &kept, added)
            .await?;
        say("tool-added");
        go(&format!("/offer/{contract}"));
        Ok(())
    }

    pub async fn use_card(contract: String, card: Option<String>) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let contract: ContractId = id(&contract).map_err(|error| ask.error(error))?;
        let card = card.unwrap_or_default();
        let used = match card.parse::<InstrumentId>() {
            Ok(card) => payout::use_card(&ask.cabinet, borrower, contract, card).await,
            Err(_) => Err(CabinetError::field("card", "card_needed")),
        };
        ask.settle(&format!("use-card:{contract}"), &[("card", &card)], used)
            .await?;
        go(&format!("/offer/{contract}"));
        Ok(())
    }
}
