//! `/public`: papers for everybody. `/verify`: whether a paper is the lender's own; nothing personal is said there.

use crate::request::address::{path_part, query};
use cabinet::document::{self, PublicKind, Verified};
use leptos::prelude::*;
use locales::{Words, t};

use crate::request::Ask;
use crate::ui::control::FileField;
use crate::ui::field::FormState;
use crate::ui::page::{Narrow, page};
use crate::ui::sums::TextLine;
use crate::ui::waiting::clock;

/// The section of public papers.
#[component]
pub fn PublicPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let (w, lender) = (ask.words, ask.cabinet.lender().clone());
        let papers = PublicKind::ALL
            .map(|kind| {
                let code = kind.code();
                let href = format!("/files/public/{code}");
                let title = w.t(&format!("public-{code}"));
                view! {
                    <li class="row" data-public=code>
                        <a href=href download="">{title}</a>
                        <span class="small">"PDF"</span>
                    </li>
                }
            })
            .collect_view();
        Ok(view! {
            <Narrow title=w.t("public-title") lead=w.t("public-lead")>
                <ul class="plain stack tight" id="public-papers">{papers}</ul>
                <dl class="sums">
                    <TextLine label=w.t("public-register") text=lender.registry_number/>
                    <TextLine label=w.t("public-inn") text=lender.inn/>
                    <TextLine label=w.t("public-ogrn") text=lender.ogrn/>
                </dl>
                <p><a href="/verify">{w.t("verify-title")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// `/verify`: a paper by its file or its fingerprint.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let hash = query().get("hash");
    page(move |ask: Ask| async move {
        let w = ask.words;
        let found = match &hash {
            Some(hash) => Some(document::verify_hash(&ask.cabinet, hash).await?),
            None => None,
        };
        let answer = found.map(|found| match found {
            Some(paper) => view! {
                {result(w, "same", "verify-same")}
                {facts(&ask, &paper)}
            }
            .into_any(),
            None => result(w, "unknown", "verify-unknown"),
        });
        Ok(view! {
            <Narrow title=w.t("verify-title") lead=w.t("verify-lead")>
                {answer}
                {forms(w, "/verify")}
                {key(&ask)}
            </Narrow>
        }
        .into_any())
    })
}

/// `/verify/{name}`: the paper that a QR code names, and whether a file is it.
#[component]
pub fn VerifyTokenPage() -> impl IntoView {
    let token = path_part("token");
    let hash = query().get("hash");
    page(move |ask: Ask| async move {
        let w = ask.words;
        let paper = document::verify(&ask.cabinet, &token).await?;
        let paper = paper.ok_or(cabinet::CabinetError::NotFound)?;
        let compared = hash.map(|hash| {
            let same = document::cleaned(&hash).is_some_and(|hash| paper.is(&hash));
            if same {
                result(w, "same", "verify-same")
            } else {
                result(w, "changed", "verify-changed")
            }
        });
        let lead = if paper.signature_holds {
            w.t("verify-ours")
        } else {
            w.t("verify-broken")
        };
        Ok(view! {
            <Narrow title=w.t(&paper.kind.title_key()) lead=lead>
                <div id="verified" data-holds=paper.signature_holds.to_string()>{facts(&ask, &paper)}</div>
                {compared}
                <p>{w.t("verify-compare")}</p>
                {forms(w, &format!("/verify/{token}"))}
                {key(&ask)}
            </Narrow>
        }
        .into_any())
    })
}

fn result(w: Words, code: &'static str, message: &str) -> AnyView {
    let class = if code == "same" {
        "note good"
    } else {
        "note bad"
    };
    view! { <p class=class id="compared" role="status" data-result=code>{w.t(message)}</p> }
        .into_any()
}

fn facts(ask: &Ask, paper: &Verified) -> AnyView {
    let (w, lender) = (ask.words, ask.cabinet.lender());
    view! {
        <dl class="answers">
            <TextLine label=w.t("verify-kind") text=w.t(&paper.kind.title_key())/>
            <TextLine label=w.t("verify-number") text=paper.number.clone()/>
            <TextLine label=w.t("verify-made") text=clock(ask, paper.made_at)/>
            <TextLine label=w.t("verify-lender") text=lender.legal_name.clone()/>
            <TextLine label=w.t("public-register") text=lender.registry_number.clone()/>
        </dl>
    }
    .into_any()
}

/// A file, or the fingerprint that is printed in it.
fn forms(w: Words, to: &str) -> AnyView {
    let (to, back) = (to.to_owned(), to.to_owned());
    view! {
        <form class="stack tight" method="post" action="/verify/file" enctype="multipart/form-data" id="by-file">
            <input type="hidden" name="back" value=back/>
            <FileField form=FormState::default() name="file" label=w.t("verify-file") accept="application/pdf" required=true/>
            <button class="button wide" type="submit">{w.t("verify-file-go")}</button>
        </form>
        <details>
            <summary>{w.t("verify-by-hash")}</summary>
            <form class="stack tight" method="get" action=to id="by-hash">
                <div class="field">
                    <label for="f-hash">{w.t("verify-hash")}</label>
                    <input id="f-hash" name="hash" required=true autocomplete="off" spellcheck="false"/>
                </div>
                <button class="button second" type="submit">{w.t("verify-hash-go")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// The public key, and what a signature is under: enough to check one without us.
fn key(ask: &Ask) -> AnyView {
    let w = ask.words;
    let message =
        "kopeck document 1\\n{kind}\\n{number}\\n{made, 2026-11-23T09:00:00Z}\\n{fingerprint}\\n";
    view! {
        <details>
            <summary>{w.t("verify-alone")}</summary>
            <p class="small">{t!(w, "verify-alone-how", message = message)}</p>
            <p class="small"><code class="hash" id="paper-key">{ask.cabinet.keys().paper_key()}</code></p>
        </details>
    }
    .into_any()
}
