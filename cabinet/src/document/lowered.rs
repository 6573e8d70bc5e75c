//! A rate that the lender lowered: the word about it, with the payments that are left.

use lending::{Event, RateCutQuote};
use sea_orm::entity::prelude::*;

use super::draft::Draft;
use super::kind::DocumentKind;
use super::{money, phrase};
use crate::Cabinet;
use crate::application::schedule_table;
use crate::application::terms::WORDS;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::found;
use crate::loan::history::{self, History, broken};
use crate::loan::stored::{date, id, moment};

/// The paper of an operation that lowered the rate.
pub(super) async fn draft(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let db = cab.db().read();
    let row = found(operation::Entity::find_by_id(object).one(db).await?)?;
    if row.kind != OperationKind::RateCut {
        return Err(CabinetError::NotFound);
    }
    let history = history::load(db, cab, borrower, id(&row.loan)?).await?;
    let quote = quoted(&history, &row)?;
    let number = history.row.number.as_str();
    let title = WORDS.args("cabinet-paper-rate-cut-title", &[("number", number.into())]);
    let on = cab.business_date(moment(row.at));
    let mut out = money::head(cab, db, &history, &title, on).await?;
    money::contract_line(&mut out, &history)?;
    out.gap();
    out.key(
        "cabinet-paper-rate-cut-what",
        &[
            ("from", phrase::full_day(WORDS, quote.from).into()),
            ("rate", phrase::rate(WORDS, quote.after).into()),
            ("before", phrase::rate(WORDS, quote.before).into()),
        ],
    );
    let saved = quote.saved;
    out.key(
        "cabinet-paper-rate-cut-saved",
        &[
            ("saved", saved.to_string().into()),
            ("words", lending::roubles_in_words(saved).into()),
        ],
    );
    out.key("cabinet-paper-rate-cut-rest", &[]);
    out.gap();
    out.key("cabinet-document-schedule-title", &[]);
    schedule_table(&mut out, &quote.schedule);
    let mut draft = Draft::new(DocumentKind::RateCut, object, title, out.0);
    draft.loan = Some(row.loan.clone());
    number.clone_into(&mut draft.number);
    draft.made_at = row.at;
    Ok(draft)
}

/// What it meant on its day: the events before it are those of the arithmetic, in its order.
fn quoted(history: &History, row: &operation::Model) -> Result<RateCutQuote> {
    let mut cuts = Vec::new();
    for other in &history.operations {
        if other.kind == OperationKind::RateCut {
            cuts.push((date(&other.on_date)?, other.seq, other.id.as_str()));
        }
    }
    cuts.sort_unstable();
    let place = cuts.iter().position(|(.., cut)| *cut == row.id);
    let events = history.events()?;
    let of_cuts = events
        .iter()
        .enumerate()
        .filter(|(_, event)| matches!(event, Event::RateCut { .. }));
    let event = place.and_then(|place| of_cuts.clone().nth(place));
    let (at, event) = event.ok_or_else(|| CabinetError::internal("a cut without its event"))?;
    let Event::RateCut { on, rate } = *event else {
        return Err(CabinetError::internal("another event"));
    };
    let earlier: Vec<Event> = events.iter().take(at).copied().collect();
    lending::quote_rate_cut(&history.terms, &earlier, on, rate).map_err(broken)
}
