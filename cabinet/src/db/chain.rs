//! The end of the journal's chain, kept by the writer between the use cases of one commit: it is
//! read once and written once for all of them, for nobody else writes meanwhile.

use std::cell::{Cell, RefCell};
use std::future::Future;

use sea_orm::ConnectionTrait;

use super::{Tx, sql};
use crate::error::{CabinetError, Result};

/// Number and hash of the last entry.
pub(crate) type End = (i64, String);

tokio::task_local! {
    /// Present while the writer runs the use cases of one commit; none until the first asks.
    static END: RefCell<Option<End>>;
    /// Whether it is to be written before the commit.
    static MOVED: Cell<bool>;
}

/// Runs the use cases of one commit with the end of the chain in memory.
pub(super) async fn shared<T>(group: impl Future<Output = T>) -> T {
    let group = MOVED.scope(Cell::new(false), group);
    END.scope(RefCell::new(None), group).await
}

/// The end as it is before a use case, to go back to when that is undone.
pub(super) fn before() -> Option<End> {
    END.try_with(|end| end.borrow().clone()).ok().flatten()
}

/// A use case is undone.
pub(super) fn back(to: Option<End>) {
    let _ = END.try_with(|end| *end.borrow_mut() = to);
}

/// Writes the end down, once for the whole commit.
pub(super) async fn write(tx: &Tx) -> Result<()> {
    let moved = MOVED.try_with(Cell::get).unwrap_or_default();
    match before() {
        Some((seq, hash)) if moved => {
            let statement = "UPDATE chain_head SET seq = $1, hash = $2 WHERE id = 1";
            let values = vec![seq.into(), hash.into()];
            sql::execute(tx, statement, values).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// The end of the chain of a SQLite database.
///
/// Errors: `Internal` when the journal has no head.
pub(crate) async fn end(tx: &impl ConnectionTrait) -> Result<End> {
    if let Some(known) = before() {
        return Ok(known);
    }
    let head = "SELECT seq, hash FROM chain_head WHERE id = 1";
    let head = sql::one(tx, head, vec![])
        .await?
        .ok_or_else(|| CabinetError::internal("the journal has no head"))?;
    Ok((sql::get(&head, "seq")?, sql::get(&head, "hash")?))
}

/// Moves the end by one entry: in memory under the writer, in its row elsewhere.
///
/// Errors: `Internal` when somebody else has moved it.
pub(crate) async fn forward(tx: &impl ConnectionTrait, to: End) -> Result<()> {
    let kept = END.try_with(|end| *end.borrow_mut() = Some(to.clone()));
    if kept.is_ok() {
        let _ = MOVED.try_with(|moved| moved.set(true));
        return Ok(());
    }
    let (seq, hash) = to;
    let moved = "UPDATE chain_head SET seq = $1, hash = $2 WHERE id = 1 AND seq = $3";
    let moved = sql::execute(tx, moved, vec![seq.into(), hash.into(), (seq - 1).into()]).await?;
    if moved == 1 {
        Ok(())
    } else {
        Err(CabinetError::internal("the journal's head moved"))
    }
}
