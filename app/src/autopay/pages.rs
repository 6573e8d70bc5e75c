//! `/loans/{id}/autopay`: which card may be debited, for what, what comes next, and everything that was tried.

use crate::request::address::path_part;
use cabinet::autopay::{self, MandateStatus, MandateView, TryView, When};
use cabinet::ids::{BorrowerId, LoanId};
use cabinet::loan;
use cabinet::payment::PayStatus;
use cabinet::payout::{self, CardStatus, PayoutKind};
use lending::Status;
use leptos::prelude::*;
use locales::t;

use super::forms::{AgreeForm, ChangeForm};
use crate::request::{Ask, id};
use crate::ui::field::{ChoiceField, FormError, TextField, TickField};
use crate::ui::format::long_date;
use crate::ui::money::{MoneyField, typed};
use crate::ui::page::{Narrow, Stop, page};
use crate::ui::sums::TextLine;
use crate::ui::table::{CardTable, Cell, Row};
use crate::ui::waiting::clock;

/// The centre of a loan's autopay.
#[component]
pub fn AutopayPage() -> impl IntoView {
    let loan = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let view = loan::view(&ask.cabinet, borrower, loan, None).await?;
        let mandate = autopay::view(&ask.cabinet, borrower, loan).await?;
        let outside = !ask.cabinet.lender().payment.in_cabinet();
        if mandate.is_none() && (outside || view.state.status == Status::Closed) {
            return Err(Stop::Go(format!("/loans/{loan}")));
        }
        let w = ask.words;
        let lead = t!(w, "early-lead", number = &view.number);
        let lives = mandate
            .as_ref()
            .filter(|mandate| mandate.status != MandateStatus::Revoked);
        let body = match lives {
            Some(mandate) => standing(&ask, loan, mandate).await,
            None if view.state.status == Status::Closed => ().into_any(),
            None => {
                let sum = view
                    .state
                    .next_payment
                    .map_or(view.state.payoff, |next| next.1);
                form(&ask, borrower, loan, sum).await?
            }
        };
        let tries = mandate.map(|mandate| log(&ask, &mandate.tries));
        Ok(view! {
            <Narrow title=w.t("autopay-title") lead=lead>
                {body}
                {tries}
                <p><a href=format!("/loans/{loan}")>{w.t("pay-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// What is allowed now, the next debit, and the two buttons.
async fn standing(ask: &Ask, loan: LoanId, mandate: &MandateView) -> AnyView {
    let w = ask.words;
    let allowed = mandate.allowance;
    let name = match mandate.status {
        MandateStatus::Active => "active",
        MandateStatus::Paused => "paused",
        MandateStatus::Revoked => "revoked",
    };
    let next = match mandate.next {
        Some((on, sum)) => t!(
            w,
            "autopay-next",
            date = long_date(w, on),
            hour = allowed.hour,
            sum = sum.to_string()
        ),
        None => w.t("autopay-no-next"),
    };
    let when = match allowed.when {
        When::Before(0) => t!(w, "autopay-on-date", hour = allowed.hour),
        When::Before(days) => t!(w, "autopay-before-date", days = days, hour = allowed.hour),
        When::MonthDay(day) => t!(w, "autopay-on-day", day = day, hour = allowed.hour),
    };
    let form = ask.form(&format!("autopay:{loan}")).await;
    let (other, label) = if mandate.status == MandateStatus::Active {
        ("pause", w.t("autopay-pause"))
    } else {
        ("resume", w.t("autopay-resume"))
    };
    let (card, debit) = (mandate.card.clone(), allowed.cap_debit.to_string());
    let (month, loan) = (allowed.cap_month.to_string(), loan.to_string());
    let same = loan.clone();
    view! {
        <div class="stack" id="mandate" data-status=name>
            <p id="autopay-next"><b>{next}</b></p>
            <dl class="sums">
                <TextLine label=w.t("autopay-card") text=card/>
                <TextLine label=w.t("autopay-when") text=when/>
                <TextLine label=w.t("autopay-cap-debit") text=debit/>
                <TextLine label=w.t("autopay-cap-month") text=month/>
            </dl>
            <ChangeForm class="stack tight">
                <FormError form/>
                <input type="hidden" name="loan" value=loan/>
                <input type="hidden" name="what" value=other/>
                <button class="button second wide" id=other type="submit">{label}</button>
            </ChangeForm>
            <ChangeForm class="stack tight">
                <input type="hidden" name="loan" value=same/>
                <input type="hidden" name="what" value="revoke"/>
                <button class="button second wide" id="revoke" type="submit">{w.t("autopay-revoke")}</button>
                <p class="small">{w.t("autopay-revoke-what")}</p>
            </ChangeForm>
        </div>
    }
    .into_any()
}

/// Nothing is chosen or ticked beforehand.
async fn form(
    ask: &Ask,
    borrower: BorrowerId,
    loan: LoanId,
    sum: lending::Kopecks,
) -> cabinet::Result<AnyView> {
    let w = ask.words;
    let mut form = ask.form(&format!("autopay:{loan}")).await;
    for (name, usual) in [("rule", "due"), ("days_before", "0"), ("hour", "12")] {
        let value = || usual.to_owned();
        form.values.entry(name.to_owned()).or_insert_with(value);
    }
    for name in ["cap_debit", "cap_month"] {
        form.values
            .entry(name.to_owned())
            .or_insert_with(|| typed(sum));
    }
    let cards = payout::cards(&ask.cabinet, borrower).await?;
    let options: Vec<(String, String)> = cards
        .into_iter()
        .filter(|card| card.kind == PayoutKind::Card && card.status == CardStatus::Active)
        .map(|card| {
            (
                card.id.to_string(),
                format!("{} {}", card.brand, card.title),
            )
        })
        .collect();
    if options.is_empty() {
        return Ok(view! { <p class="note">{w.t("autopay-no-card")}</p> }.into_any());
    }
    let lender = ask.cabinet.lender().name.clone();
    let consent = t!(w, "autopay-consent", lender = lender);
    let loan = loan.to_string();
    let rules = vec![
        ("due".to_owned(), w.t("autopay-rule-due")),
        ("month".to_owned(), w.t("autopay-rule-month")),
    ];
    let ahead = if ask.cabinet.lender().payment.by_balance() {
        String::new()
    } else {
        w.t("autopay-ahead-hint")
    };
    Ok(view! {
        <p>{w.t("autopay-what")}</p>
        <AgreeForm class="stack">
            <FormError form=form.clone()/>
            <input type="hidden" name="loan" value=loan/>
            <ChoiceField form=form.clone() name="card" label=w.t("autopay-card") options/>
            <ChoiceField form=form.clone() name="rule" label=w.t("autopay-rule") options=rules hint=ahead/>
            <TextField form=form.clone() name="days_before" label=w.t("autopay-days") mode="numeric"
                hint=w.t("autopay-days-hint")/>
            <TextField form=form.clone() name="month_day" label=w.t("autopay-month-day") mode="numeric"
                hint=w.t("autopay-month-day-hint")/>
            <TextField form=form.clone() name="hour" label=w.t("autopay-hour") mode="numeric"/>
            <MoneyField form=form.clone() name="cap_debit" label=w.t("autopay-cap-debit") hint=w.t("autopay-cap-hint")/>
            <MoneyField form=form.clone() name="cap_month" label=w.t("autopay-cap-month")/>
            <TickField form name="consent">{consent}</TickField>
            <button class="button wide" id="agree" type="submit">{w.t("autopay-agree")}</button>
            <p class="small">{w.t("autopay-agree-what")}</p>
        </AgreeForm>
    }
    .into_any())
}

/// Every try, with what came of it.
fn log(ask: &Ask, tries: &[TryView]) -> AnyView {
    if tries.is_empty() {
        return ().into_any();
    }
    let w = ask.words;
    let columns = [
        "autopay-log-at",
        "autopay-log-sum",
        "autopay-log-for",
        "autopay-log-end",
    ];
    let columns = columns.into_iter().map(|key| w.t(key)).collect();
    let rows = tries
        .iter()
        .map(|one| {
            let (name, key) = match (one.status, one.reason.as_deref()) {
                (Some(PayStatus::Succeeded), _) => ("succeeded", "autopay-end-succeeded"),
                (Some(PayStatus::Failed), _) => ("failed", "autopay-end-failed"),
                (Some(_), _) => ("waiting", "autopay-end-waiting"),
                (None, Some("above_month")) => ("above", "autopay-end-above-month"),
                (None, _) => ("above", "autopay-end-above-debit"),
            };
            Row {
                status: Some(name),
                cells: vec![
                    Cell::Head(clock(ask, one.at)),
                    Cell::Sum(one.amount),
                    Cell::Text(long_date(w, one.due_on)),
                    Cell::Text(w.t(key)),
                ],
            }
        })
        .collect();
    view! {
        <section class="stack tight" id="tries">
            <h2>{w.t("autopay-log")}</h2>
            <CardTable columns rows/>
        </section>
    }
    .into_any()
}
