//! Pieces that the borrower's page, the specialist's page and both live connections are made of.

use cabinet::lender::help::Hours;
use cabinet::support::chat::{Author, Line, Note, Standing, State, Waiting};
use cabinet::{Cabinet, Lender};
use chrono::{DateTime, Utc};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use locales::{Words, t};

use super::{SCRIPT, SCRIPT_PATH};
use crate::lender::zone;
use crate::ui::format;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side<'a> {
    /// The borrower.
    Borrower,
    /// A specialist, on the page of this address.
    Staff(&'a str),
}

/// Lines, oldest first, in the list that the script adds to.
pub fn lines(w: Words, lender: &Lender, side: Side<'_>, lines: &[Line]) -> AnyView {
    let last = lines.last().map_or(0, |line| line.seq).to_string();
    let none = lines.is_empty().then(|| w.t("chat-none"));
    let rows: Vec<_> = lines.iter().map(|one| line(w, lender, side, one)).collect();
    view! {
        <p class="quiet" id="no-lines" hidden=none.is_none()>{w.t("chat-none")}</p>
        <div class="talk" role="log" tabindex="0" aria-label=w.t("chat-lines") hidden=lines.is_empty()>
            <ol class="plain" id="lines" data-last=last>{rows}</ol>
        </div>
    }
    .into_any()
}

fn first_name(name: &str) -> String {
    name.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn line(w: Words, lender: &Lender, side: Side<'_>, one: &Line) -> AnyView {
    let staff = side != Side::Borrower;
    let name = if staff {
        one.name.clone()
    } else {
        first_name(&one.name)
    };
    let at = format::moment(w, one.at, lender.clock_offset_minutes);
    let seq = one.seq.to_string();
    if one.author == Author::Note {
        let note = one.note.map_or("taken", Note::code);
        let text = w.args(
            &format!("chat-note-{note}"),
            &[("name", name.as_str().into())],
        );
        return view! {
            <li class="said happened" data-seq=seq data-author="note"><span class="small">{text}" · "{at}</span></li>
        }
        .into_any();
    }
    let (mine, by) = match (one.author, staff) {
        (Author::Borrower, false) => (true, w.t("chat-you")),
        (Author::Borrower, true) => (false, w.t("staff-chat-borrower")),
        (_, staff) => (staff, name),
    };
    let class = if mine { "said mine" } else { "said theirs" };
    let words = (!one.text.is_empty()).then(|| view! { <p>{one.text.clone()}</p> });
    view! {
        <li class=class data-seq=seq data-author=one.author.code()>
            <span class="small">{by}" · "{at}</span>
            {words}
            {picture(w, side, one)}
        </li>
    }
    .into_any()
}

fn picture(w: Words, side: Side<'_>, one: &Line) -> Option<AnyView> {
    let Some(id) = one.picture else {
        // Its owner has taken it away since.
        return one
            .text
            .is_empty()
            .then(|| view! { <p class="quiet">{w.t("chat-picture-gone")}</p> }.into_any());
    };
    let name = w.t("chat-picture");
    Some(match side {
        Side::Borrower => {
            let (here, full) = (format!("/uploads/{id}"), format!("/uploads/{id}"));
            view! { <a href=full><img src=here alt=name width="160" height="120" loading="lazy"/></a> }
                .into_any()
        }
        Side::Staff(page) => {
            view! { <p><a href=format!("{page}/pictures/{id}")>{name}</a></p> }.into_any()
        }
    })
}

/// «24 ноября, 07:00 по Москве»: on the clock of the hours of work.
fn on_clock(w: Words, hours: &Hours, at: DateTime<Utc>) -> String {
    let local = format::moment(w, at, hours.zone.offset_minutes());
    format!("{local} {}", zone(w, hours.zone))
}

/// Where one's own chat stands, in a sentence or two.
fn standing_texts(w: Words, cab: &Cabinet, now: &Standing) -> Vec<String> {
    let help = &cab.lender().help;
    let opens = || on_clock(w, &help.hours, now.opens);
    let mut texts = Vec::new();
    match (now.state, now.specialist.as_deref()) {
        (Some(State::Taken), Some(name)) => {
            texts.push(t!(w, "chat-taken", name = first_name(name)));
        }
        (Some(State::Waiting), _) if now.ahead == 0 => texts.push(w.t("chat-first")),
        (Some(State::Waiting), _) => texts.push(t!(w, "chat-ahead", count = now.ahead)),
        _ if now.open => {
            let minutes = help.chat.map_or(0, |chat| i64::from(chat.answer_minutes));
            texts.push(t!(w, "chat-open", minutes = minutes));
        }
        _ => texts.push(t!(w, "chat-night", opens = opens())),
    }
    if let Some(by) = now.answer_by {
        let by_text = on_clock(w, &help.hours, by);
        texts.push(match (now.late, now.open) {
            (true, true) => w.t("chat-late"),
            (_, true) => t!(w, "chat-answer-by", at = by_text),
            (_, false) => t!(w, "chat-answer-night", opens = opens(), at = by_text),
        });
    }
    texts
}

/// Where one's own chat stands, as the page has it.
pub(super) fn standing(w: Words, cab: &Cabinet, now: &Standing) -> AnyView {
    let texts: Vec<_> = standing_texts(w, cab, now)
        .into_iter()
        .map(|text| view! { <p>{text}</p> })
        .collect();
    let (state, ahead) = (now.state.map_or("none", State::code), now.ahead.to_string());
    view! { <div class="stack tight" data-state=state data-ahead=ahead data-open=now.open.to_string()>{texts}</div> }
        .into_any()
}

/// What a specialist reads of where a chat stands.
fn waiting_words(w: Words, cab: &Cabinet, one: &Waiting) -> String {
    let hours = &cab.lender().help.hours;
    match one.answer_by {
        Some(_) if one.late => w.t("staff-chat-late"),
        Some(by) => t!(w, "chat-answer-by", at = on_clock(w, hours, by)),
        None => w.t("staff-chat-answered"),
    }
}

fn waiting(w: Words, cab: &Cabinet, one: &Waiting) -> AnyView {
    let class = if one.late { "badge bad" } else { "badge" };
    let (state, late) = (one.state.code(), one.late.to_string());
    view! {
        <p data-state=state data-late=late>
            <span class=class>{w.t(&format!("staff-chat-{state}"))}</span>" "{waiting_words(w, cab, one)}
        </p>
    }
    .into_any()
}

/// A piece by itself, for a live connection.
fn html(make: impl FnOnce() -> AnyView) -> String {
    Owner::new_root(None).with(|| make().to_html())
}

/// A line by itself.
pub fn line_html(w: Words, lender: &Lender, side: Side<'_>, one: &Line) -> String {
    html(|| line(w, lender, side, one))
}

/// Where one's own chat stands, by itself.
pub fn standing_html(w: Words, cab: &Cabinet, now: &Standing) -> String {
    html(|| standing(w, cab, now))
}

/// Where a chat stands, by itself, for a specialist.
pub fn waiting_html(w: Words, cab: &Cabinet, one: &Waiting) -> String {
    html(|| waiting(w, cab, one))
}

/// The script of the page; its address changes with its text.
pub fn chat_script() -> impl IntoView {
    let src = crate::shell::address(SCRIPT_PATH, SCRIPT);
    view! { <script r#type="module" nonce=use_nonce() src=src></script> }
}
