//! The ledger of contacts as its subject reads it: what went where, what held it back.

use cabinet::BorrowerId;
use cabinet::notice::{self, Contact};
use leptos::prelude::*;
use locales::{Words, t};

use super::pages::{channel_name, name};
use crate::request::Ask;
use crate::ui::format;

/// As many lines are shown.
const SHOWN: u32 = 40;

/// The card, folded; nothing before the first message.
pub(super) async fn ledger(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<AnyView>> {
    let lines = notice::ledger(&ask.cabinet, borrower, SHOWN).await?;
    if lines.is_empty() {
        return Ok(None);
    }
    let w = ask.words;
    let offset = ask.cabinet.lender().clock_offset_minutes;
    let rows = lines
        .iter()
        .map(|line| {
            let state = state(w, line, offset);
            view! {
                <li class="stack tight" data-channel=line.channel.code()
                    data-ended=line.ended.clone().unwrap_or_default()>
                    <span>{w.t(name(line.event))} " · " {w.t(channel_name(line.channel))}</span>
                    <span class="small">{state}</span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    Ok(Some(
        view! {
            <section class="card stack narrow" id="ledger">
                <details>
                    <summary>{w.t("notices-ledger")}</summary>
                    <div class="stack">
                        <p class="quiet">{w.t("notices-ledger-lead")}</p>
                        <ul class="plain stack">{rows}</ul>
                    </div>
                </details>
            </section>
        }
        .into_any(),
    ))
}

fn state(w: Words, line: &Contact, offset: i32) -> String {
    let at = |moment| format::moment(w, moment, offset);
    let sent = at(line.sent_at.unwrap_or(line.asked_at));
    let why = || {
        line.waits
            .as_deref()
            .map(|why| w.t(&format!("notices-waits-{why}")))
            .unwrap_or_default()
    };
    match line.ended.as_deref() {
        Some("sent") => t!(w, "notices-sent", at = sent),
        Some("delivered") => t!(w, "notices-delivered", at = sent),
        Some("undelivered") => t!(w, "notices-undelivered", at = sent),
        Some("refused" | "failed") => w.t("notices-failed"),
        Some("off") => w.t("notices-off"),
        Some(_) if line.waits.is_some() => t!(w, "notices-stale-why", why = why()),
        Some(_) => w.t("notices-stale"),
        None => match line.waits_until {
            Some(until) => t!(w, "notices-waits", at = at(until), why = why()),
            None => w.t("notices-going"),
        },
    }
}
