//! Applying the rules of the day to one application.

use chrono::NaiveDate;

use crate::calendar::{days_since, plus_days};
use crate::decision::{Decision, DecisionInput, IncomeBasis, Pdn, Rule, Verdict};
use crate::identity::{coming_of_age, passport_valid};
use crate::money::Kopecks;
use crate::product::ProductKind;
use crate::rules::{self, ExpensiveLoanRule, PskCategory};

impl Rule {
    /// The article or table row behind the rule.
    pub const fn reference(self) -> &'static str {
        match self {
            Self::SelfBan => "353-ФЗ art. 7, self-ban, from 2025-03-01",
            Self::ExpensiveLoans | Self::ExpensivePause => {
                "law of December 2025 on expensive loans, from 2026-10-01 and 2027-04-01"
            }
            Self::DailyRateCap => "353-ФЗ art. 5 p. 23",
            Self::PskCap => "353-ФЗ art. 6 p. 11",
            Self::FraudDatabase => "database of fraud cases of the Bank of Russia, from 2025-09-01",
            Self::Biometrics => "151-ФЗ, biometric identification, from 2026-03-01 and 2027-03-01",
            Self::OpenLoan | Self::YearlyLimit => "SRO base standard art. 10",
            Self::LicenceLimit => "151-ФЗ art. 12",
            Self::Age => "ГК art. 21",
            Self::Passport => "Government decision 2267 of 2023-12-23",
            Self::PassportChanged | Self::Burden => "the lender's own rule",
            Self::Score => "the lender's own cut-off",
        }
    }

    /// A stable name, the same as on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SelfBan => "self_ban",
            Self::ExpensiveLoans => "expensive_loans",
            Self::ExpensivePause => "expensive_pause",
            Self::DailyRateCap => "daily_rate_cap",
            Self::PskCap => "psk_cap",
            Self::FraudDatabase => "fraud_database",
            Self::Biometrics => "biometrics",
            Self::OpenLoan => "open_loan",
            Self::LicenceLimit => "licence_limit",
            Self::YearlyLimit => "yearly_limit",
            Self::Age => "age",
            Self::Passport => "passport",
            Self::PassportChanged => "passport_changed",
            Self::Score => "score",
            Self::Burden => "burden",
        }
    }
}

/// Decides. Rules that are not in force on the day do not act and are not listed.
pub fn decide(input: &DecisionInput) -> Decision {
    let mut checks = Vec::new();
    legal_checks(input, &mut checks);
    lender_checks(input, &mut checks);
    let failed: Vec<Rule> = checks
        .iter()
        .filter(|check| !check.1)
        .map(|check| check.0)
        .collect();
    let pdn = pdn(input);
    let heavy = input
        .specialist_burden
        .is_some_and(|most| pdn.percent_tenths > most.saturating_mul(10));
    if input.specialist_burden.is_some() {
        checks.push((Rule::Burden, !heavy));
    }
    let doubtful = input.bureau.score < input.specialist_cutoff;
    let rules = [(Rule::Score, doubtful), (Rule::Burden, heavy)];
    let rules: Vec<Rule> = rules
        .into_iter()
        .filter_map(|(rule, looks)| looks.then_some(rule))
        .collect();
    let verdict = if !failed.is_empty() {
        Verdict::Refused {
            available_from: available_from(input, &failed),
            rules: failed,
        }
    } else if !rules.is_empty() || input.questionnaire.public_official {
        Verdict::Specialist { rules }
    } else {
        Verdict::Approved
    };
    Decision {
        verdict,
        pdn,
        checks,
    }
}

/// What the law forbids on the day.
fn legal_checks(input: &DecisionInput, checks: &mut Vec<(Rule, bool)>) {
    let on = input.on;
    if rules::self_ban_required(on) {
        checks.push((Rule::SelfBan, !input.bureau.self_ban));
    }
    if let Some(rule) = rules::expensive_loan_rule(on) {
        let cheap = input.quote.psk.thousandths <= rule.threshold_psk_thousandths;
        checks.push((
            Rule::ExpensiveLoans,
            cheap || expensive_open(input, rule) < rule.max_open,
        ));
        if rule.pause_days > 0 {
            let over = pause_ends(input, rule).is_none_or(|first_day| first_day <= on);
            checks.push((Rule::ExpensivePause, cheap || over));
        }
    }
    // The special product stands outside both caps (art. 6.2).
    if input.product != ProductKind::Special {
        if let Some(limit) = rules::max_daily_rate(on) {
            checks.push((Rule::DailyRateCap, input.quote.rate <= limit));
        }
        if let Some(limit) = rules::max_psk(on, PskCategory::Unsecured) {
            let within = input.quote.psk.thousandths <= limit.thousandths;
            checks.push((Rule::PskCap, within));
        }
    }
    if rules::fraud_check_required(on) {
        checks.push((Rule::FraudDatabase, !input.fraud_match));
    }
    if rules::biometrics_required(input.licence, on) {
        checks.push((Rule::Biometrics, input.biometrics_done));
    }
    let debt = input.history.open_debt_here + input.quote.amount;
    checks.push((
        Rule::LicenceLimit,
        debt <= rules::licence_limit(input.licence),
    ));
    let person = &input.questionnaire;
    checks.push((Rule::Age, coming_of_age(person.birth) <= on));
    let passport = passport_valid(person.birth, person.passport_issued, on);
    checks.push((Rule::Passport, passport.is_ok()));
}

/// What the base standard and the lender forbid.
fn lender_checks(input: &DecisionInput, checks: &mut Vec<(Rule, bool)>) {
    let history = &input.history;
    // The standard's limits spare the smallest loans, and begin with the standard.
    let limit = rules::yearly_short_loans(input.on);
    let short = limit < u32::MAX
        && term_days(input) <= rules::SHORT_LOAN_DAYS
        && input.quote.amount > rules::short_loan_exempt_amount();
    let open = history.open_same_product || (short && history.open_loans_here > 0);
    checks.push((Rule::OpenLoan, !open));
    if short {
        checks.push((Rule::YearlyLimit, history.loans_this_year < limit));
    }
    checks.push((Rule::Score, input.bureau.score >= input.score_cutoff));
}

/// The contract's term in days, before any move of the date to a working day.
fn term_days(input: &DecisionInput) -> u32 {
    match input.product {
        ProductKind::Bullet | ProductKind::Special => input.quote.term,
        ProductKind::EveryNDays { .. } | ProductKind::Monthly => {
            days_since(input.quote.start, input.quote.due)
        }
    }
}

fn expensive_open(input: &DecisionInput, rule: ExpensiveLoanRule) -> u32 {
    let expensive = |loan: &&crate::decision::BureauLoan| {
        loan.psk_thousandths > rule.threshold_psk_thousandths
            && loan.repaid_on.is_none_or(|repaid| repaid > input.on)
    };
    let count = input.bureau.open_loans.iter().filter(expensive).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The first day after the pause that follows the last repaid expensive loan. A bureau may not
/// know yet of a loan repaid here, so the last one of this lender counts as expensive: a few days
/// too many are lawful, a day too few is not.
fn pause_ends(input: &DecisionInput, rule: ExpensiveLoanRule) -> Option<NaiveDate> {
    let bureau = input.bureau.open_loans.iter();
    let expensive = bureau.filter(|loan| loan.psk_thousandths > rule.threshold_psk_thousandths);
    let repaid = expensive
        .filter_map(|loan| loan.repaid_on)
        .chain(input.history.last_repaid_on);
    let last = repaid.filter(|repaid| *repaid <= input.on).max()?;
    plus_days(last, rule.pause_days + 1)
}

/// When time alone cures every reason, the day it will have.
fn available_from(input: &DecisionInput, failed: &[Rule]) -> Option<NaiveDate> {
    let cured = failed.iter().map(|rule| match rule {
        Rule::ExpensivePause => {
            rules::expensive_loan_rule(input.on).and_then(|rule| pause_ends(input, rule))
        }
        Rule::Age => Some(coming_of_age(input.questionnaire.birth)),
        _ => None,
    });
    let days: Option<Vec<NaiveDate>> = cured.collect();
    days.and_then(|days| days.into_iter().max())
}

/// Payments of a month over the income of a month (art. 5.1 of 353-ФЗ). Debts are the larger of
/// what the borrower says and what the bureaus know; this loan counts whole when it is repaid
/// within thirty days, otherwise by its average month.
fn pdn(input: &DecisionInput) -> Pdn {
    let person = &input.questionnaire;
    let open = input
        .bureau
        .open_loans
        .iter()
        .filter(|loan| loan.repaid_on.is_none());
    let known: Kopecks = open.map(|loan| loan.monthly_payment).sum();
    let days = i128::from(term_days(input));
    let total = input.quote.total;
    let this_loan = if days <= 30 {
        total
    } else {
        let doubled = 2 * i128::from(total.get()) * 365 + 12 * days;
        Kopecks::new(i64::try_from(doubled / (24 * days)).unwrap_or(i64::MAX))
    };
    let payments = person.monthly_obligations.max(known) + this_loan;
    let counted = counted_income(
        person.income,
        person.income_proved,
        &person.region,
        input.on,
    );
    Pdn::of(payments, counted, input.on)
}

/// Which income counts for the debt burden on a day. A proved one counts up to what the borrower says: who says less
/// than an older paper earns less. Without a paper it is the region's average, since a said income does not count
/// (from 2026); a proved income below the average counts all the same, it is what there is to pay from.
pub fn counted_income(
    said: Kopecks,
    proved: Option<Kopecks>,
    region: &str,
    on: NaiveDate,
) -> (Kopecks, IncomeBasis) {
    match proved {
        Some(proved) => (proved.min(said), IncomeBasis::Proved),
        None if rules::declared_income_excluded(on) => {
            let average = rules::regional_average_income(region, on);
            (average, IncomeBasis::RegionalAverage)
        }
        None => (said, IncomeBasis::Proved),
    }
}

impl Pdn {
    /// These payments of a month out of this income of a month, by the law of the day.
    pub fn of(payments: Kopecks, (income, basis): (Kopecks, IncomeBasis), on: NaiveDate) -> Self {
        let percent_tenths = if income.is_positive() {
            let doubled = 2000 * i128::from(payments.get()) + i128::from(income.get());
            u32::try_from(doubled / (2 * i128::from(income.get()))).unwrap_or(u32::MAX)
        } else {
            u32::MAX
        };
        let above_half = 2 * i128::from(payments.get()) > i128::from(income.get());
        Self {
            percent_tenths,
            payments,
            income,
            basis,
            warn: above_half && rules::burden_warning_required(on),
        }
    }
}
