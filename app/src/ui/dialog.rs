//! A question before something that can't be taken back.

use leptos::prelude::*;

/// A button and the native dialog it opens, as a popover: no script is needed. With scripts `manners.js` opens it as
/// modal, so that what is behind it can't be reached.
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
    let (dialog, named, said, shown, hidden) =
        (id.clone(), titled.clone(), told.clone(), id.clone(), id);
    view! {
        <button type="button" class=class id=opener popovertarget=shown>{open}</button>
        <dialog id=dialog popover="auto" aria-labelledby=named aria-describedby=said>
            <div class="stack">
                <h2 id=titled>{title}</h2>
                <p id=told>{text}</p>
                {children()}
                <button type="button" class="button second wide" autofocus popovertarget=hidden
                    popovertargetaction="hide">{cancel}</button>
            </div>
        </dialog>
    }
}
