//! `/payments/{id}`: paid, waiting, failed or not known; never an invitation to pay twice.

use crate::request::address::path_part;
use cabinet::ids::PaymentId;
use cabinet::payment::{self, PayStatus, PaymentView, Purpose};
use cabinet::ports::PayMethod;
use chrono::{DateTime, Utc};
use lending::Kopecks;
use leptos::prelude::*;
use locales::{Words, t};

use super::forms::NotPaidForm;
use super::qr;
use crate::loan::past::claim_key;
use crate::request::{Ask, id};
use crate::ui::field::FormError;
use crate::ui::format::BigMoney;
use crate::ui::page::{Narrow, page};
use crate::ui::state::{Kind, state_page};
use crate::ui::sums::SumLine;
use crate::ui::waiting::{clock, waiting_page};

/// What came of a payment.
#[component]
pub fn PaymentPage() -> impl IntoView {
    let payment = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let payment: PaymentId = id(&payment)?;
        let view = payment::view(&ask.cabinet, borrower, payment).await?;
        Ok(match view.status {
            PayStatus::Created | PayStatus::Waiting => waiting(&ask, &view).await,
            PayStatus::Unknown => unknown(&ask, &view),
            PayStatus::Succeeded => succeeded(&ask, &view),
            PayStatus::Failed => failed(&ask, &view),
            PayStatus::Abandoned => abandoned(&ask, &view),
        })
    })
}

/// The page's mark: which payment, in which state.
fn mark(view: &PaymentView, status: &'static str, inside: AnyView) -> AnyView {
    view! {
        <div class="stack" id="payment" data-status=status data-payment=view.id.to_string()
            data-kopecks=view.amount.get().to_string()>{inside}</div>
    }
    .into_any()
}

/// Where it is paid: the acquirer's page, or the bank's application with a QR for another device.
pub fn proceed(
    ask: &Ask,
    method: PayMethod,
    (sum, started): (Kopecks, DateTime<Utc>),
    url: String,
) -> AnyView {
    let w = ask.words;
    if method != PayMethod::Sbp {
        return view! { <a class="button wide" id="continue" href=url>{w.t("pay-continue")}</a> }
            .into_any();
    }
    let drawn = qr::drawing(&url, w.t("pay-sbp-qr"));
    let at = clock(ask, started + payment::PAGE_IS_OPEN);
    let until = t!(w, "pay-sbp-until", sum = sum.to_string(), at = at);
    view! {
        <a class="button wide" id="continue" href=url>{w.t("pay-sbp-open")}</a>
        <figure class="qr" id="qr">{drawn}<figcaption>{w.t("pay-sbp-scan")}</figcaption></figure>
        <p class="small" id="sbp-until">{until}</p>
    }
    .into_any()
}

fn back(w: Words, view: &PaymentView) -> AnyView {
    let href = format!("/loans/{}", view.loan);
    view! { <p><a id="to-loan" href=href>{w.t("pay-back")}</a></p> }.into_any()
}

async fn waiting(ask: &Ask, view: &PaymentView) -> AnyView {
    let w = ask.words;
    let proceed = view
        .continue_url
        .clone()
        .map(|url| proceed(ask, view.method, (view.amount, view.created_at), url));
    let inside = view! {
        <BigMoney sum=view.amount/>
        {proceed}
        {not_paid_form(ask, view.id).await}
        {back(w, view)}
    };
    let rest = mark(view, "waiting", inside.into_any());
    let (title, what) = (w.t("pay-waiting-title"), w.t("pay-waiting-what"));
    waiting_page(
        ask,
        title,
        what,
        view.created_at,
        w.t("pay-waiting-next"),
        rest,
    )
}

/// The acquirer's answer was lost. Nothing here may lead to a second charge.
fn unknown(ask: &Ask, view: &PaymentView) -> AnyView {
    let w = ask.words;
    let inside = view! { <BigMoney sum=view.amount/> {back(w, view)} };
    let rest = mark(view, "unknown", inside.into_any());
    let (title, what) = (w.t("pay-unknown-title"), w.t("pay-unknown-what"));
    waiting_page(
        ask,
        title,
        what,
        view.created_at,
        w.t("pay-unknown-next"),
        rest,
    )
}

fn succeeded(ask: &Ask, view: &PaymentView) -> AnyView {
    let w = ask.words;
    let when = view
        .taken_at
        .map(|at| t!(w, "pay-taken", at = clock(ask, at)));
    let card = view
        .card_title
        .as_ref()
        .map(|card| t!(w, "pay-card", card = card));
    let parts = view
        .parts
        .iter()
        .map(|part| {
            let title = w.t(&format!("{}-title", claim_key(part.claim)));
            view! { <SumLine label=title sum=part.amount/> }
        })
        .collect_view();
    let shown: Kopecks = view.parts.iter().map(|part| part.amount).sum();
    // What repaid no debt and is no surplus is the price of the service.
    let fee = view.amount.less(shown + view.overpaid);
    let fee = if view.topped_up { Kopecks::ZERO } else { fee };
    let onto = view
        .topped_up
        .then(|| view! { <p id="topped-up">{w.t("pay-topped-up")}</p> });
    let fee_is = match view.purpose {
        Purpose::Service => "pay-service",
        Purpose::Debt | Purpose::Prolongation => "pay-fee",
    };
    let fee = fee
        .is_positive()
        .then(|| view! { <SumLine label=w.t(fee_is) sum=fee/> });
    let surplus = view.overpaid.is_positive().then(|| {
        let sum = view.overpaid;
        let text = t!(w, "refund-surplus", sum = sum.to_string());
        let href = format!("/loans/{}/refund", view.loan);
        view! {
            <p class="note" id="surplus" data-kopecks=sum.get().to_string()>
                {text}" "<a id="to-refund" href=href>{w.t("refund-link")}</a>
            </p>
        }
    });
    let outcome = if view.closed_loan {
        let certificate = format!("/loans/{}/certificate", view.loan);
        view! {
            <p>{w.t("pay-closed")}</p>
            <a class="button wide" id="to-certificate" href=certificate>{w.t("loan-certificate")}</a>
        }
        .into_any()
    } else if view.purpose == Purpose::Prolongation {
        view! { <p>{w.t("pay-prolonged")}</p> }.into_any()
    } else if view.purpose == Purpose::Service {
        let services = format!("/loans/{}/services", view.loan);
        view! { <a class="button wide" id="to-services" href=services>{w.t("pay-to-services")}</a> }
            .into_any()
    } else {
        ().into_any()
    };
    let inside = view! {
        <BigMoney sum=view.amount/>
        <p class="quiet">{when}" "{card}</p>
        <dl class="sums" id="parts">{parts}{fee}</dl>
        {onto}
        {surplus}
        {outcome}
        {back(w, view)}
    };
    let lead = if view.topped_up {
        String::new()
    } else {
        w.t("pay-succeeded-lead")
    };
    let inside = mark(view, "succeeded", inside.into_any());
    state_page(Kind::Done, w.t("pay-succeeded-title"), lead, inside)
}

/// Where to try again: the debt's form with the same sum, or the prolongation whose price this was.
fn again(view: &PaymentView) -> String {
    match view.purpose {
        Purpose::Debt => format!("/loans/{}/pay?amount={}", view.loan, view.amount.plain()),
        Purpose::Service => format!("/loans/{}/services", view.loan),
        Purpose::Prolongation => {
            let days = view.days.map(|days| format!("?days={days}"));
            format!("/loans/{}/prolong{}", view.loan, days.unwrap_or_default())
        }
    }
}

fn failed(ask: &Ask, view: &PaymentView) -> AnyView {
    let w = ask.words;
    let inside = view! {
        <p>{w.t("pay-failed-what")}</p>
        <a class="button wide" id="again" href=again(view)>{w.t("pay-again")}</a>
        {back(w, view)}
    };
    let lead = t!(
        w,
        "pay-failed-lead",
        reason = reason_text(w, view.reason.as_deref())
    );
    let inside = mark(view, "failed", inside.into_any());
    state_page(Kind::Failed, w.t("pay-failed-title"), lead, inside)
}

fn abandoned(ask: &Ask, view: &PaymentView) -> AnyView {
    let w = ask.words;
    let inside = view! {
        <p>{w.t("pay-abandoned-what")}</p>
        <a class="button wide" id="again" href=again(view)>{w.t("pay-again")}</a>
        {back(w, view)}
    };
    let lead = t!(w, "pay-abandoned-lead", sum = view.amount.to_string());
    let inside = mark(view, "abandoned", inside.into_any());
    view! {
        <Narrow title=w.t("pay-abandoned-title") lead=lead>{inside}</Narrow>
    }
    .into_any()
}

/// The acquirer's reason in plain words; an unknown one is said to be the bank's refusal.
fn reason_text(w: Words, reason: Option<&str>) -> String {
    let key = format!(
        "pay-reason-{}",
        reason.unwrap_or("general").replace('_', "-")
    );
    if w.has(&key) {
        w.t(&key)
    } else {
        w.t("pay-reason-general")
    }
}

/// «I did not pay».
pub async fn not_paid_form(ask: &Ask, payment: PaymentId) -> AnyView {
    let w = ask.words;
    let form = ask.form(&format!("not-paid:{payment}")).await;
    view! {
        <NotPaidForm class="stack tight">
            <FormError form/>
            <input type="hidden" name="payment" value=payment.to_string()/>
            <button class="button second wide" id="not-paid" type="submit">{w.t("pay-not-paid")}</button>
            <p class="small">{w.t("pay-not-paid-what")}</p>
        </NotPaidForm>
    }
    .into_any()
}
