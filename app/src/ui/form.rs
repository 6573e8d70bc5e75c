//! Forms that work without WASM and answer in place with it.
//!
//! The markup, with its errors, comes from the server. An enhanced form only sends itself by `fetch` and writes
//! the errors of the answer where the server would have written them.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, FormData, HtmlElement, HtmlFormElement, RequestInit, Response, UrlSearchParams,
};

use crate::error::{ApiError, Code};

/// Declares the form of one server function, enhanced in the browser: `form_island!(PhoneForm, RequestCode);`
///
/// The address comes from the function's type. Every such form is the same island, [`LiveForm`]: an island
/// with a typed client of its own for each function weighed 10 KB apiece.
#[macro_export]
macro_rules! form_island {
    ($(#[$doc:meta])* $name:ident, $function:ty) => {
        $(#[$doc])*
        #[cfg(feature = "ssr")]
        #[leptos::component]
        pub fn $name(
            /// CSS classes of the form.
            #[prop(optional, into)]
            class: String,
            /// The server-rendered fields.
            children: leptos::children::Children,
        ) -> impl leptos::prelude::IntoView {
            use leptos::prelude::*;
            let action = <$function as leptos::server_fn::ServerFn>::url().to_owned();
            let no_connection = $crate::request::words().t("error-connection");
            view! {
                <$crate::ui::form::LiveForm action class no_connection>
                    {children()}
                </$crate::ui::form::LiveForm>
            }
        }
    };
}

/// A form that sends itself by `fetch` and shows the answer in place; without scripts, a plain form.
#[island]
pub fn LiveForm(
    /// Where it is sent.
    action: String,
    /// CSS classes of the form.
    class: String,
    /// What to say when there is no connection.
    no_connection: String,
    /// The server-rendered fields.
    children: Children,
) -> impl IntoView {
    let form = NodeRef::<leptos::html::Form>::new();
    Effect::new(move |_| {
        if let Some(form) = form.get() {
            // From here on the form answers in place.
            let _ = form.set_attribute("data-live", "");
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(form) = form.get_untracked() else {
            return;
        };
        if form.has_attribute("aria-busy") {
            return;
        }
        let no_connection = no_connection.clone();
        spawn_local(async move {
            let form: &HtmlFormElement = form.as_ref();
            set_busy(form, true);
            // The next page is on its way: the form stays busy until it comes.
            let Err(error) = exchange(form).await else {
                return;
            };
            set_busy(form, false);
            let mut error = error.unwrap_or_else(|| ApiError::new(Code::Unavailable, "connection"));
            if error.text.is_empty() && error.fields.is_empty() {
                error.text = no_connection;
            }
            show(form, &error);
        });
    };
    view! {
        <form node_ref=form action=action method="post" class=class novalidate on:submit=submit>
            {children()}
        </form>
    }
}

/// Sends the form; on success leaves for the page that the answer names. `Err(None)`: no answer came.
async fn exchange(form: &HtmlFormElement) -> Result<(), Option<ApiError>> {
    let lost = |_: JsValue| None;
    let window = web_sys::window().ok_or(None)?;
    let data = FormData::new_with_form(form).map_err(lost)?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&data).map_err(lost)?;
    let headers = web_sys::Headers::new().map_err(lost)?;
    headers.set("accept", "application/json").map_err(lost)?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&body);
    let answer = window.fetch_with_str_and_init(&form.action(), &request);
    let answer: Response = JsFuture::from(answer).await.map_err(lost)?.unchecked_into();
    if answer.ok() {
        let next = answer.headers().get("location").ok().flatten();
        let location = window.location();
        return match next {
            Some(next) => location.set_href(&next).map_err(lost),
            None => location.reload().map_err(lost),
        };
    }
    let text = JsFuture::from(answer.text().map_err(lost)?)
        .await
        .map_err(lost)?;
    Err(text
        .as_string()
        .and_then(|text| serde_json::from_str(&text).ok()))
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
    if error.code == Code::Forbidden && owed(&error.reason) {
        return;
    }
    each(form, "[data-field]", |field| {
        let name = field.get_attribute("data-field").unwrap_or_default();
        let text = error
            .fields
            .iter()
            .find(|item| item.field == name)
            .map(|item| item.text.as_str());
        mark(&field, text);
    });
    let known = |name: &str| {
        form.query_selector(&format!("[data-field='{name}']"))
            .ok()
            .flatten()
            .is_some()
    };
    let rest: Vec<&str> = error
        .fields
        .iter()
        .filter(|item| !known(&item.field))
        .map(|item| item.text.as_str())
        .collect();
    let general = if error.fields.is_empty() {
        error.text.clone()
    } else {
        rest.join(" ")
    };
    if let Ok(Some(slot)) = form.query_selector("[data-form-error]") {
        slot.set_text_content(Some(&general));
        let _ = slot.toggle_attribute_with_force("hidden", general.is_empty());
    }
    if let Ok(Some(first)) =
        form.query_selector("[aria-invalid=true], [data-form-error]:not([hidden])")
        && let Ok(first) = first.dyn_into::<HtmlElement>()
    {
        let _ = first.focus();
    }
}

/// A step that is owed before this form: the page that asks for it. False when nothing is owed.
fn owed(reason: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let location = window.location();
    match reason {
        // The page itself knows what to ask.
        "challenge" | "proof_needed" | "password_needed" => location.reload().is_ok(),
        "confirm_needed" => {
            let here = location.pathname().unwrap_or_default();
            location
                .set_href(&["/confirm?next=", &here].concat())
                .is_ok()
        }
        _ => false,
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
    let Ok(found) = root.query_selector_all(selector) else {
        return;
    };
    for index in 0..found.length() {
        if let Some(element) = found
            .item(index)
            .and_then(|node| node.dyn_into::<Element>().ok())
        {
            act(element);
        }
    }
}
