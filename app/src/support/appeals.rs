//! `/appeals`: what a borrower has written to the lender, one of them, and writing another.

use crate::request::address::path_part;
use cabinet::CabinetError;
use cabinet::ids::{AppealId, LoanId};
use cabinet::lender::help::Meanwhile;
use cabinet::support::{self, AppealView, Cause, Kind, State};
use cabinet::{loan, upload};
use leptos::prelude::*;
use locales::{Words, t};

use crate::request::{Ask, id};
use crate::ui::control::{LinesField, SelectField};
use crate::ui::field::{ChoiceField, FormError, FormState, TextField};
use crate::ui::format;
use crate::ui::page::{Narrow, page};

/// Where each kind is written; another phone and the end of the cabinet have pages of their own.
const ELSEWHERE: [(&str, &str); 2] = [("/phone", "appeals-phone"), ("/closing", "appeals-closing")];

/// All appeals, and the ways to write another.
#[component]
pub fn AppealsPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let w = ask.words;
        let list = support::list(&ask.cabinet, borrower).await?;
        let none = list
            .is_empty()
            .then(|| view! { <p class="quiet">{w.t("appeals-none")}</p> });
        let rows = list.iter().map(|one| row(&ask, one)).collect_view();
        let kinds = Kind::ALL.iter().map(|kind| {
            let code = kind.code();
            let text = w.t(&format!("appeals-ask-{code}"));
            view! { <li><a href=format!("/appeals/new/{code}")>{text}</a></li> }
        });
        let kinds = kinds.collect_view();
        let others = ELSEWHERE.map(|(href, key)| view! { <li><a href=href>{w.t(key)}</a></li> });
        Ok(view! {
            <Narrow title=w.t("appeals-title") lead=w.t("appeals-lead")>
                {none}
                <ul class="plain stack" id="appeals">{rows}</ul>
                <section class="stack tight" id="new">
                    <h2>{w.t("appeals-new")}</h2>
                    <ul>{kinds}{others}</ul>
                </section>
                <p><a href="/profile">{w.t("back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

fn kind_name(w: Words, kind: Kind) -> String {
    w.t(&format!("cabinet-appeal-kind-{}", kind.code()))
}

fn state_name(w: Words, state: State) -> String {
    w.t(&format!("appeals-state-{}", state.code()))
}

fn row(ask: &Ask, one: &AppealView) -> impl IntoView + use<> {
    let w = ask.words;
    let offset = ask.cabinet.lender().clock_offset_minutes;
    let at = t!(w, "appeals-at", at = format::moment(w, one.at, offset));
    view! {
        <li class="stack tight" data-appeal=one.kind.code() data-state=one.state.code()>
            <a href=format!("/appeals/{}", one.id)><b>{kind_name(w, one.kind)}</b></a>
            <span class="small">{at}" · "{state_name(w, one.state)}</span>
            {due(ask, one)}
        </li>
    }
}

fn due(ask: &Ask, one: &AppealView) -> Option<impl IntoView + use<>> {
    let w = ask.words;
    let date = format::long_date(w, one.due_on);
    let late = ask.cabinet.today() > one.due_on;
    let text = if late {
        t!(
            w,
            "appeals-due-late",
            date = date,
            hotline = &ask.cabinet.lender().hotline
        )
    } else {
        t!(w, "appeals-due", date = date)
    };
    one.state.is_under_way().then(
        || view! { <span class="small" data-due=one.due_on.to_string() data-late=late.to_string()>{text}</span> },
    )
}

/// One appeal: where it stands, its clock, what was answered.
#[component]
pub fn AppealPage() -> impl IntoView {
    let appeal = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let appeal: AppealId = id(&appeal)?;
        let one = support::view(&ask.cabinet, borrower, appeal).await?;
        let w = ask.words;
        let offset = ask.cabinet.lender().clock_offset_minutes;
        let at = t!(w, "appeals-at", at = format::moment(w, one.at, offset));
        let open = one.state.is_under_way();
        let papers = if open {
            attaching(&ask, &one).await
        } else {
            ().into_any()
        };
        let number = match one.loan {
            Some(of) => Some((
                of,
                loan::view(&ask.cabinet, borrower, of, None).await?.number,
            )),
            None => None,
        };
        Ok(view! {
            <Narrow title=kind_name(w, one.kind) lead=at>
                <section class="stack" id="appeal" data-state=one.state.code()>
                    {standing(&ask, &one)}
                    {number.map(|(of, number)| view! { <p><a href=format!("/loans/{of}")>{t!(w, "appeals-of-loan", number = number)}</a></p> })}
                    {payment(w, &one)}
                    {paragraphs(&one.text)}
                    {penalty(w, &one)}
                    {answer(w, &one)}
                    {papers}
                    {open.then(|| calling_off(w, one.id))}
                </section>
                <p><a href="/appeals">{w.t("appeals-to-list")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

fn paragraphs(text: &str) -> impl IntoView + use<> {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let lines = lines.into_iter().filter(|line| !line.trim().is_empty());
    lines.map(|line| view! { <p>{line}</p> }).collect_view()
}

fn standing(ask: &Ask, one: &AppealView) -> AnyView {
    let w = ask.words;
    let ahead = (one.state == State::Open)
        .then(|| view! { <p id="ahead" data-ahead=one.ahead.to_string()>{t!(w, "appeals-ahead", count = one.ahead)}</p> });
    // Once it is answered nobody needs more time.
    let longer = one.longer.as_ref().filter(|_| one.state.is_under_way());
    let longer = longer.map(|why| {
        view! { <p class="note plain" id="longer">{t!(w, "appeals-longer", why = why)}</p> }
    });
    view! {
        <div class="stack tight">
            <p><b>{state_name(w, one.state)}</b></p>
            {due(ask, one)}
            {ahead}
            {longer}
        </div>
    }
    .into_any()
}

fn payment(w: Words, one: &AppealView) -> Option<impl IntoView + use<>> {
    let on = format::long_date(w, one.paid_on?);
    let sum = one.amount.to_string();
    Some(view! { <p><b>{t!(w, "appeals-payment", sum = sum, date = on)}</b></p> })
}

/// What became of the penalty while the payment was looked for.
fn penalty(w: Words, one: &AppealView) -> Option<AnyView> {
    let from = format::long_date(w, one.paused_from?.succ_opt()?);
    let text = match one.resumed_on {
        Some(until) => {
            let until = format::long_date(w, until);
            t!(w, "appeals-resumed", from = from, until = until)
        }
        None => t!(w, "appeals-paused", date = from),
    };
    let paused = one.resumed_on.is_none().to_string();
    Some(view! { <p class="note plain" id="penalty" data-paused=paused>{text}</p> }.into_any())
}

fn answer(w: Words, one: &AppealView) -> Option<AnyView> {
    if !matches!(one.state, State::Answered | State::Refused) {
        return None;
    }
    let letter = format!("/files/letter/{}", one.id);
    Some(
        view! {
            <section class="stack tight" id="answer">
                <h2>{w.t("appeals-answer")}</h2>
                {paragraphs(&one.answer)}
                <p><a href=letter id="letter">{w.t("appeals-letter")}</a></p>
            </section>
        }
        .into_any(),
    )
}

async fn attaching(ask: &Ask, one: &AppealView) -> AnyView {
    let w = ask.words;
    let form = ask.form("upload").await;
    let lead = if one.kind == Kind::Payment && one.paused_from.is_none() {
        w.t("appeals-attach")
    } else {
        w.t("appeals-attach-more")
    };
    let kinds = [upload::Kind::Evidence];
    let back = format!("/appeals/{}", one.id);
    view! {
        <section class="stack tight" id="attach">
            <h2>{lead}</h2>
            {crate::person::upload_form(w, form, &kinds, back)}
        </section>
    }
    .into_any()
}

fn calling_off(w: Words, id: AppealId) -> impl IntoView + use<> {
    view! {
        <form method="post" action="/api/v1/request/appeal-cancel" id="call-off">
            <input type="hidden" name="appeal" value=id.to_string()/>
            <button class="link" type="submit">{w.t("appeals-cancel")}</button>
        </form>
    }
}

/// Writing another of a kind.
#[component]
pub fn NewAppealPage() -> impl IntoView {
    let kind = path_part("kind");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let kind = Kind::from_code(&kind).ok_or(CabinetError::NotFound)?;
        let w = ask.words;
        let form = ask.form(&format!("appeal:{}", kind.code())).await;
        let loans = if kind.of_loan() {
            loan::list(&ask.cabinet, borrower).await?
        } else {
            Vec::new()
        };
        let code = kind.code();
        let none = kind.of_loan() && loans.is_empty();
        let rules = (kind == Kind::Passport).then(|| passport_rules(&ask));
        let body = if none {
            view! { <p class="note" id="no-loan">{w.t("appeals-no-loan")}</p> }.into_any()
        } else {
            let loans = loans.into_iter().map(|one| (one.id, one.number)).collect();
            view! {
                <form class="stack" method="post" action="/api/v1/request/appeal" id="write">
                    <FormError form=form.clone()/>
                    <input type="hidden" name="kind" value=code/>
                    {of_loan(w, &form, loans)}
                    {fields(w, kind, &form)}
                    {text_field(w, kind, &form)}
                    <button class="button wide" type="submit">{w.t("appeals-send")}</button>
                </form>
            }
            .into_any()
        };
        let (title, lead) = (
            w.t(&format!("appeals-ask-{code}")),
            w.t(&format!("appeals-lead-{code}")),
        );
        Ok(view! {
            <Narrow title=title lead=lead>
                {rules}
                {body}
                <p><a href="/appeals">{w.t("appeals-to-list")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// What happens while another passport is looked into.
fn passport_rules(ask: &Ask) -> AnyView {
    let (w, rules) = (ask.words, &ask.cabinet.lender().help.phone_change);
    let hours = i64::from(rules.wait_hours);
    let meanwhile = match rules.meanwhile {
        Meanwhile::ReadAndPay => "help-phone-meanwhile",
        Meanwhile::Closed => "help-phone-closed",
    };
    view! {
        <div class="note plain stack tight" id="passport-rules">
            <p>{t!(w, "appeals-passport-rules", hours = hours)}</p>
            <p>{w.t(meanwhile)}</p>
        </div>
    }
    .into_any()
}

fn of_loan(w: Words, form: &FormState, loans: Vec<(LoanId, String)>) -> AnyView {
    if let [(only, _)] = loans.as_slice() {
        let only = only.to_string();
        return view! { <input type="hidden" name="loan" value=only/> }.into_any();
    }
    if loans.is_empty() {
        return ().into_any();
    }
    let options = loans
        .into_iter()
        .map(|(id, number)| (id.to_string(), number))
        .collect();
    let form = form.clone();
    view! { <SelectField form name="loan" label=w.t("appeals-loan") options/> }.into_any()
}

fn fields(w: Words, kind: Kind, form: &FormState) -> AnyView {
    let field = |name: &'static str, key: &str, mode: &'static str, hint: &str| {
        let hint = if hint.is_empty() {
            String::new()
        } else {
            w.t(hint)
        };
        view! {
            <TextField form=form.clone() name=name label=w.t(key) hint=hint mode=Some(mode)
                complete=Some("off")/>
        }
        .into_any()
    };
    match kind {
        Kind::Payment => view! {
            {field("amount", "appeals-amount", "decimal", "")}
            {field("paid_on", "appeals-paid-on", "numeric", "support-date-hint")}
        }
        .into_any(),
        Kind::Holidays => {
            let grounds = ["income_drop", "emergency"].map(|code| {
                let text = w.t(&format!("appeals-ground-{}", code.replace('_', "-")));
                (code.to_owned(), text)
            });
            view! {
                {field("months", "appeals-months", "numeric", "")}
                <ChoiceField form=form.clone() name="ground" label=w.t("appeals-ground") options=grounds.to_vec()/>
                {field("two_months", "appeals-two-months", "decimal", "appeals-income-hint")}
                {field("twelve_months", "appeals-twelve-months", "decimal", "appeals-income-hint")}
            }
            .into_any()
        }
        Kind::Passport => view! {
            {field("passport", "profile-passport", "numeric", "")}
            {field("passport_code", "profile-passport-code", "numeric", "")}
            {field("passport_issuer", "profile-passport-issuer", "text", "")}
            {field("passport_date", "profile-passport-date", "numeric", "support-date-hint")}
        }
        .into_any(),
        Kind::Complaint => {
            let causes = Cause::ALL
                .iter()
                .map(|cause| (cause.code().to_owned(), cause_name(w, *cause)))
                .collect();
            view! { <ChoiceField form=form.clone() name="cause" label=w.t("appeals-cause") options=causes/> }
                .into_any()
        }
        Kind::Debt | Kind::Question => ().into_any(),
    }
}

/// What a complaint is about, in words.
pub fn cause_name(w: Words, cause: Cause) -> String {
    w.t(&format!("appeals-cause-{}", cause.code()))
}

fn text_field(w: Words, kind: Kind, form: &FormState) -> impl IntoView + use<> {
    let label = w.t(match kind {
        Kind::Passport => "appeals-text-more",
        _ => "appeals-text",
    });
    long_field(form, "text", &label)
}

/// A few lines to write in.
pub fn long_field(form: &FormState, name: &'static str, label: &str) -> AnyView {
    let form = form.clone();
    view! { <LinesField form name label=label.to_owned()/> }.into_any()
}

/// The same for a line or two.
pub fn short_field(form: &FormState, name: &'static str, label: &str) -> AnyView {
    let form = form.clone();
    view! { <LinesField form name label=label.to_owned() rows=2/> }.into_any()
}
