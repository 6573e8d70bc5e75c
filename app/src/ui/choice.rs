//! A choice among ways with their prices; nothing is chosen beforehand against the person's interest.

use leptos::prelude::*;

/// One way.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// The value sent.
    pub value: &'static str,
    /// The id of its sum, where something refers to it.
    pub mark: Option<&'static str>,
    /// Its name.
    pub title: String,
    /// What it costs: kopecks and their text.
    pub sum: Option<lending::Kopecks>,
    /// What it means.
    pub why: String,
}

/// Ways as radio buttons in frames, with what each costs.
#[component]
pub fn WaysField(
    form: super::field::FormState,
    name: &'static str,
    /// The question.
    #[prop(into)]
    label: String,
    ways: Vec<Way>,
) -> impl IntoView {
    let chosen = form.value(name);
    let error = form.errors.get(name).cloned();
    let error_id = format!("f-{name}-error");
    let wrong = error.is_some();
    let ways = ways
        .into_iter()
        .map(|way| {
            let id = format!("{name}-{}", way.value);
            let sum = way.sum.map(|sum| {
                view! {
                    <span class="sum" id=way.mark data-kopecks=sum.get().to_string()>{sum.to_string()}</span>
                }
            });
            let checked = chosen == way.value;
            view! {
                <label>
                    <input type="radio" name=name value=way.value id=id checked=checked
                        autofocus=wrong aria-describedby=error_id.clone()/>
                    <b>{way.title}</b>
                    {sum}
                    <span class="why">{way.why}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="fork field" data-field=name data-error=wrong.then_some("")>
            <legend>{label}</legend>
            {ways}
            <p class="error" id=error_id.clone() hidden=!wrong>{error}</p>
        </fieldset>
    }
}
