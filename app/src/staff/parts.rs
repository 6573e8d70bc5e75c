//! Pieces that several pages of the workplace share.

use cabinet::ids::BorrowerId;
use cabinet::lender::help::Evidence;
use cabinet::staff::waits_long;
use cabinet::upload::UploadView;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::routes::Made;
use crate::lender::evidence;
use crate::ui::field::{FormError, FormState};
use crate::ui::state::{Kind, StateOf};

/// A row of a queue: where it leads, what stands in its cells, whether it waits for too long.
pub struct Line {
    /// The page of the row.
    pub href: String,
    /// The first cell: what it is.
    pub title: String,
    /// The other cells.
    pub cells: Vec<String>,
    /// Since when, in words.
    pub age: String,
    /// It waits for too long.
    pub late: bool,
}

/// A queue, oldest first; the columns' names go with the cells, the age stands last.
pub fn queue(w: Words, columns: &[&str], lines: Vec<Line>) -> AnyView {
    if lines.is_empty() {
        return view! {
            <section class="card" id="empty">
                <StateOf kind=Kind::Done title=w.t("staff-queue-empty") text=w.t("staff-queue-empty-what")/>
            </section>
        }
        .into_any();
    }
    let names: Vec<String> = columns.iter().map(|key| w.t(key)).collect();
    let heads = names
        .iter()
        .map(|name| view! { <th scope="col">{name.clone()}</th> })
        .collect_view();
    let late = w.t("staff-late");
    let age_name = w.t("staff-age");
    let rows = lines
        .into_iter()
        .map(|line| {
            let cells = names
                .iter()
                .skip(1)
                .zip(line.cells)
                .map(|(name, text)| view! { <td data-label=name.clone()>{text}</td> })
                .collect_view();
            let badge = line
                .late
                .then(|| view! { <span class="badge bad">{late.clone()}</span>" " });
            view! {
                <tr data-status=line.late.then_some("late")>
                    <th scope="row"><a href=line.href data-open="">{line.title}</a></th>
                    {cells}
                    <td data-label=age_name.clone()><span>{badge}{line.age}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" data-queue="">
            <table class="cards">
                <thead><tr>{heads}<th scope="col">{age_name.clone()}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// The mark of what has waited for a second person too long.
pub fn late(desk: &Desk, since: DateTime<Utc>) -> Option<AnyView> {
    let badge = || {
        let text = desk.words.t("staff-late");
        view! { <span class="badge bad" data-late="">{text}</span> }.into_any()
    };
    waits_long(&desk.cabinet, since).then(badge)
}

/// A filter of a queue: a form that asks again with `show` of these values.
pub fn filter(desk: &Desk, values: &[(&str, String)]) -> impl IntoView + use<> {
    let w = desk.words;
    let chosen = desk.asked("show").to_owned();
    let options = values
        .iter()
        .map(|(value, name)| {
            let selected = *value == chosen;
            view! { <option value=(*value).to_owned() selected=selected>{name.clone()}</option> }
        })
        .collect_view();
    view! {
        <form class="filter" method="get" action=desk.path.clone() data-filter="">
            <div class="field">
                <label for="f-show">{w.t("staff-filter")}</label>
                <select id="f-show" name="show">{options}</select>
            </div>
            <button class="button second" type="submit">{w.t("staff-filter-apply")}</button>
        </form>
    }
}

/// A reason to type: it goes to the log, and the borrower may read it.
#[component]
pub fn ReasonField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] hint: String,
    /// Where a page has two fields of one name.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("f-{name}"));
    let error = form.errors.get(&name).cloned();
    let wrong = error.is_some();
    let (error_id, hint_id) = (format!("{id}-error"), format!("{id}-hint"));
    let described = format!("{error_id} {hint_id}");
    let kept = form.value(&name);
    view! {
        <div class="field" data-field=name.clone() data-error=wrong.then_some("")>
            <label for=id.clone()>{label}</label>
            <input id=id.clone() name=name.clone() type="text" value=kept maxlength="500" autocomplete="off" autofocus=wrong
                aria-describedby=described aria-invalid=wrong.then_some("true")/>
            <p class="error" id=error_id hidden=!wrong>{error}</p>
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
}

/// The errors and values of the form that was sent, and nothing for the others of the same page.
pub fn form_of(desk: &Desk, name: &str) -> FormState {
    let sent = desk.text("form") == name;
    if sent {
        desk.form.clone()
    } else {
        FormState::default()
    }
}

/// Which form of its page it is.
pub fn named(name: &str) -> impl IntoView + use<> {
    view! { <input type="hidden" name="form" value=name.to_owned()/> }
}

/// The second person's word, or why it can't be this person's.
pub fn agreeing(desk: &Desk, own: bool) -> AnyView {
    let w = desk.words;
    if own {
        return view! { <p class="note plain" id="own">{w.t("staff-own")}</p> }.into_any();
    }
    let form = form_of(desk, "approve");
    view! {
        <form class="stack" method="post" action=format!("{}/approve", desk.path) id="approve">
            {named("approve")}
            <FormError form/>
            <button class="button wide" type="submit">{w.t("staff-approve")}</button>
        </form>
    }
    .into_any()
}

/// A refusal with its reason: the address's last part, the field, and the keys of its label and hint.
pub fn refusing(desk: &Desk, name: &str, field: &str, (label, hint): (&str, &str)) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, name);
    view! {
        <section class="card stack">
            <h2>{w.t("staff-refuse")}</h2>
            <form class="stack" method="post" action=format!("{}/{name}", desk.path) id=name.to_owned()>
                {named(name)}
                <FormError form=form.clone()/>
                <ReasonField form name=field label=w.t(label) hint=w.t(hint)/>
                <button class="button danger wide" type="submit">{w.t("staff-refuse")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Working days to the last day of the answer, or since it.
pub fn left(w: Words, days: i64) -> String {
    if days < 0 {
        return t!(w, "staff-days-late", count = -days);
    }
    t!(w, "staff-days-left", count = days)
}

/// What a person opens with a reason: the key of its heading, and why one is asked for.
pub fn asking_why(desk: &Desk, heading: &str, lead: &str) -> AnyView {
    let w = desk.words;
    view! {
        <section class="card stack">
            <h2>{w.t(heading)}</h2>
            <p class="quiet">{w.t(lead)}</p>
            {opening(desk, "staff-open")}
        </section>
    }
    .into_any()
}

/// The form that opens a page's insides with a reason; the key of its button.
pub fn opening(desk: &Desk, button: &str) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "open");
    view! {
        <form class="stack" method="post" action=format!("{}/open", desk.path) id="open">
            {named("open")}
            <FormError form=form.clone()/>
            <ReasonField form name="why" label=w.t("staff-reason") hint=w.t("staff-reason-hint")/>
            <button class="button" type="submit">{w.t(button)}</button>
        </form>
    }
    .into_any()
}

/// The button that takes something for oneself, from the queue or from a colleague.
pub fn taking(desk: &Desk, from_colleague: bool) -> AnyView {
    let key = if from_colleague {
        "staff-appeal-take-over"
    } else {
        "staff-appeal-take"
    };
    view! {
        <form class="card stack" method="post" action=format!("{}/take", desk.path) id="take">
            {named("take")}
            <FormError form=form_of(desk, "take")/>
            <button class="button wide" type="submit">{desk.words.t(key)}</button>
        </form>
    }
    .into_any()
}

/// A step with a reason, folded until it is wanted: the form's name is its field's too; keys of the heading, the hint
/// and the button.
pub fn folded(desk: &Desk, name: &str, (heading, hint, button): (&str, &str, &str)) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, name);
    let open = form.has_errors();
    view! {
        <details class="card stack" open=open>
            <summary>{w.t(heading)}</summary>
            <form class="stack" method="post" action=format!("{}/{name}", desk.path) id=name.to_owned()>
                {named(name)}
                <FormError form=form.clone()/>
                <ReasonField form name label=w.t("staff-reason") hint=w.t(hint)/>
                <button class="button second wide" type="submit">{w.t(button)}</button>
            </form>
        </details>
    }
    .into_any()
}

/// Ten working days more, with a reason that whoever asked is told.
pub fn asking_time(desk: &Desk) -> AnyView {
    let texts = (
        "staff-appeal-longer",
        "staff-appeal-longer-lead",
        "staff-appeal-longer-now",
    );
    folded(desk, "longer", texts)
}

/// The lender's checklist of evidence, as boxes of the form of this name.
pub fn checklist(desk: &Desk, name: &str, asked: &[Evidence]) -> Option<AnyView> {
    if asked.is_empty() {
        return None;
    }
    let w = desk.words;
    let form = form_of(desk, name);
    let boxes: Vec<_> = asked
        .iter()
        .map(|item| {
            let (name, id) = (item.code(), format!("f-{}", item.code()));
            let checked = form.values.contains_key(name);
            view! {
                <label class="tick" for=id.clone()>
                    <input id=id.clone() type="checkbox" name=name value="yes" checked=checked/>
                    <span>{evidence(w, &[*item])}</span>
                </label>
            }
        })
        .collect();
    let error = form.errors.get("evidence").cloned();
    let wrong = error.is_some();
    Some(
        view! {
            <fieldset class="field" data-error=wrong.then_some("")>
                <legend>{w.t("staff-request-compare")}</legend>
                {boxes}
                <p class="error" hidden=!wrong>{error}</p>
            </fieldset>
        }
        .into_any(),
    )
}

/// What was ticked of the evidence.
pub fn ticked(desk: &Desk) -> Vec<Evidence> {
    let all = Evidence::ALL.into_iter();
    all.filter(|item| desk.ticked(item.code())).collect()
}

/// Pictures that came with something, each a link to the page's own address.
pub fn pictures(desk: &Desk, uploads: &[UploadView]) -> AnyView {
    let w = desk.words;
    let items: Vec<_> = uploads
        .iter()
        .map(|picture| {
            let href = format!("{}/pictures/{}", desk.path, picture.id);
            let name = w.t(&format!("papers-{}", picture.kind.code().replace('_', "-")));
            view! { <li><a href=href>{name}</a>" "<span class="small">{desk.moment(picture.at)}</span></li> }
        })
        .collect();
    let none = items.is_empty();
    view! {
        <h3>{w.t("staff-papers")}</h3>
        {none.then(|| view! { <p class="quiet">{w.t("staff-papers-none")}</p> })}
        <ul class="plain stack tight">{items}</ul>
    }
    .into_any()
}

/// A picture of ours, shown in place.
pub fn jpeg(bytes: Vec<u8>) -> Made {
    Made {
        kind: "image/jpeg",
        name: None,
        bytes,
    }
}

/// The way to a person's card.
pub fn person_link(w: Words, borrower: Option<BorrowerId>) -> AnyView {
    match borrower {
        Some(id) => {
            view! { <p><a href=format!("/staff/people/{id}") id="to-person">{w.t("staff-to-person")}</a></p> }
                .into_any()
        }
        None => ().into_any(),
    }
}
