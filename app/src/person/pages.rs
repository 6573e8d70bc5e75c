//! `/profile`: what is known of a person, and the way to every part of it; `/consents`.

use cabinet::access;
use cabinet::document::{self, LegalKind};
use cabinet::profile::{self, Given};
use cabinet::{request, upload};
use lending::Kopecks;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::forms::RevokeForm;
use super::income::income_card;
use crate::profile::answers::Answers;
use crate::profile::pages::{edit_page, known};
use crate::request::Ask;
use crate::ui::field::{FormError, FormState};
use crate::ui::format;
use crate::ui::page::{Narrow, page};

/// `/profile`: the answers, each page with the way to change it, and where the rest is.
#[component]
pub fn ProfilePage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let w = ask.words;
        let view = known(&ask, borrower).await?;
        let phone = access::borrower(&ask.cabinet, borrower).await?.phone_masked;
        let income = profile::income(&ask.cabinet, borrower).await?;
        let said = view.as_ref().and_then(|view| view.values.get("income"));
        let said = said.and_then(|text| Kopecks::parse(text.trim()).ok());
        let income = view.as_ref().map(|_| income_card(w, &income, said));
        let papers = upload::list(&ask.cabinet, upload::Owner::Borrower(borrower)).await?;
        let under_way = request::latest(&ask.cabinet, borrower).await?;
        let under_way = under_way
            .filter(|view| view.state.is_under_way())
            .map(|view| super::phone::request_card(&ask, &view, true));
        let answers =
            view.map(|view| view! { <Answers words=w view=view to=edit_page/> }.into_any());
        let empty = answers
            .is_none()
            .then(|| view! { <p class="quiet">{w.t("person-empty")}</p> });
        let phone = phone.replace(' ', "\u{a0}");
        let count = i64::try_from(papers.len()).unwrap_or_default();
        Ok(view! {
            <Title text=w.t("person-title")/>
            <div class="page two">
                <section class="card stack loose" id="answers">
                    <div class="stack tight">
                        <h1 class="h2">{w.t("person-title")}</h1>
                        <p class="quiet">{w.t("person-lead")}</p>
                    </div>
                    {empty}
                    {answers}
                </section>
                <aside class="stack">
                    {under_way}
                    <section class="card stack" id="contact">
                        <h2>{w.t("person-phone")}</h2>
                        <p class="num">{phone}</p>
                        <p><a href="/phone">{w.t("person-phone-change")}</a></p>
                    </section>
                    {income}
                    <section class="card stack tight" id="more">
                        <h2>{w.t("person-more")}</h2>
                        <p><a href="/papers">{t!(w, "person-papers", count = count)}</a></p>
                        <p><a href="/appeals" id="to-appeals">{w.t("person-appeals")}</a></p>
                        <p><a href="/documents">{w.t("docs-title")}</a></p>
                        <p><a href="/notices">{w.t("notices-title")}</a></p>
                        <p><a href="/consents">{w.t("person-consents")}</a></p>
                        <p><a href="/diary">{w.t("person-diary")}</a></p>
                        <p><a href="/security">{w.t("access-security-title")}</a></p>
                        <p><a href="/closing">{w.t("person-closing")}</a></p>
                    </section>
                </aside>
            </div>
        }
        .into_any())
    })
}

/// `/consents`: what was agreed to, when, with which text, and how to take it back.
#[component]
pub fn ConsentsPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let (form, w) = (ask.form("consents").await, ask.words);
        let given = profile::given(&ask.cabinet, borrower).await?;
        let none = given
            .is_empty()
            .then(|| view! { <p class="quiet">{w.t("consents-none")}</p> });
        let rows = given
            .into_iter()
            .map(|given| consent(&ask, &given))
            .collect_view();
        Ok(view! {
            <Narrow title=w.t("consents-title") lead=w.t("consents-lead")>
                <FormError form=FormState { values: form.values, ..form }/>
                {none}
                <ul class="plain stack loose" id="consents">{rows}</ul>
                <p><a href="/profile">{w.t("back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

fn consent(ask: &Ask, given: &Given) -> impl IntoView + use<> {
    let w = ask.words;
    let code = given.kind.code();
    let title = document::legal(&ask.cabinet, given.kind, w.lang).title;
    let at = format::moment(w, given.at, ask.cabinet.lender().clock_offset_minutes);
    let state = if given.given {
        t!(w, "consents-given", at = at)
    } else {
        t!(w, "consents-revoked", at = at)
    };
    let version = t!(
        w,
        "legal-version",
        version = format::version(w, &given.version)
    );
    view! {
        <li class="stack tight" data-consent=code data-given=given.given.to_string()>
            <b>{title}</b>
            <span class="small">{state} " · " <a href=format!("/legal/{code}")>{version}</a></span>
            {given.given.then(|| taking_back(w, given.kind, given.held_by))}
        </li>
    }
}

/// What taking it back does is said before the button.
fn taking_back(w: Words, kind: LegalKind, held_by: Option<&'static str>) -> AnyView {
    let code = kind.code();
    if let Some(held_by) = held_by {
        let key = if held_by == "loan_open" {
            "consents-held-loan"
        } else {
            "consents-held-application"
        };
        return view! { <span class="small">{w.t(key)}</span> }.into_any();
    }
    let effect = w.t(&format!("consents-effect-{}", code.replace('_', "-")));
    view! {
        <details>
            <summary>{w.t("consents-revoke")}</summary>
            <RevokeForm class="stack tight">
                <p>{effect}</p>
                <input type="hidden" name="consent" value=code/>
                <button class="button second" type="submit">{w.t("consents-revoke-now")}</button>
            </RevokeForm>
        </details>
    }
    .into_any()
}
