//! What somebody whom an agent brought reads of it: that the price is the same, and what the agent will see.

use cabinet::agent;
use leptos::prelude::*;

use crate::request::{AGENT, Ask};

/// The cookie of an agent's link. Lax: the link is followed from somewhere else.
pub fn cookie(kept: &str, window_days: u32) -> String {
    let seconds = u64::from(window_days) * 86_400;
    format!("{AGENT}={kept}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax")
}

/// Whether an agent brought whoever asks: their row, or before it the link's cookie.
async fn brought(ask: &Ask) -> bool {
    let found = match ask.member() {
        Ok((borrower, _)) => agent::brought(&ask.cabinet, borrower)
            .await
            .map(|found| found.is_some()),
        Err(_) => agent::clicked(&ask.cabinet, ask.agent_click()).await,
    };
    found.unwrap_or_else(|error| {
        tracing::error!(%error, "whether an agent brought somebody can't be read");
        false
    })
}

/// The price does not depend on the agent.
pub async fn price(ask: &Ask) -> Option<AnyView> {
    brought(ask).await.then(|| {
        let w = ask.words;
        view! { <p class="note plain" id="agent-note">{w.t("agent-price")}</p> }.into_any()
    })
}

/// The same, and what the agent will see: where the application is.
pub async fn seen(ask: &Ask) -> Option<AnyView> {
    brought(ask).await.then(|| {
        let w = ask.words;
        view! {
            <section class="card stack tight" id="agent-note">
                <h2>{w.t("agent-note-title")}</h2>
                <p>{w.t("agent-price")}</p>
                <p>{w.t("agent-seen")}</p>
            </section>
        }
        .into_any()
    })
}
