//! The lines of examples that show more than the life of one loan.

use lending::{
    Account, AccrualKind, BalanceInput, BureauAnswer, Claim, Debt, DecisionInput, Event, History,
    HolidayGround, HolidayRequest, Keep, Kopecks, Licence, LoanError, Order, PaidService,
    ProductKind, ProlongationPrice, ProlongationRules, ProlongationWindow, Questionnaire, TopUp,
    Use, WorkCalendar, accept_prolongation, allocate, apply_payment, apply_write_off, balance,
    decide, ledger, psk, quote_holiday, quote_prepayment, quote_prolongation, quote_rate_cut,
    quote_withdrawal, rules, running_rate_on, state,
};

use super::{Story, wire_name};
use crate::common::{date, money, ppm, product, quoted};

/// Lines that need a loan before them.
pub fn of_a_loan(story: &mut Story, words: &[&str]) -> Option<String> {
    Some(match words {
        ["give-back", on, ..] => give_back(story, on),
        ["new-psk", on, amount, keep, ..] => new_psk(story, on, amount, keep),
        ["ask-prolong", on, days, price, ..] => ask_prolong(story, on, days, price),
        ["may-prolong", on, days, window, ..] => may_prolong(story, on, days, window),
        ["ask-holiday", on, months, two, twelve, ..] => ask_holiday(story, on, months, two, twelve),
        ["top-up", on, amount] => {
            let (on, amount) = (date(on), money(amount));
            story.top_ups.push(TopUp { on, amount });
            words.join(" ")
        }
        ["repay", on, amount] => {
            let (on, amount) = (date(on), Some(money(amount)));
            let keep = None;
            story.orders.push(Order::Repay { on, amount, keep });
            words.join(" ")
        }
        ["balance", on, ..] => shown_balance(story, on),
        ["book", on, amount, ..] => book(story, on, amount),
        ["why", on, ..] => why(story, on),
        ["write-off", on, penalty, interest, principal, ..] => {
            write_off(story, on, [penalty, interest, principal])
        }
        ["lower", on, percent, ..] => lower(story, on, percent),
        _ => return None,
    })
}

/// Lines that stand alone.
pub fn without_a_loan(words: &[&str]) -> Option<String> {
    Some(match words {
        ["flows", rest @ ..] => {
            let end = rest
                .iter()
                .position(|word| *word == "->")
                .unwrap_or(rest.len());
            flows(&rest[..end])
        }
        ["order", on, amount, ..] => order(on, amount),
        ["works", day, ..] => {
            let next = WorkCalendar::russia().next_working_day(date(day));
            format!("works {day} -> {next}")
        }
        ["refuse", bought, price, from, to, applied, ..] => {
            refuse([bought, price, from, to, applied])
        }
        ["burden", on, amount, days, income, others, ..] => {
            burden([on, amount, days, income, others])
        }
        ["law", name, on, ..] => format!("law {name} {on} -> {}", law(name, on)),
        _ => return None,
    })
}

fn write_off(story: &mut Story, on: &str, sums: [&str; 3]) -> String {
    let [penalty, interest, principal] = sums.map(money);
    let debt = Debt {
        penalty,
        interest,
        principal,
    };
    let applied = apply_write_off(&story.terms, &story.events, date(on), debt).unwrap();
    story.events.push(Event::WriteOff { on: date(on), debt });
    let [penalty, interest, principal] = sums;
    let left = applied.after.payoff.plain();
    format!("write-off {on} {penalty} {interest} {principal} -> payoff {left}")
}

fn lower(story: &mut Story, on: &str, percent: &str) -> String {
    let now = running_rate_on(&story.terms, &story.events, date(on)).unwrap();
    let rate = now.with_ppm(ppm(percent));
    let said = match quote_rate_cut(&story.terms, &story.events, date(on), rate) {
        Ok(quote) => {
            story.events.push(Event::RateCut { on: date(on), rate });
            format!("from {} saved {}", quote.from, quote.saved.plain())
        }
        Err(LoanError::Raised) => "raised".to_owned(),
        Err(other) => other.to_string(),
    };
    format!("lower {on} {percent} -> {said}")
}

fn give_back(story: &Story, on: &str) -> String {
    match quote_withdrawal(&story.terms, &story.events, date(on)).unwrap() {
        Some(quote) => format!(
            "give-back {on} -> {} interest {} through {}",
            quote.pay.plain(),
            quote.interest.plain(),
            quote.last_day
        ),
        None => format!("give-back {on} -> over"),
    }
}

fn new_psk(story: &Story, on: &str, amount: &str, keep: &str) -> String {
    let kept = if keep == "term" {
        Keep::Term
    } else {
        Keep::Payment
    };
    let (on_date, paid) = (date(on), money(amount));
    let quote = quote_prepayment(&story.terms, &story.events, on_date, paid, kept).unwrap();
    let psk = quote.new_psk.unwrap();
    let (percent, roubles) = (psk.percent_plain(), psk.roubles.plain());
    format!("new-psk {on} {amount} {keep} -> {percent} {roubles}")
}

/// `interest`, `service=500.00` or `day=10.00`.
fn price(word: &str) -> ProlongationPrice {
    match word.split_once('=') {
        Some(("service", fee)) => ProlongationPrice::ServiceAndInterest {
            service: money(fee),
        },
        Some(("day", fee)) => ProlongationPrice::PerDay {
            per_day: money(fee),
        },
        _ => ProlongationPrice::Interest,
    }
}

/// `through`, `last=3`, `before`, `grace=5` or `overdue`.
fn window(word: &str) -> ProlongationWindow {
    let (name, days) = word.split_once('=').unwrap_or((word, "0"));
    let days = days.parse().unwrap();
    match name {
        "last" => ProlongationWindow::LastDays { days },
        "before" => ProlongationWindow::BeforeDue,
        "grace" => ProlongationWindow::Grace { days },
        "overdue" => ProlongationWindow::OverdueAllowed,
        _ => ProlongationWindow::ThroughDue,
    }
}

fn prolongation(price: ProlongationPrice, window: ProlongationWindow) -> ProlongationRules {
    ProlongationRules {
        price,
        window,
        min_days: 1,
        max_days: 45,
        initial_term: (1, 45),
        per_year: 5,
    }
}

fn ask_prolong(story: &Story, on: &str, days: &str, named: &str) -> String {
    let rules = prolongation(price(named), ProlongationWindow::ThroughDue);
    let (on_date, count) = (date(on), days.parse().unwrap());
    let quote =
        quote_prolongation(&rules, &story.terms, &story.events, &[], on_date, count).unwrap();
    let sums = [quote.pay_now, quote.fee, quote.due_then].map(Kopecks::plain);
    let [now, fee, then] = sums;
    let (due, psk) = (quote.new_due, quote.psk.percent_plain());
    format!("ask-prolong {on} {days} {named} -> {due} now {now} fee {fee} then {then} psk {psk}")
}

fn may_prolong(story: &Story, on: &str, days: &str, named: &str) -> String {
    let rules = prolongation(ProlongationPrice::Interest, window(named));
    let (on_date, count) = (date(on), days.parse().unwrap());
    let answer =
        quote_prolongation(&rules, &story.terms, &story.events, &[], on_date, count).map(drop);
    let answer = answer.map_or_else(wire_reason, |()| String::from("yes"));
    // What a quote refuses is never accepted either.
    let accepted =
        accept_prolongation(&rules, &story.terms, &story.events, &[], on_date, count).is_ok();
    assert!(answer == "yes" || !accepted);
    format!("may-prolong {on} {days} {named} -> {answer}")
}

fn wire_reason(refusal: impl serde::Serialize) -> String {
    let json = serde_json::to_value(refusal).unwrap();
    json["reason"].as_str().unwrap().to_owned()
}

fn ask_holiday(story: &Story, on: &str, months: &str, two: &str, twelve: &str) -> String {
    let request = HolidayRequest {
        on: date(on),
        months: months.parse().unwrap(),
        ground: HolidayGround::IncomeDrop {
            two_months: money(two),
            twelve_months: money(twelve),
        },
        other_law: false,
        bankrupt: false,
        judged: false,
    };
    let answer = match quote_holiday(&story.terms, &story.events, &request) {
        Ok(quote) => format!(
            "through {} due {} accrues {} psk {} answer {}",
            quote.until,
            quote.new_due,
            quote.accrues.plain(),
            quote.psk.percent_plain(),
            quote.answer_by
        ),
        Err(refusal) => wire_reason(refusal),
    };
    format!("ask-holiday {on} {months} {two} {twelve} -> {answer}")
}

fn shown_balance(story: &Story, on: &str) -> String {
    let input = BalanceInput {
        terms: &story.terms,
        events: &story.events,
        top_ups: &story.top_ups,
        orders: &story.orders,
        prolongation: None,
        past_year: &[],
    };
    let shown = balance(&input, date(on)).unwrap();
    format!(
        "balance {on} -> left {} idle-saves {} payoff {}",
        shown.left.plain(),
        shown.idle_saves.plain(),
        shown.loan.payoff.plain()
    )
}

/// `debit<credit amount` for each posting of a payment.
fn book(story: &mut Story, on: &str, amount: &str) -> String {
    let (on_date, paid) = (date(on), money(amount));
    let applied = apply_payment(&story.terms, &story.events, on_date, paid).unwrap();
    story.events.push(Event::Payment {
        on: on_date,
        amount: paid,
    });
    let name = |account: Account| account.code();
    let postings = ledger::post_payment(&applied).into_iter().map(|posting| {
        let (debit, credit) = (name(posting.debit), name(posting.credit));
        format!("{debit}<{credit} {}", posting.amount.plain())
    });
    let postings: Vec<String> = postings.collect();
    format!("book {on} {amount} -> {}", postings.join(" "))
}

/// `days x base = amount` for each row of the explanation.
fn why(story: &Story, on: &str) -> String {
    let shown = state(&story.terms, &story.events, date(on)).unwrap();
    let rows = shown.why.iter().map(|row| {
        let kind = match row.kind {
            AccrualKind::Interest { .. } | AccrualKind::AnnualInterest { .. } => "interest",
            AccrualKind::FixedPayment => "fixed",
            AccrualKind::Penalty { .. } | AccrualKind::DailyPenalty { .. } => "penalty",
        };
        let (base, amount) = (row.base.plain(), row.amount.plain());
        format!("{kind} {} x {base} = {amount}", row.days)
    });
    let rows: Vec<String> = rows.collect();
    format!("why {on} -> {}", rows.join(", "))
}

/// `2026-11-23 -15000.00 2026-12-23 18600.00`.
fn flows(words: &[&str]) -> String {
    let pairs = words.chunks(2).map(|pair| (date(pair[0]), money(pair[1])));
    let report = psk::psk(&pairs.collect::<Vec<_>>()).unwrap();
    let (percent, roubles) = (report.psk.percent_plain(), report.psk.roubles.plain());
    format!(
        "flows {} -> {percent} {roubles} {}",
        words.join(" "),
        report.base_period
    )
}

/// A payment against overdue interest 300, overdue principal 2 000, interest 100, principal 1 000
/// and penalty 50.
fn order(on: &str, amount: &str) -> String {
    let owed = |claim| {
        money(match claim {
            Claim::OverdueInterest => "300",
            Claim::OverduePrincipal => "2000",
            Claim::Interest => "100",
            Claim::Principal => "1000",
            Claim::Penalty => "50",
            Claim::Other => "0",
        })
    };
    let (parts, rest) = allocate(rules::allocation_order(date(on)), owed, money(amount));
    let mut shown: Vec<String> = parts
        .iter()
        .map(|part| format!("{} {}", wire_name(part.claim), part.amount.plain()))
        .collect();
    if rest.is_positive() {
        shown.push(format!("overpaid {}", rest.plain()));
    }
    format!("order {on} {amount} -> {}", shown.join(" "))
}

fn refuse(words: [&str; 5]) -> String {
    let [bought, price, from, to, applied] = words;
    let service = PaidService {
        bought_on: date(bought),
        price: money(price),
        used: Use::Daily {
            from: date(from),
            to: date(to),
        },
    };
    let answer = match service.refund(date(applied)) {
        Ok(refund) => format!(
            "{} kept {} by {}",
            refund.amount.plain(),
            refund.kept.plain(),
            refund.pay_by
        ),
        Err(refusal) => wire_reason(refusal),
    };
    format!("refuse {} -> {answer}", words.join(" "))
}

/// The debt burden of a bullet loan at 0.8 % a day with a proved income.
fn burden(words: [&str; 5]) -> String {
    let [on, amount, days, income, others] = words;
    let on_date = date(on);
    let bullet = product(ProductKind::Bullet, "0.8");
    let quote = quoted(&bullet, money(amount), days.parse().unwrap(), on_date).unwrap();
    let input = DecisionInput {
        licence: Licence::Mkk,
        on: on_date,
        quote,
        product: ProductKind::Bullet,
        questionnaire: Questionnaire {
            birth: date("1990-05-05"),
            passport_issued: date("2011-06-01"),
            income: money(income),
            income_proved: Some(money(income)),
            region: String::from("77"),
            monthly_obligations: money(others),
            public_official: false,
        },
        history: History::default(),
        bureau: BureauAnswer {
            self_ban: false,
            open_loans: Vec::new(),
            score: 600,
        },
        fraud_match: false,
        biometrics_done: true,
        score_cutoff: 400,
        specialist_cutoff: 500,
        specialist_burden: None,
    };
    let pdn = decide(&input).pdn;
    let (whole, tenth) = (pdn.percent_tenths / 10, pdn.percent_tenths % 10);
    let warn = if pdn.warn { "warn" } else { "quiet" };
    let payments = pdn.payments.plain();
    format!(
        "burden {} -> {payments} {whole}.{tenth} {warn}",
        words.join(" ")
    )
}

fn law(name: &str, on: &str) -> String {
    let none = || String::from("none");
    let on = date(on);
    match name {
        "cap-percent" => rules::accrual_cap_percent(on).map_or_else(none, |cap| cap.to_string()),
        "daily-rate-ppm" => {
            rules::max_daily_rate(on).map_or_else(none, |rate| rate.ppm().to_string())
        }
        "expensive" => rules::expensive_loan_rule(on).map_or_else(none, |rule| {
            let percent = rule.threshold_psk_thousandths / 1000;
            format!(
                "above {percent} open {} pause {}",
                rule.max_open, rule.pause_days
            )
        }),
        "short-loans" => rules::yearly_short_loans(on).to_string(),
        "prolongations" => rules::prolongations_per_year(on).to_string(),
        _ => panic!("no such law: {name}"),
    }
}
