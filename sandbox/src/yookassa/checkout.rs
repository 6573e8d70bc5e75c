//! The hosted page: card entry, the bank's code, and the way back to the shop.

use axum::extract::{Path, State as AxumState};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;

use super::card::{self, Behaviour, Card, Mistakes};
use super::checkout_pages as html;
use super::wire::{Cancellation, Rub};
use super::{methods, payments, sweep};
use crate::{App, State};

/// The code the payer's bank "sends".
const RIGHT_CODE: &str = "123456";
/// Wrong codes before the bank gives up.
const ATTEMPTS: u8 = 3;

/// What the page is for.
#[derive(Clone, Copy)]
enum Subject {
    Payment(usize),
    Binding(usize),
}

/// What a page needs to know about its subject.
pub struct View {
    pub shop: String,
    /// None when a card is bound for nothing.
    pub amount: Option<Rub>,
    pub description: Option<String>,
    pub sbp: bool,
    pub wallet: bool,
    pub path: String,
    pub return_url: String,
    pub card_tail: Option<String>,
    pub open: bool,
}

fn find(state: &State, binding: bool, id: &str) -> Option<Subject> {
    if binding {
        let index = methods::find(state, id).ok()?;
        state.shop.methods[index].binding.as_ref()?;
        Some(Subject::Binding(index))
    } else {
        payments::find(state, id).ok().map(Subject::Payment)
    }
}

fn view(app: &App, state: &State, subject: Subject) -> View {
    let shop = app.config.shop_name.clone();
    let tail = |asked: &Option<(Card, u8)>| asked.as_ref().map(|(card, _)| card.last4.clone());
    match subject {
        Subject::Payment(index) => {
            let payment = &state.shop.payments[index];
            View {
                shop,
                amount: Some(payment.amount),
                description: payment.description.clone(),
                sbp: payment.kind == methods::Kind::Sbp,
                wallet: payment.kind == methods::Kind::YooMoney,
                path: format!("/checkout/{}", payment.id),
                return_url: payment.return_url.clone(),
                card_tail: tail(&payment.asked),
                open: payment.status == payments::Status::Pending,
            }
        }
        Subject::Binding(index) => {
            let method = &state.shop.methods[index];
            let binding = method.binding.as_ref();
            View {
                shop,
                amount: None,
                description: None,
                sbp: false,
                wallet: false,
                path: format!("/checkout/binding/{}", method.id),
                return_url: binding.map(|b| b.return_url.clone()).unwrap_or_default(),
                card_tail: binding.and_then(|b| tail(&b.asked)),
                open: method.status == methods::Status::Pending,
            }
        }
    }
}

/// The waiting card with its count of wrong codes.
fn asked(state: &mut State, subject: Subject) -> Option<&mut Option<(Card, u8)>> {
    match subject {
        Subject::Payment(index) => Some(&mut state.shop.payments[index].asked),
        Subject::Binding(index) => state.shop.methods[index]
            .binding
            .as_mut()
            .map(|binding| &mut binding.asked),
    }
}

fn accept(app: &App, state: &mut State, subject: Subject, card: Card, code_checked: bool) {
    match subject {
        Subject::Payment(index) => payments::pay_by_card(app, state, index, card, code_checked),
        Subject::Binding(index) => methods::bind(app, state, index, card),
    }
}

fn fail_code(app: &App, state: &mut State, subject: Subject) {
    match subject {
        Subject::Payment(index) => {
            let why = Cancellation {
                party: "payment_network",
                reason: "3d_secure_failed",
            };
            payments::cancel(app, state, index, why);
        }
        Subject::Binding(index) => methods::reject(state, index),
    }
}

/// 303 to the shop; a page when there is nowhere to return to.
fn back(view: &View) -> Response {
    if view.return_url.is_empty() {
        Html(html::finished(view)).into_response()
    } else {
        Redirect::to(&view.return_url).into_response()
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, Html(html::missing())).into_response()
}

#[derive(Deserialize)]
struct Entered {
    #[serde(default)]
    action: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    exp: String,
    #[serde(default)]
    csc: String,
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    action: String,
    #[serde(default)]
    code: String,
}

fn show(app: &App, binding: bool, id: &str) -> Response {
    let mut state = app.lock();
    sweep(app, &mut state);
    let Some(subject) = find(&state, binding, id) else {
        return missing();
    };
    let view = view(app, &state, subject);
    if !view.open {
        return Html(html::finished(&view)).into_response();
    }
    Html(html::entry(&view, "", "", &Mistakes::default())).into_response()
}

fn enter(app: &App, binding: bool, id: &str, typed: &Entered) -> Response {
    let mut state = app.lock();
    sweep(app, &mut state);
    let Some(subject) = find(&state, binding, id) else {
        return missing();
    };
    let view = view(app, &state, subject);
    if !view.open {
        return back(&view);
    }
    match (typed.action.as_str(), subject) {
        // The payer walks away: the payment stays pending until its time is up.
        ("cancel", _) => back(&view),
        ("sbp-pay", Subject::Payment(index)) if view.sbp => {
            payments::pay_by_sbp(app, &mut state, index);
            back(&view)
        }
        ("wallet-pay", Subject::Payment(index)) if view.wallet => {
            payments::pay_by_wallet(app, &mut state, index);
            back(&view)
        }
        ("sbp-decline", Subject::Payment(index)) if view.sbp || view.wallet => {
            let why = Cancellation {
                party: "payment_network",
                reason: "general_decline",
            };
            payments::cancel(app, &mut state, index, why);
            back(&view)
        }
        _ => {
            let now = state.clock.now();
            match card::check(&typed.number, &typed.exp, &typed.csc, now) {
                Err(mistakes) => {
                    let page = html::entry(&view, &typed.number, &typed.exp, &mistakes);
                    (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
                }
                Ok(card) if card.behaviour == Behaviour::Asks => {
                    if let Some(asked) = asked(&mut state, subject) {
                        *asked = Some((card, 0));
                    }
                    Redirect::to(&format!("{}/3ds", view.path)).into_response()
                }
                Ok(card) => {
                    accept(app, &mut state, subject, card, false);
                    back(&view)
                }
            }
        }
    }
}

fn show_code(app: &App, binding: bool, id: &str) -> Response {
    let mut state = app.lock();
    sweep(app, &mut state);
    let Some(subject) = find(&state, binding, id) else {
        return missing();
    };
    let view = view(app, &state, subject);
    if !view.open {
        return Html(html::finished(&view)).into_response();
    }
    if view.card_tail.is_none() {
        return Redirect::to(&view.path).into_response();
    }
    Html(html::code(&view, None)).into_response()
}

fn enter_code(app: &App, binding: bool, id: &str, typed: &Code) -> Response {
    let mut state = app.lock();
    sweep(app, &mut state);
    let Some(subject) = find(&state, binding, id) else {
        return missing();
    };
    let view = view(app, &state, subject);
    if !view.open {
        return back(&view);
    }
    let Some((card, wrong)) = asked(&mut state, subject).and_then(Option::as_mut) else {
        return Redirect::to(&view.path).into_response();
    };
    if typed.action == "fail" {
        fail_code(app, &mut state, subject);
        return back(&view);
    }
    if typed.code.trim() == RIGHT_CODE {
        let card = card.clone();
        accept(app, &mut state, subject, card, true);
        return back(&view);
    }
    *wrong += 1;
    if *wrong >= ATTEMPTS {
        fail_code(app, &mut state, subject);
        return back(&view);
    }
    let text = match ATTEMPTS - *wrong {
        1 => "Неверный код. Осталась одна попытка.",
        _ => "Неверный код. Осталось две попытки.",
    };
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        Html(html::code(&view, Some(text))),
    )
        .into_response()
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/checkout/{id}", pages(false))
        .route("/checkout/{id}/3ds", codes(false))
        .route("/checkout/binding/{id}", pages(true))
        .route("/checkout/binding/{id}/3ds", codes(true))
}

fn pages(binding: bool) -> axum::routing::MethodRouter<App> {
    get(move |AxumState(app): AxumState<App>, Path(id): Path<String>| async move {
        show(&app, binding, &id)
    })
    .post(
        move |AxumState(app): AxumState<App>, Path(id): Path<String>, form: Form<Entered>| async move {
            enter(&app, binding, &id, &form)
        },
    )
}

fn codes(binding: bool) -> axum::routing::MethodRouter<App> {
    get(
        move |AxumState(app): AxumState<App>, Path(id): Path<String>| async move {
            show_code(&app, binding, &id)
        },
    )
    .post(
        move |AxumState(app): AxumState<App>, Path(id): Path<String>, form: Form<Code>| async move {
            enter_code(&app, binding, &id, &form)
        },
    )
}
