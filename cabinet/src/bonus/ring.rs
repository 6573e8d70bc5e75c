//! Whether two cabinets are one person, or people who hold one purse: the same passport, taxpayer number, device, card,
//! account, wallet or phone, also through other cabinets. A chain of accounts where only neighbours share something is found as well.

use std::collections::{BTreeMap, VecDeque};

use sea_orm::ConnectionTrait;

use crate::db::sql;
use crate::error::Result;

/// So many cabinets are looked at: a device of a shop counter would otherwise lead through everybody.
const MOST: usize = 60;

/// What two cabinets share, with the statement that finds the others of one.
const LINKS: [(&str, &str); 5] = [
    (
        "passport",
        "SELECT other.borrower FROM person_index own JOIN person_index other \
         ON other.kind = own.kind AND other.value_index = own.value_index WHERE own.borrower = $1 \
         UNION SELECT other.borrower FROM person_claim own JOIN person_claim other \
         ON other.kind = own.kind AND other.value_index = own.value_index WHERE own.borrower = $1",
    ),
    (
        "device",
        "SELECT other.borrower FROM device own JOIN device other \
         ON other.device_index = own.device_index WHERE own.borrower = $1",
    ),
    (
        "card",
        "SELECT other.borrower FROM instrument own JOIN instrument other \
         ON other.first6 = own.first6 AND other.last4 = own.last4 \
         AND COALESCE(other.expiry, '') = COALESCE(own.expiry, '') \
         WHERE own.borrower = $1 AND own.last4 IS NOT NULL",
    ),
    (
        "purse",
        "SELECT other.borrower FROM instrument own JOIN purse mine ON mine.instrument = own.id \
         JOIN purse same ON same.value_index = mine.value_index \
         JOIN instrument other ON other.id = same.instrument WHERE own.borrower = $1",
    ),
    (
        "phone",
        "WITH held AS (SELECT id AS borrower, phone_index FROM borrower \
         UNION SELECT borrower, phone_index FROM invitation_code \
         UNION SELECT friend, phone_index FROM invitation \
         UNION SELECT borrower, new_phone_index FROM change_request \
         WHERE borrower IS NOT NULL AND kind = 'phone' AND state = 'done') \
         SELECT other.borrower FROM held own JOIN held other \
         ON other.phone_index = own.phone_index WHERE own.borrower = $1",
    ),
];

/// What joins two cabinets, as a stable code: `passport`, `device`, `card`, `purse`, `phone`, with `ring:` before it when other
/// cabinets stand between them; nothing when nothing does.
pub(super) async fn joined(
    conn: &impl ConnectionTrait,
    one: &str,
    two: &str,
) -> Result<Option<String>> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::from([(one.to_owned(), 0)]);
    let mut next = VecDeque::from([one.to_owned()]);
    while let Some(here) = next.pop_front() {
        let steps = seen.get(&here).copied().unwrap_or_default();
        for (what, statement) in LINKS {
            for row in sql::all(conn, statement, vec![here.clone().into()]).await? {
                let other: String = sql::get(&row, "borrower")?;
                if other == two {
                    let far = if steps > 0 { "ring:" } else { "" };
                    return Ok(Some(format!("{far}{what}")));
                }
                if seen.len() < MOST && !seen.contains_key(&other) {
                    seen.insert(other.clone(), steps + 1);
                    next.push_back(other);
                }
            }
        }
    }
    Ok(None)
}
