//! The borrower's page, and the mark in the bar.

use cabinet::person::Hold;
use cabinet::support::chat;
use cabinet::upload;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::parts::{Side, chat_script, lines, standing};
use crate::lender::hours;
use crate::request::Ask;
use crate::support::appeals::short_field;
use crate::ui::field::FormError;
use crate::ui::page::{drawn, page};

/// The talk.
#[component]
pub fn ChatPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let (form, w) = (ask.form("chat").await, ask.words);
        let (said, now) = chat::hear(&ask.cabinet, borrower, 0).await?;
        // What stands on the page has been seen: there is nothing else to press.
        chat::seen(&ask.cabinet, borrower, now.last).await?;
        let lender = ask.cabinet.lender();
        let open = t!(w, "chat-hours", hours = hours(w, &lender.help.hours));
        Ok(view! {
            <Title text=w.t("chat-title")/>
            <div class="page">
                <section class="card stack narrow chat" id="chat" data-stream="/chat/stream"
                    data-offline=w.t("chat-offline")>
                    <div class="stack tight">
                        <h1 class="h2">{w.t("chat-title")}</h1>
                        <p class="quiet" id="hours">{open}</p>
                    </div>
                    {lines(w, lender, Side::Borrower, &said)}
                    <div id="standing" role="status">{standing(w, &ask.cabinet, &now)}</div>
                    <form class="stack tight" method="post" action="/api/v1/support/chat-say" id="say" data-say="">
                        <FormError form=form.clone()/>
                        <input type="hidden" name="key" value=fresh(&ask)/>
                        {short_field(&form, "text", &w.t("chat-text"))}
                        <p class="error" data-problem="" role="alert" hidden=true></p>
                        <button class="button wide" type="submit">{w.t("chat-send")}</button>
                    </form>
                    {attaching(&ask).await}
                </section>
                <p class="narrow"><a href="/help">{w.t("help-link")}</a></p>
            </div>
            {chat_script()}
        }
        .into_any())
    })
}

fn fresh(ask: &Ask) -> String {
    ask.cabinet.ports().ids.uuid().to_string()
}

async fn attaching(ask: &Ask) -> AnyView {
    // Pictures belong to a cabinet that is open.
    if ask.hold() == Hold::Unopened {
        return ().into_any();
    }
    let (form, w) = (ask.form("upload").await, ask.words);
    let (open, key) = (form.has_errors(), fresh(ask));
    let kinds = [upload::Kind::Evidence];
    view! {
        <details open=open id="attach">
            <summary>{w.t("chat-attach")}</summary>
            {crate::person::upload_form_once(w, form, &kinds, "/chat", Some(key))}
        </details>
    }
    .into_any()
}

/// The way to the chat in the bar, with the number of answers nobody has read; nothing where there is no chat.
#[component]
pub fn ChatMark(ask: Ask, current: bool) -> impl IntoView {
    let there = ask.cabinet.lender().help.chat.is_some();
    let Some(borrower) = ask.borrower().ok().filter(|_| there) else {
        return ().into_any();
    };
    if let Some(unread) = ask.unread() {
        return drawn(marked(ask.words, unread.lines, current)).into_any();
    }
    let mark = async move {
        let counted = chat::unread(&ask.cabinet, borrower).await;
        let unread = counted.unwrap_or_else(|error| {
            tracing::error!(%error, "answers of a chat can't be counted");
            0
        });
        marked(ask.words, unread, current)
    };
    Suspend::new(mark).into_any()
}

fn marked(w: Words, unread: i64, current: bool) -> AnyView {
    let label = if unread > 0 {
        t!(w, "chat-mark-unread", count = unread)
    } else {
        w.t("chat-title")
    };
    let number = (unread > 0).then(|| {
        view! { <span class="count num" aria-hidden="true">{unread.min(99).to_string()}</span> }
    });
    view! {
        <a class="bell" id="chat-mark" href="/chat" aria-label=label data-unread=unread.to_string()
            aria-current=current.then_some("page")>
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5"></path>
            </svg>
            {number}
        </a>
    }
    .into_any()
}
