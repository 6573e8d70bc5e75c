//! Whole numbers of any size, as far as the proofs need them: nothing is ever rounded.

use std::cmp::Ordering;

/// Digits in base 2^64, the lowest first, without zeros at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Big(Vec<u64>);

impl Big {
    pub fn new(value: u64) -> Self {
        Self(if value == 0 { Vec::new() } else { vec![value] })
    }

    pub fn times(mut self, factor: u64) -> Self {
        if factor == 0 {
            return Self::new(0);
        }
        let mut carry = 0_u128;
        for digit in &mut self.0 {
            carry += u128::from(*digit) * u128::from(factor);
            (*digit, carry) = (low(carry), carry >> 64);
        }
        self.carried(low(carry))
    }

    pub fn times_power(self, factor: u64, exponent: u64) -> Self {
        (0..exponent).fold(self, |product, _| product.times(factor))
    }

    pub fn plus(mut self, other: &Self) -> Self {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        let mut carry = 0_u128;
        for (index, digit) in self.0.iter_mut().enumerate() {
            let added = other.0.get(index).copied().unwrap_or(0);
            carry += u128::from(*digit) + u128::from(added);
            (*digit, carry) = (low(carry), carry >> 64);
        }
        self.carried(low(carry))
    }

    /// `self / divisor` to the nearest whole number, halves up, by trying bits from the highest.
    pub fn divided(&self, divisor: &Self) -> u64 {
        let doubled = self.clone().times(2).plus(divisor);
        let mut quotient = 0;
        for bit in (0..62).rev() {
            let tried = quotient + (1_u64 << bit);
            if divisor.clone().times(2).times(tried) <= doubled {
                quotient = tried;
            }
        }
        quotient
    }

    fn carried(mut self, carry: u64) -> Self {
        if carry > 0 {
            self.0.push(carry);
        }
        self
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn low(value: u128) -> u64 {
    u64::try_from(value & u128::from(u64::MAX)).unwrap()
}
