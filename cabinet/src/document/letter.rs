//! The letter with what was answered to an appeal.

use chrono::{DateTime, Utc};
use locales::Words;

use super::draft::{Draft, stamp};
use super::kind::DocumentKind;
use super::phrase;
use crate::application::Lines;
use crate::application::terms::WORDS;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::stored::id;
use crate::support::{self, State};
use crate::{Cabinet, loan, request};

/// The letter of an appeal or a request that was answered or refused.
pub(super) async fn draft(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    match of_appeal(cab, borrower, object).await {
        Err(CabinetError::NotFound) => of_request(cab, borrower, object).await,
        done => done,
    }
}

/// Who writes, when, and about what.
struct Head {
    title: String,
    number: String,
    closed: DateTime<Utc>,
    kind: String,
    at: DateTime<Utc>,
}

fn head(object: &str, about: (String, DateTime<Utc>), closed: DateTime<Utc>) -> Head {
    let number = number(object);
    let title = WORDS.args(
        "cabinet-paper-letter-title",
        &[("number", number.as_str().into())],
    );
    Head {
        title,
        number,
        closed,
        kind: about.0,
        at: about.1,
    }
}

fn opened(cab: &Cabinet, head: &Head) -> Lines {
    let lender = cab.lender();
    let mut out = Lines::default();
    out.line(&lender.legal_name);
    out.line(&head.title);
    let day = phrase::full_day(WORDS, cab.business_date(head.closed));
    out.key("cabinet-document-dated", &[("date", day.into())]);
    out.key(
        "cabinet-document-lender-numbers",
        &[
            ("registry", lender.registry_number.as_str().into()),
            ("inn", lender.inn.as_str().into()),
            ("address", lender.address.as_str().into()),
        ],
    );
    out.gap();
    let at = stamp(cab, head.at);
    out.key(
        "cabinet-paper-letter-what",
        &[("kind", head.kind.as_str().into()), ("at", at.into())],
    );
    out
}

fn closed(cab: &Cabinet, object: &str, head: Head, mut out: Lines) -> Draft {
    out.gap();
    let hotline = cab.lender().hotline.as_str();
    out.key("cabinet-paper-letter-next", &[("hotline", hotline.into())]);
    let mut draft = Draft::new(DocumentKind::Letter, object, head.title, out.0);
    draft.number = head.number;
    draft.made_at = head.closed.timestamp_millis();
    draft
}

fn said(out: &mut Lines, answer: &str) {
    for paragraph in answer.lines().filter(|line| !line.trim().is_empty()) {
        out.line(paragraph.trim());
    }
}

/// The letter of a change of phone or of the end of a cabinet.
async fn of_request(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let view = request::answered(cab, borrower, id(object)?).await?;
    let ended = view.closed_at.ok_or(CabinetError::NotFound)?;
    let kind = WORDS.t(&format!("cabinet-request-kind-{}", view.kind.code()));
    let head = head(object, (kind, view.at), ended);
    let mut out = opened(cab, &head);
    out.gap();
    let outcome = match view.state {
        request::State::Done => "cabinet-paper-letter-answered",
        _ => "cabinet-paper-letter-refused",
    };
    out.key(outcome, &[]);
    if view.state == request::State::Done {
        let key = format!("cabinet-paper-letter-{}", view.kind.code());
        out.key(&key, &[]);
    }
    said(&mut out, &view.answer);
    Ok(closed(cab, object, head, out))
}

async fn of_appeal(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let appeal = support::view(cab, borrower, id(object)?).await?;
    let (Some(ended), State::Answered | State::Refused) = (appeal.closed_at, appeal.state) else {
        return Err(CabinetError::NotFound);
    };
    let words: Words = WORDS;
    let kind = words.t(&format!("cabinet-appeal-kind-{}", appeal.kind.code()));
    let head = head(object, (kind, appeal.at), ended);
    let mut out = opened(cab, &head);
    if let Some(of) = appeal.loan {
        let number = loan::view(cab, borrower, of, None).await?.number;
        out.key("cabinet-paper-letter-loan", &[("number", number.into())]);
    }
    if let Some(on) = appeal.paid_on {
        out.key(
            "cabinet-paper-letter-payment",
            &[
                ("amount", appeal.amount.to_string().into()),
                ("date", phrase::full_day(words, on).into()),
            ],
        );
    }
    out.gap();
    let outcome = match appeal.state {
        State::Answered => "cabinet-paper-letter-answered",
        _ => "cabinet-paper-letter-refused",
    };
    out.key(outcome, &[]);
    said(&mut out, &appeal.answer);
    if let (Some(from), Some(until)) = (appeal.paused_from, appeal.resumed_on) {
        out.key(
            "cabinet-paper-letter-pause",
            &[
                ("from", phrase::full_day(words, from).into()),
                ("until", phrase::full_day(words, until).into()),
            ],
        );
    }
    let mut draft = closed(cab, object, head, out);
    draft.loan = appeal.loan.map(|loan| loan.to_string());
    Ok(draft)
}

/// The last group of the id, as it is printed.
pub(super) fn number(object: &str) -> String {
    let tail = object.rsplit('-').next().unwrap_or(object);
    tail.chars().take(8).collect::<String>().to_uppercase()
}
