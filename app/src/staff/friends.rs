//! `/staff/promotions/friends`: invited friends nobody was rewarded for, and why. Nothing is decided here: the rule is
//! the lender's, and what joins two cabinets is a fact.

use cabinet::Result;
use cabinet::bonus::{self, RefusedInvitation};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::routes::Sheet;
use crate::ui::format::moment;

/// The page.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let refused = bonus::refusals(&desk.cabinet, by).await?;
    let none = refused
        .is_empty()
        .then(|| view! { <p class="quiet" id="no-refusals">{w.t("staff-friends-none")}</p> });
    let offset = desk.cabinet.lender().clock_offset_minutes;
    let rows = refused.iter().map(|one| row(w, one, offset)).collect_view();
    let body = view! {
        <div class="page">
            <section class="card stack" id="refused-friends">
                <h1 class="h2">{w.t("staff-friends-title")}</h1>
                <p class="quiet">{w.t("staff-friends-lead")}</p>
                {none}
                <ul class="plain stack loose">{rows}</ul>
                <p><a href="/staff/promotions">{w.t("staff-nav-promotions")}</a></p>
            </section>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-friends-title"),
        body: body.into_any(),
    })
}

fn row(w: Words, one: &RefusedInvitation, offset: i32) -> impl IntoView + use<> {
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
    view! {
        <li class="stack tight" data-reason=one.reason.clone()>
            <b>{why}{far}</b>
            <span>{who}</span>
            <span class="small">{moment(w, one.at, offset)}</span>
        </li>
    }
}
