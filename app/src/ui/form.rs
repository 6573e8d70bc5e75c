//! Forms that work without WASM and answer in place with it.
//!
//! The markup, with its errors, comes from the server. An enhanced form only sends itself by `fetch` and writes
//! the errors of the answer where the server would have written them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement};

use crate::error::{ApiError, Code};

/// Declares an island that enhances the form of one server function: `form_island!(PhoneForm, RequestCode);`
#[macro_export]
macro_rules! form_island {
    ($(#[$doc:meta])* $name:ident, $function:ty) => {
        // The island's hydration calls this trait's method; a trait may come into scope more than once.
        #[allow(unused_imports)]
        use leptos::prelude::RenderHtml as _;
        $(#[$doc])*
        #[leptos::island]
        pub fn $name(
            /// CSS classes of the form.
            #[prop(optional, into)]
            class: Option<String>,
            /// The server-rendered fields.
            children: leptos::children::Children,
        ) -> impl leptos::prelude::IntoView {
            use leptos::prelude::*;
            let action = ServerAction::<$function>::new();
            let form = NodeRef::<leptos::html::Form>::new();
            $crate::ui::form::answer_in_place(form, action.pending(), move || action.value().get());
            view! {
                <leptos::form::ActionForm action=action node_ref=form attr:class=class attr:novalidate=true>
                    {children()}
                </leptos::form::ActionForm>
            }
        }
    };
}

/// Keeps the form busy while it is sent, and writes the answer's errors beside its fields.
pub fn answer_in_place<T: 'static>(
    form: NodeRef<leptos::html::Form>,
    pending: Memo<bool>,
    value: impl Fn() -> Option<Result<T, ApiError>> + 'static,
) {
    Effect::new(move |_| {
        let busy = pending.get();
        if let Some(form) = form.get_untracked() {
            let form: &HtmlFormElement = form.as_ref();
            // From here on the form answers in place.
            let _ = form.set_attribute("data-live", "");
            set_busy(form, busy);
        }
    });
    Effect::new(move |_| {
        let answer = value();
        if let (Some(form), Some(answer)) = (form.get_untracked(), answer) {
            let form: &HtmlFormElement = form.as_ref();
            match answer {
                // The answer redirects: stay busy until the next page comes.
                Ok(_) => set_busy(form, true),
                Err(error) => show(form, &error),
            }
        }
    });
}

fn set_busy(form: &HtmlFormElement, busy: bool) {
    if busy {
        let _ = form.set_attribute("aria-busy", "true");
    } else {
        let _ = form.remove_attribute("aria-busy");
    }
    each(form, "button:not([type=button])", |button| {
        let _ = button.toggle_attribute_with_force("disabled", busy);
    });
}

fn show(form: &HtmlFormElement, error: &ApiError) {
    if error.code == Code::Unauthenticated {
        // The session has ended: the page itself knows where to send the person.
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
        return;
    }
    each(form, "[data-field]", |field| {
        let name = field.get_attribute("data-field").unwrap_or_default();
        let text = error.fields.iter().find(|item| item.field == name).map(|item| item.text.as_str());
        mark(&field, text);
    });
    let known = |name: &str| form.query_selector(&format!("[data-field='{name}']")).ok().flatten().is_some();
    let rest: Vec<&str> =
        error.fields.iter().filter(|item| !known(&item.field)).map(|item| item.text.as_str()).collect();
    let general = if error.fields.is_empty() { error.text.clone() } else { rest.join(" ") };
    if let Ok(Some(slot)) = form.query_selector("[data-form-error]") {
        slot.set_text_content(Some(&general));
        let _ = slot.toggle_attribute_with_force("hidden", general.is_empty());
    }
    if let Ok(Some(first)) = form.query_selector("[aria-invalid=true], [data-form-error]:not([hidden])")
        && let Ok(first) = first.dyn_into::<HtmlElement>()
    {
        let _ = first.focus();
    }
}

fn mark(field: &Element, text: Option<&str>) {
    let _ = field.toggle_attribute_with_force("data-error", text.is_some());
    if let Ok(Some(slot)) = field.query_selector(".error") {
        slot.set_text_content(text);
        let _ = slot.toggle_attribute_with_force("hidden", text.is_none());
    }
    if let Ok(Some(input)) = field.query_selector("input, select, textarea") {
        if text.is_some() {
            let _ = input.set_attribute("aria-invalid", "true");
        } else {
            let _ = input.remove_attribute("aria-invalid");
        }
    }
}

fn each(root: &Element, selector: &str, mut act: impl FnMut(Element)) {
    let Ok(found) = root.query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(element) = found.item(index).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(element);
        }
    }
}
