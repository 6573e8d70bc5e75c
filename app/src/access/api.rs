//! Server functions of getting in, proving oneself and leaving.

// The arguments of a server function are the fields of its form.
#![allow(clippy::too_many_arguments)]

use leptos::prelude::*;

use crate::error::ApiError;

/// Sends a one-time code to the phone. The answer is the same for a known and an unknown number.
#[server(prefix = "/api/v1", endpoint = "access/request-code")]
pub async fn request_code(
    phone: String,
    next: Option<String>,
    challenge: Option<String>,
    proof: Option<String>,
    answer: Option<String>,
) -> Result<(), ApiError> {
    ssr::request_code(phone, next, ssr::solved(challenge, proof, answer)).await
}

/// Sends a new code in place of the last one.
#[server(prefix = "/api/v1", endpoint = "access/resend-code")]
pub async fn resend_code() -> Result<(), ApiError> {
    ssr::resend_code().await
}

/// Checks the code and signs in; a phone seen for the first time becomes a borrower.
#[server(prefix = "/api/v1", endpoint = "access/verify-code")]
pub async fn verify_code(code: String) -> Result<(), ApiError> {
    ssr::verify_code(code).await
}

/// Signs in by a phone or an e-mail address, as the lender's file says, and a password.
#[server(prefix = "/api/v1", endpoint = "access/sign-in")]
pub async fn sign_in(
    phone: Option<String>,
    email: Option<String>,
    password: Option<String>,
    next: Option<String>,
    challenge: Option<String>,
    proof: Option<String>,
    answer: Option<String>,
) -> Result<(), ApiError> {
    let login = [phone, email].map(Option::unwrap_or_default);
    let solved = ssr::solved(challenge, proof, answer);
    ssr::sign_in(login, password.unwrap_or_default(), next, solved).await
}

/// Registers with a password; a code follows. The answer is the same for a number in use.
#[server(prefix = "/api/v1", endpoint = "access/register")]
pub async fn register(
    phone: Option<String>,
    email: Option<String>,
    password: Option<String>,
    repeat: Option<String>,
    consent: Option<String>,
    last_name: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    birth_date: Option<String>,
    sex: Option<String>,
    passport: Option<String>,
    came_by: Option<String>,
    next: Option<String>,
    challenge: Option<String>,
    proof: Option<String>,
    answer: Option<String>,
) -> Result<(), ApiError> {
    let typed = [phone, email, password, repeat, consent, came_by].map(Option::unwrap_or_default);
    let person = [
        ("last_name", last_name),
        ("first_name", first_name),
        ("middle_name", middle_name),
        ("birth_date", birth_date),
        ("sex", sex),
        ("passport", passport),
    ];
    ssr::register(typed, person, next, ssr::solved(challenge, proof, answer)).await
}

/// Begins restoring a password: a code to a phone, a letter to an address.
#[server(prefix = "/api/v1", endpoint = "access/restore")]
pub async fn restore(
    login: Option<String>,
    challenge: Option<String>,
    proof: Option<String>,
    answer: Option<String>,
) -> Result<(), ApiError> {
    ssr::restore(
        login.unwrap_or_default(),
        ssr::solved(challenge, proof, answer),
    )
    .await
}

/// Gives the second proof that a device never seen before owes.
#[server(prefix = "/api/v1", endpoint = "access/prove")]
pub async fn prove(
    password: Option<String>,
    tail: Option<String>,
    next: Option<String>,
) -> Result<(), ApiError> {
    ssr::prove(password, tail.unwrap_or_default(), next).await
}

/// Sets a new password; the present one is asked for unless it has to be changed anyway.
#[server(prefix = "/api/v1", endpoint = "access/set-password")]
pub async fn set_password(
    current: Option<String>,
    password: Option<String>,
    repeat: Option<String>,
    next: Option<String>,
) -> Result<(), ApiError> {
    let typed = [current, password, repeat].map(Option::unwrap_or_default);
    ssr::set_password(typed, next).await
}

/// Sets a new password by the link of a letter.
#[server(prefix = "/api/v1", endpoint = "access/use-link")]
pub async fn use_link(
    token: Option<String>,
    tail: Option<String>,
    password: Option<String>,
    repeat: Option<String>,
) -> Result<(), ApiError> {
    ssr::use_link([token, tail, password, repeat].map(Option::unwrap_or_default)).await
}

/// Confirms an e-mail address by the link of a letter.
#[server(prefix = "/api/v1", endpoint = "access/confirm-email")]
pub async fn confirm_email(token: Option<String>) -> Result<(), ApiError> {
    ssr::confirm_email(token.unwrap_or_default()).await
}

/// Sends the code that confirms somebody signed in for long.
#[server(prefix = "/api/v1", endpoint = "access/ask-confirmation")]
pub async fn ask_confirmation(next: Option<String>) -> Result<(), ApiError> {
    ssr::ask_confirmation(next).await
}

/// Confirms by that code, or by the password.
#[server(prefix = "/api/v1", endpoint = "access/confirm")]
pub async fn confirm(
    code: Option<String>,
    password: Option<String>,
    next: Option<String>,
) -> Result<(), ApiError> {
    ssr::confirm(code.unwrap_or_default(), password, next).await
}

/// Ends a sign-in on another device.
#[server(prefix = "/api/v1", endpoint = "access/end-session")]
pub async fn end_session(session: String) -> Result<(), ApiError> {
    ssr::end_session(session).await
}

/// Ends every sign-in but this one.
#[server(prefix = "/api/v1", endpoint = "access/end-others")]
pub async fn end_others() -> Result<(), ApiError> {
    ssr::end_others().await
}

/// Ends the session.
#[server(prefix = "/api/v1", endpoint = "access/sign-out")]
pub async fn sign_out() -> Result<(), ApiError> {
    ssr::sign_out().await
}

#[cfg(feature = "ssr")]
pub(super) use ssr::{await_code, come_in};

#[cfg(feature = "ssr")]
mod ssr {
    use axum::http::{HeaderName, HeaderValue};
    use cabinet::CabinetError;
    use cabinet::access::{self, Begun, CodeSent, Proof, Registration, Solved, Verified};
    use cabinet::ids::{BorrowerId, SignInId};
    use cabinet::profile;
    use leptos::prelude::*;

    use crate::bonus::invite;
    use crate::error::ApiError;
    use crate::profile::pages::{asked_amount, step_page};
    pub use crate::request::solved;
    use crate::request::{Ask, go, id};
    use crate::ui::toast::say;

    pub async fn request_code(
        phone: String,
        next: Option<String>,
        solved: Solved,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let lang = ask.words.lang;
        let sent = access::request_code(&ask.cabinet, &phone, &ask.origin, lang, &solved).await;
        let sent = ask
            .settle_challenged("phone", &[("phone", &phone)], sent)
            .await?;
        await_code(&mut ask, &sent, next).await
    }

    /// A code is on its way: to the page that asks for it.
    pub async fn await_code(
        ask: &mut Ask,
        sent: &CodeSent,
        next: Option<String>,
    ) -> Result<(), ApiError> {
        ask.remember(|who| {
            who.code = Some(sent.code);
            who.next = next.or(who.next.take());
        })
        .await?;
        // What was wrong with an earlier code says nothing about this one.
        ask.settle("code", &[], Ok(())).await?;
        go("/login/code");
        Ok(())
    }

    pub async fn resend_code() -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let code = ask.who().and_then(|who| who.code);
        let sent = match code {
            Some(code) => access::resend(&ask.cabinet, code, &ask.origin, ask.words.lang).await,
            None => Err(CabinetError::NotFound),
        };
        let sent = ask.settle("code", &[], sent).await?;
        ask.remember(|who| who.code = Some(sent.code)).await?;
        go("/login/code");
        Ok(())
    }

    pub async fn verify_code(code: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let sent = ask.who().and_then(|who| who.code);
        let verified = match sent {
            Some(sent) => access::verify(&ask.cabinet, sent, &code, &ask.origin).await,
            None => Err(CabinetError::NotFound),
        };
        // What was typed is not kept: a code is a secret.
        let verified = ask.settle("code", &[], verified).await?;
        let page = match verified {
            Verified::In(entered) => return come_in(&mut ask, entered).await,
            Verified::InUse => "/register/in-use",
            Verified::NoCabinet => "/password/no-cabinet",
            Verified::PersonExists => "/register/exists",
            Verified::Requested(request) => {
                ask.remember(|who| who.request = Some(request)).await?;
                "/phone-change/status"
            }
        };
        ask.remember(|who| who.code = None).await?;
        go(page);
        Ok(())
    }

    /// Somebody is in: on to where they were going.
    pub async fn come_in(ask: &mut Ask, entered: access::Entered) -> Result<(), ApiError> {
        let next = ask.who().and_then(|who| who.next.clone());
        let (borrower, fresh) = (entered.borrower, entered.fresh);
        ask.sign_in(entered).await?;
        ask.remember(|who| who.next = None).await?;
        if fresh && next.is_none() {
            // Where registering comes first, its questionnaire is what is next.
            let first = registration(ask, borrower).await;
            go(first.as_deref().unwrap_or("/cabinet"));
            return Ok(());
        }
        // What is still owed is asked for by the page itself, which comes back here.
        go(next.as_deref().unwrap_or("/cabinet"));
        Ok(())
    }

    async fn registration(ask: &Ask, borrower: BorrowerId) -> Option<String> {
        let amount = asked_amount(ask, borrower).await.ok()??;
        let view = profile::load(&ask.cabinet, borrower, amount).await.ok()?;
        view.next.map(step_page)
    }

    pub async fn sign_in(
        [phone, email]: [String; 2],
        password: String,
        next: Option<String>,
        solved: Solved,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let (cabinet, origin) = (&ask.cabinet, &ask.origin);
        let login = if email.is_empty() { &phone } else { &email };
        let lang = ask.words.lang;
        let begun = access::by_password(cabinet, login, &password, origin, lang, &solved).await;
        let typed = [("phone", phone.as_str()), ("email", email.as_str())];
        match ask.settle_challenged("password", &typed, begun).await? {
            Begun::Code(sent) => await_code(&mut ask, &sent, next).await,
            Begun::In(entered) => {
                ask.remember(|who| who.next = next.or(who.next.take()))
                    .await?;
                come_in(&mut ask, entered).await
            }
        }
    }

    pub async fn register(
        typed: [String; 6],
        person: [(&'static str, Option<String>); 6],
        next: Option<String>,
        solved: Solved,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let [phone, email, password, repeat, consent, came_by] = &typed;
        let answers = person
            .into_iter()
            .map(|(field, text)| (field.to_owned(), text.unwrap_or_default()))
            .collect();
        let registration = Registration {
            phone,
            email,
            password,
            repeat,
            consent: !consent.is_empty(),
            answers: &answers,
        };
        // Looked at first: a code by SMS is not sent for a form that has to be corrected.
        let (origin, lang) = (&ask.origin, ask.words.lang);
        let sent = match brought_by(&ask, came_by).await {
            Ok(brought) => access::register(&ask.cabinet, registration, origin, lang, &solved)
                .await
                .map(|sent| (sent, brought)),
            Err(error) => Err(error),
        };
        let mut kept = vec![
            (invite::FIELD, came_by.as_str()),
            ("phone", phone.as_str()),
            ("email", email),
            ("consent", consent),
        ];
        kept.extend(
            answers
                .iter()
                .map(|(field, text)| (field.as_str(), text.as_str())),
        );
        let (sent, brought) = ask.settle_challenged("register", &kept, sent).await?;
        if let Some(brought) = brought {
            brought.keep();
        }
        await_code(&mut ask, &sent, next).await
    }

    /// What is kept of a code that was typed; an error of one that is nobody's.
    async fn brought_by(ask: &Ask, typed: &str) -> cabinet::Result<Option<invite::Kept>> {
        let code = invite::tidy(typed);
        if code.is_empty() {
            return Ok(None);
        }
        let found = invite::brought_by(ask, &code).await?;
        let unknown = || CabinetError::field(invite::FIELD, "invite_unknown");
        found.ok_or_else(unknown).map(Some)
    }

    pub async fn restore(login: String, solved: Solved) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let (origin, lang) = (&ask.origin, ask.words.lang);
        let sent = access::restore(&ask.cabinet, &login, origin, lang, &solved).await;
        let typed = [("login", login.as_str())];
        if let Some(sent) = ask.settle_challenged("restore", &typed, sent).await? {
            return await_code(&mut ask, &sent, Some("/cabinet".to_owned())).await;
        }
        go("/password/sent");
        Ok(())
    }

    pub async fn prove(
        password: Option<String>,
        tail: String,
        next: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let (borrower, sign_in) = ask.member()?;
        let proof = match &password {
            Some(password) => Proof::Password(password),
            None => Proof::Tail(&tail),
        };
        let proved = access::prove(&ask.cabinet, borrower, sign_in, proof).await;
        ask.settle("proof", &[], proved).await?;
        go(next.as_deref().unwrap_or("/cabinet"));
        Ok(())
    }

    pub async fn set_password(typed: [String; 3], next: Option<String>) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let (borrower, sign_in) = ask.member()?;
        if ask.standing() == access::Standing::NeedsProof {
            ask.borrower()?;
        }
        let [current, password, repeat] = &typed;
        let (cab, who) = (&ask.cabinet, borrower);
        let set = access::set_password(cab, who, sign_in, current, password, repeat).await;
        ask.settle("new-password", &[], set).await?;
        ask.confirm().await?;
        go(next.as_deref().unwrap_or("/security"));
        Ok(())
    }

    pub async fn use_link(typed: [String; 4]) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let [token, tail, password, repeat] = &typed;
        let used = access::use_link(&ask.cabinet, token, tail, password, repeat).await;
        ask.settle("link", &[], used).await?;
        go("/login");
        Ok(())
    }

    pub async fn confirm_email(token: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let confirmed = access::confirm_email(&ask.cabinet, &token).await;
        ask.settle("email", &[], confirmed).await?;
        go("/email/confirmed");
        Ok(())
    }

    pub async fn ask_confirmation(next: Option<String>) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let sent = access::ask_confirmation(&ask.cabinet, borrower, ask.words.lang).await;
        let sent = ask.settle("confirm", &[], sent).await?;
        ask.remember(|who| {
            who.code = Some(sent.code);
            who.next = next;
        })
        .await?;
        go("/confirm");
        Ok(())
    }

    pub async fn confirm(
        code: String,
        password: Option<String>,
        next: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let sent = ask.who().and_then(|who| who.code);
        let proof = match &password {
            Some(password) => Proof::Password(password),
            None => Proof::Tail(&code),
        };
        let confirmed = access::confirm(&ask.cabinet, borrower, sent, proof).await;
        ask.settle("confirm", &[], confirmed).await?;
        ask.confirm().await?;
        go(next.as_deref().unwrap_or("/cabinet"));
        Ok(())
    }

    pub async fn end_session(session: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let session: SignInId = id(&session).map_err(|error| ask.error(error))?;
        let ended = access::end_sign_in(&ask.cabinet, borrower, session).await;
        ask.settle("security", &[], ended).await?;
        go("/security");
        Ok(())
    }

    pub async fn end_others() -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let (_, own) = ask.member()?;
        let ended = access::end_others(&ask.cabinet, borrower, own).await;
        ask.settle("security", &[], ended).await?;
        go("/security");
        Ok(())
    }

    pub async fn sign_out() -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        ask.sign_out().await?;
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.insert_header(
                HeaderName::from_static("clear-site-data"),
                HeaderValue::from_static("\"cache\", \"storage\""),
            );
        }
        say("signed-out");
        go("/");
        Ok(())
    }
}
