//! The sandbox clock: the real one plus an offset that only grows.

use std::fmt;
use std::time::SystemTime;

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Json, Router};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

use crate::{App, pages, yookassa};

/// The last year the clock may be moved to.
const LAST_YEAR: i32 = 2099;

/// An instant, written the way the provider writes it: UTC, ISO 8601, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub DateTime<Utc>);

impl Moment {
    /// Reads an RFC 3339 instant or a bare date (its first instant in UTC).
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(at.with_timezone(&Utc)));
        }
        let date: NaiveDate = text.parse().ok()?;
        Some(Self(date.and_time(NaiveTime::MIN).and_utc()))
    }

    #[must_use]
    pub fn plus(self, delta: TimeDelta) -> Self {
        Self(
            self.0
                .checked_add_signed(delta)
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
        )
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[derive(Debug, Default)]
pub struct Clock {
    offset: TimeDelta,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the business clock of others starts here"
    )]
    pub fn now(&self) -> Moment {
        Moment(DateTime::<Utc>::from(SystemTime::now())).plus(self.offset)
    }

    pub fn moved(&self) -> bool {
        self.offset != TimeDelta::zero()
    }

    /// Moves the clock forward to `target`; a past target is refused.
    fn move_to(&mut self, target: Moment) -> Result<(), &'static str> {
        let now = self.now();
        if target < now {
            return Err("the clock never goes back; POST /reset starts it again");
        }
        if target.0.year() > LAST_YEAR {
            return Err("the clock stops at the end of 2099");
        }
        self.offset = self
            .offset
            .checked_add(&(target.0 - now.0))
            .ok_or("too far ahead")?;
        Ok(())
    }

    fn advance(&mut self, days: u64, seconds: u64) -> Result<(), &'static str> {
        const FAR: &str = "too far ahead";
        let seconds = i64::try_from(seconds).map_err(|_| FAR)?;
        let target = self
            .now()
            .0
            .checked_add_days(Days::new(days))
            .and_then(|at| at.checked_add_signed(TimeDelta::try_seconds(seconds)?))
            .ok_or(FAR)?;
        self.move_to(Moment(target))
    }

    fn view(&self) -> Value {
        json!({ "now": self.now(), "moved": self.moved() })
    }
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/clock", get(read).post(set))
        .route("/clock/page", get(page).post(page_move))
}

async fn read(AxumState(app): AxumState<App>) -> Json<Value> {
    Json(app.lock().clock.view())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    now: Option<String>,
    #[serde(default)]
    advance_days: u64,
    #[serde(default)]
    advance_seconds: u64,
}

async fn set(AxumState(app): AxumState<App>, Json(order): Json<Move>) -> Response {
    let mut state = app.lock();
    let moved = match &order.now {
        Some(text) => Moment::parse(text)
            .ok_or("`now` is an RFC 3339 time or a date")
            .and_then(|target| state.clock.move_to(target)),
        None => state
            .clock
            .advance(order.advance_days, order.advance_seconds),
    };
    if let Err(description) = moved {
        let body = Json(json!({ "error": description }));
        return (StatusCode::BAD_REQUEST, body).into_response();
    }
    yookassa::sweep(&app, &mut state);
    Json(state.clock.view()).into_response()
}

async fn page(AxumState(app): AxumState<App>) -> Html<String> {
    let state = app.lock();
    Html(render(&state.clock, None))
}

#[derive(Deserialize)]
struct PageMove {
    #[serde(default)]
    step: String,
    #[serde(default)]
    date: String,
}

async fn page_move(AxumState(app): AxumState<App>, Form(form): Form<PageMove>) -> Response {
    let mut state = app.lock();
    let moved = match form.step.as_str() {
        "hour" => state.clock.advance(0, 3600),
        "day" => state.clock.advance(1, 0),
        "week" => state.clock.advance(7, 0),
        _ => match Moment::parse(form.date.trim()) {
            Some(target) => state.clock.move_to(target),
            None => Err("no date"),
        },
    };
    if moved.is_err() {
        let text = "Выберите дату позже текущей: назад часы не ходят, их возвращает только сброс.";
        let html = render(&state.clock, Some(text));
        return (StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response();
    }
    yookassa::sweep(&app, &mut state);
    Redirect::to("/clock/page").into_response()
}

fn render(clock: &Clock, error: Option<&str>) -> String {
    let now = clock.now();
    let moscow = now.plus(TimeDelta::hours(3)).0.format("%d.%m.%Y %H:%M:%S");
    let state = if clock.moved() {
        "переведены вперёд"
    } else {
        "идут по настоящему времени"
    };
    let alert = error.map(pages::alert).unwrap_or_default();
    let tomorrow = now.plus(TimeDelta::days(1)).0.format("%Y-%m-%d");
    let body = format!(
        r#"<h1>Часы песочницы</h1>{alert}
<p><strong id="clock-now">{moscow}</strong> по Москве<br><small>{now}, часы {state}</small></p>
<form method="post" action="/clock/page" class="row">
<button id="clock-hour" name="step" value="hour">+1 час</button>
<button id="clock-day" name="step" value="day">+1 день</button>
<button id="clock-week" name="step" value="week">+7 дней</button>
</form>
<form method="post" action="/clock/page">
<label for="clock-date">Перевести на дату (00:00 UTC, 03:00 по Москве)</label>
<input id="clock-date" name="date" type="date" min="{tomorrow}" required>
<button id="clock-set" name="step" value="date">Перевести</button>
</form>"#
    );
    pages::layout("Часы песочницы", &body, "")
}
