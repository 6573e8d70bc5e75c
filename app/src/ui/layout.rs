//! The frame of every page: the bar above, the places below, the lender's legal lines at the end.

use std::sync::{Arc, OnceLock};

use cabinet::Cabinet;
use cabinet::lender::Lender;
use cabinet::lender::help::Feedback;
use cabinet::person::Hold;
use lending::Licence;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use locales::{Lang, Words, t};

use crate::lender::{dial, hours};
use crate::notice::Bell;
use crate::profile::legal::PUBLIC_TEXTS;
use crate::pwa::Announcer;
use crate::request::{AppContext, Ask, with_request};
use crate::support::chat::ChatMark;
use crate::ui::page::drawn;
use crate::ui::switch::LookSwitch;
use crate::ui::tabs::{Tab, Tabs};
use crate::ui::toast::said;
use crate::works::banner;

/// Bar, main, footer; on a phone, four places at the bottom for somebody signed in.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let cabinet = use_context::<AppContext>().map(|context| context.cabinet);
    let path = with_request(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let ask = Ask::new().ok();
    let words = ask.as_ref().map_or_else(Words::default, |ask| ask.words);
    let signed_in = ask.as_ref().is_some_and(|ask| ask.member().is_ok());
    let unopened = ask.as_ref().is_some_and(|ask| ask.hold() == Hold::Unopened);
    let tab = cabinet
        .as_ref()
        .is_some_and(|cabinet| cabinet.lender().help.feedback == Feedback::HeaderAndTab)
        .then(|| view! { <a class="ask-tab" href="/feedback" id="ask-tab">{words.t("feedback-title")}</a> });
    let agent = ask.as_ref().is_some_and(Ask::is_agent);
    let places = signed_in.then(|| view! { <Places words agent path=path.clone()/> });
    // What is not counted yet is awaited while the bar is drawn.
    let awaited = ask
        .as_ref()
        .is_some_and(|ask| ask.unread().is_none() && ask.member().is_ok());
    let above = view! {
        <Bar words signed_in path ask=ask.clone() cabinet=cabinet.clone()/>
        {banner(ask.as_ref())}
        {tab}
    };
    let above = if awaited {
        above.into_any()
    } else {
        drawn(above).into_any()
    };
    let below = view! {
        <Announcer words ask/>
        {said(words)}
        {cabinet.map(|cabinet| view! { <Foot words member=signed_in && !unopened cabinet/> })}
        {places}
    };
    let below = drawn(below);
    view! {
        {above}
        <main id="main" tabindex="-1">{children()}</main>
        {below}
    }
}

/// The place of the general terms.
const TERMS: &str = "/legal/general_terms";

/// The places of the cabinet: address, the message that names it, its drawing.
const PLACES: [(&str, &str, &str); 5] = [
    ("/cabinet", "nav-loans", "M4 7h16v12H4zM4 11h16M8 15h4"),
    (
        "/application",
        "nav-application",
        "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
    ),
    (
        "/",
        "nav-calculator",
        "M6 3h12v18H6zM9 7h6M9 12h.01M12 12h.01M15 12h.01M9 16h.01M12 16h.01M15 16h.01",
    ),
    ("/offers", "nav-offers", "M4 12l8-8h7v7l-8 8zM15.5 8.5h.01"),
    (
        TERMS,
        "nav-terms",
        "M12 4v16M7 20h10M5 7h14M5 7l-2 6h4zM19 7l-2 6h4z",
    ),
];

/// The place of somebody who brings clients.
const AGENT_PLACE: (&str, &str, &str) = (
    "/agent",
    "nav-agent",
    "M4 19v-1a4 4 0 0 1 4-4h2M9 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM16 13v8M12 17h8",
);

/// The places of somebody signed in.
fn places(agent: bool) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    PLACES.into_iter().chain(agent.then_some(AGENT_PLACE))
}

/// Whether a place is where the person is: its own page, or a page inside it.
fn current(place: &str, path: &str) -> Option<&'static str> {
    let inside = match place {
        "/" => path == "/",
        "/cabinet" => [
            "/cabinet",
            "/loans",
            "/payments",
            "/prolongations",
            "/documents",
        ]
        .iter()
        .any(|root| path.starts_with(root)),
        "/application" => ["/application", "/apply", "/offer/"]
            .iter()
            .any(|root| path.starts_with(root)),
        "/offers" => path.starts_with("/offers") || path == "/draws",
        "/agent" => path.starts_with("/agent"),
        _ => path.starts_with("/legal"),
    };
    inside.then_some("page")
}

#[component]
fn Bar(
    words: Words,
    signed_in: bool,
    path: String,
    ask: Option<Ask>,
    cabinet: Option<Cabinet>,
) -> impl IntoView {
    let Some(cabinet) = cabinet else {
        return ().into_any();
    };
    let lender = cabinet.lender();
    let brand = lender.brand.clone();
    let mark = brand.mark.map(|drawing| {
        view! { <svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d=drawing></path></svg> }
    });
    let header_link = (lender.help.feedback == Feedback::HeaderAndTab)
        .then(|| view! { <a class="quiet ask-link" href="/feedback" id="to-feedback">{words.t("feedback-link")}</a> });
    view! {
        <a class="skip" href="#main">{words.t("skip-to-content")}</a>
        <header class="bar">
            <a class="logo" href="/">
                {mark}<span>{brand.logo_main}<b>{brand.logo_accent}</b></span>
            </a>
            {header_link}
            {if signed_in {
                member(words, &path, ask).into_any()
            } else {
                stranger(words, lender).into_any()
            }}
        </header>
    }
    .into_any()
}

fn member(words: Words, path: &str, ask: Option<Ask>) -> impl IntoView + use<> {
    let agent = ask.as_ref().is_some_and(Ask::is_agent);
    let tabs = places(agent)
        .map(|(place, key, _)| Tab {
            href: place.to_owned(),
            title: words.t(key),
            current: current(place, path).is_some(),
        })
        .collect();
    let current = path == "/notices";
    let in_chat = path == "/chat";
    view! {
        <Tabs label=words.t("nav-label") tabs/>
        {ask.map(|ask| view! { <ChatMark ask=ask.clone() current=in_chat/><Bell ask current/> })}
        // A plain form: leaving must work whatever became of the scripts.
        <form method="post" action="/api/v1/access/sign-out">
            <button class="button second" type="submit" id="sign-out">
                {words.t("nav-leave")}
            </button>
        </form>
    }
}

fn stranger(words: Words, lender: &Lender) -> impl IntoView + use<> {
    let hotline = lender.hotline.clone();
    let enter = lender.wording.sign_in.as_ref().map_or_else(
        || words.t("nav-enter"),
        |text| text.of(words.lang).to_owned(),
    );
    view! {
        <a class="num quiet phone" href=dial(&hotline)>{hotline.clone()}</a>
        <a class="button second" href="/login" id="sign-in">{enter}</a>
    }
}

/// The places below, on a phone.
#[component]
pub fn Places(words: Words, agent: bool, path: String) -> impl IntoView {
    // Four are found by a thumb without looking; the terms stand at the page's end as well. Who brings clients has a
    // fifth.
    let kept = places(agent).filter(|(place, ..)| *place != TERMS);
    let places = kept.map(|(place, key, drawing)| {
        view! {
            <a href=place aria-current=current(place, &path)>
                <svg viewBox="0 0 24 24" aria-hidden="true"><path d=drawing></path></svg>
                {words.t(key)}
            </a>
        }
    });
    view! { <nav class="nav-bottom" aria-label=words.t("nav-label")>{places.collect_view()}</nav> }
}

/// Who lends, under which number, where to ask; the sentence that the law on advertising wants.
#[component]
fn Foot(words: Words, member: bool, cabinet: Cabinet) -> impl IntoView {
    let draw = || lines(words, member, cabinet.lender()).into_view().to_html();
    let lines = match use_context::<AppContext>() {
        Some(context) => context.lines.of(words.lang, member, draw),
        None => draw(),
    };
    view! {
        <footer class="foot">
            <div>
                {InertElement::new(lines)}
                <LookSwitch words/>
            </div>
        </footer>
    }
}

fn lines(words: Words, member: bool, lender: &Lender) -> impl IntoView + use<> {
    let security = member.then(|| {
        view! {
            <li><a href="/profile">{words.t("person-title")}</a></li>
            <li><a href="/security">{words.t("access-security-title")}</a></li>
        }
    });
    let kind = match lender.licence {
        Licence::Mkk => words.t("foot-mkk"),
        Licence::Mfk => words.t("foot-mfk"),
    };
    let texts = PUBLIC_TEXTS.map(|kind| {
        let key = format!("foot-legal-{}", kind.replace('_', "-"));
        view! { <li><a href=format!("/legal/{kind}")>{words.t(&key)}</a></li> }
    });
    let registered = t!(
        words,
        "foot-registered",
        kind = kind,
        number = &lender.registry_number
    );
    let numbers = t!(
        words,
        "foot-numbers",
        inn = &lender.inn,
        ogrn = &lender.ogrn
    );
    let mail = format!("mailto:{}", lender.email);
    view! {
        <p class="risk">{words.t("foot-risk")}</p>
        <div class="stack tight">
            <p>{lender.legal_name.clone()}</p>
            <p>{registered} " " {numbers}</p>
            <p>{lender.sro.clone()}</p>
            <p>{lender.address.clone()}</p>
        </div>
        <ul aria-label=words.t("foot-texts")>
            {texts}
            <li><a href="/public">{words.t("foot-public")}</a></li>
        </ul>
        <ul aria-label=words.t("foot-help")>
            <li><a class="num" href=dial(&lender.hotline)>{lender.hotline.clone()}</a></li>
            <li>{hours(words, &lender.help.hours)}</li>
            <li><a href=mail>{lender.email.clone()}</a></li>
            {security}
            <li><a href="/help">{words.t("help-link")}</a></li>
            <li><a href="/accessibility">{words.t("accessibility-link")}</a></li>
        </ul>
    }
}

/// [`lines`] as they were drawn, for each language and for those with and without a cabinet: of the lender and of nobody else, so they
/// are the same on every page.
#[derive(Clone, Default)]
pub struct LenderLines(Arc<[[OnceLock<String>; 2]; 2]>);

impl LenderLines {
    fn of(&self, lang: Lang, member: bool, draw: impl FnOnce() -> String) -> String {
        let [strangers, members] = &*self.0;
        let [russian, english] = if member { members } else { strangers };
        let kept = match lang {
            Lang::Ru => russian,
            Lang::En => english,
        };
        kept.get_or_init(draw).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::current;

    #[test]
    fn one_place_is_current() {
        let of = |path: &str| {
            let found: Vec<&str> = super::places(true)
                .filter(|(place, ..)| current(place, path).is_some())
                .map(|(place, ..)| place)
                .collect();
            found
        };
        assert_eq!(of("/"), ["/"]);
        assert_eq!(of("/loans/1/pay"), ["/cabinet"]);
        assert_eq!(of("/apply/passport"), ["/application"]);
        assert_eq!(of("/application"), ["/application"]);
        assert_eq!(of("/offer/1/way"), ["/application"]);
        assert_eq!(of("/offers"), ["/offers"]);
        assert_eq!(of("/draws"), ["/offers"]);
        assert_eq!(of("/agent/clients"), ["/agent"]);
        assert!(of("/login").is_empty());
    }
}
