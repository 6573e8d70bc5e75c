//! The debt burden of an application that waits, when what counts as the income changes.

use lending::Pdn;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::loan::stored::{json, read};
use crate::profile;

/// Counts anew, with the income that counts now, the burden of a borrower's application that waits for a specialist:
/// the word is theirs, but the burden that is shown, warned of and reported is that of the day. What is decided stays as
/// it was decided.
pub(crate) async fn recount(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    let find = format!(
        "SELECT id, pdn FROM application WHERE borrower = $1 AND status = 'specialist' AND pdn IS NOT NULL{}",
        sql::for_update(tx)
    );
    let Some(row) = sql::one(tx, &find, vec![borrower.into()]).await? else {
        return Ok(());
    };
    let (id, known): (String, String) = (sql::get(&row, "id")?, sql::get(&row, "pdn")?);
    let known: Pdn = read(&known)?;
    let today = cab.today();
    let words = profile::income_words(cab, tx, borrower).await?;
    let proved = profile::income_holding(&words, today).map(|proof| proof.amount);
    let (said, region) = profile::income_said(cab, tx, borrower).await?;
    let counted = lending::counted_income(said, proved, &region, today);
    let now = json(&Pdn::of(known.payments, counted, today))?;
    let update = "UPDATE application SET pdn = $1 WHERE id = $2";
    sql::execute(tx, update, vec![now.into(), id.into()]).await?;
    Ok(())
}
