//! `/application`: where the application stands, since when, and why.

use cabinet::application::{self, AppStatus, ApplicationView};
use cabinet::upload::{self, Kind, Owner};
use lending::{IncomeBasis, Pdn, ProductKind};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::t;

use crate::agent::note;
use crate::lender::hours;
use crate::person::{pictures, upload_form};
use crate::request::Ask;
use crate::ui::format::{by_weekday, days, unbroken};
use crate::ui::page::{Stop, page};
use crate::ui::timeline::{Step, Tense, Timeline};
use crate::ui::waiting::{clock, waiting};

/// The application's page.
#[component]
pub fn StatusPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let Some(view) = application::latest(&ask.cabinet, borrower).await? else {
            return Err(Stop::Go("/".to_owned()));
        };
        if view.status == AppStatus::Draft {
            return Err(Stop::Go("/apply/review".to_owned()));
        }
        let w = ask.words;
        let papers = papers(&ask, &view).await?;
        let brought = note::seen(&ask).await;
        let asked = t!(
            w,
            "status-asked",
            amount = view.amount.to_string(),
            term = term(&ask, &view)
        );
        Ok(view! {
            <Title text=w.t("status-title")/>
            <div class="page two">
                <section class="card stack" id="application" data-status=code(view.status)>
                    <p class="quiet">{asked}</p>
                    {answer(&ask, &view)}
                    {view.pdn.map(|pdn| burden(&ask, pdn))}
                    {papers}
                </section>
                <aside class="stack">
                    <section class="card stack">
                        <h2>{w.t("status-way")}</h2>
                        {way(&ask, &view)}
                    </section>
                    {brought}
                </aside>
            </div>
        }
        .into_any())
    })
}

/// «30 дней» or «8 платежей», as the product counts.
pub fn term(ask: &Ask, view: &ApplicationView) -> String {
    let product = ask.cabinet.lender().product(&view.product);
    let in_days = product.is_none_or(|product| {
        matches!(
            product.terms.kind,
            ProductKind::Bullet | ProductKind::Special
        )
    });
    if in_days {
        days(ask.words, view.term)
    } else {
        t!(ask.words, "count-payments", count = view.term)
    }
}

/// The stable name of a status: for tests and for the catalogue's keys.
pub const fn code(status: AppStatus) -> &'static str {
    match status {
        AppStatus::Draft => "draft",
        AppStatus::Filed => "filed",
        AppStatus::Checking => "checking",
        AppStatus::Approved => "approved",
        AppStatus::Refused => "refused",
        AppStatus::Specialist => "specialist",
        AppStatus::Expired => "expired",
        AppStatus::Cancelled => "cancelled",
    }
}

fn answer(ask: &Ask, view: &ApplicationView) -> AnyView {
    let w = ask.words;
    match view.status {
        AppStatus::Draft | AppStatus::Filed | AppStatus::Checking => {
            let since = view.events.last().map_or_else(|| ask.cabinet.now(), |(_, at)| *at);
            let name = code(view.status);
            let (title, what) = (w.t(&format!("status-{name}-title")), w.t(&format!("status-{name}-what")));
            view! {
                <div role="status">{waiting(ask, title, what, since, w.t("status-checking-next"))}</div>
            }
            .into_any()
        }
        AppStatus::Approved => approved(ask, view),
        AppStatus::Refused => refused(ask, view),
        AppStatus::Specialist => view! {
            <h1 class="h2">{w.t("status-specialist-title")}</h1>
            <p>{w.t("status-specialist-what")}</p>
            <p class="quiet">{t!(w, "status-specialist-next", hours = hours(w, &ask.cabinet.lender().help.hours))}</p>
            <p class="hash">{w.t("status-number")}" "<span id="application-number">{view.id.to_string()}</span></p>
        }
        .into_any(),
        AppStatus::Expired | AppStatus::Cancelled => {
            let name = code(view.status);
            view! {
                <h1 class="h2">{w.t(&format!("status-{name}-title"))}</h1>
                <p>{w.t(&format!("status-{name}-what"))}</p>
                <a class="button wide" href="/">{w.t("status-again")}</a>
            }
            .into_any()
        }
    }
}

/// Papers that a specialist asked for, and, while a person decides or after a refusal, those of an income above the
/// average that was counted. They are sent from here: a cabinet that opens on approval has no other page yet.
async fn papers(ask: &Ask, view: &ApplicationView) -> Result<Option<AnyView>, Stop> {
    let asked = match view.status {
        AppStatus::Specialist => application::papers_asked(&ask.cabinet, view.id).await?,
        AppStatus::Refused => Vec::new(),
        _ => return Ok(None),
    };
    let average = |pdn: Pdn| pdn.warn && pdn.basis == IncomeBasis::RegionalAverage;
    let income = view.pdn.is_some_and(average);
    if asked.is_empty() && !income {
        return Ok(None);
    }
    let w = ask.words;
    let lines = asked
        .iter()
        .map(|paper| view! { <p>{t!(w, "status-paper-asked", what = &paper.what)}</p> })
        .collect_view();
    let kinds: &[Kind] = if asked.is_empty() {
        &[Kind::Income]
    } else {
        &[
            Kind::Evidence,
            Kind::Income,
            Kind::PassportMain,
            Kind::PassportAddress,
        ]
    };
    let sent = upload::list(&ask.cabinet, Owner::Borrower(ask.borrower()?)).await?;
    let sent = (!sent.is_empty()).then(|| pictures(ask, &sent, false));
    let form = ask.form("upload").await;
    Ok(Some(
        view! {
            <section class="stack" id="papers-asked" data-income=income.to_string()>
                <div class="note plain stack tight">
                    {lines}
                    {income.then(|| view! { <p id="prove-income">{w.t("status-income")}</p> })}
                </div>
                {sent}
                {upload_form(w, form, kinds, "/application")}
            </section>
        }
        .into_any(),
    ))
}

fn approved(ask: &Ask, view: &ApplicationView) -> AnyView {
    let w = ask.words;
    let link = match (view.loan, view.contract) {
        (Some(loan), _) => {
            let href = format!("/loans/{loan}");
            view! { <a class="button wide" id="to-loan" href=href>{w.t("status-to-loan")}</a> }
                .into_any()
        }
        (None, Some(contract)) => {
            let href = format!("/offer/{contract}");
            view! { <a class="button wide" id="to-offer" href=href>{w.t("status-to-offer")}</a> }
                .into_any()
        }
        (None, None) => ().into_any(),
    };
    view! {
        <h1 class="h2">{w.t("status-approved-title")}</h1>
        <p>{w.t(if view.loan.is_some() { "status-issued-what" } else { "status-approved-what" })}</p>
        {link}
    }
    .into_any()
}

/// Why an application was refused, rule by rule, and from when another may be made.
pub fn reasons(ask: &Ask, view: &ApplicationView) -> AnyView {
    let w = ask.words;
    let rules = view
        .refusal
        .iter()
        .map(|rule| {
            let key = format!("status-rule-{}", rule.code.replace('_', "-"));
            let text = if w.has(&key) { w.t(&key) } else { w.t("status-rule-other") };
            let basis = format!("status-basis-{}", rule.code.replace('_', "-"));
            let basis = if w.has(&basis) { w.t(&basis) } else { rule.reference.clone() };
            let reference = t!(w, "status-rule-reference", reference = basis);
            view! { <li data-rule=rule.code.clone()><span>{text}<br/><span class="small">{reference}</span></span></li> }
        })
        .collect_view();
    let from = view.available_from.map(|from| {
        let text = t!(w, "status-refused-from", date = by_weekday(w, from));
        view! { <p id="available-from" data-date=from.to_string()>{text}</p> }
    });
    view! {
        <ul id="reasons">{rules}</ul>
        {from}
    }
    .into_any()
}

fn refused(ask: &Ask, view: &ApplicationView) -> AnyView {
    let w = ask.words;
    view! {
        <h1 class="h2">{w.t("status-refused-title")}</h1>
        <p>{w.t("status-refused-what")}</p>
        {reasons(ask, view)}
        <p><a id="refusal" href=format!("/files/refusal/{}", view.id) download="">{w.t("status-refused-paper")}</a></p>
        <p class="quiet">{t!(w, "status-refused-next", hotline = unbroken(&ask.cabinet.lender().hotline))}</p>
        <p><a href="/">{w.t("status-again")}</a></p>
    }
    .into_any()
}

/// The debt burden and, above a half, the warning the law wants before a contract is made (art. 5.1 of 353-ФЗ).
pub fn burden(ask: &Ask, pdn: Pdn) -> AnyView {
    let w = ask.words;
    let percent = format!(
        "{},{}\u{a0}%",
        pdn.percent_tenths / 10,
        pdn.percent_tenths % 10
    );
    let key = match pdn.basis {
        IncomeBasis::Proved => "status-pdn-proved",
        IncomeBasis::RegionalAverage => "status-pdn-region",
    };
    let (payments, income) = (pdn.payments.to_string(), pdn.income.to_string());
    let text = t!(
        w,
        key,
        percent = percent,
        payments = payments,
        income = income
    );
    let warning = pdn
        .warn
        .then(|| view! { <p class="note" id="pdn-warning">{w.t("status-pdn-warning")}</p> });
    view! {
        {warning}
        <p class="small" id="pdn" data-tenths=pdn.percent_tenths.to_string()>{text}</p>
    }
    .into_any()
}

/// What happened, with moments, and what is still to come.
fn way(ask: &Ask, view: &ApplicationView) -> AnyView {
    let w = ask.words;
    let coming: &[AppStatus] = match view.status {
        AppStatus::Filed => &[AppStatus::Checking],
        _ => &[],
    };
    let undecided = matches!(
        view.status,
        AppStatus::Filed | AppStatus::Checking | AppStatus::Specialist
    );
    let past = view
        .events
        .iter()
        .filter(|(status, _)| *status != AppStatus::Draft)
        .map(|(status, at)| Step {
            tense: Tense::Done,
            code: Some(code(*status)),
            text: w.t(&format!("status-step-{}", code(*status))),
            beside: clock(ask, *at),
        });
    let next = coming
        .iter()
        .map(|status| w.t(&format!("status-step-{}", code(*status))))
        .chain(undecided.then(|| w.t("status-step-decision")))
        .map(|text| Step {
            tense: Tense::Ahead,
            code: None,
            text,
            beside: String::new(),
        });
    let steps = past.chain(next).collect();
    view! { <Timeline steps/> }.into_any()
}
