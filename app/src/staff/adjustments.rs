//! `/staff/adjustments`: debt to be written off and rates to be lowered, asked for on the loan's page by one person
//! and agreed to here by another.

use cabinet::adjustment::{self, Adjustment, Cause, Change, Effect, Kind, Outcome, Reason, Seen};
use cabinet::ids::{BorrowerId, LoanId};
use cabinet::loan::LoanView;
use cabinet::staff::papers::About;
use cabinet::staff::{Action, up_to};
use cabinet::{CabinetError, Result};
use lending::{Debt, Kopecks, Rate, Status};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::papers;
use super::parts::{Line, ReasonField, agreeing, form_of, named, person_link, refusing};
use super::routes::{Done, Sheet};
use super::two::{self, Queue, Waiting};
use crate::loan::relief::rate_text;
use crate::ui::field::{FormError, FormState, TextField};
use crate::ui::format::long_date;
use crate::ui::sums::{SumLine, TextLine};

const QUEUE: &str = "/staff/adjustments";

fn cause_text(w: Words, cause: Cause) -> String {
    w.t(&format!(
        "staff-adjustment-cause-{}",
        cause.code().replace('_', "-")
    ))
}

fn kind_text(w: Words, kind: Kind) -> String {
    w.t(match kind {
        Kind::WriteOff => "staff-adjustment-write-off",
        Kind::RateCut => "staff-adjustment-rate-cut",
    })
}

/// The sum or the rate, shortly. A rate's measure is the loan's; without one it is a daily rate.
fn short(w: Words, change: Change, measure: Option<Rate>) -> String {
    match change {
        Change::WholeDebt => w.t("staff-adjustment-whole"),
        Change::Debt(debt) => debt.total().to_string(),
        Change::Rate(ppm) => {
            let rate = measure.unwrap_or(Rate::Daily(lending::DailyRate::ZERO));
            format!("{}\u{a0}%", rate.with_ppm(ppm).percent_text())
        }
    }
}

/// The queue.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let kind = Kind::from_code(desk.asked("show"));
    let names = desk.names().await?;
    let line = |one: Adjustment| Line {
        href: format!("{QUEUE}/{}", one.id),
        cells: vec![
            kind_text(w, one.change.kind()),
            short(w, one.change, None),
            cause_text(w, one.cause),
            names.get(&one.asked_by).cloned().unwrap_or_default(),
        ],
        age: desk.age(one.asked_at),
        late: one.late,
        title: one.number,
    };
    let waiting = adjustment::waiting(&desk.cabinet, desk.by()?, kind).await?;
    let queue = Queue {
        title: "staff-nav-adjustments",
        columns: &[
            "staff-column-contract",
            "staff-adjustment-column",
            "staff-column-amount",
            "staff-adjustment-cause",
            "staff-column-first",
        ],
        more: &[
            ("write_off", w.t("staff-adjustment-show-write-off")),
            ("rate_cut", w.t("staff-adjustment-show-rate-cut")),
        ],
        lines: waiting.into_iter().map(line).collect(),
        above: ().into_any(),
        below: ().into_any(),
    };
    Ok(two::queue_of(desk, queue))
}

/// One request.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let seen = adjustment::one(&desk.cabinet, by, desk.id("id")?).await?;
    let acts = acts(desk, &seen).await?;
    let asked = &seen.adjustment;
    let may_open = by.may(Action::OpenPerson).then_some(asked.borrower);
    let loan = may_open.map(|borrower| {
        let href = format!("/staff/people/{borrower}/loans/{}", asked.loan);
        view! { <p><a href=href>{w.t("staff-adjustment-to-loan")}</a></p> }
    });
    let sum = match (&seen.effect, asked.change) {
        (Some(Effect::Debt { debt, .. }), _) => Some(debt.total()),
        (None, Change::Debt(debt)) => Some(debt.total()),
        _ => None,
    };
    let waiting = Waiting {
        id: "adjustment",
        status: asked.outcome.map_or("waiting", Outcome::code),
        title: kind_text(w, asked.change.kind()),
        sum,
        facts: facts(w, &seen),
        first: Some(asked.asked_by),
        asked_at: asked.asked_at,
        under: view! { {loan}{person_link(w, may_open)} }.into_any(),
        papers: papers::card(desk, About::Adjustment(asked.id), asked.outcome.is_none()).await?,
        back: QUEUE,
        acts,
    };
    two::page_of(desk, waiting).await
}

fn facts(w: Words, seen: &Seen) -> AnyView {
    let asked = &seen.adjustment;
    let evidence = match asked.evidence.as_str() {
        "" => w.t("staff-adjustment-none"),
        paper => paper.to_owned(),
    };
    let effect = match &seen.effect {
        Some(Effect::Debt { debt, after }) => written_off(w, *debt, after),
        Some(Effect::Rate(quote)) => {
            let rates = t!(
                w,
                "staff-adjustment-rate-to",
                rate = rate_text(w, quote.after),
                before = rate_text(w, quote.before)
            );
            view! {
                <TextLine label=w.t("staff-adjustment-rate-cut") text=rates/>
                <TextLine label=w.t("staff-adjustment-from") text=long_date(w, quote.from)/>
                <SumLine label=w.t("staff-adjustment-saved") sum=quote.saved/>
            }
            .into_any()
        }
        Some(Effect::Refused(_)) | None => {
            let text = short(w, asked.change, seen.rate);
            view! { <TextLine label=w.t("staff-adjustment-column") text/> }.into_any()
        }
    };
    view! {
        <TextLine label=w.t("staff-column-contract") text=asked.number.clone()/>
        <SumLine label=w.t("staff-adjustment-now") sum=seen.state.payoff/>
        {effect}
        <TextLine label=w.t("staff-adjustment-cause") text=cause_text(w, asked.cause)/>
        <TextLine label=w.t("staff-adjustment-note") text=asked.note.clone()/>
        <TextLine label=w.t("staff-adjustment-evidence") text=evidence/>
    }
    .into_any()
}

fn written_off(w: Words, debt: Debt, after: &lending::LoanState) -> AnyView {
    let line = |key: &str, sum: Kopecks| {
        let label = w.t(key);
        sum.is_positive().then(|| view! { <SumLine label sum/> })
    };
    let closes = (after.status == Status::Closed)
        .then(|| view! { <TextLine label=w.t("staff-adjustment-closes") text="✓"/> });
    view! {
        {line("staff-loan-penalty", debt.penalty)}
        {line("staff-loan-interest", debt.interest)}
        {line("staff-loan-principal", debt.principal)}
        <SumLine label=w.t("staff-adjustment-then") sum=after.payoff/>
        {closes}
    }
    .into_any()
}

/// What the person may do with it, or how it ended.
async fn acts(desk: &Desk, seen: &Seen) -> Result<AnyView> {
    let (w, by, asked) = (desk.words, desk.by()?, &seen.adjustment);
    if let (Some(outcome), Some((who, at))) = (asked.outcome, asked.decided) {
        let names = desk.names().await?;
        let key = format!("staff-adjustment-{}", outcome.code());
        let text = t!(w, &key, name = names.get(&who).cloned().unwrap_or_default());
        let answer = (!asked.answer.is_empty()).then(|| {
            view! { <p><b>{w.t("staff-adjustment-answer")}</b>" "{asked.answer.clone()}</p> }
        });
        let end =
            view! { <p id="outcome">{text}</p><p class="small">{desk.moment(at)}</p>{answer} };
        return Ok(two::agreement(
            desk,
            "staff-adjustment-state",
            end.into_any(),
        ));
    }
    let own = asked.asked_by == by.id;
    let refused = match &seen.effect {
        Some(Effect::Refused(code)) => {
            let text = w.t(&format!("error-{}", code.replace('_', "-")));
            Some(view! { <p class="note plain" id="stale">{text}</p> })
        }
        _ => None,
    };
    let agree = match (own || by.may(Action::ApproveAdjustment), refused) {
        (true, None) => agreeing(desk, own),
        (_, Some(stale)) => stale.into_any(),
        (false, None) => view! { <p class="quiet">{w.t("staff-adjustment-chief")}</p> }.into_any(),
    };
    let agree = two::agreement(desk, "staff-adjustment-agree", agree);
    let texts = ("staff-reason", "staff-adjustment-refuse-hint");
    let refuse = (!own && by.may(Action::ApproveAdjustment))
        .then(|| refusing(desk, "refuse", "reason", texts));
    let withdraw = own.then(|| {
        let form = form_of(desk, "withdraw");
        view! {
            <form class="stack" method="post" action=format!("{}/withdraw", desk.path) id="withdraw">
                {named("withdraw")}
                <FormError form/>
                <button class="button second wide" type="submit">{w.t("staff-adjustment-withdraw")}</button>
            </form>
        }
    });
    Ok(view! { {agree}{refuse}{withdraw} }.into_any())
}

/// Opens the pictures of its evidence.
pub async fn open(desk: &Desk) -> Result<Done> {
    papers::open(desk, desk.id("id")?).await?;
    Ok(Done::Go(desk.path.clone(), ""))
}

/// Agrees.
pub async fn approve(desk: &Desk) -> Result<Done> {
    adjustment::approve(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(Done::Go(QUEUE.to_owned(), "staff-done-adjusted"))
}

/// Says no.
pub async fn refuse(desk: &Desk) -> Result<Done> {
    let why = desk.text("reason");
    adjustment::refuse(&desk.cabinet, desk.by()?, desk.id("id")?, why).await?;
    Ok(Done::Go(QUEUE.to_owned(), "staff-done-refused"))
}

/// Takes one's own back.
pub async fn withdraw(desk: &Desk) -> Result<Done> {
    adjustment::withdraw(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(Done::Go(QUEUE.to_owned(), "staff-done-withdrawn"))
}

/// The two forms of a loan's page, for whoever may ask.
pub fn asking(desk: &Desk, loan: &LoanView) -> Option<AnyView> {
    let may = desk.by().is_ok_and(adjustment::may_ask);
    if !may || loan.state.status == Status::Closed {
        return None;
    }
    let cut = loan.rate.map(|rate| lowering(desk, rate));
    Some(view! { {writing_off(desk, &loan.state)}{cut} }.into_any())
}

fn writing_off(desk: &Desk, state: &lending::LoanState) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "writeoff");
    let sum = |name: &'static str, owed: Kopecks| {
        let label = t!(
            w,
            &format!("staff-adjustment-{name}"),
            sum = owed.to_string()
        );
        let form = form.clone();
        view! { <TextField form name label mode="decimal" complete="off" max=16/> }
    };
    let (open, whole) = (form.has_errors(), form.values.contains_key("whole"));
    let fields = [
        sum("penalty", state.penalty),
        sum("interest", state.interest),
        sum("principal", state.principal),
    ];
    let all = state.payoff.to_string();
    view! {
        <details class="card stack" open=open id="ask-write-off">
            <summary>{w.t("staff-adjustment-write-off")}</summary>
            <form class="stack" method="post" action=format!("{}/writeoff", desk.path) id="writeoff">
                {named("writeoff")}
                <FormError form=form.clone()/>
                <label class="tick" for="f-whole">
                    <input id="f-whole" type="checkbox" name="whole" value="yes" checked=whole/>
                    <span>{t!(w, "staff-adjustment-whole-sum", sum = all)}</span>
                </label>
                {fields.into_iter().collect_view()}
                {why(desk, &form, "writeoff", &|_| true)}
            </form>
        </details>
    }
    .into_any()
}

fn lowering(desk: &Desk, rate: Rate) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "ratecut");
    let open = form.has_errors();
    let label = t!(w, "staff-adjustment-rate", rate = rate_text(w, rate));
    view! {
        <details class="card stack" open=open id="ask-rate-cut">
            <summary>{w.t("staff-adjustment-rate-cut")}</summary>
            <form class="stack" method="post" action=format!("{}/ratecut", desk.path) id="ratecut">
                {named("ratecut")}
                <FormError form=form.clone()/>
                <TextField form=form.clone() name="rate" label hint=w.t("staff-adjustment-rate-hint") mode="decimal"
                    complete="off" max=8/>
                <p class="small">{w.t("staff-adjustment-law")}</p>
                {why(desk, &form, "ratecut", &|cause| cause.lowers_rate())}
            </form>
        </details>
    }
    .into_any()
}

/// The cause, the note, the paper and the button. Both forms of the page have them, so their ids carry the form's name.
fn why(desk: &Desk, form: &FormState, of: &str, fits: &dyn Fn(&Cause) -> bool) -> AnyView {
    let w = desk.words;
    let kept = form.value("cause");
    let options = Cause::ALL
        .iter()
        .filter(|cause| fits(cause))
        .map(|cause| {
            let selected = cause.code() == kept;
            view! { <option value=cause.code() selected=selected>{cause_text(w, *cause)}</option> }
        })
        .collect_view();
    let id = format!("{of}-cause");
    let by = desk.by().ok();
    let most = by.and_then(|by| up_to(&by.roles, Action::ProposeAdjustment));
    let most = most.map(|sum| {
        let text = t!(w, "staff-adjustment-limit", sum = sum.to_string());
        view! { <p class="small">{text}</p> }
    });
    view! {
        {most}
        <div class="field">
            <label for=id.clone()>{w.t("staff-adjustment-cause")}</label>
            <select id=id name="cause">{options}</select>
        </div>
        <ReasonField form=form.clone() name="note" id=format!("{of}-note") label=w.t("staff-adjustment-note")
            hint=w.t("staff-adjustment-note-hint")/>
        <ReasonField form=form.clone() name="evidence" id=format!("{of}-evidence") label=w.t("staff-adjustment-evidence")
            hint=w.t("staff-adjustment-evidence-hint")/>
        <button class="button wide" type="submit">{w.t("staff-adjustment-ask")}</button>
    }
    .into_any()
}

fn reason(desk: &Desk) -> Reason {
    Reason {
        cause: Cause::from_code(desk.text("cause")),
        note: desk.text("note").to_owned(),
        evidence: desk.text("evidence").to_owned(),
    }
}

async fn ask(desk: &Desk, change: Change) -> Result<Done> {
    let of: (BorrowerId, LoanId) = (desk.id("id")?, desk.id("loan")?);
    let id = adjustment::propose(&desk.cabinet, desk.by()?, of, change, reason(desk)).await?;
    Ok(Done::Go(format!("{QUEUE}/{id}"), "staff-done-proposed"))
}

/// Asks for debt to be written off.
pub async fn write_off(desk: &Desk) -> Result<Done> {
    if desk.ticked("whole") {
        return ask(desk, Change::WholeDebt).await;
    }
    let sum = |name: &str| match desk.text(name).trim() {
        "" => Ok(Kopecks::ZERO),
        text => Kopecks::parse(text).map_err(|_| CabinetError::field(name, "amount_invalid")),
    };
    let debt = Debt {
        penalty: sum("penalty")?,
        interest: sum("interest")?,
        principal: sum("principal")?,
    };
    ask(desk, Change::Debt(debt)).await
}

/// Asks for the rate to be lowered.
pub async fn rate_cut(desk: &Desk) -> Result<Done> {
    let ppm = Rate::parse_percent(desk.text("rate"));
    let ppm = ppm.ok_or_else(|| CabinetError::field("rate", "rate_unreadable"))?;
    ask(desk, Change::Rate(ppm)).await
}
