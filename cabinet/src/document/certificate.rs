//! The certificate that nothing is owed.

use lending::{Kopecks, Status};
use locales::Words;

use super::draft::Draft;
use super::file::{loan_id, stored_text};
use super::kind::DocumentKind;
use super::{Certificate, phrase, text_hash};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId};
use crate::loan::history;
use crate::loan::stored::{date, ms};
use crate::{Cabinet, access, application};

/// The closing certificate of a borrower's own loan. The same facts make the same text; only the
/// day of issue moves.
///
/// Errors: `Conflict("not_closed")` while anything is owed.
pub async fn certificate(cab: &Cabinet, borrower: BorrowerId, loan: LoanId) -> Result<Certificate> {
    let history = history::load(cab.db().read(), cab, borrower, loan).await?;
    // The paper is made once; what it says is dated with the day it was made on.
    let made = stored_text(cab, borrower, DocumentKind::Certificate, &loan.to_string()).await?;
    let today = cab.today();
    let state = history.state(today.max(history.terms.schedule.start))?;
    let (Status::Closed, Some(closed_on)) = (state.status, state.closed_on) else {
        return Err(CabinetError::Conflict("not_closed"));
    };
    let name = application::signed_name(cab.db().read(), cab, &history.row.contract).await?;
    let lender = cab.lender();
    let mut certificate = Certificate {
        number: format!("{}/1", history.row.number),
        loan_number: history.row.number.clone(),
        name,
        issued_on: made.as_ref().map_or(today, |(_, on, _)| *on),
        lent_on: date(&history.row.opened_on)?,
        closed_on,
        amount: history.terms.amount,
        paid_total: state.paid_total,
        written_off: state.written_off,
        lender: lender.legal_name.clone(),
        registry_number: lender.registry_number.clone(),
        lender_inn: lender.inn.clone(),
        lender_address: lender.address.clone(),
        text: String::new(),
        hash: String::new(),
    };
    certificate.text = if let Some((text, ..)) = made {
        text
    } else {
        let lang = access::borrower(cab, borrower).await?.lang;
        text(Words::new(lang), &certificate)
    };
    certificate.hash = text_hash(&certificate.text);
    Ok(certificate)
}

/// The certificate as a document: made today, if it was not before.
pub(super) async fn draft(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let loan = loan_id(object)?;
    let facts = match certificate(cab, borrower, loan).await {
        // While anything is owed there is no such paper.
        Err(CabinetError::Conflict(_)) => return Err(CabinetError::NotFound),
        facts => facts?,
    };
    let lang = access::borrower(cab, borrower).await?.lang;
    let title = head(Words::new(lang), &facts);
    let mut draft = Draft::new(DocumentKind::Certificate, object, title, facts.text);
    lang.code().clone_into(&mut draft.lang);
    draft.loan = Some(object.to_owned());
    draft.number = facts.number;
    draft.made_at = ms(cab.now());
    Ok(draft)
}

fn head(words: Words, facts: &Certificate) -> String {
    words.args(
        "cabinet-document-certificate-head",
        &[("number", (&facts.number).into())],
    )
}

fn text(words: Words, facts: &Certificate) -> String {
    let lines = [
        facts.lender.clone(),
        words.args(
            "cabinet-document-lender-numbers",
            &[
                ("registry", facts.registry_number.as_str().into()),
                ("inn", facts.lender_inn.as_str().into()),
                ("address", facts.lender_address.as_str().into()),
            ],
        ),
        String::new(),
        head(words, facts),
        words.args(
            "cabinet-document-dated",
            &[("date", phrase::full_day(words, facts.issued_on).into())],
        ),
        String::new(),
        words.args(
            if facts.written_off.is_zero() {
                "cabinet-document-certificate-body"
            } else {
                "cabinet-document-certificate-body-forgiven"
            },
            &[
                ("name", (&facts.name).into()),
                ("number", (&facts.loan_number).into()),
                ("lent", phrase::full_day(words, facts.lent_on).into()),
                ("amount", facts.amount.to_string().into()),
                ("closed", phrase::full_day(words, facts.closed_on).into()),
            ],
        ),
        words.args(
            "cabinet-document-certificate-paid",
            &[("paid", facts.paid_total.to_string().into())],
        ),
        forgiven(words, facts),
        words.args(
            "cabinet-document-certificate-debt",
            &[
                ("date", phrase::full_day(words, facts.issued_on).into()),
                ("zero", Kopecks::ZERO.to_string().into()),
            ],
        ),
        String::new(),
    ];
    let said = |(at, line): &(usize, String)| *at != FORGIVEN || !line.is_empty();
    let lines = lines.into_iter().enumerate().filter(said);
    let lines: Vec<String> = lines.map(|(_, line)| line).collect();
    lines.join("\n")
}

/// Where the text names what was written off.
const FORGIVEN: usize = 8;

/// Debt that nobody paid and nobody owes; nothing where there is none.
fn forgiven(words: Words, facts: &Certificate) -> String {
    if facts.written_off.is_zero() {
        return String::new();
    }
    words.args(
        "cabinet-document-certificate-written-off",
        &[("sum", facts.written_off.to_string().into())],
    )
}
