//! `/feedback`: a question of somebody without a cabinet, and where it stands.

use cabinet::CabinetError;
use cabinet::support::{self, State};
use leptos::prelude::*;
use locales::t;

use super::appeals::long_field;
use crate::lender::hours;
use crate::request::Ask;
use crate::ui::field::{FormError, TextField};
use crate::ui::format::long_date;
use crate::ui::page::{Narrow, page};

/// The form.
#[component]
pub fn FeedbackPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let (form, w) = (ask.form("feedback").await, ask.words);
        let open = hours(w, &ask.cabinet.lender().help.hours);
        // Whoever has a cabinet reads the answer there.
        let inside = ask.borrower().is_ok().then(|| {
            view! { <p class="note plain"><a href="/appeals/new/question">{w.t("feedback-inside")}</a></p> }
        });
        Ok(view! {
            <Narrow title=w.t("feedback-title") lead=t!(w, "feedback-lead", hours = open)>
                {inside}
                <form class="stack" method="post" action="/api/v1/support/question" id="feedback">
                    <FormError form=form.clone()/>
                    <TextField form=form.clone() name="name" label=w.t("feedback-name") complete=Some("name")/>
                    <TextField form=form.clone() name="contact" label=w.t("feedback-contact")
                        hint=w.t("feedback-contact-hint") complete=Some("off")/>
                    {long_field(&form, "text", &w.t("feedback-text"))}
                    <button class="button wide" type="submit">{w.t("appeals-send")}</button>
                </form>
                <p><a href="/help">{w.t("help-link")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// Its place in the queue, for the session that wrote it.
#[component]
pub fn FeedbackSentPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let w = ask.words;
        let appeal = ask.who().and_then(|who| who.appeal);
        let appeal = appeal.ok_or(CabinetError::NotFound)?;
        let one = support::view_outside(&ask.cabinet, appeal).await?;
        let key = match one.state {
            State::Open => "feedback-waits",
            State::Taken | State::Proposed => "feedback-taken",
            _ => "feedback-answered",
        };
        let ahead = (one.state == State::Open).then(|| {
            view! { <p id="ahead" data-ahead=one.ahead.to_string()>{t!(w, "appeals-ahead", count = one.ahead)}</p> }
        });
        let due = t!(w, "appeals-due", date = long_date(w, one.due_on));
        let due = one.state.is_under_way().then(|| view! { <p>{due}</p> });
        let open = t!(
            w,
            "help-hours",
            hours = hours(w, &ask.cabinet.lender().help.hours)
        );
        Ok(view! {
            <Narrow title=w.t("feedback-sent") lead=w.t(key)>
                <div class="stack tight" id="sent" data-state=one.state.code()>
                    {ahead}
                    {due}
                    <p>{open}</p>
                </div>
                <p><a href="/help">{w.t("help-link")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}
