//! `/closing`: the end of the cabinet. What it costs is said first.

use cabinet::request::{self, Kind};
use leptos::prelude::*;
use locales::t;

use super::forms::ClosingForm;
use super::phone::request_card;
use crate::bonus;
use crate::request::Ask;
use crate::ui::field::{FormError, TickField};
use crate::ui::page::{Narrow, page};

/// Asking for the end of the cabinet.
#[component]
pub fn ClosingPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let w = ask.words;
        let latest = request::latest(&ask.cabinet, borrower).await?;
        let asked = latest.filter(|view| view.kind == Kind::Closing && view.state.is_under_way());
        if let Some(view) = asked {
            let card = request_card(&ask, &view, true);
            return Ok(view! { <div class="page">{card}</div> }.into_any());
        }
        let lender = ask.cabinet.lender();
        let own = lender.help.closing.costs.as_ref();
        let own = own.map(|text| {
            let text = text.of(w.lang).to_owned();
            view! { <li id="closing-own">{text}</li> }
        });
        let stands = request::closing_stands_in(&ask.cabinet, borrower).await?;
        let body = if let Some(code) = stands {
            let key = if code == "loan_open" {
                "closing-loan"
            } else {
                "closing-application"
            };
            view! { <p class="note" id="closing-stands">{w.t(key)}</p> }.into_any()
        } else {
            let form = ask.form("closing").await;
            view! {
                <ClosingForm class="stack">
                    <FormError form=form.clone()/>
                    <TickField form=form name="understood">{w.t("closing-understood")}</TickField>
                    <button class="button second wide" type="submit" id="close">
                        {w.t("closing-ask")}
                    </button>
                </ClosingForm>
            }
            .into_any()
        };
        let bonuses = bonus::card::at_stake(&ask, borrower).await?;
        Ok(view! {
            <Narrow title=w.t("closing-title") lead=t!(w, "closing-lead", lender = &lender.name)>
                <ul id="closing-costs">
                    {bonuses}
                    {own}
                    <li>{w.t("closing-cost-access")}</li>
                    <li>{w.t("closing-cost-records")}</li>
                    <li>{w.t("closing-cost-again")}</li>
                </ul>
                {body}
                <p><a href="/profile">{w.t("back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}
