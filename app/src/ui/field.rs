//! Form fields as the server draws them: label, input, hint, error; what was typed stays.

use std::collections::BTreeMap;

use leptos::prelude::*;

/// What a form is drawn from: kept values and the errors of the last try.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    /// Field name to typed text.
    pub values: BTreeMap<String, String>,
    /// Field name to error text, already in the person's language.
    pub errors: BTreeMap<String, String>,
    /// An error of the form as a whole.
    pub general: Option<String>,
    /// Who has filled a field in for the person: field name to a provider's name.
    pub origins: BTreeMap<String, String>,
}

impl FormState {
    /// The kept text of a field, or nothing.
    pub fn value(&self, name: &str) -> String {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// Whether anything is to be corrected.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.general.is_some()
    }
}

/// The form's own error, filled by the server or in place.
#[component]
pub fn FormError(form: FormState) -> impl IntoView {
    let hidden = form.general.is_none();
    view! {
        <p class="note bad" data-form-error role="alert" tabindex="-1" hidden=hidden>
            {form.general.unwrap_or_default()}
        </p>
    }
}

/// A text field. `kind` is the input's type; `mode` its keyboard; `complete` its autocomplete token.
#[component]
pub fn TextField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = "text", into)] kind: &'static str,
    #[prop(optional_no_strip, into)] mode: Option<&'static str>,
    #[prop(optional_no_strip, into)] complete: Option<&'static str>,
    #[prop(optional, into)] class: String,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] max: Option<u32>,
    /// Written when nothing was kept.
    #[prop(optional, into)]
    value: String,
    /// The page is about this field. A field to correct is always brought into view.
    #[prop(optional)]
    focus: bool,
    /// What may be meant: shown by the browser while one types.
    #[prop(optional_no_strip)]
    suggest: Option<Suggest>,
) -> impl IntoView {
    let id = format!("f-{name}");
    let error = form.errors.get(&name).cloned();
    let wrong = error.is_some();
    let list_id = suggest.is_some().then(|| format!("{id}-list"));
    let live = suggest.as_ref().is_some_and(|suggest| suggest.live);
    let list = suggest.map(|suggest| {
        let options = suggest.list.into_iter();
        let options = options.map(|text| view! { <option value=text></option> });
        view! { <datalist id=format!("{id}-list")>{options.collect_view()}</datalist> }
    });
    let kept = form.values.get(&name).cloned().unwrap_or(value);
    let error_id = format!("{id}-error");
    let hint_id = format!("{id}-hint");
    let described = if hint.is_empty() {
        error_id.clone()
    } else {
        format!("{error_id} {hint_id}")
    };
    view! {
        <div class=format!("field {class}") data-field=name.clone() data-error=wrong.then_some("")>
            <label for=id.clone()>{label}</label>
            <input
                id=id.clone()
                name=name.clone()
                type=kind
                value=kept
                inputmode=mode
                autocomplete=complete
                placeholder=placeholder
                maxlength=max.map(|max| max.to_string())
                list=list_id
                data-suggest=live.then_some("")
                autofocus=wrong || focus
                aria-describedby=described
                aria-invalid=wrong.then_some("true")
            />
            {list}
            <p class="error" id=error_id hidden=!wrong>{error}</p>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            // A code from an SMS can be put in by the browser itself.
            {(complete == Some("one-time-code")).then(access_script)}
        </div>
    }
}

/// What a field suggests.
#[derive(Debug, Clone, Default)]
pub struct Suggest {
    /// The list that is there without scripts.
    pub list: Vec<&'static str>,
    /// Whether scripts ask for more while one types: of somebody signed in.
    pub live: bool,
}

/// Asks for suggestions while one types: `public/suggest.js`.
pub fn suggest_script() -> impl IntoView {
    view! { <script r#type="module" nonce=leptos::nonce::use_nonce() src="/suggest.js"></script> }
}

/// What a few fields can do besides, where the browser runs scripts: `public/access.js`.
pub fn access_script() -> impl IntoView {
    view! { <script r#type="module" nonce=leptos::nonce::use_nonce() src="/access.js"></script> }
}

/// A password: never kept, may be pasted, and shown while it is typed.
#[component]
pub fn PasswordField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    /// `current-password` or `new-password`, for password managers.
    #[prop(into)]
    complete: &'static str,
    #[prop(optional)] focus: bool,
) -> impl IntoView {
    let words = crate::request::words();
    let id = format!("f-{name}");
    let error = form.errors.get(&name).cloned();
    let wrong = error.is_some();
    let (error_id, hint_id) = (format!("{id}-error"), format!("{id}-hint"));
    let described = format!("{error_id} {hint_id}");
    view! {
        <div class="field" data-field=name.clone() data-error=wrong.then_some("")>
            <label for=id.clone()>{label}</label>
            <input id=id.clone() name=name.clone() type="password" autocomplete=complete maxlength="128"
                autocapitalize="off" spellcheck="false" autofocus=wrong || focus
                aria-describedby=described aria-invalid=wrong.then_some("true")/>
            <p class="error" id=error_id hidden=!wrong>{error}</p>
            <p class="hint" id=hint_id>{hint}</p>
            <button class="link" type="button" hidden data-reveal=id aria-pressed="false">
                {words.t("access-show-password")}
            </button>
            {access_script()}
        </div>
    }
}

/// What was typed into a few lines, as the page's source has it: the view writes a text area's content as it
/// stands, and a browser drops the first line's end.
pub fn textarea_text(typed: &str) -> String {
    let safe = typed.replace('&', "&amp;").replace('<', "&lt;");
    format!("\n{}", safe.replace('>', "&gt;"))
}

/// A tick of its own: never set beforehand.
#[component]
pub fn TickField(
    form: FormState,
    #[prop(into)] name: String,
    /// The label and its links.
    children: Children,
) -> impl IntoView {
    let id = format!("f-{name}");
    let error = form.errors.get(&name).cloned();
    let error_id = format!("{id}-error");
    let wrong = error.is_some();
    let checked = form.values.contains_key(&name);
    view! {
        <div class="field" data-field=name.clone() data-error=wrong.then_some("")>
            <label class="tick" for=id.clone()>
                <input
                    id=id.clone()
                    type="checkbox"
                    name=name.clone()
                    value="yes"
                    checked=checked
                    autofocus=wrong
                    aria-describedby=error_id.clone()
                    aria-invalid=wrong.then_some("true")
                />
                <span>{children()}</span>
            </label>
            <p class="error" id=error_id hidden=!wrong>{error}</p>
        </div>
    }
}

/// One of a few, by radio buttons; nothing is chosen beforehand.
#[component]
pub fn ChoiceField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Value and label of each.
    options: Vec<(String, String)>,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let error = form.errors.get(&name).cloned();
    let error_id = format!("f-{name}-error");
    let wrong = error.is_some();
    let kept = form.value(&name);
    let choices = options
        .into_iter()
        .map(|(value, label)| {
            let checked = value == kept;
            let id = format!("f-{name}-{value}");
            view! {
                <label class="tick" for=id.clone()>
                    <input id=id.clone() type="radio" name=name.clone() value=value checked=checked
                        autofocus=wrong aria-describedby=error_id.clone()/>
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" data-field=name.clone() data-error=wrong.then_some("")>
            <legend>{label}</legend>
            {choices}
            <p class="error" id=error_id.clone() hidden=!wrong>{error}</p>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
        </fieldset>
    }
}
