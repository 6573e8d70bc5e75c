//! Money as text, words, days, papers of a person, postings.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use chrono::{DateTime, Utc};
use common::{bullet, date, money};
use lending::{
    Account, AnnualRate, DailyRate, Kopecks, MoneyParseError, PassportProblem, WorkCalendar, age,
    apply_payment, business_date, inn_valid, ledger, passport_valid, percent_in_words,
    roubles_in_words,
};

#[test]
fn typed_amounts() {
    let good = [
        ("1 234,5", 123_450),
        ("1234.50", 123_450),
        ("15 000 ₽", 1_500_000),
        ("15\u{a0}000,00\u{a0}₽", 1_500_000),
        ("0", 0),
        ("0,05", 5),
        ("12 руб.", 1200),
        (" 7 р.", 700),
    ];
    for (text, kopecks) in good {
        assert_eq!(Kopecks::parse(text), Ok(Kopecks::new(kopecks)), "{text:?}");
    }
    let bad = [
        ("", MoneyParseError::Empty),
        ("₽", MoneyParseError::Empty),
        ("-1", MoneyParseError::Negative),
        ("−1", MoneyParseError::Negative),
        ("1,234", MoneyParseError::TooPrecise),
        ("1.2.3", MoneyParseError::NotANumber),
        ("1e3", MoneyParseError::NotANumber),
        (",5", MoneyParseError::NotANumber),
        ("5,", MoneyParseError::NotANumber),
        ("1234567890123", MoneyParseError::TooLarge),
    ];
    for (text, error) in bad {
        assert_eq!(Kopecks::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn printed_amounts_and_rates() {
    assert_eq!(Kopecks::new(1_716_000).to_string(), "17\u{a0}160,00\u{a0}₽");
    assert_eq!(Kopecks::new(-5).to_string(), "\u{2212}0,05\u{a0}₽");
    assert_eq!(
        Kopecks::new(123_456_789).roubles_part(),
        "1\u{a0}234\u{a0}567"
    );
    assert_eq!(Kopecks::new(-5).plain(), "-0.05");
    assert_eq!(Kopecks::new(-12_345).plain(), "-123.45");
    let rate = DailyRate::from_ppm(8000);
    assert_eq!(
        (rate.percent_text(), rate.annual_percent_text()),
        ("0,8".into(), "292,000".into())
    );
    assert_eq!(rate.annual_percent().to_string(), "292.0000");
    assert_eq!(DailyRate::from_ppm(10_000).percent_text(), "1");
    assert_eq!(AnnualRate::from_ppm(168_000).percent_text(), "16,8");
}

#[test]
fn amounts_in_words() {
    let amounts = [
        ("3600", "три тысячи шестьсот рублей 00 копеек"),
        ("0", "ноль рублей 00 копеек"),
        ("1.01", "один рубль 01 копейка"),
        ("2.02", "два рубля 02 копейки"),
        ("11.11", "одиннадцать рублей 11 копеек"),
        ("21000.21", "двадцать одна тысяча рублей 21 копейка"),
        ("1000000", "один миллион рублей 00 копеек"),
        (
            "112312.14",
            "сто двенадцать тысяч триста двенадцать рублей 14 копеек",
        ),
        ("2002002", "два миллиона две тысячи два рубля 00 копеек"),
        (
            "999999.99",
            "девятьсот девяносто девять тысяч девятьсот девяносто девять рублей 99 копеек",
        ),
    ];
    for (amount, words) in amounts {
        assert_eq!(roubles_in_words(money(amount)), words);
    }
    let percents = [
        (292_000, "двести девяносто два процента"),
        (
            292_146,
            "двести девяносто две целых сто сорок шесть тысячных процента",
        ),
        (0, "ноль процентов"),
        (1_000, "один процент"),
        (365_000, "триста шестьдесят пять процентов"),
        (1_001, "одна целая одна тысячная процента"),
        (21_500, "двадцать одна целая пять десятых процента"),
        (12_340, "двенадцать целых тридцать четыре сотых процента"),
    ];
    for (thousandths, words) in percents {
        assert_eq!(percent_in_words(thousandths), words);
    }
}

#[test]
fn the_business_day_begins_at_the_lenders_midnight() {
    let moment: DateTime<Utc> = "2026-11-21T20:59:59Z".parse().unwrap();
    assert_eq!(business_date(moment, 180), date("2026-11-21"));
    let next: DateTime<Utc> = "2026-11-21T21:00:00Z".parse().unwrap();
    assert_eq!(business_date(next, 180), date("2026-11-22"));
    assert_eq!(business_date(next, -180), date("2026-11-21"));
}

#[test]
fn working_days() {
    let calendar = WorkCalendar::russia();
    let moves = [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-21", "2026-11-23"),
        ("2026-12-31", "2027-01-11"),
        ("2027-02-23", "2027-02-24"),
        ("2026-05-09", "2026-05-12"),
        // The Government's decision on 2027: a working Saturday, and days off moved to a Monday and
        // two Fridays.
        ("2027-02-20", "2027-02-20"),
        ("2027-02-21", "2027-02-24"),
        ("2027-11-04", "2027-11-08"),
        ("2027-12-31", "2028-01-10"),
        // No decision on 2028 yet: the labour code alone. The January weekends go nowhere, the
        // Saturday of 4 November gives its Monday.
        ("2028-01-01", "2028-01-10"),
        ("2028-11-04", "2028-11-07"),
        // Years past are known as well.
        ("2020-01-06", "2020-01-09"),
        ("2024-04-29", "2024-05-02"),
    ];
    for (day, working) in moves {
        assert_eq!(calendar.next_working_day(date(day)), date(working), "{day}");
    }
    assert_eq!(
        calendar.add_working_days(date("2026-11-20"), 5),
        date("2026-11-27")
    );
    assert_eq!(
        calendar.add_working_days(date("2026-11-21"), 0),
        date("2026-11-21")
    );
    assert_eq!(
        calendar.add_working_days(date("2026-12-30"), 1),
        date("2027-01-11")
    );
}

#[test]
fn passports_change_at_20_and_45() {
    let birth = date("2000-02-29");
    let check = |issued: &str, on: &str| passport_valid(birth, date(issued), date(on));
    assert_eq!(check("2014-03-01", "2020-02-29"), Ok(()));
    // 90 days after the twentieth birthday it is still valid, on the 91st no more.
    assert_eq!(check("2014-03-01", "2020-05-29"), Ok(()));
    let since = date("2020-05-30");
    assert_eq!(
        check("2014-03-01", "2020-05-30"),
        Err(PassportProblem::Expired { since })
    );
    assert_eq!(check("2020-02-29", "2045-02-28"), Ok(()));
    assert_eq!(check("2020-02-29", "2045-05-30"), Ok(()));
    let since = date("2045-05-31");
    assert_eq!(
        check("2020-02-29", "2045-05-31"),
        Err(PassportProblem::Expired { since })
    );
    assert_eq!(check("2045-03-01", "2070-01-01"), Ok(()));
    assert_eq!(
        check("2014-02-28", "2016-01-01"),
        Err(PassportProblem::TooEarly)
    );
    assert_eq!(
        check("2020-03-01", "2020-02-29"),
        Err(PassportProblem::Future)
    );
}

#[test]
fn full_years() {
    assert_eq!(age(date("2008-11-21"), date("2026-11-20")), 17);
    assert_eq!(age(date("2008-11-21"), date("2026-11-21")), 18);
    assert_eq!(age(date("2008-02-29"), date("2026-02-28")), 17);
    assert_eq!(age(date("2008-02-29"), date("2026-03-01")), 18);
    assert_eq!(age(date("2026-11-21"), date("2026-11-20")), 0);
}

#[test]
fn taxpayer_numbers() {
    assert!(inn_valid("500100732259"));
    for wrong in [
        "500100732258",
        "500100732269",
        "50010073225",
        "5001007322590",
        "000000000000",
    ] {
        assert!(!inn_valid(wrong), "{wrong}");
    }
    assert!(!inn_valid("50010073225a") && !inn_valid("500 00732259"));
}

#[test]
fn postings_of_a_payment() {
    let terms = bullet("15000", 30, "2026-04-10");
    let applied = apply_payment(&terms, &[], date("2026-05-20"), money("20000")).unwrap();
    let postings = ledger::post_payment(&applied);
    let balance = |account: Account| {
        postings.iter().fold(Kopecks::ZERO, |sum, posting| {
            let debit = if posting.debit == account {
                posting.amount
            } else {
                Kopecks::ZERO
            };
            let credit = if posting.credit == account {
                posting.amount
            } else {
                Kopecks::ZERO
            };
            sum + debit - credit
        })
    };
    let expected = [
        (Account::Acquirer, "20000.00"),
        (Account::Loans, "-15000.00"),
        (Account::InterestIncome, "-4800.00"),
        (Account::InterestReceivable, "0.00"),
        (Account::PenaltyIncome, "-82.19"),
        (Account::PenaltyReceivable, "0.00"),
        (Account::BorrowerBalance, "-117.81"),
    ];
    for (account, amount) in expected {
        assert_eq!(balance(account).plain(), amount, "{account:?}");
    }
    assert!(ledger::post_refund(Kopecks::ZERO).is_empty());
    for account in Account::ALL {
        assert_eq!(Account::from_code(account.code()), Some(account));
        let wire = serde_json::to_string(&account).unwrap();
        assert_eq!(wire.trim_matches('"'), account.code());
    }
}
