//! `/notices`: what was told, and the choice of channels and quiet hours.

use cabinet::document::LegalKind;
use cabinet::notice::{self, Channel, Choices, Event, Kept, LEFT_HOURS, Told};
use cabinet::profile;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::forms::{ChooseForm, ReadForm};
use super::ledger::ledger;
use crate::request::Ask;
use crate::ui::field::{FormError, FormState, TickField};
use crate::ui::format;
use crate::ui::page::page;

/// The list, and what to put into it.
#[component]
pub fn NoticesPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let (form, w) = (ask.form("notices").await, ask.words);
        let told = notice::list(&ask.cabinet, borrower).await?;
        let choices = notice::choices(&ask.cabinet, borrower).await?;
        let mail = notice::reachable(&ask.cabinet, borrower, Channel::Mail).await?;
        let push = notice::reachable(&ask.cabinet, borrower, Channel::Push).await?;
        let consents = profile::consents(&ask.cabinet, borrower).await?;
        let advertising = consents.iter().any(|one| one.kind == LegalKind::Marketing);
        let reach = Reach {
            mail,
            push,
            advertising,
        };
        let lines = ledger(&ask, borrower).await?;
        Ok(view! {
            <Title text=w.t("notices-title")/>
            <div class="page">
                <section class="card stack narrow" id="notices">
                    <h1 class="h2">{w.t("notices-title")}</h1>
                    {list(&ask, &told)}
                </section>
                <section class="card stack loose narrow" id="choices">
                    <div class="stack tight">
                        <h2>{w.t("notices-choose")}</h2>
                        <p class="quiet">{w.t("notices-choose-lead")}</p>
                    </div>
                    {choosing(&ask, &form, &choices, reach)}
                </section>
                {lines}
            </div>
        }
        .into_any())
    })
}

fn list(ask: &Ask, told: &[Told]) -> AnyView {
    let w = ask.words;
    let Some(newest) = told.first() else {
        return view! { <p class="quiet" id="no-notices">{w.t("notices-none")}</p> }.into_any();
    };
    let unread = told.iter().any(|line| !line.read);
    let read = unread.then(|| {
        let upto = newest.at.timestamp_millis().to_string();
        view! {
            <ReadForm>
                <input type="hidden" name="upto" value=upto/>
                <button class="button second" type="submit" id="read">{w.t("notices-read")}</button>
            </ReadForm>
        }
    });
    let rows = told.iter().map(|line| row(ask, line)).collect::<Vec<_>>();
    view! {
        {read}
        <ul class="plain stack loose notices">{rows}</ul>
    }
    .into_any()
}

fn row(ask: &Ask, line: &Told) -> impl IntoView + use<> {
    let w = ask.words;
    let at = format::moment(w, line.at, ask.cabinet.lender().clock_offset_minutes);
    let place = match (line.loan, line.event) {
        (Some(loan), _) => Some((format!("/loans/{loan}"), "notices-to-loan")),
        (None, Event::Decision) => Some(("/application".to_owned(), "notices-to-application")),
        (None, Event::Offer) => Some(("/offers".to_owned(), "notices-to-offers")),
        (None, Event::Chat) => Some(("/chat".to_owned(), "notices-to-chat")),
        _ => None,
    };
    let fresh = (!line.read).then(|| {
        view! { <b class="fresh">{w.t("notices-fresh")} " · "</b> }
    });
    let place = place.map(|(href, key)| view! { <a href=href>{w.t(key)}</a> });
    view! {
        <li class="stack tight" data-event=line.event.code() data-read=line.read.to_string()>
            <span class="small">{fresh} {w.t(name(line.event))} " · " {at}</span>
            <p>{line.text.clone()}</p>
            {place}
        </li>
    }
}

/// The message that names an event.
pub(super) const fn name(event: Event) -> &'static str {
    match event {
        Event::Due7 => "notices-event-due-7",
        Event::Due3 => "notices-event-due-3",
        Event::Due1 => "notices-event-due-1",
        Event::Due0 => "notices-event-due-0",
        Event::Debit => "notices-event-debit",
        Event::Overdue => "notices-event-overdue",
        Event::Decision => "notices-event-decision",
        Event::Payout => "notices-event-payout",
        Event::Receipt => "notices-event-receipt",
        Event::Closing => "notices-event-closing",
        Event::Chat => "notices-event-chat",
        Event::Bonus => "notices-event-bonus",
        Event::Offer => "notices-event-offer",
    }
}

/// The message that names a channel in a word.
pub(super) const fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "notices-channel-sms",
        Channel::Mail => "notices-channel-mail",
        Channel::Push => "notices-channel-push",
        Channel::InApp => "notices-channel-inapp",
    }
}

/// By which ways somebody can be told at all.
#[derive(Clone, Copy)]
struct Reach {
    mail: bool,
    push: bool,
    advertising: bool,
}

fn choosing(ask: &Ask, form: &FormState, choices: &Choices, reach: Reach) -> impl IntoView + use<> {
    let w = ask.words;
    // What was ticked when the form was refused stays ticked.
    let ticked: Option<Vec<String>> = form.has_errors().then(|| {
        let typed = form.value("on");
        typed.split(' ').map(str::to_owned).collect()
    });
    let heads = Channel::ALL.map(|channel| {
        view! { <th scope="col">{w.t(channel_name(channel))}</th> }
    });
    let chosen = Event::ALL.into_iter().filter(|event| !event.bought());
    let rows = chosen.map(|event| {
        let boxes = Channel::ALL.map(|channel| {
            let value = format!("{channel}.{}", event.code());
            let on = ticked.as_ref().map_or_else(
                || choices.wants(event, channel),
                |typed| typed.contains(&value),
            );
            tick(w, event, channel, value, on)
        });
        view! {
            <tr><th scope="row">{w.t(name(event))}</th>{boxes}</tr>
        }
    });
    let rows = rows.collect_view();
    let mail = (!reach.mail).then(|| {
        view! { <p class="small">{w.t("notices-no-mail")} " " <a href="/security">{w.t("notices-add-mail")}</a></p> }
    });
    let push = (!reach.push).then(|| view! { <p class="small">{w.t("notices-no-push")}</p> });
    let offers = (!reach.advertising).then(|| {
        view! { <p class="small" id="no-advertising">{w.t("notices-no-advertising")}</p> }
    });
    let hours = hours(w, form, choices);
    let form = form.clone();
    view! {
        <ChooseForm class="stack loose">
            <FormError form=form/>
            <div class="field" data-field="on">
                <table class="channels">
                    <thead><tr><th scope="col">{w.t("notices-what")}</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="error" hidden></p>
            </div>
            <div class="stack tight">
                <p class="small">{w.t("notices-kept-law")}</p>
                <p class="small">{w.t("notices-kept-record")}</p>
                <p class="small">{w.t("notices-kept-codes")}</p>
                {mail}
                {push}
                {offers}
            </div>
            {hours}
            <button class="button wide" type="submit">{w.t("person-save")}</button>
        </ChooseForm>
    }
}

fn tick(w: Words, event: Event, channel: Channel, value: String, on: bool) -> impl IntoView {
    let kept = event.kept(channel);
    let label = format!("{}: {}", w.t(name(event)), w.t(channel_name(channel)));
    let why = kept.map(|kept| match kept {
        Kept::Law => w.t("notices-kept-law"),
        Kept::Record => w.t("notices-kept-record"),
    });
    view! {
        <td>
            <label title=why>
                // A box that can't be changed is not sent: the server knows of it.
                <input type="checkbox" name="on[]" value=value checked=on || kept.is_some()
                    disabled=kept.is_some() aria-label=label/>
            </label>
        </td>
    }
}

fn hours(w: Words, form: &FormState, choices: &Choices) -> impl IntoView + use<> {
    let quiet = choices.quiet;
    let typed = form.has_errors();
    let hour = |name: &'static str, own: u32| {
        let chosen = form.values.get(name).cloned().filter(|_| typed);
        let chosen = chosen.unwrap_or_else(|| own.to_string());
        let options = (0..24)
            .map(|hour: u32| {
                let selected = chosen == hour.to_string();
                view! {
                    <option value=hour.to_string() selected=selected>{format!("{hour}:00")}</option>
                }
            })
            .collect::<Vec<_>>();
        let error = form.errors.get(name).cloned();
        let wrong = error.is_some();
        let id = format!("f-{name}");
        view! {
            <div class="field short" data-field=name data-error=wrong.then_some("")>
                <label for=id.clone()>{w.t(if name == "quiet_from" { "notices-quiet-from" } else { "notices-quiet-until" })}</label>
                <select id=id.clone() name=name class="short num" aria-describedby=format!("{id}-error")>{options}</select>
                <p class="error" id=format!("{id}-error") hidden=!wrong>{error}</p>
            </div>
        }
    };
    let mut answers = FormState::default();
    let ticked = if typed {
        form.values.contains_key("quiet_answers")
    } else {
        quiet.answers
    };
    if ticked {
        answers.values.insert("quiet_answers".into(), "yes".into());
    }
    let left = i64::try_from(LEFT_HOURS).unwrap_or_default();
    view! {
        <fieldset>
            <legend>{w.t("notices-quiet")}</legend>
            <p class="quiet">{t!(w, "notices-quiet-lead", count = left)}</p>
            <div class="pair">
                {hour("quiet_from", quiet.from)}
                {hour("quiet_until", quiet.until)}
            </div>
            <TickField form=answers name="quiet_answers">{w.t("notices-quiet-answers")}</TickField>
        </fieldset>
    }
}
