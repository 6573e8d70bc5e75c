//! Signing in by phone.

use std::net::IpAddr;

use sea_orm::DatabaseTransaction;

use super::codes::{NewCode, Purpose, Try, create, phone_index, read, take_try, typed_digits};
use super::{CodeSent, Origin};
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, CodeId};
use crate::values::Phone;
use crate::{Cabinet, Lang, limits};

const HOUR_SECONDS: u64 = 3600;
/// Guesses one network address may make in an hour; families and offices share addresses.
const GUESSES_PER_ADDRESS: u32 = 100;

/// Sends a code for signing in. Nothing here asks whether the phone is known: the work, the time
/// and the answer are the same. Refuses with `Fields("phone")` or `TooMany` (`code_resend`,
/// `code_phone_day`, `code_address_hour`, `code_total_hour`).
pub async fn request_code(
    cab: &Cabinet,
    phone_text: &str,
    origin: &Origin,
    lang: Lang,
) -> Result<CodeSent> {
    let phone = match (phone_text.trim(), Phone::parse(phone_text)) {
        ("", _) => return Err(CabinetError::field("phone", "required")),
        (_, None) => return Err(CabinetError::field("phone", "phone")),
        (_, Some(phone)) => phone,
    };
    let (cabinet, address) = (cab.clone(), address_index(cab, origin));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                budgets(tx, &cabinet, &address).await?;
                let new = NewCode {
                    borrower: None,
                    phone: &phone,
                    purpose: Purpose::SignIn,
                    object: "",
                    object_hash: "",
                    lang,
                };
                create(tx, &cabinet, new).await
            })
        })
        .await
}

/// Sends a fresh code for the same thing; the old one stops working. Tries are fresh too, but the
/// daily number of codes bounds them all.
pub async fn resend(cab: &Cabinet, code: CodeId, origin: &Origin, lang: Lang) -> Result<CodeSent> {
    let (cabinet, address) = (cab.clone(), address_index(cab, origin));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let old = read(tx, code).await?.ok_or(CabinetError::NotFound)?;
                if old.is_used() {
                    return Err(CabinetError::Conflict("code_used"));
                }
                budgets(tx, &cabinet, &address).await?;
                let phone = old.phone(&cabinet)?;
                let new = NewCode {
                    borrower: old.borrower,
                    phone: &phone,
                    purpose: old.purpose,
                    object: &old.object,
                    object_hash: &old.object_hash,
                    lang,
                };
                create(tx, &cabinet, new).await
            })
        })
        .await
}

/// Tries the digits of a sign-in code. The first success of a phone makes its cabinet. Refuses with
/// `Fields("code")`: `code_format`, `code_wrong` (with `left`), `code_expired`, `code_used_up`.
pub async fn verify(
    cab: &Cabinet,
    code: CodeId,
    typed: &str,
    origin: &Origin,
) -> Result<BorrowerId> {
    let digits = typed_digits(typed)?;
    let (cabinet, address) = (cab.clone(), address_index(cab, origin));
    let tried = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let row = read(tx, code)
                    .await?
                    .filter(|row| row.purpose == Purpose::SignIn)
                    .ok_or(CabinetError::NotFound)?;
                let max = GUESSES_PER_ADDRESS;
                limits::hit(tx, &cabinet, "code_guesses", &address, HOUR_SECONDS, max).await?;
                match take_try(tx, &cabinet, &row, &digits).await? {
                    // Committed, so that the try stays taken.
                    Try::Wrong(error) => Ok(Err(error)),
                    Try::Right => {
                        spend(tx, &cabinet, code).await?;
                        enter(tx, &cabinet, &row.phone(&cabinet)?, row.lang)
                            .await
                            .map(Ok)
                    }
                }
            })
        })
        .await?;
    tried.map_err(|error| CabinetError::Fields(vec![error]))
}

async fn spend(tx: &DatabaseTransaction, cab: &Cabinet, code: CodeId) -> Result<()> {
    let statement = "UPDATE code SET used_at = $1 WHERE id = $2 AND used_at IS NULL";
    let spent = sql::execute(tx, statement, vec![cab.now_ms().into(), code.into()]).await?;
    if spent == 1 {
        Ok(())
    } else {
        Err(CabinetError::field("code", "code_used_up"))
    }
}

/// The borrower of a phone, made when there is none.
async fn enter(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    phone: &Phone,
    lang: Lang,
) -> Result<BorrowerId> {
    let (id, index) = (cab.fresh_id().to_string(), phone_index(cab, phone));
    let sealed = cab
        .keys()
        .encrypt("borrower", "phone", &id, phone.digits())?;
    sql::execute(
        tx,
        "INSERT INTO borrower (id, phone, phone_index, lang, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (phone_index) DO NOTHING",
        vec![
            id.into(),
            sealed.into(),
            index.clone().into(),
            lang.code().into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    let row = sql::one(
        tx,
        "SELECT id FROM borrower WHERE phone_index = $1",
        vec![index.into()],
    )
    .await?
    .ok_or_else(|| CabinetError::internal("a borrower vanished"))?;
    sql::get::<String>(&row, "id")?
        .parse()
        .map_err(CabinetError::internal)
}

/// What bounds an attack that asks for codes: one address, and everybody together.
async fn budgets(tx: &DatabaseTransaction, cab: &Cabinet, address: &str) -> Result<()> {
    let access = &cab.lender().access;
    let (one, all) = (access.codes_per_address_hour, access.codes_total_hour);
    limits::hit(tx, cab, "code_address_hour", address, HOUR_SECONDS, one).await?;
    limits::hit(tx, cab, "code_total_hour", "all", HOUR_SECONDS, all).await
}

fn address_index(cab: &Cabinet, origin: &Origin) -> String {
    cab.keys().blind_index("address", &network(&origin.ip))
}

/// An IPv6 subscriber owns a whole /64, so the budget belongs to the network, not to the address.
fn network(ip: &str) -> String {
    let Ok(IpAddr::V6(address)) = ip.parse::<IpAddr>() else {
        return ip.to_owned();
    };
    if let Some(v4) = address.to_ipv4_mapped() {
        return v4.to_string();
    }
    let [a, b, c, d, ..] = address.segments();
    format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_share_a_budget() {
        assert_eq!(
            network("2a00:1450:4010:c05::71"),
            network("2a00:1450:4010:c05:1::2")
        );
        assert_ne!(
            network("2a00:1450:4010:c05::71"),
            network("2a00:1450:4010:c06::71")
        );
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
    }
}
