//! Payouts to a kept card, by a terminal of their own: `Init`, then `Payment`.

use std::time::Duration;

use serde_json::{Map, Value};

use super::payments::{begin, find};
use super::{Answer, Refusal, WRONG_STATE, text, wrong};
use crate::yookassa::card::Behaviour;
use crate::{App, State, faults};

pub(super) fn init(state: &mut State, body: &Map<String, Value>) -> Answer {
    let (id, now) = (state.tbank.number(), state.clock.now());
    let mut payout = begin(&state.tbank.payouts, id, body, now)?;
    let card = text(body, "CardId").ok_or_else(|| wrong("Не передан CardId"))?;
    let kept = state.tbank.cards.iter().find(|kept| kept.card_id == card);
    let kept = kept.filter(|kept| !kept.removed);
    let kept = kept.ok_or(Refusal("7", "Карта не найдена"))?;
    payout.card = Some(kept.card.clone());
    payout.status = "CHECKED";
    let view = payout.view();
    state.tbank.payouts.push(payout);
    Ok(view)
}

pub(super) fn pay(app: &App, state: &mut State, body: &Map<String, Value>) -> Answer {
    let index = find(&state.tbank.payouts, body)?;
    let payout = &mut state.tbank.payouts[index];
    if payout.status != "CHECKED" {
        return Err(WRONG_STATE);
    }
    payout.status = "COMPLETING";
    let (view, id) = (payout.view(), payout.id.clone());
    settle_later(app, state, id);
    Ok(view)
}

fn settle_later(app: &App, state: &mut State, id: String) {
    let fault = state.faults.take("settle.payout");
    let mut wait = Duration::from_millis(app.config.payout_delay_ms);
    match fault.map(|fault| (fault.kind, fault)) {
        Some((faults::Kind::Lost, _)) => return,
        Some((_, fault)) => wait = fault.hold(10_000),
        None => {}
    }
    let (app, epoch) = (app.clone(), state.epoch);
    tokio::spawn(async move {
        tokio::time::sleep(wait).await;
        let mut state = app.lock();
        if state.epoch != epoch {
            return;
        }
        let now = state.clock.now();
        let found = state
            .tbank
            .payouts
            .iter_mut()
            .find(|payout| payout.id == id);
        if let Some(payout) = found {
            let behaviour = payout.card.as_ref().map(|card| card.behaviour);
            if behaviour == Some(Behaviour::RefusesPayouts) {
                payout.status = "REJECTED";
                payout.error = "1005".into();
            } else {
                payout.status = "COMPLETED";
                payout.taken = Some(now);
            }
        }
    });
}
