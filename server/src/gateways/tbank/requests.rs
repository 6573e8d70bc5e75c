//! What is asked of the acquirer, as JSON.

use cabinet::ports::{NewCharge, NewPayment, NewRefund};
use lending::Kopecks;
use serde_json::{Value, json};

use crate::gateways::wire::shortened;

/// The longest description and the longest line of a receipt.
pub const DESCRIPTION: usize = 128;

/// A receipt of 54-ФЗ with one line: repaying what was lent, free of VAT (art. 149 of the tax code).
fn receipt(phone: &str, line: &str, amount: Kopecks, taxation: &str) -> Value {
    json!({
        "Phone": format!("+{phone}"),
        "Taxation": taxation,
        "Items": [{
            "Name": shortened(line, DESCRIPTION),
            "Price": amount.get(),
            "Quantity": 1,
            "Amount": amount.get(),
            "Tax": "none",
            "PaymentMethod": "credit_payment",
            "PaymentObject": "payment",
        }],
    })
}

/// A payment taken in one stage. A card is kept under the payment's own name: one customer is one
/// payment, so nobody's cards can meet.
pub fn init(new: &NewPayment, back: &str, notify: &str, taxation: &str) -> Value {
    let order = new.payment.to_string();
    let mut body = json!({
        "OrderId": order,
        "Amount": new.amount.get(),
        "Description": shortened(&new.description, DESCRIPTION),
        "PayType": "O",
        "Language": "ru",
        "SuccessURL": back,
        "FailURL": back,
        "NotificationURL": notify,
        "Receipt": receipt(&new.receipt_phone, &new.receipt_line, new.amount, taxation),
    });
    if new.save {
        body["Recurrent"] = "Y".into();
        body["CustomerKey"] = order.into();
    }
    body
}

/// The order that a kept card is charged for.
pub fn charge(new: &NewCharge, notify: &str, taxation: &str) -> Value {
    json!({
        "OrderId": new.payment.to_string(),
        "Amount": new.amount.get(),
        "Description": shortened(&new.description, DESCRIPTION),
        "PayType": "O",
        "NotificationURL": notify,
        "Receipt": receipt(&new.receipt_phone, &new.receipt_line, new.amount, taxation),
    })
}

/// Money back to the card that paid; the key makes repeats one refund.
pub fn refund(new: &NewRefund, taxation: &str) -> Value {
    json!({
        "PaymentId": new.payment_id,
        "Amount": new.amount.get(),
        "ExternalRequestId": new.key,
        "Receipt": receipt(&new.receipt_phone, &new.receipt_line, new.amount, taxation),
    })
}
