//! The journal of bonuses: append-only, double-entry, each entry booked once by its reference. Beside it what is left of
//! each lot, spent in the order they end, and the balance, which the database never lets below zero.

use chrono::{Duration, NaiveDate};
use lending::Kopecks;
use sea_orm::ConnectionTrait;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::staff::{Action, Staff};

/// How long bonuses live that come back to somebody whose lender gives none any more.
const USUAL_DAYS: u32 = 365;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A loan was repaid on time.
    Loan,
    /// Interest was paid.
    Interest,
    /// A friend who was invited paid interest.
    Inviter,
    /// The same, for the friend.
    Friend,
    /// A prize of a draw.
    Prize,
    /// Interest was paid with them.
    Spent,
    /// They found no interest any more: money of an earlier day had paid it.
    Returned,
    /// Their last day is over.
    Expired,
    /// The cabinet was closed.
    Forfeited,
}

impl Kind {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Loan,
        Self::Interest,
        Self::Inviter,
        Self::Friend,
        Self::Prize,
        Self::Spent,
        Self::Returned,
        Self::Expired,
        Self::Forfeited,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Loan => "loan",
            Self::Interest => "interest",
            Self::Inviter => "inviter",
            Self::Friend => "friend",
            Self::Prize => "prize",
            Self::Spent => "spent",
            Self::Returned => "returned",
            Self::Expired => "expired",
            Self::Forfeited => "forfeited",
        }
    }

    /// The kind of a stable name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the borrower has more after it.
    pub const fn gives(self) -> bool {
        !matches!(self, Self::Spent | Self::Expired | Self::Forfeited)
    }

    /// The account that is debited, and the one that is credited.
    const fn accounts(self) -> (&'static str, &'static str) {
        match self {
            Self::Loan | Self::Interest | Self::Inviter | Self::Friend | Self::Prize => {
                ("programme", "borrower")
            }
            Self::Returned => ("spent", "borrower"),
            Self::Spent => ("borrower", "spent"),
            Self::Expired => ("borrower", "expired"),
            Self::Forfeited => ("borrower", "forfeited"),
        }
    }
}

/// An entry to be booked.
pub(super) struct New<'a> {
    pub borrower: BorrowerId,
    pub kind: Kind,
    /// Above zero.
    pub amount: Kopecks,
    /// What exactly is booked; the same again changes nothing.
    pub reference: String,
    pub loan: Option<&'a str>,
}

/// Gives bonuses; answers whether they were new.
pub(super) async fn give(tx: &Tx, cab: &Cabinet, new: New<'_>) -> Result<bool> {
    debug_assert!(new.kind.gives());
    let seq = lock(tx, new.borrower).await?;
    let Some(entry) = insert(tx, cab, &new, seq).await? else {
        return Ok(false);
    };
    let days = cab.lender().bonus.as_ref();
    let days = days.map_or(USUAL_DAYS, |bonus| bonus.expiry_days);
    let last_day = cab.today() + Duration::days(i64::from(days));
    sql::execute(
        tx,
        "INSERT INTO bonus_lot (entry, borrower, amount_left, last_day) VALUES ($1, $2, $3, $4)",
        vec![
            entry.into(),
            new.borrower.into(),
            new.amount.get().into(),
            last_day.to_string().into(),
        ],
    )
    .await?;
    move_balance(tx, new.borrower, new.amount.get()).await?;
    Ok(true)
}

/// Takes bonuses, those that end first before the others. Refuses with `Conflict("bonus_short")`.
pub(super) async fn take(tx: &Tx, cab: &Cabinet, new: New<'_>) -> Result<()> {
    debug_assert!(!new.kind.gives());
    let seq = lock(tx, new.borrower).await?;
    expire(tx, cab, new.borrower).await?;
    if balance_on(tx, new.borrower, cab.today()).await? < new.amount {
        return Err(CabinetError::Conflict("bonus_short"));
    }
    let seq = seq_of(tx, new.borrower).await?.max(seq);
    if insert(tx, cab, &new, seq).await?.is_none() {
        return Err(CabinetError::Conflict("already_posted"));
    }
    let lots = sql::all(
        tx,
        "SELECT lot.entry, lot.amount_left FROM bonus_lot lot JOIN bonus_entry entry \
         ON entry.id = lot.entry WHERE lot.borrower = $1 AND lot.amount_left > 0 \
         ORDER BY lot.last_day, entry.seq",
        vec![new.borrower.into()],
    )
    .await?;
    let mut rest = new.amount.get();
    for lot in lots {
        let part = rest.min(sql::get(&lot, "amount_left")?);
        if part == 0 {
            break;
        }
        use_up(tx, &sql::get::<String>(&lot, "entry")?, part).await?;
        rest -= part;
    }
    if rest != 0 {
        return Err(CabinetError::internal("lots are less than their balance"));
    }
    move_balance(tx, new.borrower, -new.amount.get()).await
}

/// Takes what nobody can spend any more: each lot by an entry of its own. Answers how much.
pub(super) async fn expire(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<Kopecks> {
    lock(tx, borrower).await?;
    let over = sql::all(
        tx,
        "SELECT entry, amount_left FROM bonus_lot WHERE borrower = $1 AND amount_left > 0 \
         AND last_day < $2 ORDER BY last_day, entry",
        vec![borrower.into(), cab.today().to_string().into()],
    )
    .await?;
    let mut gone = Kopecks::ZERO;
    for lot in over {
        let (entry, left): (String, i64) =
            (sql::get(&lot, "entry")?, sql::get(&lot, "amount_left")?);
        let new = New {
            borrower,
            kind: Kind::Expired,
            amount: Kopecks::new(left),
            reference: format!("expired:{entry}"),
            loan: None,
        };
        let seq = seq_of(tx, borrower).await?;
        if insert(tx, cab, &new, seq).await?.is_some() {
            use_up(tx, &entry, left).await?;
            move_balance(tx, borrower, -left).await?;
            gone += Kopecks::new(left);
        }
    }
    Ok(gone)
}

/// The cabinet is closed: what is left is lost, and the journal says so. Answers how much.
pub(crate) async fn forfeit(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<Kopecks> {
    let amount = balance_on(tx, borrower, cab.today()).await?;
    if amount.is_zero() {
        return Ok(amount);
    }
    let new = New {
        borrower,
        kind: Kind::Forfeited,
        amount,
        reference: format!("forfeited:{borrower}:{}", cab.fresh_id()),
        loan: None,
    };
    take(tx, cab, new).await?;
    Ok(amount)
}

/// What can be spent on a day: lots whose last day has come are no part of it, swept already or not.
pub(crate) async fn balance_on(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
    on: NaiveDate,
) -> Result<Kopecks> {
    let row = sql::one(
        conn,
        "SELECT CAST(COALESCE(SUM(amount_left), 0) AS BIGINT) AS balance FROM bonus_lot \
         WHERE borrower = $1 AND last_day >= $2 AND amount_left > 0",
        vec![borrower.into(), on.to_string().into()],
    )
    .await?;
    row.map_or(Ok(0), |row| sql::get(&row, "balance"))
        .map(Kopecks::new)
}

/// Makes the account when there is none and locks it until the commit; answers the number of its last entry.
pub(super) async fn lock(tx: &Tx, borrower: BorrowerId) -> Result<i64> {
    sql::execute(
        tx,
        "INSERT INTO bonus_account (borrower, balance, seq) VALUES ($1, 0, 0) \
         ON CONFLICT (borrower) DO NOTHING",
        vec![borrower.into()],
    )
    .await?;
    seq_of(tx, borrower).await
}

async fn seq_of(tx: &Tx, borrower: BorrowerId) -> Result<i64> {
    let statement = format!(
        "SELECT seq FROM bonus_account WHERE borrower = $1{}",
        sql::for_update(tx)
    );
    let row = sql::one(tx, &statement, vec![borrower.into()]).await?;
    row.map_or(Ok(0), |row| sql::get(&row, "seq"))
}

/// Writes an entry; its id, or nothing when its reference is booked already.
async fn insert(tx: &Tx, cab: &Cabinet, new: &New<'_>, last: i64) -> Result<Option<String>> {
    if !new.amount.is_positive() {
        return Err(CabinetError::internal("an entry without bonuses"));
    }
    let id = cab.fresh_id().to_string();
    let (debit, credit) = new.kind.accounts();
    let seq = last.saturating_add(1);
    let written = sql::execute(
        tx,
        "INSERT INTO bonus_entry (id, borrower, seq, kind, debit, credit, amount, reference, \
         loan, on_date, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (reference) DO NOTHING",
        vec![
            id.clone().into(),
            new.borrower.into(),
            seq.into(),
            new.kind.code().into(),
            debit.into(),
            credit.into(),
            new.amount.get().into(),
            new.reference.clone().into(),
            new.loan.map(str::to_owned).into(),
            cab.today().to_string().into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    if written == 0 {
        return Ok(None);
    }
    let statement = "UPDATE bonus_account SET seq = $1 WHERE borrower = $2";
    sql::execute(tx, statement, vec![seq.into(), new.borrower.into()]).await?;
    Ok(Some(id))
}

async fn use_up(tx: &Tx, lot: &str, part: i64) -> Result<()> {
    let statement = "UPDATE bonus_lot SET amount_left = amount_left - $1 WHERE entry = $2";
    sql::execute(tx, statement, vec![part.into(), lot.into()])
        .await
        .map(drop)
}

async fn move_balance(tx: &Tx, borrower: BorrowerId, by: i64) -> Result<()> {
    let statement = "UPDATE bonus_account SET balance = balance + $1 WHERE borrower = $2";
    sql::execute(tx, statement, vec![by.into(), borrower.into()])
        .await
        .map(drop)
}

/// What the whole journal of bonuses adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Books {
    /// Credits less debits of every account that ever moved, by its name; they sum to zero.
    pub accounts: Vec<(String, Kopecks)>,
    /// Borrowers whose balance, lots and entries do not say one sum.
    pub wrong: Vec<String>,
}

impl Books {
    /// The balance of an account.
    pub fn of(&self, account: &str) -> Kopecks {
        let found = self.accounts.iter().find(|(name, _)| name == account);
        found.map_or(Kopecks::ZERO, |(_, sum)| *sum)
    }
}

/// Adds everything up anew.
pub async fn books(cab: &Cabinet) -> Result<Books> {
    let conn = cab.db().read();
    let rows = sql::all(
        conn,
        "SELECT account, CAST(SUM(amount) AS BIGINT) AS balance FROM (\
         SELECT credit AS account, amount FROM bonus_entry UNION ALL \
         SELECT debit AS account, -amount FROM bonus_entry) AS sides \
         GROUP BY account ORDER BY account",
        vec![],
    )
    .await?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        accounts.push((
            sql::get(&row, "account")?,
            Kopecks::new(sql::get(&row, "balance")?),
        ));
    }
    let wrong = sql::all(
        conn,
        "SELECT borrower FROM bonus_account account WHERE balance <> (\
         SELECT COALESCE(SUM(CASE WHEN credit = 'borrower' THEN amount ELSE -amount END), 0) \
         FROM bonus_entry entry WHERE entry.borrower = account.borrower) OR balance <> (\
         SELECT COALESCE(SUM(amount_left), 0) FROM bonus_lot lot \
         WHERE lot.borrower = account.borrower)",
        vec![],
    )
    .await?;
    let wrong = wrong.iter().map(|row| sql::get(row, "borrower"));
    Ok(Books {
        accounts,
        wrong: wrong.collect::<Result<_>>()?,
    })
}

/// How often and how much of each kind was given between two days, both included.
///
/// # Errors
/// `Forbidden("staff_role")`.
pub async fn costs(
    cab: &Cabinet,
    by: &Staff,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(Kind, i64, Kopecks)>> {
    by.must(Action::ReadReports)?;
    let rows = sql::all(
        cab.db().read(),
        "SELECT kind, COUNT(*) AS times, CAST(SUM(amount) AS BIGINT) AS given FROM bonus_entry \
         WHERE debit = 'programme' AND on_date >= $1 AND on_date <= $2 GROUP BY kind",
        vec![from.to_string().into(), to.to_string().into()],
    )
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let code: String = sql::get(&row, "kind")?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.code() == code);
        let kind = kind.ok_or_else(|| CabinetError::internal("an unknown kind of bonus"))?;
        found.push((
            kind,
            sql::get(&row, "times")?,
            Kopecks::new(sql::get(&row, "given")?),
        ));
    }
    found.sort_by_key(|(kind, ..)| kind.code());
    Ok(found)
}
