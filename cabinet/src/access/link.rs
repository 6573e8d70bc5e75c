//! One-time links in letters: to confirm an address, to restore a password.

use locales::{Arg, Lang, Words};
use sea_orm::ConnectionTrait;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::outbox;
use crate::values::Email;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkKind {
    /// Setting a new password.
    Restore,
    /// Confirming the address the letter came to.
    Email,
}

impl LinkKind {
    const fn code(self) -> &'static str {
        match self {
            Self::Restore => "restore",
            Self::Email => "email",
        }
    }

    /// The page it leads to.
    const fn path(self) -> &'static str {
        match self {
            Self::Restore => "/password/link",
            Self::Email => "/email/link",
        }
    }

    /// How long it works, in milliseconds.
    const fn life(self) -> i64 {
        match self {
            Self::Restore => 30 * 60_000,
            Self::Email => 3 * 86_400_000,
        }
    }

    const fn letter(self) -> &'static str {
        match self {
            Self::Restore => "cabinet-access-mail-restore",
            Self::Email => "cabinet-access-mail-confirm",
        }
    }
}

fn index(cab: &Cabinet, token: &str) -> String {
    cab.keys().blind_index("link", token)
}

/// Writes a letter with a link for a borrower; for an address that is nobody's, a letter that says
/// so. Either way one row of a link and one letter.
async fn letter(
    tx: &Tx,
    cab: &Cabinet,
    kind: LinkKind,
    borrower: Option<BorrowerId>,
    email: &Email,
    lang: Lang,
) -> Result<()> {
    let token = cab.ports().ids.secret();
    sql::execute(
        tx,
        "INSERT INTO access_link (token_index, kind, borrower, expires_at) VALUES ($1, $2, $3, $4)",
        vec![
            index(cab, &token).into(),
            kind.code().into(),
            borrower.map(|id| id.to_string()).into(),
            (cab.now_ms() + kind.life()).into(),
        ],
    )
    .await?;
    let lender = cab.lender();
    let url = format!("{}{}?token={token}", lender.site, kind.path());
    let args = [
        ("lender", Arg::from(&lender.name)),
        ("url", Arg::from(&url)),
        ("hotline", Arg::from(&lender.hotline)),
    ];
    let words = Words::new(lang);
    let key = match borrower {
        Some(_) => kind.letter().to_owned(),
        None => format!("{}-nobody", kind.letter()),
    };
    let subject = words.args(&format!("{}-subject", kind.letter()), &args);
    let text = words.args(&key, &args);
    let id = cab.fresh_id().to_string();
    outbox::mail(tx, cab, &id, email, &subject, &text).await
}

pub(super) async fn confirm_letter(
    tx: &Tx,
    cab: &Cabinet,
    borrower: Option<BorrowerId>,
    email: &Email,
    lang: Lang,
) -> Result<()> {
    letter(tx, cab, LinkKind::Email, borrower, email, lang).await
}

pub(super) async fn restore_letter(
    tx: &Tx,
    cab: &Cabinet,
    borrower: Option<BorrowerId>,
    email: &Email,
    lang: Lang,
) -> Result<()> {
    letter(tx, cab, LinkKind::Restore, borrower, email, lang).await
}

/// Whose link it is while it works; `NotFound` otherwise.
pub(super) async fn owner(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    kind: LinkKind,
    token: &str,
) -> Result<BorrowerId> {
    let row = sql::one(
        conn,
        "SELECT borrower FROM access_link WHERE token_index = $1 AND kind = $2 \
         AND used_at IS NULL AND expires_at > $3",
        vec![
            index(cab, token).into(),
            kind.code().into(),
            cab.now_ms().into(),
        ],
    )
    .await?
    .ok_or(CabinetError::NotFound)?;
    sql::get::<Option<String>>(&row, "borrower")?
        .ok_or(CabinetError::NotFound)?
        .parse()
        .map_err(CabinetError::internal)
}

/// Makes every link of a kind that a borrower still has useless.
pub(super) async fn void(
    tx: &Tx,
    cab: &Cabinet,
    kind: LinkKind,
    borrower: BorrowerId,
) -> Result<()> {
    let statement = "UPDATE access_link SET used_at = $1 WHERE borrower = $2 AND kind = $3 \
                     AND used_at IS NULL";
    let values = vec![
        cab.now_ms().into(),
        borrower.to_string().into(),
        kind.code().into(),
    ];
    sql::execute(tx, statement, values).await.map(drop)
}

/// Uses a link up; `NotFound` when somebody was faster.
pub(super) async fn spend(tx: &Tx, cab: &Cabinet, token: &str) -> Result<()> {
    let statement =
        "UPDATE access_link SET used_at = $1 WHERE token_index = $2 AND used_at IS NULL";
    let values = vec![cab.now_ms().into(), index(cab, token).into()];
    if sql::execute(tx, statement, values).await? == 1 {
        Ok(())
    } else {
        Err(CabinetError::NotFound)
    }
}
