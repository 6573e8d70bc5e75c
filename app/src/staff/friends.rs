//! `/staff/promotions/friends`: invited friends nobody was rewarded for, and why. What joins two cabinets is a fact; that
//! two people live in one house is another, and two of the staff may say so.

use std::collections::BTreeMap;

use cabinet::bonus::{self, RefusedInvitation};
use cabinet::ids::StaffId;
use cabinet::staff::Action;
use cabinet::{CabinetError, Result};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::parts::{form_of, late, named};
use super::routes::{Done, Sheet};
use crate::ui::field::FormError;
use crate::ui::format::moment;

const HERE: &str = "/staff/promotions/friends";

type Names = BTreeMap<StaffId, String>;

/// The page.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let names = desk.names().await?;
    let refused = bonus::refusals(&desk.cabinet, by).await?;
    let none = refused
        .is_empty()
        .then(|| view! { <p class="quiet" id="no-refusals">{w.t("staff-friends-none")}</p> });
    let waiting = refused.iter().filter(|one| one.asked.is_some()).count();
    let rows = refused
        .iter()
        .map(|one| row(desk, &names, one))
        .collect_view();
    let form = form_of(desk, "friend");
    let body = view! {
        <div class="page">
            <section class="card stack" id="refused-friends" data-waiting=waiting.to_string()>
                <h1 class="h2">{w.t("staff-friends-title")}</h1>
                <p class="quiet">{w.t("staff-friends-lead")}</p>
                <FormError form/>
                {none}
                <ul class="plain stack loose" data-queue="">{rows}</ul>
                <p><a href="/staff/promotions">{w.t("staff-nav-promotions")}</a></p>
            </section>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-friends-title"),
        body: body.into_any(),
    })
}

fn row(desk: &Desk, names: &Names, one: &RefusedInvitation) -> AnyView {
    let w = desk.words;
    let offset = desk.cabinet.lender().clock_offset_minutes;
    let (far, what) = match one.reason.strip_prefix("ring:") {
        Some(what) => (true, what),
        None => (false, &*one.reason),
    };
    let why = w.t(&format!("staff-friends-why-{what}"));
    let far = far.then(|| format!(" {}", w.t("staff-friends-far")));
    let number = |number: &Option<String>| {
        number
            .clone()
            .unwrap_or_else(|| w.t("staff-friends-no-contract"))
    };
    let who = t!(
        w,
        "staff-friends-who",
        inviter = number(&one.inviter_contract),
        friend = number(&one.friend_contract)
    );
    let word = match &one.asked {
        Some((by, why, at)) => view! {
            <span>
                <span class="badge warn">{w.t("staff-friends-waits")}</span>" "{late(desk, *at)}" "
                <span class="small">{desk.age(*at)}</span>
            </span>
            {waits(desk, names, one, (*by, why))}
        }
        .into_any(),
        None => asking(desk, one),
    };
    view! {
        <li class="stack tight" data-reason=one.reason.clone()
            data-friend=one.friend_contract.clone().unwrap_or_default()>
            <b>{why}{far}</b>
            <span>{who}</span>
            <span class="small">{moment(w, one.at, offset)}</span>
            {word}
        </li>
    }
    .into_any()
}

/// Somebody asks for it to be paid; another one decides.
fn waits(
    desk: &Desk,
    names: &Names,
    one: &RefusedInvitation,
    (by, why): (StaffId, &str),
) -> AnyView {
    let w = desk.words;
    let who = names.get(&by).cloned().unwrap_or_default();
    let line = t!(w, "staff-friends-asked", who = who, why = why);
    let me = desk.by().ok();
    let own = me.is_some_and(|me| me.id == by);
    let may = me.is_some_and(|me| me.may(Action::ApproveMoney)) && !own;
    let ours = own.then(|| view! { <p class="note plain">{w.t("staff-own")}</p> });
    let decide = may.then(|| {
        view! {
            <form class="actions" method="post" action=format!("{HERE}/agree")>
                {named("friend")}
                <input type="hidden" name="friend" value=one.friend.to_string()/>
                <button class="button" type="submit" name="word" value="approve">{w.t("staff-approve")}</button>
                <button class="button danger" type="submit" name="word" value="refuse">{w.t("staff-refuse")}</button>
            </form>
        }
    });
    view! {
        <span data-asked="">{line}</span>
        {ours}
        {decide}
    }
    .into_any()
}

fn asking(desk: &Desk, one: &RefusedInvitation) -> AnyView {
    let w: Words = desk.words;
    if !bonus::may_be_two(&one.reason) {
        return view! { <span class="small quiet">{w.t("staff-friends-never")}</span> }.into_any();
    }
    if !desk.by().is_ok_and(|by| by.may(Action::ManagePromotions)) {
        return ().into_any();
    }
    let field = format!("reason-{}", one.friend);
    let hint = format!("{field}-hint");
    view! {
        <details>
            <summary>{w.t("staff-friends-anyway")}</summary>
            <form class="stack tight" method="post" action=format!("{HERE}/anyway")>
                {named("friend")}
                <input type="hidden" name="friend" value=one.friend.to_string()/>
                <div class="field">
                    <label for=field.clone()>{w.t("staff-reason")}</label>
                    <input id=field name="reason" type="text" maxlength="500" autocomplete="off"
                        aria-describedby=hint.clone()/>
                    <p class="hint" id=hint>{w.t("staff-friends-anyway-hint")}</p>
                </div>
                <button class="button" type="submit">{w.t("staff-friends-ask")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// Asks for a refused reward to be paid.
pub async fn anyway(desk: &Desk) -> Result<Done> {
    let friend = desk.text("friend").parse();
    let friend = friend.map_err(|_| CabinetError::NotFound)?;
    let asked = bonus::ask_anyway(&desk.cabinet, desk.by()?, friend, desk.text("reason")).await;
    // A reason is typed in one line of many: what is wrong with it is said above them all.
    asked.map_err(|refusal| match refusal {
        CabinetError::Fields(_) => CabinetError::Conflict("reward_reason"),
        other => other,
    })?;
    Ok(Done::Go(HERE.to_owned(), "staff-done-reward-asked"))
}

/// The second person's word.
pub async fn agree(desk: &Desk) -> Result<Done> {
    let approve = desk.approves()?;
    let friend = desk.text("friend").parse();
    let friend = friend.map_err(|_| CabinetError::NotFound)?;
    bonus::decide_anyway(&desk.cabinet, desk.by()?, friend, approve).await?;
    let said = if approve {
        "staff-done-reward"
    } else {
        "staff-done-refused"
    };
    Ok(Done::Go(HERE.to_owned(), said))
}
