//! Payments: from `Init` to their last status.

use std::collections::HashMap;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::cards::{self, KeptCard};
use super::{Answer, NO_PAYMENT, Refusal, WRONG_STATE, amount, notify, text, wrong};
use crate::clock::Moment;
use crate::yookassa::SBP_BANKS;
use crate::yookassa::card::{Behaviour, Card};
use crate::{App, State};

/// How long the payer has to pay.
const PAGE_TIME: TimeDelta = TimeDelta::hours(1);

/// A payment, or a payout: the provider describes both the same way.
#[derive(Debug, Clone)]
pub struct Payment {
    pub id: String,
    pub order: String,
    pub amount: i64,
    pub status: &'static str,
    /// `0`, or why it was rejected.
    pub error: String,
    pub description: String,
    pub success_url: String,
    pub fail_url: String,
    pub notification_url: String,
    pub customer: Option<String>,
    pub recurrent: bool,
    pub two_stage: bool,
    pub receipt: Value,
    pub created: Moment,
    pub taken: Option<Moment>,
    pub sbp: bool,
    pub card: Option<Card>,
    pub kept: Option<KeptCard>,
    /// A card waiting for the bank's code, and how many wrong codes were typed.
    pub asked: Option<(Card, u8)>,
    pub refunded: i64,
    /// What each refund with an id of the shop's own answered.
    pub refunds: HashMap<String, Value>,
}

impl Payment {
    pub fn open(&self) -> bool {
        matches!(self.status, "NEW" | "FORM_SHOWED")
    }

    pub(super) fn view(&self) -> Value {
        json!({
            "Status": self.status,
            "PaymentId": self.id,
            "OrderId": self.order,
            "Amount": self.amount,
        })
    }

    pub(super) fn row(&self) -> Value {
        let mut row = self.view();
        row["Refunded"] = self.refunded.into();
        row["TakenAt"] = json!(self.taken);
        row["ErrorCode"] = self.error.clone().into();
        row["Receipt"] = self.receipt.clone();
        row
    }
}

pub fn find(list: &[Payment], body: &Map<String, Value>) -> Result<usize, Refusal> {
    let id = text(body, "PaymentId").ok_or_else(|| wrong("Не передан PaymentId"))?;
    let found = list.iter().position(|payment| payment.id == id);
    found.ok_or(NO_PAYMENT)
}

/// Fields that payments and payouts begin with. An order is made once: that is how its shop knows
/// that a lost answer did not make a second one.
pub fn begin(
    list: &[Payment],
    id: String,
    body: &Map<String, Value>,
    created: Moment,
) -> Result<Payment, Refusal> {
    let order = text(body, "OrderId").ok_or_else(|| wrong("Не передан OrderId"))?;
    if list.iter().any(|payment| payment.order == order) {
        return Err(Refusal("8", "Заказ с таким order_id уже существует"));
    }
    let sum = amount(body).filter(|sum| *sum >= 100);
    let url = |field| text(body, field).unwrap_or_default();
    Ok(Payment {
        id,
        order,
        amount: sum.ok_or_else(|| wrong("Неверная сумма"))?,
        status: "NEW",
        error: "0".into(),
        description: url("Description"),
        success_url: url("SuccessURL"),
        fail_url: url("FailURL"),
        notification_url: url("NotificationURL"),
        customer: text(body, "CustomerKey"),
        recurrent: text(body, "Recurrent").as_deref() == Some("Y"),
        two_stage: text(body, "PayType").as_deref() == Some("T"),
        receipt: body.get("Receipt").cloned().unwrap_or_default(),
        created,
        taken: None,
        sbp: false,
        card: None,
        kept: None,
        asked: None,
        refunded: 0,
        refunds: HashMap::new(),
    })
}

pub(super) fn init(app: &App, state: &mut State, body: &Map<String, Value>) -> Answer {
    let (id, now) = (state.tbank.number(), state.clock.now());
    let payment = begin(&state.tbank.payments, id, body, now)?;
    if payment.recurrent && payment.customer.is_none() {
        return Err(wrong("Для Recurrent нужен CustomerKey"));
    }
    check_receipt(&payment)?;
    let mut view = payment.view();
    view["PaymentURL"] = format!("{}/tbank/pay/{}", app.config.public_url, payment.id).into();
    state.tbank.payments.push(payment);
    Ok(view)
}

/// The sums of a receipt's lines make the payment's sum, and somebody can receive it.
fn check_receipt(payment: &Payment) -> Result<(), Refusal> {
    let receipt = &payment.receipt;
    if receipt.is_null() {
        return Ok(());
    }
    let lines = receipt["Items"].as_array().map_or(&[][..], Vec::as_slice);
    let total: i64 = lines
        .iter()
        .filter_map(|line| line["Amount"].as_i64())
        .sum();
    let named = lines.iter().all(|line| {
        let name = line["Name"].as_str().unwrap_or_default();
        (1..=128).contains(&name.chars().count()) && line["Tax"].is_string()
    });
    let reachable = receipt["Phone"].is_string() || receipt["Email"].is_string();
    if total != payment.amount || !named || !reachable || !receipt["Taxation"].is_string() {
        return Err(Refusal("309", "Поле Receipt заполнено неверно"));
    }
    Ok(())
}

pub(super) fn get_state(list: &[Payment], body: &Map<String, Value>) -> Answer {
    Ok(list[find(list, body)?].view())
}

pub(super) fn check_order(list: &[Payment], body: &Map<String, Value>) -> Answer {
    let order = text(body, "OrderId").ok_or_else(|| wrong("Не передан OrderId"))?;
    let payments: Vec<Value> = list
        .iter()
        .filter(|payment| payment.order == order)
        .map(|payment| {
            json!({
                "PaymentId": payment.id,
                "Amount": payment.amount,
                "Status": payment.status,
                "Success": payment.error == "0",
                "ErrorCode": payment.error,
            })
        })
        .collect();
    if payments.is_empty() {
        return Err(Refusal("335", "Заказ не найден"));
    }
    Ok(json!({ "OrderId": order, "Payments": payments }))
}

/// What the payer's bank decides about a card: typed on the page, or charged without its owner.
pub fn pay_by_card(app: &App, state: &mut State, index: usize, card: Card, alone: bool) {
    let refusal = match card.behaviour {
        Behaviour::Declines(reason) => Some(reason),
        Behaviour::DeclinesLater(reason) if alone => Some(reason),
        _ => None,
    };
    let payment = &mut state.tbank.payments[index];
    payment.asked = None;
    payment.card = Some(card.clone());
    if let Some(reason) = refusal {
        return reject(app, state, index, code_of(reason));
    }
    if let Some(customer) = payment
        .customer
        .clone()
        .filter(|_| payment.recurrent && !alone)
    {
        let kept = cards::keep(state, customer, card);
        state.tbank.payments[index].kept = Some(kept);
    }
    take(app, state, index);
}

/// The provider's number for a reason.
fn code_of(reason: &str) -> &'static str {
    match reason {
        "insufficient_funds" => "1051",
        "card_expired" => "1054",
        "invalid_csc" => "1082",
        "3d_secure_failed" => "101",
        _ => "1005",
    }
}

/// One stage tells AUTHORIZED and CONFIRMED at the same time.
pub fn take(app: &App, state: &mut State, index: usize) {
    let now = state.clock.now();
    let payment = &mut state.tbank.payments[index];
    let two_stage = payment.two_stage;
    payment.status = if two_stage { "AUTHORIZED" } else { "CONFIRMED" };
    if !two_stage {
        payment.taken = Some(now);
    }
    let payment = payment.clone();
    notify::emit(app, state, &payment, "tbank.AUTHORIZED", "AUTHORIZED");
    if !two_stage {
        notify::emit(app, state, &payment, "tbank.CONFIRMED", "CONFIRMED");
    }
}

pub fn reject(app: &App, state: &mut State, index: usize, code: &str) {
    let payment = &mut state.tbank.payments[index];
    payment.status = "REJECTED";
    code.clone_into(&mut payment.error);
    payment.asked = None;
    let payment = payment.clone();
    notify::emit(app, state, &payment, "tbank.REJECTED", "REJECTED");
}

pub(super) fn confirm(app: &App, state: &mut State, body: &Map<String, Value>) -> Answer {
    let index = find(&state.tbank.payments, body)?;
    let now = state.clock.now();
    let payment = &mut state.tbank.payments[index];
    if payment.status != "AUTHORIZED" {
        return Err(WRONG_STATE);
    }
    payment.status = "CONFIRMED";
    payment.taken = Some(now);
    let payment = payment.clone();
    notify::emit(app, state, &payment, "tbank.CONFIRMED", "CONFIRMED");
    Ok(payment.view())
}

/// Calls off what is not paid, lets held money go, or gives taken money back, wholly or in part.
pub(super) fn cancel(app: &App, state: &mut State, body: &Map<String, Value>) -> Answer {
    let index = find(&state.tbank.payments, body)?;
    let key = text(body, "ExternalRequestId");
    let payment = &mut state.tbank.payments[index];
    if let Some(first) = key.as_ref().and_then(|key| payment.refunds.get(key)) {
        return Ok(first.clone());
    }
    let original = payment.amount - payment.refunded;
    let sum = amount(body).unwrap_or(original);
    match payment.status {
        "NEW" | "FORM_SHOWED" => payment.status = "CANCELED",
        "AUTHORIZED" => payment.status = "REVERSED",
        "CONFIRMED" | "PARTIAL_REFUNDED" if sum >= 100 && sum <= original => {
            payment.refunded += sum;
            let whole = payment.refunded == payment.amount;
            payment.status = if whole {
                "REFUNDED"
            } else {
                "PARTIAL_REFUNDED"
            };
        }
        "CONFIRMED" | "PARTIAL_REFUNDED" => return Err(wrong("Неверная сумма возврата")),
        _ => return Err(WRONG_STATE),
    }
    let mut view = payment.view();
    view["OriginalAmount"] = original.into();
    view["NewAmount"] = (payment.amount - payment.refunded).into();
    if let Some(key) = key {
        payment.refunds.insert(key, view.clone());
    }
    let payment = payment.clone();
    notify::emit(app, state, &payment, "tbank.CANCELED", payment.status);
    Ok(view)
}

/// Charges a kept card; the answer is final.
pub(super) fn charge(app: &App, state: &mut State, body: &Map<String, Value>) -> Answer {
    let index = find(&state.tbank.payments, body)?;
    if state.tbank.payments[index].status != "NEW" {
        return Err(WRONG_STATE);
    }
    let rebill = text(body, "RebillId").unwrap_or_default();
    let kept = state
        .tbank
        .cards
        .iter()
        .find(|kept| kept.rebill_id == rebill);
    let Some(kept) = kept.filter(|kept| !kept.removed).cloned() else {
        return Err(Refusal(
            "10",
            "Метод Charge заблокирован для данного RebillId",
        ));
    };
    pay_by_card(app, state, index, kept.card, true);
    let payment = &state.tbank.payments[index];
    let mut view = payment.view();
    if payment.status == "REJECTED" {
        view["Success"] = false.into();
        view["ErrorCode"] = payment.error.clone().into();
        view["Message"] = "Операция отклонена".into();
    }
    Ok(view)
}

pub(super) fn get_qr(app: &App, state: &mut State, body: &Map<String, Value>) -> Answer {
    let index = find(&state.tbank.payments, body)?;
    let payment = &mut state.tbank.payments[index];
    if !payment.open() {
        return Err(WRONG_STATE);
    }
    if text(body, "DataType").is_some_and(|kind| kind != "PAYLOAD") {
        return Err(wrong("В песочнице есть только PAYLOAD"));
    }
    payment.sbp = true;
    let data = format!("{}/tbank/pay/{}", app.config.public_url, payment.id);
    Ok(json!({ "OrderId": payment.order, "PaymentId": payment.id, "Data": data }))
}

pub(super) fn members() -> Value {
    let members: Vec<Value> = SBP_BANKS
        .iter()
        .map(|(id, name, _)| json!({ "MemberId": id, "MemberName": name, "IsPayee": false }))
        .collect();
    json!({ "Members": members })
}

/// Ends what nobody paid in time, by the sandbox clock.
pub fn expire(app: &App, state: &mut State) {
    let now = state.clock.now();
    for index in 0..state.tbank.payments.len() {
        let payment = &mut state.tbank.payments[index];
        if payment.open() && payment.created.plus(PAGE_TIME) <= now {
            payment.status = "DEADLINE_EXPIRED";
            let payment = payment.clone();
            notify::emit(
                app,
                state,
                &payment,
                "tbank.DEADLINE_EXPIRED",
                payment.status,
            );
        }
    }
    for binding in &mut state.tbank.bindings {
        if binding.open() && binding.created.plus(PAGE_TIME) <= now {
            binding.status = "REJECTED";
        }
    }
}
