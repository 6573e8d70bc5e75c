//! A reward for a friend that was refused and is paid all the same: one of the staff asks with a reason, another one
//! agrees. People of one household share a card or a device and are two people; one passport is one person, and
//! nobody's word changes that.

use super::friends::{both, rules};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::stored::id;
use crate::staff::audit::{self, Deed};
use crate::staff::{Action, Staff, another, reason};

/// A refused invitation, locked.
struct Locked {
    inviter: BorrowerId,
    asked_by: Option<String>,
}

/// Whether two people may still be behind a refusal.
pub fn may_be_two(refused: &str) -> bool {
    refused.strip_prefix("ring:").unwrap_or(refused) != "passport"
}

async fn locked(tx: &Tx, friend: BorrowerId) -> Result<Locked> {
    let statement = format!(
        "SELECT inviter, reason, asked_by FROM invitation WHERE friend = $1 AND state = 'refused'{}",
        sql::for_update(tx)
    );
    let row = sql::one(tx, &statement, vec![friend.into()]).await?;
    let row = row.ok_or(CabinetError::NotFound)?;
    let refused: Option<String> = sql::get(&row, "reason")?;
    if !refused.as_deref().is_some_and(may_be_two) {
        return Err(CabinetError::Conflict("reward_one_person"));
    }
    Ok(Locked {
        inviter: id(&sql::get::<String>(&row, "inviter")?)?,
        asked_by: sql::get(&row, "asked_by")?,
    })
}

/// Asks for a refused reward to be paid.
///
/// # Errors
/// `Forbidden("staff_role")`, `Fields("reason")`, `NotFound` of what was not refused, `Conflict`: `reward_one_person` of
/// a shared passport, `reward_waits` when it is asked for already.
pub async fn ask_anyway(cab: &Cabinet, by: &Staff, friend: BorrowerId, why: &str) -> Result<()> {
    by.must(Action::ManagePromotions)?;
    rules(cab)?;
    let why = reason("reason", why)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if locked(tx, friend).await?.asked_by.is_some() {
                    return Err(CabinetError::Conflict("reward_waits"));
                }
                let name = friend.to_string();
                let sealed = cabinet.keys().encrypt("invitation", "asked_why", &name, &why)?;
                let statement = "UPDATE invitation SET asked_by = $1, asked_why = $2, asked_at = $3 \
                                 WHERE friend = $4";
                let values = vec![
                    by.id.into(),
                    sealed.into(),
                    cabinet.now_ms().into(),
                    friend.into(),
                ];
                sql::execute(tx, statement, values).await?;
                let deed = Deed::new(Action::ManagePromotions, friend).about(friend);
                audit::write(tx, &cabinet, Some(&by), deed.because(&why)).await
            })
        })
        .await
}

/// The second person's word: both get their bonuses, or it stays refused and can be asked for anew.
///
/// # Errors
/// `Forbidden("staff_role")`, `Forbidden("second_person")` for whoever asked, `NotFound` when nothing waits.
pub async fn decide_anyway(
    cab: &Cabinet,
    by: &Staff,
    friend: BorrowerId,
    approve: bool,
) -> Result<()> {
    by.must(Action::ApproveMoney)?;
    rules(cab)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let asked = locked(tx, friend).await?;
                let first = asked.asked_by.ok_or(CabinetError::NotFound)?;
                another(&by, &first)?;
                let word = if approve { "approved" } else { "refused" };
                let deed = Deed::new(Action::ApproveMoney, friend).about(friend);
                audit::write(tx, &cabinet, Some(&by), deed.because(word)).await?;
                if !approve {
                    let statement = "UPDATE invitation SET asked_by = NULL, asked_why = NULL, \
                                     asked_at = NULL WHERE friend = $1";
                    return sql::execute(tx, statement, vec![friend.into()])
                        .await
                        .map(drop);
                }
                let statement = "UPDATE invitation SET state = 'rewarded', reason = NULL, agreed_by = $1, \
                                 decided_at = $2 WHERE friend = $3";
                let values = vec![by.id.into(), cabinet.now_ms().into(), friend.into()];
                sql::execute(tx, statement, values).await?;
                for who in [asked.inviter, friend] {
                    let entry = Entry::new(Role::Staff(by.id), "friend_reward");
                    diary::write(tx, &cabinet, who, entry).await?;
                }
                both(tx, &cabinet, asked.inviter, friend).await
            })
        })
        .await
}
