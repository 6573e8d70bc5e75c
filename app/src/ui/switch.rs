//! The switch of themes and languages at the end of every page: plain forms, so that it needs no script.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use locales::{Lang, Words};

use super::look::{ChooseLook, Theme, theme};
use crate::request::with_request;

const THEMES: [(Theme, &str); 3] = [
    (Theme::System, "look-system"),
    (Theme::Light, "look-light"),
    (Theme::Dark, "look-dark"),
];

/// A language is named in itself: who looks for it may not read the other one.
const LANGUAGES: [(Lang, &str); 2] = [(Lang::Ru, "Русский"), (Lang::En, "English")];

/// Both switches.
#[component]
pub fn LookSwitch(
    words: Words,
    /// Where choosing comes back to; on the page of components nothing does.
    #[prop(default = Some("look"))]
    id: Option<&'static str>,
) -> impl IntoView {
    let here = with_request(|parts| parts.uri.path_and_query().map(ToString::to_string))
        .flatten()
        .unwrap_or_else(|| "/".to_owned());
    let chosen = theme();
    let themes = THEMES.map(|(theme, key)| {
        let pressed = if theme == chosen { "true" } else { "false" };
        view! {
            <button type="submit" name="theme" value=theme.code() aria-pressed=pressed>{words.t(key)}</button>
        }
    });
    let languages = LANGUAGES.map(|(lang, name)| {
        let pressed = if lang == words.lang { "true" } else { "false" };
        view! {
            <button type="submit" name="lang" value=lang.code() lang=lang.code() aria-pressed=pressed>{name}</button>
        }
    });
    view! {
        <div class="look no-print" id=id>
            <form method="post" action=ChooseLook::url()>
                <input type="hidden" name="next" value=here.clone()/>
                <fieldset><legend class="visually-hidden">{words.t("look-theme")}</legend>{themes}</fieldset>
            </form>
            <form method="post" action=ChooseLook::url()>
                <input type="hidden" name="next" value=here/>
                <fieldset><legend class="visually-hidden">{words.t("look-language")}</legend>{languages}</fieldset>
            </form>
        </div>
    }
}
