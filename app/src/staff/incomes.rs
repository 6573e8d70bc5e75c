//! `/staff/incomes`: papers of an income, and what a specialist writes down of them; the same beside an application.

use std::collections::BTreeMap;

use cabinet::Result;
use cabinet::ids::{ApplicationId, BorrowerId, StaffId, UploadId};
use cabinet::profile::{IncomePaper, IncomeProof, IncomeSaid, IncomeWord};
use cabinet::staff::{self, IncomeCase, ProofTyped};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::parts::{Line, ReasonField, filter, form_of, jpeg, named, person_link, pictures, queue};
use super::routes::{Done, Made, Sheet};
use crate::ui::control::SelectField;
use crate::ui::field::{FormError, FormState, TextField};
use crate::ui::format::long_date;
use crate::ui::sums::{SumLine, TextLine};

/// The queue.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let waiting = staff::incomes(&desk.cabinet, desk.by()?).await?;
    let late = desk.asked("show") == "late";
    let lines = waiting
        .into_iter()
        .filter(|one| !late || one.late)
        .map(|one| Line {
            href: format!("/staff/incomes/{}", one.borrower),
            title: t!(w, "staff-income-pictures", count = one.pictures),
            cells: Vec::new(),
            age: desk.age(one.since),
            late: one.late,
        })
        .collect();
    let body = view! {
        <div class="page">
            <div class="row">
                <h1>{w.t("staff-nav-incomes")}</h1>
                {filter(desk, &[("", w.t("staff-show-all")), ("late", w.t("staff-show-late"))])}
            </div>
            {queue(w, &["staff-column-what"], lines)}
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-incomes"),
        body: body.into_any(),
    })
}

/// One person's income.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let case = staff::income(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    let names = desk.names().await?;
    // From an application, whose form was refused: the way back stays.
    let back = desk.text("back").parse().ok();
    let body = view! {
        <div class="page two">
            <div class="stack">
                <section class="card stack" id="papers">
                    <h1 class="h2">{w.t("staff-income-title")}</h1>
                    {person_link(w, Some(case.borrower))}
                    {pictures(desk, &case.pictures)}
                </section>
            </div>
            <aside class="stack">{income_section(desk, &case, back, &names)}</aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-income-title"),
        body: body.into_any(),
    })
}

/// What is said and proved, and the forms to prove it; from an application, with the way back to it.
pub fn income_section(
    desk: &Desk,
    case: &IncomeCase,
    back: Option<ApplicationId>,
    names: &BTreeMap<StaffId, String>,
) -> AnyView {
    let w = desk.words;
    let holds = case
        .holds
        .map_or_else(|| w.t("staff-income-none"), |proof| proved(w, &proof));
    let words = case.words.iter().map(|word| line(desk, word, names));
    let words = words.collect_view();
    view! {
        <section class="card stack" id="income" data-holds=case.holds.is_some().to_string()
            data-waits=case.since.is_some().to_string()>
            <h2>{w.t("staff-income")}</h2>
            <dl class="sums">
                <TextLine label=w.t("staff-field-name") text=case.name.clone()/>
                <TextLine label=w.t("staff-income-work") text=case.employer.clone()/>
                <SumLine label=w.t("staff-income-said") sum=case.said/>
            </dl>
            <p id="income-holds">{holds}</p>
            {proving(desk, case, back)}
            {case.since.is_some().then(|| declining(desk, case, back))}
            {case.holds.is_some().then(|| withdrawing(desk, case, back))}
            <ul class="plain stack tight" id="income-words">{words}</ul>
        </section>
    }
    .into_any()
}

/// «90 000,00 ₽ в месяц до 23 мая 2027, справка о доходах».
fn proved(w: Words, proof: &IncomeProof) -> String {
    t!(
        w,
        "staff-income-proved",
        amount = proof.amount.to_string(),
        date = long_date(w, proof.until),
        paper = paper_name(w, proof.paper)
    )
}

fn paper_name(w: Words, paper: IncomePaper) -> String {
    w.t(&format!("income-paper-{}", paper.code().replace('_', "-")))
}

fn line(
    desk: &Desk,
    word: &IncomeWord,
    names: &BTreeMap<StaffId, String>,
) -> impl IntoView + use<> {
    let w = desk.words;
    let said = match &word.said {
        IncomeSaid::Proved(proof) => proved(w, proof),
        IncomeSaid::Declined(why) => t!(w, "staff-income-declined", why = why),
        IncomeSaid::Withdrawn(why) => t!(w, "staff-income-withdrawn", why = why),
    };
    let who = names.get(&word.by).cloned().unwrap_or_default();
    view! { <li><span class="small">{desk.moment(word.at)}" · "{who}</span>" "{said}</li> }
}

/// What every form of the section carries: its name, the way back, and which pictures were seen.
fn carried(name: &str, case: &IncomeCase, back: Option<ApplicationId>) -> impl IntoView + use<> {
    let seen = case
        .pictures
        .iter()
        .map(|picture| picture.at.timestamp_millis());
    let seen = seen.max().unwrap_or_default().to_string();
    let back = back.map(|back| back.to_string());
    view! {
        {named(name)}
        <input type="hidden" name="seen" value=seen/>
        {back.map(|back| view! { <input type="hidden" name="back" value=back/> })}
    }
}

fn address(case: &IncomeCase, form: &str) -> String {
    format!("/staff/incomes/{}/{form}", case.borrower)
}

fn proving(desk: &Desk, case: &IncomeCase, back: Option<ApplicationId>) -> AnyView {
    let w = desk.words;
    if case.pictures.is_empty() {
        return view! { <p class="quiet">{w.t("staff-income-no-papers")}</p> }.into_any();
    }
    let form = form_of(desk, "prove");
    // The newest first: of one picture nothing has to be chosen.
    let shown = case.pictures.iter().rev().map(|picture| {
        let name = w.t(&format!("papers-{}", picture.kind.code().replace('_', "-")));
        let title = format!("{name}, {}", desk.moment(picture.at));
        (picture.id.to_string(), title)
    });
    let shown: Vec<_> = shown.collect();
    let papers = IncomePaper::ALL
        .iter()
        .map(|paper| (paper.code().to_owned(), paper_name(w, *paper)))
        .collect();
    let until_hint = t!(
        w,
        "staff-income-until-hint",
        date = long_date(w, case.last_day)
    );
    view! {
        <form class="stack" method="post" action=address(case, "prove") id="prove">
            {carried("prove", case, back)}
            <FormError form=form.clone()/>
            <SelectField form=form.clone() name="picture" label=w.t("staff-income-picture") options=shown/>
            <SelectField form=form.clone() name="paper" label=w.t("staff-income-paper") options=papers
                choose=w.t("staff-income-paper-choose")/>
            <TextField form=form.clone() name="amount" label=w.t("staff-income-amount")
                hint=w.t("staff-income-amount-hint") mode="decimal" complete="off" max=20/>
            <TextField form name="until" label=w.t("staff-income-until") hint=until_hint kind="date" complete="off"/>
            <button class="button wide" type="submit">{w.t("staff-income-prove")}</button>
        </form>
    }
    .into_any()
}

fn declining(desk: &Desk, case: &IncomeCase, back: Option<ApplicationId>) -> AnyView {
    let keys = [
        "staff-income-decline",
        "staff-income-decline-hint",
        "staff-income-decline-now",
    ];
    said_no(desk, case, back, ("decline", "why"), keys)
}

fn withdrawing(desk: &Desk, case: &IncomeCase, back: Option<ApplicationId>) -> AnyView {
    let keys = [
        "staff-income-withdraw",
        "staff-income-withdraw-hint",
        "staff-income-withdraw-now",
    ];
    said_no(desk, case, back, ("withdraw", "reason"), keys)
}

/// A word with a reason, folded until it is wanted.
fn said_no(
    desk: &Desk,
    case: &IncomeCase,
    back: Option<ApplicationId>,
    (name, field): (&str, &str),
    [heading, hint, button]: [&str; 3],
) -> AnyView {
    let w = desk.words;
    let form: FormState = form_of(desk, name);
    let open = form.has_errors();
    // A page of an application has a reason of its own.
    let id = format!("f-{name}-{field}");
    view! {
        <details open=open>
            <summary>{w.t(heading)}</summary>
            <form class="stack" method="post" action=address(case, name) id=name.to_owned()>
                {carried(name, case, back)}
                <FormError form=form.clone()/>
                <ReasonField form name=field id label=w.t("staff-reason") hint=w.t(hint)/>
                <button class="button second wide" type="submit">{w.t(button)}</button>
            </form>
        </details>
    }
    .into_any()
}

/// Where a form goes on: to the application it came from, or to the person's income.
fn onward(desk: &Desk, borrower: BorrowerId) -> String {
    match desk.text("back").parse::<ApplicationId>() {
        Ok(application) => format!("/staff/applications/{application}"),
        Err(_) => format!("/staff/incomes/{borrower}"),
    }
}

/// Writes down what a paper proves.
pub async fn prove(desk: &Desk) -> Result<Done> {
    let borrower: BorrowerId = desk.id("id")?;
    let typed = |name: &str| desk.text(name).to_owned();
    let typed = ProofTyped {
        picture: typed("picture"),
        paper: typed("paper"),
        amount: typed("amount"),
        until: typed("until"),
        seen: typed("seen"),
    };
    staff::prove_income(&desk.cabinet, desk.by()?, borrower, &typed).await?;
    Ok(Done::Go(onward(desk, borrower), "staff-done-income"))
}

/// Says that the pictures prove nothing.
pub async fn decline(desk: &Desk) -> Result<Done> {
    let borrower: BorrowerId = desk.id("id")?;
    let (why, seen) = (desk.text("why"), desk.text("seen"));
    staff::decline_income(&desk.cabinet, desk.by()?, borrower, why, seen).await?;
    Ok(Done::Go(onward(desk, borrower), "staff-done-asked"))
}

/// Takes back what was proved.
pub async fn withdraw(desk: &Desk) -> Result<Done> {
    let borrower: BorrowerId = desk.id("id")?;
    staff::withdraw_income(&desk.cabinet, desk.by()?, borrower, desk.text("reason")).await?;
    Ok(Done::Go(onward(desk, borrower), "staff-done-asked"))
}

/// A picture of a paper of the income.
pub async fn picture(desk: &Desk) -> Result<Made> {
    let (borrower, picture): (BorrowerId, UploadId) = (desk.id("id")?, desk.id("picture")?);
    let bytes = staff::income_picture(&desk.cabinet, desk.by()?, borrower, picture).await?;
    Ok(jpeg(bytes))
}
