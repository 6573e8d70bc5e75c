//! What is kept of somebody about draws, for them to take along.

use chrono::{DateTime, Utc};

use super::Terms;
use crate::db::sql;
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::loan::stored::read;
use crate::{Cabinet, moment};

/// A line of what is kept of somebody about draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The draw's code.
    pub draw: String,
    /// `joined`, `left`: a word; `ticket`; `prize`; `barred`: a mark that the cabinet is of one of the lender's people.
    pub kind: &'static str,
    /// Of a word the SHA-256 of the rules, of a ticket its name, of a prize the ticket, its state and where it waits, of a
    /// mark the reason.
    pub value: String,
    /// When; none of a ticket.
    pub at: Option<DateTime<Utc>>,
    /// The network address of a word.
    pub address: Option<String>,
}

/// Everything that is kept of a borrower about draws.
pub async fn records(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Record>> {
    let db = cab.db().read();
    let mut records = words(cab, borrower).await?;
    let statement =
        "SELECT draw, ticket FROM draw_ticket WHERE borrower = $1 ORDER BY draw, ticket";
    for row in sql::all(db, statement, vec![borrower.into()]).await? {
        records.push(Record {
            draw: sql::get(&row, "draw")?,
            kind: "ticket",
            value: sql::get(&row, "ticket")?,
            at: None,
            address: None,
        });
    }
    let statement = "SELECT d.terms, p.id, p.draw, p.prize, p.ticket, p.state, p.won_at, p.place FROM draw_prize p \
                     JOIN draw d ON d.code = p.draw WHERE p.borrower = $1 ORDER BY p.won_at, p.seq";
    for row in sql::all(db, statement, vec![borrower.into()]).await? {
        let terms: Terms = read(&sql::get::<String>(&row, "terms")?)?;
        let prize = usize::try_from(sql::get::<i64>(&row, "prize")?).unwrap_or_default();
        let title = terms.prizes.get(prize).map_or("", |prize| &prize.ru);
        let (ticket, state) = (
            sql::get::<String>(&row, "ticket")?,
            sql::get::<String>(&row, "state")?,
        );
        let place = match sql::get::<Option<String>>(&row, "place")? {
            Some(sealed) => {
                let id: String = sql::get(&row, "id")?;
                let place = cab.keys().decrypt("draw_prize", "place", &id, &sealed)?;
                format!("; {place}")
            }
            None => String::new(),
        };
        records.push(Record {
            draw: sql::get(&row, "draw")?,
            kind: "prize",
            value: format!("{title}; {ticket}; {state}{place}"),
            at: Some(moment(sql::get(&row, "won_at")?)?),
            address: None,
        });
    }
    let statement = "SELECT reason, at FROM draw_barred WHERE borrower = $1";
    for row in sql::all(db, statement, vec![borrower.into()]).await? {
        let (key, sealed) = (borrower.to_string(), sql::get::<String>(&row, "reason")?);
        records.push(Record {
            draw: String::new(),
            kind: "barred",
            value: cab.keys().decrypt("draw_barred", "reason", &key, &sealed)?,
            at: Some(moment(sql::get(&row, "at")?)?),
            address: None,
        });
    }
    Ok(records)
}

async fn words(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Record>> {
    let statement = "SELECT id, draw, given, text_hash, at, address FROM draw_part \
                     WHERE borrower = $1 ORDER BY at, draw, number";
    let rows = sql::all(cab.db().read(), statement, vec![borrower.into()]).await?;
    rows.iter()
        .map(|row| {
            let (id, address) = (
                sql::get::<String>(row, "id")?,
                sql::get::<String>(row, "address")?,
            );
            let given = sql::get::<i64>(row, "given")? == 1;
            Ok(Record {
                draw: sql::get(row, "draw")?,
                kind: if given { "joined" } else { "left" },
                value: sql::get(row, "text_hash")?,
                at: Some(moment(sql::get(row, "at")?)?),
                address: Some(cab.keys().decrypt("draw_part", "address", &id, &address)?),
            })
        })
        .collect()
}
