//! The law's table, the two frames of the full cost, the honest line, the schedule.

use cabinet::application::{OfferView, TermRow};
use cabinet::payout::{CardStatus, CardView, PayoutKind};
use lending::{Kopecks, Psk, Schedule};
use leptos::prelude::*;
use locales::{Words, t};

use crate::loan::ahead::schedule_columns;
use crate::ui::format::{day_month, long_date};
use crate::ui::sums::SumLine;
use crate::ui::table::{CardTable, Cell, Row};

/// The two square frames (art. 6 p. 1 of 353-ФЗ): figures and words, in capitals in the text itself, so that
/// a copy or a screen without styles has them too.
pub fn psk_frames(w: Words, offer: &OfferView) -> AnyView {
    let words = (offer.psk_words.as_str(), offer.roubles_words.as_str());
    frames(w, offer.quote.psk, words)
}

/// The same frames for any document.
pub fn frames(w: Words, psk: Psk, (percent_words, rouble_words): (&str, &str)) -> AnyView {
    let title = w.t("psk-title").to_uppercase();
    view! {
        <div class="psk">
            <div>
                {title.clone()}
                <b class="num" id="psk-percent" data-thousandths=psk.thousandths.to_string()>
                    {psk.percent_text()}"\u{a0}%"
                </b>
                {format!("{percent_words} {}", w.t("psk-annual")).to_uppercase()}
            </div>
            <div>
                {title}
                <b class="num" id="psk-roubles" data-kopecks=psk.roubles.get().to_string()>
                    {psk.roubles.to_string()}
                </b>
                {rouble_words.to_uppercase()}
            </div>
        </div>
    }
    .into_any()
}

/// The notice that what accrues can't pass the cap; stands before the table (art. 5 p. 24).
pub fn cap_notice(offer: &OfferView) -> AnyView {
    view! { <p class="note" id="cap-notice">{offer.cap_notice.clone()}</p> }.into_any()
}

/// Rows 1 to 16 in the law's order; none may be left out, an empty one says so.
pub fn table(w: Words, rows: &[TermRow]) -> AnyView {
    let body = rows
        .iter()
        .map(|row| {
            view! {
                <tr data-row=row.number.clone()>
                    <th scope="row">{row.number.clone()}</th>
                    <td>{row.title.clone()}</td>
                    <td>{row.text.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="terms" id="terms">
            <caption class="small">{w.t("offer-table")}</caption>
            <thead>
                <tr><th>{w.t("offer-table-number")}</th><td>{w.t("offer-table-title")}</td><td>{w.t("offer-table-text")}</td></tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
    .into_any()
}

/// In hand, to return, overpayment, add-ons, last date: one line, no small print.
pub fn honest(w: Words, offer: &OfferView) -> AnyView {
    let quote = &offer.quote;
    let card = offer.chosen_card.and_then(|id| {
        offer
            .cards
            .iter()
            .find(|card| card.id == id && card.status == CardStatus::Active)
    });
    let in_hand = card.map_or_else(|| w.t("offer-in-hand"), |card| in_hand(w, card));
    view! {
        <dl class="honest" id="honest">
            <SumLine id="in-hand" label=in_hand sum=quote.amount/>
            <SumLine id="to-return" label=w.t("offer-to-return") sum=quote.total/>
            <SumLine id="overpayment" label=w.t("offer-overpayment") sum=quote.overpayment/>
            <SumLine id="add-ons" label=w.t("offer-add-ons") sum=Kopecks::ZERO/>
            <div>
                <dt>{w.t("offer-last-date")}</dt>
                <dd id="last-date" data-date=quote.due.to_string()>{day_month(w, quote.due)}</dd>
            </div>
        </dl>
    }
    .into_any()
}

fn in_hand(w: Words, tool: &CardView) -> String {
    let (card, bank) = (&tool.title, &tool.brand);
    match tool.kind {
        PayoutKind::Card => t!(w, "offer-in-hand-card", card = card),
        PayoutKind::Account => t!(w, "offer-in-hand-account", card = card),
        PayoutKind::Sbp => t!(w, "offer-in-hand-sbp", card = card, bank = bank),
        PayoutKind::Wallet => t!(w, "offer-in-hand-wallet", card = card),
    }
}

/// Dates and sums of all payments, each split into principal and interest.
pub fn schedule(w: Words, schedule: &Schedule) -> AnyView {
    let row = |name: String, total: Kopecks, principal: Kopecks, interest: Kopecks| Row {
        status: None,
        cells: vec![
            Cell::Head(name),
            Cell::Sum(total),
            Cell::Part(principal),
            Cell::Part(interest),
        ],
    };
    let rows = schedule
        .instalments
        .iter()
        .map(|line| {
            row(
                long_date(w, line.due),
                line.payment,
                line.principal,
                line.interest,
            )
        })
        .collect();
    let total = row(
        w.t("schedule-total"),
        schedule.total(),
        schedule.principal(),
        schedule.interest(),
    );
    view! {
        <section class="stack tight" id="schedule">
            <h2>{w.t("schedule-title")}</h2>
            <CardTable columns=schedule_columns(w, false) rows total/>
        </section>
    }
    .into_any()
}
