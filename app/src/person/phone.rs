//! Another phone: asked from inside and from outside, and where it stands.

use cabinet::access::Form;
use cabinet::ids::BorrowerId;
use cabinet::lender::help::Meanwhile;
use cabinet::person::Hold;
use cabinet::request::{self, Kind, RequestView, State};
use cabinet::support;
use cabinet::upload::{self, Owner};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::forms::{CancelRequestForm, OwnPhoneForm, PhoneChangeForm};
use super::papers::{pictures, upload_form};
use crate::access::pages::challenge_field;
use crate::lender::{channel, evidence, hours};
use crate::request::Ask;
use crate::ui::field::{FormError, FormState, TextField};
use crate::ui::format;
use crate::ui::page::{Narrow, Stop, page};

fn new_phone(w: Words, form: FormState) -> impl IntoView {
    view! {
        <TextField form=form name="phone" label=w.t("phone-new") kind="tel" mode="tel"
            complete="tel" placeholder="+7 900 000-00-00" hint=w.t("phone-new-hint")/>
    }
}

/// What the lender does with such a request, in words.
fn rules(ask: &Ask) -> impl IntoView + use<> {
    let (w, lender) = (ask.words, ask.cabinet.lender());
    let rules = &lender.help.phone_change;
    let papers = (!rules.evidence.is_empty()).then(|| {
        let list = evidence(w, &rules.evidence);
        view! { <p>{t!(w, "help-phone-evidence", list = list)}</p> }
    });
    let meanwhile = match rules.meanwhile {
        Meanwhile::ReadAndPay => "help-phone-meanwhile",
        Meanwhile::Closed => "help-phone-closed",
    };
    let channels = rules.channels.iter().map(|it| channel(w, lender, *it));
    view! {
        <div class="stack tight" id="phone-rules">
            <p>{w.t("phone-rules")}</p>
            {papers}
            <p>{w.t(meanwhile)}</p>
            <details>
                <summary>{w.t("phone-other-ways")}</summary>
                <ul>{channels.collect_view()}</ul>
                <p class="small">{t!(w, "help-hours", hours = hours(w, &lender.help.hours))}</p>
            </details>
        </div>
    }
}

/// `/phone-change`: the number has changed, and the cabinet does not open any more.
#[component]
pub fn PhoneChangePage() -> impl IntoView {
    page(move |ask: Ask| async move {
        if ask.member().is_ok() && ask.hold() == Hold::Free {
            return Err(Stop::Go("/phone".to_owned()));
        }
        let form = ask.form("phone-change").await;
        let challenge = challenge_field(ask.words, ask.challenge(Form::Restore).await, &form);
        let w = ask.words;
        let old = form.clone();
        Ok(view! {
            <Narrow title=w.t("phone-outside-title") lead=w.t("phone-outside-lead")>
                {rules(&ask)}
                <PhoneChangeForm class="stack">
                    <FormError form=form.clone()/>
                    <TextField form=old name="old_phone" label=w.t("phone-old") kind="tel" mode="tel"
                        complete="off" placeholder="+7 900 000-00-00"/>
                    {new_phone(w, form.clone())}
                    <TextField form=form.clone() name="passport" label=w.t("profile-passport")
                        mode="numeric" complete="off" class="short" max=14 hint=w.t("phone-passport-hint")/>
                    <TextField form=form name="birth_date" label=w.t("profile-birth-date")
                        mode="numeric" complete="bday" class="short" max=10/>
                    {challenge}
                    <button class="button wide" type="submit">{w.t("access-send")}</button>
                </PhoneChangeForm>
                <p class="small"><a href="/login">{w.t("access-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// `/phone`: another number, asked from inside.
#[component]
pub fn OwnPhonePage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let latest = request::latest(&ask.cabinet, borrower).await?;
        let w = ask.words;
        let under_way = latest.filter(|view| view.kind == Kind::Phone && view.state.is_under_way());
        if let Some(view) = under_way {
            let card = request_card(&ask, &view, true);
            return Ok(view! { <div class="page">{card}</div> }.into_any());
        }
        let form = ask.form("own-phone").await;
        let challenge = challenge_field(ask.words, ask.challenge(Form::Restore).await, &form);
        let lender = &ask.cabinet.lender().help.phone_change;
        let alone = lender.self_service && request::can_alone(&ask.cabinet, borrower).await?;
        let how = if alone {
            let hours = i64::from(lender.wait_hours);
            view! { <p id="phone-alone">{t!(w, "phone-alone", hours = hours)}</p> }.into_any()
        } else {
            let offer = lender
                .self_service
                .then(|| view! { <p id="phone-offer">{w.t("phone-alone-offer")}</p> });
            view! { {offer}{rules(&ask)} }.into_any()
        };
        Ok(view! {
            <Narrow title=w.t("phone-inside-title") lead=w.t("phone-inside-lead")>
                {how}
                <OwnPhoneForm class="stack">
                    <FormError form=form.clone()/>
                    {new_phone(w, form)}
                    {challenge}
                    <button class="button wide" type="submit">{w.t("access-send")}</button>
                </OwnPhoneForm>
                <p><a href="/profile">{w.t("back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

const fn kind(view: &RequestView) -> &'static str {
    match view.kind {
        Kind::Phone => "phone",
        Kind::Closing => "closing",
    }
}

/// Where a request stands, and, for its owner, the way to call it off.
pub fn request_card(ask: &Ask, view: &RequestView, own: bool) -> AnyView {
    let w = ask.words;
    let offset = ask.cabinet.lender().clock_offset_minutes;
    let title = w.t(&format!("request-{}-title", kind(view)));
    let state = view.state.code();
    let text = match (view.state, view.due_at) {
        (State::Waiting, Some(due)) => {
            t!(w, "request-waiting", at = format::moment(w, due, offset))
        }
        (State::Refused, _) => t!(w, "request-refused", answer = &view.answer),
        _ => w.t(&format!("request-{}-{state}", kind(view))),
    };
    let number = view.new_phone_masked.as_ref().map(|phone| {
        let phone = phone.replace(' ', "\u{a0}");
        view! { <p>{t!(w, "request-new-phone", phone = phone)}</p> }
    });
    let since = t!(w, "request-since", at = format::moment(w, view.at, offset));
    let under_way = view.state.is_under_way();
    let clock = under_way.then(|| {
        let text = t!(
            w,
            "request-answer-by",
            date = format::long_date(w, view.answer_by)
        );
        view! { <p class="small" id="answer-by" data-due=view.answer_by.to_string()>{text}</p> }
    });
    let longer = view.longer.as_ref().filter(|_| under_way).map(|why| {
        view! { <p class="note plain" id="longer">{t!(w, "appeals-longer", why = why)}</p> }
    });
    let letter = (own && matches!(view.state, State::Done | State::Refused)).then(|| {
        let href = format!("/files/letter/{}", view.id);
        view! { <p><a href=href id="letter">{w.t("appeals-letter")}</a></p> }
    });
    // A closed cabinet opens no page, so the way to the letter is told before.
    let later = view
        .letter
        .as_ref()
        .filter(|_| own && under_way)
        .map(|end| {
            let address = format!("{}/letters/{end}", ask.public_url);
            view! {
                <div class="note plain stack tight" id="letter-later">
                    <p>{w.t("request-letter-later")}</p>
                    <p><a class="hash" href=address.clone()>{address.clone()}</a></p>
                </div>
            }
        });
    let calling_off = w.t(&format!("request-{}-cancel", kind(view)));
    let cancel = (own && view.state.is_under_way()).then(|| {
        view! {
            <CancelRequestForm>
                <button class="button second wide" type="submit" id="cancel-request">
                    {calling_off}
                </button>
            </CancelRequestForm>
        }
    });
    view! {
        <section class="card stack narrow" id="request" data-state=state>
            <h2>{title}</h2>
            <p id="request-state">{text}</p>
            {number}
            <p class="small">{since}</p>
            {clock}
            {longer}
            {letter}
            {later}
            {cancel}
        </section>
    }
    .into_any()
}

/// `/phone-change/status`: the request that this browser began; pictures may be added to it.
#[component]
pub fn RequestPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let w = ask.words;
        if ask.borrower().is_ok() {
            return Err(Stop::Go("/phone".to_owned()));
        }
        let Some(id) = ask.who().and_then(|who| who.request) else {
            return Err(Stop::Go("/phone-change".to_owned()));
        };
        let view = request::view(&ask.cabinet, id).await?;
        let card = request_card(&ask, &view, false);
        let form = ask.form("upload").await;
        let papers = if view.state.is_under_way() {
            let list = upload::list(&ask.cabinet, Owner::Request(id)).await?;
            let kinds = [upload::Kind::PassportMain, upload::Kind::Evidence];
            view! {
                <section class="card stack narrow" id="evidence">
                    <h2>{w.t("phone-evidence-title")}</h2>
                    <p class="quiet">{w.t("phone-evidence-lead")}</p>
                    {pictures(&ask, &list, false)}
                    {upload_form(w, form, &kinds, "/phone-change/status")}
                </section>
            }
            .into_any()
        } else {
            view! { <p><a class="button" href="/login">{w.t("access-back")}</a></p> }.into_any()
        };
        Ok(view! {
            <Title text=w.t("request-phone-title")/>
            <div class="page">{card}{papers}</div>
        }
        .into_any())
    })
}

/// Another passport that is looked into holds a cabinet as well.
async fn passport_asked(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<AnyView>> {
    let w = ask.words;
    let written = support::list(&ask.cabinet, borrower).await?;
    let asked =
        |one: &support::AppealView| one.kind == support::Kind::Passport && one.state.is_under_way();
    Ok(written.into_iter().find(asked).map(|one| {
        let href = format!("/appeals/{}", one.id);
        view! {
            <section class="card stack narrow" id="passport-asked">
                <h2>{w.t("cabinet-appeal-kind-passport")}</h2>
                <p>{w.t("hold-passport")}</p>
                <p><a href=href>{w.t("hold-passport-open")}</a></p>
            </section>
        }
        .into_any()
    }))
}

/// `/hold`: what is left of a cabinet while a request is looked into, or after it was closed.
#[component]
pub fn HoldPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let w = ask.words;
        let borrower = ask.borrower()?;
        let lender = ask.cabinet.lender();
        if let Hold::Ended(at) = ask.hold() {
            let at = format::moment(w, at, lender.clock_offset_minutes);
            let lead = t!(
                w,
                "hold-ended",
                at = at,
                hotline = format::unbroken(&lender.hotline)
            );
            return Ok(view! {
                <Narrow title=w.t("hold-ended-title") lead=lead><p id="ended">{w.t("hold-ended-records")}</p></Narrow>
            }
            .into_any());
        }
        if ask.hold() == Hold::Free {
            return Err(Stop::Go("/cabinet".to_owned()));
        }
        let latest = request::latest(&ask.cabinet, borrower).await?;
        let latest = latest.filter(|view| view.state.is_under_way());
        let card = latest.map(|view| request_card(&ask, &view, true));
        let passport = passport_asked(&ask, borrower).await?;
        let asked = if ask.hold() == Hold::Closed {
            t!(
                w,
                "hold-closed",
                hotline = format::unbroken(&lender.hotline),
                hours = hours(w, &lender.help.hours)
            )
        } else {
            w.t("hold-read-and-pay")
        };
        Ok(view! {
            <Title text=w.t("hold-title")/>
            <div class="page">
                {card}
                {passport}
                <p class="note" id="closed">{asked}</p>
            </div>
        }
        .into_any())
    })
}
