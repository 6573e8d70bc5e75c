//! Server functions of notices: reading them, and choosing what to hear of.

use leptos::prelude::*;

use crate::error::ApiError;

/// Everything up to a moment has been read; unix milliseconds, as the page was drawn.
#[server(prefix = "/api/v1", endpoint = "notice/read")]
pub async fn read_notices(upto: Option<String>) -> Result<(), ApiError> {
    ssr::read(&upto.unwrap_or_default()).await
}

/// Which events are told where (`sms.due_3`), and when nothing rings.
#[server(prefix = "/api/v1", endpoint = "profile/notices")]
pub async fn choose_notices(
    on: Option<Vec<String>>,
    quiet_from: Option<String>,
    quiet_until: Option<String>,
    quiet_answers: Option<String>,
) -> Result<(), ApiError> {
    let hours = [quiet_from, quiet_until].map(Option::unwrap_or_default);
    ssr::choose(on.unwrap_or_default(), hours, quiet_answers.is_some()).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::notice::{self, Choices, Quiet};
    use chrono::DateTime;

    use crate::error::ApiError;
    use crate::request::{Ask, go};
    use crate::ui::toast::say;

    pub async fn read(upto: &str) -> Result<(), ApiError> {
        let ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let upto = upto.parse().ok().and_then(DateTime::from_timestamp_millis);
        // A page without a moment has shown nothing.
        let upto = upto.unwrap_or_default();
        notice::read(&ask.cabinet, borrower, upto)
            .await
            .map_err(|error| ask.error(error))?;
        go("/notices");
        Ok(())
    }

    pub async fn choose(
        on: Vec<String>,
        [from, until]: [String; 2],
        answers: bool,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let chosen =
            Quiet::read(&from, &until, answers).and_then(|quiet| Choices::of_form(&on, quiet));
        let kept = match chosen {
            Ok(choices) => notice::choose(&ask.cabinet, borrower, choices).await,
            Err(refusal) => Err(refusal),
        };
        let all = on.join(" ");
        let mut typed = vec![
            ("on", all.as_str()),
            ("quiet_from", &from),
            ("quiet_until", &until),
        ];
        if answers {
            typed.push(("quiet_answers", "yes"));
        }
        ask.settle("notices", &typed, kept).await?;
        say("saved");
        go("/notices");
        Ok(())
    }
}
