//! `/legal/{kind}`: a legal text as it is agreed to, with its version and its hash.

use crate::request::address::path_part;
use cabinet::document::{self, LegalKind, LegalText};
use leptos::prelude::*;
use locales::{Words, t};

use crate::request::Ask;
use crate::ui::format;
use crate::ui::page::{Narrow, page};
use crate::ui::tabs::{Tab, Tabs};

/// Texts that anybody may want to read, as the end of every page lists them.
pub const PUBLIC_TEXTS: [&str; 4] = [
    "general_terms",
    "esign_agreement",
    "personal_data",
    "bureau",
];

/// The page of one text.
#[component]
pub fn LegalPage() -> impl IntoView {
    let kind = path_part("kind");
    page(move |ask: Ask| async move {
        let kind = LegalKind::from_code(&kind).ok_or(cabinet::CabinetError::NotFound)?;
        let text = document::legal(&ask.cabinet, kind, ask.words.lang);
        let title = text.title.clone();
        let w = ask.words;
        let body = legal_text(w, text, "document");
        let tabs = PUBLIC_TEXTS
            .map(|code| Tab {
                href: format!("/legal/{code}"),
                title: w.t(&format!("foot-legal-{}", code.replace('_', "-"))),
                current: code == kind.code(),
            })
            .to_vec();
        Ok(view! {
            <Narrow title=title>
                <Tabs label=w.t("foot-texts") tabs/>
                {body}
            </Narrow>
        }
        .into_any())
    })
}

/// The paragraphs of a text, and what proves which text it was.
pub fn legal_text(w: Words, text: LegalText, class: &'static str) -> AnyView {
    let paragraphs = text
        .body
        .into_iter()
        .map(|paragraph| view! { <p>{paragraph}</p> })
        .collect_view();
    let version = t!(
        w,
        "legal-version",
        version = format::version(w, &text.version)
    );
    let hash = t!(w, "legal-hash", hash = text.hash);
    // A box that scrolls must be reachable by the keyboard.
    let scrolls = class.contains("inset").then_some("0");
    view! {
        <div class=class tabindex=scrolls role=scrolls.map(|_| "region") aria-label=text.title>
            {paragraphs}
        </div>
        <p class="hash"><span>{version}</span> " · " <span id="text-hash">{hash}</span></p>
    }
    .into_any()
}
