//! `/staff/applications`: what the program leaves to a person, with everything the decision was made of.

use cabinet::Result;
use cabinet::ids::{ApplicationId, UploadId};
use cabinet::staff::{self, Action, CaseView, Word};
use lending::Rule;
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::incomes::income_section;
use super::parts::{Line, ReasonField, filter, form_of, jpeg, named, person_link, queue};
use super::routes::{Done, Made, Sheet};
use crate::application::status::code;
use crate::ui::field::FormError;
use crate::ui::sums::{SumLine, TextLine};
use crate::ui::timeline::{Step, Tense, Timeline};

/// The queue.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let cases = staff::queue(&desk.cabinet, desk.by()?).await?;
    let late = desk.asked("show") == "late";
    let lines = cases
        .into_iter()
        .filter(|case| !late || case.late)
        .map(|case| Line {
            href: format!("/staff/applications/{}", case.application),
            title: case.product_title,
            cells: vec![case.amount.to_string(), rules(w, &case.rules)],
            age: desk.age(case.since),
            late: case.late,
        })
        .collect();
    let columns = [
        "staff-column-product",
        "staff-column-amount",
        "staff-column-why",
    ];
    let body = view! {
        <div class="page">
            <div class="row">
                <h1>{w.t("staff-nav-applications")}</h1>
                {filter(desk, &[("", w.t("staff-show-all")), ("late", w.t("staff-show-late"))])}
            </div>
            {queue(w, &columns, lines)}
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-applications"),
        body: body.into_any(),
    })
}

fn rules(w: Words, rules: &[Rule]) -> String {
    if rules.is_empty() {
        return w.t("staff-rule-official");
    }
    let names: Vec<String> = rules.iter().map(|rule| rule_name(w, *rule)).collect();
    names.join(", ")
}

fn rule_name(w: Words, rule: Rule) -> String {
    w.t(match rule {
        Rule::SelfBan => "staff-rule-self-ban",
        Rule::ExpensiveLoans => "staff-rule-expensive-loans",
        Rule::ExpensivePause => "staff-rule-expensive-pause",
        Rule::DailyRateCap => "staff-rule-daily-rate-cap",
        Rule::PskCap => "staff-rule-psk-cap",
        Rule::FraudDatabase => "staff-rule-fraud-database",
        Rule::Biometrics => "staff-rule-biometrics",
        Rule::OpenLoan => "staff-rule-open-loan",
        Rule::LicenceLimit => "staff-rule-licence-limit",
        Rule::YearlyLimit => "staff-rule-yearly-limit",
        Rule::Age => "staff-rule-age",
        Rule::Passport => "staff-rule-passport",
        Rule::PassportChanged => "staff-rule-passport-changed",
        Rule::Score => "staff-rule-score",
        Rule::Burden => "staff-rule-burden",
    })
}

/// One application.
pub async fn case_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let view = staff::case(&desk.cabinet, by, desk.id("id")?).await?;
    let decides = view.waits && by.may(Action::DecideApplication);
    let may_open = by.may(Action::OpenPerson).then_some(view.case.borrower);
    let title = t!(
        w,
        "staff-case-title",
        product = &view.case.product_title,
        amount = view.case.amount.to_string()
    );
    let heading = title.clone();
    let over = (!view.waits)
        .then(|| view! { <p class="note plain" id="over">{w.t("staff-case-over")}</p> });
    let names = desk.names().await?;
    let income = view.income.as_ref();
    let income =
        income.map(|income| income_section(desk, income, Some(view.case.application), &names));
    let body = view! {
        <div class="page two">
            <div class="stack">
                <section class="card stack" id="case" data-waits=view.waits.to_string()>
                    <h1 class="h2">{heading}</h1>
                    {over}
                    {person_link(w, may_open)}
                    {inputs(desk, &view)}
                </section>
                <section class="card stack" id="trail">
                    <h2>{w.t("staff-case-rules")}</h2>
                    {trail(w, &view)}
                </section>
            </div>
            <aside class="stack">
                {decides.then(|| deciding(desk))}
                {papers(desk, &view, decides)}
                {income}
                <section class="card stack">
                    <h2>{w.t("status-way")}</h2>
                    {way(desk, &view)}
                </section>
            </aside>
        </div>
    };
    Ok(Sheet {
        title,
        body: body.into_any(),
    })
}

fn inputs(desk: &Desk, view: &CaseView) -> AnyView {
    let w = desk.words;
    let burden = view.pdn.map(|pdn| {
        let percent = format!(
            "{},{}\u{a0}%",
            pdn.percent_tenths / 10,
            pdn.percent_tenths % 10
        );
        view! {
            <TextLine label=w.t("staff-case-burden") text=percent/>
            <SumLine label=w.t("staff-case-payments") sum=pdn.payments/>
            <SumLine label=w.t("staff-case-income") sum=pdn.income/>
        }
    });
    let waits = format!(
        "{} · {}",
        desk.age(view.case.since),
        desk.moment(view.case.since)
    );
    view! {
        <dl class="sums">
            <SumLine label=w.t("staff-column-amount") sum=view.case.amount/>
            <TextLine label=w.t("staff-case-term") text=view.case.term.to_string()/>
            {burden}
            <TextLine label=w.t("staff-age") text=waits/>
        </dl>
    }
    .into_any()
}

fn trail(w: Words, view: &CaseView) -> AnyView {
    let rows = view
        .checks
        .iter()
        .map(|(rule, passed)| {
            let (class, said) = if view.case.rules.contains(rule) {
                ("badge warn", w.t("staff-rule-person"))
            } else if *passed {
                ("badge good", w.t("staff-rule-passed"))
            } else {
                ("badge warn", w.t("staff-rule-failed"))
            };
            view! {
                <tr data-passed=passed.to_string() data-person=view.case.rules.contains(rule).to_string()>
                    <th scope="row">{rule_name(w, *rule)}</th>
                    <td><span class=class>{said}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table>
            <thead><tr><th scope="col">{w.t("staff-rule")}</th><th scope="col">{w.t("staff-rule-outcome")}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn deciding(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "decide");
    let action = format!("{}/decide", desk.path);
    view! {
        <section class="card stack">
            <h2>{w.t("staff-case-word")}</h2>
            <form class="stack" method="post" action=action id="decide">
                {named("decide")}
                <FormError form=form.clone()/>
                <ReasonField form name="reason" label=w.t("staff-reason") hint=w.t("staff-case-reason-hint")/>
                <div class="actions">
                    <button class="button" type="submit" name="word" value="approve">{w.t("staff-approve")}</button>
                    <button class="button danger" type="submit" name="word" value="refuse">{w.t("staff-refuse")}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn papers(desk: &Desk, view: &CaseView, asks: bool) -> AnyView {
    let w = desk.words;
    let asked = view
        .asked
        .iter()
        .map(|paper| {
            view! { <li><span class="small">{desk.moment(paper.at)}</span>" "{paper.what.clone()}</li> }
        })
        .collect_view();
    // An empty list would be a gap between what stands above and below it.
    let asked = (!view.asked.is_empty())
        .then(|| view! { <ul class="plain stack tight" id="asked">{asked}</ul> });
    let pictures = view.papers.iter().map(|picture| {
        let href = format!("{}/pictures/{}", desk.path, picture.id);
        let name = w.t(&format!("papers-{}", picture.kind.code().replace('_', "-")));
        view! { <li><a href=href>{name}</a>" "<span class="small">{desk.moment(picture.at)}</span></li> }
    });
    let pictures = (view.waits && !view.papers.is_empty())
        .then(|| view! { <ul class="plain stack tight">{pictures.collect_view()}</ul> });
    let form = form_of(desk, "ask");
    let ask = asks.then(|| {
        view! {
            <form class="stack" method="post" action=format!("{}/ask", desk.path) id="ask">
                {named("ask")}
                <FormError form=form.clone()/>
                <ReasonField form name="what" label=w.t("staff-ask-paper") hint=w.t("staff-ask-paper-hint")/>
                <button class="button second wide" type="submit">{w.t("staff-ask-paper-send")}</button>
            </form>
        }
    });
    let none = (view.papers.is_empty() && view.asked.is_empty())
        .then(|| view! { <p class="quiet">{w.t("staff-papers-none")}</p> });
    view! {
        <section class="card stack" id="papers">
            <h2>{w.t("staff-papers")}</h2>
            {none}
            {asked}
            {pictures}
            {ask}
        </section>
    }
    .into_any()
}

fn way(desk: &Desk, view: &CaseView) -> AnyView {
    let w = desk.words;
    let steps = view
        .events
        .iter()
        .map(|(status, at)| Step {
            tense: Tense::Done,
            code: None,
            text: w.t(&format!("status-step-{}", code(*status))),
            beside: desk.moment(*at),
        })
        .collect();
    view! { <Timeline steps/> }.into_any()
}

/// The word.
pub async fn decide(desk: &Desk) -> Result<Done> {
    let word = if desk.approves()? {
        Word::Approve
    } else {
        Word::Refuse
    };
    let id: ApplicationId = desk.id("id")?;
    staff::resolve(&desk.cabinet, desk.by()?, id, word, desk.text("reason")).await?;
    Ok(Done::Go(
        "/staff/applications".to_owned(),
        "staff-done-decided",
    ))
}

/// Asks for a paper.
pub async fn ask(desk: &Desk) -> Result<Done> {
    staff::ask_paper(&desk.cabinet, desk.by()?, desk.id("id")?, desk.text("what")).await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-asked"))
}

/// A picture of the person's papers.
pub async fn picture(desk: &Desk) -> Result<Made> {
    let (id, picture): (ApplicationId, UploadId) = (desk.id("id")?, desk.id("picture")?);
    let bytes = staff::case_picture(&desk.cabinet, desk.by()?, id, picture).await?;
    Ok(jpeg(bytes))
}
