//! What the loan's page offers once there is a loan: to keep its debt for times without a connection, to remind,
//! to put the cabinet on the home screen. Each is hidden until the script finds that the browser can do it.

use std::sync::Arc;

use cabinet::loan::LoanView;
use lending::Status;
use leptos::prelude::*;
use locales::{Words, t};
use serde_json::json;

use super::Build;
use crate::loan::debt::zone;
use crate::request::{Ask, with_request};
use crate::ui::format::{by_weekday, long_date, moment};

/// All that is offered beside this loan.
pub fn cards(ask: &Ask, loan: &LoanView) -> AnyView {
    let w = ask.words;
    let build = use_context::<Arc<Build>>().unwrap_or_default();
    if build.version.is_empty() {
        return ().into_any();
    }
    let open = loan.state.status != Status::Closed;
    let notices = build.push_key.clone().filter(|_| open);
    let install = (build.installable && open && !install_declined()).then(|| install(w, ""));
    view! {
        {offline(w, "", snapshot(ask, loan))}
        {notices.map(|key| notices_card(w, "", key))}
        {install}
    }
    .into_any()
}

/// Every card as it is once the script has found what the browser can do, with ids of its own: for the page of
/// components, where no script is to find them.
pub fn specimens(w: Words, mark: &str) -> AnyView {
    let mark = format!("-{mark}");
    view! {
        <div class="stack" data-shown="">
            {offline(w, &mark, String::new())}
            {notices_card(w, &mark, String::new())}
            {install(w, &mark)}
        </div>
    }
    .into_any()
}

/// The permission to keep the debt on this device, and what would be kept: exactly the words that the page
/// without a connection will show. Nothing of a closed loan, so that what was kept of it goes.
fn offline(w: Words, mark: &str, snapshot: String) -> impl IntoView + use<> {
    let id = |name: &str| format!("offline{name}{mark}");
    let hidden = mark.is_empty();
    view! {
        <section class="card stack tight" id=id("") data-loan=snapshot hidden=hidden>
            <h2>{w.t("pwa-offline")}</h2>
            <div class="stack tight" id=id("-off")>
                <p>{w.t("pwa-offline-what")}</p>
                <button class="button second" type="button" id=id("-keep")>{w.t("pwa-offline-keep")}</button>
            </div>
            <div class="stack tight" id=id("-on") hidden=hidden>
                <p role="status">{w.t("pwa-offline-kept")}</p>
                <button class="button second" type="button" id=id("-forget")>{w.t("pwa-offline-forget")}</button>
            </div>
        </section>
    }
}

fn snapshot(ask: &Ask, loan: &LoanView) -> String {
    let w = ask.words;
    let lender = ask.cabinet.lender();
    if loan.state.status == Status::Closed {
        return json!({ "id": loan.id }).to_string();
    }
    let at = moment(w, ask.cabinet.now(), lender.clock_offset_minutes);
    let zone = zone(ask);
    let mut rows = vec![(
        t!(w, "pwa-row-debt", at = at, zone = &zone),
        loan.state.payoff.to_string(),
    )];
    // A date that is over is named as such: whoever reads this is without a connection, on another day perhaps.
    if let (Some(missed), Some((_, sum))) = (loan.state.late_since, loan.state.next_payment) {
        rows.push((w.t("pwa-row-missed"), long_date(w, missed)));
        rows.push((w.t("pwa-row-late"), sum.to_string()));
    } else if let Some((due, sum)) = loan.state.next_payment {
        let date = t!(w, "pwa-until", date = by_weekday(w, due), zone = &zone);
        rows.push((w.t("pwa-row-due"), date));
        rows.push((w.t("pwa-row-next"), sum.to_string()));
    }
    rows.push((w.t("pwa-row-contract"), loan.number.clone()));
    rows.push((
        w.t("pwa-row-purpose"),
        t!(w, "pwa-purpose", number = &loan.number),
    ));
    json!({
        "id": loan.id,
        "title": t!(w, "loan-number", number = &loan.number, product = &loan.product_title),
        "rows": rows,
        "note": w.t("pwa-row-note"),
    })
    .to_string()
}

fn notices_card(w: Words, mark: &str, key: String) -> impl IntoView + use<> {
    let id = |name: &str| format!("push{name}{mark}");
    let hidden = mark.is_empty();
    view! {
        <section class="card stack tight" id=id("") data-key=key data-refused=w.t("pwa-push-refused")
            data-failed=w.t("pwa-push-failed") hidden=hidden>
            <h2>{w.t("pwa-push")}</h2>
            <div class="stack tight" id=id("-off")>
                <p>{w.t("pwa-push-what")}</p>
                <button class="button second" type="button" id=id("-yes")>{w.t("pwa-push-yes")}</button>
            </div>
            <div class="stack tight" id=id("-on") hidden=hidden>
                <p>{w.t("pwa-push-on")}</p>
                <button class="button second" type="button" id=id("-no")>{w.t("pwa-push-no")}</button>
            </div>
            <p id=id("-said") role="status"></p>
        </section>
    }
}

fn install(w: Words, mark: &str) -> impl IntoView + use<> {
    let id = |name: &str| format!("install{name}{mark}");
    let hidden = mark.is_empty();
    view! {
        <section class="card stack tight" id=id("") hidden=hidden>
            <h2>{w.t("pwa-install")}</h2>
            <p>{w.t("pwa-install-what")}</p>
            <ol id=id("-steps") hidden=hidden>
                <li>{w.t("pwa-install-ios-share")}</li>
                <li>{w.t("pwa-install-ios-add")}</li>
                <li>{w.t("pwa-install-ios-done")}</li>
            </ol>
            <div class="actions">
                <button class="button second" type="button" id=id("-yes") hidden=hidden>{w.t("pwa-install-yes")}</button>
                <button class="button second" type="button" id=id("-no")>{w.t("pwa-install-no")}</button>
            </div>
        </section>
    }
}

/// «Not now» is remembered in a cookie: leaving the cabinet clears everything else that is kept on a device.
fn install_declined() -> bool {
    let declined = with_request(|parts| {
        let cookies = parts.headers.get_all("cookie").iter();
        cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .any(|pair| pair.trim() == "__Host-install=no")
    });
    declined == Some(true)
}
