//! Credit holidays: the right of art. 6.1-2 of 353-ФЗ to suspend payments, and its price.
//!
//! The dates ahead move by the length of the holiday and what each payment repays stays. Interest
//! runs at the contract's rate and is paid with the first payment after the holiday; it is never
//! folded into principal. Nothing is penalised on the days of the holiday; what was missed before
//! it waits for its end. The accrual cap keeps counting.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::{WorkCalendar, plus_days, plus_months};
use crate::loan::{Event, LoanError, Terms};
use crate::money::Kopecks;
use crate::product::{ProductKind, Schedule};
use crate::psk::{Psk, PskError, psk};
use crate::rules::{self, HolidayRule};
use crate::run::Run;
use crate::view::replay_all;

/// Why a holiday was given; each reason once for a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayBasis {
    /// The borrower's income fell.
    IncomeDrop,
    /// The borrower suffered from an emergency.
    Emergency,
}

/// What a borrower bases the request on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HolidayGround {
    /// Income fell.
    IncomeDrop {
        /// The income of the two months before the month of the request, together.
        two_months: Kopecks,
        /// The income of the twelve months before the month of the request, together.
        twelve_months: Kopecks,
    },
    /// Home, property or living conditions were lost in an emergency.
    Emergency,
}

impl HolidayGround {
    /// The reason without its figures.
    pub const fn basis(self) -> HolidayBasis {
        match self {
            Self::IncomeDrop { .. } => HolidayBasis::IncomeDrop,
            Self::Emergency => HolidayBasis::Emergency,
        }
    }
}

/// A borrower's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayRequest {
    /// The day of the request; the holiday is the days after it.
    pub on: NaiveDate,
    /// Calendar months asked for.
    pub months: u32,
    /// What it is based on.
    pub ground: HolidayGround,
    /// A holiday of another law runs for this loan (377-ФЗ, art. 6.1-1).
    pub other_law: bool,
    /// The borrower is bankrupt.
    pub bankrupt: bool,
    /// A court's decision on this debt is in force.
    pub judged: bool,
}

/// What a holiday would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayQuote {
    /// The day of the request.
    pub on: NaiveDate,
    /// Calendar months.
    pub months: u32,
    /// The last day of the holiday.
    pub until: NaiveDate,
    /// The final payment date before.
    pub old_due: NaiveDate,
    /// The final payment date after.
    pub new_due: NaiveDate,
    /// What the days of the holiday add to the debt.
    pub accrues: Kopecks,
    /// What keeping to the schedule costs more than without a holiday.
    pub extra: Kopecks,
    /// The payments left, exact to the kopeck. A penalty charged before the holiday is not among
    /// them.
    pub schedule: Schedule,
    /// The new full cost, of the flows from the request on: what is owed against what will be
    /// paid for it.
    pub psk: Psk,
    /// The last day of the lender's answer.
    pub answer_by: NaiveDate,
    /// With no answer by the end of this day the holiday is given.
    pub given_by_silence: NaiveDate,
    /// The event to store when it is given.
    pub event: Event,
}

/// Why a holiday is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum HolidayRefusal {
    /// The right does not exist on that day.
    #[error("there is no right to a holiday on that day")]
    NotInForce,
    /// The special product keeps its dates (art. 6.2).
    #[error("this kind of loan has no holidays")]
    Kind,
    /// The loan is closed.
    #[error("the loan is closed")]
    Closed,
    /// The amount lent is above the Government's maximum.
    #[error("the amount lent is above the limit")]
    Amount {
        /// The maximum.
        max: Kopecks,
    },
    /// Fewer than one month or more than the law gives.
    #[error("too few or too many months")]
    Months {
        /// The longest holiday.
        max: u32,
    },
    /// The income did not fall by more than the law asks.
    #[error("the income did not fall enough")]
    Income {
        /// More than this percentage is needed.
        percent: u32,
    },
    /// A holiday was already given for this loan for the same reason.
    #[error("a holiday was already given for this reason")]
    Once,
    /// A holiday runs.
    #[error("a holiday runs")]
    Running {
        /// Its last day.
        until: NaiveDate,
    },
    /// A holiday of another law runs.
    #[error("a holiday of another law runs")]
    OtherLaw,
    /// The borrower is bankrupt.
    #[error("the borrower is bankrupt")]
    Bankrupt,
    /// A court's decision on this debt is in force.
    #[error("a court has decided on this debt")]
    Judged,
    /// The events can't be replayed.
    #[error("the loan can't be computed")]
    Loan,
}

/// What a holiday would mean, or why there is no right to it. The right of the day of the request
/// counts. Once it is given, the quote's `event` is stored.
pub fn quote_holiday(
    terms: &Terms,
    events: &[Event],
    request: &HolidayRequest,
) -> Result<HolidayQuote, HolidayRefusal> {
    let refuse = |_: LoanError| HolidayRefusal::Loan;
    let on = request.on;
    let rule = rules::holiday_rule(on).ok_or(HolidayRefusal::NotInForce)?;
    let before = replay_all(terms, events, on).map_err(refuse)?;
    allowed(&rule, &before, events, request)?;
    let event = Event::Holiday {
        on,
        months: request.months,
        basis: request.ground.basis(),
    };
    let mut after = before.clone();
    after.act(&event).map_err(refuse)?;
    let lost = HolidayRefusal::Loan;
    let until = plus_months(on, request.months).ok_or(lost)?;
    let schedule = after.payments_ahead();
    let mut flows = vec![(on, Kopecks::ZERO - after.principal() - after.interest())];
    let payments = schedule.instalments.iter();
    flows.extend(payments.map(|line| (line.due, line.payment)));
    let report = psk(&flows).map_err(|_: PskError| lost)?;
    Ok(HolidayQuote {
        on,
        months: request.months,
        until,
        old_due: before.due(),
        new_due: after.due(),
        accrues: after.ahead(until).accrued() - after.accrued(),
        extra: schedule.total().less(before.payments_ahead().total()),
        schedule,
        psk: report.psk,
        answer_by: WorkCalendar::russia().add_working_days(on, rule.answer_working_days),
        given_by_silence: plus_days(on, rule.silence_days).ok_or(lost)?,
        event,
    })
}

/// The conditions of the law, in the order of the article.
fn allowed(
    rule: &HolidayRule,
    run: &Run<'_>,
    events: &[Event],
    request: &HolidayRequest,
) -> Result<(), HolidayRefusal> {
    if run.terms.product.kind == ProductKind::Special {
        return Err(HolidayRefusal::Kind);
    }
    if run.closed_on.is_some() {
        return Err(HolidayRefusal::Closed);
    }
    if run.terms.amount > rule.max_amount {
        let max = rule.max_amount;
        return Err(HolidayRefusal::Amount { max });
    }
    if let HolidayGround::IncomeDrop {
        two_months,
        twelve_months,
    } = request.ground
    {
        // Averages without division: two months over 2 against twelve over 12 less the drop.
        let now = i128::from(two_months.get()) * 6 * 100;
        let kept = 100 - i128::from(rule.income_drop_percent);
        if now >= i128::from(twelve_months.get()) * kept {
            let percent = rule.income_drop_percent;
            return Err(HolidayRefusal::Income { percent });
        }
    }
    if let Some(until) = run.holiday_until() {
        return Err(HolidayRefusal::Running { until });
    }
    let same = |event: &Event| matches!(event, Event::Holiday { basis, .. } if *basis == request.ground.basis());
    if events.iter().any(same) {
        return Err(HolidayRefusal::Once);
    }
    if request.other_law {
        return Err(HolidayRefusal::OtherLaw);
    }
    if request.bankrupt {
        return Err(HolidayRefusal::Bankrupt);
    }
    if request.judged {
        return Err(HolidayRefusal::Judged);
    }
    if request.months == 0 || request.months > rule.max_months {
        let max = rule.max_months;
        return Err(HolidayRefusal::Months { max });
    }
    Ok(())
}
