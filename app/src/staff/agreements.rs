//! `/staff/agreements`: who works here, and what two of them have to agree on.

use cabinet::ids::{AgreementId, StaffId};
use cabinet::staff::{self, Action, Agreement, Colleague, Kind, Role, Staff};
use cabinet::{CabinetError, Result};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::parts::{ReasonField, form_of, late, named};
use super::routes::{Done, Sheet};
use super::shell::role_names;
use crate::ui::field::FormError;

/// The page.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let waiting = staff::agreements(&desk.cabinet, by).await?;
    let people = staff::colleagues(&desk.cabinet, by).await?;
    let none = waiting
        .is_empty()
        .then(|| view! { <p class="quiet" id="empty">{w.t("staff-agreements-none")}</p> });
    let form = form_of(desk, "decide");
    let rows = waiting
        .iter()
        .map(|one| agreement(desk, by, one))
        .collect_view();
    let names = people.iter().map(|one| colleague(desk, one)).collect_view();
    let asking = by
        .may(Action::ProposeStaff)
        .then(|| proposing(desk, &people));
    let body = view! {
        <div class="page two">
            <div class="stack">
                <section class="card stack" id="agreements">
                    <h1 class="h2">{w.t("staff-nav-agreements")}</h1>
                    <p class="quiet">{w.t("staff-agreements-lead")}</p>
                    <FormError form/>
                    {none}
                    <ul class="plain stack loose" data-queue="">{rows}</ul>
                </section>
                <section class="card stack" id="colleagues">
                    <h2>{w.t("staff-colleagues")}</h2>
                    <ul class="plain stack tight">{names}</ul>
                </section>
            </div>
            <aside class="stack">{asking}</aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-agreements"),
        body: body.into_any(),
    })
}

fn colleague(desk: &Desk, one: &Colleague) -> impl IntoView + use<> {
    let roles = role_names(desk.words, &one.staff.roles);
    view! {
        <li><b>{one.staff.name.clone()}</b>" "<span class="small">{one.staff.login.clone()}" · "{roles}</span></li>
    }
}

fn what(w: Words, one: &Agreement) -> String {
    let role = one
        .role
        .map(|role| w.t(&format!("staff-role-{}", role.code())))
        .unwrap_or_default();
    let key = match one.kind {
        Kind::GiveRole => "staff-agreement-give-role",
        Kind::TakeRole => "staff-agreement-take-role",
        Kind::Leave => "staff-agreement-leave",
    };
    t!(w, key, name = &one.subject_name, role = role)
}

fn agreement(desk: &Desk, by: &Staff, one: &Agreement) -> impl IntoView + use<> {
    let w = desk.words;
    let asked = t!(
        w,
        "staff-agreement-asked",
        name = &one.asked_by_name,
        age = desk.age(one.asked_at)
    );
    let id = one.id.to_string();
    let own = one.asked_by == by.id;
    let hidden = view! { <input type="hidden" name="id" value=id.clone()/> };
    let next = if own {
        view! {
            <form method="post" action="/staff/agreements/withdraw">
                {named("decide")}{hidden}
                <button class="button second" type="submit">{w.t("staff-agreement-withdraw")}</button>
            </form>
        }
        .into_any()
    } else if one.subject == by.id {
        view! { <p class="small">{w.t("staff-own-subject")}</p> }.into_any()
    } else if by.may(Action::ApproveStaff) {
        view! {
            <form class="actions" method="post" action="/staff/agreements/decide">
                {named("decide")}{hidden}
                <button class="button" type="submit" name="word" value="approve">{w.t("staff-approve")}</button>
                <button class="button danger" type="submit" name="word" value="refuse">{w.t("staff-refuse")}</button>
            </form>
        }
        .into_any()
    } else {
        ().into_any()
    };
    view! {
        <li class="stack tight" data-agreement=one.id.to_string()>
            {late(desk, one.asked_at)}
            <b>{what(w, one)}</b>
            <span>{one.reason.clone()}</span>
            <span class="small">{asked}</span>
            {next}
        </li>
    }
}

fn proposing(desk: &Desk, people: &[Colleague]) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "propose");
    let select = |name: &'static str, label: &str, list: Vec<(String, String)>| {
        let kept = form.value(name);
        let error = form.errors.get(name).cloned();
        let wrong = error.is_some();
        let id = format!("f-{name}");
        let options = list
            .into_iter()
            .map(|(value, text)| {
                let selected = value == kept;
                view! { <option value=value selected=selected>{text}</option> }
            })
            .collect_view();
        view! {
            <div class="field" data-error=wrong.then_some("")>
                <label for=id.clone()>{w.t(label)}</label>
                <select id=id name=name>{options}</select>
                <p class="error" hidden=!wrong>{error}</p>
            </div>
        }
    };
    let kinds = Kind::ALL
        .iter()
        .map(|kind| {
            let code = kind.code();
            (
                code.to_owned(),
                w.t(&format!("staff-kind-{}", code.replace('_', "-"))),
            )
        })
        .collect();
    let whom = people
        .iter()
        .map(|one| (one.staff.id.to_string(), one.staff.name.clone()))
        .collect();
    let roles = Role::ALL
        .iter()
        .map(|role| {
            (
                role.code().to_owned(),
                w.t(&format!("staff-role-{}", role.code())),
            )
        })
        .collect();
    view! {
        <section class="card stack">
            <h2>{w.t("staff-propose")}</h2>
            <form class="stack" method="post" action="/staff/agreements/propose" id="propose">
                {named("propose")}
                <FormError form=form.clone()/>
                {select("subject", "staff-propose-whom", whom)}
                {select("kind", "staff-propose-what", kinds)}
                {select("role", "staff-propose-role", roles)}
                <ReasonField form=form.clone() name="reason" label=w.t("staff-reason") hint=w.t("staff-propose-hint")/>
                <button class="button wide" type="submit">{w.t("staff-propose-send")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Asks for a change.
pub async fn propose(desk: &Desk) -> Result<Done> {
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| kind.code() == desk.text("kind"))
        .ok_or(CabinetError::NotFound)?;
    let subject: StaffId = desk
        .text("subject")
        .parse()
        .map_err(|_| CabinetError::NotFound)?;
    // Whoever leaves gives up every role: none is asked for.
    let role = (kind != Kind::Leave)
        .then(|| Role::from_code(desk.text("role")))
        .flatten();
    let reason = desk.text("reason");
    staff::propose_role(&desk.cabinet, desk.by()?, kind, subject, role, reason).await?;
    Ok(Done::Go(
        "/staff/agreements".to_owned(),
        "staff-done-proposed",
    ))
}

fn id(desk: &Desk) -> Result<AgreementId> {
    desk.text("id").parse().map_err(|_| CabinetError::NotFound)
}

/// The second person's word.
pub async fn decide(desk: &Desk) -> Result<Done> {
    let approve = desk.approves()?;
    staff::decide(&desk.cabinet, desk.by()?, id(desk)?, approve).await?;
    let said = if approve {
        "staff-done-approved"
    } else {
        "staff-done-refused"
    };
    Ok(Done::Go("/staff/agreements".to_owned(), said))
}

/// Takes one's own back.
pub async fn withdraw(desk: &Desk) -> Result<Done> {
    staff::withdraw(&desk.cabinet, desk.by()?, id(desk)?).await?;
    Ok(Done::Go(
        "/staff/agreements".to_owned(),
        "staff-done-withdrawn",
    ))
}
