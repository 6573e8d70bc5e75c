//! Every change of the ways in is told to the phone and to the confirmed address.

use locales::{Arg, Words};

use super::ways;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::{Cabinet, outbox};

/// What has changed.
#[derive(Clone, Copy)]
pub(super) enum Change<'a> {
    PasskeyAdded,
    PasskeyRemoved,
    PasskeyCopied,
    IdentityLinked(&'a str),
    IdentityUnlinked(&'a str),
    PasswordRemoved,
    EmailRemoved,
    EmailChanged,
}

impl Change<'_> {
    const fn key(self) -> &'static str {
        match self {
            Self::PasskeyAdded => "cabinet-access-sms-passkey-added",
            Self::PasskeyRemoved => "cabinet-access-sms-passkey-removed",
            Self::PasskeyCopied => "cabinet-access-sms-passkey-copied",
            Self::IdentityLinked(_) => "cabinet-access-sms-identity-linked",
            Self::IdentityUnlinked(_) => "cabinet-access-sms-identity-unlinked",
            Self::PasswordRemoved => "cabinet-access-sms-password-removed",
            Self::EmailRemoved => "cabinet-access-sms-email-removed",
            Self::EmailChanged => "cabinet-access-sms-email-changed",
        }
    }

    const fn provider(&self) -> &str {
        match self {
            Self::IdentityLinked(provider) | Self::IdentityUnlinked(provider) => provider,
            _ => "",
        }
    }
}

/// Tells the owner, by the same commit; of an address, while the old one still stands.
pub(super) async fn tell(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    change: Change<'_>,
) -> Result<()> {
    let contact = super::contact(cab, tx, borrower).await?;
    let (words, lender) = (Words::new(contact.lang), cab.lender());
    let provider = change.provider();
    let name = lender.access.identity_of(provider);
    let name = name.map_or(provider, |identity| identity.name.of(contact.lang));
    let args = [
        ("lender", Arg::from(&lender.name)),
        ("hotline", Arg::from(&lender.hotline)),
        ("provider", Arg::from(name)),
    ];
    let text = words.args(change.key(), &args);
    let id = cab.fresh_id().to_string();
    outbox::sms(tx, cab, &id, &contact.phone, &text, None).await?;
    if let Some(email) = ways::email(tx, cab, borrower).await? {
        let subject = words.args("cabinet-access-mail-ways-subject", &args);
        outbox::mail(tx, cab, &id, &email, &subject, &text).await?;
    }
    Ok(())
}
