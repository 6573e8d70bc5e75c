//! What is asked of the acquirer, as JSON.

use cabinet::ports::{NewCharge, NewPayment, NewPayout, NewRefund, PayMethod, PayoutTo, Recipient};
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

/// A receipt of 54-ФЗ with one line.
fn receipt(phone: &str, line: &str, amount: Kopecks) -> Value {
    json!({
        "customer": { "phone": phone },
        "items": [{
            "description": shortened(line, DESCRIPTION),
            "quantity": "1.00",
            "amount": sum(amount),
            "vat_code": WITHOUT_VAT,
            // Repaying what was lent is "оплата кредита"; the subject is a payment, not a
            // service.
            "payment_mode": "credit_payment",
            "payment_subject": "payment",
        }],
    })
}

/// A payment taken in one stage: on the acquirer's page, or by the link of the fast payment system.
pub fn payment(new: &NewPayment, return_url: &str) -> Value {
    let (kind, confirmation) = match new.method {
        PayMethod::Card => ("bank_card", "redirect"),
        PayMethod::Sbp => ("sbp", "qr"),
        PayMethod::Wallet => ("yoo_money", "redirect"),
    };
    let mut body = json!({
        "amount": sum(new.amount),
        "capture": true,
        "description": shortened(&new.description, DESCRIPTION),
        "confirmation": { "type": confirmation, "return_url": return_url },
        "payment_method_data": { "type": kind },
        "metadata": { "payment": new.payment },
        "receipt": receipt(&new.receipt_phone, &new.receipt_line, new.amount),
    });
    if new.save {
        body["save_payment_method"] = json!(true);
    }
    body
}

/// A charge of a kept method: nobody confirms it.
pub fn charge(new: &NewCharge) -> Value {
    json!({
        "amount": sum(new.amount),
        "capture": true,
        "description": shortened(&new.description, DESCRIPTION),
        "payment_method_id": new.token,
        "metadata": { "payment": new.payment },
        "receipt": receipt(&new.receipt_phone, &new.receipt_line, new.amount),
    })
}

/// A card remembered without a payment.
pub fn binding(return_url: &str) -> Value {
    json!({
        "type": "bank_card",
        "confirmation": { "type": "redirect", "return_url": return_url },
    })
}

/// Money to a borrower. `person`: the acquirer's id of the recipient's name, when it checks it.
/// None for a way that this acquirer has not.
pub fn payout(new: &NewPayout, person: Option<&str>) -> Option<Value> {
    let mut body = json!({
        "amount": sum(new.amount),
        "description": shortened(&new.description, DESCRIPTION),
        "metadata": { "payout": new.payout },
    });
    match &new.to {
        PayoutTo::Card { token } => body["payment_method_id"] = json!(token),
        PayoutTo::Sbp { phone, bank } => {
            body["payout_destination_data"] =
                json!({ "type": "sbp", "phone": phone, "bank_id": bank });
        }
        PayoutTo::Wallet { number } => {
            body["payout_destination_data"] =
                json!({ "type": "yoo_money", "account_number": number });
        }
        PayoutTo::Account { .. } => return None,
    }
    if let Some(id) = person {
        body["personal_data"] = json!([{ "id": id }]);
    }
    Some(body)
}

/// The recipient's name, for the receiving bank to compare.
pub fn person(recipient: &Recipient) -> Value {
    let mut body = json!({
        "type": "sbp_payout_recipient",
        "last_name": recipient.last,
        "first_name": recipient.first,
    });
    if let Some(middle) = &recipient.middle {
        body["middle_name"] = json!(middle);
    }
    body
}

/// Money back to the card that paid.
pub fn refund(new: &NewRefund) -> Value {
    json!({
        "payment_id": new.payment_id,
        "amount": sum(new.amount),
        "description": shortened("Возврат излишне уплаченного", REFUND_DESCRIPTION),
        "receipt": receipt(&new.receipt_phone, &new.receipt_line, new.amount),
        "metadata": { "refund": new.refund },
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
            method: PayMethod::Card,
            save: true,
        };
        let body = payment(&new, "https://lender.example/payments/7");
        assert_eq!(
            body["amount"],
            json!({ "value": "17592.96", "currency": "RUB" })
        );
        assert_eq!(body["capture"], true);
        assert_eq!(body["save_payment_method"], true);
        assert_eq!(body["payment_method_data"]["type"], "bank_card");
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
