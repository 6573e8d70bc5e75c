//! One dial of the calculator: a slider, two buttons and a field to type into, all showing one
//! number.

use lending::{Kopecks, Product};
use leptos::html;
use leptos::prelude::*;

use super::calculator::{Dials, count_term};
use super::chosen::{amount_step, parse_amount, parse_term, snap_amount, snap_term};

/// Which number a dial turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Whole roubles.
    Amount,
    /// Days or payments.
    Term,
}

impl What {
    /// The nearest number that the product lends.
    pub fn snap(self, product: &Product, number: i64) -> i64 {
        match self {
            Self::Amount => {
                let most = product.max_amount.get() / 100;
                snap_amount(product, Kopecks::from_roubles(number.clamp(0, most))).get() / 100
            }
            Self::Term => i64::from(snap_term(
                product,
                u32::try_from(number).unwrap_or(u32::MAX),
            )),
        }
    }

    /// What was typed, before limits.
    fn parse(self, text: &str) -> Option<i64> {
        match self {
            Self::Amount => parse_amount(text).map(|amount| amount.get() / 100),
            Self::Term => parse_term(text).map(i64::from),
        }
    }

    /// The least, the greatest and the step.
    fn limits(self, product: &Product) -> (i64, i64, i64) {
        match self {
            Self::Amount => (
                product.min_amount.get() / 100,
                product.max_amount.get() / 100,
                (amount_step(product).get() / 100).max(1),
            ),
            Self::Term => (i64::from(product.min_term), i64::from(product.max_term), 1),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Term => "term",
        }
    }
}

/// What a dial does with its signal and its two inputs.
#[derive(Clone, Copy)]
struct Turn {
    what: What,
    dials: Dials,
    value: RwSignal<i64>,
    /// What was typed had to be brought inside the limits.
    moved: RwSignal<bool>,
    text: NodeRef<html::Input>,
    range: NodeRef<html::Input>,
    /// The person is in the field: what stands there is theirs.
    typing: StoredValue<bool>,
}

impl Turn {
    fn new(what: What, dials: Dials) -> Self {
        let (value, moved) = match what {
            What::Amount => (
                dials.amount,
                dials.data.with_value(|data| data.amount_moved),
            ),
            What::Term => (dials.term, dials.data.with_value(|data| data.term_moved)),
        };
        Self {
            what,
            dials,
            value,
            moved: RwSignal::new(moved),
            text: NodeRef::new(),
            range: NodeRef::new(),
            typing: StoredValue::new(false),
        }
    }

    fn product<T>(self, read: impl FnOnce(&Product) -> T) -> Option<T> {
        self.dials.read(|_, offer| read(&offer.product))
    }

    fn print(self, number: i64) -> String {
        let what = self.what;
        self.dials
            .read(|words, offer| match what {
                What::Amount => roubles(Kopecks::from_roubles(number)),
                What::Term => count_term(words, &offer.product, number),
            })
            .unwrap_or_default()
    }

    /// Follows the typing: the figures move at once, the text stays as it is typed.
    fn typed(self, text: &str) {
        let what = self.what;
        match what.parse(text) {
            Some(number) => {
                let near = untrack(|| self.product(|product| what.snap(product, number)));
                let near = near.unwrap_or(number);
                self.moved.set(near != number);
                self.value.set(near);
            }
            None => self.moved.set(!text.trim().is_empty()),
        }
    }

    fn set(self, number: i64) {
        let what = self.what;
        let near = untrack(|| self.product(|product| what.snap(product, number)));
        self.moved.set(false);
        self.value.set(near.unwrap_or(number));
    }

    fn step(self, direction: i64) {
        let what = self.what;
        let step = untrack(|| self.product(|product| what.limits(product).2)).unwrap_or(1);
        self.set(self.value.get_untracked() + direction * step);
    }

    /// The person has left the field: it shows what is counted with.
    fn leave(self) {
        self.typing.set_value(false);
        if let Some(text) = self.text.get_untracked() {
            text.set_value(&untrack(|| self.print(self.value.get())));
        }
    }

    /// The unit steps aside while the number is typed.
    fn enter(self) {
        self.typing.set_value(true);
        if let Some(text) = self.text.get_untracked() {
            text.set_value(&self.value.get_untracked().to_string());
            text.select();
        }
    }

    /// Writes the number into both inputs; first takes what the page held before this code came.
    fn follow(self) {
        Effect::new(move |before: Option<()>| {
            let (Some(text), Some(range)) = (self.text.get_untracked(), self.range.get_untracked())
            else {
                return;
            };
            if before.is_none() {
                let held = text.value();
                if held != untrack(|| self.print(self.value.get())) {
                    self.typed(&held);
                }
            }
            let number = self.value.get();
            let what = self.what;
            let (least, greatest, step) = self.product(|p| what.limits(p)).unwrap_or_default();
            range.set_min(&least.to_string());
            range.set_max(&greatest.to_string());
            range.set_step(&step.to_string());
            range.set_value(&number.to_string());
            let words = self.print(number);
            let _ = range.set_attribute("aria-valuetext", &words);
            if !self.typing.get_value() {
                text.set_value(&words);
            }
        });
    }
}

/// A dial.
#[component]
pub fn Dial(what: What, dials: Dials) -> impl IntoView {
    let turn = Turn::new(what, dials);
    turn.follow();
    let name = what.name();
    let number = turn.value.get_untracked();
    let (least, greatest, step) = untrack(|| turn.product(|p| what.limits(p))).unwrap_or_default();
    let label = move || {
        dials.read(|words, offer| match what {
            What::Amount => words.amount.clone(),
            What::Term if super::chosen::counts_days(&offer.product) => words.days_label.clone(),
            What::Term => words.payments_label.clone(),
        })
    };
    let pick = move |index: usize| {
        move || {
            dials.read(|_, offer| {
                let half = if what == What::Amount { 0 } else { 2 };
                (
                    offer.ends.get(half + index).cloned(),
                    offer.steps.get(half + index).cloned(),
                )
            })
        }
    };
    let end = move |index: usize| move || pick(index)().and_then(|(end, _)| end);
    let button = move |index: usize| move || pick(index)().and_then(|(_, step)| step);
    let note = move || {
        let number = turn.print(turn.value.get());
        dials.read(|_, offer| {
            let pattern = if what == What::Amount {
                &offer.amount_note
            } else {
                &offer.term_note
            };
            pattern.replace("{v}", &number)
        })
    };
    let less = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        turn.step(-1);
    };
    let more = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        turn.step(1);
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            turn.leave();
        }
    };
    let slide = move |event: leptos::ev::Event| {
        if let Ok(number) = event_target_value(&event).parse() {
            turn.set(number);
        }
    };
    let id = |suffix: &str| [name, suffix].concat();
    let printed = untrack(|| turn.print(number));
    view! {
        <div class="dial">
            <label for=name>{label}</label>
            <div class="value">
                <button class="step" type="submit" id=id("-less") name="step" value=id("-less")
                    aria-label=button(0) on:click=less>"−"</button>
                <input type="text" id=name name=name inputmode="numeric" autocomplete="off"
                    value=printed.clone() aria-describedby=id("-note") node_ref=turn.text
                    on:focus=move |_| turn.enter() on:blur=move |_| turn.leave() on:keydown=key
                    on:input=move |event| turn.typed(&event_target_value(&event))/>
                <button class="step" type="submit" id=id("-more") name="step" value=id("-more")
                    aria-label=button(1) on:click=more>"+"</button>
            </div>
            <input class="scripted" type="range" id=id("-range") min=least.to_string()
                max=greatest.to_string() step=step.to_string() value=number.to_string()
                aria-label=label aria-valuetext=printed
                node_ref=turn.range on:input=slide/>
            <div class="ends small"><span>{end(0)}</span><span>{end(1)}</span></div>
            <p class="hint" id=id("-note") aria-live="polite" hidden=move || !turn.moved.get()>
                {move || turn.moved.get().then(note)}
            </p>
        </div>
    }
}

/// «15 000 ₽», or with kopecks when there are some.
pub fn roubles(sum: Kopecks) -> String {
    if sum.get() % 100 == 0 {
        sum.roubles_part() + "\u{a0}₽"
    } else {
        sum.to_string()
    }
}
