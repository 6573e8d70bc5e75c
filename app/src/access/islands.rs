//! What is interactive in signing in.

use std::time::Duration;

use leptos::prelude::*;

/// Keeps its children (the form that asks for a new code) back until the server would agree to send
/// one.
///
/// Without scripts the sentence names the moment instead, and the form stands there from the start.
#[island]
pub fn ResendWait(
    /// Seconds until a new code can be asked for, when the page was made.
    seconds: u32,
    /// «Новый код — после 14:32»: for a browser without scripts.
    at: String,
    /// «Новый код — через {t}».
    counting: String,
    /// The form.
    children: Children,
) -> impl IntoView {
    // Nothing until scripts are at work: the server's drawing and the browser's first must agree.
    let left = RwSignal::new(None::<u32>);
    Effect::new(move |_| {
        left.set(Some(seconds));
        let tick = move || left.update(|left| *left = left.map(|left| left.saturating_sub(1)));
        // Ticks on after zero, where it changes nothing; the page is left long before that matters.
        let _ = set_interval_with_handle(tick, Duration::from_secs(1));
    });
    let waiting = move || left.get().map_or(seconds > 0, |left| left > 0);
    let sentence = move || match left.get() {
        None => at.clone(),
        Some(left) => counting.replace("{t}", &clock(left)),
    };
    let held = move || (left.get().is_some() && waiting()).then_some("");
    view! {
        <div class="stack tight" data-counting=held>
            <p class="small num" hidden=move || !waiting()>{sentence}</p>
            {children()}
        </div>
    }
}

/// `0:42`.
fn clock(seconds: u32) -> String {
    let rest = (seconds % 60).to_string();
    let zero = if rest.len() < 2 { "0" } else { "" };
    [&(seconds / 60).to_string(), ":", zero, &rest].concat()
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn minutes_and_seconds() {
        assert_eq!(
            [clock(0), clock(42), clock(60), clock(61)],
            ["0:00", "0:42", "1:00", "1:01"]
        );
    }
}
