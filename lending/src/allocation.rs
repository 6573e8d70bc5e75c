//! Taking a payment apart among claims (art. 5 p. 20 of 353-ФЗ).

use crate::loan::{Claim, Part};
use crate::money::Kopecks;

/// Repays claims in the given order, each as far as the money reaches; answers the parts, each
/// above zero, and what is left when nothing is owed any more. `owed` must not answer less than
/// zero. Money is conserved: the parts and the rest sum to `amount`.
pub fn allocate(
    order: &[Claim],
    owed: impl Fn(Claim) -> Kopecks,
    amount: Kopecks,
) -> (Vec<Part>, Kopecks) {
    let mut left = amount;
    let mut parts = Vec::new();
    for claim in order {
        let amount = left.min(owed(*claim));
        if amount.is_positive() {
            left -= amount;
            parts.push(Part {
                claim: *claim,
                amount,
            });
        }
    }
    (parts, left)
}
