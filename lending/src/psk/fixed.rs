//! The root in 64-bit fixed point: Newton's method over printed values, every sign certain.
//!
//! All rounding is downwards and its error is bounded, so a sign is either proved or not told at
//! all; then the decimal search of the parent decides. Only speed depends on this file.

use super::{BasePeriod, Term, scale};
use crate::money::Kopecks;

/// 1.0: a share is a number of these parts.
const ONE: u64 = 1 << 63;
/// Above these sums, percents and counts the products could leave 128 bits.
const LARGEST_AMOUNT: u64 = 1 << 44;
const LARGEST_PSK: i64 = 1 << 36;
const LONGEST: u64 = 1 << 16;
/// Distances are told in these parts of a printed unit.
const FINE: i64 = 1 << 10;
/// Three to five are usual.
const MOST_STEPS: u32 = 16;

/// A payment: its place in base periods as in [`Term`], and from the start in their unit.
struct Flow {
    /// Whole periods after the payment before.
    step: u32,
    rest: u64,
    offset: u64,
    amount: u64,
}

/// The equation with what does not depend on the rate.
struct Fixed {
    flows: Vec<Flow>,
    /// Of [`ONE`].
    lent: i128,
    base: u64,
    /// A rate of a base period is `halves × length / (2 × scale)`.
    length: u64,
    scale: u64,
    /// More than all rounding can take away from the value.
    error: i128,
    /// More [`FINE`] parts of a unit than the value bends within one.
    bend: i64,
}

/// The net present value at a rate: its sign, and at most how far the root is.
struct Look {
    negative: bool,
    distance: i64,
}

/// The root in thousandths of a percent, half-up; `None` when a sign is too close to tell.
///
/// The value falls with the rate and is convex. So from a positive one a tangent never passes the
/// root, and the root is within a unit when the tangent's zero is, by more than the bend; from a
/// negative one the tangent passes it, so that what lies a unit below is not negative when the
/// tangent there is not.
pub(super) fn root(lent: Kopecks, terms: &[Term], base_period: BasePeriod) -> Option<i64> {
    let fixed = Fixed::new(lent, terms, base_period)?;
    let (mut low, mut high) = (0, LARGEST_PSK);
    let mut tried = fixed.guess()?.clamp(1, LARGEST_PSK - 1);
    for _ in 0..MOST_STEPS {
        let look = fixed.look_below(tried)?;
        let units = look.distance / FINE;
        let next = if look.negative {
            high = tried;
            if look.distance < FINE {
                low = tried - 1;
            }
            tried - 1 - units
        } else {
            low = tried;
            if look.distance + fixed.bend < FINE {
                high = tried + 1;
            }
            tried + units.max(1)
        };
        if high - low == 1 {
            // The highest value was never looked at.
            return Some(low).filter(|_| high < LARGEST_PSK);
        }
        tried = next.clamp(low + 1, high - 1);
    }
    None
}

impl Fixed {
    fn new(lent: Kopecks, terms: &[Term], base_period: BasePeriod) -> Option<Self> {
        let (length, scale) = scale(base_period);
        let (length, scale) = (u64::try_from(length).ok()?, u64::try_from(scale).ok()?);
        let base = u64::from(terms.first()?.base);
        let lent = u64::try_from(-lent.get()).ok()?;
        let (mut paid, mut error, mut whole) = (0_u64, 0_i128, 0);
        let mut flows = Vec::with_capacity(terms.len());
        for term in terms {
            let amount = u64::try_from(term.amount.get()).ok()?;
            paid = paid.checked_add(amount)?;
            // A power of the discount loses less than two parts for each factor; the division
            // for the rest of a period and its product one more each.
            error += i128::from(amount) * i128::from(2 * term.whole + 2);
            flows.push(Flow {
                step: term.whole - whole,
                rest: u64::from(term.rest),
                offset: u64::from(term.whole) * base + u64::from(term.rest),
                amount,
            });
            whole = term.whole;
        }
        let longest = flows.last()?.offset;
        if lent >= LARGEST_AMOUNT || paid >= LARGEST_AMOUNT || longest >= LONGEST {
            return None;
        }
        // The second derivative over the first is at most the last payment's periods and two.
        let bend = FINE * i64::from(whole + 3) * i64::try_from(length).ok()?;
        Some(Self {
            flows,
            lent: i128::from(lent) * i128::from(ONE),
            base,
            length,
            scale,
            error,
            bend: bend / i64::try_from(2 * scale).ok()? + 2,
        })
    }

    /// Where to begin: the rate at which all payments, made together at their mean date, would
    /// repay the debt, `(1 + rate)^mean = paid / lent`, to the second order.
    fn guess(&self) -> Option<i64> {
        let (mut paid, mut weighted) = (0_u64, 0_u64);
        for flow in &self.flows {
            paid += flow.amount;
            weighted += flow.amount * flow.offset;
        }
        let mean = weighted / paid;
        let lent = u64::try_from(self.lent >> 63).ok()?;
        let extra = paid.checked_sub(lent)?;
        // rate = 2 × extra / (2 × mean × lent + extra × (mean - 1)), the mean in base periods.
        let bottom = 2 * mean * lent + extra * mean.saturating_sub(self.base);
        let top = u128::from(2 * extra) * u128::from(self.scale * self.base);
        let bottom = u128::from(bottom.max(1)) * u128::from(self.length);
        quotient(top, bottom)
    }

    /// The value half a unit below a printed one.
    fn look_below(&self, thousandths: i64) -> Option<Look> {
        let halves = u64::try_from(2 * thousandths - 1).ok()?;
        let (top, bottom) = (halves.checked_mul(self.length)?, 2 * self.scale);
        let discount = share(bottom, bottom + top)?;
        let mut power = ONE;
        let (mut value, mut slope) = (0_u128, 0_u128);
        for flow in &self.flows {
            power = times(power, raised(discount, flow.step)?)?;
            let mut part = power;
            if flow.rest > 0 {
                let (rest, base) = (flow.rest.checked_mul(top)?, self.base * bottom);
                part = times(power, share(base, base.checked_add(rest)?)?)?;
            }
            let worth = u128::from(flow.amount) * u128::from(part);
            value += worth;
            slope += u128::from(u64::try_from(worth >> 44).ok()?) * u128::from(flow.offset);
        }
        let value = i128::try_from(value).ok()? - self.lent;
        let negative = value + self.error <= 0;
        if !negative && value < 0 {
            return None;
        }
        // By the rate of a base period the value falls by `slope × discount`, where slope counts
        // base periods; by a thousandth of a percent so many `length / scale` of that.
        let slope = u64::try_from(slope >> 16).ok()?;
        let fall = u128::from(slope) * u128::from((discount >> 32) * self.length);
        let above = u64::try_from((value.abs() + self.error) >> 45).ok()?;
        let height = u128::from(above + 1) * u128::from(self.scale * self.base);
        Some(Look {
            negative,
            distance: quotient(height, fall >> 26)?,
        })
    }
}

/// `part / whole` of [`ONE`], down.
fn share(part: u64, whole: u64) -> Option<u64> {
    u64::try_from(u128::from(part) * u128::from(ONE) / u128::from(whole)).ok()
}

/// The product of two shares, down.
fn times(one: u64, other: u64) -> Option<u64> {
    u64::try_from((u128::from(one) * u128::from(other)) >> 63).ok()
}

/// A power by repeated squaring, down.
fn raised(base: u64, exponent: u32) -> Option<u64> {
    if exponent == 1 {
        return Some(base);
    }
    let (mut result, mut square, mut left) = (ONE, base, exponent);
    while left > 0 {
        if left % 2 == 1 {
            result = times(result, square)?;
        }
        left /= 2;
        square = times(square, square)?;
    }
    Some(result)
}

/// A quotient up, whose last digits do not matter.
fn quotient(top: u128, bottom: u128) -> Option<i64> {
    let bits = 128_u32.saturating_sub(bottom.leading_zeros());
    let shift = bits.saturating_sub(30);
    let bottom = u64::try_from(bottom >> shift).ok()?;
    let top = u64::try_from(top >> shift).ok()?;
    i64::try_from(top.checked_div(bottom)? + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::psk::Equation;

    fn numbers(mut seed: u64) -> impl FnMut(u64, u64) -> u64 {
        move |low, high| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            low + (seed >> 33) % (high - low + 1)
        }
    }

    /// Payments of a debt of 10 000.00, a tenth of them a few days late.
    fn terms(between: &mut impl FnMut(u64, u64) -> u64, base: u32) -> Vec<Term> {
        let count = between(2, 30);
        let dear = between(1, 900);
        let term = |whole| Term {
            whole,
            rest: if between(0, 9) == 0 { base / 2 } else { 0 },
            base,
            amount: Kopecks::new(
                i64::try_from(1_000_000 * (1_000 + dear) / 1_000 / count + 1).unwrap_or(1),
            ),
        };
        (1..=u32::try_from(count).unwrap_or(1)).map(term).collect()
    }

    #[test]
    fn it_finds_what_decimals_find_in_a_few_steps() {
        let mut between = numbers(353);
        for _ in 0..5_000 {
            let base_period = match between(0, 2) {
                0 => BasePeriod::Months(1),
                1 => BasePeriod::Days(14),
                _ => BasePeriod::Days(7),
            };
            let (BasePeriod::Months(base) | BasePeriod::Days(base)) = base_period;
            let terms = terms(&mut between, base);
            let lent = Kopecks::new(-1_000_000);
            let found = root(lent, &terms, base_period);
            let decimal = Equation {
                lent,
                terms,
                base_period,
            };
            assert_eq!(found, decimal.root().ok());
        }
    }

    #[test]
    fn it_begins_near_the_root() {
        let mut between = numbers(353);
        for _ in 0..500 {
            let base = [1, 14, 30][usize::try_from(between(0, 2)).unwrap_or(0)];
            let base_period = match base {
                1 => BasePeriod::Months(1),
                _ => BasePeriod::Days(base),
            };
            let terms = terms(&mut between, base);
            let lent = Kopecks::new(-1_000_000);
            let fixed = Fixed::new(lent, &terms, base_period);
            let guess = fixed.and_then(|fixed| fixed.guess()).unwrap_or(0);
            let found = root(lent, &terms, base_period).unwrap_or(0);
            let near = 3 * found / 4..=7 * found / 4;
            assert!(near.contains(&guess), "{guess} instead of {found}");
        }
    }

    #[test]
    fn it_tells_nothing_when_it_cannot_be_certain() {
        // 2 560.00 and a payment of interest alone, 10.00 a month, then all: exactly 1/256 a
        // month is 4687.5 thousandths, the border of two printed values.
        let term = |whole, kopecks| Term {
            whole,
            rest: 0,
            base: 1,
            amount: Kopecks::new(kopecks),
        };
        let terms = [term(1, 1_000), term(2, 257_000)];
        let lent = Kopecks::new(-256_000);
        assert_eq!(root(lent, &terms, BasePeriod::Months(1)), None);
        let huge = Kopecks::new(-(1 << 44));
        assert_eq!(root(huge, &terms, BasePeriod::Months(1)), None);
        let dear = [term(1, 1_000), term(2, 1 << 43)];
        assert_eq!(root(Kopecks::new(-1), &dear, BasePeriod::Months(1)), None);
    }
}
