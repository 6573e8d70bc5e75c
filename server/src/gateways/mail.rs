//! Letters by SMTP.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use cabinet::ports::{DeliveryError, Mail};
use cabinet::values::Email;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;

use super::http;
use super::settings::{GatewayError, Settings};

const TIMEOUT: Duration = Duration::from_secs(10);

/// The mail host.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// The mail host of these settings.
    pub fn new(settings: &Settings) -> Result<Self, GatewayError> {
        let wrong = |flag, problem: String| GatewayError::Wrong { flag, problem };
        // The address may carry a password, so it is not repeated in the error.
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp_url.expose_secret())
                .map_err(|error| {
                    let problem = format!("{error}; write smtps://user:password@host");
                    wrong("smtp-url", problem)
                })?
                .timeout(Some(TIMEOUT))
                .build();
        let from = settings
            .mail_from
            .parse()
            .map_err(|error| wrong("mail-from", format!("{error}; write Name <box@host>")))?;
        Ok(Self { transport, from })
    }

    async fn post(&self, to: &Email, subject: &str, text: &str) -> Result<(), DeliveryError> {
        let permanent = |error: &dyn std::fmt::Display| DeliveryError::Permanent(error.to_string());
        let address = to
            .as_str()
            .parse()
            .map_err(|_| permanent(&"no such address"))?;
        let letter = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned())
            .map_err(|error| permanent(&error))?;
        match self.transport.send(letter).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(permanent(&error)),
            Err(error) => Err(DeliveryError::Temporary(error.to_string())),
        }
    }
}

#[async_trait]
impl Mail for Smtp {
    async fn send(&self, to: &Email, subject: &str, text: &str) -> Result<(), DeliveryError> {
        let since = Instant::now();
        let sent = self.post(to, subject, text).await;
        http::measured("mail", "send", http::outcome(&sent), since);
        sent
    }
}
