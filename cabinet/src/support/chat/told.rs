//! An answer that nobody has looked at becomes a notice, by the channels its borrower has chosen.

use super::{COLUMNS, Chat};
use crate::Cabinet;
use crate::db::sql;
use crate::error::Result;
use crate::notice::{self, Notice};

/// An answer that was not seen for so long is told: whoever sits at the page has seen it.
const AWAY_MS: i64 = 60_000;

/// Tells of answers that wait to be seen; answers how many chats. Each run of answers is told once, until its
/// borrower has looked.
pub async fn tell_unseen(cab: &Cabinet) -> Result<u32> {
    if cab.lender().help.chat.is_none() {
        return Ok(0);
    }
    let statement = format!(
        "SELECT {COLUMNS} FROM chat WHERE told <= seen AND last > seen AND answered_at < $1 \
         AND EXISTS (SELECT 1 FROM chat_line WHERE chat_line.chat = chat.id \
         AND chat_line.seq > chat.seen AND chat_line.author = 'staff') LIMIT 200"
    );
    let before = cab.now_ms() - AWAY_MS;
    let rows = sql::all(cab.db().read(), &statement, vec![before.into()]).await?;
    let mut told = 0;
    for row in rows {
        let chat = Chat::from_row(&row)?;
        told += u32::from(tell(cab, chat).await?);
    }
    Ok(told)
}

async fn tell(cab: &Cabinet, chat: Chat) -> Result<bool> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                // Another process may have been faster, or its borrower has come.
                let mark = "UPDATE chat SET told = last WHERE id = $1 AND told = $2 AND seen = $3";
                let values = vec![chat.id.into(), chat.told.into(), chat.seen.into()];
                if sql::execute(tx, mark, values).await? == 0 {
                    return Ok(false);
                }
                let word = Notice {
                    borrower: chat.borrower,
                    object: chat.id.to_string(),
                    kind: "chat_answered",
                    occasion: chat.last.to_string(),
                    args: Vec::new(),
                };
                notice::tell(tx, &cabinet, word).await?;
                Ok(true)
            })
        })
        .await
}
