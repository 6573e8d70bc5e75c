//! What is asked of the acquirer, as JSON.

use cabinet::ports::{NewPayment, NewPayout, NewRefund};
use lending::Kopecks;
use serde_json::{Value, json};

use crate::gateways::wire::{Rub, shortened};

/// The longest description of a payment, a payout and a receipt's line.
const DESCRIPTION: usize = 128;
/// The longest description of a refund.
const REFUND_DESCRIPTION: usize = 250;
/// "Without VAT": giving loans and interest on them are free of it (art. 149 of the tax code).
const WITHOUT_VAT: u8 = 1;

fn sum(amount: Kopecks) -> Value {
    json!(Rub(amount))
}

/// A payment taken in one stage, on the acquirer's page.
pub fn payment(new: &NewPayment, return_url: &str) -> Value {
    json!({
        "amount": sum(new.amount),
        "capture": true,
        "description": shortened(&new.description, DESCRIPTION),
        "confirmation": { "type": "redirect", "return_url": return_url },
        "metadata": { "payment": new.payment },
        "receipt": {
            "customer": { "phone": new.receipt_phone },
            "items": [{
                "description": shortened(&new.receipt_line, DESCRIPTION),
                "quantity": "1.00",
                "amount": sum(new.amount),
                "vat_code": WITHOUT_VAT,
                // Repaying what was lent is "оплата кредита"; the subject is a payment, not a
                // service.
                "payment_mode": "credit_payment",
                "payment_subject": "payment",
            }],
        },
    })
}

/// A card remembered without a payment.
pub fn binding(return_url: &str) -> Value {
    json!({
        "type": "bank_card",
        "confirmation": { "type": "redirect", "return_url": return_url },
    })
}

/// Money to a remembered card.
pub fn payout(new: &NewPayout) -> Value {
    json!({
        "amount": sum(new.amount),
        "payment_method_id": new.method,
        "description": shortened(&new.description, DESCRIPTION),
        "metadata": { "payout": new.payout },
    })
}

/// Money back to the card that paid.
pub fn refund(new: &NewRefund) -> Value {
    json!({
        "payment_id": new.payment_id,
        "amount": sum(new.amount),
        "description": shortened("Возврат излишне уплаченного", REFUND_DESCRIPTION),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cabinet::ids::PaymentId;
    use uuid::Uuid;

    #[test]
    fn a_payment_is_asked_for_as_the_acquirer_wants_it() {
        let id = Uuid::from_u128(7);
        let new = NewPayment {
            key: id,
            amount: Kopecks::new(1_759_296),
            description: "д".repeat(200),
            return_url: "/payments/7".into(),
            payment: PaymentId(id),
            receipt_phone: "79000000001".into(),
            receipt_line: "Погашение займа 2026-000001".into(),
        };
        let body = payment(&new, "https://lender.example/payments/7");
        assert_eq!(
            body["amount"],
            json!({ "value": "17592.96", "currency": "RUB" })
        );
        assert_eq!(body["capture"], true);
        assert_eq!(
            body["confirmation"]["return_url"],
            "https://lender.example/payments/7"
        );
        assert_eq!(body["metadata"]["payment"], id.to_string());
        assert_eq!(
            body["description"]
                .as_str()
                .map(|text| text.chars().count()),
            Some(128)
        );
        let item = &body["receipt"]["items"][0];
        assert_eq!(item["amount"]["value"], "17592.96");
        assert_eq!(item["payment_mode"], "credit_payment");
    }
}
