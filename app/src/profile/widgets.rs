//! How each field of the questionnaire is drawn: its control, its keyboard, what the browser may
//! fill in.

use cabinet::document::LegalKind;
use cabinet::profile::{EDUCATION, REGIONS};
use cabinet::suggest::{Wanted, built_in};
use leptos::prelude::*;
use locales::{Words, t};

use crate::ui::control::SelectField;
use crate::ui::field::{ChoiceField, FormState, Suggest, TextField, TickField};

/// A field's control.
pub enum Shape {
    /// A line of text.
    Line {
        /// The keyboard.
        mode: &'static str,
        /// The autocomplete token.
        complete: &'static str,
        /// CSS classes: `short` for short answers, `wide` for a row of its own.
        class: &'static str,
        /// The most characters.
        max: u32,
    },
    /// One of a few.
    Choice(&'static [&'static str]),
    /// One of the regions.
    Region,
    /// A box to tick, with the text it agrees to.
    Tick(Option<LegalKind>),
}

const fn line(mode: &'static str, complete: &'static str, class: &'static str, max: u32) -> Shape {
    Shape::Line {
        mode,
        complete,
        class,
        max,
    }
}

/// The control of a field.
pub fn shape(name: &str) -> Shape {
    const NUMBERS: &str = "numeric";
    match name {
        "last_name" => line("text", "family-name", "", 60),
        "first_name" => line("text", "given-name", "", 60),
        "middle_name" => line("text", "additional-name", "", 60),
        "birth_date" => line(NUMBERS, "bday", "short", 10),
        "passport" | "inn" => line(NUMBERS, "off", "short", 14),
        "passport_code" => line(NUMBERS, "off", "short", 7),
        "passport_date" => line(NUMBERS, "off", "short", 10),
        "citizenship" => line("text", "country-name", "", 60),
        "city" => line("text", "address-level2", "", 60),
        "street" => line("text", "address-line1", "wide", 200),
        "house" | "flat" => line("text", "off", "short", 20),
        "employer" => line("text", "organization", "", 200),
        "position" => line("text", "organization-title", "", 200),
        "income" | "expenses" | "obligations" => line("decimal", "off", "short", 20),
        "email" => line("email", "email", "", 254),
        "sex" => Shape::Choice(&["male", "female"]),
        "education" => Shape::Choice(EDUCATION),
        "public_official" => Shape::Choice(&["no", "yes"]),
        "region" => Shape::Region,
        "agreement_esign" => Shape::Tick(Some(LegalKind::EsignAgreement)),
        "consent_personal_data" => Shape::Tick(Some(LegalKind::PersonalData)),
        "consent_bureau" => Shape::Tick(Some(LegalKind::Bureau)),
        "consent_third_parties" => Shape::Tick(Some(LegalKind::ThirdParties)),
        "consent_marketing" => Shape::Tick(Some(LegalKind::Marketing)),
        "income_proof" => Shape::Tick(None),
        _ => line("text", "off", "wide", 200),
    }
}

/// Fields with suggestions.
const SUGGESTED: [&str; 5] = ["last_name", "first_name", "middle_name", "city", "street"];

/// Our own list for a field, as far as the page knows what narrows it.
fn suggested(form: &FormState, name: &str) -> Vec<&'static str> {
    let wanted = Wanted::of(name, &form.value("region"), &form.value("city"));
    wanted.map(|wanted| built_in(&wanted)).unwrap_or_default()
}

/// The message that names a field: `profile-last-name`.
pub fn key(name: &str) -> String {
    format!("profile-{}", name.replace('_', "-"))
}

/// A field in words, for a list of what changed; one that this page does not know is named as it is.
pub fn field_name(w: Words, name: &str) -> String {
    let key = key(name);
    if w.has(&key) {
        w.t(&key)
    } else {
        w.t("person-phone")
    }
}

/// A field, with its label, hint and error.
/// `live`: whether scripts may ask for suggestions, of somebody signed in.
pub fn draw(w: Words, form: &FormState, name: &'static str, required: bool, live: bool) -> AnyView {
    let key = key(name);
    let hint_key = format!("{key}-hint");
    let hint = if w.has(&hint_key) {
        w.t(&hint_key)
    } else {
        String::new()
    };
    let hint = match form.origins.get(name) {
        Some(provider) => {
            let origin = t!(w, "profile-claimed-field", provider = provider);
            format!("{origin} {hint}").trim().to_owned()
        }
        None => hint,
    };
    let form = form.clone();
    let suggest = SUGGESTED.contains(&name).then(|| Suggest {
        list: suggested(&form, name),
        live,
    });
    let label = if required {
        w.t(&key)
    } else {
        t!(w, "profile-optional", label = w.t(&key))
    };
    match shape(name) {
        Shape::Line {
            mode,
            complete,
            class,
            max,
        } => {
            let kind = if name == "email" { "email" } else { "text" };
            view! {
                <TextField form name label hint kind=kind mode=mode complete=complete class max suggest/>
            }
            .into_any()
        }
        Shape::Choice(values) => {
            let options = values
                .iter()
                .map(|value| ((*value).to_owned(), w.t(&format!("{key}-{value}"))))
                .collect();
            view! { <ChoiceField form name label options hint/> }.into_any()
        }
        Shape::Region => regions(w, &form, name, label).into_any(),
        Shape::Tick(text) => tick(w, form, name, text, hint),
    }
}

fn tick(
    w: Words,
    form: FormState,
    name: &'static str,
    text: Option<LegalKind>,
    hint: String,
) -> AnyView {
    let link = text.map(|kind| {
        let href = format!("/legal/{}", kind.code());
        view! { " " <a href=href target="_blank" rel="noopener">{w.t("profile-text")}</a> }
    });
    view! {
        <TickField form=form name=name>
            {w.t(&key(name))}
            {link}
            {(!hint.is_empty()).then(|| view! { " " <span class="quiet">{hint}</span> })}
        </TickField>
    }
    .into_any()
}

fn regions(w: Words, form: &FormState, name: &'static str, label: String) -> impl IntoView {
    let mut named: Vec<(String, String)> = REGIONS
        .iter()
        .map(|code| ((*code).to_owned(), w.t(&format!("cabinet-region-{code}"))))
        .collect();
    named.sort_by(|one, other| one.1.cmp(&other.1));
    let form = form.clone();
    view! {
        <SelectField form name label options=named choose=w.t("profile-region-choose")
            complete=Some("address-level1")/>
    }
}
