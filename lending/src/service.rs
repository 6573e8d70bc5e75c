//! Paid services sold with a loan: which of them the full cost counts (art. 6 of 353-ФЗ), and what
//! goes back when one is refused (art. 7).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::{WorkCalendar, days_since, plus_days};
use crate::loan::Terms;
use crate::money::Kopecks;
use crate::product::ProductKind;
use crate::psk::{Psk, PskError, psk};
use crate::rules::{self, PskCategory};

/// What a borrower pays for besides principal, as the full cost sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// Interest.
    Interest,
    /// To the lender: due under the contract, or needed to get the loan.
    LenderFee,
    /// The issue and use of a card or of electronic money.
    PaymentTool,
    /// To somebody else, when the contract requires it.
    RequiredThirdParty,
    /// Insurance on which the terms depend, or whose beneficiary is not the borrower.
    TiedInsurance,
    /// Any other paid service, work or thing sold with the loan.
    SoldWithLoan,
    /// Insurance that changes no terms and pays the borrower.
    FreeInsurance,
    /// What the law makes everybody pay.
    Mandatory,
    /// A penalty: it depends on the borrower's conduct.
    Penalty,
    /// What the borrower chose to buy after signing.
    ChosenLater,
}

impl Charge {
    /// Whether the full cost of a contract of that day counts it (art. 6 p. 4 and 5 of 353-ФЗ).
    pub fn in_full_cost(self, contract_date: NaiveDate) -> bool {
        match self {
            Self::Interest
            | Self::LenderFee
            | Self::PaymentTool
            | Self::RequiredThirdParty
            | Self::TiedInsurance => true,
            Self::SoldWithLoan => rules::services_in_full_cost(contract_date),
            Self::FreeInsurance | Self::Mandatory | Self::Penalty | Self::ChosenLater => false,
        }
    }
}

/// How a service is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Use {
    /// At once, on a day; `None`: not yet.
    Once {
        /// The day it was rendered.
        done_on: Option<NaiveDate>,
    },
    /// Evenly, day by day.
    Daily {
        /// The first day it acts.
        from: NaiveDate,
        /// The last day it acts.
        to: NaiveDate,
    },
}

/// A paid service that was bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidService {
    /// The day of the consent.
    pub bought_on: NaiveDate,
    /// What was paid for it.
    pub price: Kopecks,
    /// How it is used up.
    pub used: Use,
}

/// What a paid service does to the full cost of a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCost {
    /// The full cost without it.
    pub without: Psk,
    /// The full cost with it.
    pub with: Psk,
    /// The highest full cost that the law of the contract's day allows; `None` when no limit acts.
    pub limit: Option<Psk>,
    /// Whether it may be sold with this loan.
    pub fits: bool,
}

/// The full cost of a loan with a service, counted as paid on the loan's first day: the dearest case, and the same
/// figure on whichever day it is bought.
///
/// Counted whenever it is bought: the law leaves out what is chosen after the signing (art. 6 p. 5), and a lender's
/// service must not pass the limit that way. With the special product (art. 6.2), whose fixed payment is all that may be
/// taken, no service fits.
///
/// Errors: [`PskError`] of a schedule that has no full cost.
pub fn service_cost(terms: &Terms, price: Kopecks) -> Result<ServiceCost, PskError> {
    let mut flows = terms.schedule.flows();
    let without = psk(&flows)?.psk;
    let limit = rules::max_psk(terms.contract_date, PskCategory::Unsecured);
    if !price.is_positive() {
        return Ok(ServiceCost {
            without,
            with: without,
            limit,
            fits: true,
        });
    }
    flows.insert(1, (terms.schedule.start, price));
    let with = psk(&flows)?.psk;
    let special = terms.product.kind == ProductKind::Special;
    let within = limit.is_none_or(|limit| with.thousandths <= limit.thousandths);
    Ok(ServiceCost {
        without,
        with,
        limit,
        fits: within && !special,
    })
}

/// What goes back for a refused service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRefund {
    /// To be paid back.
    pub amount: Kopecks,
    /// The part that was used, kept: the price of its days before the application, rounded down.
    pub kept: Kopecks,
    /// The last day to pay it back.
    pub pay_by: NaiveDate,
    /// The last day on which the service could be refused.
    pub last_day: NaiveDate,
}

/// Why a service can't be refused any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum ServiceKept {
    /// The law of the day of the purchase gives no such right.
    #[error("there was no right to refuse on the day of the purchase")]
    NotInForce,
    /// The application is from before the purchase.
    #[error("the service was not bought yet")]
    Early,
    /// The time for it is over.
    #[error("the time to refuse is over")]
    Late {
        /// The last day it was possible.
        last_day: NaiveDate,
    },
    /// The service is used up.
    #[error("the service is used up")]
    Used,
}

impl PaidService {
    /// The last day on which the service may be refused: the days run from the day after the
    /// purchase, and a last day off moves to the next working day (art. 191 and 193 ГК).
    pub fn last_day(&self) -> Option<NaiveDate> {
        let rule = rules::service_refusal_rule(self.bought_on)?;
        let last = plus_days(self.bought_on, rule.days)?;
        Some(WorkCalendar::russia().next_working_day(last))
    }

    /// What goes back when the borrower applies on a day. What was rendered before that day is
    /// kept, the rest returned (art. 7 p. 2.9 of 353-ФЗ).
    pub fn refund(&self, applied_on: NaiveDate) -> Result<ServiceRefund, ServiceKept> {
        let not_in_force = ServiceKept::NotInForce;
        let rule = rules::service_refusal_rule(self.bought_on).ok_or(not_in_force)?;
        let last_day = self.last_day().ok_or(not_in_force)?;
        if applied_on < self.bought_on {
            return Err(ServiceKept::Early);
        }
        if applied_on > last_day {
            return Err(ServiceKept::Late { last_day });
        }
        let kept = self.used_before(applied_on);
        let amount = self.price.less(kept);
        if !amount.is_positive() {
            return Err(ServiceKept::Used);
        }
        Ok(ServiceRefund {
            amount,
            kept,
            pay_by: WorkCalendar::russia().add_working_days(applied_on, rule.refund_working_days),
            last_day,
        })
    }

    /// The price of what was rendered before the day, in the borrower's favour to the kopeck.
    fn used_before(&self, day: NaiveDate) -> Kopecks {
        match self.used {
            Use::Once { done_on } if done_on.is_some_and(|done| done < day) => self.price,
            Use::Once { .. } => Kopecks::ZERO,
            Use::Daily { from, to } => {
                let whole = days_since(from, to) + 1;
                let used = days_since(from, day).min(whole);
                let part = i128::from(self.price.get()) * i128::from(used) / i128::from(whole);
                Kopecks::new(i64::try_from(part).unwrap_or(i64::MAX))
            }
        }
    }
}
