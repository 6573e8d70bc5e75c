//! Pictures of papers: pages of the passport, evidence for a request. A picture is made anew before it is
//! kept, lies sealed, and is shown to its owner, and to staff who say why.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use tokio::sync::Semaphore;

use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, RequestId, UploadId};
use crate::staff::audit::{self, Deed};
use crate::staff::roles::{self, Field, Sight};
use crate::staff::{self, Action, Staff};
use crate::{Cabinet, limits, moment};

mod picture;

pub use picture::MOST_BYTES;
pub(crate) use picture::Picture;

/// Pictures one owner may send in a day, and keep.
pub const A_DAY: u32 = 20;
const KEPT: i64 = 12;
/// Pictures of one chat: its lines are never removed, so there is room for years of questions.
const KEPT_IN_CHAT: i64 = 200;
const DAY_SECONDS: u64 = 86_400;
/// Pictures decoded at once: each may take a hundred megabytes.
static DECODING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(1));

/// Whose a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A borrower's, without those of the chat.
    Borrower(BorrowerId),
    /// A borrower's that were sent in the chat: they are counted apart from the papers.
    Chat(BorrowerId),
    /// Of a request by somebody who can't sign in.
    Request(RequestId),
}

impl Owner {
    /// Which of the rows of its column.
    fn shelf(self) -> &'static str {
        match self {
            Self::Borrower(_) => {
                " AND id NOT IN (SELECT line.upload FROM chat_line line WHERE line.upload IS NOT NULL)"
            }
            Self::Chat(_) => {
                " AND id IN (SELECT line.upload FROM chat_line line WHERE line.upload IS NOT NULL)"
            }
            Self::Request(_) => "",
        }
    }

    /// How many are kept, and the name of the day's limit.
    fn most(self) -> (i64, &'static str) {
        match self {
            Self::Borrower(_) | Self::Request(_) => (KEPT, "upload_day"),
            Self::Chat(_) => (KEPT_IN_CHAT, "upload_chat_day"),
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Borrower(_) | Self::Chat(_) => "borrower",
            Self::Request(_) => "request",
        }
    }

    fn id(self) -> String {
        match self {
            Self::Borrower(id) | Self::Chat(id) => id.to_string(),
            Self::Request(id) => id.to_string(),
        }
    }
}

/// What is on a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The passport's pages with the photograph.
    PassportMain,
    /// The passport's page with the registered address.
    PassportAddress,
    /// Anything that proves a request.
    Evidence,
    /// A paper that proves an income.
    Income,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::PassportMain,
        Self::PassportAddress,
        Self::Evidence,
        Self::Income,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PassportMain => "passport_main",
            Self::PassportAddress => "passport_address",
            Self::Evidence => "evidence",
            Self::Income => "income",
        }
    }

    /// How it is stored: the kind, and what such a picture proves.
    const fn stored(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Income => (Self::Evidence.code(), Some(Self::Income.code())),
            other => (other.code(), None),
        }
    }

    /// The kind of a name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A picture in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadView {
    /// Which.
    pub id: UploadId,
    /// What is on it.
    pub kind: Kind,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// When it came.
    pub at: DateTime<Utc>,
    /// An income was proved by it: it is kept with the decisions that counted with that.
    pub proves: bool,
}

/// Keeps a picture. Refuses with `Fields("file")`: `upload_empty`, `upload_large`, `upload_kind`,
/// `upload_pixels`, `upload_small`, `upload_broken`; `Conflict("upload_many")`;
/// `TooMany("upload_day")`.
pub async fn put(cab: &Cabinet, owner: Owner, kind: Kind, bytes: Vec<u8>) -> Result<UploadId> {
    one_more(cab, owner).await?;
    let picture = made_anew(bytes).await?;
    let id = UploadId(cab.fresh_id());
    let sealed = cab
        .keys()
        .encrypt_bytes("upload", "body", &id.to_string(), &picture.jpeg)?;
    let (stored, proves) = kind.stored();
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let count = |n: usize| i64::try_from(n).map_err(CabinetError::internal);
                let statement = format!(
                    "INSERT INTO upload (id, {}, kind, width, height, size, body, at, proves) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    owner.column()
                );
                let values = vec![
                    id.into(),
                    owner.id().into(),
                    stored.into(),
                    i64::from(picture.width).into(),
                    i64::from(picture.height).into(),
                    count(picture.jpeg.len())?.into(),
                    sealed.into(),
                    cabinet.now_ms().into(),
                    proves.into(),
                ];
                sql::execute(tx, &statement, values).await?;
                if let Owner::Borrower(borrower) | Owner::Chat(borrower) = owner {
                    let entry = Entry::new(Role::Own, "upload_added");
                    diary::write(tx, &cabinet, borrower, entry).await?;
                }
                Ok(id)
            })
        })
        .await
}

/// A picture made anew. Refuses with `Fields("file")`.
pub(crate) async fn made_anew(bytes: Vec<u8>) -> Result<Picture> {
    let permit = DECODING.acquire().await.map_err(CabinetError::internal)?;
    // Whatever a broken file does to the decoder, a panic included, is a broken file.
    let made = tokio::task::spawn_blocking(move || picture::anew(&bytes)).await;
    drop(permit);
    made.unwrap_or(Err("upload_broken"))
        .map_err(|code| CabinetError::field("file", code))
}

/// Counts a picture before it is decoded: decoding is what costs.
async fn one_more(cab: &Cabinet, owner: Owner) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (kept, day) = owner.most();
                let views: Vec<UploadView> = rows(tx, owner)
                    .await?
                    .iter()
                    .map(view)
                    .collect::<Result<_>>()?;
                // What has to be kept takes nobody's room.
                let count = views.iter().filter(|picture| !picture.proves).count();
                if i64::try_from(count).unwrap_or(i64::MAX) >= kept {
                    return Err(CabinetError::Conflict("upload_many"));
                }
                let subject = cabinet.keys().blind_index("upload", &owner.id());
                limits::hit(tx, &cabinet, day, &subject, DAY_SECONDS, A_DAY)
                    .await
                    .map(drop)
            })
        })
        .await
}

/// Words of specialists that an income is proved by a picture.
const PROOFS: &str = "SELECT COUNT(*) FROM income_word word WHERE word.picture = upload.id \
    AND word.word = 'proved'";

async fn rows(conn: &impl ConnectionTrait, owner: Owner) -> Result<Vec<QueryResult>> {
    let statement = format!(
        "SELECT id, COALESCE(proves, kind) AS kind, width, height, at, ({PROOFS}) AS proofs \
         FROM upload WHERE {} = $1 AND removed_at IS NULL{} \
         ORDER BY at, id",
        owner.column(),
        owner.shelf()
    );
    sql::all(conn, &statement, vec![owner.id().into()]).await
}

/// The pictures of an owner, oldest first.
pub async fn list(cab: &Cabinet, owner: Owner) -> Result<Vec<UploadView>> {
    let rows = rows(cab.db().read(), owner).await?;
    rows.iter().map(view).collect()
}

fn view(row: &QueryResult) -> Result<UploadView> {
    let id: String = sql::get(row, "id")?;
    let side =
        |column: &str| u32::try_from(sql::get::<i64>(row, column)?).map_err(CabinetError::internal);
    Ok(UploadView {
        id: id.parse().map_err(CabinetError::internal)?,
        kind: Kind::from_code(&sql::get::<String>(row, "kind")?)
            .ok_or_else(|| CabinetError::internal("an unknown kind of a picture"))?,
        width: side("width")?,
        height: side("height")?,
        at: moment(sql::get(row, "at")?)?,
        proves: sql::get::<i64>(row, "proofs")? > 0,
    })
}

/// Whether a picture is this borrower's, of the papers or of the chat.
pub(crate) async fn belongs(cab: &Cabinet, borrower: BorrowerId, id: UploadId) -> Result<bool> {
    let statement = "SELECT id FROM upload WHERE id = $1 AND borrower = $2 AND removed_at IS NULL";
    let values = vec![id.into(), borrower.into()];
    Ok(sql::one(cab.db().read(), statement, values)
        .await?
        .is_some())
}

/// A picture of its owner: the bytes of a JPEG. `NotFound` for anybody else's.
pub async fn read(cab: &Cabinet, owner: Owner, id: UploadId) -> Result<Vec<u8>> {
    let condition = format!("{} = $2", owner.column());
    let values = vec![id.into(), owner.id().into()];
    body(cab.db().read(), cab, id, &condition, values).await
}

/// A picture for staff, who say why; its owner reads that in the diary. Refuses with
/// `Fields("why", "staff_reason")`, `Forbidden("staff_role")` and `NotFound`.
pub async fn read_by_staff(cab: &Cabinet, by: &Staff, why: &str, id: UploadId) -> Result<Vec<u8>> {
    by.must(Action::OpenPerson)?;
    // A picture of a passport shows its number: nobody sees it who sees the number masked.
    if roles::sight(&by.roles, Field::Passport) < Sight::OnReason {
        return Err(CabinetError::Forbidden("staff_role"));
    }
    let why = staff::reason("why", why)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    // The line is committed before the picture leaves.
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "SELECT COALESCE(upload.borrower, change_request.borrower) AS owner \
                                 FROM upload LEFT JOIN change_request ON change_request.id = upload.request \
                                 WHERE upload.id = $1 AND upload.removed_at IS NULL";
                let row = sql::one(tx, statement, vec![id.into()])
                    .await?
                    .ok_or(CabinetError::NotFound)?;
                let mut deed = Deed::named("open_upload", id).because(&why);
                if let Some(owner) = sql::get::<Option<String>>(&row, "owner")? {
                    let owner = owner.parse().map_err(CabinetError::internal)?;
                    let entry = Entry::new(Role::Staff(by.id), "upload_seen").because(&why);
                    diary::write(tx, &cabinet, owner, entry).await?;
                    deed = deed.about(owner);
                }
                audit::write(tx, &cabinet, Some(&by), deed).await?;
                body(tx, &cabinet, id, "1 = 1", vec![id.into()]).await
            })
        })
        .await
}

async fn body(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    id: UploadId,
    condition: &str,
    values: Vec<Value>,
) -> Result<Vec<u8>> {
    let statement =
        format!("SELECT body FROM upload WHERE id = $1 AND removed_at IS NULL AND {condition}");
    let row = sql::one(conn, &statement, values)
        .await?
        .ok_or(CabinetError::NotFound)?;
    let sealed: String = sql::get(&row, "body")?;
    cab.keys()
        .decrypt_bytes("upload", "body", &id.to_string(), &sealed)
}

/// Removes a picture of its owner: the bytes are gone, the line that it was there stays. Refuses with
/// `Conflict("upload_proves")` where a decision counted with what it proves, and `NotFound`.
pub async fn remove(cab: &Cabinet, owner: Owner, id: UploadId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| Box::pin(async move { removed(tx, &cabinet, owner, id).await }))
        .await
}

async fn removed(tx: &Tx, cab: &Cabinet, owner: Owner, id: UploadId) -> Result<()> {
    let find = format!(
        "SELECT id, ({PROOFS}) AS proofs FROM upload WHERE id = $1 AND {} = $2 AND removed_at IS NULL{}",
        owner.column(),
        sql::for_update(tx)
    );
    let row = sql::one(tx, &find, vec![id.into(), owner.id().into()]).await?;
    let row = row.ok_or(CabinetError::NotFound)?;
    // The inputs of a decision are kept (art. 5.1 of 353-ФЗ): so is the paper of an income.
    if sql::get::<i64>(&row, "proofs")? > 0 {
        return Err(CabinetError::Conflict("upload_proves"));
    }
    let statement = format!(
        "UPDATE upload SET removed_at = $1, body = '' WHERE id = $2 AND {} = $3 \
         AND removed_at IS NULL",
        owner.column()
    );
    let values = vec![cab.now_ms().into(), id.into(), owner.id().into()];
    if sql::execute(tx, &statement, values).await? == 0 {
        return Err(CabinetError::NotFound);
    }
    if let Owner::Borrower(borrower) = owner {
        let entry = Entry::new(Role::Own, "upload_removed");
        diary::write(tx, cab, borrower, entry).await?;
    }
    Ok(())
}
