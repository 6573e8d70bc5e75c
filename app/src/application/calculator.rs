//! The calculator: drawn by the server, moved in the browser, by the same code and the same
//! `lending::quote`.
//!
//! Without scripts it is a GET form: its buttons send it and the server draws it again.

use chrono::{Datelike, NaiveDate};
use lending::{Kopecks, LoanRequest, Product, PromoState, Quote, QuoteError};
use leptos::either::Either;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::chosen::{counts_days, opening, snap_amount, snap_term};
use super::dial::{Dial, What};
use super::packed;
use super::results::Results;
use crate::ui::plural::Plural;

/// Everything the calculator shows, in the person's language.
#[derive(Debug, Clone, PartialEq)]
pub struct CalculatorData {
    /// What is lent; at least one.
    pub offers: Vec<Offer>,
    /// The day the money would leave, as days of the common era: parsing dates costs too much WASM.
    pub start: i32,
    /// Whether this person never had a loan here.
    pub first_loan: bool,
    /// Which offer is open.
    pub offer: usize,
    /// Whole roubles.
    pub amount: i64,
    /// Days or payments.
    pub term: i64,
    /// Whether the amount asked for in the address was brought inside the limits.
    pub amount_moved: bool,
    /// The same of the term.
    pub term_moved: bool,
    /// The words.
    pub words: CalculatorWords,
}

/// A product as the calculator offers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its terms.
    pub product: Product,
    /// Its name.
    pub title: String,
    /// «Можно от … до …: посчитали для {v}».
    pub amount_note: String,
    /// The same of the term.
    pub term_note: String,
    /// The least and the greatest amount, then term.
    pub ends: [String; 4],
    /// Names of the buttons: less and more money, less and more time.
    pub steps: [String; 4],
    /// The reduced rate, when there is one.
    pub promo: Option<PromoWords>,
}

/// The reduced rate in words.
#[derive(Debug, Clone, PartialEq)]
pub struct PromoWords {
    /// It is granted; what being late would cost.
    pub granted: String,
    /// The amount is above its limit.
    pub amount_above: String,
    /// The term is above its limit.
    pub term_above: String,
    /// «Поставить 15 000 ₽ на 20 дней».
    pub set: String,
    /// The address that does so.
    pub href: String,
}

/// The rest of the words. `{…}` in them is filled in place.
#[derive(Debug, Clone, PartialEq)]
pub struct CalculatorWords {
    /// The group of offers.
    pub kind: String,
    /// The amount's label.
    pub amount: String,
    /// The term's label, in days.
    pub days_label: String,
    /// The term's label, in payments.
    pub payments_label: String,
    /// Counts of days.
    pub days: Plural,
    /// Counts of payments.
    pub payments: Plural,
    /// Sends the form without scripts.
    pub count: String,
    /// «{w}, {d} {m}».
    pub date: String,
    /// Weekdays after «до», Monday first.
    pub weekdays: Vec<String>,
    /// Months.
    pub months: Vec<String>,
    /// «Вернёте до {date}».
    pub due: String,
    /// «Вернёте частями, последняя — до {date}».
    pub due_parts: String,
    /// What comes to the card.
    pub on_card: String,
    /// One payment of several.
    pub each: String,
    /// The overpayment.
    pub overpayment: String,
    /// «Переплата: {n} × {sum}».
    pub overpayment_days: String,
    /// Services for money.
    pub services: String,
    /// There are none.
    pub services_none: String,
    /// The rate.
    pub rate: String,
    /// «{p} % в день».
    pub rate_day: String,
    /// «{p} % годовых».
    pub rate_year: String,
    /// No rate: a fixed payment.
    pub rate_fixed: String,
    /// The full cost.
    pub psk: String,
    /// «годовых».
    pub psk_year: String,
    /// «рублей».
    pub psk_roubles: String,
    /// «Получить {sum}».
    pub apply: String,
    /// «Вернёте раньше — заплатите меньше: за каждый день на {sum}».
    pub earlier: String,
    /// «Больше {sum} всего мы взять не можем».
    pub cap: String,
    /// There is no lawful quote for this choice.
    pub refused: String,
}

/// What the dials stand at. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Dials {
    /// What the server gave.
    pub data: StoredValue<CalculatorData>,
    /// The open offer.
    pub offer: RwSignal<usize>,
    /// Whole roubles.
    pub amount: RwSignal<i64>,
    /// Days or payments.
    pub term: RwSignal<i64>,
    /// Scripts are at work.
    pub live: RwSignal<bool>,
}

impl Dials {
    fn new(data: CalculatorData) -> Self {
        Self {
            offer: RwSignal::new(data.offer),
            amount: RwSignal::new(data.amount),
            term: RwSignal::new(data.term),
            live: RwSignal::new(false),
            data: StoredValue::new(data),
        }
    }

    /// Reads the words and the open offer. Tracks which offer is open.
    pub fn read<T>(self, read: impl FnOnce(&CalculatorWords, &Offer) -> T) -> Option<T> {
        let index = self.offer.get();
        self.data.with_value(|data| {
            data.offers
                .get(index)
                .or_else(|| data.offers.first())
                .map(|offer| read(&data.words, offer))
        })
    }

    /// Opens another offer and brings the dials inside it.
    fn open(self, index: usize) {
        let (amount, term) = (self.amount.get_untracked(), self.term.get_untracked());
        let before = self.offer.get_untracked();
        let moved = self.data.with_value(|data| {
            let product = &data.offers.get(index)?.product;
            // Twenty days say nothing about a number of payments.
            let same_unit = counts_days(&data.offers.get(before)?.product) == counts_days(product);
            let term = if same_unit {
                What::Term.snap(product, term)
            } else {
                i64::from(opening(product, data.first_loan).term)
            };
            Some((What::Amount.snap(product, amount), term))
        });
        if let Some((amount, term)) = moved {
            self.offer.set(index);
            self.amount.set(amount);
            self.term.set(term);
        }
    }

    /// Puts the dials where the reduced rate is granted.
    fn take_promo(self) {
        let limits = self.read(|_, offer| {
            let promo = offer.product.promo.as_ref()?;
            let amount = snap_amount(&offer.product, promo.max_amount);
            Some((
                amount.get() / 100,
                i64::from(snap_term(&offer.product, promo.max_days)),
            ))
        });
        if let Some((amount, term)) = limits.flatten() {
            self.amount.set(amount);
            self.term.set(term);
        }
    }

    fn quote(self) -> Result<Quote, QuoteError> {
        let (amount, term) = (self.amount.get(), self.term.get());
        let (start, first_loan) = self.data.with_value(|data| (data.start, data.first_loan));
        self.read(|_, offer| {
            let request = LoanRequest {
                amount: Kopecks::from_roubles(amount),
                term: u32::try_from(term).map_err(|_| QuoteError::OutOfRange)?,
                start: NaiveDate::from_num_days_from_ce_opt(start).ok_or(QuoteError::OutOfRange)?,
                first_loan,
            };
            lending::quote(&offer.product, &request)
        })
        .unwrap_or(Err(QuoteError::OutOfRange))
    }
}

/// The form with its dials and its figures.
#[cfg(feature = "ssr")]
#[component]
pub fn Calculator(data: CalculatorData) -> impl IntoView {
    let packed = packed::pack(&data);
    view! { <LiveCalculator packed/> }
}

/// The calculator where it lives: on the page and then in the browser.
#[island]
pub fn LiveCalculator(
    /// Its data, by [`packed::pack`].
    packed: String,
) -> impl IntoView {
    // Both ends are of one build, so it is always read.
    packed::unpack(&packed).map(drawn)
}

fn drawn(data: CalculatorData) -> impl IntoView {
    let dials = Dials::new(data);
    let quote = Memo::new(move |_| dials.quote());
    let form = NodeRef::<leptos::html::Form>::new();
    Effect::new(move |_| {
        // The person may have chosen before this code came: what the page holds goes first.
        let chosen = form.get_untracked().and_then(|form| {
            form.query_selector("input[name=product]:checked")
                .ok()
                .flatten()
        });
        if let Some(chosen) = chosen.and_then(|chosen| chosen.dyn_into::<HtmlInputElement>().ok()) {
            let code = chosen.value();
            let index = dials
                .data
                .with_value(|data| data.offers.iter().position(|o| o.product.code == code));
            if let Some(index) = index.filter(|index| *index != dials.offer.get_untracked()) {
                dials.open(index);
            }
        }
        dials.live.set(true);
    });
    let words = dials.data.with_value(|data| data.words.clone());
    view! {
        <form class="calculator" id="calculator" method="get" action="/" node_ref=form
            data-live=move || dials.live.get().then_some("")>
            // What Enter sends without scripts: the first button of a form is its default one.
            <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">
                {words.count.clone()}
            </button>
            <div class="card stack loose">
                <Offers dials=dials label=words.kind.clone()/>
                <Dial what=What::Amount dials=dials/>
                <Dial what=What::Term dials=dials/>
                {move || promo(dials, quote)}
                <button class="button second recount" type="submit">{words.count.clone()}</button>
            </div>
            <Results dials=dials quote=quote/>
        </form>
    }
}

#[component]
fn Offers(dials: Dials, label: String) -> impl IntoView {
    let titles = dials.data.with_value(|data| {
        let titles = data
            .offers
            .iter()
            .map(|offer| (offer.product.code.clone(), offer.title.clone()));
        titles.collect::<Vec<_>>()
    });
    let open = dials.offer.get_untracked();
    let radios = titles
        .into_iter()
        .enumerate()
        .map(|(index, (code, title))| {
            view! {
                <label>
                    <input type="radio" name="product" value=code checked=index == open
                        on:change=move |_| dials.open(index)/>
                    <span>{title}</span>
                </label>
            }
        });
    view! {
        <fieldset>
            <legend class="visually-hidden">{label}</legend>
            <div class="kinds">{radios.collect_view()}</div>
        </fieldset>
    }
}

/// Whether the first loan is free, and if not, how to make it so.
fn promo(dials: Dials, quote: Memo<Result<Quote, QuoteError>>) -> Option<impl IntoView> {
    let state = quote.with(|quote| quote.as_ref().ok().map(|quote| quote.promo))?;
    let words = dials.read(|_, offer| offer.promo.clone()).flatten()?;
    let above = match state {
        PromoState::Granted => {
            let granted = view! { <p class="note good" id="promo">{words.granted}</p> };
            return Some(Either::Left(granted));
        }
        PromoState::AmountAbove { .. } => words.amount_above,
        PromoState::TermAbove { .. } => words.term_above,
        PromoState::None | PromoState::NotFirstLoan => return None,
    };
    let set = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        dials.take_promo();
    };
    Some(Either::Right(view! {
        <p class="note" id="promo">
            {above} " " <a id="promo-set" href=words.href on:click=set>{words.set}</a>
        </p>
    }))
}

/// «понедельника, 14 декабря».
pub fn by_date(words: &CalculatorWords, date: NaiveDate) -> String {
    let name = |names: &[String], index: u32| {
        usize::try_from(index)
            .ok()
            .and_then(|index| names.get(index).cloned())
            .unwrap_or_default()
    };
    words
        .date
        .replace(
            "{w}",
            &name(&words.weekdays, date.weekday().num_days_from_monday()),
        )
        .replace("{d}", &date.day().to_string())
        .replace("{m}", &name(&words.months, date.month0()))
}

/// `2026-12-14`, for programs.
pub fn iso_date(date: NaiveDate) -> String {
    let two = |number: u32| {
        if number < 10 {
            format!("0{number}")
        } else {
            number.to_string()
        }
    };
    [date.year().to_string(), two(date.month()), two(date.day())].join("-")
}

/// «21 день», «6 платежей».
pub fn count_term(words: &CalculatorWords, product: &Product, term: i64) -> String {
    let term = u32::try_from(term).unwrap_or_default();
    if counts_days(product) {
        words.days.of(term)
    } else {
        words.payments.of(term)
    }
}
