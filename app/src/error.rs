//! The one wire error of the server functions: a stable code for programs, a text for people, and nothing internal.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// What went wrong, in words a program can rely on. Codes are only ever added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 400: the request can't be read.
    BadRequest,
    /// 401: nobody is signed in.
    Unauthenticated,
    /// 403: signed in, not allowed.
    Forbidden,
    /// 404: no such thing, or somebody else's.
    NotFound,
    /// 409: the state of things doesn't allow it now.
    Conflict,
    /// 422: fields to correct.
    Fields,
    /// 429: too often.
    TooMany,
    /// 503: a neighbour doesn't answer; try later.
    Unavailable,
    /// 500: our fault.
    Internal,
}

/// One field to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldText {
    /// The form field's name.
    pub field: String,
    /// What to do, in the person's language.
    pub text: String,
}

/// The error every server function answers with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// The stable code.
    pub code: Code,
    /// A stable reason within the code, such as `loan_open`.
    #[serde(default)]
    pub reason: String,
    /// What happened and what to do, in the person's language.
    #[serde(default)]
    pub text: String,
    /// For [`Code::Fields`].
    #[serde(default)]
    pub fields: Vec<FieldText>,
    /// For [`Code::TooMany`], seconds.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

impl ApiError {
    /// An error with only a code; the text is filled where the language is known.
    pub fn new(code: Code, reason: &str) -> Self {
        Self {
            code,
            reason: reason.to_owned(),
            text: String::new(),
            fields: Vec::new(),
            retry_after: None,
        }
    }

    /// The HTTP status of the code.
    pub const fn status(&self) -> u16 {
        match self.code {
            Code::BadRequest => 400,
            Code::Unauthenticated => 401,
            Code::Forbidden => 403,
            Code::NotFound => 404,
            Code::Conflict => 409,
            Code::Fields => 422,
            Code::TooMany => 429,
            Code::Unavailable => 503,
            Code::Internal => 500,
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        // The library's text may quote the request or our code: only its kind goes on.
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => {
                Self::new(Code::BadRequest, "unreadable")
            }
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => {
                Self::new(Code::Unavailable, "connection")
            }
            _ => Self::new(Code::Internal, "internal"),
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.text.is_empty() {
            &self.reason
        } else {
            &self.text
        })
    }
}
