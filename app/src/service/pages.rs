//! `/loans/{id}/services`: what may be switched on with a loan, for how much, and how to be rid of it again.

use crate::request::address::path_part;
use cabinet::ids::LoanId;
use cabinet::lender::ServiceKind;
use cabinet::refund::RefundStatus;
use cabinet::service::{self, Back, Last, Refused, ServiceStatus, ServiceView};
use lending::ServiceCost;
use leptos::prelude::*;
use locales::t;

use crate::request::{Ask, id};
use crate::ui::field::FormError;
use crate::ui::format::{long_date, unbroken};
use crate::ui::page::{Narrow, page};
use crate::ui::sums::TextLine;

/// The catalogue of a loan.
#[component]
pub fn ServicesPage() -> impl IntoView {
    let loan = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let services = service::view(&ask.cabinet, borrower, loan).await?;
        let w = ask.words;
        let form = ask.form(&format!("service:{loan}")).await;
        let lead = t!(w, "service-lead", number = &services.number);
        let nothing = services
            .list
            .is_empty()
            .then(|| view! { <p id="no-services">{w.t("service-none")}</p> });
        let cards = services
            .list
            .iter()
            .map(|one| card(&ask, loan, one))
            .collect_view();
        Ok(view! {
            <Narrow title=w.t("service-title") lead=lead>
                <p>{w.t("service-free-will")}</p>
                <FormError form/>
                {nothing}
                {cards}
                <p class="small">{w.t("service-words-kept")}" "<a href="/documents">{w.t("service-documents")}</a></p>
                <p><a href=format!("/loans/{loan}")>{w.t("pay-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// Whether it is on as its owner sees it: asked for counts, so that it can be let go of.
fn is_on(last: Option<&Last>) -> bool {
    last.is_some_and(|last| matches!(last.status, ServiceStatus::Asked | ServiceStatus::On))
}

fn card(ask: &Ask, loan: LoanId, one: &ServiceView) -> AnyView {
    let w = ask.words;
    let last = one.last.as_ref();
    let on = is_on(last);
    let status = last.map_or("never", |last| last.status.code());
    let by = one.by.as_ref().map(|by| {
        let by = t!(w, "service-by", name = by);
        view! { <p class="small">{by}</p> }
    });
    // Whatever the lender's file says of it, this is what the program does.
    let does = (one.kind == ServiceKind::Sms).then(|| {
        view! { <p data-does="">{w.t("service-sms-does")}</p> }
    });
    let price = if one.price.is_zero() {
        w.t("service-free")
    } else {
        t!(w, "service-price-once", price = one.price.to_string())
    };
    let cost = one
        .cost
        .filter(|_| !on && one.refused != Some(Refused::Closed))
        .map(|cost| effect(ask, &cost));
    let state = last.map(|last| standing(ask, last));
    let act = match (on, one.refused) {
        (true, _) => press(ask, loan, one, false),
        (false, None) => press(ask, loan, one, true),
        (false, Some(refused)) => why_not(ask, one, refused),
    };
    view! {
        <section class="card stack tight" data-service=one.code.clone() data-status=status
            data-kind=one.kind.code() data-kopecks=one.price.get().to_string()>
            <h2>{one.title.of(w.lang).to_owned()}</h2>
            <p>{one.about.of(w.lang).to_owned()}</p>
            {does}
            {by}
            <p><b data-price="">{price}</b></p>
            {cost}
            {state}
            {act}
        </section>
    }
    .into_any()
}

/// What the price does to the full cost of the loan.
fn effect(ask: &Ask, cost: &ServiceCost) -> AnyView {
    let w = ask.words;
    let percent = |psk: lending::Psk| t!(w, "service-percent", percent = psk.percent_text());
    view! {
        <dl class="sums" data-psk-with=cost.with.percent_plain() data-psk-without=cost.without.percent_plain()>
            <TextLine label=w.t("service-psk-without") text=percent(cost.without)/>
            <TextLine label=w.t("service-psk-with") text=percent(cost.with)/>
        </dl>
    }
    .into_any()
}

/// One button either way.
fn press(ask: &Ask, loan: LoanId, one: &ServiceView, on: bool) -> AnyView {
    let w = ask.words;
    let name = one.title.of(w.lang);
    let (action, class, label) = match (on, one.price.is_zero()) {
        (true, true) => ("on", "button wide", w.t("service-switch-on")),
        (true, false) => {
            let label = t!(w, "service-switch-on-for", price = one.price.to_string());
            ("on", "button wide", label)
        }
        (false, _) => ("off", "button second wide", w.t("service-switch-off")),
    };
    let spoken = format!("{label}: {name}");
    view! {
        // A plain form: nothing here is worth a script.
        <form method="post" action=format!("/api/v1/service/switch-{action}")>
            <input type="hidden" name="loan" value=loan.to_string()/>
            <input type="hidden" name="service" value=one.code.clone()/>
            <button class=class type="submit" data-switch=action aria-label=spoken>{label}</button>
        </form>
    }
    .into_any()
}

fn why_not(ask: &Ask, one: &ServiceView, refused: Refused) -> AnyView {
    let w = ask.words;
    let limit = one.cost.and_then(|cost| cost.limit);
    let text = match (refused, limit) {
        (Refused::FullCost, Some(limit)) => {
            t!(w, "service-no-full-cost", limit = limit.percent_text())
        }
        (Refused::FullCost, None) => w.t("service-no-special"),
        (Refused::Accrual, _) => w.t("service-no-accrual"),
        (Refused::Closed, _) => w.t("service-no-closed"),
        (Refused::Late, _) => w.t("service-no-late"),
        (Refused::Outside, _) => w.t("service-no-outside"),
    };
    view! { <p class="note plain" data-refused=refused.code()>{text}</p> }.into_any()
}

/// Where it stands, and until when refusing it brings money.
fn standing(ask: &Ask, last: &Last) -> AnyView {
    let w = ask.words;
    let line = match last.status {
        ServiceStatus::Asked => {
            let to = last.payment.map(|payment| format!("/payments/{payment}"));
            let link = to.map(|to| view! { " "<a data-pay="" href=to>{w.t("service-pay")}</a> });
            return view! { <p class="note" data-state="">{w.t("service-state-asked")}{link}</p> }
                .into_any();
        }
        ServiceStatus::On => match last.on {
            Some(on) => t!(w, "service-state-on", date = long_date(w, on)),
            None => w.t("service-state-on-now"),
        },
        ServiceStatus::Off => w.t("service-state-off"),
        ServiceStatus::Ended => w.t("service-state-ended"),
        ServiceStatus::Returning | ServiceStatus::Returned => {
            return last
                .back
                .as_ref()
                .map(|back| money(ask, last, back))
                .into_any();
        }
    };
    let clock = match (last.status, last.last_day, last.would_return) {
        (ServiceStatus::On, Some(day), Some(sum)) => Some(t!(
            w,
            "service-clock",
            date = long_date(w, day),
            sum = sum.to_string()
        )),
        (ServiceStatus::On, Some(_), None) => Some(w.t("service-clock-over")),
        _ => None,
    };
    let clock = clock.map(|text| view! { <p class="small" data-clock="">{text}</p> });
    view! {
        <p data-state="">{line}</p>
        {clock}
    }
    .into_any()
}

fn money(ask: &Ask, last: &Last, back: &Back) -> AnyView {
    let w = ask.words;
    let sum = back.sum.to_string();
    let date = long_date(w, back.pay_by);
    let failed = matches!(
        back.status,
        Some(RefundStatus::Failed | RefundStatus::Declined)
    );
    let line = match (last.status, failed) {
        (ServiceStatus::Returned, _) => t!(w, "service-state-returned", sum = sum),
        (_, true) => {
            let hotline = unbroken(&ask.cabinet.lender().hotline);
            t!(
                w,
                "service-state-by-hand",
                sum = sum,
                date = date,
                hotline = hotline
            )
        }
        _ => t!(w, "service-state-returning", sum = sum, date = date),
    };
    let kept = back.kept.is_positive().then(|| {
        let text = t!(w, "service-kept", sum = back.kept.to_string());
        view! { <p class="small">{text}</p> }
    });
    view! {
        <p data-state="" data-back=back.sum.get().to_string()>{line}</p>
        {kept}
    }
    .into_any()
}
