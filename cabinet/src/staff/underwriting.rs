//! Applications that wait for a person: what the decision knew, which rules it asked, and the word.

use chrono::{DateTime, Utc};
use lending::{Kopecks, Pdn, Rule};
use sea_orm::QueryResult;

use super::audit::{self, Deed};
use super::income::{IncomeCase, income_case};
use super::roles::{self, Field, Sight};
use super::{Action, Staff};
use crate::application::{self, AppStatus, PaperAsked};
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::{ApplicationId, BorrowerId, UploadId};
use crate::loan::stored::read;
use crate::upload::{self, Owner, UploadView};
use crate::{Cabinet, moment};

/// Cases shown at once.
const PAGE: i64 = 200;
/// A case older than this is late: the borrower was promised an answer within a working day.
pub const LATE_HOURS: i64 = 24;

/// A case in the queue.
#[derive(Debug, Clone)]
pub struct Case {
    /// Which.
    pub application: ApplicationId,
    /// Whose.
    pub borrower: BorrowerId,
    /// The product's title.
    pub product_title: String,
    /// The principal asked for.
    pub amount: Kopecks,
    /// Days or payments.
    pub term: u32,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// Whether it waits for too long.
    pub late: bool,
    /// Why a person has to look.
    pub rules: Vec<Rule>,
}

/// A case with what led to it.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// The case.
    pub case: Case,
    /// The debt burden that was computed.
    pub pdn: Option<Pdn>,
    /// Every rule in force and whether it was passed.
    pub checks: Vec<(Rule, bool)>,
    /// Every status with its moment.
    pub events: Vec<(AppStatus, DateTime<Utc>)>,
    /// Whether it still waits.
    pub waits: bool,
    /// Papers that were asked for.
    pub asked: Vec<PaperAsked>,
    /// The person's pictures of papers, for whom the roles show them.
    pub papers: Vec<UploadView>,
    /// The person's income and its papers, for whoever may write down what they prove.
    pub income: Option<IncomeCase>,
}

/// What a specialist says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Yes: an offer is made.
    Approve,
    /// No.
    Refuse,
}

const COLUMNS: &str = "application.id, application.borrower, application.product, amount, term, \
    application.status, pdn, rules, checks, updated_at";

/// What waits for a specialist, the oldest first.
pub async fn queue(cab: &Cabinet, by: &Staff) -> Result<Vec<Case>> {
    by.must(Action::ReadApplications)?;
    let statement = format!(
        "SELECT {COLUMNS} FROM application WHERE status = 'specialist' ORDER BY updated_at, id LIMIT $1"
    );
    let rows = sql::all(cab.db().read(), &statement, vec![PAGE.into()]).await?;
    rows.iter().map(|row| of(cab, row)).collect()
}

fn of(cab: &Cabinet, row: &QueryResult) -> Result<Case> {
    let text = |column: &str| sql::get::<String>(row, column);
    let product = text("product")?;
    let since = moment(sql::get(row, "updated_at")?)?;
    let rules: Option<String> = sql::get(row, "rules")?;
    let title = cab
        .lender()
        .product(&product)
        .map_or(product, |product| product.title.ru.clone());
    Ok(Case {
        application: text("id")?.parse().map_err(CabinetError::internal)?,
        borrower: text("borrower")?.parse().map_err(CabinetError::internal)?,
        product_title: title,
        amount: Kopecks::new(sql::get(row, "amount")?),
        term: u32::try_from(sql::get::<i64>(row, "term")?).map_err(CabinetError::internal)?,
        since,
        late: (cab.now() - since).num_hours() >= LATE_HOURS,
        rules: rules.as_deref().map(read).transpose()?.unwrap_or_default(),
    })
}

/// One case. The look is written down.
pub async fn case(cab: &Cabinet, by: &Staff, application: ApplicationId) -> Result<CaseView> {
    by.must(Action::ReadApplications)?;
    let statement = format!("SELECT {COLUMNS} FROM application WHERE id = $1");
    let row = sql::one(cab.db().read(), &statement, vec![application.into()])
        .await?
        .ok_or(CabinetError::NotFound)?;
    let case = of(cab, &row)?;
    let deed = Deed::new(Action::ReadApplications, application).about(case.borrower);
    by.note(cab, deed).await?;
    let income = if by.may(Action::ProveIncome) {
        Some(income_case(cab, case.borrower).await?)
    } else {
        None
    };
    let stored = |column: &str| sql::get::<Option<String>>(&row, column);
    Ok(CaseView {
        pdn: stored("pdn")?.as_deref().map(read).transpose()?,
        checks: stored("checks")?
            .as_deref()
            .map(read)
            .transpose()?
            .unwrap_or_default(),
        events: application::events_of(cab.db().read(), &application.to_string()).await?,
        waits: sql::get::<String>(&row, "status")? == "specialist",
        asked: application::papers_asked(cab, application).await?,
        papers: if roles::sight(&by.roles, Field::Passport) < Sight::OnReason {
            Vec::new()
        } else {
            upload::list(cab, Owner::Borrower(case.borrower)).await?
        },
        income,
        case,
    })
}

/// The word on a case, with its reason; the borrower hears of it by the same commit.
///
/// # Errors
/// `Fields`: `reason` says nothing; `Conflict("specialist_only")` when it waits no more; `NotFound`.
pub async fn resolve(
    cab: &Cabinet,
    by: &Staff,
    application: ApplicationId,
    word: Word,
    reason: &str,
) -> Result<()> {
    by.must(Action::DecideApplication)?;
    let reason = super::reason("reason", reason)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let approve = word == Word::Approve;
                let why = reason.clone();
                let borrower =
                    application::resolve_in(tx, &cabinet, by.id, application, (approve, reason))
                        .await?;
                let deed = Deed::new(Action::DecideApplication, application)
                    .about(borrower)
                    .because(&format!(
                        "{}: {why}",
                        if approve { "approve" } else { "refuse" }
                    ));
                audit::write(tx, &cabinet, Some(&by), deed).await
            })
        })
        .await
}

/// A picture of the person whose application it is, read for deciding on it. `NotFound` for anybody else's.
pub async fn case_picture(
    cab: &Cabinet,
    by: &Staff,
    application: ApplicationId,
    picture: UploadId,
) -> Result<Vec<u8>> {
    by.must(Action::ReadApplications)?;
    let statement = "SELECT borrower FROM application WHERE id = $1 AND status = 'specialist'";
    let row = sql::one(cab.db().read(), statement, vec![application.into()]).await?;
    let owner: String = sql::get(&row.ok_or(CabinetError::NotFound)?, "borrower")?;
    let owner = Owner::Borrower(owner.parse().map_err(CabinetError::internal)?);
    let papers = upload::list(cab, owner).await?;
    if !papers.iter().any(|paper| paper.id == picture) {
        return Err(CabinetError::NotFound);
    }
    let why = format!("application {application}");
    upload::read_by_staff(cab, by, &why, picture).await
}

/// Asks the borrower for a paper before deciding; they are told by the same commit and read the words.
///
/// # Errors
/// `Fields`: `what` says nothing; `Conflict("specialist_only")` when it waits no more; `NotFound`.
pub async fn ask_paper(
    cab: &Cabinet,
    by: &Staff,
    application: ApplicationId,
    what: &str,
) -> Result<()> {
    by.must(Action::DecideApplication)?;
    let what = super::reason("what", what)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let asked = application::ask_paper(tx, &cabinet, by.id, application, &what);
                let deed = Deed::new(Action::DecideApplication, application)
                    .about(asked.await?)
                    .because(&format!("ask: {what}"));
                audit::write(tx, &cabinet, Some(&by), deed).await
            })
        })
        .await
}
