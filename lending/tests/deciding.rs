//! Decisions and the edges of the dated law.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{date, money, product, quoted};
use lending::rules::{self, CoolingOff};
use lending::{
    BureauAnswer, BureauLoan, DecisionInput, History, IncomeBasis, Kopecks, Licence, ProductKind,
    Questionnaire, Rule, Verdict, decide,
};

fn application(on: &str) -> DecisionInput {
    let quote = quoted(
        &product(ProductKind::Bullet, "0.8"),
        money("10000"),
        30,
        date(on),
    );
    DecisionInput {
        licence: Licence::Mkk,
        on: date(on),
        quote: quote.unwrap(),
        product: ProductKind::Bullet,
        questionnaire: Questionnaire {
            birth: date("1990-05-05"),
            passport_issued: date("2011-06-01"),
            income: money("50000"),
            income_proved: None,
            region: String::from("77"),
            monthly_obligations: Kopecks::ZERO,
            public_official: false,
        },
        history: History::default(),
        bureau: BureauAnswer {
            self_ban: false,
            open_loans: Vec::new(),
            score: 600,
        },
        fraud_match: false,
        biometrics_done: false,
        score_cutoff: 400,
        specialist_cutoff: 500,
        specialist_burden: None,
    }
}

fn other_loan(psk_thousandths: i64, repaid_on: Option<&str>) -> BureauLoan {
    BureauLoan {
        psk_thousandths,
        amount: money("10000"),
        monthly_payment: money("12400"),
        overdue_days: 0,
        repaid_on: repaid_on.map(date),
    }
}

fn refused(input: &DecisionInput) -> (Vec<Rule>, Option<String>) {
    match decide(input).verdict {
        Verdict::Refused {
            rules,
            available_from,
        } => (rules, available_from.map(|day| day.to_string())),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn an_ordinary_application_is_approved() {
    let decision = decide(&application("2026-11-23"));
    assert_eq!(decision.verdict, Verdict::Approved);
    assert!(decision.checks.iter().all(|(_, passed)| *passed));
    let pdn = decision.pdn;
    // 12 400 of payments over 141 000 of the region's average: 8.79 %.
    assert_eq!(
        (pdn.percent_tenths, pdn.basis),
        (88, IncomeBasis::RegionalAverage)
    );
    assert!(!pdn.warn);
    // Biometrics of a small company are not required yet, and a rule not in force is not listed.
    assert!(
        !decision
            .checks
            .iter()
            .any(|(rule, _)| *rule == Rule::Biometrics)
    );
}

#[test]
fn two_expensive_loans_then_one() {
    let mut input = application("2026-11-23");
    input.bureau.open_loans = vec![other_loan(292_000, None), other_loan(200_000, None)];
    assert_eq!(decide(&input).verdict, Verdict::Approved);
    input.bureau.open_loans[1].psk_thousandths = 200_001;
    assert_eq!(refused(&input), (vec![Rule::ExpensiveLoans], None));
    let mut input = application("2027-04-01");
    input.biometrics_done = true;
    input.bureau.open_loans = vec![other_loan(100_000, None)];
    assert_eq!(decide(&input).verdict, Verdict::Approved);
    input.bureau.open_loans[0].psk_thousandths = 100_001;
    assert_eq!(refused(&input), (vec![Rule::ExpensiveLoans], None));
    let mut before = application("2026-09-30");
    before.bureau.open_loans = vec![other_loan(292_000, None); 3];
    assert_eq!(decide(&before).verdict, Verdict::Approved);
}

#[test]
fn the_pause_after_an_expensive_loan() {
    let mut input = application("2027-04-05");
    input.biometrics_done = true;
    input.bureau.open_loans = vec![other_loan(292_000, Some("2027-04-02"))];
    let available = Some(String::from("2027-04-06"));
    assert_eq!(refused(&input), (vec![Rule::ExpensivePause], available));
    input.on = date("2027-04-06");
    assert_eq!(decide(&input).verdict, Verdict::Approved);
}

#[test]
fn every_reason_alone_refuses() {
    type Change = fn(&mut DecisionInput);
    let cases: [(Rule, Change); 9] = [
        (Rule::SelfBan, |input| input.bureau.self_ban = true),
        (Rule::FraudDatabase, |input| input.fraud_match = true),
        (Rule::Biometrics, |input| input.licence = Licence::Mfk),
        (Rule::OpenLoan, |input| {
            input.history.open_same_product = true;
        }),
        (Rule::OpenLoan, |input| input.history.open_loans_here = 1),
        (Rule::LicenceLimit, |input| {
            input.history.open_debt_here = money("490000.01");
        }),
        (Rule::YearlyLimit, |input| input.history.loans_this_year = 9),
        (Rule::Passport, |input| {
            input.questionnaire.passport_issued = date("2010-05-04");
        }),
        (Rule::Score, |input| input.bureau.score = 399),
    ];
    for (rule, change) in cases {
        let mut input = application("2026-11-23");
        change(&mut input);
        assert_eq!(refused(&input).0, [rule]);
        let wire = serde_json::to_string(&rule).unwrap();
        assert_eq!(wire.trim_matches('"'), rule.code());
        assert!(!rule.reference().is_empty());
    }
    let mut young = application("2026-11-23");
    young.questionnaire.birth = date("2008-11-24");
    young.questionnaire.passport_issued = date("2023-01-01");
    assert_eq!(
        refused(&young),
        (vec![Rule::Age], Some(String::from("2026-11-24")))
    );
}

#[test]
fn a_person_looks_at_the_doubtful() {
    let mut input = application("2026-11-23");
    input.bureau.score = 499;
    assert_eq!(
        decide(&input).verdict,
        Verdict::Specialist {
            rules: vec![Rule::Score]
        }
    );
    input.bureau.score = 500;
    assert_eq!(decide(&input).verdict, Verdict::Approved);
    input.questionnaire.public_official = true;
    assert_eq!(
        decide(&input).verdict,
        Verdict::Specialist { rules: vec![] }
    );
}

#[test]
fn the_debt_burden_warns_above_half() {
    let mut input = application("2026-11-23");
    input.questionnaire.income_proved = Some(money("24800"));
    input.questionnaire.income = money("24800");
    let pdn = decide(&input).pdn;
    assert_eq!(
        (pdn.percent_tenths, pdn.warn, pdn.basis),
        (500, false, IncomeBasis::Proved)
    );
    input.questionnaire.income_proved = Some(money("24799.99"));
    assert!(decide(&input).pdn.warn);
}

/// A paper counts for what it proves and for no more than is said; without one, what is said counts for nothing.
#[test]
fn a_proved_income_counts_and_a_said_one_does_not() {
    let mut input = application("2026-11-23");
    input.questionnaire.income = money("300000");
    let average = rules::regional_average_income("77", date("2026-11-23"));
    let pdn = decide(&input).pdn;
    assert_eq!(
        (pdn.income, pdn.basis),
        (average, IncomeBasis::RegionalAverage)
    );
    for (said, proved, counted) in [
        ("300000", "200000", "200000"),
        ("150000", "200000", "150000"),
        ("300000", "20000", "20000"),
    ] {
        input.questionnaire.income = money(said);
        input.questionnaire.income_proved = Some(money(proved));
        let pdn = decide(&input).pdn;
        let expected = (money(counted), IncomeBasis::Proved);
        assert_eq!((pdn.income, pdn.basis), expected, "{said} and {proved}");
    }
    // Before 2026 what was said counted, but not against a paper.
    let mut input = application("2025-12-31");
    assert_eq!(decide(&input).pdn.income, money("50000"));
    input.questionnaire.income_proved = Some(money("40000"));
    assert_eq!(decide(&input).pdn.income, money("40000"));
}

/// The lender's own line for a heavy burden: above it a person looks, and a proved income moves it.
#[test]
fn a_heavy_burden_is_looked_at_and_a_paper_makes_it_lighter() {
    let mut input = application("2026-11-23");
    input.questionnaire.income_proved = Some(money("15500"));
    assert_eq!(decide(&input).verdict, Verdict::Approved, "no such line");
    input.specialist_burden = Some(80);
    let at = decide(&input);
    assert_eq!(
        (at.pdn.percent_tenths, at.verdict),
        (800, Verdict::Approved)
    );
    assert!(at.checks.contains(&(Rule::Burden, true)));
    input.questionnaire.income_proved = Some(money("15400"));
    let above = decide(&input);
    assert!(above.checks.contains(&(Rule::Burden, false)));
    let looked = |rules| Verdict::Specialist { rules };
    assert_eq!(above.verdict, looked(vec![Rule::Burden]));
    input.bureau.score = 499;
    assert_eq!(
        decide(&input).verdict,
        looked(vec![Rule::Score, Rule::Burden])
    );
    // What the law forbids is refused, and not because of the burden.
    input.bureau.self_ban = true;
    assert_eq!(refused(&input).0, vec![Rule::SelfBan]);
}

#[test]
fn edges_of_the_law() {
    let hours = |amount: &str, on: &str| rules::cooling_off(money(amount), date(on));
    assert_eq!(hours("49999.99", "2025-09-01"), CoolingOff::None);
    assert_eq!(hours("50000", "2025-09-01"), CoolingOff::Hours(4));
    assert_eq!(hours("200000", "2025-09-01"), CoolingOff::Hours(4));
    assert_eq!(hours("200000.01", "2025-09-01"), CoolingOff::Hours(48));
    assert_eq!(hours("200000.01", "2025-08-31"), CoolingOff::None);
    assert_eq!(rules::accrual_cap_percent(date("2019-01-27")), None);
    assert_eq!(rules::accrual_cap_percent(date("2026-03-31")), Some(130));
    assert_eq!(rules::accrual_cap_percent(date("2026-04-01")), Some(100));
    let limit = |on: &str, category| rules::max_psk(date(on), category).unwrap().thousandths;
    assert_eq!(limit("2026-01-01", rules::PskCategory::Secured), 203_268);
    assert_eq!(limit("2026-04-01", rules::PskCategory::Secured), 292_000);
    assert_eq!(limit("2026-01-01", rules::PskCategory::Unsecured), 292_000);
    let moscow = rules::regional_average_income("77", date("2026-11-23"));
    let elsewhere = rules::regional_average_income("99", date("2026-11-23"));
    assert!(moscow > elsewhere && elsewhere.is_positive());
}

/// An application that breaks the rule of the row, the day before the row and on its day: a rule
/// that is not in force neither refuses nor is listed.
#[test]
fn every_dated_row_acts_from_its_day() {
    type Change = fn(&mut DecisionInput);
    let rows: [(Rule, &str, Change); 7] = [
        (Rule::YearlyLimit, "2019-01-01", |input| {
            input.history.loans_this_year = 9;
        }),
        (Rule::SelfBan, "2025-03-01", |input| {
            input.bureau.self_ban = true;
        }),
        (Rule::FraudDatabase, "2025-09-01", |input| {
            input.fraud_match = true;
        }),
        (Rule::Biometrics, "2026-03-01", |input| {
            input.licence = Licence::Mfk;
        }),
        (Rule::Biometrics, "2027-03-01", |_| ()),
        (Rule::ExpensiveLoans, "2026-10-01", |input| {
            input.bureau.open_loans = vec![other_loan(292_000, None); 2];
        }),
        (Rule::ExpensivePause, "2027-04-01", |input| {
            input.biometrics_done = true;
            input.bureau.open_loans = vec![other_loan(292_000, Some("2027-03-29"))];
        }),
    ];
    for (rule, from, change) in rows {
        let mut input = application("2026-11-23");
        change(&mut input);
        input.on = date(from).pred_opt().unwrap();
        let before = decide(&input);
        assert!(
            before.checks.iter().all(|(other, _)| *other != rule),
            "{from}"
        );
        assert_eq!(before.verdict, Verdict::Approved, "{from}");
        input.on = date(from);
        assert_eq!(refused(&input).0, [rule], "{from}");
    }
}

/// Two expensive loans are the limit of the first stage, one of the second; from its day, the
/// second replaces the first.
#[test]
fn the_second_stage_replaces_the_first() {
    let mut input = application("2026-11-23");
    input.biometrics_done = true;
    input.bureau.open_loans = vec![other_loan(250_000, None)];
    input.on = date("2027-03-31");
    assert_eq!(decide(&input).verdict, Verdict::Approved);
    input.on = date("2027-04-01");
    assert_eq!(refused(&input).0, [Rule::ExpensiveLoans]);
    // A loan of 100.001 to 200 % counts for the second stage alone.
    input.bureau.open_loans = vec![other_loan(150_000, None); 2];
    assert_eq!(refused(&input).0, [Rule::ExpensiveLoans]);
    input.on = date("2027-03-31");
    assert_eq!(decide(&input).verdict, Verdict::Approved);
    // A cheap loan may be given beside any number of expensive ones, on any day.
    input.bureau.open_loans = vec![other_loan(292_000, None); 5];
    input.quote.psk.thousandths = 100_000;
    for on in ["2027-03-31", "2027-04-01"] {
        input.on = date(on);
        assert_eq!(decide(&input).verdict, Verdict::Approved, "{on}");
    }
}

#[test]
fn the_debt_burden_follows_the_days_of_its_rules() {
    let mut input = application("2026-11-23");
    input.questionnaire.income = money("20000");
    // A declared income counts through 2025, the region's average from 2026.
    input.on = date("2025-12-31");
    let pdn = decide(&input).pdn;
    assert_eq!(
        (pdn.income, pdn.basis),
        (money("20000"), IncomeBasis::Proved)
    );
    // 12 400 of 20 000: 62 %, and a warning, which the law asks for since 2024.
    assert_eq!((pdn.percent_tenths, pdn.warn), (620, true));
    input.on = date("2023-12-31");
    assert!(!decide(&input).pdn.warn);
    input.on = date("2024-01-01");
    assert!(decide(&input).pdn.warn);
    input.on = date("2026-01-01");
    assert_eq!(decide(&input).pdn.basis, IncomeBasis::RegionalAverage);
}

#[test]
fn limits_of_the_licences() {
    let mut input = application("2026-11-23");
    input.biometrics_done = true;
    for (licence, most) in [(Licence::Mkk, "490000"), (Licence::Mfk, "990000")] {
        input.licence = licence;
        input.history.open_debt_here = money(most);
        assert_eq!(decide(&input).verdict, Verdict::Approved, "{licence:?}");
        input.history.open_debt_here = money(most) + Kopecks::new(1);
        assert_eq!(refused(&input).0, [Rule::LicenceLimit], "{licence:?}");
    }
}

/// The tenth short loan of a year is refused; loans up to 3 000 and of more than 30 days are not
/// counted.
#[test]
fn nine_short_loans_a_year() {
    let mut input = application("2026-11-23");
    input.history.loans_this_year = 8;
    assert_eq!(decide(&input).verdict, Verdict::Approved);
    input.history.loans_this_year = 9;
    assert_eq!(refused(&input).0, [Rule::YearlyLimit]);
    let bullet = product(ProductKind::Bullet, "0.8");
    let quote = |amount: &str, term| quoted(&bullet, money(amount), term, input.on).unwrap();
    let (small, long) = (quote("3000", 30), quote("10000", 31));
    for quote in [small, long] {
        input.quote = quote;
        assert_eq!(decide(&input).verdict, Verdict::Approved);
    }
    input.quote = quoted(&bullet, money("3000.01"), 30, input.on).unwrap();
    assert_eq!(refused(&input).0, [Rule::YearlyLimit]);
}
