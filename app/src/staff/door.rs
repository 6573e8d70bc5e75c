//! Coming in and going out: the password, the code of an authenticator, the first password's replacement.

use cabinet::staff::{self, Enrolment};
use cabinet::{CabinetError, Result};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::routes::{Done, Sheet};
use crate::payment::qr::drawing;
use crate::ui::field::{FormError, PasswordField, TextField};

fn sheet(title: String, lead: String, body: AnyView) -> Sheet {
    let heading = title.clone();
    let body = view! {
        <div class="page">
            <section class="card stack narrow">
                <div class="stack tight">
                    <h1 class="h2">{heading}</h1>
                    <p class="quiet">{lead}</p>
                </div>
                {body}
            </section>
        </div>
    };
    Sheet {
        title,
        body: body.into_any(),
    }
}

/// The login and the password.
pub async fn password_page(desk: &Desk) -> Result<Sheet> {
    let (w, form) = (desk.words, desk.form.clone());
    let body = view! {
        <form class="stack" method="post" action="/staff/enter/send">
            <FormError form=form.clone()/>
            <TextField form=form.clone() name="login" label=w.t("staff-login") complete="username" max=40/>
            <PasswordField form name="password" label=w.t("access-password") complete="current-password"/>
            <button class="button wide" type="submit" id="enter">{w.t("staff-enter-next")}</button>
        </form>
    };
    Ok(sheet(
        w.t("staff-enter-title"),
        w.t("staff-enter-lead"),
        body.into_any(),
    ))
}

/// The first half.
pub async fn password(desk: &Desk) -> Result<Done> {
    let (login, typed) = (desk.text("login"), desk.text("password"));
    let half = staff::password(&desk.cabinet, login, typed, &desk.seat.ip, desk.now).await?;
    Ok(Done::Half(half))
}

/// The code; before the first one, what the app has to be told.
pub async fn code_page(desk: &Desk) -> Result<Sheet> {
    let (w, form) = (desk.words, desk.form.clone());
    let half = desk
        .seat
        .half
        .as_ref()
        .ok_or(CabinetError::Forbidden("staff_half"))?;
    let enrolment = staff::enrolment(&desk.cabinet, half, desk.now).await?;
    let lead = w.t(if enrolment.is_some() {
        "staff-code-first"
    } else {
        "staff-code-lead"
    });
    let body = view! {
        {enrolment.map(|enrolment| enrolling(w, &enrolment))}
        <form class="stack" method="post" action="/staff/code/send">
            <FormError form=form.clone()/>
            <TextField form name="code" label=w.t("access-code") mode="numeric" complete="one-time-code"
                class="code" max=7 focus=true/>
            <button class="button wide" type="submit" id="enter">{w.t("staff-enter")}</button>
        </form>
        <p><a href="/staff/enter">{w.t("back")}</a></p>
    };
    Ok(sheet(w.t("staff-code-title"), lead, body.into_any()))
}

fn enrolling(w: Words, enrolment: &Enrolment) -> AnyView {
    let letters: Vec<char> = enrolment.secret.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    view! {
        <ol class="how">
            <li>{w.t("staff-enrol-app")}</li>
            <li><div class="stack tight"><span>{w.t("staff-enrol-scan")}</span>{drawing(&enrolment.link, w.t("staff-enrol-qr"))}</div></li>
            <li><div class="stack tight">
                <span>{t!(w, "staff-enrol-type", login = &enrolment.login)}</span>
                <code id="secret" data-link=enrolment.link.clone()>{groups.join(" ")}</code>
            </div></li>
        </ol>
    }
    .into_any()
}

/// The second half.
pub async fn code(desk: &Desk) -> Result<Done> {
    let half = desk
        .seat
        .half
        .as_ref()
        .ok_or(CabinetError::Forbidden("staff_half"))?;
    let typed = desk.text("code");
    let token = staff::code(&desk.cabinet, half, typed, &desk.seat.ip, desk.now).await?;
    Ok(Done::Entered(token))
}

/// Another password; the first one has to be replaced before anything else.
pub async fn change_page(desk: &Desk) -> Result<Sheet> {
    let (w, form) = (desk.words, desk.form.clone());
    let owed = desk.by()?.must_change;
    let body = view! {
        <form class="stack" method="post" action="/staff/password/send">
            <FormError form=form.clone()/>
            <PasswordField form=form.clone() name="current" label=w.t("access-password-current")
                complete="current-password"/>
            <PasswordField form name="password" label=w.t("access-password-new") hint=w.t("access-password-hint")
                complete="new-password"/>
            <button class="button wide" type="submit" id="change">{w.t("person-save")}</button>
        </form>
    };
    let lead = w.t(if owed {
        "staff-password-first"
    } else {
        "staff-password-lead"
    });
    Ok(sheet(w.t("staff-password-title"), lead, body.into_any()))
}

/// Replaces the password; every other session ends.
pub async fn change(desk: &Desk) -> Result<Done> {
    let (current, password) = (
        desk.text("current").to_owned(),
        desk.text("password").to_owned(),
    );
    let (by, token) = (desk.by()?, &desk.seat.token);
    staff::change_password(&desk.cabinet, by, token, current, password, desk.now).await?;
    Ok(Done::Go("/staff".to_owned(), "staff-done-password"))
}

/// The end of the session.
pub async fn leave(desk: &Desk) -> Result<Done> {
    staff::leave(&desk.cabinet, &desk.seat.token, desk.now).await?;
    Ok(Done::Left)
}
