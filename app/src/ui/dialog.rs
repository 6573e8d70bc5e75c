//! A question before something that can't be taken back.

use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

/// A button and the native dialog it opens. `command` makes it modal where the browser knows it; elsewhere the same
/// dialog is a popover. Neither needs a script.
#[component]
pub fn Confirm(
    /// The dialog's id; the button's is `{id}-open`.
    #[prop(into)]
    id: String,
    /// What the button says.
    #[prop(into)]
    open: String,
    /// Classes of the button.
    #[prop(default = "button second wide")]
    class: &'static str,
    /// The question.
    #[prop(into)]
    title: String,
    /// What will happen.
    #[prop(into)]
    text: String,
    /// What the button that changes nothing says.
    #[prop(into)]
    cancel: String,
    /// The form that does it.
    children: Children,
) -> impl IntoView {
    let (opener, titled, told) = (
        format!("{id}-open"),
        format!("{id}-title"),
        format!("{id}-text"),
    );
    let modal = custom_attribute("command", "show-modal");
    let modal_for = custom_attribute("commandfor", id.clone());
    let close = custom_attribute("command", "close");
    let close_for = custom_attribute("commandfor", id.clone());
    let aside = custom_attribute("closedby", "any");
    let (dialog, named, shown, hidden) = (id.clone(), titled.clone(), id.clone(), id);
    let said = told.clone();
    view! {
        <button {..modal} {..modal_for} type="button" class=class id=opener popovertarget=shown>{open}</button>
        <dialog {..aside} id=dialog popover="auto" aria-labelledby=named aria-describedby=said>
            <div class="stack">
                <h2 id=titled>{title}</h2>
                <p id=told>{text}</p>
                {children()}
                <button {..close} {..close_for} type="button" class="button second wide" autofocus popovertarget=hidden
                    popovertargetaction="hide">{cancel}</button>
            </div>
        </dialog>
    }
}
