//! States that are not final: what is waited for, since when, what happens next. The page looks again by itself and
//! stops looking once there is an answer, because the answer is another page. With scripts nothing moves under
//! the reader before there is news; without them the document can only be loaded again.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::t;

use super::format::moment;
use crate::request::Ask;
use crate::ui::state::{Kind, Pending, StateOf};

/// Seconds between two looks: an answer mostly comes within a minute, and after that hurry helps nobody.
fn pace(since: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
    if (now - since).num_seconds() < 60 {
        2
    } else {
        10
    }
}

/// A moment on the lender's clock.
pub fn clock(ask: &Ask, at: DateTime<Utc>) -> String {
    moment(ask.words, at, ask.cabinet.lender().clock_offset_minutes)
}

/// Looks for news after so many seconds: `manners.js` does, or the browser where scripts are off.
pub fn look_again(seconds: u32) -> impl IntoView {
    let seconds = seconds.to_string();
    view! {
        <noscript><meta http-equiv="refresh" content=seconds.clone()/></noscript>
        <span data-look-again=seconds hidden></span>
    }
}

/// A whole page that waits.
pub fn waiting_page(
    ask: &Ask,
    title: String,
    what: String,
    since: DateTime<Utc>,
    next: String,
    rest: AnyView,
) -> AnyView {
    let w = ask.words;
    view! {
        <Title text=title.clone()/>
        <div class="page">
            <section class="card stack narrow" id="waiting" role="status">
                {waiting(ask, title, what, since, next)}
                {rest}
                <p class="small"><a href="">{w.t("waiting-look")}</a></p>
            </section>
        </div>
    }
    .into_any()
}

/// The words of a waiting state, for a card that has something else around them.
pub fn waiting(
    ask: &Ask,
    title: String,
    what: String,
    since: DateTime<Utc>,
    next: String,
) -> impl IntoView {
    let since_text = t!(ask.words, "waiting-since", at = clock(ask, since));
    view! {
        {look_again(pace(since, ask.cabinet.now()))}
        <div class="stack tight">
            <StateOf kind=Kind::Waiting title text=what/>
            <Pending/>
            <p class="quiet">{next}</p>
            <p class="small">{since_text}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn looks_often_at_first_and_never_rests_for_long() {
        let since = DateTime::UNIX_EPOCH;
        assert_eq!(pace(since, since + TimeDelta::seconds(5)), 2);
        assert_eq!(pace(since, since + TimeDelta::hours(5)), 10);
    }
}
