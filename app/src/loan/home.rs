//! `/cabinet`: the loan that is open, the application under way, or the way to the calculator.

use cabinet::application::{self, AppStatus, ApplicationView};
use cabinet::ids::BorrowerId;
use cabinet::loan::{self, LoanCard};
use cabinet::person::Hold;
use cabinet::{profile, request};
use lending::Status;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::t;

use super::debt::{status_name, zone};
use crate::application::status::{code, reasons, term};
use crate::person::phone::request_card;
use crate::profile::pages::{asked_amount, step_page};
use crate::promotion::pages::home_card;
use crate::request::Ask;
use crate::ui::format::{BigMoney, by_weekday};
use crate::ui::page::page;
use crate::ui::state::{Kind, StateOf};
use crate::ui::waiting::{clock, look_again};
use crate::{bonus, draw};

/// The cabinet's first page.
#[component]
pub fn HomePage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loans = loan::list(&ask.cabinet, borrower).await?;
        let application = application::latest(&ask.cabinet, borrower).await?;
        let w = ask.words;
        let (closed, open): (Vec<LoanCard>, Vec<LoanCard>) = loans
            .into_iter()
            .partition(|loan| loan.status == Status::Closed);
        let under_way = application.filter(|application| {
            // What has become a loan is shown as the loan.
            application.loan.is_none()
                && !matches!(
                    application.status,
                    AppStatus::Expired | AppStatus::Cancelled
                )
        });
        // A second column only when there is something for it.
        let shape = if closed.is_empty() {
            "page"
        } else {
            "page two"
        };
        let nothing = open.is_empty() && under_way.is_none();
        let unopened = (ask.hold() == Hold::Unopened)
            .then(|| view! { <p class="note plain" id="unopened">{w.t("home-unopened")}</p> });
        let registering = if nothing {
            registration(&ask, borrower).await?
        } else {
            None
        };
        // Whoever did not ask for another phone must see at once that somebody did.
        let held = match ask.hold() {
            Hold::Free | Hold::Unopened => None,
            _ => request::latest(&ask.cabinet, borrower).await?,
        };
        let held = held.map(|view| request_card(&ask, &view, true));
        let offers = match ask.hold() {
            Hold::Free => home_card(&ask, borrower).await?,
            _ => None,
        };
        let draws = match ask.hold() {
            Hold::Free => draw::pages::home_card(&ask, borrower).await?,
            _ => None,
        };
        let bonuses = match ask.hold() {
            Hold::Unopened => None,
            _ => bonus::card::balance(&ask, borrower).await?,
        };
        let mut first = true;
        let open = open
            .iter()
            .map(|loan| open_loan(&ask, loan, std::mem::take(&mut first)))
            .collect_view();
        let under_way = under_way.map(|application| application_card(&ask, &application));
        Ok(view! {
            <Title text=w.t("home-title")/>
            <div class=shape id="home">
                <div class="stack narrow">
                    {held}
                    {unopened}
                    {open}
                    {under_way}
                    {registering}
                    {nothing.then(|| empty(&ask, closed.is_empty()))}
                    {offers}
                    {draws}
                    {bonuses}
                </div>
                {(!closed.is_empty()).then(|| closed_loans(&ask, &closed))}
            </div>
        }
        .into_any())
    })
}

/// Where registering comes first: its questionnaire, until it is filled.
async fn registration(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<AnyView>> {
    let Some(amount) = asked_amount(ask, borrower).await? else {
        return Ok(None);
    };
    let next = profile::load(&ask.cabinet, borrower, amount).await?.next;
    let w = ask.words;
    Ok(next.map(|step| {
        view! {
            <section class="card stack" id="registering">
                <h1 class="h2">{w.t("home-registering")}</h1>
                <p>{w.t("home-registering-lead")}</p>
                <a class="button wide" href=step_page(step)>{w.t("home-registering-go")}</a>
            </section>
        }
        .into_any()
    }))
}

/// A loan's card. Only the first one carries the marks that must be alone on a page.
fn open_loan(ask: &Ask, loan: &LoanCard, first: bool) -> AnyView {
    let w = ask.words;
    let mark = |id: &'static str| first.then_some(id);
    let figure = if first {
        view! { <BigMoney sum=loan.payoff id="debt"/> }.into_any()
    } else {
        view! { <BigMoney sum=loan.payoff/> }.into_any()
    };
    let here = format!("/loans/{}", loan.id);
    let late = loan.late;
    let due = t!(
        w,
        "loan-due",
        date = by_weekday(w, loan.due),
        zone = zone(ask)
    );
    let due = if late { w.t("home-late") } else { due };
    // Where nothing is paid in the cabinet, the page behind tells how.
    let sum = loan.payoff.to_string();
    let pay = if ask.cabinet.lender().payment.in_cabinet() {
        view! {
            <a class="button second wide" id=mark("payoff") href=format!("{here}/pay?what=payoff")>
                {t!(w, "loan-payoff", sum = sum)}
            </a>
        }
        .into_any()
    } else {
        view! {
            <a class="button second wide" id=mark("how-to-pay") href=format!("{here}/pay")>
                {t!(w, "loan-how-to-pay", sum = sum)}
            </a>
        }
        .into_any()
    };
    view! {
        <section class="card stack" id=mark("open-loan") data-status=status_name(loan.status)>
            <p class="small">{t!(w, "loan-number", number = &loan.number, product = &loan.product_title)}</p>
            <h1 class="h2">{w.t("home-debt")}</h1>
            {figure}
            <p class=if late { "note" } else { "quiet" } data-date=loan.due.to_string()>{due}</p>
            <a class="button wide" id=mark("to-loan") href=here.clone()>{w.t("home-to-loan")}</a>
            {pay}
        </section>
    }
    .into_any()
}

fn application_card(ask: &Ask, view: &ApplicationView) -> AnyView {
    let w = ask.words;
    let waits = matches!(view.status, AppStatus::Filed | AppStatus::Checking);
    let name = code(view.status);
    let asked = t!(
        w,
        "status-asked",
        amount = view.amount.to_string(),
        term = term(ask, view)
    );
    let since = view
        .events
        .last()
        .map(|(_, at)| t!(w, "waiting-since", at = clock(ask, *at)));
    let (href, label) = match (view.status, view.contract) {
        (AppStatus::Draft, _) => ("/apply/review".to_owned(), "home-continue"),
        (AppStatus::Approved, Some(contract)) => (format!("/offer/{contract}"), "status-to-offer"),
        _ => ("/application".to_owned(), "home-to-application"),
    };
    // A refusal's reason stands where the person looks first.
    let reasons = (view.status == AppStatus::Refused).then(|| reasons(ask, view));
    view! {
        {waits.then(|| look_again(5))}
        <section class="card stack" id="under-way" data-status=name>
            <h1 class="h2">{w.t(&format!("status-{name}-title"))}</h1>
            <p>{asked}</p>
            <p class="quiet">{since}</p>
            {reasons}
            <a class="button wide" id="to-application" href=href>{w.t(label)}</a>
        </section>
    }
    .into_any()
}

fn empty(ask: &Ask, newcomer: bool) -> AnyView {
    let w = ask.words;
    let lead = if newcomer {
        "home-empty-first"
    } else {
        "home-empty-again"
    };
    view! {
        <section class="card" id="empty">
            <StateOf kind=Kind::Empty title=w.t("home-empty-title") text=w.t(lead)>
                <a class="button wide" href="/">{w.t("home-calculator")}</a>
            </StateOf>
        </section>
    }
    .into_any()
}

fn closed_loans(ask: &Ask, loans: &[LoanCard]) -> AnyView {
    let w = ask.words;
    let rows = loans
        .iter()
        .map(|loan| {
            let here = format!("/loans/{}", loan.id);
            let paper = format!("{here}/certificate");
            let title = t!(
                w,
                "loan-number",
                number = &loan.number,
                product = &loan.product_title
            );
            view! {
                <div class="row" role="listitem">
                    <a href=here>{title}</a>
                    <a class="small" href=paper>{w.t("home-certificate")}</a>
                </div>
            }
        })
        .collect_view();
    view! {
        <aside class="card stack tight" id="closed-loans">
            <h2>{w.t("home-closed")}</h2>
            <div class="stack tight" role="list">{rows}</div>
        </aside>
    }
    .into_any()
}
