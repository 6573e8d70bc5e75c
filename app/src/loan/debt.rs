//! The card with the one big figure: what is owed on a date, what it consists of, what to do.

use cabinet::loan::LoanView;
use lending::{ClosedBy, Kopecks, LoanState, Status};
use leptos::prelude::*;
use locales::{Words, t};

use super::{relief, why};
use crate::lender::debt_places;
use crate::request::Ask;
use crate::ui::field::{FormState, TextField};
use crate::ui::format::{BigMoney, by_weekday, day_month, days, long_date, unbroken};
use crate::ui::sums::SumLine;
use crate::ui::waiting::clock;

/// The debt on a date. `loan` is the loan today; `state` may be of another day.
pub fn card(ask: &Ask, loan: &LoanView, state: &LoanState, form: FormState) -> AnyView {
    let w = ask.words;
    let is_today = state.on == loan.today;
    let date = day_month(w, state.on);
    let (title, about) = if is_today {
        (t!(w, "loan-today", date = date), None)
    } else if state.on > loan.today {
        (t!(w, "loan-on", date = date), Some(w.t("loan-on-future")))
    } else {
        (t!(w, "loan-on", date = date), Some(w.t("loan-on-past")))
    };
    view! {
        <section class="card stack" data-status=status_name(state.status)>
            <h1 class="h2">{title}</h1>
            <BigMoney sum=state.payoff id="debt"/>
            {about.map(|about| view! { <p class="quiet">{about}</p> })}
            {is_today.then(|| overdue_note(ask, loan, state))}
            {is_today.then(|| relief::notes(w, loan, state))}
            {parts_bar(w, [state.principal, state.interest, state.penalty], state.payoff)}
            {why::details(w, loan.terms.amount, loan.terms.schedule.start, state)}
            {cap(w, state)}
            {when(ask, loan, state)}
            {is_today.then(|| actions(ask, loan, state))}
            {date_form(ask, loan, state, form)}
        </section>
    }
    .into_any()
}

/// The stable name of a loan's status.
pub const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Overdue => "overdue",
        Status::Closed => "closed",
    }
}

/// «по Москве», or the zone of a lender who lives elsewhere.
pub fn zone(ask: &Ask) -> String {
    ask.words.zone(ask.cabinet.lender().clock_offset_minutes)
}

/// Late: how much exactly, what adds up every day, what to do. No blame.
fn overdue_note(ask: &Ask, loan: &LoanView, state: &LoanState) -> AnyView {
    let w = ask.words;
    let Some(since) = state.late_since else {
        return ().into_any();
    };
    // Interest or a penalty alone may be late, and then no principal counts the days.
    let late_days = match state.status {
        Status::Overdue => state.days_overdue,
        _ => u32::try_from((state.on - since).num_days()).unwrap_or_default(),
    };
    let ends = state.next_payment.map_or(state.payoff, |(_, sum)| sum);
    let rows = late_rows(state, ends)
        .into_iter()
        .map(|(key, sum)| view! { <SumLine label=w.t(key) sum/> })
        .collect_view();
    let rate = loan.terms.product.penalty_rate.percent_text();
    let help = t!(
        w,
        "loan-late-help",
        hotline = unbroken(&ask.cabinet.lender().hotline)
    );
    view! {
        <div class="note stack tight" id="late" data-days=late_days.to_string()>
            <p><b>{t!(w, "loan-late", days = days(w, late_days))}</b></p>
            <dl class="sums">
                {rows}
                <SumLine id="late-sum" label=w.t("loan-late-ends") sum=ends/>
            </dl>
            <p>{t!(w, "loan-late-what", rate = rate)}</p>
            <p>{help}</p>
        </div>
    }
    .into_any()
}

/// What is late, by parts that add up to what ends the delay. The law's order asks for interest since the missed
/// date and for penalty as well, as far as that sum has them.
fn late_rows(state: &LoanState, ends: Kopecks) -> Vec<(&'static str, Kopecks)> {
    let mut left = ends;
    let since = state.interest.less(state.overdue_interest);
    [
        ("loan-late-principal", state.overdue_principal),
        ("loan-late-interest", state.overdue_interest),
        ("loan-late-penalty", state.penalty),
        ("loan-late-since", since),
    ]
    .into_iter()
    .filter_map(|(key, sum)| {
        let sum = sum.min(left);
        left -= sum;
        sum.is_positive().then_some((key, sum))
    })
    .collect()
}

/// Principal, interest and penalty as one bar; the words under it say the same.
pub fn parts_bar(w: Words, sums: [Kopecks; 3], payoff: Kopecks) -> AnyView {
    let [principal, interest, penalty] = sums;
    let parts = [
        ("p", "loan-part-principal", principal),
        ("i", "loan-part-interest", interest),
        ("n", "loan-part-penalty", penalty),
    ];
    let total = payoff.get().max(1);
    let shown: Vec<_> = parts
        .into_iter()
        .filter(|(_, _, sum)| sum.is_positive())
        .collect();
    let label: Vec<String> = shown
        .iter()
        .map(|(_, key, sum)| t!(w, key, sum = sum.to_string()))
        .collect();
    // A hair of the ground between neighbours, taken from the left one.
    let gap = total / 150;
    let last = shown.len().saturating_sub(1);
    let mut x = 0;
    let bars = shown
        .iter()
        .enumerate()
        .map(|(index, (class, _, sum))| {
            let left = x;
            x += sum.get();
            let width = if index == last { sum.get() } else { (sum.get() - gap).max(1) };
            view! { <rect class=*class x=left.to_string() y="0" width=width.to_string() height="100"></rect> }
        })
        .collect_view();
    let legend = shown
        .iter()
        .zip(&label)
        .map(|((class, _, sum), text)| {
            view! { <span class=*class data-kopecks=sum.get().to_string()>{text.clone()}</span> }
        })
        .collect_view();
    view! {
        <svg class="parts" role="img" aria-label=label.join(", ") viewBox=format!("0 0 {total} 100")
            preserveAspectRatio="none">{bars}</svg>
        <p class="legend small" id="parts">{legend}</p>
    }
    .into_any()
}

/// How much of what may ever accrue has accrued.
fn cap(w: Words, state: &LoanState) -> AnyView {
    let Some(cap) = state.cap.filter(|cap| cap.is_positive()) else {
        return ().into_any();
    };
    let tenths = (i128::from(state.accrued.get()) * 1000 / i128::from(cap.get())).to_string();
    let (whole, tenth) = tenths.split_at(tenths.len().saturating_sub(1));
    let percent = format!(
        "{},{tenth}\u{a0}%",
        if whole.is_empty() { "0" } else { whole }
    );
    let text = if state.accrued < cap {
        t!(
            w,
            "loan-cap",
            accrued = state.accrued.to_string(),
            cap = cap.to_string(),
            percent = percent
        )
    } else {
        t!(w, "loan-cap-full", cap = cap.to_string())
    };
    view! {
        <div class="stack tight" id="cap" data-accrued=state.accrued.get().to_string()
            data-cap=cap.get().to_string()>
            <progress class="cap" value=state.accrued.get().to_string() max=cap.get().to_string()
                aria-label=text.clone()></progress>
            <p class="small">{text}</p>
        </div>
    }
    .into_any()
}

/// By when to pay, and how long that is.
fn when(ask: &Ask, loan: &LoanView, state: &LoanState) -> AnyView {
    let w = ask.words;
    let left = u32::try_from((state.due - loan.today).num_days()).ok();
    let left = match left {
        Some(0) => w.t("loan-due-today"),
        Some(left) => t!(w, "loan-due-left", days = days(w, left)),
        None => w.t("loan-due-passed"),
    };
    let due = t!(
        w,
        "loan-due",
        date = by_weekday(w, state.due),
        zone = zone(ask)
    );
    let several = loan.state.schedule.len() > 1 && state.status == Status::Active;
    let next = state.next_payment.filter(|_| several).map(|(on, sum)| {
        let text = t!(w, "loan-next", date = by_weekday(w, on), sum = sum.to_string());
        view! {
            <p id="next-payment" data-date=on.to_string() data-kopecks=sum.get().to_string()>{text}</p>
        }
    });
    view! {
        {next}
        <p class="quiet" id="due" data-date=state.due.to_string()>{due}" — "{left}</p>
    }
    .into_any()
}

/// The way to the catalogue, of a lender who has one.
fn services(ask: &Ask, loan: &LoanView) -> Option<AnyView> {
    let href = format!("/loans/{}/services", loan.id);
    let any = !ask.cabinet.lender().services.is_empty();
    any.then(|| {
        view! { <p><a id="services" href=href>{ask.words.t("service-link")}</a></p> }.into_any()
    })
}

fn actions(ask: &Ask, loan: &LoanView, state: &LoanState) -> AnyView {
    let w = ask.words;
    let pay = format!("/loans/{}/pay", loan.id);
    let open = loan.open_payment.as_ref().map(|payment| {
        let (sum, at) = (payment.amount.to_string(), clock(ask, payment.created_at));
        let href = format!("/payments/{}", payment.id);
        view! {
            <p class="note" id="open-payment">
                {t!(w, "loan-open-payment", sum = sum, at = at)}" "<a href=href>{w.t("loan-open-payment-see")}</a>
            </p>
        }
    });
    let prolong = loan
        .prolong
        .as_ref()
        .filter(|prolong| prolong.can)
        .map(|_| {
            let href = format!("/loans/{}/prolong", loan.id);
            view! { <a class="button second" id="prolong" href=href>{w.t("loan-prolong")}</a> }
        });
    let outside = !ask.cabinet.lender().payment.in_cabinet();
    let places = debt_places(w, &ask.cabinet.lender().help.debt);
    let elsewhere = places.map(|places| {
        view! {
            <p class="small" id="debt-elsewhere">
                {w.args("loan-debt-elsewhere", &[("where", places.into())])} " " <a href="/help">{w.t("loan-debt-help")}</a>
            </p>
        }
    });
    if outside {
        let sum = state.payoff.to_string();
        return view! {
            <a class="button wide" id="how-to-pay" href=pay>{t!(w, "loan-how-to-pay", sum = sum)}</a>
            {elsewhere}
        }
        .into_any();
    }
    let services = services(ask, loan);
    view! {
        {open}
        <a class="button wide" id="payoff" data-kopecks=state.payoff.get().to_string()
            href=format!("{pay}?what=payoff")>{t!(w, "loan-payoff", sum = state.payoff.to_string())}</a>
        <div class="actions">
            <a class="button second" id="pay" href=format!("{pay}?what=sum")>{w.t("loan-pay")}</a>
            {prolong}
        </div>
        <p><a id="early" href=format!("/loans/{}/early", loan.id)>{w.t("early-link")}</a></p>
        <p><a id="autopay" href=format!("/loans/{}/autopay", loan.id)>{w.t("autopay-link")}</a></p>
        {services}
        {elsewhere}
    }
    .into_any()
}

/// The debt on another date: a plain GET form, so a date can be kept as a bookmark.
fn date_form(ask: &Ask, loan: &LoanView, state: &LoanState, form: FormState) -> AnyView {
    let w = ask.words;
    let here = format!("/loans/{}", loan.id);
    let is_today = state.on == loan.today;
    let today = (!is_today).then(|| view! { <a href=here.clone()>{w.t("loan-to-today")}</a> });
    let chosen = if is_today {
        String::new()
    } else {
        state.on.to_string()
    };
    let open = !is_today || form.has_errors();
    view! {
        <details open=open>
            <summary>{w.t("loan-other-date")}</summary>
            <form class="stack tight" method="get" action=here.clone() id="date-form">
                <TextField form name="on" label=w.t("loan-date") kind="date" value=chosen/>
                <button class="button second" type="submit">{w.t("loan-date-show")}</button>
                {today}
            </form>
        </details>
    }
    .into_any()
}

/// The closed loan: thanks, a zero, the certificate.
pub fn closed(ask: &Ask, loan: &LoanView) -> AnyView {
    let w = ask.words;
    let state = &loan.state;
    let on = state.closed_on.unwrap_or(state.on);
    let certificate = format!("/loans/{}/certificate", loan.id);
    let thanks = match state.closed_by {
        Some(ClosedBy::WrittenOff) => "loan-closed-forgiven",
        _ => "loan-closed-thanks",
    };
    let surplus = loan.overpaid.is_positive().then(|| {
        let sum = loan.overpaid;
        let text = t!(w, "refund-surplus", sum = sum.to_string());
        let href = format!("/loans/{}/refund", loan.id);
        view! {
            <p class="note" id="surplus" data-kopecks=sum.get().to_string()>
                {text}" "<a id="to-refund" href=href>{w.t("refund-link")}</a>
            </p>
        }
    });
    view! {
        <section class="card stack" id="closed" data-status="closed" data-date=on.to_string()>
            <h1 class="h2">{t!(w, "loan-closed", date = long_date(w, on))}</h1>
            <BigMoney sum=Kopecks::ZERO id="debt"/>
            <p>{w.t(thanks)}</p>
            {relief::notes(w, loan, state)}
            {surplus}
            {why::details(w, loan.terms.amount, loan.terms.schedule.start, state)}
            <a class="button wide" id="to-certificate" href=certificate>{w.t("loan-certificate")}</a>
            <a class="button second wide" href="/">{w.t("loan-new")}</a>
            {services(ask, loan)}
        </section>
    }
    .into_any()
}
