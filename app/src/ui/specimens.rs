//! `/ui`, in development only: every component in every state, in both languages, light and dark, in any lender's brand.

mod around;

use std::collections::BTreeMap;

use crate::request::address::query;
use cabinet::CabinetError;
use lending::Kopecks;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Lang, Words, t};

use super::choice::{Way, WaysField};
use super::dialog::Confirm;
use super::field::{ChoiceField, FormError, FormState, TextField, TickField};
use super::format::{BigMoney, days};
use super::money::{Limits, MoneyField, RangeField};
use super::page::page;
use super::state::{Kind, Pending, Skeleton, StateOf};
use super::stepper::Stepper;
use super::sums::{SumLine, TextLine};
use super::table::{CardTable, Cell, Row};
use super::tabs::{Tab, Tabs};
use super::timeline::{Step, Tense, Timeline};
use super::toast::Toast;
use crate::request::{AppContext, Ask};

/// The page of components; there is no such page outside of development.
#[component]
pub fn SpecimensPage() -> impl IntoView {
    let brand = query().get("brand").unwrap_or_default();
    page(move |ask: Ask| async move {
        let context = use_context::<AppContext>().filter(|context| context.development);
        let Some(context) = context else {
            return Err(CabinetError::NotFound.into());
        };
        let own = &ask.cabinet.lender().code;
        let brand = if brand.is_empty() { own.clone() } else { brand };
        let tabs = context
            .lenders
            .iter()
            .map(|code| Tab {
                href: format!("/ui?brand={code}"),
                title: code.clone(),
                current: *code == brand,
            })
            .collect();
        let sets = [Lang::Ru, Lang::En]
            .map(|lang| ["light", "dark"].map(|theme| view! { <Specimens lang theme/> }));
        Ok(view! {
            <Title text="UI"/>
            <div class="page">
                <h1 class="h2">"UI"</h1>
                <Tabs label="brands" tabs/>
                <div class="pair">{sets}</div>
            </div>
        }
        .into_any())
    })
}

/// Every component once, in one language and one theme. The mark keeps ids and names apart.
#[component]
fn Specimens(lang: Lang, theme: &'static str) -> impl IntoView {
    let w = Words::new(lang);
    let lender = use_context::<AppContext>().map(|context| context.cabinet.lender().clone());
    let mark = format!("{}-{theme}", lang.code());
    let title = format!("{theme}, {}", lang.code());
    view! {
        <section class="specimens stack" data-theme=theme lang=lang.code() id=format!("set-{mark}")>
            <h2>{title}</h2>
            {buttons(w)}
            {fields(w, &mark)}
            {around::fields(w, &mark)}
            {choices(w, &mark)}
            {figures(w)}
            {notes(w)}
            {lists(w)}
            {states(w)}
            {answers(w, &mark)}
            {around::drawings(w, &mark)}
            {lender.map(|lender| around::around(w, &lender, &mark))}
        </section>
    }
}

/// A component's name over its states.
fn specimen(name: &'static str, inside: AnyView) -> AnyView {
    view! {
        <div class="card stack" data-specimen=name>
            <p class="hash">{name}</p>
            {inside}
        </div>
    }
    .into_any()
}

fn buttons(w: Words) -> AnyView {
    let (pay, open) = (w.t("loan-pay"), w.t("home-to-loan"));
    let inside = view! {
        <button class="button wide" type="button">{open.clone()}</button>
        <div class="actions">
            <button class="button second" type="button">{pay.clone()}</button>
            <button class="button danger" type="button">{w.t("offer-decline")}</button>
        </div>
        <div class="actions">
            <button class="button" type="button" disabled>{open.clone()}</button>
            <button class="button second" type="button" disabled>{pay.clone()}</button>
        </div>
        <div class="actions" aria-busy="true">
            <button class="button" type="button" disabled>{open}</button>
            <button class="button second" type="button" disabled>{pay}</button>
        </div>
        <p><button class="link" type="button">{w.t("sign-resend")}</button></p>
    };
    specimen("button", inside.into_any())
}

/// A form's state with one value and, if there is one, an error of the same field.
fn state_of(name: &str, value: &str, error: Option<String>) -> FormState {
    let one = |text: String| BTreeMap::from([(name.to_owned(), text)]);
    FormState {
        values: one(value.to_owned()),
        errors: error.map(one).unwrap_or_default(),
        general: None,
        origins: std::collections::BTreeMap::new(),
    }
}

fn fields(w: Words, mark: &str) -> AnyView {
    let name = |kind: &str| format!("{kind}-{mark}");
    let (plain, wrong, code) = (name("phone"), name("phone-wrong"), name("code"));
    let (money, broke, range) = (name("money"), name("money-wrong"), name("days"));
    let date_range = t!(w, "prolong-no-days", min = 7u32, max = 30u32);
    let text = view! {
        <TextField form=FormState::default() name=plain label=w.t("access-phone") kind="tel" mode="tel"
            placeholder="+7 900 000-00-00" hint=w.t("access-phone-hint")/>
        <TextField form=state_of(&wrong, "12345", Some(w.t("error-fields"))) name=wrong.clone()
            label=w.t("access-phone") kind="tel" mode="tel" hint=w.t("access-phone-hint")/>
        <TextField form=FormState::default() name=code label=w.t("access-code") class="code" mode="numeric"
            max=6 hint=t!(w, "access-code-hint", left = 3u32)/>
    };
    let hint = t!(w, "prolong-days-hint", min = 7u32, max = 30u32);
    let sums = view! {
        <MoneyField form=state_of(&money, "5\u{a0}400,50", None) name=money.clone() label=w.t("pay-amount")
            hint=w.t("pay-sum-what")/>
        <MoneyField form=state_of(&broke, "много", Some(w.t("error-fields"))) name=broke.clone()
            label=w.t("pay-amount")/>
    };
    let dial = view! {
        <RangeField form=state_of(&range, "14", None) name=range.clone() label=w.t("prolong-days")
            limits=Limits { min: 7, max: 30 } steps=[w.t("calc-less-day"), w.t("calc-more-day")] hint=hint/>
    };
    let late = name("days-wrong");
    let dial_wrong = view! {
        <RangeField form=state_of(&late, "90", Some(date_range)) name=late.clone() label=w.t("prolong-days")
            limits=Limits { min: 7, max: 30 } steps=[w.t("calc-less-day"), w.t("calc-more-day")]/>
    };
    view! {
        {specimen("field", text.into_any())}
        {specimen("money field", sums.into_any())}
        {specimen("range", (dial, dial_wrong).into_any())}
    }
    .into_any()
}

fn choices(w: Words, mark: &str) -> AnyView {
    let (tick, wrong) = (format!("tick-{mark}"), format!("tick-wrong-{mark}"));
    let (sex, none) = (format!("sex-{mark}"), format!("sex-wrong-{mark}"));
    let options = ["male", "female"]
        .map(|code| (code.to_owned(), w.t(&format!("profile-sex-{code}"))))
        .to_vec();
    let bad = FormState {
        errors: BTreeMap::from([(wrong.clone(), w.t("error-fields"))]),
        ..FormState::default()
    };
    let ticks = view! {
        <TickField form=FormState::default() name=tick>{w.t("profile-consent-bureau")}</TickField>
        <TickField form=bad name=wrong>{w.t("profile-consent-personal-data")}</TickField>
        <ChoiceField form=state_of(&sex, "female", None) name=sex.clone() label=w.t("profile-sex")
            options=options.clone()/>
        <ChoiceField form=state_of(&none, "", Some(w.t("error-fields"))) name=none.clone()
            label=w.t("profile-sex") options/>
    };
    let way = |value, title, roubles, why| Way {
        value,
        mark: None,
        title,
        sum: Some(Kopecks::from_roubles(roubles)),
        why,
    };
    // Names of radio buttons are the browser's groups: one for each set.
    let [name, wrong]: [&'static str; 2] = match mark {
        "ru-light" => ["way-ru-light", "way-wrong-ru-light"],
        "ru-dark" => ["way-ru-dark", "way-wrong-ru-dark"],
        "en-light" => ["way-en-light", "way-wrong-en-light"],
        _ => ["way-en-dark", "way-wrong-en-dark"],
    };
    let ways = vec![
        way("today", w.t("fork-today"), 17_160, w.t("fork-today-plain")),
        way(
            "late",
            t!(w, "fork-late", days = days(w, 5)),
            19_241,
            t!(
                w,
                "fork-late-why",
                penalty = Kopecks::new(4_110).to_string()
            ),
        ),
    ];
    let none = state_of(wrong, "", Some(w.t("error-fields")));
    let fork = view! {
        <WaysField form=state_of(name, "today", None) name label=w.t("fork-title") ways=ways.clone()/>
        <WaysField form=none name=wrong label=w.t("fork-title") ways/>
    };
    view! {
        {specimen("tick, choice", ticks.into_any())}
        {specimen("choice of ways", fork.into_any())}
    }
    .into_any()
}

fn figures(w: Words) -> AnyView {
    let debt = Kopecks::new(1_716_050);
    let money = view! {
        <BigMoney sum=debt/>
        <dl class="sums">
            <SumLine label=w.t("calc-on-card") sum=Kopecks::from_roubles(15_000)/>
            <SumLine label=w.t("calc-overpayment") sum=Kopecks::new(216_050)/>
            <TextLine label=w.t("calc-services") text=w.t("calc-services-none")/>
        </dl>
        <dl class="honest">
            <SumLine label=w.t("offer-to-return") sum=debt/>
            <SumLine label=w.t("offer-overpayment") sum=Kopecks::new(216_050)/>
        </dl>
        <div class="psk">
            <div>{w.t("calc-psk")}<b>"292,000\u{a0}%"</b>{w.t("calc-psk-year")}</div>
            <div>{w.t("calc-psk")}<b>"3\u{a0}600,00\u{a0}₽"</b>{w.t("calc-psk-roubles")}</div>
        </div>
    };
    specimen("sum line", money.into_any())
}

fn notes(w: Words) -> AnyView {
    let inside = view! {
        <p class="note">{w.t("calc-promo-amount-above")}</p>
        <p class="note good">{w.t("status-issued-what")}</p>
        <p class="note bad">{w.t("error-internal")}</p>
        <p class="note plain">{w.t("access-sandbox")}</p>
        <p class="row">
            <span class="badge">{w.t("schedule-ahead")}</span>
            <span class="badge good">{w.t("schedule-paid")}</span>
            <span class="badge warn">{w.t("schedule-due")}</span>
            <span class="badge bad">{w.t("schedule-overdue")}</span>
        </p>
        <details><summary>{w.t("loan-why")}</summary><p>{w.t("fork-lead")}</p></details>
    };
    specimen("note, badge, details", inside.into_any())
}

fn lists(w: Words) -> AnyView {
    let step = |tense, key: &str, beside: &str| Step {
        tense,
        code: None,
        text: w.t(key),
        beside: beside.to_owned(),
    };
    let steps = vec![
        step(Tense::Done, "loan-step-approved", "10:02"),
        step(Tense::Done, "loan-step-signed", "10:06"),
        step(Tense::Trouble, "loan-step-overdue", "23:59"),
        step(Tense::Ahead, "loan-step-will-close", ""),
    ];
    let row = |status, date: &str, key: &str| Row {
        status: Some(status),
        cells: vec![
            Cell::Head(date.to_owned()),
            Cell::Sum(Kopecks::new(540_050)),
            Cell::Part(Kopecks::from_roubles(4_000)),
            Cell::Part(Kopecks::new(140_050)),
            Cell::Text(w.t(key)),
        ],
    };
    let rows = vec![
        row("paid", "06.12.2026", "schedule-paid"),
        row("overdue", "20.12.2026", "schedule-overdue"),
        row("ahead", "03.01.2027", "schedule-ahead"),
    ];
    let columns = crate::loan::ahead::schedule_columns(w, true);
    let tab = |key: &str, current| Tab {
        href: "/ui".to_owned(),
        title: w.t(key),
        current,
    };
    let tabs = vec![
        tab("nav-loans", true),
        tab("nav-application", false),
        tab("nav-terms", false),
    ];
    let label = t!(w, "profile-step", number = 2u32, count = 4u32);
    view! {
        {specimen("stepper", view! { <Stepper done=vec![true, false, false, false] current=1 label/> }.into_any())}
        {specimen("timeline", view! { <Timeline steps/> }.into_any())}
        {specimen("table", view! { <CardTable columns rows/> }.into_any())}
        {specimen("tabs", view! { <Tabs label=w.t("nav-label") tabs/> }.into_any())}
    }
    .into_any()
}

fn states(w: Words) -> AnyView {
    let empty = view! {
        <StateOf kind=Kind::Empty title=w.t("home-empty-title") text=w.t("home-empty-first")>
            <a class="button wide" href="/">{w.t("home-calculator")}</a>
        </StateOf>
    };
    let waiting = view! {
        <StateOf kind=Kind::Waiting title=w.t("status-checking-title") text=w.t("status-checking-what")/>
        <Pending/>
        <p class="quiet">{w.t("status-checking-next")}</p>
    };
    let failed = view! {
        <StateOf kind=Kind::Failed title=w.t("pay-failed-title") text=w.t("pay-failed-what")>
            <a class="button wide" href="/">{w.t("pay-again")}</a>
        </StateOf>
    };
    let done = view! { <StateOf kind=Kind::Done title=w.t("pay-succeeded-title") text=w.t("pay-closed")/> };
    let skeleton = view! { <Skeleton label=w.t("home-debt")/> };
    let progress = view! {
        <progress value="36" max="100" aria-label=w.t("calc-overpayment")></progress>
        <Pending/>
    };
    view! {
        {specimen("empty", empty.into_any())}
        {specimen("waiting", waiting.into_any())}
        {specimen("failed", failed.into_any())}
        {specimen("done", done.into_any())}
        {specimen("loading", skeleton.into_any())}
        {specimen("progress", progress.into_any())}
    }
    .into_any()
}

fn answers(w: Words, mark: &str) -> AnyView {
    let form = FormState {
        general: Some(w.t("error-connection")),
        ..FormState::default()
    };
    let (id, give_up) = (format!("dialog-{mark}"), w.t("offer-decline"));
    let dialog = view! {
        <Confirm id open=give_up.clone() title=w.t("cancel-title") text=w.t("cancel-what") cancel=w.t("dialog-cancel")>
            <button class="button danger wide" type="button">{give_up}</button>
        </Confirm>
    };
    view! {
        {specimen("form error", view! { <FormError form/> }.into_any())}
        {specimen("dialog", dialog.into_any())}
        {specimen("toast", view! { <Toast text=w.t("toast-card-added")/> }.into_any())}
    }
    .into_any()
}
