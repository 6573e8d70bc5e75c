//! More of the page of components: fields of other kinds, drawings of a loan, and what stands around a page.

use cabinet::Lender;
use cabinet::loan::DebtOn;
use cabinet::support::chat::{Author, Line, Note};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use lending::Kopecks;
use leptos::prelude::*;
use locales::{Words, t};

use super::{specimen, state_of};
use crate::loan::debt::parts_bar;
use crate::loan::drawing::{Drawn, Gone, curve, way};
use crate::payment::qr;
use crate::pwa::specimens as application;
use crate::support::chat::{Side, lines};
use crate::ui::control::{FileField, LinesField, SelectField};
use crate::ui::countdown::Countdown;
use crate::ui::field::{FormState, PasswordField, TextField};
use crate::ui::layout::Places;
use crate::ui::switch::LookSwitch;
use crate::ui::toast::Toast;

/// A moment and days that no clock moves.
const NOON: i64 = 1_795_597_200;

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(NOON, 0).unwrap_or_default()
}

fn day(after: i64) -> NaiveDate {
    moment().date_naive() + TimeDelta::days(after)
}

/// Passwords, lists, lines, dates, files: usual and wrong.
pub(super) fn fields(w: Words, mark: &str) -> AnyView {
    let name = |kind: &str| format!("{kind}-{mark}");
    let wrong = |kind: &str, value: &str| {
        let name = name(kind);
        let form = state_of(&name, value, Some(w.t("error-fields")));
        (name, form)
    };
    let (short, short_form) = wrong("password-wrong", "");
    let passwords = view! {
        <PasswordField form=FormState::default() name=name("password") label=w.t("access-password")
            complete="new-password"/>
        <PasswordField form=short_form name=short label=w.t("access-password-repeat") complete="new-password"/>
    };
    let options = || {
        ["77", "78", "54"]
            .map(|code| (code.to_owned(), w.t(&format!("cabinet-region-{code}"))))
            .to_vec()
    };
    let (none, none_form) = wrong("region-wrong", "");
    let lists = view! {
        <SelectField form=state_of(&name("region"), "78", None) name=name("region") label=w.t("profile-region")
            options=options() choose=w.t("profile-region-choose")/>
        <SelectField form=none_form name=none label=w.t("profile-region") options=options()
            choose=w.t("profile-region-choose")/>
    };
    let (empty, empty_form) = wrong("text-wrong", "");
    let several = view! {
        <LinesField form=state_of(&name("text"), &w.t("fork-lead"), None) name=name("text")
            label=w.t("appeals-text") rows=3/>
        <LinesField form=empty_form name=empty label=w.t("appeals-text") rows=2/>
    };
    let (late, late_form) = wrong("on-wrong", "2020-01-01");
    let on = day(0).to_string();
    let dates = view! {
        <TextField form=state_of(&name("on"), &on, None) name=name("on") label=w.t("loan-date") kind="date"/>
        <TextField form=late_form name=late label=w.t("loan-date") kind="date"/>
    };
    let (big, big_form) = wrong("file-wrong", "");
    let files = view! {
        <FileField form=FormState::default() name=name("file") label=w.t("papers-file") accept="image/png"
            hint=w.t("papers-file-hint")/>
        <FileField form=big_form name=big label=w.t("papers-file") accept="image/png"/>
    };
    view! {
        {specimen("password", passwords.into_any())}
        {specimen("list", lists.into_any())}
        {specimen("lines", several.into_any())}
        {specimen("date", dates.into_any())}
        {specimen("file", files.into_any())}
    }
    .into_any()
}

/// The debt's parts, its way, the term, and a code to scan.
pub(super) fn drawings(w: Words, mark: &str) -> AnyView {
    let mark = format!("-{mark}");
    let debts: Vec<DebtOn> = (0..=37).map(debt).collect();
    let drawn = |today| Drawn {
        mark: &mark,
        debts: &debts,
        today,
        due: day(30),
    };
    let [principal, interest, penalty] = [15_000, 4_100, 61].map(Kopecks::from_roubles);
    let bar = parts_bar(
        w,
        [principal, interest, penalty],
        principal + interest + penalty,
    );
    let late = format!("{mark}-late");
    let gone = |mark, today, paid| Gone {
        mark,
        start: day(0),
        due: day(30),
        today,
        paid,
    };
    let paid = [day(8)];
    let terms = view! {
        {way(w, &gone(&mark, day(12), &paid))}
        {way(w, &gone(&late, day(35), &[]))}
    };
    let code = qr::drawing("https://kopeck.example/verify/0", w.t("pay-sbp-qr"));
    let code = view! { <figure class="qr always">{code}<figcaption>{w.t("pay-sbp-scan")}</figcaption></figure> };
    view! {
        {specimen("parts of a debt", bar)}
        {specimen("drawing of a debt", curve(w, &drawn(day(12))))}
        {specimen("drawing of a term", terms.into_any())}
        {specimen("code to scan", code.into_any())}
    }
    .into_any()
}

/// Twenty thousand, less a payment on the eighth day, with a penalty after the thirtieth.
fn debt(after: i64) -> DebtOn {
    let principal = if after < 8 { 20_000 } else { 15_000 };
    let since = if after < 8 { after } else { after - 8 };
    let interest = Kopecks::new(principal * 100 * 8 * since / 1000);
    let penalty = Kopecks::new((after - 30).max(0) * 822);
    let principal = Kopecks::from_roubles(principal);
    DebtOn {
        on: day(after),
        principal,
        interest,
        penalty,
        payoff: principal + interest + penalty,
    }
}

/// A talk, a clock that runs down, the look, places, words that pass, what the application offers.
pub(super) fn around(w: Words, lender: &Lender, mark: &str) -> AnyView {
    let said = |seq: i64, author, name: &str, text: String| Line {
        seq,
        at: moment() + TimeDelta::minutes(seq),
        author,
        staff: None,
        name: name.to_owned(),
        text,
        note: (author == Author::Note).then_some(Note::Taken),
        picture: None,
    };
    let talk = [
        said(1, Author::Borrower, "", w.t("cabinet-appeal-kind-payment")),
        said(2, Author::Note, "Ольга", String::new()),
        said(3, Author::Staff, "Ольга", w.t("fork-today-plain")),
    ];
    let clocks = view! {
        <p><Countdown seconds=14_399 reload=false/></p>
        <p><Countdown seconds=42 reload=false/></p>
        <p><Countdown seconds=0 reload=false/></p>
    };
    let update = view! {
        <Toast text=w.t("toast-saved")/>
        <div class="toast">
            <p>{w.t("pwa-update")}</p>
            <button class="link" type="button">{w.t("pwa-update-now")}</button>
            <button class="link" type="button">{w.t("pwa-update-later")}</button>
        </div>
        <p class="note bad">{w.t("pwa-unsent-money")}</p>
    };
    let places = view! {
        <Places words=w agent=false path="/cabinet".to_owned()/>
        <Places words=w agent=true path="/agent".to_owned()/>
    };
    let waits = t!(w, "waiting-since", at = "23.11, 10:02");
    view! {
        {specimen("talk", lines(w, lender, Side::Borrower, &talk))}
        {specimen("talk, nothing said", lines(w, lender, Side::Borrower, &[]))}
        {specimen("clock", (clocks, view! { <p class="small">{waits}</p> }).into_any())}
        {specimen("look", view! { <LookSwitch words=w id=None/> }.into_any())}
        {specimen("places", places.into_any())}
        {specimen("words that pass", update.into_any())}
        {specimen("application", application(w, mark))}
    }
    .into_any()
}
