//! The language of worked examples (`golden/README.txt`): a text is read line by line, each line is
//! computed anew and must come out as it stands.
#![allow(dead_code, reason = "each test file uses its own part")]

mod words;

use std::fmt::Write as _;

use lending::{
    AnnualRate, Applied, DailyRate, Event, HolidayBasis, Keep, Kopecks, LoanState, Order,
    ProductKind, Promo, PromoAfterDue, Quote, SpecialPrice, Terms, TopUp, apply_payment,
    prepayment, state,
};

use crate::common::{date, money, ppm, product, quoted};

/// One loan of a story.
pub struct Story {
    terms: Terms,
    quote: Quote,
    events: Vec<Event>,
    top_ups: Vec<TopUp>,
    orders: Vec<Order>,
}

/// `bullet 15000.00 2026-11-23 30 0.8 promo=0.3/15000.00/20 penalty=20`.
fn begin(words: &[&str]) -> Story {
    let [kind, amount, start, term, rate, options @ ..] = words else {
        panic!("loan: {words:?}");
    };
    let option = |name: &str| {
        options
            .iter()
            .find_map(|option| option.strip_prefix(name)?.strip_prefix('='))
    };
    let mut loan = product(kind_of(kind), rate);
    if let Some(percent) = option("annual") {
        loan.annual_rate = Some(AnnualRate::from_ppm(ppm(percent)));
    }
    if let Some(percent) = option("penalty") {
        loan.penalty_rate = AnnualRate::from_ppm(ppm(percent));
    }
    if let Some(fixed) = option("fixed") {
        loan.special_price = Some(SpecialPrice::Fixed {
            amount: money(fixed),
        });
    }
    loan.promo = option("promo").map(promo);
    loan.shift_days_off = options.contains(&"shift");
    let start = date(start);
    let quote = quoted(&loan, money(amount), term.parse().unwrap(), start).unwrap();
    Story {
        terms: Terms::from_quote(&loan, &quote, start),
        quote,
        events: Vec::new(),
        top_ups: Vec::new(),
        orders: Vec::new(),
    }
}

fn kind_of(word: &str) -> ProductKind {
    match word {
        "bullet" => ProductKind::Bullet,
        "monthly" => ProductKind::Monthly,
        "special" => ProductKind::Special,
        _ => ProductKind::EveryNDays {
            days: word.strip_prefix("every").unwrap().parse().unwrap(),
        },
    }
}

/// `rate/largest amount/longest term`, and `/kept` when it outlives the due date.
fn promo(text: &str) -> Promo {
    let parts: Vec<&str> = text.split('/').collect();
    Promo {
        daily_rate: DailyRate::from_ppm(ppm(parts[0])),
        max_amount: money(parts[1]),
        max_days: parts[2].parse().unwrap(),
        first_loan_only: false,
        after_due: match parts.get(3) {
            Some(&"kept") => PromoAfterDue::Promo,
            _ => PromoAfterDue::Ordinary,
        },
    }
}

/// The stable name of a small enumeration.
pub(super) fn wire_name(value: impl serde::Serialize) -> String {
    serde_json::to_string(&value)
        .unwrap()
        .trim_matches('"')
        .to_owned()
}

/// `interest 960.00 principal 40.00 overpaid 0.00`, the overpaid part only when there is one.
pub(super) fn parts(applied: &Applied) -> String {
    let mut text = String::new();
    for part in &applied.parts {
        write!(text, "{} {} ", wire_name(part.claim), part.amount.plain()).unwrap();
    }
    if applied.overpaid.is_positive() {
        write!(text, "overpaid {}", applied.overpaid.plain()).unwrap();
    }
    text.trim_end().to_owned()
}

fn field(state: &LoanState, name: &str) -> String {
    match name {
        "status" => wire_name(state.status),
        "principal" => state.principal.plain(),
        "overdue_principal" => state.overdue_principal.plain(),
        "interest" => state.interest.plain(),
        "overdue_interest" => state.overdue_interest.plain(),
        "penalty" => state.penalty.plain(),
        "payoff" => state.payoff.plain(),
        "accrued" => state.accrued.plain(),
        "services" => state.services.plain(),
        "holiday_until" => state
            .holiday_until
            .map_or_else(|| String::from("none"), |day| day.to_string()),
        "cap" => state
            .cap
            .map_or_else(|| String::from("none"), Kopecks::plain),
        "overpaid" => state.overpaid.plain(),
        "days_overdue" => state.days_overdue.to_string(),
        "due" => state.due.to_string(),
        "late_since" => state
            .late_since
            .map_or_else(|| String::from("none"), |day| day.to_string()),
        "next" => state.next_payment.map_or_else(
            || String::from("none"),
            |(on, amount)| format!("{on}/{}", amount.plain()),
        ),
        _ => panic!("no such field: {name}"),
    }
}

/// One line of a story after `loan`; answers what it shows, in the words of the file.
fn tell(story: &mut Story, words: &[&str]) -> String {
    match words {
        ["psk", ..] => {
            let psk = story.quote.psk;
            format!("psk {} {}", psk.percent_plain(), psk.roubles.plain())
        }
        ["total", ..] => format!("total {}", story.quote.total.plain()),
        ["line", number, ..] => {
            let index: usize = number.parse().unwrap();
            let line = &story.quote.schedule.instalments[index - 1];
            let sums = [line.payment, line.principal, line.interest].map(Kopecks::plain);
            format!("line {number} {} {}", line.due, sums.join(" "))
        }
        ["pay", on, amount, ..] => {
            let (on_date, paid) = (date(on), money(amount));
            let applied = apply_payment(&story.terms, &story.events, on_date, paid).unwrap();
            story.events.push(Event::Payment {
                on: on_date,
                amount: paid,
            });
            format!("pay {on} {amount} -> {}", parts(&applied))
        }
        ["prepay", on, amount, keep, ..] => prepay(story, on, amount, keep),
        ["prolong", on, days, ..] => {
            let event = Event::Prolongation {
                on: date(on),
                days: days.parse().unwrap(),
            };
            story.events.push(event);
            let due = state(&story.terms, &story.events, date(on)).unwrap().due;
            format!("prolong {on} {days} -> {due}")
        }
        ["holiday", on, months, ..] => {
            let event = Event::Holiday {
                on: date(on),
                months: months.parse().unwrap(),
                basis: HolidayBasis::Emergency,
            };
            story.events.push(event);
            let due = state(&story.terms, &story.events, date(on)).unwrap().due;
            format!("holiday {on} {months} -> {due}")
        }
        ["service", on, amount] => {
            let (on_date, price) = (date(on), money(amount));
            story.events.push(Event::Service {
                on: on_date,
                amount: price,
            });
            format!("service {on} {amount}")
        }
        ["row", number, on, ..] => {
            let index: usize = number.parse().unwrap();
            let state = state(&story.terms, &story.events, date(on)).unwrap();
            let row = &state.schedule[index - 1];
            let line = &row.instalment;
            let repaid = state.schedule[..index].iter();
            let repaid: Kopecks = repaid.map(|row| row.instalment.principal).sum();
            assert_eq!(line.principal_left, story.terms.amount - repaid);
            let sums = [line.payment, line.principal, line.interest, row.paid].map(Kopecks::plain);
            let status = wire_name(row.status);
            format!("row {number} {on} {} {} {status}", line.due, sums.join(" "))
        }
        ["on", on, fields @ ..] => {
            let state = state(&story.terms, &story.events, date(on)).unwrap();
            let names = fields.chunks(2).map(|pair| pair[0]);
            let shown = names.map(|name| format!("{name} {}", field(&state, name)));
            format!("on {on} {}", shown.collect::<Vec<_>>().join(" "))
        }
        _ => words::of_a_loan(story, words).unwrap_or_else(|| panic!("not a line: {words:?}")),
    }
}

fn prepay(story: &mut Story, on: &str, amount: &str, keep: &str) -> String {
    let (on_date, paid) = (date(on), money(amount));
    let kept = if keep == "term" {
        Keep::Term
    } else {
        Keep::Payment
    };
    let quote = prepayment::quote_prepayment(&story.terms, &story.events, on_date, paid, kept);
    let quote = quote.unwrap();
    story.events.push(Event::Prepayment {
        on: on_date,
        amount: paid,
        keep: kept,
    });
    let lines = quote
        .new_schedule
        .map(|schedule| schedule.instalments)
        .unwrap_or_default();
    let payments: Vec<String> = lines.iter().map(|line| line.payment.plain()).collect();
    let saved = quote.saved_against_schedule.plain();
    format!(
        "prepay {on} {amount} {keep} -> {} saved {saved}",
        payments.join(" ")
    )
}

pub fn check_stories(text: &str) {
    let mut story: Option<Story> = None;
    let mut shown = 0;
    for (index, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            [first, ..] if first.starts_with('#') => {}
            ["loan", rest @ ..] => story = Some(begin(rest)),
            _ => {
                let told = words::without_a_loan(&words)
                    .unwrap_or_else(|| tell(story.as_mut().expect("a loan first"), &words));
                assert_eq!(told, words.join(" "), "line {}", index + 1);
                shown += 1;
            }
        }
    }
    assert!(shown > 0, "a file without examples proves nothing");
}
