//! `/loans/{id}/pay`: how much to pay, with nothing on top.

use crate::request::address::{path_part, query};
use cabinet::ids::{BorrowerId, LoanId};
use cabinet::lender::WayKind;
use cabinet::loan::{self, LoanView};
use cabinet::payment::{PaymentView, Purpose};
use cabinet::payout::{self, CardStatus, CardView, PayoutKind};
use cabinet::ports::PayMethod;
use cabinet::values::RuDate;
use lending::{Kopecks, Status};
use leptos::prelude::*;
use locales::t;

use super::forms::PayForm;
use super::transfer::figure;
use super::truth::not_paid_form;
use crate::bonus;
use crate::lender::{requisites, ways};
use crate::loan::debt::zone;
use crate::payout::ways::title;
use crate::request::{Ask, id};
use crate::ui::choice::{Way, WaysField};
use crate::ui::field::{ChoiceField, FormError, FormState, TextField};
use crate::ui::format::day_month;
use crate::ui::money::{MoneyField, typed};
use crate::ui::page::{Narrow, PageResult, Stop, page};
use crate::ui::sums::SumLine;
use crate::ui::waiting::clock;

/// The form of a payment, or the unfinished payment that stands before it.
#[component]
pub fn PayPage() -> impl IntoView {
    let loan = path_part("id");
    let query = query();
    let what = query.get("what").unwrap_or_default();
    // Whoever comes from a payment that failed, tries the same sum again.
    let again = query
        .get("amount")
        .and_then(|sum| Kopecks::parse(&sum).ok());
    let on = query.get("on").and_then(|on| RuDate::parse(&on));
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let view = loan::view(&ask.cabinet, borrower, loan, None).await?;
        if view.state.status == Status::Closed {
            return Err(Stop::Go(format!("/loans/{loan}")));
        }
        let w = ask.words;
        let lead = t!(w, "pay-lead", number = &view.number);
        if !ask.cabinet.lender().payment.in_cabinet() {
            return outside(&ask, borrower, &view, on).await;
        }
        // A prolongation's price is paid apart from the debt and does not stand in its way.
        let open = view.open_payment.as_ref();
        let body = match open.filter(|payment| payment.purpose == Purpose::Debt) {
            Some(payment) => unfinished(&ask, payment).await,
            None => form(&ask, borrower, &view, &what, again).await,
        };
        let bonuses = bonus::card::beside(&ask, borrower, loan, "pay").await?;
        Ok(view! {
            <Narrow title=w.t("pay-title") lead=lead>
                {body}
                {bonuses}
                {other_ways(&ask, loan)}
                <p><a href=format!("/loans/{loan}")>{w.t("pay-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// Nothing is paid here: the reference, the exact sum for a date, and the steps of the ways there are.
async fn outside(
    ask: &Ask,
    borrower: BorrowerId,
    loan: &LoanView,
    on: Option<RuDate>,
) -> PageResult {
    let w = ask.words;
    let on = on.map(|date| date.0).filter(|on| *on >= loan.today);
    let there = match on {
        Some(_) => loan::view(&ask.cabinet, borrower, loan.id, on).await?.state,
        None => loan.state.clone(),
    };
    let (number, here) = (loan.number.clone(), format!("/loans/{}/pay", loan.id));
    let sum = t!(w, "pay-outside-sum", date = day_month(w, there.on));
    let (kopecks, payoff) = (there.payoff.get().to_string(), there.payoff.to_string());
    let next = there.next_payment.filter(|_| there.schedule.len() > 1);
    let next = next.map(|(date, sum)| {
        let label = t!(w, "pay-outside-next", date = day_month(w, date));
        let kopecks = sum.get().to_string();
        view! { <div><dt>{label}</dt><dd id="next" data-kopecks=kopecks>{sum.to_string()}</dd></div> }
    });
    let lender = ask.cabinet.lender();
    let (ways, account) = (ways(w, lender), requisites(w, lender, Some(number.clone())));
    let code = figure(ask, &loan.number, there.payoff);
    let (date, back) = (there.on.to_string(), format!("/loans/{}", loan.id));
    Ok(view! {
        <Narrow title=w.t("pay-outside-title") lead=w.t("pay-outside-what")>
            <dl class="sums" id="outside" data-date=date.clone()>
                <div><dt>{w.t("pay-outside-reference")}</dt><dd id="reference">{number}</dd></div>
                <div><dt>{sum}</dt><dd id="payoff" data-kopecks=kopecks>{payoff}</dd></div>
                {next}
            </dl>
            <form class="stack tight" method="get" action=here id="date-form">
                <TextField form=FormState::default() name="on" label=w.t("pay-outside-date")
                    kind="date" value=date/>
                <button class="button second" type="submit">{w.t("loan-date-show")}</button>
            </form>
            {code}
            {ways}
            {account}
            <p class="quiet">{w.t("pay-outside-posted")}</p>
            <p><a href=back>{w.t("pay-back")}</a></p>
        </Narrow>
    }
    .into_any())
}

/// One unfinished payment at a time: a second one could charge the card twice.
async fn unfinished(ask: &Ask, payment: &PaymentView) -> AnyView {
    let w = ask.words;
    let sum = payment.amount.to_string();
    let at = clock(ask, payment.created_at);
    let proceed = payment.continue_url.clone().map(|url| {
        view! { <a class="button wide" id="continue" href=url>{w.t("pay-continue")}</a> }
    });
    view! {
        <div class="stack" id="unfinished" data-payment=payment.id.to_string()>
            <p class="note">{t!(w, "pay-unfinished", sum = sum, at = at)}</p>
            {proceed}
            <a class="button second wide" href=format!("/payments/{}", payment.id)>{w.t("pay-see")}</a>
            {not_paid_form(ask, payment.id).await}
        </div>
    }
    .into_any()
}

async fn form(
    ask: &Ask,
    borrower: BorrowerId,
    loan: &LoanView,
    what: &str,
    again: Option<Kopecks>,
) -> AnyView {
    let w = ask.words;
    let mut form = ask.form(&format!("pay:{}", loan.id)).await;
    let by_balance = ask.cabinet.lender().payment.by_balance();
    let payoff = loan.state.payoff;
    let next = loan
        .state
        .next_payment
        .filter(|_| loan.state.schedule.len() > 1);
    if !form.values.contains_key("what") {
        let again = again.filter(|sum| sum.is_positive() && *sum < payoff);
        let part = what == "sum" || again.is_some();
        let chosen = match what {
            "top-up" if by_balance => "top-up",
            _ if part => "sum",
            _ => "payoff",
        };
        form.values.insert("what".to_owned(), chosen.to_owned());
        form.values
            .extend(again.map(|sum| ("amount".to_owned(), typed(sum))));
    }
    // Whoever pays by instalments mostly comes for the next one.
    if let Some((_, sum)) = next {
        form.values
            .entry("amount".to_owned())
            .or_insert_with(|| typed(sum));
    }
    let until = t!(
        w,
        "pay-until",
        date = day_month(w, loan.today),
        zone = zone(ask)
    );
    let key = ask.cabinet.ports().ids.uuid().to_string();
    let hint = t!(w, "pay-amount-hint", order = order(ask, loan));
    let id = loan.id.to_string();
    let choices = choices(ask, &form, payoff, until);
    let methods = methods(ask, &mut form);
    let cards = saved_cards(ask, borrower, &mut form).await;
    let commission = commission(ask, payoff);
    view! {
        <PayForm class="stack">
            <FormError form=form.clone()/>
            <input type="hidden" name="loan" value=id/>
            <input type="hidden" name="key" value=key/>
            {choices}
            <MoneyField form=form name="amount" label=w.t("pay-amount") hint=hint/>
            {methods}
            {cards}
            <dl class="sums">
                {commission}
            </dl>
            <button class="button wide" id="pay" type="submit">{w.t("pay-go")}</button>
            <p class="small">{w.t("pay-go-what")}</p>
        </PayForm>
    }
    .into_any()
}

/// What paying a sum here costs on top, by the lender's file: said before anything is confirmed.
pub fn commission(ask: &Ask, sum: Kopecks) -> AnyView {
    let sum = ask.cabinet.lender().payment.commission(sum);
    let label = ask.words.t("pay-commission");
    view! { <SumLine id="commission" label sum/> }.into_any()
}

fn choices(ask: &Ask, form: &FormState, payoff: Kopecks, until: String) -> AnyView {
    let w = ask.words;
    let mut ways = vec![
        Way {
            value: "payoff",
            mark: Some("payoff"),
            title: w.t("pay-payoff"),
            sum: Some(payoff),
            why: until,
        },
        Way {
            value: "sum",
            mark: None,
            title: w.t("pay-sum"),
            sum: None,
            why: w.t("pay-sum-what"),
        },
    ];
    if ask.cabinet.lender().payment.by_balance() {
        ways.push(Way {
            value: "top-up",
            title: w.t("pay-top-up"),
            why: w.t("pay-top-up-what"),
            ..Way::default()
        });
    }
    view! { <WaysField form=form.clone() name="what" label=w.t("pay-what") ways/> }.into_any()
}

/// Ways besides this form: a transfer by the number or the code, and somebody else's hand.
fn other_ways(ask: &Ask, loan: LoanId) -> AnyView {
    let w = ask.words;
    let mut kinds = ask.cabinet.lender().payment.ways.iter();
    let transfer = kinds.any(|way| way.kind == WayKind::Transfer);
    let transfer = transfer.then(|| {
        let href = format!("/loans/{loan}/transfer");
        view! { <p><a id="to-transfer" href=href>{w.t("pay-by-transfer")}</a></p> }
    });
    let href = format!("/loans/{loan}/link");
    view! {
        {transfer}
        <p><a id="to-link" href=href>{w.t("pay-by-other")}</a></p>
    }
    .into_any()
}

/// With what to pay; one way is not asked about.
pub fn methods(ask: &Ask, form: &mut FormState) -> Option<AnyView> {
    let w = ask.words;
    let methods = ask.cabinet.lender().payment.methods();
    let first = methods.first()?.code();
    form.values
        .entry("method".to_owned())
        .or_insert_with(|| first.to_owned());
    if methods.len() == 1 {
        return Some(view! { <input type="hidden" name="method" value=first/> }.into_any());
    }
    let ways = methods
        .into_iter()
        .map(|method| {
            let (value, key) = match method {
                PayMethod::Card => ("card", "pay-by-card"),
                PayMethod::Sbp => ("sbp", "pay-by-sbp"),
                PayMethod::Wallet => ("wallet", "pay-by-wallet"),
            };
            Way {
                value,
                mark: None,
                title: w.t(key),
                sum: None,
                why: w.t(&format!("{key}-what")),
            }
        })
        .collect();
    let (form, label) = (form.clone(), w.t("pay-by"));
    Some(view! { <WaysField form name="method" label ways/> }.into_any())
}

/// The person's own cards, charged here at once; a new card is typed on the bank's page.
async fn saved_cards(ask: &Ask, borrower: BorrowerId, form: &mut FormState) -> Option<AnyView> {
    let w = ask.words;
    if !ask
        .cabinet
        .lender()
        .payment
        .methods()
        .contains(&PayMethod::Card)
    {
        return None;
    }
    let cards = payout::cards(&ask.cabinet, borrower)
        .await
        .unwrap_or_default();
    let chargeable =
        |card: &CardView| card.kind == PayoutKind::Card && card.status == CardStatus::Active;
    let mut options: Vec<(String, String)> = cards
        .iter()
        .filter(|card| chargeable(card))
        .map(|card| {
            let title = title(w, card);
            (card.id.to_string(), t!(w, "pay-saved", card = title))
        })
        .collect();
    if options.is_empty() {
        return None;
    }
    options.insert(0, ("other".to_owned(), w.t("pay-new-card")));
    form.values
        .entry("card".to_owned())
        .or_insert_with(|| "other".to_owned());
    let (form, label) = (form.clone(), w.t("pay-which-card"));
    Some(view! { <ChoiceField form name="card" label options/> }.into_any())
}

/// In what order a payment is taken, as far as there is anything to take.
fn order(ask: &Ask, loan: &LoanView) -> String {
    let w = ask.words;
    let state = &loan.state;
    let claims = [
        ("pay-order-overdue-interest", state.overdue_interest),
        ("pay-order-overdue-principal", state.overdue_principal),
        ("pay-order-penalty", state.penalty),
        (
            "pay-order-interest",
            state.interest.less(state.overdue_interest),
        ),
        (
            "pay-order-principal",
            state.principal.less(state.overdue_principal),
        ),
    ];
    let order: Vec<String> = claims
        .iter()
        .filter(|(_, sum)| sum.is_positive())
        .map(|(key, _)| w.t(key))
        .collect();
    order.join(", ")
}
