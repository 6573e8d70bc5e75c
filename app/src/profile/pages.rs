//! `/apply/{step}`: the pages of the questionnaire.

use cabinet::document::{self, LegalKind};
use cabinet::profile::{self, ProfileView, Step};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use locales::{Words, t};

use super::forms::{AddressForm, AgreementForm, ConsentsForm, PassportForm, PersonForm, WorkForm};
use super::legal::legal_text;
use super::widgets::draw;
use crate::application::pages::under_way;
use crate::request::Ask;
use crate::ui::field::{FormError, FormState};
use crate::ui::format;
use crate::ui::page::{PageResult, Stop, page};
use crate::ui::stepper::Stepper;

/// The address of a page of the questionnaire.
pub fn step_page(step: Step) -> String {
    format!("/apply/{}", step.slug())
}

/// Where to go on: the first page to fill, or the last look.
pub fn next_page(next: Option<Step>) -> String {
    next.map_or_else(|| "/apply/review".to_owned(), step_page)
}

/// The name of a page's form among drafts.
pub fn page_form(step: Step) -> String {
    format!("profile:{}", step.slug())
}

/// Fields that only the full set has: in the simplified one they would be asked for nothing.
fn asked(name: &str, full: bool) -> bool {
    full || !matches!(name, "birth_place" | "citizenship")
}

/// A page of the questionnaire.
#[component]
pub fn StepPage() -> impl IntoView {
    let slug = use_params_map()
        .read_untracked()
        .get("step")
        .unwrap_or_default();
    page(move |ask: Ask| async move { step(ask, &slug).await })
}

async fn step(ask: Ask, slug: &str) -> PageResult {
    let step = Step::from_slug(slug).ok_or(cabinet::CabinetError::NotFound)?;
    let (borrower, choice) = under_way(&ask).await?;
    let view = profile::load(&ask.cabinet, borrower, choice.amount).await?;
    let Some(place) = view.steps.iter().position(|(known, _)| *known == step) else {
        return Err(Stop::Go(next_page(view.next)));
    };
    // The agreement on the signature comes first, the rest in its order: no page before its turn.
    let undone = view.steps.iter().position(|(_, done)| !done);
    if undone.is_some_and(|undone| undone < place) {
        return Err(Stop::Go(next_page(view.next)));
    }
    let problems = profile::problems(&ask.cabinet, borrower, step, choice.amount).await?;
    let errors = ask
        .field_texts(&problems)
        .into_iter()
        .map(|item| (item.field, item.text))
        .collect();
    let general = ask.form(&page_form(step)).await.general;
    let form = FormState {
        values: shown_values(&view),
        errors,
        general,
    };
    let w = ask.words;
    let title = w.t(&format!("profile-{slug}-title"));
    let lead = w.t(&format!("profile-{slug}-lead"));
    let (number, count) = (u32::try_from(place + 1), u32::try_from(view.steps.len()));
    let counted = t!(
        w,
        "profile-step",
        number = number.unwrap_or_default(),
        count = count.unwrap_or_default()
    );
    let agreement = (step == Step::Agreement).then(|| {
        let text = document::legal(&ask.cabinet, LegalKind::EsignAgreement, w.lang);
        legal_text(w, text, "document inset")
    });
    let body = view! {
        <FormError form=form.clone()/>
        {agreement}
        {fields(w, step, &form, &view)}
        {foot(&ask, &view, place)}
    };
    Ok(view! {
        <Title text=title.clone()/>
        <div class="page">
            <section class="card stack narrow">
                {progress(&view, place, counted.clone())}
                <div class="stack tight">
                    <h1 class="h2">{title}</h1>
                    <p class="quiet">{counted} " " {lead}</p>
                </div>
                {island(step, body.into_any())}
            </section>
        </div>
    }
    .into_any())
}

/// A box is drawn ticked only when the person ticked it.
fn shown_values(view: &ProfileView) -> std::collections::BTreeMap<String, String> {
    let boxed = |name: &str| {
        name.starts_with("consent_") || matches!(name, "agreement_esign" | "income_proof")
    };
    let ticked = |text: &str| !text.is_empty() && text != "no";
    let values = view
        .values
        .iter()
        .filter(|(name, text)| !boxed(name) || ticked(text));
    values
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect()
}

fn progress(view: &ProfileView, place: usize, label: String) -> impl IntoView {
    let done = view.steps.iter().map(|(_, done)| *done).collect();
    view! { <Stepper done current=place label/> }
}

fn fields(w: Words, step: Step, form: &FormState, view: &ProfileView) -> impl IntoView + use<> {
    let full = view.full;
    let drawn = profile::fields(step, full, view.email)
        .into_iter()
        .filter(|field| asked(field.name, full))
        .map(|field| draw(w, form, field.name, field.required));
    let drawn = drawn.collect_view();
    // Short answers stand two in a row on a wide screen; boxes have long texts and stand alone.
    let class = if matches!(step, Step::Agreement | Step::Consents) {
        "stack"
    } else {
        "pair"
    };
    view! { <div class=class>{drawn}</div> }
}

fn foot(ask: &Ask, view: &ProfileView, place: usize) -> impl IntoView {
    let w = ask.words;
    let before = place.checked_sub(1).and_then(|index| view.steps.get(index));
    let back = before.map_or_else(|| "/".to_owned(), |(step, _)| step_page(*step));
    let onward = match view.steps.get(place + 1) {
        Some((step, _)) => {
            let title = w.t(&format!("profile-{}-title", step.slug()));
            t!(w, "profile-next", title = lower_first(&title))
        }
        None => w.t("profile-review"),
    };
    let offset = ask.cabinet.lender().clock_offset_minutes;
    let saved = view.saved_at.map(|at| {
        let at = format::moment(w, at, offset);
        view! { <span class="saved" id="saved">{t!(w, "profile-saved", at = at)}</span> }
    });
    view! {
        <div class="row"><a href=back>{w.t("back")}</a>{saved}</div>
        <button class="button wide" type="submit">{onward}</button>
    }
}

/// «Паспорт» inside a sentence.
fn lower_first(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

fn island(step: Step, body: AnyView) -> AnyView {
    match step {
        Step::Agreement => view! { <AgreementForm class="stack">{body}</AgreementForm> }.into_any(),
        Step::Person => view! { <PersonForm class="stack">{body}</PersonForm> }.into_any(),
        Step::Passport => view! { <PassportForm class="stack">{body}</PassportForm> }.into_any(),
        Step::Address => view! { <AddressForm class="stack">{body}</AddressForm> }.into_any(),
        Step::Work => view! { <WorkForm class="stack">{body}</WorkForm> }.into_any(),
        Step::Consents => view! { <ConsentsForm class="stack">{body}</ConsentsForm> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_through_the_questionnaire() {
        assert_eq!(next_page(Some(Step::Passport)), "/apply/passport");
        assert_eq!(next_page(None), "/apply/review");
        assert_eq!(lower_first("Паспорт"), "паспорт");
        assert_eq!(lower_first(""), "");
    }
}
