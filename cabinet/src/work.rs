//! What the worker does for each kind of outbox row besides messages.

use chrono::NaiveDate;
use lending::Kopecks;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId, RequestId};
use crate::loan::stored::id;
use crate::ports::BureauEvent;
use crate::{Cabinet, access, application, notice, payment, payout, refund, request};

/// Does one thing. `Internal`, `Unavailable` and `TooMany` are tried again later, any other refusal
/// is final.
pub(crate) async fn perform(
    cab: &Cabinet,
    kind: &str,
    ref_id: &str,
    payload: &Value,
) -> Result<()> {
    match kind {
        "decide" => application::decide(cab, id(ref_id)?).await,
        "payout" => payout::drive(cab, id(ref_id)?).await,
        "refund" => refund::drive(cab, id(ref_id)?).await,
        "payment_create" => payment::drive(cab, id(ref_id)?).await,
        "push" => notice::push::deliver(cab, payload).await,
        "first_password" => access::first_password(cab, BorrowerId(id(ref_id)?)).await,
        "phone_request" => request::find(cab, RequestId(id(ref_id)?)).await,
        "phone_change" => request::complete(cab, RequestId(id(ref_id)?)).await,
        "bureau_event" => bureau_event(cab, ref_id, payload).await,
        _ => Err(CabinetError::internal(format!(
            "nobody does {kind} {ref_id}"
        ))),
    }
}

/// A report to the bureau as the outbox keeps it.
#[derive(Deserialize)]
struct Reported {
    kind: String,
    borrower: BorrowerId,
    loan: Option<LoanId>,
    on: NaiveDate,
    amount: Kopecks,
    debt: Kopecks,
}

async fn bureau_event(cab: &Cabinet, ref_id: &str, payload: &Value) -> Result<()> {
    let Reported {
        kind,
        borrower,
        loan,
        on,
        amount,
        debt,
    } = Reported::deserialize(payload).map_err(CabinetError::internal)?;
    let event = BureauEvent {
        key: id(ref_id)?,
        kind,
        borrower,
        loan,
        on,
        amount,
        debt,
    };
    cab.ports()
        .bureau
        .event(event)
        .await
        .map_err(|_| CabinetError::Unavailable("bureau"))
}
