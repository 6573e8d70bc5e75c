//! Personal offers: what they come to, and what ends them.

use chrono::Duration;
use lending::Kopecks;
use sea_orm::ConnectionTrait;

use super::{notices, person};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::lender::{Effect, EndsOn, PersonalRule};
use crate::loan::stored::{id, json};

/// Where a personal offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A second person has to agree.
    Waiting,
    /// It can be used.
    Open,
    /// An application has it.
    Reserved,
    /// A contract was signed with it.
    Used,
    /// It came to its end without being used.
    Ended,
    /// The second person did not agree.
    Refused,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Open,
        Self::Reserved,
        Self::Used,
        Self::Ended,
        Self::Refused,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Reserved => "reserved",
            Self::Used => "used",
            Self::Ended => "ended",
            Self::Refused => "refused",
        }
    }

    pub(super) fn read(code: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| CabinetError::internal("an unknown state of an offer"))
    }
}

/// A new offer, before it is written.
pub(super) struct New {
    pub borrower: BorrowerId,
    pub rule: Option<String>,
    pub title: (String, String),
    pub effect: Effect,
    pub valid_days: u32,
    pub ends_on: Vec<EndsOn>,
    pub given_by: Option<StaffId>,
    pub reason: Option<String>,
    pub state: State,
    pub most: Kopecks,
}

/// Writes an offer; answers its id, or nothing when the same rule has given it already.
pub(super) async fn insert(tx: &Tx, cab: &Cabinet, new: New) -> Result<Option<String>> {
    let offer = cab.fresh_id().to_string();
    let today = cab.today();
    let until = today + Duration::days(i64::from(new.valid_days));
    let ends = |on: EndsOn| i64::from(new.ends_on.contains(&on));
    let why = if new.rule.is_some() { "rule" } else { "staff" };
    let written = sql::execute(
        tx,
        "INSERT INTO personal_offer (id, borrower, rule, title_ru, title_en, effect, until, \
         ends_late, ends_other, most, state, given_by, reason, given_at, given_on) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT DO NOTHING",
        vec![
            offer.clone().into(),
            new.borrower.into(),
            new.rule.into(),
            new.title.0.into(),
            new.title.1.into(),
            json(&new.effect)?.into(),
            until.to_string().into(),
            ends(EndsOn::Late).into(),
            ends(EndsOn::OtherLoan).into(),
            new.most.get().into(),
            new.state.code().into(),
            new.given_by.map(|by| by.to_string()).into(),
            new.reason.into(),
            cab.now_ms().into(),
            today.to_string().into(),
        ],
    )
    .await?;
    if written == 0 {
        return Ok(None);
    }
    event(tx, cab, &offer, new.state, why, new.given_by).await?;
    if new.state == State::Open {
        notices::given(tx, cab, &offer).await?;
    }
    Ok(Some(offer))
}

/// Writes the state an offer came to.
pub(super) async fn event(
    tx: &Tx,
    cab: &Cabinet,
    offer: &str,
    state: State,
    why: &str,
    by: Option<StaffId>,
) -> Result<()> {
    event_at(tx, offer, state, why, by, cab.now_ms()).await
}

pub(super) async fn event_at(
    tx: &Tx,
    offer: &str,
    state: State,
    why: &str,
    by: Option<StaffId>,
    now: i64,
) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO personal_offer_event (offer, seq, state, why, staff, at) \
         SELECT $1, COUNT(*), $2, $3, $4, $5 FROM personal_offer_event WHERE offer = $1",
        vec![
            offer.into(),
            state.code().into(),
            why.into(),
            by.map(|by| by.to_string()).into(),
            now.into(),
        ],
    )
    .await
    .map(drop)
}

/// Moves an offer from a state to its end; answers whether it stood there.
pub(super) async fn end(
    tx: &Tx,
    cab: &Cabinet,
    offer: &str,
    from: State,
    why: &str,
    by: Option<StaffId>,
) -> Result<bool> {
    let statement = "UPDATE personal_offer SET state = 'ended' WHERE id = $1 AND state = $2";
    let moved = sql::execute(tx, statement, vec![offer.into(), from.code().into()]).await?;
    if moved == 1 {
        event(tx, cab, offer, State::Ended, why, by).await?;
    }
    Ok(moved == 1)
}

async fn end_all(
    tx: &Tx,
    cab: &Cabinet,
    found: Vec<sea_orm::QueryResult>,
    why: &str,
) -> Result<usize> {
    let mut ended = 0;
    for row in found {
        let offer: String = sql::get(&row, "id")?;
        ended += usize::from(end(tx, cab, &offer, State::Open, why, None).await?);
    }
    Ok(ended)
}

/// A loan was taken without these offers: those that end by it do.
pub(super) async fn another_loan(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    own: &[String],
) -> Result<()> {
    let statement = "SELECT id FROM personal_offer WHERE borrower = $1 AND state = 'open' \
                     AND ends_other = 1 ORDER BY id";
    let mut found = sql::all(tx, statement, vec![borrower.into()]).await?;
    found.retain(|row| sql::get::<String>(row, "id").is_ok_and(|id| !own.contains(&id)));
    end_all(tx, cab, found, "other_loan").await.map(drop)
}

/// A loan was repaid: whoever has repaid enough of them on time gets what the lender's file promises for it.
pub(crate) async fn earned(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    let rules = &cab.lender().personal_offers;
    if rules.is_empty() {
        return Ok(());
    }
    let person = person(tx, cab, Some(borrower)).await?;
    for rule in rules {
        if person.repaid_on_time >= rule.after_loans && !person.late {
            by_rule(tx, cab, borrower, rule).await?;
        }
    }
    Ok(())
}

async fn by_rule(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, rule: &PersonalRule) -> Result<()> {
    let effect = rule.terms.effect();
    let new = New {
        borrower,
        rule: Some(rule.code.clone()),
        title: (rule.title.ru.clone(), rule.title.en.clone()),
        most: effect.most(cab.lender()),
        effect,
        valid_days: rule.valid_days,
        ends_on: rule.ends_on.clone(),
        given_by: None,
        reason: None,
        state: State::Open,
    };
    insert(tx, cab, new).await.map(drop)
}

/// Writes down what has ended by its day or by a delay, and tells of what ends soon. Called by the daily sweep; what has ended is not offered before
/// that either.
pub async fn daily(cab: &Cabinet) -> Result<usize> {
    let db = cab.db().read();
    let today = cab.today().to_string();
    let statement = "SELECT DISTINCT borrower FROM personal_offer WHERE state = 'open' \
                     AND ends_late = 1 ORDER BY borrower";
    let mut late = Vec::new();
    for row in sql::all(db, statement, vec![]).await? {
        let borrower: BorrowerId = id(&sql::get::<String>(&row, "borrower")?)?;
        if person(db, cab, Some(borrower)).await?.late {
            late.push(borrower);
        }
    }
    let cabinet = cab.clone();
    let ended = cab
        .db()
        .write(move |tx| Box::pin(async move { over(tx, &cabinet, today, late).await }))
        .await?;
    notices::ending(cab).await?;
    Ok(ended)
}

async fn over(tx: &Tx, cab: &Cabinet, today: String, late: Vec<BorrowerId>) -> Result<usize> {
    let statement = "SELECT id FROM personal_offer WHERE state = 'open' AND until < $1 ORDER BY id";
    let found = sql::all(tx, statement, vec![today.into()]).await?;
    let mut ended = end_all(tx, cab, found, "date").await?;
    for borrower in late {
        let statement = "SELECT id FROM personal_offer WHERE borrower = $1 AND state = 'open' \
                         AND ends_late = 1 ORDER BY id";
        let found = sql::all(tx, statement, vec![borrower.into()]).await?;
        ended += end_all(tx, cab, found, "late").await?;
    }
    Ok(ended)
}

/// Whether somebody has an open offer of their own that changes the same.
pub(super) async fn has_one(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    effect: &Effect,
) -> Result<bool> {
    let statement = "SELECT effect FROM personal_offer WHERE borrower = $1 \
                     AND state IN ('waiting', 'open', 'reserved')";
    for row in sql::all(db, statement, vec![borrower.into()]).await? {
        let other: Effect = crate::loan::stored::read(&sql::get::<String>(&row, "effect")?)?;
        let rate = other.rate.is_some() && effect.rate.is_some();
        let limit = other.raised_limit.is_some() && effect.raised_limit.is_some();
        let product = other.products.iter().any(|it| effect.products.contains(it));
        if product && (rate || limit) {
            return Ok(true);
        }
    }
    Ok(false)
}
