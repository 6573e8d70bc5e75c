//! Fields that are no line of text: one of many, a few lines, a file. Label, control, hint and error as every field has them.

use leptos::prelude::*;

use super::field::{FormState, textarea_text};

/// What stands under a control: the error's place, and the hint.
fn below(id: &str, error: Option<String>, hint: String) -> impl IntoView + use<> {
    let wrong = error.is_some();
    let hint_id = format!("{id}-hint");
    view! {
        <p class="error" id=format!("{id}-error") hidden=!wrong>{error}</p>
        {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
    }
}

/// The ids of what is read out after the label.
fn described(id: &str, hint: &str) -> String {
    if hint.is_empty() {
        format!("{id}-error")
    } else {
        format!("{id}-error {id}-hint")
    }
}

/// One of many, by the browser's own list.
#[component]
pub fn SelectField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Value and title of each.
    options: Vec<(String, String)>,
    #[prop(optional, into)] hint: String,
    /// What stands there until one is chosen; without it the first is.
    #[prop(optional, into)]
    choose: String,
    #[prop(optional_no_strip, into)] complete: Option<&'static str>,
) -> impl IntoView {
    let id = format!("f-{name}");
    let (error, kept) = (form.errors.get(&name).cloned(), form.value(&name));
    let wrong = error.is_some();
    let first = (!choose.is_empty()).then(|| view! { <option value="">{choose}</option> });
    let options = options.into_iter().map(|(value, title)| {
        let selected = value == kept;
        view! { <option value=value selected=selected>{title}</option> }
    });
    view! {
        <div class="field" data-field=name.clone() data-error=wrong.then_some("")>
            <label for=id.clone()>{label}</label>
            <select id=id.clone() name=name.clone() autocomplete=complete autofocus=wrong
                aria-describedby=described(&id, &hint) aria-invalid=wrong.then_some("true")>
                {first}
                {options.collect_view()}
            </select>
            {below(&id, error, hint)}
        </div>
    }
}

/// A few lines to write in.
#[component]
pub fn LinesField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// How many lines are seen at once.
    #[prop(default = 6)]
    rows: u32,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let id = format!("f-{name}");
    let error = form.errors.get(&name).cloned();
    let wrong = error.is_some();
    // The text stands in an attribute of no kind: the page's own writer escapes it.
    let kept = textarea_text(&form.value(&name));
    view! {
        <div class="field" data-field=name.clone() data-error=wrong.then_some("")>
            <label for=id.clone()>{label}</label>
            <textarea id=id.clone() name=name.clone() rows=rows.to_string() maxlength="3000" autofocus=wrong
                aria-describedby=described(&id, &hint) aria-invalid=wrong.then_some("true")
                inner_html=kept></textarea>
            {below(&id, error, hint)}
        </div>
    }
}

/// A file of this device.
#[component]
pub fn FileField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Kinds of files, for the browser's dialog.
    accept: &'static str,
    #[prop(optional, into)] hint: String,
    /// The browser asks for it before anything is sent.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let id = format!("f-{name}");
    let error = form.errors.get(&name).cloned();
    let wrong = error.is_some();
    view! {
        <div class="field" data-field=name.clone() data-error=wrong.then_some("")>
            <label for=id.clone()>{label}</label>
            <input id=id.clone() type="file" name=name.clone() accept=accept required=required
                aria-describedby=described(&id, &hint) aria-invalid=wrong.then_some("true")/>
            {below(&id, error, hint)}
        </div>
    }
}
