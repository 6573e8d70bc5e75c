//! The letter with what was answered to an appeal.

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
use crate::{Cabinet, loan};

/// The letter of an appeal that was answered or refused.
pub(super) async fn draft(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let appeal = support::view(cab, borrower, id(object)?).await?;
    let (Some(closed), State::Answered | State::Refused) = (appeal.closed_at, appeal.state) else {
        return Err(CabinetError::NotFound);
    };
    let words: Words = WORDS;
    let number = number(object);
    let title = words.args(
        "cabinet-paper-letter-title",
        &[("number", number.as_str().into())],
    );
    let lender = cab.lender();
    let mut out = Lines::default();
    out.line(&lender.legal_name);
    out.line(&title);
    let day = phrase::full_day(words, cab.business_date(closed));
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
    let kind = words.t(&format!("cabinet-appeal-kind-{}", appeal.kind.code()));
    let at = stamp(cab, appeal.at);
    out.key(
        "cabinet-paper-letter-what",
        &[("kind", kind.into()), ("at", at.into())],
    );
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
    for paragraph in appeal.answer.lines().filter(|line| !line.trim().is_empty()) {
        out.line(paragraph.trim());
    }
    if let (Some(from), Some(until)) = (appeal.paused_from, appeal.resumed_on) {
        out.key(
            "cabinet-paper-letter-pause",
            &[
                ("from", phrase::full_day(words, from).into()),
                ("until", phrase::full_day(words, until).into()),
            ],
        );
    }
    out.gap();
    let hotline = lender.hotline.as_str();
    out.key("cabinet-paper-letter-next", &[("hotline", hotline.into())]);
    let mut draft = Draft::new(DocumentKind::Letter, object, title, out.0);
    draft.loan = appeal.loan.map(|loan| loan.to_string());
    draft.number = number;
    draft.made_at = closed.timestamp_millis();
    Ok(draft)
}

/// The last group of the id, as it is printed.
pub(super) fn number(object: &str) -> String {
    let tail = object.rsplit('-').next().unwrap_or(object);
    tail.chars().take(8).collect::<String>().to_uppercase()
}
