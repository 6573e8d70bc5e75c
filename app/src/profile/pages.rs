//! `/apply/{step}`: the pages of the questionnaire.

use crate::request::address::path_part;
use cabinet::application;
use cabinet::document::{self, LegalKind};
use cabinet::ids::BorrowerId;
use cabinet::lender::onboarding::Flow;
use cabinet::profile::{self, ProfileView, Step};
use lending::Kopecks;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::forms::{AddressForm, AgreementForm, ConsentsForm, PassportForm, PersonForm, WorkForm};
use super::legal::legal_text;
use super::widgets::draw;
use crate::request::Ask;
use crate::ui::field::{FormError, FormState, suggest_script};
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

/// The page that changes a part of what is known; consents have a page of their own.
pub fn edit_page(step: Step) -> String {
    match step {
        Step::Agreement | Step::Consents => "/consents".to_owned(),
        other => format!("/profile/{}", other.slug()),
    }
}

/// The amount that says how much is asked: what was chosen, else what was asked for last; where registering comes
/// before applying, all there is.
pub async fn asked_amount(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<Kopecks>> {
    if let Some(choice) = application::choice(&ask.cabinet, borrower).await? {
        return Ok(Some(choice.amount));
    }
    if let Some(last) = application::latest(&ask.cabinet, borrower).await? {
        return Ok(Some(last.amount));
    }
    let lender = ask.cabinet.lender();
    let first = lender.onboarding.flow == Flow::RegistrationFirst;
    Ok(first.then(|| lender.largest_amount()))
}

/// Where the questionnaire goes on: a page to fill, the last look at an application, or the cabinet when nothing is
/// being applied for.
pub async fn way_on(
    ask: &Ask,
    borrower: BorrowerId,
    next: Option<Step>,
) -> cabinet::Result<String> {
    if next.is_none() && application::choice(&ask.cabinet, borrower).await?.is_none() {
        return Ok("/cabinet".to_owned());
    }
    Ok(next_page(next))
}

/// What is known of somebody; nothing for somebody who was never asked.
pub async fn known(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<ProfileView>> {
    let amount = asked_amount(ask, borrower).await?;
    let view = profile::load(&ask.cabinet, borrower, amount.unwrap_or_default()).await?;
    Ok((!view.values.is_empty()).then_some(view))
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
    let slug = path_part("step");
    page(move |ask: Ask| async move { step(ask, &slug, false).await })
}

/// `/profile/{step}`: the same page for somebody who only corrects it.
#[component]
pub fn EditPage() -> impl IntoView {
    let slug = path_part("step");
    page(move |ask: Ask| async move { step(ask, &slug, true).await })
}

async fn step(ask: Ask, slug: &str, edited: bool) -> PageResult {
    let step = Step::from_slug(slug).ok_or(cabinet::CabinetError::NotFound)?;
    let borrower = ask.borrower()?;
    let Some(amount) = asked_amount(&ask, borrower).await? else {
        return Err(Stop::Go("/".to_owned()));
    };
    let view = profile::load(&ask.cabinet, borrower, amount).await?;
    let onward = way_on(&ask, borrower, view.next).await?;
    let Some(place) = view.steps.iter().position(|(known, _)| *known == step) else {
        return Err(Stop::Go(onward));
    };
    // The agreement on the signature comes first, the rest in its order: no page before its turn.
    let undone = view.steps.iter().position(|(_, done)| !done);
    if !edited && undone.is_some_and(|undone| undone < place) {
        return Err(Stop::Go(onward));
    }
    let problems = profile::problems(&ask.cabinet, borrower, step, amount).await?;
    let errors = ask
        .field_texts(&problems)
        .into_iter()
        .map(|item| (item.field, item.text))
        .collect();
    let general = ask.form(&page_form(step)).await.general;
    let mut form = FormState {
        values: shown_values(&view),
        errors,
        general,
        origins: std::collections::BTreeMap::new(),
    };
    let claimed = claimed(&ask, borrower, step, &view, &mut form).await?;
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
    let by_request = by_request(&ask, step, borrower).await?;
    let left_out = profile::left_out(&ask.cabinet, borrower, step, w.lang).await?;
    let given = left_out.map(|_| {
        view! {
            <p class="quiet" id="given">
                {w.t("profile-consent-given")} " " <a href="/legal/personal_data" target="_blank" rel="noopener">{w.t("profile-text")}</a>
            </p>
        }
    });
    let body = view! {
        <FormError form=form.clone()/>
        {claimed}
        {agreement}
        {double(w, step, &view)}
        {by_request}
        {fields(w, step, &form, &view, left_out)}
        {given}
        {if edited { foot_of_edit(w).into_any() } else { foot(&ask, &view, place).into_any() }}
    };
    Ok(view! {
        <Title text=title.clone()/>
        <div class="page">
            <section class="card stack narrow">
                {(!edited).then(|| progress(&view, place, counted.clone()))}
                <div class="stack tight">
                    <h1 class="h2">{title}</h1>
                    <p class="quiet">{(!edited).then(|| format!("{counted} "))} {lead}</p>
                </div>
                {island(step, body.into_any())}
            </section>
        </div>
    }
    .into_any())
}

/// Fills in what a linked provider says, where the person has not answered yet, and says whose words they are.
async fn claimed(
    ask: &Ask,
    borrower: cabinet::BorrowerId,
    step: Step,
    view: &ProfileView,
    form: &mut FormState,
) -> Result<Option<AnyView>, Stop> {
    let found = cabinet::access::identity_answers(&ask.cabinet, borrower).await?;
    let Some((provider, answers)) = found else {
        return Ok(None);
    };
    let w = ask.words;
    let lender = ask.cabinet.lender();
    let name = lender.access.identity_of(&provider);
    let name = name.map_or(provider.clone(), |offer| offer.name.of(w.lang).to_owned());
    for field in profile::fields(step, view.full, view.asks) {
        if let Some(text) = answers.get(field.name)
            && !view.values.contains_key(field.name)
        {
            form.values.insert(field.name.to_owned(), text.clone());
            form.origins.insert(field.name.to_owned(), name.clone());
        }
    }
    Ok((!form.origins.is_empty()).then(|| {
        view! { <p class="note plain" id="claimed">{t!(w, "profile-claimed", provider = &name)}</p> }
            .into_any()
    }))
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

fn fields(
    w: Words,
    step: Step,
    form: &FormState,
    view: &ProfileView,
    left_out: Option<&'static str>,
) -> impl IntoView + use<> {
    let full = view.full;
    let drawn = profile::fields(step, full, view.asks)
        .into_iter()
        .filter(|field| asked(field.name, full) && left_out != Some(field.name))
        .map(|field| draw(w, form, field.name, field.required, true));
    let drawn = drawn.collect_view();
    // Short answers stand two in a row on a wide screen; boxes have long texts and stand alone.
    let class = if matches!(step, Step::Agreement | Step::Consents) {
        "stack"
    } else {
        "pair"
    };
    let suggests = matches!(step, Step::Person | Step::Address).then(suggest_script);
    view! { <div class=class>{drawn}</div>{suggests} }
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

fn foot_of_edit(w: Words) -> impl IntoView {
    view! {
        <div class="row"><a href="/profile">{w.t("back")}</a></div>
        <button class="button wide" type="submit">{w.t("person-save")}</button>
    }
}

/// Another cabinet holds the same person: how to get to it, without saying anything of it.
fn double(w: Words, step: Step, view: &ProfileView) -> Option<impl IntoView + use<>> {
    (view.double && step == Step::Passport).then(|| {
        view! {
            <div class="note stack tight" id="double">
                <p>{w.t("person-double")}</p>
                <p><a href="/phone-change">{w.t("person-double-phone")}</a></p>
            </div>
        }
    })
}

/// The staff change this passport: where to ask them.
async fn by_request(
    ask: &Ask,
    step: Step,
    borrower: BorrowerId,
) -> cabinet::Result<Option<impl IntoView + use<>>> {
    let w = ask.words;
    let theirs =
        step == Step::Passport && profile::passport_by_request(&ask.cabinet, borrower).await?;
    Ok(theirs.then(|| {
        view! {
            <div class="note plain stack tight" id="passport-by-request">
                <p>{w.t("person-passport-by-request")}</p>
                <p><a href="/appeals/new/passport">{w.t("person-passport-request")}</a></p>
            </div>
        }
    }))
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
