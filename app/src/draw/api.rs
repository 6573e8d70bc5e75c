//! Server functions of draws.

use leptos::prelude::*;

use crate::error::ApiError;

/// Takes part in a draw. `rules` is the SHA-256 of the rules that the page showed.
#[server(prefix = "/api/v1", endpoint = "draw/join")]
pub async fn join_draw(draw: String, rules: String) -> Result<(), ApiError> {
    ssr::join(draw, rules).await
}

/// Takes part no more.
#[server(prefix = "/api/v1", endpoint = "draw/leave")]
pub async fn leave_draw(draw: String) -> Result<(), ApiError> {
    ssr::leave(draw).await
}

/// Answers a prize that was won: `word` is `take` or `decline`.
#[server(prefix = "/api/v1", endpoint = "draw/answer")]
pub async fn answer_prize(prize: String, word: String) -> Result<(), ApiError> {
    ssr::answer(prize, word).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::draw;

    use crate::error::{ApiError, Code};
    use crate::request::{Ask, go};

    pub async fn join(code: String, rules: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let joined = draw::join(&ask.cabinet, borrower, &code, &rules, &ask.origin).await;
        ask.settle(&form(&code), &[], joined).await?;
        back(&code);
        Ok(())
    }

    pub async fn leave(code: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let left = draw::leave(&ask.cabinet, borrower, &code, &ask.origin).await;
        ask.settle(&form(&code), &[], left).await?;
        back(&code);
        Ok(())
    }

    pub async fn answer(prize: String, word: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        // The word is a button's: only a broken client sends something else.
        let takes = match word.as_str() {
            "take" => true,
            "decline" => false,
            _ => return Err(ApiError::new(Code::BadRequest, "word")),
        };
        let answered = draw::answer(&ask.cabinet, borrower, &prize, takes).await;
        ask.settle(&form(""), &[], answered).await?;
        go("/draws");
        Ok(())
    }

    fn form(code: &str) -> String {
        // Of a name that no draw can have nothing is kept apart.
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let code = Some(code).filter(|code| code.len() <= 40 && code.chars().all(plain));
        format!("draw:{}", code.unwrap_or_default())
    }

    /// To the page, where the draw begins; a code that went through is one of a file.
    fn back(code: &str) {
        go(&format!("/draws#{code}"));
    }
}
