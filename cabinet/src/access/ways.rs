//! The ways in of a person besides the phone: password, e-mail address, identities of providers,
//! passkeys. The last one that opens the cabinet by itself can't be removed.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};

use super::identity;
use super::link::{self, LinkKind};
use super::notices::{self, Change};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::lender::AccessMethod;
use crate::values::Email;
use crate::{Cabinet, moment, profile};

/// A kind of way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayKind {
    /// A password; with the phone or the e-mail address it opens the cabinet.
    Password,
    /// An address that stands for the phone beside the password, and restores it.
    Email,
    /// A person as another service knows them (OpenID Connect).
    Identity,
    /// A key of the device (WebAuthn).
    Passkey,
}

impl WayKind {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Email => "email",
            Self::Identity => "identity",
            Self::Passkey => "passkey",
        }
    }

    fn from_code(code: &str) -> Result<Self> {
        [Self::Password, Self::Email, Self::Identity, Self::Passkey]
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or_else(|| CabinetError::internal("an unknown way in"))
    }
}

/// A way in as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Which.
    pub id: String,
    /// Its kind.
    pub kind: WayKind,
    /// The provider of an identity.
    pub provider: String,
    /// The address, the provider's name of the person, the passkey's name.
    pub subject: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Whether the owner has shown that it is theirs.
    pub confirmed: bool,
}

/// A way in about to be written.
pub(super) struct NewWay<'a> {
    pub(super) kind: WayKind,
    pub(super) provider: &'a str,
    pub(super) subject_index: &'a str,
    pub(super) subject: &'a str,
    pub(super) secret: &'a str,
    /// Of a temporary password, unix milliseconds.
    pub(super) expires_at: Option<i64>,
    pub(super) confirmed: bool,
}

/// Adds a way. False when the subject is somebody's already.
pub(super) async fn add(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    new: NewWay<'_>,
) -> Result<bool> {
    let (id, now) = (cab.fresh_id().to_string(), cab.now_ms());
    let seal = |column: &str, text: &str| cab.keys().encrypt("way", column, &id, text);
    let added = sql::execute(
        tx,
        "INSERT INTO way (id, borrower, kind, provider, subject_index, subject, secret, temporary, \
         created_at, expires_at, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11) ON CONFLICT (kind, provider, subject_index) WHERE removed_at IS NULL DO NOTHING",
        vec![
            id.clone().into(),
            borrower.into(),
            new.kind.code().into(),
            new.provider.into(),
            new.subject_index.into(),
            seal("subject", new.subject)?.into(),
            seal("secret", new.secret)?.into(),
            i64::from(new.expires_at.is_some()).into(),
            now.into(),
            new.expires_at.into(),
            new.confirmed.then_some(now).into(),
        ],
    )
    .await?;
    Ok(added == 1)
}

/// A password as it is stored.
pub(super) struct Password {
    pub(super) hash: String,
    pub(super) temporary: bool,
    pub(super) expires_at: Option<i64>,
}

impl Password {
    fn from_row(cab: &Cabinet, row: &QueryResult) -> Result<Option<Self>> {
        let Some(id) = sql::get::<Option<String>>(row, "way")? else {
            return Ok(None);
        };
        let sealed: String = sql::get(row, "secret")?;
        Ok(Some(Self {
            hash: cab.keys().decrypt("way", "secret", &id, &sealed)?,
            temporary: sql::get::<i64>(row, "temporary")? == 1,
            expires_at: sql::get(row, "expires_at")?,
        }))
    }

    /// Whether it still opens anything: a temporary one ends by itself.
    pub(super) fn lives(&self, cab: &Cabinet) -> bool {
        self.expires_at.is_none_or(|end| end > cab.now_ms())
    }
}

/// The borrower's password.
pub(super) async fn password(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Option<Password>> {
    let row = sql::one(
        conn,
        "SELECT id AS way, secret, temporary, expires_at FROM way \
         WHERE borrower = $1 AND kind = 'password' AND removed_at IS NULL",
        vec![borrower.into()],
    )
    .await?;
    row.map_or(Ok(None), |row| Password::from_row(cab, &row))
}

/// The borrower of a phone and of a password beside it: one question, whoever is asked about.
pub(super) async fn account_of_phone(
    cab: &Cabinet,
    phone_index: &str,
) -> Result<(Option<BorrowerId>, Option<Password>)> {
    let found = "SELECT b.id AS borrower, w.id AS way, w.secret, w.temporary, w.expires_at \
                 FROM borrower b LEFT JOIN way w ON w.borrower = b.id AND w.kind = 'password' \
                 AND w.removed_at IS NULL WHERE b.phone_index = $1";
    account(cab, found, phone_index).await
}

/// The same by a confirmed e-mail address.
pub(super) async fn account_of_email(
    cab: &Cabinet,
    email_index: &str,
) -> Result<(Option<BorrowerId>, Option<Password>)> {
    let found = "SELECT e.borrower, w.id AS way, w.secret, w.temporary, w.expires_at \
                 FROM way e LEFT JOIN way w ON w.borrower = e.borrower AND w.kind = 'password' \
                 AND w.removed_at IS NULL WHERE e.kind = 'email' AND e.subject_index = $1 \
                 AND e.confirmed_at IS NOT NULL AND e.removed_at IS NULL";
    account(cab, found, email_index).await
}

/// Who has shown that the address of this keyed hash is theirs.
pub(super) async fn email_owner(
    conn: &impl ConnectionTrait,
    email_index: &str,
) -> Result<Option<BorrowerId>> {
    let statement = "SELECT borrower FROM way WHERE kind = 'email' AND subject_index = $1 \
                     AND confirmed_at IS NOT NULL AND removed_at IS NULL";
    let row = sql::one(conn, statement, vec![email_index.into()]).await?;
    row.map(|row| {
        let id: String = sql::get(&row, "borrower")?;
        id.parse().map_err(CabinetError::internal)
    })
    .transpose()
}

async fn account(
    cab: &Cabinet,
    statement: &str,
    index: &str,
) -> Result<(Option<BorrowerId>, Option<Password>)> {
    let row = sql::one(cab.db().read(), statement, vec![index.into()]).await?;
    let Some(row) = row else {
        return Ok((None, None));
    };
    let borrower: String = sql::get(&row, "borrower")?;
    let borrower = borrower.parse().map_err(CabinetError::internal)?;
    Ok((Some(borrower), Password::from_row(cab, &row)?))
}

/// Puts a password in place of the borrower's old one. `expires_at` makes it temporary.
pub(super) async fn put_password(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    hash: &str,
    expires_at: Option<i64>,
) -> Result<()> {
    retire(tx, cab, borrower, "kind = 'password'").await?;
    let new = NewWay {
        kind: WayKind::Password,
        provider: "",
        subject_index: &borrower.to_string(),
        subject: "",
        secret: hash,
        expires_at,
        confirmed: true,
    };
    if add(tx, cab, borrower, new).await? {
        Ok(())
    } else {
        Err(CabinetError::internal("two passwords at once"))
    }
}

pub(super) async fn retire(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    which: &str,
) -> Result<u64> {
    let statement = format!(
        "UPDATE way SET removed_at = $1 WHERE borrower = $2 AND removed_at IS NULL AND {which}"
    );
    sql::execute(tx, &statement, vec![cab.now_ms().into(), borrower.into()]).await
}

/// The keyed hash an address is found by.
pub(super) fn email_index(cab: &Cabinet, email: &Email) -> String {
    cab.keys()
        .blind_index("email", &email.as_str().to_lowercase())
}

/// The borrower's address: the confirmed one, else the one that waits for its click.
pub(super) async fn email(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Option<Email>> {
    let ways = list(conn, cab, borrower).await?;
    Ok(ways
        .iter()
        .filter(|way| way.kind == WayKind::Email)
        .max_by_key(|way| way.confirmed)
        .and_then(|way| Email::parse(&way.subject)))
}

/// The borrower's address, once its owner has shown that it is theirs.
pub(crate) async fn confirmed_email(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Option<Email>> {
    let ways = list(conn, cab, borrower).await?;
    Ok(ways
        .iter()
        .find(|way| way.kind == WayKind::Email && way.confirmed)
        .and_then(|way| Email::parse(&way.subject)))
}

/// The ways in of a borrower besides the phone, the oldest first.
pub async fn ways(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Way>> {
    list(cab.db().read(), cab, borrower).await
}

pub(super) async fn list(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Vec<Way>> {
    let rows = sql::all(
        conn,
        "SELECT id, kind, provider, subject, created_at, confirmed_at FROM way \
         WHERE borrower = $1 AND removed_at IS NULL ORDER BY created_at, id",
        vec![borrower.into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let id: String = sql::get(row, "id")?;
            let sealed: String = sql::get(row, "subject")?;
            Ok(Way {
                kind: WayKind::from_code(&sql::get::<String>(row, "kind")?)?,
                provider: sql::get(row, "provider")?,
                subject: cab.keys().decrypt("way", "subject", &id, &sealed)?,
                created_at: moment(sql::get(row, "created_at")?)?,
                confirmed: sql::get::<Option<i64>>(row, "confirmed_at")?.is_some(),
                id,
            })
        })
        .collect()
}

/// How many ways of a kind a borrower has.
pub(super) async fn count(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
    kind: WayKind,
) -> Result<usize> {
    let statement = "SELECT COUNT(*) AS n FROM way WHERE borrower = $1 AND kind = $2 \
                     AND removed_at IS NULL";
    let row = sql::one(conn, statement, vec![borrower.into(), kind.code().into()]).await?;
    let count: i64 = row.map_or(Ok(0), |row| sql::get(&row, "n"))?;
    usize::try_from(count).map_err(CabinetError::internal)
}

/// Whether a way still leads anywhere: an account of a provider that the lender has given up does not, nor a
/// passkey where there are none any more.
fn works(cab: &Cabinet, way: &Way) -> bool {
    match way.kind {
        WayKind::Identity => identity::identity_offers(cab)
            .iter()
            .any(|offer| offer.provider == way.provider),
        WayKind::Passkey => cab.ports().passkeys.is_there(),
        WayKind::Password | WayKind::Email => true,
    }
}

/// How many ways open the cabinet by themselves, of those that work. The phone does where a code is enough; an
/// address alone never does.
fn opening(method: AccessMethod, ways: &[Way], works: impl Fn(&Way) -> bool) -> usize {
    let by_code = matches!(
        method,
        AccessMethod::PhoneCode | AccessMethod::EmailPassword
    );
    let opens = |way: &&Way| match way.kind {
        WayKind::Password => method.has_password(),
        WayKind::Email => false,
        WayKind::Identity | WayKind::Passkey => true,
    };
    let ways = ways.iter().filter(|way| works(way));
    usize::from(by_code) + ways.filter(opens).count()
}

/// Removes a way in. `Conflict("last_way")` when nothing else would open the cabinet,
/// `Conflict("email_needed")` for the confirmed address where the lender has to have one, `NotFound` for
/// another person's.
pub async fn remove_way(cab: &Cabinet, borrower: BorrowerId, way: &str) -> Result<()> {
    let (cabinet, way) = (cab.clone(), named(way)?);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                lock(tx, borrower).await?;
                let mut ways = list(tx, &cabinet, borrower).await?;
                let place = ways.iter().position(|other| other.id == way);
                let removed = ways.remove(place.ok_or(CabinetError::NotFound)?);
                let (kind, provider) = (removed.kind, removed.provider);
                let method = cabinet.lender().access.method;
                if opening(method, &ways, |way| works(&cabinet, way)) == 0 {
                    return Err(CabinetError::Conflict("last_way"));
                }
                match kind {
                    WayKind::Identity => identity::forget(tx, borrower, &provider).await?,
                    WayKind::Email => {
                        forget_email(tx, &cabinet, borrower, removed.confirmed).await?;
                    }
                    WayKind::Password | WayKind::Passkey => {}
                }
                let change = match kind {
                    WayKind::Passkey => Change::PasskeyRemoved,
                    WayKind::Identity => Change::IdentityUnlinked(&provider),
                    WayKind::Password => Change::PasswordRemoved,
                    WayKind::Email => Change::EmailRemoved,
                };
                // Before it is gone: the address that goes hears of it too.
                notices::tell(tx, &cabinet, borrower, change).await?;
                let statement = "UPDATE way SET removed_at = $1 WHERE id = $2 AND borrower = $3";
                let values = vec![cabinet.now_ms().into(), way.into(), borrower.into()];
                sql::execute(tx, statement, values).await.map(drop)
            })
        })
        .await
}

/// The questionnaire forgets an address with its way in: saving a page later must not bring it back. Where the
/// lender has to have one, it is replaced and not removed; one that was never confirmed may go.
async fn forget_email(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, confirmed: bool) -> Result<()> {
    link::void(tx, cab, LinkKind::Email, borrower).await?;
    if !cab.lender().questionnaire.email.is_required() {
        return profile::forget_email(tx, cab, borrower).await;
    }
    if confirmed {
        return Err(CabinetError::Conflict("email_needed"));
    }
    Ok(())
}

/// Whether a person has a way in that a stolen number does not open.
pub(crate) async fn has_strong_way(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<bool> {
    // A password is restored by the very number, and not every provider has seen whom it lets in.
    let proves = |provider: &str| {
        let offer = cab.lender().access.identity_of(provider);
        offer.is_some_and(|offer| offer.proves)
    };
    let strong = |way: &Way| match way.kind {
        WayKind::Passkey => true,
        WayKind::Identity => proves(&way.provider),
        WayKind::Password | WayKind::Email => false,
    };
    Ok(list(conn, cab, borrower).await?.iter().any(strong))
}

/// A way's name as it came from a form: anything else is nobody's.
pub(super) fn named(way: &str) -> Result<String> {
    let id = uuid::Uuid::parse_str(way).map_err(|_| CabinetError::NotFound)?;
    Ok(id.to_string())
}

/// Two removals at once would each see the other's way still there.
pub(super) async fn lock(tx: &Tx, borrower: BorrowerId) -> Result<()> {
    let statement = format!(
        "SELECT id FROM borrower WHERE id = $1{}",
        sql::for_update(tx)
    );
    sql::one(tx, &statement, vec![borrower.into()])
        .await
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_the_cabinet_by_itself_is_counted() {
        let way = |kind| Way {
            id: String::new(),
            kind,
            provider: String::new(),
            subject: String::new(),
            created_at: DateTime::UNIX_EPOCH,
            confirmed: true,
        };
        let (password, email) = (way(WayKind::Password), way(WayKind::Email));
        let both = [password.clone(), email.clone()];
        let all = |_: &Way| true;
        assert_eq!(opening(AccessMethod::PhoneCode, &[], all), 1);
        assert_eq!(opening(AccessMethod::PhonePassword, &[], all), 0);
        assert_eq!(opening(AccessMethod::PhonePassword, &both, all), 1);
        assert_eq!(opening(AccessMethod::EmailPassword, &both, all), 2);
        assert_eq!(opening(AccessMethod::PhoneThenPassword, &[email], all), 0);
        let key = [way(WayKind::Passkey), way(WayKind::Identity)];
        assert_eq!(opening(AccessMethod::PhonePassword, &key, all), 2);
        // An account of a provider that is offered no more opens nothing: the passkey is the last way.
        let here = |way: &Way| way.kind != WayKind::Identity;
        assert_eq!(opening(AccessMethod::PhonePassword, &key, here), 1);
        assert_eq!(opening(AccessMethod::PhonePassword, &key[1..], here), 0);
    }
}
