//! How a page is made: it asks the use cases, and what they refuse becomes a redirect or an honest page.

use std::future::Future;

use axum::http::StatusCode;
use cabinet::CabinetError;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos::tachys::view::Position;
use leptos_meta::Title;

use crate::error::{ApiError, Code};
use crate::request::{Ask, go};
use crate::ui::state::{Kind, state_page};

/// Why a page is not shown.
#[derive(Debug)]
pub enum Stop {
    /// Another page is the right one.
    Go(String),
    /// Sign in first, then come back here.
    SignIn(String),
    /// A step of getting in is still owed: there first, then back here.
    Step(&'static str),
    /// What the use case said.
    Refused(CabinetError),
}

/// The page of a step that is still owed.
fn step(reason: &str) -> Option<&'static str> {
    match reason {
        "proof_needed" => Some("/proof"),
        "password_needed" => Some("/password/new"),
        "confirm_needed" => Some("/confirm"),
        "cabinet_closed" | "cabinet_ended" => Some("/hold"),
        _ => None,
    }
}

impl From<CabinetError> for Stop {
    fn from(refusal: CabinetError) -> Self {
        match refusal {
            CabinetError::Unauthenticated => Self::SignIn(String::new()),
            CabinetError::Forbidden(owed) if step(owed).is_some() => {
                Self::Step(step(owed).unwrap_or("/login"))
            }
            other => Self::Refused(other),
        }
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        match error.code {
            Code::Unauthenticated => Self::SignIn(String::new()),
            // The page there says when the rest opens.
            Code::Forbidden if error.reason == "cabinet_unopened" => Self::Go("/cabinet".into()),
            Code::Forbidden if step(&error.reason).is_some() => {
                Self::Step(step(&error.reason).unwrap_or("/login"))
            }
            Code::NotFound => Self::Refused(CabinetError::NotFound),
            _ => Self::Refused(CabinetError::Unavailable("page")),
        }
    }
}

/// A page's content, or why not.
pub type PageResult = Result<AnyView, Stop>;

/// Renders a page from one asynchronous function over the request.
pub fn page<F, Fut>(make: F) -> impl IntoView
where
    F: FnOnce(Ask) -> Fut + Send + 'static,
    Fut: Future<Output = PageResult> + Send + 'static,
{
    let content = async move {
        let ask = match Ask::new() {
            Ok(ask) => ask,
            Err(error) => return refused(&error),
        };
        match make(ask.clone()).await {
            Ok(view) => view,
            Err(Stop::Go(path)) => {
                go(&path);
                ().into_any()
            }
            Err(Stop::SignIn(_)) => come_back("/login"),
            Err(Stop::Step(page)) => come_back(page),
            Err(Stop::Refused(refusal)) => refused(&ask.error(refusal)),
        }
    };
    let content = async move { drawn_in(content.await, PAGE) };
    Suspend::new(content)
}

/// Draws a view that waits for nothing any more, as one text. Inside of a page that is still awaited each of its views would be asked
/// once more whether it waits, and each element would be written into a text of its own.
pub fn drawn(view: impl IntoView) -> InertElement {
    drawn_in(view, PART)
}

/// About as many bytes as a part of a page has, and a page's content: a text that grows is copied each time.
const PART: usize = 1 << 10;
const PAGE: usize = 1 << 15;

fn drawn_in(view: impl IntoView, room: usize) -> InertElement {
    let (mut html, mut first) = (String::with_capacity(room), Position::FirstChild);
    let view = view.into_view();
    view.to_html_with_buf(&mut html, &mut first, true, false, Vec::new());
    InertElement::new(html)
}

/// Sends the browser to another page, which leads back here when it is done.
fn come_back(page: &str) -> AnyView {
    let here = use_context::<axum::http::request::Parts>()
        .map(|parts| parts.uri.to_string())
        .unwrap_or_default();
    go(&format!("{page}?next={}", in_query(&here)));
    ().into_any()
}

/// An address as a value in another address's query.
pub(crate) fn in_query(address: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    address
        .bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// The refusal as a page, with its status.
fn refused(error: &ApiError) -> AnyView {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
    let words = crate::request::words();
    let key = if error.code == Code::NotFound {
        "page-not-found"
    } else {
        "page-failed"
    };
    let kind = if error.code == Code::NotFound {
        Kind::Empty
    } else {
        Kind::Failed
    };
    let title = words.t(&format!("{key}-title"));
    let home = view! { <a class="button wide" href="/cabinet">{words.t("page-home")}</a> };
    state_page(kind, title, error.text.clone(), home.into_any())
}

/// One column: a title, a line under it, one card.
#[component]
pub fn Narrow(
    /// The page's heading and the browser's title.
    #[prop(into)]
    title: String,
    /// One quiet line under it.
    #[prop(optional, into)]
    lead: String,
    /// The card's content.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <div class="page">
            <section class="card stack narrow">
                <div class="stack tight">
                    <h1 class="h2">{title}</h1>
                    {(!lead.is_empty()).then(|| view! { <p class="quiet">{lead}</p> })}
                </div>
                {children()}
            </section>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::in_query;

    #[test]
    fn the_query_of_the_page_asked_for_survives_signing_in() {
        assert_eq!(in_query("/cabinet"), "/cabinet");
        assert_eq!(
            in_query("/loans/1?on=2026-12-01&a=b"),
            "/loans/1%3Fon%3D2026-12-01%26a%3Db"
        );
    }
}
