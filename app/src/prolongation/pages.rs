//! `/loans/{id}/prolong?days=`: what more time costs, beside what paying today costs.

use crate::request::address::{path_part, query};
use cabinet::CabinetError;
use cabinet::ids::LoanId;
use cabinet::loan::{self, Availability, LoanView};
use cabinet::prolongation;
use lending::ProlongationQuote;
use leptos::prelude::*;
use locales::{Words, t};

use super::forms::PrepareProlongForm;
use crate::application::offer::terms::frames;
use crate::bonus;
use crate::loan::ahead::refusal;
use crate::loan::debt::zone;
use crate::payment::pages::commission;
use crate::request::{Ask, id};
use crate::ui::field::{FormError, FormState};
use crate::ui::format::{by_weekday, day_month};
use crate::ui::money::{Limits, RangeField};
use crate::ui::page::{Narrow, Stop, page};
use crate::ui::sums::SumLine;

/// What is offered when nothing was asked: two weeks, inside the lender's limits.
const USUAL_DAYS: u32 = 14;

/// The preview of a prolongation.
#[component]
pub fn ProlongPage() -> impl IntoView {
    let loan = path_part("id");
    let query = query();
    let asked = query
        .get("days")
        .map(|days| stepped(&days, query.get("step")));
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
        let bonuses = bonus::card::beside(&ask, borrower, loan, "prolong").await?;
        Ok(view! {
            <Narrow title=w.t("prolong-title") lead=lead>
                {until(&ask, &view, &terms)}
                {bonuses}
                {days_form(w, &view, &terms, &form)}
                {quote.map(|quote| preview(&ask, &view, &quote, form))}
                <p><a href=format!("/loans/{loan}")>{w.t("pay-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// One day more or less, when «−» or «+» sent the form.
fn stepped(days: &str, step: Option<String>) -> String {
    let by = match step.as_deref() {
        Some("days-less") => -1,
        Some("days-more") => 1,
        _ => 0,
    };
    match days
        .trim()
        .parse::<u32>()
        .ok()
        .and_then(|days| days.checked_add_signed(by))
    {
        Some(days) if by != 0 => days.to_string(),
        _ => days.to_owned(),
    }
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
    let limits = Limits {
        min: terms.min_days,
        max: terms.max_days,
    };
    let steps = [w.t("calc-less-day"), w.t("calc-more-day")];
    view! {
        <form class="stack tight" method="get" action=here id="days-form">
            <RangeField form=form.clone() name="days" label=w.t("prolong-days") limits steps hint=hint/>
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
    let words = (
        lending::percent_in_words(quote.psk.thousandths),
        lending::roubles_in_words(quote.psk.roubles),
    );
    let fee = quote
        .fee
        .is_positive()
        .then(|| view! { <SumLine id="fee" label=w.t("prolong-fee") sum=quote.fee/> });
    let (loan, term) = (view.id.to_string(), quote.days.to_string());
    view! {
        <div class="stack" id="preview" data-days=quote.days.to_string()>
            <p id="new-due" data-date=quote.new_due.to_string()><b>{due}</b></p>
            <dl class="sums">
                <SumLine id="pay-now" label=w.t("prolong-pay-now") sum=quote.pay_now/>
                {fee}
                {commission(ask, quote.pay_now)}
                <SumLine id="due-then" label=later sum=quote.due_then/>
                <SumLine id="total" label=w.t("prolong-total") sum=quote.total/>
                <SumLine id="pay-today" label=w.t("prolong-pay-today") sum=quote.pay_today_total/>
                <SumLine id="extra" label=w.t("prolong-extra") sum=quote.extra/>
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

#[cfg(test)]
mod tests {
    use super::stepped;

    #[test]
    fn the_buttons_step_by_a_day_and_leave_other_words_alone() {
        let by = |days: &str, step: &str| stepped(days, Some(step.to_owned()));
        assert_eq!(
            [by("14", "days-less"), by(" 14", "days-more")],
            ["13", "15"]
        );
        assert_eq!(
            [by("0", "days-less"), by("много", "days-more")],
            ["0", "много"]
        );
        assert_eq!(stepped("14", None), "14");
    }
}
