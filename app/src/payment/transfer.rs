//! `/loans/{id}/transfer`: a transfer from any bank, by the number that finds the loan in the
//! statement, or by the QR that fills in the whole of it.

use crate::request::address::{path_part, query};
use cabinet::ids::LoanId;
use cabinet::loan;
use cabinet::transfer::payload;
use cabinet::values::RuDate;
use lending::{Kopecks, Status};
use leptos::prelude::*;
use locales::t;

use super::qr;
use crate::lender::requisites;
use crate::request::{Ask, id};
use crate::ui::field::{FormState, TextField};
use crate::ui::format::day_month;
use crate::ui::page::{Narrow, Stop, page};

/// The drawing of a transfer, with what to do with it.
pub fn figure(ask: &Ask, number: &str, sum: Kopecks) -> AnyView {
    let w = ask.words;
    let text = payload(ask.cabinet.lender(), number, sum);
    let drawn = qr::drawing(&text, w.t("transfer-qr"));
    view! {
        <figure class="qr always" id="qr">{drawn}<figcaption>{w.t("transfer-scan")}</figcaption></figure>
    }
    .into_any()
}

/// The sum for a date, the code and the details.
#[component]
pub fn TransferPage() -> impl IntoView {
    let loan = path_part("id");
    let on = query().get("on");
    let on = on.and_then(|on| RuDate::parse(&on));
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let today = loan::view(&ask.cabinet, borrower, loan, None).await?;
        if today.state.status == Status::Closed {
            return Err(Stop::Go(format!("/loans/{loan}")));
        }
        let on = on.map(|date| date.0).filter(|on| *on > today.today);
        let view = match on {
            Some(_) => loan::view(&ask.cabinet, borrower, loan, on).await?,
            None => today,
        };
        let (w, number, payoff) = (ask.words, view.number.clone(), view.state.payoff);
        let date = view.state.on.to_string();
        let owed = t!(w, "pay-outside-sum", date = day_month(w, view.state.on));
        let (here, back) = (
            format!("/loans/{loan}/transfer"),
            format!("/loans/{loan}/pay"),
        );
        let account = requisites(w, ask.cabinet.lender(), Some(number.clone()));
        Ok(view! {
            <Narrow title=w.t("transfer-title") lead=w.t("transfer-lead")>
                <dl class="sums" id="transfer" data-date=date.clone()>
                    <div><dt>{w.t("pay-outside-reference")}</dt><dd id="reference">{number.clone()}</dd></div>
                    <div><dt>{owed}</dt><dd id="payoff" data-kopecks=payoff.get().to_string()>{payoff.to_string()}</dd></div>
                </dl>
                {figure(&ask, &number, payoff)}
                <form class="stack tight" method="get" action=here id="date-form">
                    <TextField form=FormState::default() name="on" label=w.t("pay-outside-date") kind="date" value=date/>
                    <button class="button second" type="submit">{w.t("loan-date-show")}</button>
                </form>
                {account}
                <p class="quiet">{w.t("pay-outside-posted")}</p>
                <p><a href=back>{w.t("transfer-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}
