//! The quote: what a borrower must see before signing, and the law's limits on it.

use chrono::NaiveDate;

use crate::calendar::plus_days;
use crate::exact::Rate;
use crate::loan::Terms;
use crate::money::{AnnualRate, DailyRate, Kopecks};
use crate::product::{
    LoanRequest, Product, ProductKind, PromoAfterDue, PromoState, Quote, QuoteError, Schedule,
};
use crate::psk::{Psk, PskError, psk};
use crate::rules::{self, PskCategory};
use crate::schedule::{self, build, rounding, share, within_a_year};

/// The quote of a request: schedule, ПСК and the most that may accrue; refuses what the product
/// or the law of the start date does not allow, and charges that the cap would not let accrue.
pub fn quote(product: &Product, request: &LoanRequest) -> Result<Quote, QuoteError> {
    let quote = price(product, request)?;
    if quote.has_cap && quote.overpayment > quote.cap {
        return Err(QuoteError::ChargesAboveCap {
            charges: quote.overpayment,
            cap: quote.cap,
        });
    }
    Ok(quote)
}

/// The same for a loan whose schedule may promise more than the cap lets accrue: it is priced as
/// written (0.8 % a day is 292.000 for every term), and its state stops at the cap.
pub fn price(product: &Product, request: &LoanRequest) -> Result<Quote, QuoteError> {
    within_product(product, request)?;
    within_rates(product, request)?;
    let promo = promo_state(product, request);
    let rate = match (promo, product.promo) {
        (PromoState::Granted, Some(promo)) => promo.daily_rate,
        _ => product.daily_rate,
    };
    let (amount, start) = (request.amount, request.start);
    let running = running_rate(product, rate);
    let rounding = rounding(running, start);
    let schedule = build(product, running, rounding, amount, request.term, start)
        .ok_or(QuoteError::OutOfRange)?;
    let psk = psk_within_limit(product, &schedule, start)?;
    let cap = cap(product, amount, request.term, start, start);
    let total = schedule.total();
    let overpayment = total - amount;
    let tomorrow = plus_days(start, 1).ok_or(QuoteError::OutOfRange)?;
    Ok(Quote {
        amount,
        term: request.term,
        start,
        due: schedule.last_due(),
        rate,
        schedule,
        total,
        overpayment,
        psk,
        promo,
        cap: cap.unwrap_or_default(),
        has_cap: cap.is_some(),
        daily_cost: running.earned(amount, start, tomorrow).round(rounding),
    })
}

/// Annual products run at their annual rate, all others at the daily one.
pub(crate) fn running_rate(product: &Product, daily: DailyRate) -> Rate {
    match product.annual_rate {
        Some(annual) => Rate::Annual(annual),
        None => Rate::Daily(daily),
    }
}

/// The most that may ever accrue (art. 5 p. 24 of 353-ФЗ); `None` when no cap acts: before the
/// first row of the law, for terms over a year and for the special product.
pub(crate) fn cap(
    product: &Product,
    amount: Kopecks,
    term: u32,
    start: NaiveDate,
    contract_date: NaiveDate,
) -> Option<Kopecks> {
    if product.kind == ProductKind::Special || !within_a_year(product.kind, term, start) {
        return None;
    }
    rules::accrual_cap_percent(contract_date).map(|percent| share(amount, percent * 10_000))
}

fn within_product(product: &Product, request: &LoanRequest) -> Result<(), QuoteError> {
    let (min, max, step) = (product.min_amount, product.max_amount, product.amount_step);
    let amount = request.amount;
    let off_step = step.is_positive() && (amount - min).get() % step.get() != 0;
    if !amount.is_positive() || amount < min || amount > max || off_step {
        return Err(QuoteError::Amount { min, max, step });
    }
    let (min, max) = (product.min_term, product.max_term);
    if request.term == 0 || request.term < min || request.term > max {
        return Err(QuoteError::Term { min, max });
    }
    Ok(())
}

fn within_rates(product: &Product, request: &LoanRequest) -> Result<(), QuoteError> {
    if product.kind == ProductKind::Special {
        return within_special(product, request);
    }
    if let Some(limit) = rules::max_daily_rate(request.start) {
        let annual = product.annual_rate.map(AnnualRate::ppm);
        // An annual rate is compared as a year of the highest daily one, whatever the year.
        let dearest = annual.map_or(product.daily_rate.ppm(), |ppm| ppm.div_ceil(365));
        let promo = product.promo.map_or(0, |promo| promo.daily_rate.ppm());
        let rate = DailyRate::from_ppm(dearest.max(promo));
        if rate > limit {
            return Err(QuoteError::RateAboveLimit { rate, limit });
        }
    }
    match rules::max_penalty_annual(request.start) {
        Some(limit) if product.penalty_rate > limit => Err(QuoteError::PenaltyAboveLimit { limit }),
        _ => Ok(()),
    }
}

/// The special product's own limits stand in place of the caps on rates (art. 6.2).
fn within_special(product: &Product, request: &LoanRequest) -> Result<(), QuoteError> {
    let Some(limits) = rules::special_limits(request.start) else {
        return Ok(());
    };
    let max_payment = share(request.amount, limits.max_payment_ppm);
    let fits = request.term <= limits.max_days
        && request.amount <= limits.max_amount
        && product.special_price.is_some()
        && schedule::fixed_payment(product, request.amount) <= max_payment;
    if fits {
        return Ok(());
    }
    let (max_amount, max_days) = (limits.max_amount, limits.max_days);
    Err(QuoteError::Special {
        max_amount,
        max_days,
        max_payment,
    })
}

/// A promo is granted for the whole term when amount and term are both within its limits.
fn promo_state(product: &Product, request: &LoanRequest) -> PromoState {
    match product.promo {
        Some(promo) if product.kind == ProductKind::Bullet => {
            if promo.first_loan_only && !request.first_loan {
                PromoState::NotFirstLoan
            } else if request.amount > promo.max_amount {
                PromoState::AmountAbove {
                    max: promo.max_amount,
                }
            } else if request.term > promo.max_days {
                PromoState::TermAbove {
                    max: promo.max_days,
                }
            } else {
                PromoState::Granted
            }
        }
        _ => PromoState::None,
    }
}

/// The full cost of a schedule, refused above the limit of the contract's day. The special
/// product stands outside the limit.
fn psk_within_limit(
    product: &Product,
    schedule: &Schedule,
    contract_date: NaiveDate,
) -> Result<Psk, QuoteError> {
    let report = psk(&schedule.flows()).map_err(|_: PskError| QuoteError::OutOfRange)?;
    let psk = report.psk;
    let limit = rules::max_psk(contract_date, PskCategory::Unsecured);
    match limit.filter(|_| product.kind != ProductKind::Special) {
        Some(limit) if psk.thousandths > limit.thousandths => Err(QuoteError::PskAboveLimit {
            psk_thousandths: psk.thousandths,
            limit_thousandths: limit.thousandths,
        }),
        _ => Ok(psk),
    }
}

impl Quote {
    /// The rate after the due date: the product's ordinary one, unless a granted promo is said to
    /// outlive it.
    pub fn rate_after_due(&self, product: &Product) -> DailyRate {
        let kept = product
            .promo
            .is_some_and(|promo| promo.after_due == PromoAfterDue::Promo);
        if kept && self.promo == PromoState::Granted {
            self.rate
        } else {
            product.daily_rate
        }
    }
}

impl Terms {
    /// The terms of an accepted quote.
    pub fn from_quote(product: &Product, quote: &Quote, contract_date: NaiveDate) -> Self {
        Self {
            product: product.clone(),
            amount: quote.amount,
            term: quote.term,
            contract_date,
            rate: quote.rate,
            rate_after_due: quote.rate_after_due(product),
            schedule: quote.schedule.clone(),
        }
    }

    /// The same terms when the money left on another day: dates shifted, sums recomputed. The
    /// law stays that of the contract's day. Errors when the new dates carry the full cost above
    /// its limit or leave the calendar.
    pub fn reissued(&self, start: NaiveDate) -> Result<(Self, Psk), QuoteError> {
        let running = running_rate(&self.product, self.rate);
        let rounding = rounding(running, self.contract_date);
        let schedule = build(
            &self.product,
            running,
            rounding,
            self.amount,
            self.term,
            start,
        )
        .ok_or(QuoteError::OutOfRange)?;
        let psk = psk_within_limit(&self.product, &schedule, self.contract_date)?;
        Ok((
            Self {
                schedule,
                ..self.clone()
            },
            psk,
        ))
    }
}
