//! `/loans/{id}`: what is owed, why, what is more profitable, what has happened.

use crate::request::address::{path_part, query};
use cabinet::ids::{BorrowerId, LoanId};
use cabinet::loan::{self, LoanView};
use cabinet::values::RuDate;
use chrono::{NaiveDate, TimeDelta};
use lending::{LoanState, Status};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::t;

use super::{ahead, debt, drawing, past};
use crate::payment::balance;
use crate::pwa;
use crate::request::{Ask, id};
use crate::ui::field::FormState;
use crate::ui::format::long_date;
use crate::ui::page::page;

/// Nobody plans a microloan further ahead, and the cap has long been reached by then.
const FURTHEST_DAYS: i64 = 3 * 365;

/// The loan's page.
#[component]
pub fn LoanPage() -> impl IntoView {
    let loan = path_part("id");
    let asked = query().get("on").filter(|on| !on.trim().is_empty());
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let view = loan::view(&ask.cabinet, borrower, loan, None).await?;
        let w = ask.words;
        let main = if view.state.status == Status::Closed {
            debt::closed(&ask, &view)
        } else {
            let (state, form) = on_date(&ask, borrower, &view, asked).await?;
            let balance = balance::card(&ask, &view).await;
            view! {
                {debt::card(&ask, &view, &state, form)}
                {balance}
                {drawing::card(w, &view)}
                {ahead::fork(&ask, &view)}
            }
            .into_any()
        };
        Ok(view! {
            <Title text=t!(w, "loan-title", number = &view.number)/>
            <div class="page two" id="loan" data-status=debt::status_name(view.state.status)>
                <div class="stack">
                    <p class="small wide">{t!(w, "loan-number", number = &view.number, product = &view.product_title)}</p>
                    {main}
                </div>
                <aside class="stack">
                    {past::timeline(&ask, &view)}
                    {ahead::schedule(w, &view.state)}
                    {past::operations(&ask, &view)}
                    {pwa::cards(&ask, &view)}
                    {past::documents(&ask, &view)}
                    {past::reported(&ask, &view)}
                </aside>
            </div>
        }
        .into_any())
    })
}

/// The debt on the asked date, or today's with an error beside the field.
async fn on_date(
    ask: &Ask,
    borrower: BorrowerId,
    view: &LoanView,
    asked: Option<String>,
) -> cabinet::Result<(LoanState, FormState)> {
    let mut form = FormState::default();
    let Some(asked) = asked else {
        return Ok((view.state.clone(), form));
    };
    let start = view.terms.schedule.start;
    let end = view.today + TimeDelta::days(FURTHEST_DAYS);
    let on = RuDate::parse(&asked)
        .map(|date| date.0)
        .filter(|on| (start..=end).contains(on));
    match on {
        Some(on) if on == view.today => Ok((view.state.clone(), form)),
        Some(on) => {
            let there = loan::view(&ask.cabinet, borrower, view.id, Some(on)).await?;
            Ok((there.state, form))
        }
        None => {
            form.errors
                .insert("on".to_owned(), range_text(ask, start, end));
            Ok((view.state.clone(), form))
        }
    }
}

fn range_text(ask: &Ask, start: NaiveDate, end: NaiveDate) -> String {
    let text = |date: NaiveDate| long_date(ask.words, date);
    t!(
        ask.words,
        "loan-date-range",
        from = text(start),
        to = text(end)
    )
}
