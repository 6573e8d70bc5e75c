//! `/loans/{id}/prolong?days=`: what more time costs, beside what paying today costs.

use cabinet::CabinetError;
use cabinet::ids::LoanId;
use cabinet::loan::{self, Availability, LoanView};
use cabinet::prolongation;
use lending::ProlongationQuote;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use locales::{Words, t};

use super::forms::PrepareProlongForm;
use crate::application::offer::terms::frames;
use crate::loan::ahead::refusal;
use crate::loan::debt::zone;
use crate::request::{Ask, id};
use crate::ui::field::{FormError, FormState, TextField};
use crate::ui::format::{by_weekday, day_month};
use crate::ui::page::{Narrow, Stop, page};

/// What is offered when nothing was asked: two weeks, inside the lender's limits.
const USUAL_DAYS: u32 = 14;

/// The preview of a prolongation.
#[component]
pub fn ProlongPage() -> impl IntoView {
    let loan = use_params_map()
        .read_untracked()
        .get("id")
        .unwrap_or_default();
    let asked = use_query_map().read_untracked().get("days");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let view = loan::view(&ask.cabinet, borrower, loan, None).await?;
        let Some(terms) = view.prolong.clone() else {
            return Err(CabinetError::Conflict("no_prolongation").into());
        };
        if !terms.can {
            return Ok(impossible(&ask, &view, &terms));
        }
        let kept = ask.form(&format!("prolong:{loan}")).await;
        let (days, mut form) = wanted(&ask, asked, kept, &terms);
        let quote = match days {
            None => None,
            Some(days) => match prolongation::preview(&ask.cabinet, borrower, loan, days).await {
                Ok(quote) => Some(quote),
                Err(CabinetError::Fields(fields)) => {
                    let texts = ask.field_texts(&fields);
                    form.errors
                        .extend(texts.into_iter().map(|item| (item.field, item.text)));
                    None
                }
                Err(other) => return Err(Stop::Refused(other)),
            },
        };
        let w = ask.words;
        let lead = t!(w, "prolong-lead", number = &view.number);
        Ok(view! {
            <Narrow title=w.t("prolong-title") lead=lead>
                {until(&ask, &view, &terms)}
                {days_form(w, &view, &terms, &form)}
                {quote.map(|quote| preview(&ask, &view, &quote, form))}
                <p><a href=format!("/loans/{loan}")>{w.t("pay-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// The last moment, and what being late would mean: said before anything is chosen.
fn until(ask: &Ask, view: &LoanView, terms: &Availability) -> AnyView {
    let w = ask.words;
    let last = terms.until.map(|day| {
        let text = t!(
            w,
            "prolong-until",
            date = day_month(w, day),
            zone = zone(ask)
        );
        view! { <p id="prolong-until" data-date=day.to_string()>{text}</p> }
    });
    let rate = view.terms.product.penalty_rate.percent_text();
    view! {
        {last}
        <p class="note" id="prolong-late">{t!(w, "prolong-late", rate = rate)}</p>
    }
    .into_any()
}

/// The days asked for: from the address, from the last try, or the usual ones.
fn wanted(
    ask: &Ask,
    asked: Option<String>,
    mut form: FormState,
    terms: &Availability,
) -> (Option<u32>, FormState) {
    let usual = USUAL_DAYS
        .max(terms.min_days)
        .min(terms.max_days)
        .to_string();
    let typed = asked
        .or_else(|| form.values.get("days").cloned())
        .unwrap_or(usual);
    let days = typed.trim().parse::<u32>().ok();
    form.values
        .insert("days".to_owned(), typed.chars().take(10).collect());
    if days.is_none() {
        let text = t!(
            ask.words,
            "prolong-no-days",
            min = terms.min_days,
            max = terms.max_days
        );
        form.errors.insert("days".to_owned(), text);
    }
    (days, form)
}

fn impossible(ask: &Ask, view: &LoanView, terms: &Availability) -> AnyView {
    let w = ask.words;
    let reason = terms.reason.as_ref();
    let reason = reason.map_or_else(|| w.t("prolong-no-kind"), |reason| refusal(w, reason));
    let loan = format!("/loans/{}", view.id);
    let pay = format!("{loan}/pay");
    view! {
        <Narrow title=w.t("prolong-no-title") lead=reason>
            <p id="no-prolong">{w.t("prolong-no-what")}</p>
            <a class="button wide" href=pay>{w.t("loan-pay")}</a>
            <p><a href=loan>{w.t("pay-back")}</a></p>
        </Narrow>
    }
    .into_any()
}

/// A GET form: the preview has an address of its own.
fn days_form(w: Words, view: &LoanView, terms: &Availability, form: &FormState) -> AnyView {
    let hint = t!(
        w,
        "prolong-days-hint",
        min = terms.min_days,
        max = terms.max_days
    );
    let here = format!("/loans/{}/prolong", view.id);
    view! {
        <form class="stack tight" method="get" action=here id="days-form">
            <TextField form=form.clone() name="days" label=w.t("prolong-days") mode="numeric" hint=hint/>
            <button class="button second" type="submit">{w.t("prolong-recount")}</button>
        </form>
    }
    .into_any()
}

fn preview(ask: &Ask, view: &LoanView, quote: &ProlongationQuote, form: FormState) -> AnyView {
    let w = ask.words;
    let general = FormState {
        general: form.general,
        ..FormState::default()
    };
    let later = t!(w, "prolong-due-then", date = day_month(w, quote.new_due));
    let due = t!(
        w,
        "loan-due",
        date = by_weekday(w, quote.new_due),
        zone = zone(ask)
    );
    let row = |id: &'static str, label: String, sum: lending::Kopecks| {
        view! {
            <div><dt>{label}</dt><dd id=id data-kopecks=sum.get().to_string()>{sum.to_string()}</dd></div>
        }
    };
    let words = (
        lending::percent_in_words(quote.psk.thousandths),
        lending::roubles_in_words(quote.psk.roubles),
    );
    let fee = quote
        .fee
        .is_positive()
        .then(|| row("fee", w.t("prolong-fee"), quote.fee));
    let (loan, term) = (view.id.to_string(), quote.days.to_string());
    view! {
        <div class="stack" id="preview" data-days=quote.days.to_string()>
            <p id="new-due" data-date=quote.new_due.to_string()><b>{due}</b></p>
            <dl class="sums">
                {row("pay-now", w.t("prolong-pay-now"), quote.pay_now)}
                {fee}
                {row("due-then", later, quote.due_then)}
                {row("total", w.t("prolong-total"), quote.total)}
                {row("pay-today", w.t("prolong-pay-today"), quote.pay_today_total)}
                {row("extra", w.t("prolong-extra"), quote.extra)}
            </dl>
            {frames(w, quote.psk, (&words.0, &words.1))}
            <p class="quiet" id="left" data-left=quote.left_this_year.to_string()>
                {t!(w, "prolong-left", left = quote.left_this_year)}
            </p>
            <PrepareProlongForm class="stack tight">
                <FormError form=general/>
                <input type="hidden" name="loan" value=loan/>
                <input type="hidden" name="days" value=term/>
                <button class="button wide" id="prolong-prepare" type="submit">{w.t("prolong-prepare")}</button>
            </PrepareProlongForm>
            <p class="small">{w.t("prolong-prepare-what")}</p>
        </div>
    }
    .into_any()
}
