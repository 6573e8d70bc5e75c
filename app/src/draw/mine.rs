//! The reader's own part in a draw: the button, tickets, a prize that waits for an answer.

use cabinet::draw::{DrawState, DrawView, Mine, MyPrize, PrizeState};
use leptos::prelude::*;
use locales::t;

use crate::request::Ask;
use crate::ui::format::{long_date, unbroken};

/// What they won, above everything else.
pub fn won(ask: &Ask, one: &DrawView) -> Option<AnyView> {
    let mine = one.mine.as_ref()?;
    let prizes = mine.prizes.iter().map(|prize| prize_of(ask, prize));
    Some(prizes.collect_view().into_any())
}

fn prize_of(ask: &Ask, prize: &MyPrize) -> AnyView {
    let w = ask.words;
    let title = t!(w, "draw-won-title", prize = prize.prize.title(w.lang));
    let waits = prize.state == PrizeState::Won && ask.cabinet.today() <= prize.answer_by;
    let told = if waits {
        let date = long_date(w, prize.answer_by);
        let lead = t!(w, "draw-won-lead", ticket = &prize.ticket, date = date);
        view! {
            <p>{lead}</p>
            // A plain form: nothing here is worth a script.
            <form method="post" action="/api/v1/draw/answer" class="actions">
                <input type="hidden" name="prize" value=prize.id.clone()/>
                <button class="button" type="submit" name="word" value="take">{w.t("draw-won-take")}</button>
                <button class="button second" type="submit" name="word" value="decline">
                    {w.t("draw-won-decline")}
                </button>
            </form>
        }
        .into_any()
    } else if let (PrizeState::Accepted, Some((place, day))) = (prize.state, &prize.waits) {
        let told = t!(
            w,
            "draw-prize-ready",
            date = long_date(w, *day),
            place = place
        );
        view! { <p data-place="">{told}</p> }.into_any()
    } else {
        // A last day that is over is a prize that goes on, whenever the daily work says so.
        let state = match prize.state {
            PrizeState::Won => PrizeState::Lapsed,
            state => state,
        };
        view! { <p>{w.t(&format!("draw-prize-{}", state.code()))}</p> }.into_any()
    };
    // What is won stands out; what has gone on does not.
    let held = matches!(
        prize.state,
        PrizeState::Accepted | PrizeState::Handing | PrizeState::Handed
    );
    let class = if waits || held { "good" } else { "plain" };
    view! {
        <section class=format!("note {class} stack tight") data-prize=prize.state.code()>
            <h3>{title}</h3>
            {told}
        </section>
    }
    .into_any()
}

/// Whether they take part, the button, and their tickets.
pub fn part(ask: &Ask, one: &DrawView) -> AnyView {
    let w = ask.words;
    let Some(mine) = &one.mine else {
        if !one.joinable {
            return ().into_any();
        }
        return view! {
            <p><a class="button" href="/login?next=/draws" data-enter="">{w.t("draw-enter")}</a></p>
        }
        .into_any();
    };
    if mine.barred {
        return view! { <p class="note plain" data-barred="">{w.t("draw-barred")}</p> }.into_any();
    }
    view! {
        {tickets(ask, one, mine)}
        {one.joinable.then(|| button(ask, one, mine))}
    }
    .into_any()
}

fn button(ask: &Ask, one: &DrawView, mine: &Mine) -> AnyView {
    let w = ask.words;
    let code = one.code.clone();
    if mine.joined {
        return view! {
            <form method="post" action="/api/v1/draw/leave" class="actions">
                <input type="hidden" name="draw" value=code/>
                <b>{w.t("draw-joined")}</b>
                <button class="button second" type="submit" data-leave="">{w.t("draw-leave")}</button>
            </form>
        }
        .into_any();
    }
    let hint = t!(w, "draw-join-hint", until = long_date(w, one.terms.until));
    view! {
        <form method="post" action="/api/v1/draw/join" class="stack tight">
            <input type="hidden" name="draw" value=code/>
            <input type="hidden" name="rules" value=one.rules_hash.clone()/>
            <button class="button wide" type="submit" data-join="">{w.t("draw-join")}</button>
            <p class="quiet">{hint}</p>
        </form>
    }
    .into_any()
}

fn tickets(ask: &Ask, one: &DrawView, mine: &Mine) -> Option<AnyView> {
    let w = ask.words;
    let count = i64::try_from(mine.tickets.len()).unwrap_or(i64::MAX);
    let open = one.state == DrawState::Open;
    if !mine.joined {
        // Whoever did not press has none in the list, whatever their loans brought.
        let told = t!(w, "draw-tickets-unjoined", count = count);
        return (open && count > 0)
            .then(|| view! { <p data-tickets=count.to_string()>{told}</p> }.into_any());
    }
    if count == 0 {
        let none = view! { <p class="quiet" data-tickets="0">{w.t("draw-tickets-none")}</p> };
        return open.then(|| none.into_any());
    }
    let rows = mine.tickets.iter().map(|ticket| {
        let number = unbroken(&ticket.contract);
        let on = long_date(w, ticket.on);
        let source = t!(w, "draw-ticket-source", contract = number, on = on);
        let name = ticket.name.clone();
        view! { <div><dt>{source}</dt><dd><span class="hash">{name}</span></dd></div> }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <section class="stack tight" data-tickets=count.to_string()>
                <h3>{t!(w, "draw-tickets", count = count)}</h3>
                <dl class="sums long">{rows}</dl>
            </section>
        }
        .into_any(),
    )
}
