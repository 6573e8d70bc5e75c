//! `/papers`: pictures of the passport and of other papers.

use crate::request::address::query;
use cabinet::upload::{self, Kind, Owner, UploadView};
use leptos::prelude::*;
use locales::Words;

use crate::request::Ask;
use crate::ui::control::{FileField, SelectField};
use crate::ui::field::{FormError, FormState};
use crate::ui::format;
use crate::ui::page::{Narrow, page};

/// One's own pictures, and one more.
#[component]
pub fn PapersPage() -> impl IntoView {
    let wanted = query().get("kind");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let (mut form, w) = (ask.form("upload").await, ask.words);
        let list = upload::list(&ask.cabinet, Owner::Borrower(borrower)).await?;
        // Whoever comes for the sake of the income finds it chosen.
        let kinds = [
            Kind::PassportMain,
            Kind::PassportAddress,
            Kind::Income,
            Kind::Evidence,
        ];
        if let Some(kind) = wanted.and_then(|kind| Kind::from_code(&kind))
            && !form.values.contains_key("kind")
        {
            form.values
                .insert("kind".to_owned(), kind.code().to_owned());
        }
        Ok(view! {
            <Narrow title=w.t("papers-title") lead=w.t("papers-lead")>
                {pictures(&ask, &list, true)}
                {upload_form(w, form, &kinds, "/papers")}
                <p><a href="/profile">{w.t("back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// Pictures that were sent, small, each opened by a press.
pub fn pictures(ask: &Ask, list: &[UploadView], removable: bool) -> AnyView {
    let w = ask.words;
    if list.is_empty() {
        return view! { <p class="quiet" id="no-papers">{w.t("papers-none")}</p> }.into_any();
    }
    let offset = ask.cabinet.lender().clock_offset_minutes;
    let rows = list.iter().map(|picture| {
        let name = kind_name(w, picture.kind);
        let here = format!("/uploads/{}", picture.id);
        let gone = format!("{here}/remove");
        let kept = picture
            .proves
            .then(|| view! { <span class="small">{w.t("papers-kept")}</span> });
        let remove = (removable && !picture.proves).then(|| {
            view! {
                <form method="post" action=gone>
                    <button class="link" type="submit">{w.t("papers-remove")}</button>
                </form>
            }
        });
        view! {
            <li class="paper">
                <a href=here.clone()><img src=here.clone() alt=name.clone() loading="lazy"
                    width="96" height="96"/></a>
                <div class="stack tight">
                    <b>{name}</b>
                    <span class="small">{format::moment(w, picture.at, offset)}</span>
                    {kept}
                    {remove}
                </div>
            </li>
        }
    });
    view! { <ul class="plain stack" id="papers">{rows.collect_view()}</ul> }.into_any()
}

fn kind_name(w: Words, kind: Kind) -> String {
    w.t(&format!("papers-{}", kind.code().replace('_', "-")))
}

/// One more picture: a plain form, since a file goes with it.
pub fn upload_form(w: Words, form: FormState, kinds: &[Kind], back: impl Into<String>) -> AnyView {
    upload_form_once(w, form, kinds, back, None)
}

/// The same with a key: sent twice, it is one picture.
pub fn upload_form_once(
    w: Words,
    form: FormState,
    kinds: &[Kind],
    back: impl Into<String>,
    key: Option<String>,
) -> AnyView {
    let back: String = back.into();
    let key = key.map(|key| view! { <input type="hidden" name="key" value=key/> });
    let choice = if let [only] = kinds {
        view! { <input type="hidden" name="kind" value=only.code()/> }.into_any()
    } else {
        let options = kinds
            .iter()
            .map(|kind| (kind.code().to_owned(), kind_name(w, *kind)));
        let options = options.collect();
        let form = form.clone();
        view! { <SelectField form name="kind" label=w.t("papers-kind") options/> }.into_any()
    };
    let general = form.clone();
    view! {
        <form class="stack" method="post" action="/uploads" enctype="multipart/form-data" id="upload">
            <FormError form=general/>
            // Before the file: whoever reads the body has to know what it is for.
            <input type="hidden" name="back" value=back/>
            {key}
            {choice}
            <FileField form name="file" label=w.t("papers-file") accept="image/jpeg,image/png"
                hint=w.t("papers-file-hint")/>
            <button class="button second wide" type="submit">{w.t("papers-send")}</button>
        </form>
    }
    .into_any()
}
