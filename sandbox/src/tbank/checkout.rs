//! The hosted pages: a payment and a binding. They look like the first provider's, so that a tester
//! learns one page.

use axum::extract::{Path, State as AxumState};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;

use super::{cards, payments};
use crate::yookassa::card::{self, Behaviour, Card, Mistakes};
use crate::yookassa::checkout::View;
use crate::yookassa::checkout_pages as html;
use crate::yookassa::wire::Rub;
use crate::{App, State};

const RIGHT_CODE: &str = "123456";
const ATTEMPTS: u8 = 3;

#[derive(Clone, Copy)]
enum Subject {
    Payment(usize),
    Binding(usize),
}

fn find(state: &State, binding: bool, id: &str) -> Option<Subject> {
    if binding {
        let mut all = state.tbank.bindings.iter();
        all.position(|one| one.id == id).map(Subject::Binding)
    } else {
        let mut all = state.tbank.payments.iter();
        all.position(|one| one.id == id).map(Subject::Payment)
    }
}

fn view(app: &App, state: &State, subject: Subject) -> View {
    let shop = app.config.shop_name.clone();
    let tail = |asked: &Option<(Card, u8)>| asked.as_ref().map(|(card, _)| card.last4.clone());
    match subject {
        Subject::Payment(index) => {
            let payment = &state.tbank.payments[index];
            let failed = !payment.open() && payment.taken.is_none();
            let back = if failed {
                &payment.fail_url
            } else {
                &payment.success_url
            };
            View {
                shop,
                amount: Some(Rub(payment.amount)),
                description: Some(payment.description.clone()),
                sbp: payment.sbp,
                wallet: false,
                path: format!("/tbank/pay/{}", payment.id),
                return_url: back.clone(),
                card_tail: tail(&payment.asked),
                open: payment.open(),
            }
        }
        Subject::Binding(index) => {
            let binding = &state.tbank.bindings[index];
            let failed = binding.status == "REJECTED";
            let back = if failed {
                &binding.fail_url
            } else {
                &binding.success_url
            };
            View {
                shop,
                amount: None,
                description: None,
                sbp: false,
                wallet: false,
                path: format!("/tbank/card/{}", binding.id),
                return_url: back.clone(),
                card_tail: tail(&binding.asked),
                open: binding.open(),
            }
        }
    }
}

fn asked(state: &mut State, subject: Subject) -> &mut Option<(Card, u8)> {
    match subject {
        Subject::Payment(index) => &mut state.tbank.payments[index].asked,
        Subject::Binding(index) => &mut state.tbank.bindings[index].asked,
    }
}

fn accept(app: &App, state: &mut State, subject: Subject, card: Card) {
    match subject {
        Subject::Payment(index) => payments::pay_by_card(app, state, index, card, false),
        Subject::Binding(index) => cards::bind(state, index, card),
    }
}

fn fail_code(app: &App, state: &mut State, subject: Subject) {
    match subject {
        Subject::Payment(index) => payments::reject(app, state, index, "101"),
        Subject::Binding(index) => {
            state.tbank.bindings[index].status = "REJECTED";
            state.tbank.bindings[index].asked = None;
        }
    }
}

/// The page is told apart from a payment that was never opened.
fn shown(state: &mut State, subject: Subject) {
    match subject {
        Subject::Payment(index) => state.tbank.payments[index].status = "FORM_SHOWED",
        Subject::Binding(index) => state.tbank.bindings[index].status = "FORM_SHOWED",
    }
}

fn back(app: &App, state: &State, subject: Subject) -> Response {
    let view = view(app, state, subject);
    if view.return_url.is_empty() {
        Html(html::finished(&view)).into_response()
    } else {
        Redirect::to(&view.return_url).into_response()
    }
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    action: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    exp: String,
    #[serde(default)]
    csc: String,
    #[serde(default)]
    code: String,
}

/// Runs on the subject while it is open; a finished one sends the browser back.
fn opened(
    app: &App,
    binding: bool,
    id: &str,
    work: impl FnOnce(&mut State, Subject, View) -> Response,
) -> Response {
    let mut state = app.lock();
    payments::expire(app, &mut state);
    let Some(subject) = find(&state, binding, id) else {
        return (StatusCode::NOT_FOUND, Html(html::missing())).into_response();
    };
    let view = view(app, &state, subject);
    if !view.open {
        return Html(html::finished(&view)).into_response();
    }
    work(&mut state, subject, view)
}

fn show(app: &App, binding: bool, id: &str) -> Response {
    opened(app, binding, id, |state, subject, view| {
        shown(state, subject);
        Html(html::entry(&view, "", "", &Mistakes::default())).into_response()
    })
}

fn enter(app: &App, binding: bool, id: &str, typed: &Typed) -> Response {
    opened(app, binding, id, |state, subject, view| {
        match (typed.action.as_str(), subject) {
            ("cancel", _) => return back(app, state, subject),
            ("sbp-pay", Subject::Payment(index)) if view.sbp => {
                payments::take(app, state, index);
                return back(app, state, subject);
            }
            ("sbp-decline", Subject::Payment(index)) if view.sbp => {
                payments::reject(app, state, index, "1005");
                return back(app, state, subject);
            }
            _ => {}
        }
        let now = state.clock.now();
        match card::check(&typed.number, &typed.exp, &typed.csc, now) {
            Err(mistakes) => {
                let page = html::entry(&view, &typed.number, &typed.exp, &mistakes);
                (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
            }
            Ok(card) if card.behaviour == Behaviour::Asks => {
                *asked(state, subject) = Some((card, 0));
                Redirect::to(&format!("{}/3ds", view.path)).into_response()
            }
            Ok(card) => {
                accept(app, state, subject, card);
                back(app, state, subject)
            }
        }
    })
}

fn show_code(app: &App, binding: bool, id: &str) -> Response {
    opened(app, binding, id, |_, _, view| {
        if view.card_tail.is_none() {
            return Redirect::to(&view.path).into_response();
        }
        Html(html::code(&view, None)).into_response()
    })
}

fn enter_code(app: &App, binding: bool, id: &str, typed: &Typed) -> Response {
    opened(app, binding, id, |state, subject, view| {
        let Some((card, wrong)) = asked(state, subject).as_mut() else {
            return Redirect::to(&view.path).into_response();
        };
        let card = card.clone();
        if typed.action != "fail" && typed.code.trim() == RIGHT_CODE {
            accept(app, state, subject, card);
            return back(app, state, subject);
        }
        *wrong += 1;
        if typed.action == "fail" || *wrong >= ATTEMPTS {
            fail_code(app, state, subject);
            return back(app, state, subject);
        }
        let page = html::code(&view, Some("Неверный код. Попробуйте ещё раз."));
        (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response()
    })
}

type Render = fn(&App, bool, &str) -> Response;
type Take = fn(&App, bool, &str, &Typed) -> Response;

fn pages(binding: bool, render: Render, take: Take) -> axum::routing::MethodRouter<App> {
    get(move |AxumState(app): AxumState<App>, Path(id): Path<String>| async move {
        render(&app, binding, &id)
    })
    .post(
        move |AxumState(app): AxumState<App>, Path(id): Path<String>, form: Form<Typed>| async move {
            take(&app, binding, &id, &form)
        },
    )
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/tbank/pay/{id}", pages(false, show, enter))
        .route("/tbank/pay/{id}/3ds", pages(false, show_code, enter_code))
        .route("/tbank/card/{id}", pages(true, show, enter))
        .route("/tbank/card/{id}/3ds", pages(true, show_code, enter_code))
}
