//! Payments: their life from creation to the final status.

use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::card::{Behaviour, Card};
use super::methods::{Kind, Method};
use super::wire::{self, ApiError, Cancellation, Query, Rub};
use super::{receipts, webhooks};
use crate::clock::Moment;
use crate::{App, State};

/// How long the payer has to pay.
const CONFIRMATION_TIME: TimeDelta = TimeDelta::hours(1);
/// How long authorised money waits for the shop to capture it.
const HOLD_TIME: TimeDelta = TimeDelta::days(7);
/// The provider's share, in thousandths.
const FEE_PER_MILLE: i64 = 28;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Pending,
    WaitingForCapture,
    Succeeded,
    Canceled,
}

/// What the shop asked to happen when the payer agrees.
#[derive(Debug, Clone, Copy)]
struct Wishes {
    /// One stage: authorised money is taken at once.
    capture: bool,
    /// Keep the method for later payments.
    save: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Payment {
    pub id: String,
    pub status: Status,
    pub paid: bool,
    pub amount: Rub,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub income_amount: Option<Rub>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refunded_amount: Option<Rub>,
    pub refundable: bool,
    pub test: bool,
    pub created_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captured_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub metadata: Map<String, Value>,
    pub recipient: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_details: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_details: Option<Cancellation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_registration: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_customer_id: Option<String>,
    #[serde(skip)]
    wishes: Wishes,
    #[serde(skip)]
    pub kind: Kind,
    #[serde(skip)]
    pub return_url: String,
    /// A card waiting for the bank's code, and how many wrong codes were typed.
    #[serde(skip)]
    pub asked: Option<(Card, u8)>,
    #[serde(skip)]
    pub receipt: Option<Value>,
}

impl Payment {
    fn finish_saving(&self) -> bool {
        self.wishes.save && matches!(self.status, Status::Succeeded | Status::WaitingForCapture)
    }

    pub fn left_to_refund(&self) -> Rub {
        Rub(self.amount.0 - self.refunded_amount.unwrap_or_default().0)
    }
}

pub(super) fn create(app: &App, state: &mut State, body: &Value) -> Result<Value, ApiError> {
    let now = state.clock.now();
    let amount = Rub::required(body, "amount")?;
    let capture = match &body["capture"] {
        Value::Null => false,
        Value::Bool(capture) => *capture,
        _ => return Err(ApiError::invalid("capture", "Must be a boolean")),
    };
    let receipt = receipts::check(body, amount)?;
    let mut payment = Payment {
        id: wire::new_id(),
        status: Status::Pending,
        paid: false,
        amount,
        income_amount: None,
        refunded_amount: None,
        refundable: false,
        test: true,
        created_at: now,
        captured_at: None,
        expires_at: None,
        description: wire::text(body, "description", 128)?,
        metadata: wire::metadata(body)?,
        recipient: json!({
            "account_id": app.config.shop_id,
            "gateway_id": app.config.gateway_id,
        }),
        confirmation: None,
        payment_method: None,
        authorization_details: None,
        cancellation_details: None,
        receipt_registration: receipt.is_some().then_some("pending"),
        merchant_customer_id: wire::text(body, "merchant_customer_id", 200)?,
        wishes: Wishes {
            capture,
            save: body["save_payment_method"] == true,
        },
        kind: Kind::BankCard,
        return_url: String::new(),
        asked: None,
        receipt,
    };

    let saved = wire::text(body, "payment_method_id", 64)?;
    let data = &body["payment_method_data"];
    match saved {
        Some(_) if !data.is_null() => Err(ApiError::invalid(
            "payment_method_id",
            "Use either payment_method_id or payment_method_data",
        )),
        Some(id) => charge_saved(app, state, payment, &id),
        None => {
            payment.kind = kind_of(data)?;
            if payment.kind == Kind::Sbp && !capture {
                return Err(ApiError::invalid(
                    "capture",
                    "SBP payments are one-stage only",
                ));
            }
            confirmation(app, &mut payment, &body["confirmation"])?;
            if !data.is_null() {
                payment.payment_method =
                    Some(json!({ "type": payment.kind, "id": payment.id, "saved": false }));
            }
            let view = json!(payment);
            state.shop.payments.push(payment);
            Ok(view)
        }
    }
}

fn kind_of(data: &Value) -> Result<Kind, ApiError> {
    if !data["card"].is_null() {
        return Err(ApiError::forbidden(
            "Card data is accepted on the payment page only",
        ));
    }
    match data["type"].as_str() {
        Some("sbp") => Ok(Kind::Sbp),
        Some("yoo_money") => Ok(Kind::YooMoney),
        Some("bank_card") => Ok(Kind::BankCard),
        None if data.is_null() => Ok(Kind::BankCard),
        _ => Err(ApiError::invalid(
            "payment_method_data.type",
            "Use bank_card, sbp or yoo_money",
        )),
    }
}

fn confirmation(app: &App, payment: &mut Payment, asked: &Value) -> Result<(), ApiError> {
    let page = format!("{}/checkout/{}", app.config.public_url, payment.id);
    payment.confirmation = Some(match asked["type"].as_str() {
        Some("redirect") => {
            payment.return_url = wire::return_url(asked)?;
            json!({
                "type": "redirect",
                "return_url": payment.return_url,
                "confirmation_url": page,
            })
        }
        Some("qr") => {
            if !asked["return_url"].is_null() {
                payment.return_url = wire::return_url(asked)?;
            }
            json!({ "type": "qr", "confirmation_data": page })
        }
        Some("embedded") => {
            json!({ "type": "embedded", "confirmation_token": format!("ct-{}", payment.id) })
        }
        _ => {
            let description = "Required: redirect, qr or embedded";
            return Err(ApiError::invalid("confirmation.type", description));
        }
    });
    Ok(())
}

/// Charges a saved method without the payer: the answer is already final.
fn charge_saved(
    app: &App,
    state: &mut State,
    mut payment: Payment,
    id: &str,
) -> Result<Value, ApiError> {
    let Some(method) = state
        .shop
        .methods
        .iter()
        .find(|method| method.id == id && method.saved)
    else {
        return Err(ApiError::invalid(
            "payment_method_id",
            "Payment method doesn't exist",
        ));
    };
    payment.kind = method.kind;
    payment.payment_method = Some(method.view());
    payment.wishes.save = false;
    let refusal = method.refusal();
    state.shop.payments.push(payment);
    let index = state.shop.payments.len() - 1;
    match refusal {
        Some(refusal) => cancel(app, state, index, refusal),
        None => authorise(app, state, index, false),
    }
    Ok(json!(state.shop.payments[index]))
}

/// What the payer's bank decides about a card typed on the page.
pub fn pay_by_card(app: &App, state: &mut State, index: usize, card: Card, code_checked: bool) {
    let refusal = match card.behaviour {
        Behaviour::Declines(reason) => Some(reason),
        _ => None,
    };
    let payment = &mut state.shop.payments[index];
    payment.asked = None;
    let mut method = Method::of_card(payment.id.clone(), &app.config, card);
    method.saved = payment.wishes.save && refusal.is_none();
    payment.payment_method = Some(method.view());
    if let Some(reason) = refusal {
        let party = "payment_network";
        cancel(app, state, index, Cancellation { party, reason });
    } else {
        authorise(app, state, index, code_checked);
        keep(state, index, method);
    }
}

/// The payer agreed in the wallet.
pub fn pay_by_wallet(app: &App, state: &mut State, index: usize) {
    let payment = &mut state.shop.payments[index];
    let mut method = Method::of_wallet(payment.id.clone(), &app.config);
    method.saved = payment.wishes.save;
    payment.payment_method = Some(method.view());
    authorise(app, state, index, false);
    keep(state, index, method);
}

/// The payer agreed in the application of their bank.
pub fn pay_by_sbp(app: &App, state: &mut State, index: usize) {
    let payment = &mut state.shop.payments[index];
    let mut method = Method::of_sbp(payment.id.clone(), &app.config);
    method.saved = payment.wishes.save;
    payment.payment_method = Some(method.view());
    authorise(app, state, index, false);
    keep(state, index, method);
}

fn keep(state: &mut State, index: usize, method: Method) {
    if state.shop.payments[index].finish_saving() {
        state.shop.methods.push(method);
    }
}

fn authorise(app: &App, state: &mut State, index: usize, code_checked: bool) {
    let now = state.clock.now();
    let payment = &mut state.shop.payments[index];
    payment.paid = true;
    payment.confirmation = None;
    if payment.kind == Kind::BankCard {
        payment.authorization_details = Some(json!({
            "rrn": wire::digits(12),
            "auth_code": wire::digits(6),
            "three_d_secure": { "applied": code_checked },
        }));
    }
    if payment.wishes.capture {
        take(app, state, index);
    } else {
        payment.status = Status::WaitingForCapture;
        payment.expires_at = Some(now.plus(HOLD_TIME));
        let view = json!(payment);
        webhooks::emit(app, state, "payment.waiting_for_capture", &view);
    }
}

fn take(app: &App, state: &mut State, index: usize) {
    let now = state.clock.now();
    let payment = &mut state.shop.payments[index];
    payment.status = Status::Succeeded;
    payment.captured_at = Some(now);
    payment.expires_at = None;
    payment.refundable = true;
    payment.income_amount = Some(Rub(
        payment.amount.0 - payment.amount.0 * FEE_PER_MILLE / 1000
    ));
    payment.refunded_amount = Some(Rub(0));
    if payment.receipt.is_some() {
        payment.receipt_registration = Some("succeeded");
    }
    let view = json!(payment);
    webhooks::emit(app, state, "payment.succeeded", &view);
}

pub fn cancel(app: &App, state: &mut State, index: usize, why: Cancellation) {
    let payment = &mut state.shop.payments[index];
    payment.status = Status::Canceled;
    payment.paid = false;
    payment.confirmation = None;
    payment.expires_at = None;
    payment.asked = None;
    payment.cancellation_details = Some(why);
    if payment.receipt.is_some() {
        payment.receipt_registration = Some("canceled");
    }
    let view = json!(payment);
    webhooks::emit(app, state, "payment.canceled", &view);
}

/// Calls off payments nobody confirmed and holds nobody captured.
pub fn expire(app: &App, state: &mut State) {
    let now = state.clock.now();
    for index in 0..state.shop.payments.len() {
        let payment = &state.shop.payments[index];
        let reason = match payment.status {
            Status::Pending if payment.created_at.plus(CONFIRMATION_TIME) <= now => {
                "expired_on_confirmation"
            }
            Status::WaitingForCapture if payment.expires_at.is_some_and(|at| at <= now) => {
                "expired_on_capture"
            }
            _ => continue,
        };
        cancel(
            app,
            state,
            index,
            Cancellation {
                party: "yoo_money",
                reason,
            },
        );
    }
}

pub fn find(state: &State, id: &str) -> Result<usize, ApiError> {
    let found = state
        .shop
        .payments
        .iter()
        .position(|payment| payment.id == id);
    found.ok_or_else(|| ApiError::not_found("Payment"))
}

pub(super) fn held(state: &State, id: &str) -> Result<usize, ApiError> {
    let index = find(state, id)?;
    match state.shop.payments[index].status {
        Status::WaitingForCapture => Ok(index),
        _ => Err(ApiError::refused(
            "Payment is not in the waiting_for_capture status",
        )),
    }
}

pub(super) fn capture(
    app: &App,
    state: &mut State,
    id: &str,
    body: &Value,
) -> Result<Value, ApiError> {
    let index = held(state, id)?;
    let payment = &mut state.shop.payments[index];
    let amount = if body["amount"].is_null() {
        payment.amount
    } else {
        Rub::required(body, "amount")?
    };
    if amount > payment.amount {
        return Err(ApiError::invalid(
            "amount.value",
            "More than was authorised",
        ));
    }
    let receipt = receipts::check(body, amount)?;
    if receipt.is_some() {
        payment.receipt = receipt;
    }
    payment.amount = amount;
    take(app, state, index);
    Ok(json!(state.shop.payments[index]))
}

pub(super) fn list(state: &State, pairs: &[(String, String)]) -> Result<Value, ApiError> {
    let query = Query { pairs };
    let created = query.range("created_at")?;
    let captured = query.range("captured_at")?;
    let found: Vec<&Payment> = state
        .shop
        .payments
        .iter()
        .filter(|payment| {
            query
                .get("status")
                .is_none_or(|status| json!(payment.status) == status)
                && query
                    .get("payment_method")
                    .is_none_or(|kind| json!(payment.kind) == kind)
                && created(Some(payment.created_at))
                && captured(payment.captured_at)
        })
        .collect();
    query.page(&found, |payment| &payment.id)
}
