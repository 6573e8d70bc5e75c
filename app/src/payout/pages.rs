//! Where the acquirer's page sends back after binding a card.

use crate::request::address::{path_part, query};
use cabinet::ids::{ContractId, InstrumentId};
use cabinet::payout::{self, CardStatus};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::request::{Ask, id};
use crate::ui::page::{Narrow, Stop, page};
use crate::ui::toast::say;
use crate::ui::waiting::waiting_page;

/// The last look at an application, where a lender wants the card before it is filed.
pub const REVIEW: &str = "/apply/review";

/// Where to read a binding, with the moment the person came back: the page then says since when it waits.
pub fn return_address(card: InstrumentId, to: &str, now: DateTime<Utc>) -> String {
    format!("/cards/{card}/return?to={to}&since={}", now.timestamp())
}

/// `/cards/{id}/return?to=`: reads the binding at the acquirer, then goes where the card was needed.
#[component]
pub fn CardReturnPage() -> impl IntoView {
    let card = path_part("id");
    let query = query();
    let to = query.get("to").unwrap_or_default();
    let since = query.get("since").and_then(|text| text.parse().ok());
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let card: InstrumentId = id(&card)?;
        let to = back(&to);
        let card = payout::finish_binding(&ask.cabinet, borrower, card).await?;
        let w = ask.words;
        match card.status {
            CardStatus::Active => {
                say("card-added");
                Err(Stop::Go(to))
            }
            CardStatus::Pending => {
                let rest =
                    view! { <p><a class="button second wide" href=to>{w.t("card-back")}</a></p> };
                let (title, what) = (w.t("card-waiting-title"), w.t("card-waiting-what"));
                let next = w.t("card-waiting-next");
                let since = since.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
                let since = since.unwrap_or_else(|| ask.cabinet.now());
                Ok(waiting_page(
                    &ask,
                    title,
                    what,
                    since,
                    next,
                    rest.into_any(),
                ))
            }
            CardStatus::Inactive => Ok(view! {
                <Narrow title=w.t("card-failed-title") lead=w.t("card-failed-lead")>
                    <p><a class="button wide" id="card-again" href=to>{w.t("card-again")}</a></p>
                </Narrow>
            }
            .into_any()),
        }
    })
}

/// Only an offer and the last look at an application ask for cards; anything else leads home.
pub(super) fn back(to: &str) -> String {
    if to == REVIEW {
        return REVIEW.to_owned();
    }
    let contract: Option<ContractId> = to
        .strip_prefix("/offer/")
        .and_then(|text| text.parse().ok());
    contract.map_or_else(
        || "/cabinet".to_owned(),
        |contract| format!("/offer/{contract}"),
    )
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn leads_only_to_an_offer_or_home() {
        let offer = "/offer/0191b5a4-0000-7000-8000-000000000001";
        assert_eq!(back(offer), offer);
        assert_eq!(back("/apply/review"), "/apply/review");
        for to in [
            "",
            "https://evil.example",
            "//evil.example",
            "/offer/../login",
            "/offer/1",
        ] {
            assert_eq!(back(to), "/cabinet", "{to}");
        }
    }
}
