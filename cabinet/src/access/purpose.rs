//! What codes are for, and which message carries them.

use crate::error::{CabinetError, Result};

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in.
    SignIn,
    /// Signing a contract.
    Contract,
    /// Signing an agreement on prolongation.
    Prolongation,
}

impl Purpose {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Contract => "contract",
            Self::Prolongation => "prolongation",
        }
    }

    /// Which daily number of a phone's codes it counts in. Anybody who knows a number can ask for codes to come
    /// in; those must not use up the codes that its owner, who is inside, signs with.
    pub(super) const fn counter(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Contract | Self::Prolongation => "signing",
        }
    }

    pub(super) fn from_code(code: &str) -> Result<Self> {
        [Self::SignIn, Self::Contract, Self::Prolongation]
            .into_iter()
            .find(|purpose| purpose.code() == code)
            .ok_or_else(|| CabinetError::internal("an unknown purpose of a code"))
    }

    /// The message with a code of this purpose.
    pub(super) const fn text_key(self, reason: Option<Reason>) -> &'static str {
        match (self, reason) {
            (Self::Contract, _) => "cabinet-access-sms-contract",
            (Self::Prolongation, _) => "cabinet-access-sms-prolongation",
            (Self::SignIn, Some(Reason::Restore)) => "cabinet-access-sms-restore",
            (Self::SignIn, Some(Reason::Register)) => "cabinet-access-sms-register",
            (Self::SignIn, Some(Reason::NewPhone)) => "cabinet-access-sms-new-phone",
            (Self::SignIn, Some(Reason::Confirm)) => "cabinet-access-sms-confirm",
            (Self::SignIn, _) => "cabinet-access-sms-sign-in",
        }
    }
}

/// Why a code of [`Purpose::SignIn`] was asked for; the code's object holds it. All of them share a
/// phone's daily number of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Signing in by the code.
    SignIn,
    /// The password was right, the device is new.
    Device,
    /// The password is forgotten.
    Restore,
    /// Registration with a password.
    Register,
    /// Somebody signed in long ago is about to change something that matters.
    Confirm,
    /// A number that is to take the place of another.
    NewPhone,
    /// A linked account elsewhere has answered for the person, the device is new.
    Account,
    /// An account elsewhere that nobody has linked yet: its person confirms the phone.
    Identity,
}

impl Reason {
    pub(super) const fn object(self) -> &'static str {
        match self {
            Self::SignIn => "",
            Self::Device => "device",
            Self::Restore => "restore",
            Self::Register => "register",
            Self::Confirm => "confirm",
            Self::NewPhone => "new_phone",
            Self::Account => "account",
            Self::Identity => "identity",
        }
    }

    pub(super) fn of(purpose: Purpose, object: &str) -> Option<Self> {
        let all = [
            Self::SignIn,
            Self::Device,
            Self::Restore,
            Self::Register,
            Self::Confirm,
            Self::NewPhone,
            Self::Account,
            Self::Identity,
        ];
        all.into_iter()
            .find(|reason| purpose == Purpose::SignIn && reason.object() == object)
    }
}
