//! Pictures that the staff put beside what they decide on: a certificate of death, a court's order, a page of the
//! passport that was shown on a video call. A picture is made anew as a borrower's is, lies sealed, and opens with a
//! reason that its person reads in the diary.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::audit::{self, Deed};
use super::opened::{self, Opened};
use super::roles::{self, Field, Sight};
use super::{Action, Staff};
use crate::db::sql;
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{AdjustmentId, AppealId, BorrowerId, RequestId, UploadId};
use crate::loan::stored::id;
use crate::{Cabinet, limits, moment, upload};

/// Pictures beside one thing.
const KEPT: i64 = 12;
/// Pictures that one of the staff may add in a day.
const A_DAY: u32 = 100;
const DAY_SECONDS: u64 = 86_400;

/// What a picture stands beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Debt to be written off or a rate to be lowered.
    Adjustment(AdjustmentId),
    /// A change of the phone, a cabinet to be closed.
    Request(RequestId),
    /// An appeal.
    Appeal(AppealId),
}

/// A picture in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPaper {
    /// Which.
    pub id: UploadId,
    /// Who added it.
    pub by: crate::ids::StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

impl About {
    /// Of the parts of an address.
    pub fn read(kind: &str, object: &str) -> Option<Self> {
        match kind {
            "adjustment" => object.parse().ok().map(Self::Adjustment),
            "request" => object.parse().ok().map(Self::Request),
            "appeal" => object.parse().ok().map(Self::Appeal),
            _ => None,
        }
    }

    /// The stable name of its kind.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Adjustment(_) => "adjustment",
            Self::Request(_) => "request",
            Self::Appeal(_) => "appeal",
        }
    }

    /// Its id.
    pub fn object(self) -> String {
        match self {
            Self::Adjustment(id) => id.to_string(),
            Self::Request(id) => id.to_string(),
            Self::Appeal(id) => id.to_string(),
        }
    }

    /// Who may add one.
    pub const fn adds(self) -> Action {
        match self {
            Self::Adjustment(_) => Action::ProposeAdjustment,
            Self::Request(_) | Self::Appeal(_) => Action::LeadRequest,
        }
    }

    /// Who may see that there are any.
    pub const fn lists(self) -> Action {
        match self {
            Self::Adjustment(_) => Action::ReadMoney,
            Self::Request(_) | Self::Appeal(_) => Action::ReadRequests,
        }
    }

    /// Whose it is, while it waits for a decision.
    const fn waiting(self) -> &'static str {
        match self {
            Self::Adjustment(_) => {
                "SELECT borrower FROM adjustment WHERE id = $1 AND outcome IS NULL"
            }
            Self::Request(_) => {
                "SELECT borrower FROM change_request WHERE id = $1 AND closed_at IS NULL"
            }
            Self::Appeal(_) => "SELECT borrower FROM appeal WHERE id = $1 AND closed_at IS NULL",
        }
    }

    /// The reason for which this one of the staff has opened it lately.
    async fn reason(self, cab: &Cabinet, by: &Staff) -> Result<Option<String>> {
        match self {
            Self::Adjustment(id) => opened::reason(cab, by, id).await,
            Self::Request(id) => opened::reason(cab, by, id).await,
            Self::Appeal(id) => opened::reason(cab, by, id).await,
        }
    }

    /// Whether these roles may look at its pictures. A picture beside a request shows a passport: nobody sees it who
    /// sees the number masked. What proves money that was given up is read by whoever reads money.
    fn visible(self, by: &Staff) -> bool {
        let money = matches!(self, Self::Adjustment(_));
        by.may(self.lists())
            && (money || roles::sight(&by.roles, Field::Passport) >= Sight::OnReason)
    }
}

impl Opened for AdjustmentId {
    const LOG: &'static str = "open_adjustment";
    const READ: Action = Action::ReadMoney;
    const OF: &'static str = "SELECT borrower, '' AS kind FROM adjustment WHERE id = $1";

    fn seen(_: &str) -> &'static str {
        "staff_paper_seen"
    }
}

/// Opens the pictures beside an adjustment for a quarter of an hour; those of a request or an appeal open with it.
/// Refuses with `Fields("why", "staff_reason")`, `Forbidden("staff_role")`, `NotFound`.
pub async fn open_adjustment(cab: &Cabinet, by: &Staff, why: &str, of: AdjustmentId) -> Result<()> {
    opened::open(cab, by, why, of).await
}

/// Whether this one of the staff has it open now, so that its pictures can be looked at.
pub async fn is_open(cab: &Cabinet, by: &Staff, about: About) -> Result<bool> {
    Ok(about.visible(by) && about.reason(cab, by).await?.is_some())
}

/// Adds a picture to what waits for a decision.
///
/// # Errors
/// `Forbidden("staff_role")`; `NotFound` of what is over; `Fields("file")` as [`upload::put`]; `Conflict("upload_many")`;
/// `TooMany("staff_paper_day")`.
pub async fn add(cab: &Cabinet, by: &Staff, about: About, file: Vec<u8>) -> Result<UploadId> {
    by.must(about.adds())?;
    one_more(cab, by, about).await?;
    let picture = upload::made_anew(file).await?;
    let name = UploadId(cab.fresh_id());
    let sealed =
        cab.keys()
            .encrypt_bytes("staff_paper", "body", &name.to_string(), &picture.jpeg)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let owner = owner(tx, about).await?;
                let size = i64::try_from(picture.jpeg.len()).map_err(CabinetError::internal)?;
                sql::execute(
                    tx,
                    "INSERT INTO staff_paper (id, about, object, borrower, staff, width, height, size, body, at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    vec![
                        name.into(),
                        about.code().into(),
                        about.object().into(),
                        owner.map(|owner| owner.to_string()).into(),
                        by.id.into(),
                        i64::from(picture.width).into(),
                        i64::from(picture.height).into(),
                        size.into(),
                        sealed.into(),
                        cabinet.now_ms().into(),
                    ],
                )
                .await?;
                let mut deed = Deed::new(about.adds(), name).because("staff_paper");
                if let Some(owner) = owner {
                    let entry = Entry::new(Role::Staff(by.id), "staff_paper_added");
                    diary::write(tx, &cabinet, owner, entry).await?;
                    deed = deed.about(owner);
                }
                audit::write(tx, &cabinet, Some(&by), deed).await?;
                Ok(name)
            })
        })
        .await
}

/// Counts a picture before it is decoded: decoding is what costs.
async fn one_more(cab: &Cabinet, by: &Staff, about: About) -> Result<()> {
    let (cabinet, by) = (cab.clone(), by.id.to_string());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                owner(tx, about).await?;
                let statement =
                    "SELECT COUNT(*) AS n FROM staff_paper WHERE about = $1 AND object = $2";
                let values = vec![about.code().into(), about.object().into()];
                let row = sql::one(tx, statement, values).await?;
                let kept: i64 = row.map_or(Ok(0), |row| sql::get(&row, "n"))?;
                if kept >= KEPT {
                    return Err(CabinetError::Conflict("upload_many"));
                }
                let subject = cabinet.keys().blind_index("staff_paper", &by);
                limits::hit(
                    tx,
                    &cabinet,
                    "staff_paper_day",
                    &subject,
                    DAY_SECONDS,
                    A_DAY,
                )
                .await
                .map(drop)
            })
        })
        .await
}

/// Whose it is; nobody's of a request without a cabinet. `NotFound` of what waits no more.
async fn owner(conn: &impl ConnectionTrait, about: About) -> Result<Option<BorrowerId>> {
    let row = sql::one(conn, about.waiting(), vec![about.object().into()]).await?;
    let owner: Option<String> = sql::get(&row.ok_or(CabinetError::NotFound)?, "borrower")?;
    owner.as_deref().map(id).transpose()
}

/// Pictures beside something, the oldest first.
///
/// # Errors
/// `Forbidden("staff_role")`.
pub async fn list(cab: &Cabinet, by: &Staff, about: About) -> Result<Vec<StaffPaper>> {
    by.must(about.lists())?;
    let statement =
        "SELECT id, staff, at FROM staff_paper WHERE about = $1 AND object = $2 ORDER BY at, id";
    let values = vec![about.code().into(), about.object().into()];
    let rows = sql::all(cab.db().read(), statement, values).await?;
    rows.iter()
        .map(|row| {
            Ok(StaffPaper {
                id: UploadId(id(&sql::get::<String>(row, "id")?)?),
                by: id(&sql::get::<String>(row, "staff")?)?,
                at: moment(sql::get(row, "at")?)?,
            })
        })
        .collect()
}

/// One of them: the bytes of a JPEG, for whoever has opened what it stands beside. Each look is a line of the log and of
/// its person's diary.
///
/// # Errors
/// `Forbidden("staff_role")`; `Fields("why", "staff_reason")` before a reason was given; `NotFound`.
pub async fn read(cab: &Cabinet, by: &Staff, about: About, paper: UploadId) -> Result<Vec<u8>> {
    if !about.visible(by) {
        return Err(CabinetError::Forbidden("staff_role"));
    }
    let why = about.reason(cab, by).await?;
    let why = why.ok_or_else(|| CabinetError::field("why", "staff_reason"))?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "SELECT borrower, body FROM staff_paper \
                                 WHERE id = $1 AND about = $2 AND object = $3";
                let values = vec![paper.into(), about.code().into(), about.object().into()];
                let row = sql::one(tx, statement, values).await?;
                let row = row.ok_or(CabinetError::NotFound)?;
                let mut deed = Deed::named("open_upload", paper).because(&why);
                if let Some(owner) = sql::get::<Option<String>>(&row, "borrower")? {
                    let owner = id(&owner)?;
                    let entry = Entry::new(Role::Staff(by.id), "staff_paper_seen").because(&why);
                    diary::write(tx, &cabinet, owner, entry).await?;
                    deed = deed.about(owner);
                }
                audit::write(tx, &cabinet, Some(&by), deed).await?;
                let sealed: String = sql::get(&row, "body")?;
                let name = paper.to_string();
                cabinet
                    .keys()
                    .decrypt_bytes("staff_paper", "body", &name, &sealed)
            })
        })
        .await
}
