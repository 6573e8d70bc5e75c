//! `/loans/{id}/early`: what paying early means on a day; `/quotes/{id}`: a sum that closes the loan by a moment.

use crate::request::address::{path_part, query};
use cabinet::CabinetError;
use cabinet::ids::{LoanId, QuoteId};
use cabinet::loan::{self, LoanView};
use cabinet::payment::{self, Early};
use cabinet::values::RuDate;
use lending::{Keep, Kopecks, Schedule, Status};
use leptos::prelude::*;
use locales::t;

use super::forms::{PayForm, PromiseForm};
use super::pages::commission;
use crate::application::offer::terms::frames;
use crate::loan::ahead::schedule_columns;
use crate::loan::debt::zone;
use crate::request::{Ask, id};
use crate::ui::choice::{Way, WaysField};
use crate::ui::field::{FormError, FormState, TextField};
use crate::ui::format::{BigMoney, day_month, long_date};
use crate::ui::money::{MoneyField, typed};
use crate::ui::page::{Narrow, Stop, page};
use crate::ui::sums::SumLine;
use crate::ui::table::{CardTable, Cell, Row};

/// What was asked in the address.
struct Asked {
    on: String,
    amount: String,
    keep: Keep,
}

/// What if I pay on a day, and how much: a plain GET form, so an answer has an address.
#[component]
pub fn EarlyPage() -> impl IntoView {
    let loan = path_part("id");
    let query = query();
    let asked = Asked {
        on: query.get("on").unwrap_or_default(),
        amount: query.get("amount").unwrap_or_default(),
        keep: match query.get("keep").as_deref() {
            Some("term") => Keep::Term,
            _ => Keep::Payment,
        },
    };
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let view = loan::view(&ask.cabinet, borrower, loan, None).await?;
        if view.state.status == Status::Closed {
            return Err(Stop::Go(format!("/loans/{loan}")));
        }
        let mut form = FormState::default();
        let (on, amount) = read(&ask, &view, &asked, &mut form);
        let answer = match (on, amount) {
            (Some(on), Ok(amount)) => {
                let told = payment::early(&ask.cabinet, borrower, loan, on.0, amount, asked.keep);
                match told.await {
                    Ok(early) => Some(early),
                    Err(CabinetError::Fields(fields)) => {
                        let texts = ask.field_texts(&fields);
                        let texts = texts.into_iter().map(|item| (item.field, item.text));
                        form.errors.extend(texts);
                        None
                    }
                    Err(other) => return Err(Stop::Refused(other)),
                }
            }
            _ => None,
        };
        let w = ask.words;
        let lead = t!(w, "early-lead", number = &view.number);
        let shown = match answer {
            Some(early) => answered(&ask, &view, &early, asked.keep).await,
            None => ().into_any(),
        };
        Ok(view! {
            <Narrow title=w.t("early-title") lead=lead>
                {question(&ask, &view, form)}
                {shown}
                <p><a href=format!("/loans/{loan}")>{w.t("pay-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// The day and the sum, with what is wrong about them beside the fields.
fn read(
    ask: &Ask,
    view: &LoanView,
    asked: &Asked,
    form: &mut FormState,
) -> (Option<RuDate>, Result<Option<Kopecks>, ()>) {
    let on = match asked.on.trim() {
        "" => Some(RuDate(view.today)),
        text => RuDate::parse(text),
    };
    if on.is_none() {
        form.errors
            .insert("on".to_owned(), ask.words.t("field-date"));
    }
    let amount = match asked.amount.trim() {
        "" => Ok(None),
        text => Kopecks::parse(text).map(Some).map_err(|_| ()),
    };
    if amount.is_err() {
        let text = ask.words.t("field-amount_invalid");
        form.errors.insert("amount".to_owned(), text);
    }
    let day = on.map_or_else(|| asked.on.clone(), |on| on.0.to_string());
    form.values.insert("on".to_owned(), day);
    form.values
        .insert("amount".to_owned(), asked.amount.chars().take(20).collect());
    let keep = match asked.keep {
        Keep::Term => "term",
        Keep::Payment => "payment",
    };
    form.values.insert("keep".to_owned(), keep.to_owned());
    (on, amount)
}

fn question(ask: &Ask, view: &LoanView, form: FormState) -> AnyView {
    let w = ask.words;
    let here = format!("/loans/{}/early", view.id);
    let several = view.state.schedule.len() > 1;
    let keep = several.then(|| {
        let way = |value, title, why| Way {
            value,
            title: w.t(title),
            why: w.t(why),
            ..Way::default()
        };
        let ways = vec![
            way("payment", "early-shorter", "early-shorter-what"),
            way("term", "early-smaller", "early-smaller-what"),
        ];
        view! { <WaysField form=form.clone() name="keep" label=w.t("early-keep") ways/> }
    });
    view! {
        <form class="stack tight" method="get" action=here id="early-form">
            <TextField form=form.clone() name="on" label=w.t("early-on") kind="date"/>
            <MoneyField form=form name="amount" label=w.t("early-amount") hint=w.t("early-amount-hint")/>
            {keep}
            <button class="button second" type="submit">{w.t("early-count")}</button>
        </form>
    }
    .into_any()
}

async fn answered(ask: &Ask, view: &LoanView, early: &Early, keep: Keep) -> AnyView {
    let w = ask.words;
    let day = day_month(w, early.on);
    let title = if early.closes {
        t!(w, "early-closes", date = &day)
    } else {
        t!(w, "early-part", date = &day)
    };
    let saved = early.prepay.saved_against_schedule;
    let saved = saved
        .is_positive()
        .then(|| view! { <SumLine id="saved" label=w.t("early-saved") sum=saved/> });
    let after = early.prepay.new_schedule.as_ref().map(|schedule| {
        let psk = early.prepay.new_psk.map(|psk| {
            let words = (
                lending::percent_in_words(psk.thousandths),
                lending::roubles_in_words(psk.roubles),
            );
            frames(w, psk, (&words.0, &words.1))
        });
        view! {
            <h3>{w.t("early-new-schedule")}</h3>
            {plan(ask, schedule)}
            {psk}
        }
    });
    let act = if early.on == view.today {
        pay_now(ask, view, early, keep).await
    } else {
        later(ask, view, early).await
    };
    view! {
        <section class="stack" id="early" data-closes=early.closes.to_string() data-date=early.on.to_string()>
            <h2>{title}</h2>
            <BigMoney sum=early.amount id="early-sum"/>
            <dl class="sums">
                <SumLine id="early-payoff" label=t!(w, "early-payoff", date = &day) sum=early.prepay.payoff/>
                {saved}
            </dl>
            {after}
            {act}
        </section>
    }
    .into_any()
}

fn plan(ask: &Ask, schedule: &Schedule) -> AnyView {
    let w = ask.words;
    let rows = schedule
        .instalments
        .iter()
        .map(|line| Row {
            status: None,
            cells: vec![
                Cell::Head(long_date(w, line.due)),
                Cell::Sum(line.payment),
                Cell::Part(line.principal),
                Cell::Part(line.interest),
            ],
        })
        .collect();
    let columns = schedule_columns(w, false);
    view! { <div id="new-schedule"><CardTable columns rows/></div> }.into_any()
}

/// Paying today: the sum that was shown, and nothing else.
async fn pay_now(ask: &Ask, view: &LoanView, early: &Early, keep: Keep) -> AnyView {
    let w = ask.words;
    if !ask.cabinet.lender().payment.in_cabinet() {
        return later(ask, view, early).await;
    }
    let form = ask.form(&format!("pay:{}", view.id)).await;
    let key = ask.cabinet.ports().ids.uuid().to_string();
    let what = match (early.closes, early.choice) {
        (true, _) => "payoff",
        (_, true) => "early",
        _ => "sum",
    };
    let keep = match keep {
        Keep::Term => "term",
        Keep::Payment => "payment",
    };
    let go = t!(w, "early-pay", sum = early.amount.to_string());
    let (id, amount) = (view.id.to_string(), typed(early.amount));
    let commission = commission(ask, early.amount);
    view! {
        <PayForm class="stack tight">
            <FormError form/>
            <input type="hidden" name="loan" value=id/>
            <input type="hidden" name="key" value=key/>
            <input type="hidden" name="what" value=what/>
            <input type="hidden" name="keep" value=keep/>
            <input type="hidden" name="amount" value=amount/>
            <dl class="sums">
                {commission}
            </dl>
            <button class="button wide" id="pay" type="submit">{go}</button>
        </PayForm>
    }
    .into_any()
}

/// Another day: the sum that closes the loan then can be promised.
async fn later(ask: &Ask, view: &LoanView, early: &Early) -> AnyView {
    let w = ask.words;
    if !early.closes {
        return view! { <p class="quiet">{w.t("early-come-back")}</p> }.into_any();
    }
    let form = ask.form(&format!("early:{}", view.id)).await;
    let (id, on) = (view.id.to_string(), early.on.to_string());
    view! {
        <PromiseForm class="stack tight">
            <FormError form/>
            <input type="hidden" name="loan" value=id/>
            <input type="hidden" name="on" value=on/>
            <button class="button wide" id="promise" type="submit">{w.t("early-promise")}</button>
            <p class="small">{w.t("early-promise-what")}</p>
        </PromiseForm>
    }
    .into_any()
}

/// A promised sum, its last moment, and how to pay it.
#[component]
pub fn QuotePage() -> impl IntoView {
    let quote = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let quote: QuoteId = id(&quote)?;
        let promised = payment::promised(&ask.cabinet, borrower, quote).await?;
        let view = loan::view(&ask.cabinet, borrower, promised.loan, None).await?;
        let w = ask.words;
        let (day, at) = (long_date(w, promised.on), zone(&ask));
        let closed = view.state.status == Status::Closed;
        let what = match (closed, promised.lives) {
            (true, _) => w.t("quote-closed"),
            (_, true) => t!(w, "quote-until", date = &day, zone = &at),
            (_, false) => w.t("quote-over"),
        };
        let payable = !closed && promised.lives && ask.cabinet.lender().payment.in_cabinet();
        let form = ask.form(&format!("pay:{}", promised.loan)).await;
        let key = ask.cabinet.ports().ids.uuid().to_string();
        let pay = payable.then(|| {
            let commission = commission(&ask, promised.amount);
            view! {
                <PayForm class="stack tight">
                    <FormError form/>
                    <input type="hidden" name="loan" value=promised.loan.to_string()/>
                    <input type="hidden" name="key" value=key/>
                    <input type="hidden" name="what" value="promised"/>
                    <input type="hidden" name="quote" value=quote.to_string()/>
                    <dl class="sums">{commission}</dl>
                    <button class="button wide" id="pay" type="submit">{w.t("quote-pay")}</button>
                </PayForm>
            }
        });
        let today = (payable && promised.on > view.today).then(|| {
            let sum = view.state.payoff.to_string();
            let href = format!("/loans/{}/pay?what=payoff", promised.loan);
            view! { <p class="quiet">{t!(w, "quote-today", sum = sum)}" "<a href=href>{w.t("quote-today-pay")}</a></p> }
        });
        let number = quote.to_string();
        let short = number.split('-').next_back().unwrap_or_default().to_owned();
        let lead = t!(w, "early-lead", number = &view.number);
        Ok(view! {
            <Narrow title=w.t("quote-title") lead=lead>
                <div class="stack" id="quote" data-lives=promised.lives.to_string() data-date=promised.on.to_string()>
                    <BigMoney sum=promised.amount/>
                    <p id="quote-until"><b>{what}</b></p>
                    <p class="small">{t!(w, "quote-number", number = short)}</p>
                    {pay}
                    {today}
                </div>
                <p><a href=format!("/loans/{}", promised.loan)>{w.t("pay-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}
