//! Fields of numbers: money with its sign, a number with a slider.

use lending::Kopecks;
use leptos::prelude::*;

use super::field::FormState;

/// A sum as somebody would write it into a field: `5 400` or `5 400,50`.
pub fn typed(sum: Kopecks) -> String {
    let roubles = sum.roubles_part();
    match sum.get() % 100 {
        0 => roubles,
        _ => format!("{roubles},{}", sum.kopecks_part()),
    }
}

/// A field of money: the sign stands in it, thousands are set apart when it is left.
#[component]
pub fn MoneyField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let id = format!("f-{name}");
    let error = form.errors.get(&name).cloned();
    let wrong = error.is_some();
    let described = format!("{id}-error {id}-hint");
    view! {
        <div class="field" data-field=name.clone() data-error=wrong.then_some("")>
            <label for=id.clone()>{label}</label>
            <span class="affix">
                <input id=id.clone() name=name.clone() type="text" inputmode="decimal" autocomplete="off"
                    value=form.value(&name) maxlength="20" autofocus=wrong aria-describedby=described
                    aria-invalid=wrong.then_some("true") data-money=""/>
                <span aria-hidden="true">"₽"</span>
            </span>
            <p class="error" id=format!("{id}-error") hidden=!wrong>{error}</p>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
        </div>
    }
}

/// The limits of a [`RangeField`].
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The least.
    pub min: u32,
    /// The greatest.
    pub max: u32,
}

/// A whole number to type, to step with − and +, and to slide. Without scripts the buttons send the form with
/// `step=<name>-less` or `step=<name>-more`, and there is no slider.
#[component]
pub fn RangeField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    limits: Limits,
    /// What «−» and «+» do, in words.
    steps: [String; 2],
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let id = format!("f-{name}");
    let error = form.errors.get(&name).cloned();
    let wrong = error.is_some();
    let value = form.value(&name);
    let (min, max) = (limits.min.to_string(), limits.max.to_string());
    let [less, more] = steps;
    let described = format!("{id}-error {id}-hint");
    view! {
        <div class="field dial" data-field=name.clone() data-error=wrong.then_some("") data-dial="">
            <label for=id.clone()>{label.clone()}</label>
            <div class="value">
                <button class="step" type="submit" name="step" value=format!("{name}-less") data-by="-1"
                    aria-label=less>"−"</button>
                <input type="text" id=id.clone() name=name.clone() inputmode="numeric" autocomplete="off"
                    value=value.clone() maxlength="10" autofocus=wrong aria-describedby=described
                    aria-invalid=wrong.then_some("true")/>
                <button class="step" type="submit" name="step" value=format!("{name}-more") data-by="1"
                    aria-label=more>"+"</button>
            </div>
            <input class="scripted" type="range" min=min.clone() max=max.clone() value=value aria-label=label/>
            <div class="ends small" aria-hidden="true"><span>{min}</span><span>{max}</span></div>
            <p class="error" id=format!("{id}-error") hidden=!wrong>{error}</p>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_written_as_it_is_typed() {
        assert_eq!(typed(Kopecks::new(54_000)), "540");
        assert_eq!(typed(Kopecks::new(540_050)), "5\u{a0}400,50");
    }
}
