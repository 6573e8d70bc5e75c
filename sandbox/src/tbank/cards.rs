//! Customers and the cards they keep.

use serde_json::{Map, Value, json};

use super::{Answer, Refusal, text, wrong};
use crate::clock::Moment;
use crate::yookassa::card::{Behaviour, Card};
use crate::{App, State};

const NO_CUSTOMER: Refusal = Refusal("7", "Покупатель не найден");

/// A card that a customer keeps.
#[derive(Debug, Clone)]
pub struct KeptCard {
    pub customer: String,
    pub card_id: String,
    pub rebill_id: String,
    pub card: Card,
    pub removed: bool,
}

/// A card being bound without a payment.
#[derive(Debug, Clone)]
pub struct Binding {
    pub id: String,
    pub customer: String,
    pub status: &'static str,
    pub success_url: String,
    pub fail_url: String,
    pub kept: Option<KeptCard>,
    pub created: Moment,
    pub asked: Option<(Card, u8)>,
}

impl Binding {
    pub fn open(&self) -> bool {
        matches!(self.status, "NEW" | "FORM_SHOWED")
    }
}

fn customer(body: &Map<String, Value>) -> Result<String, Refusal> {
    text(body, "CustomerKey").ok_or_else(|| wrong("Не передан CustomerKey"))
}

fn known(state: &State, body: &Map<String, Value>) -> Result<String, Refusal> {
    let customer = customer(body)?;
    if state.tbank.customers.contains(&customer) {
        Ok(customer)
    } else {
        Err(NO_CUSTOMER)
    }
}

pub(super) fn add_customer(state: &mut State, body: &Map<String, Value>) -> Answer {
    let customer = customer(body)?;
    if !state.tbank.customers.insert(customer.clone()) {
        return Err(Refusal("7", "Покупатель уже существует"));
    }
    Ok(json!({ "CustomerKey": customer }))
}

pub(super) fn get_customer(state: &State, body: &Map<String, Value>) -> Answer {
    Ok(json!({ "CustomerKey": known(state, body)? }))
}

pub(super) fn add_card(app: &App, state: &mut State, body: &Map<String, Value>) -> Answer {
    let customer = known(state, body)?;
    let url = |field| text(body, field).unwrap_or_default();
    let binding = Binding {
        id: format!("req-{}", state.tbank.number()),
        customer: customer.clone(),
        status: "NEW",
        success_url: url("SuccessAddCardURL"),
        fail_url: url("FailAddCardURL"),
        kept: None,
        created: state.clock.now(),
        asked: None,
    };
    let page = format!("{}/tbank/card/{}", app.config.public_url, binding.id);
    let view = json!({
        "CustomerKey": customer,
        "RequestKey": binding.id,
        "PaymentURL": page,
    });
    state.tbank.bindings.push(binding);
    Ok(view)
}

pub(super) fn get_state(state: &State, body: &Map<String, Value>) -> Answer {
    let id = text(body, "RequestKey").unwrap_or_default();
    let found = state.tbank.bindings.iter().find(|binding| binding.id == id);
    let binding = found.ok_or(Refusal("7", "Запрос не найден"))?;
    let mut view = json!({
        "RequestKey": binding.id,
        "CustomerKey": binding.customer,
        "Status": binding.status,
    });
    if let Some(kept) = &binding.kept {
        view["CardId"] = kept.card_id.clone().into();
        view["RebillId"] = kept.rebill_id.clone().into();
    }
    Ok(view)
}

pub(super) fn list(state: &State, body: &Map<String, Value>) -> Answer {
    let customer = known(state, body)?;
    let cards: Vec<Value> = state
        .tbank
        .cards
        .iter()
        .filter(|kept| kept.customer == customer)
        .map(|kept| {
            json!({
                "CardId": kept.card_id,
                "RebillId": kept.rebill_id,
                "Pan": format!("{}******{}", kept.card.first6, kept.card.last4),
                "ExpDate": "1230",
                "Status": if kept.removed { "D" } else { "A" },
                "CardType": 2,
            })
        })
        .collect();
    Ok(Value::Array(cards))
}

pub(super) fn remove(state: &mut State, body: &Map<String, Value>) -> Answer {
    let customer = known(state, body)?;
    let id = text(body, "CardId").unwrap_or_default();
    let mut cards = state.tbank.cards.iter_mut();
    let kept = cards.find(|kept| kept.card_id == id && kept.customer == customer);
    let kept = kept.ok_or(Refusal("7", "Карта не найдена"))?;
    kept.removed = true;
    Ok(json!({ "CustomerKey": customer, "CardId": id, "Status": "D", "CardType": 2 }))
}

/// Keeps a card for a customer, who is made when there is none.
pub fn keep(state: &mut State, customer: String, card: Card) -> KeptCard {
    state.tbank.customers.insert(customer.clone());
    let kept = KeptCard {
        customer,
        card_id: state.tbank.number(),
        rebill_id: state.tbank.number(),
        card,
        removed: false,
    };
    state.tbank.cards.push(kept.clone());
    kept
}

/// What the bank decides about a card typed on the binding page.
pub fn bind(state: &mut State, index: usize, card: Card) {
    let binding = &mut state.tbank.bindings[index];
    binding.asked = None;
    if matches!(card.behaviour, Behaviour::Declines(_)) {
        binding.status = "REJECTED";
        return;
    }
    binding.status = "COMPLETED";
    let customer = binding.customer.clone();
    let kept = keep(state, customer, card);
    state.tbank.bindings[index].kept = Some(kept);
}
