//! The right to a credit holiday: who has it, what it costs, what it never does.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use chrono::{Days, NaiveDate};
use common::{Numbers, bullet, date, money, product, quoted, terms};
use lending::{
    AccrualKind, Event, HolidayBasis, HolidayGround, HolidayQuote, HolidayRefusal, HolidayRequest,
    Keep, Kopecks, LoanError, LoanState, ProductKind, SpecialPrice, Status, Terms, quote_holiday,
    state,
};

fn emergency(on: &str, months: u32) -> HolidayRequest {
    HolidayRequest {
        on: date(on),
        months,
        ground: HolidayGround::Emergency,
        other_law: false,
        bankrupt: false,
        judged: false,
    }
}

/// Incomes of the two and of the twelve months, together.
fn fallen(on: &str, two: &str, twelve: &str) -> HolidayRequest {
    HolidayRequest {
        ground: HolidayGround::IncomeDrop {
            two_months: money(two),
            twelve_months: money(twelve),
        },
        ..emergency(on, 2)
    }
}

fn ask(terms: &Terms, request: &HolidayRequest) -> Result<HolidayQuote, HolidayRefusal> {
    quote_holiday(terms, &[], request)
}

#[test]
fn what_a_holiday_costs() {
    let terms = bullet("14000", 30, "2026-11-23");
    let quote = ask(&terms, &emergency("2026-12-10", 2)).unwrap();
    let dates = [quote.until, quote.old_due, quote.new_due];
    assert_eq!(dates, ["2027-02-10", "2026-12-23", "2027-02-23"].map(date));
    // 62 days at 112.00.
    assert_eq!((quote.accrues, quote.extra), (money("6944"), money("6944")));
    // Owed on the day: 14 000 and 17 days of interest; paid 75 days later: 24 304. 8 400 of interest
    // on 15 904 over 75 days x 365 = 257.042 %.
    assert_eq!(quote.psk.percent_plain(), "257.042");
    assert_eq!(quote.psk.roubles, money("8400"));
    let lines = &quote.schedule.instalments;
    assert_eq!(
        (lines.len(), lines[0].due, lines[0].payment),
        (1, date("2027-02-23"), money("24304"))
    );
    // Thursday and four working days; ten days of silence.
    assert_eq!(quote.answer_by, date("2026-12-17"));
    assert_eq!(quote.given_by_silence, date("2026-12-20"));
    // The quote is what the event does.
    let after = state(&terms, &[quote.event], date("2027-02-23")).unwrap();
    assert_eq!((after.due, after.payoff), (quote.new_due, money("24304")));
}

#[test]
fn the_payments_after_a_holiday_close_an_instalment_loan() {
    let loan = product(ProductKind::EveryNDays { days: 14 }, "0.5");
    let terms = terms(&loan, "20000", 4, "2026-11-23");
    let missed = [Event::Payment {
        on: date("2026-12-07"),
        amount: money("5904.56"),
    }];
    let quote = quote_holiday(&terms, &missed, &emergency("2026-12-26", 1)).unwrap();
    let shown: Vec<String> = quote
        .schedule
        .instalments
        .iter()
        .map(|line| format!("{} {}", line.due, line.payment.plain()))
        .collect();
    let expected = [
        "2027-01-26 5904.56",
        "2027-02-04 8426.85",
        "2027-02-18 5904.57",
    ];
    assert_eq!(shown, expected);
    // The lines say what closes the loan; the penalty charged before the holiday comes on top.
    let mut events = vec![missed[0], quote.event];
    let lines = quote.schedule.instalments.iter();
    events.extend(lines.map(|line| Event::Payment {
        on: line.due,
        amount: line.payment,
    }));
    let end = state(&terms, &events, quote.new_due).unwrap();
    assert_eq!((end.payoff, end.penalty), (money("13.21"), money("13.21")));
}

#[test]
fn who_has_the_right() {
    let loan = bullet("10000", 30, "2026-11-23");
    let on = "2026-12-10";
    let refused = |request: &HolidayRequest| ask(&loan, request).unwrap_err();
    // More than 30 %: 70 % exactly is not enough. 12 months of 50 000, then 35 000 and a kopeck less.
    let income = HolidayRefusal::Income { percent: 30 };
    assert_eq!(refused(&fallen(on, "70000", "600000")), income);
    assert!(ask(&loan, &fallen(on, "69999.99", "600000")).is_ok());
    assert!(ask(&loan, &fallen(on, "0", "1")).is_ok());
    assert_eq!(refused(&fallen(on, "0", "0")), income);
    let months = HolidayRefusal::Months { max: 6 };
    assert_eq!(refused(&emergency(on, 0)), months);
    assert_eq!(refused(&emergency(on, 7)), months);
    assert!(ask(&loan, &emergency(on, 6)).is_ok());
    let with = |change: fn(&mut HolidayRequest)| {
        let mut request = emergency(on, 1);
        change(&mut request);
        refused(&request)
    };
    assert_eq!(with(|r| r.other_law = true), HolidayRefusal::OtherLaw);
    assert_eq!(with(|r| r.bankrupt = true), HolidayRefusal::Bankrupt);
    assert_eq!(with(|r| r.judged = true), HolidayRefusal::Judged);
    let closed = [Event::Payment {
        on: date("2026-12-01"),
        amount: money("20000"),
    }];
    let answer = quote_holiday(&loan, &closed, &emergency(on, 1));
    assert_eq!(answer.unwrap_err(), HolidayRefusal::Closed);
}

#[test]
fn the_right_began_in_2024_and_has_a_largest_amount() {
    let old = bullet("10000", 30, "2023-12-20");
    let answer = ask(&old, &emergency("2023-12-31", 1));
    assert_eq!(answer.unwrap_err(), HolidayRefusal::NotInForce);
    assert!(ask(&old, &emergency("2024-01-01", 1)).is_ok());
    let loan = product(ProductKind::Monthly, "0.1");
    let large = terms(&loan, "450000.01", 6, "2026-11-23");
    let max = money("450000");
    let answer = ask(&large, &emergency("2026-12-10", 1));
    assert_eq!(answer.unwrap_err(), HolidayRefusal::Amount { max });
    let largest = terms(&loan, "450000", 6, "2026-11-23");
    assert!(ask(&largest, &emergency("2026-12-10", 1)).is_ok());
}

#[test]
fn the_special_product_has_no_holiday() {
    let mut loan = product(ProductKind::Special, "0");
    loan.special_price = Some(SpecialPrice::Share { ppm: 150_000 });
    let terms = terms(&loan, "10000", 15, "2026-11-23");
    let answer = ask(&terms, &emergency("2026-11-25", 1));
    assert_eq!(answer.unwrap_err(), HolidayRefusal::Kind);
    let event = holiday(date("2026-11-25"), 1);
    let answer = state(&terms, &[event], date("2026-11-25"));
    assert_eq!(answer.unwrap_err(), LoanError::Kind);
}

fn holiday(on: NaiveDate, months: u32) -> Event {
    Event::Holiday {
        on,
        months,
        basis: HolidayBasis::Emergency,
    }
}

#[test]
fn once_for_each_reason_and_never_two_at_a_time() {
    let terms = bullet("10000", 30, "2026-11-23");
    let events = [holiday(date("2026-12-01"), 1)];
    let again = |request: &HolidayRequest| quote_holiday(&terms, &events, request);
    let until = date("2027-01-01");
    let running = HolidayRefusal::Running { until };
    assert_eq!(again(&emergency("2026-12-10", 1)).unwrap_err(), running);
    assert_eq!(again(&emergency("2027-01-01", 1)).unwrap_err(), running);
    let once = HolidayRefusal::Once;
    assert_eq!(again(&emergency("2027-01-02", 1)).unwrap_err(), once);
    let other = again(&fallen("2027-01-02", "10000", "600000")).unwrap();
    assert_eq!(other.new_due, date("2027-03-23"));
    let on = date("2026-12-10");
    let twice = [events[0], holiday(on, 1)];
    assert_eq!(state(&terms, &twice, on).unwrap_err(), LoanError::Holiday);
    let empty = [holiday(on, 0)];
    assert_eq!(state(&terms, &empty, on).unwrap_err(), LoanError::Holiday);
}

/// Random loans of the three kinds with a holiday somewhere in a random history.
fn random(numbers: &mut Numbers) -> Option<(Terms, Vec<Event>, Event)> {
    let kind = match numbers.between(0, 2) {
        0 => ProductKind::Bullet,
        1 => ProductKind::Monthly,
        _ => ProductKind::EveryNDays {
            days: numbers.days(2, 30),
        },
    };
    let mut loan = product(
        kind,
        ["0.8", "0.5", "0.1234", "0"][numbers.days(0, 3) as usize],
    );
    loan.shift_days_off = numbers.percent(30);
    if numbers.percent(20) && kind != ProductKind::Bullet {
        loan.daily_rate = lending::DailyRate::ZERO;
        loan.annual_rate = Some(lending::AnnualRate::from_ppm(numbers.days(0, 900_000)));
    }
    let term = if kind == ProductKind::Bullet {
        numbers.days(5, 60)
    } else {
        numbers.days(1, 8)
    };
    let start = date("2024-01-01") + Days::new(numbers.between(0, 1500));
    let quote = quoted(&loan, numbers.kopecks(100_000, 4_000_000), term, start).ok()?;
    let terms = Terms::from_quote(&loan, &quote, start);
    let mut on = start;
    let mut events = Vec::new();
    for _ in 0..numbers.between(0, 3) {
        on = on + Days::new(numbers.between(0, 40));
        let amount = numbers.kopecks(1, 700_000);
        events.push(if numbers.percent(30) {
            let keep = Keep::Term;
            Event::Prepayment { on, amount, keep }
        } else {
            Event::Payment { on, amount }
        });
    }
    on = on + Days::new(numbers.between(0, 40));
    let before = state(&terms, &events, on).ok()?;
    let months = numbers.days(1, 6);
    (before.status != Status::Closed).then(|| (terms, events, holiday(on, months)))
}

fn rows_are_whole(state: &LoanState) {
    let rows: Kopecks = state.why.iter().map(|row| row.amount).sum();
    assert_eq!(rows + state.services, state.accrued);
}

/// No penalty on a day of the holiday, no day of delay; the debt on its days is what it would have
/// been without one, less the penalties; afterwards keeping to the schedule closes the loan.
#[test]
fn holidays_of_random_loans() {
    let mut numbers = Numbers(20_240_101);
    let (mut done, mut missed) = (0, 0);
    while done < 2_000 {
        let Some((terms, mut events, event)) = random(&mut numbers) else {
            continue;
        };
        let Event::Holiday { on, months, .. } = event else {
            unreachable!()
        };
        let until = on + chrono::Months::new(months);
        let plain = events.clone();
        let before = state(&terms, &plain, on).unwrap();
        missed += u32::from(before.status == Status::Overdue);
        events.push(event);
        for day in [on, on + Days::new(numbers.between(0, 20)), until] {
            let day = day.min(until);
            let held = state(&terms, &events, day).unwrap();
            assert_eq!(held.status, Status::Active);
            assert_eq!((held.days_overdue, held.penalty), (0, before.penalty));
            assert_eq!(held.holiday_until, Some(until));
            rows_are_whole(&held);
            let free = state(&terms, &plain, day).unwrap();
            let whole = free.cap.is_none_or(|cap| free.accrued < cap);
            let one_rate = terms.rate == terms.rate_after_due;
            // Each date that passes in the plain loan ends a period and rounds it.
            if whole && one_rate {
                let roundings = i64::try_from(free.schedule.len()).unwrap();
                assert!((held.interest - free.interest).get().abs() <= roundings);
                assert_eq!(held.principal, free.principal);
            }
        }
        let end = state(&terms, &events, until).unwrap();
        assert!(end.due >= before.due);
        for row in &end.schedule {
            let penalised = end.why.iter().filter(|row| {
                matches!(row.kind, AccrualKind::Penalty { .. }) && row.to > on && row.from <= until
            });
            assert_eq!(penalised.count(), 0);
            assert!(!matches!(row.status, lending::InstalmentStatus::Overdue));
        }
        closes_by_its_payments(&terms, events, until);
        done += 1;
    }
    assert!(missed > 200, "{missed} of {done} loans were late: too few");
}

/// Paying what is asked when it is asked, from the end of the holiday on.
fn closes_by_its_payments(terms: &Terms, mut events: Vec<Event>, until: NaiveDate) {
    let mut at = state(terms, &events, until).unwrap();
    for _ in 0..20 {
        let Some((on, amount)) = at.next_payment else {
            break;
        };
        assert!(on >= at.on);
        events.push(Event::Payment { on, amount });
        at = state(terms, &events, on).unwrap();
        rows_are_whole(&at);
    }
    assert_eq!((at.status, at.payoff), (Status::Closed, Kopecks::ZERO));
    assert_eq!(at.overpaid, Kopecks::ZERO);
}
