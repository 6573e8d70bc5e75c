//! `/loans/{id}/refund`: what can be given back, by which card, and what became of it.

use crate::request::address::path_part;
use cabinet::ids::LoanId;
use cabinet::refund::{self, RefundStatus, RefundView, Refunds};
use cabinet::{CabinetError, loan};
use lending::Kopecks;
use leptos::prelude::*;
use locales::t;

use super::forms::RefundForm;
use crate::request::{Ask, id};
use crate::ui::field::FormError;
use crate::ui::format::{BigMoney, unbroken};
use crate::ui::page::{Narrow, page};
use crate::ui::table::{CardTable, Cell, Row};
use crate::ui::waiting::clock;

/// The surplus of a loan and its refunds.
#[component]
pub fn RefundPage() -> impl IntoView {
    let loan = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let number = loan::view(&ask.cabinet, borrower, loan, None).await?.number;
        let refunds = refund::view(&ask.cabinet, borrower, loan).await?;
        let w = ask.words;
        let lead = t!(w, "refund-lead", number = number);
        let asked = asking(&ask, loan, &refunds).await?;
        Ok(view! {
            <Narrow title=w.t("refund-title") lead=lead>
                <div class="stack" id="refund" data-kopecks=refunds.refundable.get().to_string()>
                    {asked}
                    {by_hand(&ask, refunds.by_hand)}
                    {list(&ask, &refunds.list)}
                </div>
                <p><a id="to-loan" href=format!("/loans/{loan}")>{w.t("pay-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// The sum and the one button; or that there is nothing to ask for.
async fn asking(ask: &Ask, loan: LoanId, refunds: &Refunds) -> Result<AnyView, CabinetError> {
    let w = ask.words;
    let sum = refunds.refundable;
    if !sum.is_positive() {
        let nothing = refunds.list.is_empty() && refunds.by_hand.is_zero();
        let text = nothing.then(|| view! { <p>{w.t("refund-nothing")}</p> });
        return Ok(text.into_any());
    }
    let form = ask.form(&format!("refund:{loan}")).await;
    let key = ask.cabinet.ports().ids.uuid().to_string();
    let when = if refunds.reviewed {
        let limit = ask.cabinet.lender().payment.refund_alone_up_to();
        t!(w, "refund-reviewed", limit = limit.to_string())
    } else {
        w.t("refund-when")
    };
    let go = t!(w, "refund-go", sum = sum.to_string());
    Ok(view! {
        <p class="quiet">{w.t("refund-sum")}</p>
        <BigMoney sum/>
        <p>{w.t("refund-where")}" "{when}</p>
        <RefundForm class="stack tight">
            <FormError form/>
            <input type="hidden" name="loan" value=loan.to_string()/>
            <input type="hidden" name="key" value=key/>
            <button class="button wide" id="give-back" type="submit">{go}</button>
        </RefundForm>
    }
    .into_any())
}

fn by_hand(ask: &Ask, sum: Kopecks) -> AnyView {
    let hotline = unbroken(&ask.cabinet.lender().hotline);
    let text = t!(
        ask.words,
        "refund-by-hand",
        sum = sum.to_string(),
        hotline = hotline
    );
    sum.is_positive()
        .then(|| view! { <p class="note" id="by-hand">{text}</p> })
        .into_any()
}

fn list(ask: &Ask, refunds: &[RefundView]) -> AnyView {
    if refunds.is_empty() {
        return ().into_any();
    }
    let w = ask.words;
    let columns = [
        "refund-date",
        "refund-how-much",
        "refund-to",
        "refund-state",
    ];
    let columns = columns.into_iter().map(|key| w.t(key)).collect();
    let rows = refunds.iter().map(|one| row(ask, one)).collect();
    let failed = refunds
        .first()
        .is_some_and(|one| one.status == RefundStatus::Failed);
    let trouble = failed.then(|| {
        let hotline = unbroken(&ask.cabinet.lender().hotline);
        view! { <p class="note">{t!(w, "refund-trouble", hotline = hotline)}</p> }
    });
    view! {
        {trouble}
        <section class="stack tight" id="refunds">
            <h2>{w.t("refund-list")}</h2>
            <CardTable columns rows/>
        </section>
    }
    .into_any()
}

fn row(ask: &Ask, one: &RefundView) -> Row {
    let w = ask.words;
    let (status, state) = match one.status {
        RefundStatus::Review => ("review", w.t("refund-state-review")),
        RefundStatus::Asked => ("asked", w.t("refund-state-asked")),
        RefundStatus::Sent => ("sent", w.t("refund-state-sent")),
        RefundStatus::Unknown => ("unknown", w.t("refund-state-unknown")),
        RefundStatus::Done => {
            let at = clock(ask, one.done_at.unwrap_or(one.asked_at));
            ("done", t!(w, "refund-state-done", at = at))
        }
        RefundStatus::Failed => ("failed", w.t("refund-state-failed")),
        RefundStatus::Declined => ("declined", w.t("refund-state-declined")),
    };
    Row {
        status: Some(status),
        cells: vec![
            Cell::Head(clock(ask, one.asked_at)),
            Cell::Sum(one.amount),
            Cell::Text(one.title.clone()),
            Cell::Text(state),
        ],
    }
}
