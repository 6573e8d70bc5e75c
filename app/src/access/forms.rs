//! The forms of signing in.

use super::api::{
    AskConfirmation, Confirm, ConfirmEmail, EndOthers, EndSession, Prove, Register, RequestCode,
    ResendCode, Restore, SetPassword, SignIn, UseLink, VerifyCode,
};
use super::ways_api::{
    IdentityAdd, IdentityLink, IdentityPhone, IdentityStart, PasskeyRename, RemoveWay,
};
use crate::form_island;

form_island!(
    /// The phone.
    PhoneForm,
    RequestCode
);
form_island!(
    /// The code from the SMS.
    CodeForm,
    VerifyCode
);
form_island!(
    /// «Send a new code».
    ResendForm,
    ResendCode
);
form_island!(
    /// A phone or an e-mail address, and the password.
    PasswordForm,
    SignIn
);
form_island!(
    /// Registering with a password.
    RegisterForm,
    Register
);
form_island!(
    /// A forgotten password.
    RestoreForm,
    Restore
);
form_island!(
    /// The second proof.
    ProofForm,
    Prove
);
form_island!(
    /// A new password.
    NewPasswordForm,
    SetPassword
);
form_island!(
    /// A new password by a link.
    LinkForm,
    UseLink
);
form_island!(
    /// The link that confirms an address.
    EmailForm,
    ConfirmEmail
);
form_island!(
    /// Ending one sign-in.
    EndForm,
    EndSession
);
form_island!(
    /// Ending every other sign-in.
    EndOthersForm,
    EndOthers
);
form_island!(
    /// «Send a code that confirms it is me».
    AskConfirmationForm,
    AskConfirmation
);
form_island!(
    /// The code or the password that confirms.
    ConfirmForm,
    Confirm
);
form_island!(
    /// «Sign in by an account elsewhere».
    IdentityStartForm,
    IdentityStart
);
form_island!(
    /// «Link an account elsewhere».
    IdentityAddForm,
    IdentityAdd
);
form_island!(
    /// The phone beside an account that nobody has linked yet.
    IdentityPhoneForm,
    IdentityPhone
);
form_island!(
    /// Whether the account is linked.
    IdentityLinkForm,
    IdentityLink
);
form_island!(
    /// Unlinking an account, removing a passkey.
    RemoveWayForm,
    RemoveWay
);
form_island!(
    /// A passkey's other name.
    PasskeyRenameForm,
    PasskeyRename
);
