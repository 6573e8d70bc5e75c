//! What a page of the staff knows about the request it answers.

use std::collections::BTreeMap;

use cabinet::ids::StaffId;
use cabinet::staff::{self, Half, Staff};
use cabinet::{Cabinet, CabinetError, Result};
use chrono::{DateTime, Utc};
use locales::Words;

use crate::request::AppContext;
use crate::ui::field::FormState;
use crate::ui::format;

/// Who sits at the desk: what the server read from the cookies.
#[derive(Clone, Default)]
pub struct Seat {
    /// The session's token; empty without one.
    pub token: String,
    /// The password was right and the code is still to come.
    pub half: Option<Half>,
    /// The peer's address.
    pub ip: String,
}

/// One request, asked.
#[derive(Clone)]
pub struct Desk {
    /// The use cases.
    pub cabinet: Cabinet,
    /// The catalogue in the person's language.
    pub words: Words,
    /// Cookies and the address.
    pub seat: Seat,
    /// Who works in this session.
    pub staff: Option<Staff>,
    /// Unix seconds of the real clock.
    pub now: i64,
    /// The page's own address.
    pub path: String,
    /// Parts of the address by their names.
    pub params: BTreeMap<String, String>,
    /// The address's query.
    pub query: Vec<(String, String)>,
    /// What was sent with the form.
    pub typed: Vec<(String, String)>,
    /// What the form is drawn from.
    pub form: FormState,
}

impl Desk {
    /// Sits down: finds out who works in the session.
    pub async fn of(context: &AppContext, words: Words, seat: Seat) -> Result<Self> {
        let now = (context.real_seconds)();
        let staff = if seat.token.is_empty() {
            None
        } else {
            staff::session(&context.cabinet, &seat.token, now).await?
        };
        Ok(Self {
            cabinet: context.cabinet.clone(),
            words,
            seat,
            staff,
            now,
            path: String::new(),
            params: BTreeMap::new(),
            query: Vec::new(),
            typed: Vec::new(),
            form: FormState::default(),
        })
    }

    /// Whoever is signed in.
    pub fn by(&self) -> Result<&Staff> {
        self.staff.as_ref().ok_or(CabinetError::Unauthenticated)
    }

    /// An id of the address; a malformed one is a missing thing.
    pub fn id<T: std::str::FromStr>(&self, name: &str) -> Result<T> {
        let text = self.params.get(name).map_or("", String::as_str);
        text.parse().map_err(|_| CabinetError::NotFound)
    }

    /// What was typed into a field; empty without it.
    pub fn text(&self, name: &str) -> &str {
        first(&self.typed, name)
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Which of a form's two buttons of this name was pressed, `true` for the first. No other word is taken for either of them: a
    /// browser's slip would else be somebody's refusal.
    pub fn pressed(&self, name: &str, first: &str, second: &str) -> Result<bool> {
        match self.text(name) {
            word if word == first => Ok(true),
            word if word == second => Ok(false),
            _ => Err(CabinetError::Conflict("no_such_word")),
        }
    }

    /// The word of whoever decides: whether they approve.
    pub fn approves(&self) -> Result<bool> {
        self.pressed("word", "approve", "refuse")
    }

    /// A value of the query; empty without it.
    pub fn asked(&self, name: &str) -> &str {
        first(&self.query, name)
    }

    /// A moment on the lender's clock, with how long ago it was.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        format::moment(self.words, at, self.cabinet.lender().clock_offset_minutes)
    }

    /// «3 ч», «2 дн.»: how old something is.
    pub fn age(&self, at: DateTime<Utc>) -> String {
        let minutes = (self.cabinet.now() - at).num_minutes().max(0);
        let (key, count) = match minutes {
            0..60 => ("staff-age-minutes", minutes),
            60..2_880 => ("staff-age-hours", minutes / 60),
            _ => ("staff-age-days", minutes / 1_440),
        };
        locales::t!(self.words, key, count = count)
    }

    /// Colleagues' names, of those who left too.
    pub async fn names(&self) -> Result<BTreeMap<StaffId, String>> {
        staff::names(&self.cabinet).await
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map_or("", |(_, value)| value.as_str())
}
