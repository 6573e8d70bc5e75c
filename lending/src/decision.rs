//! Whether a loan may be given: the law's prohibitions and the lender's own cut-offs.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::money::Kopecks;
use crate::product::{ProductKind, Quote};
use crate::rules::Licence;

/// What the borrower says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Questionnaire {
    /// Date of birth.
    pub birth: NaiveDate,
    /// The passport's date of issue.
    pub passport_issued: NaiveDate,
    /// Monthly income, as it is said.
    pub income: Kopecks,
    /// Monthly income that a paper proves, on the days that it holds for.
    pub income_proved: Option<Kopecks>,
    /// Code of the region of the Federation, two digits: `77`.
    pub region: String,
    /// Monthly payments on other debts.
    pub monthly_obligations: Kopecks,
    /// A public official in the sense of 115-ФЗ.
    pub public_official: bool,
}

/// One contract in a bureau's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BureauLoan {
    /// Its full cost in thousandths of a percent.
    pub psk_thousandths: i64,
    /// What was lent.
    pub amount: Kopecks,
    /// What it takes a month.
    pub monthly_payment: Kopecks,
    /// Days late now.
    pub overdue_days: u32,
    /// When it was repaid; `None`: still open.
    pub repaid_on: Option<NaiveDate>,
}

/// What the bureaus say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BureauAnswer {
    /// A self-ban acts.
    pub self_ban: bool,
    /// Contracts, open and recently repaid, of all lenders, this one included.
    pub open_loans: Vec<BureauLoan>,
    /// A score, higher is better.
    pub score: u32,
}

/// What this lender knows of the borrower.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Loans open here.
    pub open_loans_here: u32,
    /// What is owed here.
    pub open_debt_here: Kopecks,
    /// Short loans (at most 30 days) taken here in the last 365 days.
    pub loans_this_year: u32,
    /// Loans repaid here.
    pub repaid_loans: u32,
    /// The last day one was repaid.
    pub last_repaid_on: Option<NaiveDate>,
    /// The longest delay ever, in days.
    pub max_days_overdue: u32,
    /// A loan of the same product is open.
    pub open_same_product: bool,
}

/// Everything a decision is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionInput {
    /// The lender's licence.
    pub licence: Licence,
    /// The day of the decision.
    pub on: NaiveDate,
    /// What is asked for.
    pub quote: Quote,
    /// The kind of product asked for.
    pub product: ProductKind,
    /// What the borrower says.
    pub questionnaire: Questionnaire,
    /// What this lender knows.
    pub history: History,
    /// What the bureaus say.
    pub bureau: BureauAnswer,
    /// The database of fraud cases knows the payee.
    pub fraud_match: bool,
    /// The borrower was identified by biometrics.
    pub biometrics_done: bool,
    /// Scores below it are refused.
    pub score_cutoff: u32,
    /// Scores below it (and not below `score_cutoff`) go to a specialist.
    pub specialist_cutoff: u32,
    /// A debt burden above so many percent goes to a specialist. The law does not forbid such a loan, so it is
    /// never a refusal by itself.
    pub specialist_burden: Option<u32>,
}

/// A reason to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The borrower forbade loans to themself.
    SelfBan,
    /// Too many expensive loans open.
    ExpensiveLoans,
    /// The pause after repaying an expensive loan is not over.
    ExpensivePause,
    /// The daily rate is above the law.
    DailyRateCap,
    /// The full cost is above the law.
    PskCap,
    /// The database of fraud cases knows the payee.
    FraudDatabase,
    /// Biometrics are required and were not done.
    Biometrics,
    /// A loan is already open here.
    OpenLoan,
    /// Too much debt for the licence.
    LicenceLimit,
    /// Too many short loans in a year.
    YearlyLimit,
    /// Under 18.
    Age,
    /// The passport is not valid any more.
    Passport,
    /// Another passport than before: a specialist compares it. The lender's own choice.
    PassportChanged,
    /// The lender's own cut-off.
    Score,
    /// The debt burden is heavy: a specialist looks. The lender's own choice.
    Burden,
}

/// The outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Yes.
    Approved,
    /// No, for all these reasons.
    Refused {
        /// At least one.
        rules: Vec<Rule>,
        /// The first day it may be asked again, when time alone cures every reason.
        available_from: Option<NaiveDate>,
    },
    /// A person must look.
    Specialist {
        /// What made it so. Empty for a public official, whom a person must accept (115-ФЗ
        /// art. 7.3).
        rules: Vec<Rule>,
    },
}

/// Which income counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncomeBasis {
    /// Officially proved, and no more than is said; before 2026 also a declared one.
    Proved,
    /// The average of the region: a declared income does not count since 2026.
    RegionalAverage,
}

/// The debt burden (показатель долговой нагрузки, ПДН): payments over income.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pdn {
    /// Tenths of a percent, half-up.
    pub percent_tenths: u32,
    /// Monthly payments, this loan included.
    pub payments: Kopecks,
    /// Monthly income that counted.
    pub income: Kopecks,
    /// Which income that is.
    pub basis: IncomeBasis,
    /// Above 50 %, once the law asks for it: the borrower must be warned in writing (art. 5.1).
    pub warn: bool,
}

/// A decision with everything that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The outcome.
    pub verdict: Verdict,
    /// The debt burden.
    pub pdn: Pdn,
    /// Every rule that was in force and whether it was passed.
    pub checks: Vec<(Rule, bool)>,
}
