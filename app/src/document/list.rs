//! `/documents`: every document of a borrower with its date and its file, statements on request, all data at once.

use crate::request::address::query;
use cabinet::document::export::Export;
use cabinet::document::{self, DocumentKind, Listed};
use cabinet::loan::{self, LoanCard};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use crate::request::Ask;
use crate::ui::field::{FormError, TextField};
use crate::ui::page::page;
use crate::ui::waiting::clock;

/// The list of documents.
#[component]
pub fn DocumentsPage() -> impl IntoView {
    let made = query().get("made");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let w = ask.words;
        let loans = loan::list(&ask.cabinet, borrower).await?;
        let all = document::list(&ask.cabinet, borrower).await?;
        let (of_loans, others): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|one| one.loan.is_some() || one.kind == DocumentKind::Contract);
        let mut sections = Vec::new();
        for card in &loans {
            sections.push(of_loan(&ask, card, &of_loans, made.as_deref()).await);
        }
        let unissued: Vec<&Listed> = of_loans
            .iter()
            .filter(|one| {
                !loans
                    .iter()
                    .any(|card| card.number == one.number || one.loan == Some(card.id))
            })
            .collect();
        let rest: Vec<&Listed> = unissued.into_iter().chain(&others).collect();
        let rest = (!rest.is_empty()).then(|| {
            view! {
                <section class="card stack tight" id="other-documents">
                    <h2>{w.t("docs-others")}</h2>
                    {rows(&ask, &rest, None)}
                </section>
            }
        });
        let title = w.t("docs-title");
        Ok(view! {
            <Title text=title.clone()/>
            <div class="page two">
                <div class="stack">
                    <div class="stack tight">
                        <h1>{title}</h1>
                        <p class="quiet">{w.t("docs-lead")}</p>
                    </div>
                    {sections}
                    {rest}
                </div>
                <aside class="stack">
                    {everything(w)}
                    <section class="card stack tight">
                        <h2>{w.t("docs-public")}</h2>
                        <p><a href="/public">{w.t("docs-public-link")}</a></p>
                        <p><a href="/verify">{w.t("verify-title")}</a></p>
                    </section>
                </aside>
            </div>
        }
        .into_any())
    })
}

/// A loan's papers, and the forms that write new ones.
async fn of_loan(ask: &Ask, card: &LoanCard, all: &[Listed], made: Option<&str>) -> AnyView {
    let w = ask.words;
    let own: Vec<&Listed> = all
        .iter()
        .filter(|one| {
            one.loan == Some(card.id) || (one.loan.is_none() && one.number == card.number)
        })
        .collect();
    let title = t!(w, "docs-of-loan", number = &card.number);
    let start = own.iter().map(|one| one.at).min();
    let from = start.map(|at| ask.cabinet.business_date(at).to_string());
    let today = ask.cabinet.today().to_string();
    let (section, loan, again) = (
        card.id.to_string(),
        card.id.to_string(),
        card.id.to_string(),
    );
    let statement = ask.form(&format!("document:statement:{loan}")).await;
    let debt = ask.form(&format!("document:debt:{loan}")).await;
    let (open_statement, open_debt) = (statement.has_errors(), debt.has_errors());
    view! {
        <section class="card stack" data-loan=section>
            <h2>{title}</h2>
            {rows(ask, &own, made)}
            <details open=open_statement>
                <summary>{w.t("docs-statement")}</summary>
                // A plain form: nothing here is worth a script.
                <form class="stack tight" method="post" action="/api/v1/document/issue" data-issue="statement">
                    <FormError form=statement.clone()/>
                    <input type="hidden" name="loan" value=again/>
                    <input type="hidden" name="kind" value="statement"/>
                    <TextField form=statement.clone() name="from" kind="date" label=w.t("docs-from")
                        value=from.unwrap_or_else(|| today.clone())/>
                    <TextField form=statement name="to" kind="date" label=w.t("docs-to") value=today.clone()/>
                    <button class="button second" type="submit">{w.t("docs-write")}</button>
                </form>
            </details>
            <details open=open_debt>
                <summary>{w.t("docs-debt")}</summary>
                <form class="stack tight" method="post" action="/api/v1/document/issue" data-issue="debt">
                    <FormError form=debt.clone()/>
                    <input type="hidden" name="loan" value=loan/>
                    <input type="hidden" name="kind" value="debt"/>
                    <TextField form=debt name="on" kind="date" label=w.t("docs-on") value=today/>
                    <button class="button second" type="submit">{w.t("docs-write")}</button>
                </form>
            </details>
        </section>
    }
    .into_any()
}

fn rows(ask: &Ask, documents: &[&Listed], made: Option<&str>) -> AnyView {
    let list = documents
        .iter()
        .map(|one| row(ask, one, made == Some(one.object.as_str())))
        .collect_view();
    view! { <ul class="plain stack tight">{list}</ul> }.into_any()
}

fn row(ask: &Ask, one: &Listed, new: bool) -> AnyView {
    let w = ask.words;
    let title = match one.legal {
        Some(legal) => document::legal(&ask.cabinet, legal, w.lang).title,
        None => w.t(&one.kind.title_key()),
    };
    let number = (!one.number.is_empty()).then(|| format!(" № {}", one.number));
    let href = format!("/files/{}/{}", one.kind.code(), one.object);
    let new = new.then(|| view! { <b class="small" id="made">{w.t("docs-made")}</b> });
    view! {
        <li class="row" data-document=one.kind.code()>
            <span>
                <a href=href download="">{title}{number}</a>
                <br/><span class="small num">{clock(ask, one.at)}</span>
            </span>
            <span class="small">{new}" PDF"</span>
        </li>
    }
    .into_any()
}

/// Everything that is kept of a person, to take along.
fn everything(w: Words) -> AnyView {
    let tables = Export::tables()
        .into_iter()
        .map(|table| {
            let title = w.t(&format!("docs-table-{}", table.replace('_', "-")));
            view! { <li><a href=format!("/export/{table}.csv") download="">{title}</a></li> }
        })
        .collect_view();
    view! {
        <section class="card stack tight" id="export">
            <h2>{w.t("docs-export")}</h2>
            <p class="quiet">{w.t("docs-export-lead")}</p>
            <p><a href="/export/all.json" download="">{w.t("docs-export-json")}</a></p>
            <details>
                <summary>{w.t("docs-export-tables")}</summary>
                <ul class="plain stack tight">
                    {tables}
                    <li><a href="/export/schema.json">{w.t("docs-export-schema")}</a></li>
                </ul>
            </details>
        </section>
    }
    .into_any()
}
