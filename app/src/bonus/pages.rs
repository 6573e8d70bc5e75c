//! `/bonuses`: what there is, what it pays, where it came from and went.

use cabinet::bonus::{self, BonusView, EntryView, Kind, Spendable};
use cabinet::lender::Bonus;
use lending::Kopecks;
use leptos::prelude::*;
use locales::t;

use super::card::form;
use crate::request::Ask;
use crate::ui::format::{BigMoney, day_month, long_date};
use crate::ui::page::{Narrow, page};
use crate::ui::waiting::clock;

/// The bonuses of a borrower.
#[component]
pub fn BonusesPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let bonuses = bonus::view(&ask.cabinet, borrower).await?;
        let w = ask.words;
        let Some(rules) = ask.cabinet.lender().bonus.clone() else {
            return Err(cabinet::CabinetError::NotFound.into());
        };
        let mut spend = Vec::new();
        for one in &bonuses.loans {
            spend.push(of_loan(&ask, &bonuses, one).await);
        }
        let ends = bonuses.ends.map(|(day, sum)| {
            let (date, sum) = (long_date(w, day), sum.to_string());
            view! { <p class="quiet" id="bonus-ends">{t!(w, "bonus-ends", date = date, sum = sum)}</p> }
        });
        let balance = bonuses.balance;
        let invite = rules.friends.as_ref().map(|_| {
            view! { <p><a href="/invite" id="to-invite">{w.t("invite-title")}</a></p> }
        });
        Ok(view! {
            <Narrow title=w.t("bonus-title") lead=w.t("bonus-lead")>
                <section class="card stack tight" id="bonuses" data-kopecks=balance.get().to_string()>
                    <h2>{w.t("bonus-have")}</h2>
                    <BigMoney sum=balance/>
                    {ends}
                </section>
                {spend}
                {invite}
                {rules_of(&ask, &rules)}
                {history(&ask, &bonuses.entries)}
                <p><a href="/cabinet">{w.t("back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// One open loan: the form, or why its interest can't be paid with bonuses today.
async fn of_loan(ask: &Ask, bonuses: &BonusView, one: &Spendable) -> AnyView {
    if bonuses.balance.is_zero() {
        return ().into_any();
    }
    let w = ask.words;
    let title = t!(w, "bonus-spend-of", number = &one.number);
    let body = match one.refused {
        Some(code) => {
            let key = match code {
                "bonus_no_interest" => "bonus-no-interest",
                "bonus_share" => "bonus-no-share",
                _ => "bonus-no-payment",
            };
            view! { <p class="note plain" data-refused=code>{w.t(key)}</p> }.into_any()
        }
        None => form(ask, one, "bonuses").await,
    };
    view! {
        <section class="card stack tight">
            <h2>{title}</h2>
            {body}
        </section>
    }
    .into_any()
}

/// The rules, from the lender's file.
fn rules_of(ask: &Ask, rules: &Bonus) -> AnyView {
    let w = ask.words;
    let mut lines = Vec::new();
    if rules.interest_percent > 0 {
        lines.push(t!(
            w,
            "bonus-rule-interest",
            percent = rules.interest_percent
        ));
    }
    if rules.loan_repaid().is_positive() {
        let sum = rules.loan_repaid().to_string();
        lines.push(t!(w, "bonus-rule-loan", sum = sum, days = rules.loan_days));
    }
    lines.push(t!(w, "bonus-rule-share", percent = rules.max_share_percent));
    lines.push(w.t("bonus-rule-prolong"));
    lines.push(t!(w, "bonus-rule-expiry", days = rules.expiry_days));
    lines.push(w.t("bonus-rule-money"));
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
    view! {
        <section class="stack tight" id="bonus-rules">
            <h2>{w.t("bonus-rules")}</h2>
            <ul>{lines.collect_view()}</ul>
        </section>
    }
    .into_any()
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Loan => "bonus-entry-loan",
        Kind::Interest => "bonus-entry-interest",
        Kind::Inviter => "bonus-entry-inviter",
        Kind::Friend => "bonus-entry-friend",
        Kind::Prize => "bonus-entry-prize",
        Kind::Spent => "bonus-entry-spent",
        Kind::Returned => "bonus-entry-returned",
        Kind::Expired => "bonus-entry-expired",
        Kind::Forfeited => "bonus-entry-forfeited",
    }
}

fn history(ask: &Ask, entries: &[EntryView]) -> AnyView {
    let w = ask.words;
    if entries.is_empty() {
        return view! { <p class="quiet" id="no-bonuses">{w.t("bonus-none-yet")}</p> }.into_any();
    }
    let rows = entries.iter().map(|entry| row(ask, entry)).collect_view();
    view! {
        <section class="card stack tight" id="bonus-history">
            <h2>{w.t("bonus-history")}</h2>
            <table><tbody>{rows}</tbody></table>
        </section>
    }
    .into_any()
}

fn row(ask: &Ask, entry: &EntryView) -> AnyView {
    let w = ask.words;
    let sum = if entry.kind.gives() {
        format!("+{}", entry.amount)
    } else {
        (Kopecks::ZERO - entry.amount).to_string()
    };
    let number = entry.number.as_ref();
    let number = number.map(|number| format!(", {}", t!(w, "bonus-of-loan", number = number)));
    let until = entry.last_day.map(|day| {
        let text = t!(w, "bonus-until", date = day_month(w, day));
        view! { <br/><span class="small">{text}</span> }
    });
    view! {
        <tr data-kind=entry.kind.code() data-kopecks=entry.amount.get().to_string()>
            <td>
                {w.t(name(entry.kind))}{number}<br/>
                <span class="small">{clock(ask, entry.at)}</span>
                {until}
            </td>
            <td class="num">{sum}</td>
        </tr>
    }
    .into_any()
}
