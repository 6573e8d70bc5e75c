//! A clock that runs down in the browser; without scripts it shows what was left when the page was made.

use std::time::Duration;

use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;

/// `0:42`, `3:59:07`.
fn text(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// The time left, counted from what the server said: the person's own clock may be wrong.
#[island]
pub fn Countdown(
    /// Seconds left when the page was made.
    seconds: i64,
    /// Load the page again when the time is over, because it then has something else to say.
    reload: bool,
) -> impl IntoView {
    let left = RwSignal::new(seconds.max(0));
    let ticking = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(handle) = ticking.get_value() {
            handle.clear();
        }
    };
    Effect::new(move |_| {
        if left.get_untracked() == 0 {
            return;
        }
        let tick = move || {
            left.update(|left| *left -= 1);
            if left.get_untracked() <= 0 {
                stop();
                if reload && let Some(window) = web_sys::window() {
                    let _ = window.location().reload();
                }
            }
        };
        ticking.set_value(set_interval_with_handle(tick, Duration::from_secs(1)).ok());
    });
    on_cleanup(stop);
    view! { <span class="num" role="timer">{move || text(left.get().max(0))}</span> }
}
