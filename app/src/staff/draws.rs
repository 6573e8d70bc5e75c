//! `/staff/draws`: draws with who waits for a prize, handing it over, and the cabinets of the lender's own people.

use std::collections::BTreeMap;

use cabinet::draw::PrizeState;
use cabinet::draw::staff::{self, Barred, DrawWork, PrizeWork};
use cabinet::ids::StaffId;
use cabinet::staff::Action;
use cabinet::{CabinetError, Result};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::parts::{ReasonField, form_of, named};
use super::routes::{Done, Sheet};
use crate::ui::field::{FormError, TextField};
use crate::ui::format::long_date;

const HERE: &str = "/staff/draws";

type Names = BTreeMap<StaffId, String>;

/// The page.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let names = desk.names().await?;
    let draws = staff::draws(&desk.cabinet, by).await?;
    let own = staff::barred(&desk.cabinet, by).await?;
    let prizes = || draws.iter().flat_map(|draw| &draw.prizes);
    let count = prizes().filter(|prize| prize.waits()).count();
    let queue = prizes()
        .filter(|prize| prize.waits())
        .map(|prize| waiting(desk, &names, prize))
        .collect_view();
    let empty =
        (count == 0).then(|| view! { <p class="quiet">{w.t("staff-draw-waiting-none")}</p> });
    let none = draws
        .is_empty()
        .then(|| view! { <p class="quiet">{w.t("staff-draws-none")}</p> });
    let list = draws.iter().map(|draw| line(w, draw)).collect_view();
    let form = form_of(desk, "hand");
    let second = staff::second_person_from(&desk.cabinet).to_string();
    let body = view! {
        <div class="page two">
            <div class="stack">
                <section class="card stack" id="waiting" data-count=count.to_string()>
                    <h1 class="h2">{w.t("staff-nav-draws")}</h1>
                    <p class="quiet">{w.t("staff-draws-lead")}</p>
                    <h2>{w.t("staff-draw-waiting")}</h2>
                    <FormError form/>
                    {empty}
                    <ul class="plain stack loose" data-queue="">{queue}</ul>
                    <p class="small">{t!(w, "staff-draw-second", sum = second)}</p>
                </section>
                <section class="card stack" id="draws">
                    <h2>{w.t("draws-title")}</h2>
                    {none}
                    <ul class="plain stack loose">{list}</ul>
                </section>
            </div>
            <aside class="stack">{barred(desk, &names, &own)}</aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-draws"),
        body: body.into_any(),
    })
}

/// Which prize, whose, and where it stands.
fn about(w: Words, one: &PrizeWork) -> impl IntoView + use<> {
    let title = one.prize.title(w.lang).to_owned();
    let state = w.t(&format!("staff-prize-{}", one.state.code()));
    let badge = if one.waits() { "badge warn" } else { "badge" };
    let winner = t!(
        w,
        "staff-draw-winner",
        contract = &one.contract,
        ticket = &one.ticket
    );
    let late = one.late.then(|| {
        view! { <span class="badge bad" data-late="">{w.t("staff-late")}</span> }
    });
    let worth = t!(w, "staff-draw-worth", value = one.prize.value.to_string());
    view! {
        <span><b>{title}</b>" "<span class=badge>{state}</span>" "{late}</span>
        <span>{winner}</span>
        <span class="small">{worth}</span>
    }
}

fn waiting(desk: &Desk, names: &Names, one: &PrizeWork) -> AnyView {
    let (w, by) = (desk.words, desk.by().ok());
    let may = |action: Action| by.is_some_and(|by| by.may(action));
    let own = by.is_some_and(|by| one.handed_by == Some(by.id));
    let second = one.state == PrizeState::Handing;
    let note = handed(w, names, one);
    let place = one.place.as_ref().map(|(place, day)| {
        let line = t!(
            w,
            "staff-draw-place",
            date = long_date(w, *day),
            place = place
        );
        view! { <span class="small" data-place="">{line}</span> }
    });
    let agree = (second && !own && may(Action::ApproveMoney)).then(|| {
        view! {
            <form class="actions" method="post" action=format!("{HERE}/agree")>
                {named("hand")}
                <input type="hidden" name="id" value=one.id.clone()/>
                <button class="button" type="submit" name="word" value="approve">{w.t("staff-approve")}</button>
                <button class="button danger" type="submit" name="word" value="refuse">
                    {w.t("staff-draw-again")}
                </button>
            </form>
        }
    });
    let ours = (second && own).then(|| view! { <p class="note plain">{w.t("staff-own")}</p> });
    let hand = (!second && may(Action::ManagePromotions)).then(|| handing(w, &one.id));
    view! {
        <li class="stack tight" data-prize=one.id.clone() data-state=one.state.code()>
            {about(w, one)}
            {place}
            {note}
            {ours}
            {agree}
            {hand}
        </li>
    }
    .into_any()
}

fn handed(w: Words, names: &Names, one: &PrizeWork) -> Option<AnyView> {
    let note = one.note.as_ref()?;
    let who = one.handed_by.and_then(|id| names.get(&id).cloned());
    let who = who.unwrap_or_default();
    let line = t!(w, "staff-draw-handed-by", who = who, note = note);
    Some(view! { <span class="small">{line}</span> }.into_any())
}

/// A note for each is typed beside it: the fields are named apart.
fn handing(w: Words, id: &str) -> impl IntoView + use<> {
    let field = format!("note-{id}");
    let hint = format!("{field}-hint");
    view! {
        <form class="stack tight" method="post" action=format!("{HERE}/hand")>
            {named("hand")}
            <input type="hidden" name="id" value=id.to_owned()/>
            <div class="field">
                <label for=field.clone()>{w.t("staff-draw-note")}</label>
                <input id=field name="note" type="text" maxlength="500" autocomplete="off"
                    aria-describedby=hint.clone()/>
                <p class="hint" id=hint>{w.t("staff-draw-note-hint")}</p>
            </div>
            <div class="actions">
                <button class="button second" type="submit" formaction=format!("{HERE}/ready")>
                    {w.t("staff-draw-ready")}
                </button>
                <button class="button" type="submit">{w.t("staff-draw-hand")}</button>
            </div>
        </form>
    }
}

fn line(w: Words, one: &DrawWork) -> impl IntoView + use<> {
    let state = w.t(&format!("draw-state-{}", one.state.code()));
    let dates = t!(
        w,
        "staff-draw-dates",
        until = long_date(w, one.terms.until),
        date = long_date(w, one.terms.draws_on)
    );
    let takers = t!(
        w,
        "staff-draw-takers",
        takers = one.takers.to_string(),
        tickets = one.tickets.to_string()
    );
    let begun = one.state != cabinet::draw::DrawState::Ahead;
    let file = begun.then(|| {
        let file = format!("/draws/{}.json", one.code);
        view! { <a href=file>{w.t("staff-draw-public")}</a> }
    });
    let prizes = one.prizes.iter().filter(|prize| !prize.waits());
    let prizes = prizes
        .map(|prize| {
            let answer = (prize.state == PrizeState::Won).then(|| {
                let date = long_date(w, prize.answer_by);
                view! { <span class="small">{t!(w, "staff-draw-answer-by", date = date)}</span> }
            });
            view! {
                <li class="stack tight" data-prize=prize.id.clone() data-state=prize.state.code()>
                    {about(w, prize)}
                    {answer}
                </li>
            }
        })
        .collect_view();
    view! {
        <li class="stack tight" data-draw=one.code.clone() data-state=one.state.code()
            data-takers=one.takers.to_string()>
            <span><b>{one.terms.title().of(w.lang).to_owned()}</b>" "<span class="badge">{state}</span></span>
            <span class="small">{dates}</span>
            <span>{takers}</span>
            {file}
            <ul class="plain stack">{prizes}</ul>
        </li>
    }
}

/// Whose cabinets never take part, and the form that says so.
fn barred(desk: &Desk, names: &Names, own: &[Barred]) -> AnyView {
    let w = desk.words;
    let rows = own
        .iter()
        .map(|one| {
            let line = t!(
                w,
                "staff-barred-line",
                contract = &one.contract,
                reason = &one.reason
            );
            let who = names.get(&one.by).cloned().unwrap_or_default();
            let by = t!(w, "staff-barred-by", who = who, age = desk.age(one.at));
            view! {
                <li class="stack tight" data-barred=one.contract.clone()>
                    <span>{line}</span>
                    <span class="small">{by}</span>
                </li>
            }
        })
        .collect_view();
    let form = form_of(desk, "bar");
    let may = desk.by().is_ok_and(|by| by.may(Action::ManagePromotions));
    let form = may.then(|| {
        view! {
            <form class="stack" method="post" action=format!("{HERE}/bar") id="bar">
                {named("bar")}
                <FormError form=form.clone()/>
                <TextField form=form.clone() name="contract" label=w.t("staff-column-contract")
                    placeholder="2026-000001"/>
                <ReasonField form name="reason" label=w.t("staff-reason") hint=w.t("staff-barred-reason-hint")/>
                <div class="actions">
                    <button class="button" type="submit" name="word" value="bar">{w.t("staff-barred-add")}</button>
                    <button class="button second" type="submit" name="word" value="allow">
                        {w.t("staff-barred-remove")}
                    </button>
                </div>
            </form>
        }
    });
    view! {
        <section class="card stack" id="barred">
            <h2>{w.t("staff-barred")}</h2>
            <p class="quiet">{w.t("staff-barred-lead")}</p>
            <ul class="plain stack">{rows}</ul>
            {form}
        </section>
    }
    .into_any()
}

fn done(said: &'static str) -> Done {
    Done::Go(HERE.to_owned(), said)
}

/// Tells the winner where the prize waits.
pub async fn ready(desk: &Desk) -> Result<Done> {
    let (id, place) = (desk.text("id"), desk.text("note"));
    let told = staff::ready(&desk.cabinet, desk.by()?, id, place).await;
    told.map_err(above_them_all)?;
    Ok(done("staff-done-ready"))
}

/// A note is typed in one line of many: what is wrong with it is said above them all.
fn above_them_all(refusal: CabinetError) -> CabinetError {
    match refusal {
        CabinetError::Fields(_) => CabinetError::Conflict("prize_note"),
        other => other,
    }
}

/// Notes that a prize was handed over.
pub async fn hand(desk: &Desk) -> Result<Done> {
    let (id, note) = (desk.text("id"), desk.text("note"));
    let alone = staff::hand(&desk.cabinet, desk.by()?, id, note).await;
    let alone = alone.map_err(above_them_all)?;
    Ok(done(if alone {
        "staff-done-handed"
    } else {
        "staff-done-handed-waits"
    }))
}

/// The second person's word.
pub async fn agree(desk: &Desk) -> Result<Done> {
    let approve = desk.approves()?;
    staff::agree(&desk.cabinet, desk.by()?, desk.text("id"), approve).await?;
    Ok(done(if approve {
        "staff-done-handed"
    } else {
        "staff-done-refused"
    }))
}

/// Marks a cabinet as one of the lender's people, or takes the mark off.
pub async fn bar(desk: &Desk) -> Result<Done> {
    let bars = desk.pressed("word", "bar", "allow")?;
    let (contract, reason) = (desk.text("contract"), desk.text("reason"));
    staff::bar(&desk.cabinet, desk.by()?, contract, reason, bars).await?;
    Ok(done(if bars {
        "staff-done-barred"
    } else {
        "staff-done-allowed"
    }))
}
