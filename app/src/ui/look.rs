//! How the cabinet looks to this person: the theme and the language, kept in two cookies for a year.

use leptos::prelude::*;

use crate::error::ApiError;

/// Keeps the theme (`light`, `dark`, anything else: the system's), the language (`ru`, `en`), or both, and goes back
/// to the page `next`.
#[server(prefix = "/api/v1", endpoint = "look/choose")]
pub async fn choose_look(
    theme: Option<String>,
    lang: Option<String>,
    next: Option<String>,
) -> Result<(), ApiError> {
    ssr::choose_look(theme, lang, next);
    Ok(())
}

#[cfg(feature = "ssr")]
pub use ssr::{Theme, cookie, theme};

#[cfg(feature = "ssr")]
mod ssr {
    use axum::http::HeaderValue;
    use axum::http::header::SET_COOKIE;
    use axum::http::request::Parts;
    use leptos::prelude::*;
    use leptos_axum::ResponseOptions;
    use locales::Lang;

    use crate::request::{go, with_request};

    /// A year: whoever chose doesn't choose again every month.
    const KEPT_SECONDS: u32 = 365 * 24 * 3600;

    /// The theme that was chosen.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Theme {
        /// Whatever the system says.
        #[default]
        System,
        /// Light, whatever the system says.
        Light,
        /// Dark, whatever the system says.
        Dark,
    }

    impl Theme {
        /// The name in the form and in the cookie.
        pub const fn code(self) -> &'static str {
            match self {
                Self::System => "system",
                Self::Light => "light",
                Self::Dark => "dark",
            }
        }

        /// The value of `data-theme`; the system's theme has none.
        pub const fn attribute(self) -> Option<&'static str> {
            match self {
                Self::System => None,
                chosen => Some(chosen.code()),
            }
        }

        /// Reads a stored or sent code; anything unknown is the system's.
        pub fn from_code(code: &str) -> Self {
            match code {
                "light" => Self::Light,
                "dark" => Self::Dark,
                _ => Self::System,
            }
        }
    }

    /// A cookie of the request being answered.
    pub fn cookie(parts: &Parts, name: &str) -> Option<String> {
        let cookies = parts.headers.get("cookie")?.to_str().ok()?;
        cookies.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then(|| value.to_owned())
        })
    }

    /// The theme of the request being answered.
    pub fn theme() -> Theme {
        with_request(|parts| cookie(parts, "__Host-theme"))
            .flatten()
            .map_or(Theme::System, |code| Theme::from_code(&code))
    }

    fn keep(name: &str, value: &str, seconds: u32) {
        let cookie =
            format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
        let (Some(response), Ok(value)) = (
            use_context::<ResponseOptions>(),
            HeaderValue::from_str(&cookie),
        ) else {
            return;
        };
        response.append_header(SET_COOKIE, value);
    }

    pub fn choose_look(theme: Option<String>, lang: Option<String>, next: Option<String>) {
        match theme.as_deref().map(Theme::from_code) {
            Some(Theme::System) => keep("__Host-theme", "", 0),
            Some(chosen) => keep("__Host-theme", chosen.code(), KEPT_SECONDS),
            None => {}
        }
        if let Some(lang) = lang {
            keep("__Host-lang", Lang::from_code(&lang).code(), KEPT_SECONDS);
        }
        // Back to where the switch stands: it is at the end of the page.
        go(&format!("{}#look", next.as_deref().unwrap_or("/")));
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_cookie_is_found_by_its_whole_name() {
            let (parts, ()) = axum::http::Request::builder()
                .header(
                    "cookie",
                    "x__Host-theme=light; __Host-theme=dark; __Host-lang=en",
                )
                .body(())
                .expect("a request")
                .into_parts();
            assert_eq!(cookie(&parts, "__Host-theme").as_deref(), Some("dark"));
            assert_eq!(cookie(&parts, "__Host-lang").as_deref(), Some("en"));
            assert_eq!(cookie(&parts, "theme"), None);
            assert_eq!(Theme::from_code("<script>").attribute(), None);
        }
    }
}
