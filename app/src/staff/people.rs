//! `/staff/people`: a person found by a phone or a contract's number, their card masked by role, a loan of theirs.

use cabinet::Result;
use cabinet::diary::{self, Role};
use cabinet::ids::{BorrowerId, LoanId};
use cabinet::loan::LoanCard;
use cabinet::staff::{self, Action, Field, PersonView, SeenField};
use leptos::prelude::*;
use locales::{Words, t};

use super::parts::{ReasonField, form_of, named};
use super::routes::{Done, Sheet};
use super::{Desk, adjustments};
use crate::ui::field::{FormError, TextField};
use crate::ui::format::{day_month, long_date};
use crate::ui::sums::{SumLine, TextLine};
use crate::ui::table::{CardTable, Cell, Row};

/// The search. It is sent in the body: a phone in an address would stand in logs.
pub async fn search_page(desk: &Desk) -> Result<Sheet> {
    let (w, form) = (desk.words, desk.form.clone());
    let body = view! {
        <div class="page">
            <section class="card stack narrow">
                <h1 class="h2">{w.t("staff-nav-people")}</h1>
                <form class="stack" method="post" action="/staff/people/find" data-filter="">
                    <FormError form=form.clone()/>
                    <TextField form name="query" label=w.t("staff-person-query") hint=w.t("staff-person-query-hint")
                        complete="off" max=40/>
                    <button class="button" type="submit">{w.t("staff-person-find")}</button>
                </form>
                <p class="small">{w.t("staff-person-logged")}</p>
            </section>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-people"),
        body: body.into_any(),
    })
}

/// Finds somebody.
pub async fn find(desk: &Desk) -> Result<Done> {
    let found = staff::find_person(&desk.cabinet, desk.by()?, desk.text("query")).await;
    match found {
        Ok(found) => Ok(Done::Go(format!("/staff/people/{}", found.borrower), "")),
        Err(cabinet::CabinetError::NotFound) => {
            Err(cabinet::CabinetError::field("query", "staff_nobody"))
        }
        Err(other) => Err(other),
    }
}

/// A person's card.
pub async fn card_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let view = staff::person(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    let names = desk.names().await?;
    let who = view.fields.iter().find(|seen| seen.field == Field::Name);
    let title = who
        .and_then(|seen| seen.text.clone())
        .unwrap_or_else(|| w.t("staff-person"));
    let heading = title.clone();
    let late = (view.late > 0).then(|| {
        let count = i64::try_from(view.late).unwrap_or(i64::MAX);
        view! { <span class="badge bad">{t!(w, "staff-person-late", count = count)}</span> }
    });
    let fields = view
        .fields
        .iter()
        .map(|seen| field(desk, seen))
        .collect_view();
    let lines = view
        .diary
        .iter()
        .map(|line| {
            let who = match line.role {
                Role::Staff(id) => names.get(&id).cloned().unwrap_or_default(),
                Role::Own => w.t("staff-role-borrower"),
                Role::Program => w.t("diary-role-program"),
                Role::Bureau => w.t("diary-role-bureau"),
            };
            history(desk, line, who)
        })
        .collect_view();
    let body = view! {
        <div class="page two">
            <div class="stack">
                <section class="card stack" id="person">
                    <div class="row"><h1 class="h2">{heading}</h1>{late}</div>
                    <dl class="fields">{fields}</dl>
                    {opening(desk, &view)}
                </section>
                <section class="card stack" id="loans">
                    <h2>{w.t("staff-person-loans")}</h2>
                    {loans(w, view.borrower, &view.loans)}
                    {give_offer(desk, &view)}
                </section>
            </div>
            <aside class="stack">
                <section class="card stack" id="history">
                    <h2>{w.t("staff-person-history")}</h2>
                    <ul class="plain stack tight">{lines}</ul>
                </section>
            </aside>
        </div>
    };
    Ok(Sheet {
        title,
        body: body.into_any(),
    })
}

/// The way to give a personal offer, for those who may.
fn give_offer(desk: &Desk, view: &PersonView) -> Option<impl IntoView + use<>> {
    let may = desk.by().is_ok_and(|by| by.may(Action::ManagePromotions));
    let number = view.loans.first().filter(|_| may)?.number.clone();
    let to = format!("/staff/promotions?contract={number}#give");
    Some(view! { <p><a href=to id="give-offer">{desk.words.t("staff-give")}</a></p> })
}

fn field_name(w: Words, field: Field) -> String {
    w.t(&format!("staff-field-{}", field.code()))
}

fn field(desk: &Desk, seen: &SeenField) -> impl IntoView + use<> {
    let w = desk.words;
    let text = seen
        .text
        .clone()
        .unwrap_or_else(|| w.t("staff-field-untold"));
    let masked = seen.can_open.then(|| {
        view! { " "<span class="small">{w.t("staff-field-masked")}</span> }
    });
    view! {
        <div data-seen=seen.field.code()>
            <dt>{field_name(w, seen.field)}</dt>
            <dd>{text}{masked}</dd>
        </div>
    }
}

/// One form for all that can be opened: which field, and why.
fn opening(desk: &Desk, view: &PersonView) -> AnyView {
    let w = desk.words;
    let closed: Vec<Field> = view
        .fields
        .iter()
        .filter(|seen| seen.can_open)
        .map(|seen| seen.field)
        .collect();
    if closed.is_empty() {
        return ().into_any();
    }
    let form = form_of(desk, "open");
    let (kept, wrong) = (form.value("field"), form.has_errors());
    let options = closed
        .into_iter()
        .map(|field| {
            let selected = field.code() == kept;
            view! { <option value=field.code() selected=selected>{field_name(w, field)}</option> }
        })
        .collect_view();
    view! {
        <details open=wrong>
            <summary>{w.t("staff-field-open")}</summary>
            <form class="stack" method="post" action=format!("{}/open", desk.path) id="open">
                {named("open")}
                <FormError form=form.clone()/>
                <div class="field">
                    <label for="f-field">{w.t("staff-field-which")}</label>
                    <select id="f-field" name="field">{options}</select>
                </div>
                <ReasonField form name="reason" label=w.t("staff-reason") hint=w.t("staff-reason-hint")/>
                <button class="button" type="submit">{w.t("staff-open")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// Opens a field.
pub async fn open(desk: &Desk) -> Result<Done> {
    let field = Field::from_code(desk.text("field"));
    let field = field.ok_or(cabinet::CabinetError::NotFound)?;
    let id: BorrowerId = desk.id("id")?;
    staff::open_field(&desk.cabinet, desk.by()?, id, field, desk.text("reason")).await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-opened"))
}

fn history(desk: &Desk, line: &diary::Line, who: String) -> impl IntoView + use<> {
    let w = desk.words;
    let what = w.t(&format!("diary-what-{}", line.what.replace('_', "-")));
    view! {
        <li class="stack tight" data-what=line.what.clone()>
            <span class="small">{desk.moment(line.at)}" · "{who}</span>
            <span>{what}</span>
        </li>
    }
}

fn loans(w: Words, borrower: BorrowerId, cards: &[LoanCard]) -> AnyView {
    if cards.is_empty() {
        return view! { <p class="quiet">{w.t("staff-person-no-loans")}</p> }.into_any();
    }
    let rows = cards
        .iter()
        .map(|card| {
            let state = loan_state(w, card);
            let due = day_month(w, card.due);
            let bad = if card.late { "badge bad" } else { "badge" };
            view! {
                <tr data-loan=card.id.to_string()>
                    <th scope="row">
                        <a href=format!("/staff/people/{borrower}/loans/{}", card.id)>{card.number.clone()}</a>
                    </th>
                    <td data-label=w.t("staff-column-state")><span class=bad>{state}</span></td>
                    <td data-label=w.t("staff-column-due")>{due}</td>
                    <td class="num sum" data-label=w.t("staff-column-debt")>{card.payoff.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="cards">
            <thead><tr>
                <th scope="col">{w.t("staff-column-contract")}</th>
                <th scope="col">{w.t("staff-column-state")}</th>
                <th scope="col">{w.t("staff-column-due")}</th>
                <th scope="col">{w.t("staff-column-debt")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn loan_state(w: Words, card: &LoanCard) -> String {
    w.t(match card.status {
        lending::Status::Closed => "staff-loan-closed",
        _ if card.late => "staff-loan-late",
        _ => "staff-loan-open",
    })
}

/// A loan of a person: what is owed today and what was posted.
pub async fn loan_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let (borrower, id): (BorrowerId, LoanId) = (desk.id("id")?, desk.id("loan")?);
    let loan = staff::loan(&desk.cabinet, desk.by()?, borrower, id).await?;
    let title = t!(w, "staff-loan-title", number = &loan.number);
    let heading = title.clone();
    let columns = [
        "staff-column-what",
        "staff-column-day",
        "staff-column-amount",
    ];
    let rows = loan
        .operations
        .iter()
        .map(|operation| Row {
            status: None,
            cells: vec![
                Cell::Head(w.t(&format!(
                    "staff-operation-{}",
                    operation_code(operation.kind)
                ))),
                Cell::Text(day_month(w, operation.on)),
                Cell::Sum(operation.amount),
            ],
        })
        .collect();
    let state = &loan.state;
    let body = view! {
        <div class="page two">
            <section class="card stack" id="loan">
                <h1 class="h2">{heading}</h1>
                <p class="money" data-kopecks=state.payoff.get().to_string()>{state.payoff.to_string()}</p>
                <dl class="sums">
                    <SumLine label=w.t("staff-loan-principal") sum=state.principal/>
                    <SumLine label=w.t("staff-loan-interest") sum=state.interest/>
                    <SumLine label=w.t("staff-loan-penalty") sum=state.penalty/>
                    <TextLine label=w.t("staff-column-due") text=long_date(w, state.due)/>
                    <TextLine label=w.t("staff-column-product") text=loan.product_title.clone()/>
                </dl>
                <p><a href=format!("/staff/people/{borrower}")>{w.t("back")}</a></p>
            </section>
            <aside class="stack">
                {adjustments::asking(desk, &loan)}
                <section class="card stack" id="operations">
                    <h2>{w.t("staff-loan-operations")}</h2>
                    <CardTable columns=columns.iter().map(|key| w.t(key)).collect() rows/>
                </section>
            </aside>
        </div>
    };
    Ok(Sheet {
        title,
        body: body.into_any(),
    })
}

const fn operation_code(kind: cabinet::loan::OperationKind) -> &'static str {
    use cabinet::loan::OperationKind;
    match kind {
        OperationKind::Disbursement => "disbursement",
        OperationKind::Payment => "payment",
        OperationKind::Prolongation => "prolongation",
        OperationKind::Refund => "refund",
        OperationKind::TopUp => "top-up",
        OperationKind::Debit => "debit",
        OperationKind::Pause => "pause",
        OperationKind::Resume => "resume",
        OperationKind::Holiday => "holiday",
        OperationKind::Discount => "discount",
        OperationKind::WriteOff => "write-off",
        OperationKind::RateCut => "rate-cut",
    }
}
