//! `/diary`: who saw or changed a person's data, when and why.

use cabinet::diary::{self, Line, Role};
use leptos::prelude::*;
use locales::{Words, t};

use crate::profile::field_name;
use crate::request::Ask;
use crate::ui::format;
use crate::ui::page::{Narrow, page};

/// The diary of one's own data.
#[component]
pub fn DiaryPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let w = ask.words;
        let offset = ask.cabinet.lender().clock_offset_minutes;
        let lines = diary::lines(&ask.cabinet, borrower).await?;
        let none = lines
            .is_empty()
            .then(|| view! { <p class="quiet">{w.t("diary-none")}</p> });
        let rows = lines.iter().map(|line| row(w, line, offset)).collect_view();
        Ok(view! {
            <Narrow title=w.t("diary-title") lead=w.t("diary-lead")>
                {none}
                <ul class="plain stack" id="diary">{rows}</ul>
                <p><a href="/profile">{w.t("back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

fn row(w: Words, line: &Line, offset: i32) -> impl IntoView + use<> {
    let at = format::moment(w, line.at, offset);
    let who = w.t(match line.role {
        Role::Own => "diary-role-own",
        Role::Staff(_) => "diary-role-staff",
        Role::Program => "diary-role-program",
        Role::Bureau => "diary-role-bureau",
    });
    let what = w.t(&format!("diary-what-{}", line.what.replace('_', "-")));
    let names: Vec<String> = line
        .fields
        .keys()
        // A label that is a sentence ends as one.
        .map(|field| field_name(w, field).trim_end_matches('.').to_owned())
        .collect();
    let fields =
        (!names.is_empty()).then(|| view! { <span class="small">{names.join(", ")}</span> });
    let why = why(w, line)
        .map(|why| view! { <span class="small">{t!(w, "diary-why", why = why)}</span> });
    view! {
        <li class="stack tight" data-what=line.what.clone() data-role=line.role.code()>
            <span class="small">{at} " · " {who}</span>
            <b>{what}</b>
            {fields}
            {why}
        </li>
    }
}

/// The reason in words: a consent names its text.
fn why(w: Words, line: &Line) -> Option<String> {
    if line.why.is_empty() {
        return None;
    }
    if line.what == "consent_revoked" {
        return Some(w.t(&format!("diary-consent-{}", line.why.replace('_', "-"))));
    }
    if line.what.ends_with("_checked") {
        let compared = line.why.split(", ").map(|it| match it {
            "passport" => w.t("help-evidence-passport"),
            "previous_phone" => w.t("help-evidence-phone"),
            _ => w.t("help-evidence-video"),
        });
        return Some(compared.collect::<Vec<_>>().join(", "));
    }
    Some(line.why.clone())
}
