//! What the lender gives up for good: debt that is written off, a rate that is lowered.

use super::{Rate, Run, running_rate};
use crate::allocation::allocate;
use crate::loan::{Claim, ClosedBy, Debt, LoanError, Part};
use crate::money::Kopecks;
use crate::product::ProductKind;

/// What is late goes before what is not.
const PENALTY: [Claim; 1] = [Claim::Penalty];
const INTEREST: [Claim; 2] = [Claim::OverdueInterest, Claim::Interest];
const PRINCIPAL: [Claim; 2] = [Claim::OverduePrincipal, Claim::Principal];

impl Run<'_> {
    /// Takes debt off claim by claim; what is beyond a claim is nobody's money and is dropped.
    pub(super) fn write_off(&mut self, debt: Debt) -> Result<(Vec<Part>, Kopecks), LoanError> {
        let sums = [debt.penalty, debt.interest, debt.principal];
        if sums.iter().any(|sum| *sum < Kopecks::ZERO) || !debt.total().is_positive() {
            return Err(LoanError::Amount);
        }
        let mut parts = Vec::new();
        let mut left = Kopecks::ZERO;
        let orders: [&[Claim]; 3] = [&PENALTY, &INTEREST, &PRINCIPAL];
        for (order, sum) in orders.into_iter().zip(sums) {
            let (taken, beyond) = allocate(order, |claim| self.owed(claim), sum);
            parts.extend(taken);
            left += beyond;
        }
        let taken = Debt::of(&parts);
        self.paid_penalty += taken.penalty;
        self.paid_interest += taken.interest;
        self.repaid += taken.principal;
        self.written_off += taken.total();
        self.close_if_settled(ClosedBy::WrittenOff);
        Ok((parts, left))
    }

    /// Lowers the rate from tomorrow. One that is not lower, and a loan that is closed, stay as they
    /// are: money that came late may have closed it before.
    pub(super) fn lower(&mut self, rate: Rate) -> Result<(), LoanError> {
        if self.terms.product.kind == ProductKind::Special {
            return Err(LoanError::Kind);
        }
        let signed = self.signed_rate();
        if std::mem::discriminant(&signed) != std::mem::discriminant(&rate) {
            return Err(LoanError::Kind);
        }
        self.lowered = Some(rate.at_most(self.lowered));
        let later = self.plan.iter();
        let later = later
            .enumerate()
            .find(|(_, due)| !due.prepaid && due.date > self.at);
        if let Some((first, _)) = later
            && self.closed_on.is_none()
        {
            self.price_lines(first);
        }
        Ok(())
    }

    /// The rate of the contract that would run tomorrow.
    pub(crate) fn signed_rate(&self) -> Rate {
        let daily = if self.at < self.rate_until {
            self.terms.rate
        } else {
            self.terms.rate_after_due
        };
        running_rate(&self.terms.product, daily)
    }

    /// The highest rate that may still run, after the due date too.
    pub(crate) fn dearest_rate(&self) -> Rate {
        let (product, terms) = (&self.terms.product, self.terms);
        let after = running_rate(product, terms.rate_after_due);
        let now = self.signed_rate();
        now.with_ppm(now.ppm().max(after.ppm()))
            .at_most(self.lowered)
    }
}
