//! Server functions of accounts elsewhere and of passkeys.

// The arguments of a server function are the fields of its form.
#![allow(clippy::too_many_arguments)]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// The first half of a passkey's ceremony, for the page's script.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// What the browser is asked, as JSON.
    pub options: String,
    /// Comes back with the answer.
    pub token: String,
}

/// Sends the browser to a provider, to sign in or to register.
#[server(prefix = "/api/v1", endpoint = "access/identity-start")]
pub async fn identity_start(
    provider: Option<String>,
    next: Option<String>,
) -> Result<(), ApiError> {
    ssr::identity_start(provider.unwrap_or_default(), next).await
}

/// Sends the browser to a provider, to link an account to the cabinet that is open.
#[server(prefix = "/api/v1", endpoint = "access/identity-add")]
pub async fn identity_add(provider: Option<String>) -> Result<(), ApiError> {
    ssr::identity_add(provider.unwrap_or_default()).await
}

/// Sends the code that confirms the phone beside an account that nobody has linked yet.
#[server(prefix = "/api/v1", endpoint = "access/identity-phone")]
pub async fn identity_phone(
    phone: Option<String>,
    consent: Option<String>,
    challenge: Option<String>,
    proof: Option<String>,
    answer: Option<String>,
) -> Result<(), ApiError> {
    let solved = ssr::solved(challenge, proof, answer);
    ssr::identity_phone(
        phone.unwrap_or_default(),
        consent.unwrap_or_default(),
        solved,
    )
    .await
}

/// Links the account that waits in this browser, or forgets it.
#[server(prefix = "/api/v1", endpoint = "access/identity-link")]
pub async fn identity_link(answer: Option<String>) -> Result<(), ApiError> {
    ssr::identity_link(answer.as_deref() == Some("yes")).await
}

/// Unlinks an account, removes a passkey.
#[server(prefix = "/api/v1", endpoint = "access/remove-way")]
pub async fn remove_way(way: Option<String>) -> Result<(), ApiError> {
    ssr::remove_way(way.unwrap_or_default()).await
}

/// Sends the link that confirms the e-mail address once more.
#[server(prefix = "/api/v1", endpoint = "access/email-again")]
pub async fn email_again(next: Option<String>) -> Result<(), ApiError> {
    ssr::email_again(next).await
}

/// Asks for a passkey: nothing is stored.
#[server(prefix = "/api/v1", endpoint = "access/passkey-asked")]
pub async fn passkey_asked() -> Result<Asked, ApiError> {
    ssr::passkey_asked().await
}

/// Begins adding a passkey.
#[server(prefix = "/api/v1", endpoint = "access/passkey-new")]
pub async fn passkey_new() -> Result<Asked, ApiError> {
    ssr::passkey_new().await
}

/// Adds the passkey that the browser has made.
#[server(prefix = "/api/v1", endpoint = "access/passkey-add")]
pub async fn passkey_add(
    token: Option<String>,
    credential: Option<String>,
    name: Option<String>,
) -> Result<(), ApiError> {
    ssr::passkey_add([token, credential, name].map(Option::unwrap_or_default)).await
}

/// Gives a passkey another name.
#[server(prefix = "/api/v1", endpoint = "access/passkey-rename")]
pub async fn passkey_rename(way: Option<String>, name: Option<String>) -> Result<(), ApiError> {
    ssr::passkey_rename(way.unwrap_or_default(), name.unwrap_or_default()).await
}

/// Signs in by a passkey.
#[server(prefix = "/api/v1", endpoint = "access/passkey-sign-in")]
pub async fn passkey_sign_in(
    token: Option<String>,
    credential: Option<String>,
    next: Option<String>,
) -> Result<(), ApiError> {
    ssr::passkey_sign_in([token, credential].map(Option::unwrap_or_default), next).await
}

/// Gives the second proof by a passkey.
#[server(prefix = "/api/v1", endpoint = "access/passkey-prove")]
pub async fn passkey_prove(
    token: Option<String>,
    credential: Option<String>,
    next: Option<String>,
) -> Result<(), ApiError> {
    ssr::passkey_prove([token, credential].map(Option::unwrap_or_default), next).await
}

/// Confirms by a passkey that it is still the same person.
#[server(prefix = "/api/v1", endpoint = "access/passkey-confirm")]
pub async fn passkey_confirm(
    token: Option<String>,
    credential: Option<String>,
    next: Option<String>,
) -> Result<(), ApiError> {
    ssr::passkey_confirm([token, credential].map(Option::unwrap_or_default), next).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::access::{self, Ceremony, Solved};
    use cabinet::ids::VisitorId;

    use super::Asked;
    use crate::access::api::{await_code, come_in};
    use crate::error::ApiError;
    pub use crate::request::solved;
    use crate::request::{Ask, go, go_outside};
    use crate::ui::toast::say;

    /// The visitor of this browser, made now for a new one.
    async fn visitor(ask: &mut Ask) -> Result<VisitorId, ApiError> {
        ask.remember(|_| {}).await?;
        let none = || ask.error(cabinet::CabinetError::Unavailable("session"));
        ask.who().map(|who| who.visitor).ok_or_else(none)
    }

    pub async fn identity_start(provider: String, next: Option<String>) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let visitor = visitor(&mut ask).await?;
        let (cab, origin) = (&ask.cabinet, &ask.origin);
        let started = access::identity_start(cab, &provider, visitor, None, origin).await;
        let url = ask.settle("identity", &[], started).await?;
        ask.remember(|who| who.next = next.or(who.next.take()))
            .await?;
        go_outside(&url);
        Ok(())
    }

    pub async fn identity_add(provider: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let visitor = visitor(&mut ask).await?;
        let (cab, origin) = (&ask.cabinet, &ask.origin);
        let started = access::identity_start(cab, &provider, visitor, Some(borrower), origin).await;
        let url = ask.settle("security", &[], started).await?;
        go_outside(&url);
        Ok(())
    }

    pub async fn identity_phone(
        phone: String,
        consent: String,
        solved: Solved,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let visitor = visitor(&mut ask).await?;
        let (origin, lang, typed) = (&ask.origin, ask.words.lang, (&*phone, !consent.is_empty()));
        let sent =
            access::identity_phone(&ask.cabinet, visitor, typed, origin, lang, &solved).await;
        let kept = [("phone", phone.as_str()), ("consent", consent.as_str())];
        let sent = ask.settle_challenged("identity-phone", &kept, sent).await?;
        await_code(&mut ask, &sent, Some("/identity/link".to_owned())).await
    }

    pub async fn identity_link(yes: bool) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let visitor = visitor(&mut ask).await?;
        let linked = if yes {
            access::identity_link(&ask.cabinet, borrower, visitor).await
        } else {
            access::identity_unsay(&ask.cabinet, visitor).await
        };
        ask.settle("identity-link", &[], linked).await?;
        if yes {
            say("identity-linked");
        }
        go("/cabinet");
        Ok(())
    }

    pub async fn remove_way(way: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let removed = access::remove_way(&ask.cabinet, borrower, &way).await;
        ask.settle("security", &[], removed).await?;
        go("/security");
        Ok(())
    }

    pub async fn email_again(next: Option<String>) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let sent = access::email_again(&ask.cabinet, borrower, ask.words.lang).await;
        ask.settle("email-again", &[], sent).await?;
        say("email-sent");
        go(next.as_deref().unwrap_or("/security"));
        Ok(())
    }

    fn asked(ceremony: Ceremony) -> Asked {
        Asked {
            options: ceremony.options,
            token: ceremony.token,
        }
    }

    pub async fn passkey_asked() -> Result<Asked, ApiError> {
        let ask = Ask::new()?;
        let ceremony = access::passkey_asked(&ask.cabinet);
        ceremony.map(asked).map_err(|error| ask.error(error))
    }

    pub async fn passkey_new() -> Result<Asked, ApiError> {
        let ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let ceremony = access::passkey_new(&ask.cabinet, borrower).await;
        ceremony.map(asked).map_err(|error| ask.error(error))
    }

    pub async fn passkey_add([token, credential, name]: [String; 3]) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let added = access::passkey_add(&ask.cabinet, borrower, &token, &credential, &name).await;
        ask.settle("passkey-add", &[("name", &name)], added).await?;
        say("passkey-added");
        go("/security");
        Ok(())
    }

    pub async fn passkey_rename(way: String, name: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let renamed = access::passkey_rename(&ask.cabinet, borrower, &way, &name).await;
        ask.settle("security", &[], renamed).await?;
        go("/security");
        Ok(())
    }

    pub async fn passkey_sign_in(
        [token, credential]: [String; 2],
        next: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let (cab, origin) = (&ask.cabinet, &ask.origin);
        let entered = access::passkey_sign_in(cab, &token, &credential, origin).await;
        let entered = ask.settle("passkey", &[], entered).await?;
        ask.remember(|who| who.next = next.or(who.next.take()))
            .await?;
        come_in(&mut ask, entered).await
    }

    pub async fn passkey_prove(
        [token, credential]: [String; 2],
        next: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let (who, origin) = (ask.member()?, &ask.origin);
        let proved = access::passkey_prove(&ask.cabinet, who, &token, &credential, origin).await;
        ask.settle("passkey", &[], proved).await?;
        go(next.as_deref().unwrap_or("/cabinet"));
        Ok(())
    }

    pub async fn passkey_confirm(
        [token, credential]: [String; 2],
        next: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let (borrower, origin) = (ask.borrower()?, &ask.origin);
        let cab = &ask.cabinet;
        let confirmed = access::passkey_confirm(cab, borrower, &token, &credential, origin).await;
        ask.settle("passkey", &[], confirmed).await?;
        ask.confirm().await?;
        go(next.as_deref().unwrap_or("/cabinet"));
        Ok(())
    }
}
