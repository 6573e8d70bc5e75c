//! Another phone number: asking, finding whose it is, the change itself.

use locales::Lang;
use serde_json::json;

use super::{
    Body, COLUMNS, HOUR_MS, Kind, NewRequest, Request, State, birth_text, end, insert,
    lock_borrower, locked, note, tell, tell_owner, under_way,
};
use crate::access::{self, CodeSent, Origin, Solved};
use crate::db::{Tx, sql};
use crate::diary::{Change, Entry, Role};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, CodeId, RequestId, StaffId};
use crate::values::{PassportNumber, Phone};
use crate::{Cabinet, diary, moment, outbox, person, profile};

/// What somebody types who can't sign in any more.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The number that is gone.
    pub old_phone: &'a str,
    /// The number that is theirs now.
    pub new_phone: &'a str,
    /// Series and number of the passport.
    pub passport: &'a str,
    /// The birth date.
    pub birth_date: &'a str,
}

/// Asks for another number from outside: a code goes to the new one. Whoever the old number belongs to,
/// if to anybody, the work and the answer are the same. Refuses with `Fields` of all four, with
/// `Forbidden("challenge")` and with `TooMany` like any code.
pub async fn ask(
    cab: &Cabinet,
    asked: Asked<'_>,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<CodeSent> {
    let (body, phone) = typed(&asked)?;
    let sent = access::send_to_new_phone(cab, phone.clone(), origin, lang, solved).await?;
    keep(cab, None, sent.code, &phone, body, lang).await?;
    Ok(sent)
}

fn typed(asked: &Asked<'_>) -> Result<(Body, Phone)> {
    let missing = |text: &str| text.trim().is_empty();
    let old = Phone::parse(asked.old_phone);
    let new = Phone::parse(asked.new_phone);
    let passport = PassportNumber::parse(asked.passport);
    let birth = birth_text(asked.birth_date);
    let code = |empty: bool, wrong: &'static str| if empty { "required" } else { wrong };
    let mut wrong: Vec<FieldError> = [
        (
            "old_phone",
            old.is_none(),
            code(missing(asked.old_phone), "phone"),
        ),
        (
            "phone",
            new.is_none(),
            code(missing(asked.new_phone), "phone"),
        ),
        (
            "passport",
            passport.is_none(),
            code(missing(asked.passport), "passport_number"),
        ),
        (
            "birth_date",
            birth.is_none(),
            code(missing(asked.birth_date), "date"),
        ),
    ]
    .into_iter()
    .filter(|(_, bad, _)| *bad)
    .map(|(field, _, code)| FieldError::new(field, code))
    .collect();
    if old.is_some() && old == new {
        wrong.push(FieldError::new("phone", "phone_same"));
    }
    match (old, new, passport, birth) {
        (Some(old), Some(new), Some(passport), Some(birth)) if wrong.is_empty() => {
            let body = Body {
                old_phone: old.digits().to_owned(),
                new_phone: new.digits().to_owned(),
                passport: passport.digits().to_owned(),
                birth,
                ..Body::default()
            };
            Ok((body, new))
        }
        _ => Err(CabinetError::Fields(wrong)),
    }
}

/// Asks for another number from inside. The caller has seen that it is them, lately. Refuses with
/// `Fields("phone")`: `required`, `phone`, `phone_same`; `Conflict("request_open")`; like any code.
pub async fn ask_own(
    cab: &Cabinet,
    borrower: BorrowerId,
    new_phone: &str,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<CodeSent> {
    let conn = cab.db().read();
    if new_phone.trim().is_empty() {
        return Err(CabinetError::field("phone", "required"));
    }
    let phone = Phone::parse(new_phone).ok_or(CabinetError::field("phone", "phone"))?;
    let own = access::contact(cab, conn, borrower).await?.phone;
    if own == phone {
        return Err(CabinetError::field("phone", "phone_same"));
    }
    if under_way(conn, borrower, Kind::Phone).await? {
        return Err(CabinetError::Conflict("request_open"));
    }
    let body = Body {
        old_phone: own.digits().to_owned(),
        new_phone: phone.digits().to_owned(),
        ..Body::default()
    };
    let sent = access::send_to_new_phone(cab, phone.clone(), origin, lang, solved).await?;
    keep(cab, Some(borrower), sent.code, &phone, body, lang).await?;
    Ok(sent)
}

async fn keep(
    cab: &Cabinet,
    borrower: Option<BorrowerId>,
    code: CodeId,
    phone: &Phone,
    body: Body,
    lang: Lang,
) -> Result<()> {
    let (cabinet, index) = (cab.clone(), cab.keys().blind_index("phone", phone.digits()));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let new = NewRequest {
                    kind: Kind::Phone,
                    state: State::Typed,
                    borrower,
                    code: Some(code.to_string()),
                    new_phone_index: &index,
                    body: &body,
                    lang,
                };
                insert(tx, &cabinet, new).await.map(drop)
            })
        })
        .await
}

/// A fresh code takes the place of the old one.
pub(crate) async fn move_to(tx: &Tx, from: CodeId, to: CodeId) -> Result<()> {
    let statement = "UPDATE change_request SET code = $1 WHERE code = $2 AND state = 'typed'";
    sql::execute(tx, statement, vec![to.into(), from.into()])
        .await
        .map(drop)
}

/// Whether a person may change the number alone, where the lender's file allows it: they have a way in that
/// a stolen number does not open.
pub async fn can_alone(cab: &Cabinet, borrower: BorrowerId) -> Result<bool> {
    let allowed = cab.lender().help.phone_change.self_service;
    Ok(allowed && access::has_strong_way(cab.db().read(), cab, borrower).await?)
}

/// The code of the new number was right: the request begins.
pub(crate) async fn confirmed(tx: &Tx, cab: &Cabinet, code: CodeId) -> Result<RequestId> {
    let statement =
        format!("SELECT {COLUMNS} FROM change_request WHERE code = $1 AND state = 'typed'");
    let row = sql::one(tx, &statement, vec![code.into()])
        .await?
        .ok_or(CabinetError::NotFound)?;
    let request = Request::from_row(cab, &row)?;
    if let Some(borrower) = request.borrower {
        begin_own(tx, cab, &request, borrower).await?;
        return Ok(request.id);
    }
    if let Some(same) = same_number(tx, cab, &request).await? {
        return Ok(same);
    }
    come_to(tx, request.id, State::Open).await?;
    // Whose it is is found later, so that the answer takes as long whoever it is.
    outbox::push(tx, cab, "phone_request", &request.id.to_string(), json!({})).await?;
    Ok(request.id)
}

/// Asked once more from the same new number: the request under way is the answer.
async fn same_number(tx: &Tx, cab: &Cabinet, request: &Request) -> Result<Option<RequestId>> {
    let index = cab.keys().blind_index("phone", &request.body.new_phone);
    let statement = format!(
        "SELECT {COLUMNS} FROM change_request WHERE new_phone_index = $1 \
         AND state IN ('open', 'checked') ORDER BY at DESC LIMIT 1"
    );
    let row = sql::one(tx, &statement, vec![index.into()]).await?;
    let Some(earlier) = row.map(|row| Request::from_row(cab, &row)).transpose()? else {
        return Ok(None);
    };
    // Other papers make another request: a mistyped number must be possible to correct.
    let body = |it: &Request| {
        let body = &it.body;
        (
            body.old_phone.clone(),
            body.passport.clone(),
            body.birth.clone(),
        )
    };
    Ok((body(&earlier) == body(request)).then_some(earlier.id))
}

async fn come_to(tx: &Tx, id: RequestId, state: State) -> Result<()> {
    let statement = "UPDATE change_request SET state = $1 WHERE id = $2";
    sql::execute(tx, statement, vec![state.code().into(), id.into()])
        .await
        .map(drop)
}

async fn begin_own(tx: &Tx, cab: &Cabinet, request: &Request, borrower: BorrowerId) -> Result<()> {
    lock_borrower(tx, borrower).await?;
    if under_way(tx, borrower, Kind::Phone).await? {
        return Err(CabinetError::Conflict("request_open"));
    }
    let rules = &cab.lender().help.phone_change;
    let alone = rules.self_service && access::has_strong_way(tx, cab, borrower).await?;
    if alone {
        wait_until(tx, cab, request.id, waits(cab, cab.now_ms())).await?;
        // The waiting is the safety: nothing that leaves the cabinet may happen in it.
        person::put_hold(
            tx,
            borrower,
            Some(crate::lender::help::Meanwhile::ReadAndPay),
        )
        .await?;
    } else {
        come_to(tx, request.id, State::Open).await?;
        person::put_hold(tx, borrower, Some(rules.meanwhile)).await?;
    }
    tell_owner(tx, cab, request, if alone { "waiting" } else { "asked" }).await?;
    note(tx, cab, request, Role::Own, "asked", "").await
}

/// When a change happens whose owner was told of it at a moment.
fn waits(cab: &Cabinet, told: i64) -> i64 {
    told + i64::from(cab.lender().help.phone_change.wait_hours) * HOUR_MS
}

/// It happens by itself at a moment, unless it is called off.
async fn wait_until(tx: &Tx, cab: &Cabinet, id: RequestId, due: i64) -> Result<()> {
    let statement = "UPDATE change_request SET state = 'waiting', due_at = $1 WHERE id = $2";
    sql::execute(tx, statement, vec![due.into(), id.into()]).await?;
    let push = outbox::Push {
        kind: "phone_change",
        ref_id: &id.to_string(),
        payload: json!({}),
        due_at: Some(moment(due)?),
        not_after: None,
    };
    outbox::push_at(tx, cab, push).await
}

/// Two of the staff have agreed. The old number knows of the change since the first of them had compared the
/// evidence at the latest; what is left of the waiting time passes first, and both numbers are told so.
pub(super) async fn agreed(
    tx: &Tx,
    cab: &Cabinet,
    request: &mut Request,
    by: StaffId,
) -> Result<()> {
    let borrower = request.borrower.ok_or(CabinetError::NotFound)?;
    let new = request.new_phone()?;
    let role = Role::Staff(by);
    let due = waits(cab, request.first_at.unwrap_or_else(|| cab.now_ms()));
    if due <= cab.now_ms() {
        return apply(tx, cab, request, role).await;
    }
    may_take(tx, cab, borrower, &new).await?;
    wait_until(tx, cab, request.id, due).await?;
    request.due_at = Some(due);
    tell_owner(tx, cab, request, "waiting").await?;
    tell(tx, cab, request, (&new, request.lang), "agreed").await?;
    note(tx, cab, request, role, "agreed", "").await
}

/// Finds the person behind a request from outside: all three of number, passport and birth date must be
/// those of one cabinet. Otherwise the staff look for them. Called by the worker.
pub(crate) async fn find(cab: &Cabinet, id: RequestId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut request = locked(tx, &cabinet, id).await?;
                if request.state != State::Open || request.borrower.is_some() {
                    return Ok(());
                }
                let Some(borrower) = matching(tx, &cabinet, &request).await? else {
                    return Ok(());
                };
                attach(tx, &mut request, borrower).await?;
                let meanwhile = cabinet.lender().help.phone_change.meanwhile;
                person::put_hold(tx, borrower, Some(meanwhile)).await?;
                tell_owner(tx, &cabinet, &request, "asked").await?;
                note(tx, &cabinet, &request, Role::Own, "asked", "").await
            })
        })
        .await
}

/// Names the person of a request. `Conflict("request_open")` when they have another one under way.
pub(super) async fn attach(tx: &Tx, request: &mut Request, borrower: BorrowerId) -> Result<()> {
    lock_borrower(tx, borrower).await?;
    if under_way(tx, borrower, request.kind).await? {
        return Err(CabinetError::Conflict("request_open"));
    }
    let statement = "UPDATE change_request SET borrower = $1 WHERE id = $2";
    sql::execute(tx, statement, vec![borrower.into(), request.id.into()]).await?;
    request.borrower = Some(borrower);
    Ok(())
}

async fn matching(tx: &Tx, cab: &Cabinet, request: &Request) -> Result<Option<BorrowerId>> {
    let index = cab.keys().blind_index("phone", &request.body.old_phone);
    let statement = "SELECT id FROM borrower WHERE phone_index = $1";
    let Some(row) = sql::one(tx, statement, vec![index.into()]).await? else {
        return Ok(None);
    };
    let id: String = sql::get(&row, "id")?;
    let borrower: BorrowerId = id.parse().map_err(CabinetError::internal)?;
    let answers = profile::answers_in(cab, tx, borrower).await?;
    let text = |field: &str| answers.get(field).map_or("", String::as_str);
    let passport = PassportNumber::parse(text("passport")).map(|it| it.digits().to_owned());
    let same = passport.as_ref() == Some(&request.body.passport)
        && birth_text(text("birth_date")).as_ref() == Some(&request.body.birth)
        && !under_way(tx, borrower, Kind::Phone).await?;
    Ok(same.then_some(borrower))
}

/// The waiting time is over: the change happens, unless it was called off. Called by the worker.
pub(crate) async fn complete(cab: &Cabinet, id: RequestId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let request = locked(tx, &cabinet, id).await?;
                let due = request.due_at.is_some_and(|due| due <= cabinet.now_ms());
                if request.state != State::Waiting || !due {
                    return Ok(());
                }
                match apply(tx, &cabinet, &request, Role::Program).await {
                    // The number became somebody's meanwhile: people have to look.
                    Err(CabinetError::Conflict("phone_taken")) => {
                        come_to(tx, id, State::Open).await
                    }
                    done => done,
                }
            })
        })
        .await
}

/// The change itself: the number, every sign-in's end, both numbers told. `Conflict("phone_taken")` when
/// the new number has a cabinet with a history of its own.
pub(super) async fn apply(tx: &Tx, cab: &Cabinet, request: &Request, role: Role) -> Result<()> {
    let borrower = request.borrower.ok_or(CabinetError::NotFound)?;
    let new = request.new_phone()?;
    let old = access::contact(cab, tx, borrower).await?;
    free_number(tx, cab, borrower, &new).await?;
    let id = borrower.to_string();
    sql::execute(
        tx,
        "UPDATE borrower SET phone = $1, phone_index = $2 WHERE id = $3",
        vec![
            cab.keys()
                .encrypt("borrower", "phone", &id, new.digits())?
                .into(),
            cab.keys().blind_index("phone", new.digits()).into(),
            id.into(),
        ],
    )
    .await?;
    access::end_all(tx, cab, borrower).await?;
    end(tx, cab, request, State::Done).await?;
    tell(tx, cab, request, (&old.phone, old.lang), "done-old").await?;
    tell(tx, cab, request, (&new, old.lang), "done-new").await?;
    let change = Change {
        before: old.phone.masked(),
        after: new.masked(),
    };
    let entry = Entry {
        fields: [("phone".to_owned(), change)].into(),
        ..Entry::new(role, "phone_done")
    };
    diary::write(tx, cab, borrower, entry).await
}

/// The blank cabinet that would have to give the number up, if any. `Conflict("phone_taken")` when the one there has a
/// history.
async fn may_take(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    phone: &Phone,
) -> Result<Option<BorrowerId>> {
    let index = cab.keys().blind_index("phone", phone.digits());
    let statement = "SELECT id FROM borrower WHERE phone_index = $1";
    let Some(row) = sql::one(tx, statement, vec![index.into()]).await? else {
        return Ok(None);
    };
    let other: String = sql::get(&row, "id")?;
    let other: BorrowerId = other.parse().map_err(CabinetError::internal)?;
    if other == borrower {
        return Ok(None);
    }
    if !person::is_blank(tx, other).await? {
        return Err(CabinetError::Conflict("phone_taken"));
    }
    Ok(Some(other))
}

/// A cabinet made only to ask for this gives the number up; one with a history keeps it.
async fn free_number(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, phone: &Phone) -> Result<()> {
    let Some(other) = may_take(tx, cab, borrower, phone).await? else {
        return Ok(());
    };
    access::end_all(tx, cab, other).await?;
    sql::execute(
        tx,
        "UPDATE borrower SET phone_index = $1, closed_at = $2 WHERE id = $3",
        vec![
            format!("given-up:{other}").into(),
            cab.now_ms().into(),
            other.into(),
        ],
    )
    .await?;
    for table in ["person_claim", "person_double"] {
        let statement = format!("DELETE FROM {table} WHERE borrower = $1");
        sql::execute(tx, &statement, vec![other.into()]).await?;
    }
    Ok(())
}
