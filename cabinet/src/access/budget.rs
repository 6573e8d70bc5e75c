//! What bounds those who ask for codes and those who guess, counted in the database.

use std::net::IpAddr;

use sea_orm::ConnectionTrait;

use super::challenge::{self, Answered};
use super::codes::phone_index;
use super::{Origin, device_index};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::values::Phone;
use crate::{Cabinet, limits};

const HOUR_SECONDS: u64 = 3600;
const DAY_SECONDS: u64 = 86_400;
/// Guesses one network address may make in an hour; families and offices share addresses.
const GUESSES_PER_ADDRESS: u32 = 100;
/// Wrong passwords of one account in a day; a device it trusts has a number of its own, so that a
/// stranger's guesses never lock the owner out.
pub const PASSWORD_FAILURES_A_DAY: u32 = 10;

/// Who asks, as far as limits care.
pub(super) struct Asker {
    /// The keyed hash of the network.
    pub(super) address: String,
    /// Whether the phone's owner has used this device before.
    pub(super) known: bool,
}

/// Looks the asker up: one question, whether the phone is known or not.
pub(super) async fn asker(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    phone: &Phone,
    origin: &Origin,
) -> Result<Asker> {
    let row = sql::one(
        conn,
        "SELECT d.trusted_at FROM device d JOIN borrower b ON b.id = d.borrower \
         WHERE d.device_index = $1 AND b.phone_index = $2 AND d.trusted_at IS NOT NULL",
        vec![
            device_index(cab, origin).into(),
            phone_index(cab, phone).into(),
        ],
    )
    .await?;
    Ok(Asker {
        address: address_index(cab, origin),
        known: row.is_some(),
    })
}

/// One more code: for an unknown device of the address, of the range of numbers and of everybody's
/// share. A known device costs only its phone's own number of codes, so that an attack never keeps
/// the owners out.
pub(super) async fn one_code(
    tx: &Tx,
    cab: &Cabinet,
    phone: &Phone,
    asker: &Asker,
    challenged: bool,
    answered: Option<&Answered>,
) -> Result<()> {
    if asker.known {
        return Ok(());
    }
    // Before the counters: a robot that is refused here uses up nobody's share.
    if challenged || answered.is_some() {
        challenge::spend(tx, answered).await?;
    }
    let (access, hour) = (&cab.lender().access, HOUR_SECONDS);
    let (one, all) = (access.codes_per_address_hour, access.codes_total_hour);
    limits::hit(tx, cab, "code_address_hour", &asker.address, hour, one).await?;
    let range = phone.digits().get(..9).unwrap_or_default();
    let range = cab.keys().blind_index("range", range);
    let many = access.codes_per_range_hour;
    limits::hit(tx, cab, "code_range_hour", &range, hour, many).await?;
    let sent = limits::hit(tx, cab, "code_total_hour", "all", hour, all).await?;
    metrics::counter!("kopeck_codes_total").increment(1);
    if sent == all.div_ceil(2) || sent == all {
        metrics::counter!("kopeck_codes_alarm_total").increment(1);
        tracing::error!(sent, all, "codes by SMS cost more than usual: an attack?");
    }
    Ok(())
}

/// Refuses a guess from an address or, on an unknown device, from anybody, when there were too many.
pub(super) async fn may_guess(tx: &Tx, cab: &Cabinet, asker: &Asker) -> Result<()> {
    let hour = HOUR_SECONDS;
    let max = GUESSES_PER_ADDRESS;
    limits::hit(tx, cab, "code_guesses", &asker.address, hour, max).await?;
    let all = cab.lender().access.failures_total_hour;
    let failed = limits::spent(tx, cab, "failures_total_hour", "all", hour).await?;
    if failed >= all && !asker.known {
        return Err(CabinetError::TooMany {
            code: "failures_total_hour",
            retry_after_seconds: hour,
        });
    }
    Ok(())
}

/// Counts a wrong guess; its transaction must commit.
pub(super) async fn failed(tx: &Tx, cab: &Cabinet, asker: &Asker) -> Result<()> {
    let (hour, most) = (HOUR_SECONDS, u32::MAX);
    metrics::counter!("kopeck_access_failures_total").increment(1);
    limits::hit(tx, cab, "failures_address", &asker.address, hour, most).await?;
    let all = limits::hit(tx, cab, "failures_total_hour", "all", hour, most).await?;
    if all == cab.lender().access.failures_total_hour {
        tracing::error!(all, "too many failures: unknown devices are not let in now");
    }
    Ok(())
}

/// Refuses, before anything costs, when an account has had its wrong passwords today, from this kind of device.
pub(super) async fn may_try_password(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    subject: &str,
) -> Result<()> {
    let failed = limits::spent(conn, cab, "password_day", subject, DAY_SECONDS).await?;
    if failed < PASSWORD_FAILURES_A_DAY {
        return Ok(());
    }
    Err(CabinetError::TooMany {
        code: "password_day",
        retry_after_seconds: DAY_SECONDS,
    })
}

/// Takes one of the day's tries of an account before a password is compared, and commits it: of a thousand sent at
/// once no more are compared than one after another would be. A right one gives its try back.
pub(super) async fn take_password_try(cab: &Cabinet, subject: &str) -> Result<()> {
    let (cabinet, subject) = (cab.clone(), subject.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (day, most) = (DAY_SECONDS, PASSWORD_FAILURES_A_DAY);
                limits::hit(tx, &cabinet, "password_day", &subject, day, most)
                    .await
                    .map(drop)
            })
        })
        .await
}

/// The password was right: its try is given back.
pub(super) async fn right_password(tx: &Tx, subject: &str) -> Result<()> {
    limits::give_back(tx, "password_day", subject).await
}

/// Counts a wrong password of an account; its transaction must commit.
pub(super) async fn wrong_password(tx: &Tx, cab: &Cabinet, account: &str) -> Result<()> {
    let (hour, most) = (HOUR_SECONDS, u32::MAX);
    limits::hit(tx, cab, "failures_account", account, hour, most)
        .await
        .map(drop)
}

/// The keyed hash of a network.
pub(super) fn address_index(cab: &Cabinet, origin: &Origin) -> String {
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
