//! The balance on the loan's page: what stands there, that it stops no interest by itself, and «Repay».

use cabinet::loan::LoanView;
use leptos::prelude::*;
use locales::t;

use super::forms::RepayForm;
use crate::request::Ask;
use crate::ui::field::FormError;
use crate::ui::format::{BigMoney, day_month};

/// The card of the balance, for lenders who have one.
pub async fn card(ask: &Ask, loan: &LoanView) -> AnyView {
    let Some(balance) = loan.balance else {
        return ().into_any();
    };
    let w = ask.words;
    let pay = format!("/loans/{}/pay", loan.id);
    let there = balance.left.is_positive();
    let next = balance.next_debit.map_or_else(String::new, |(on, sum)| {
        t!(
            w,
            "balance-next",
            date = day_month(w, on),
            sum = sum.to_string()
        )
    });
    let idle = there.then(|| {
        let saves = balance.idle_saves.is_positive().then(|| {
            let sum = balance.idle_saves.to_string();
            t!(w, "balance-saves", sum = sum)
        });
        view! { <p class="note" id="idle">{w.t("balance-idle")}" "{next}" "{saves}</p> }
    });
    let repay = if there {
        let form = ask.form(&format!("repay:{}", loan.id)).await;
        let key = ask.cabinet.ports().ids.uuid().to_string();
        let sum = balance.left.min(loan.state.payoff).to_string();
        let (id, go) = (loan.id.to_string(), t!(w, "balance-repay", sum = sum));
        view! {
            <RepayForm class="stack tight">
                <FormError form/>
                <input type="hidden" name="loan" value=id/>
                <input type="hidden" name="key" value=key/>
                <button class="button wide" id="repay" type="submit">{go}</button>
            </RepayForm>
        }
        .into_any()
    } else {
        view! { <p class="quiet">{w.t("balance-empty")}</p> }.into_any()
    };
    let back = there.then(|| {
        let href = format!("/loans/{}/refund", loan.id);
        view! { <a id="to-refund" href=href>{w.t("balance-back")}</a> }
    });
    view! {
        <section class="card stack" id="balance" data-kopecks=balance.left.get().to_string()>
            <h2>{w.t("balance-title")}</h2>
            <BigMoney sum=balance.left/>
            {idle}
            {repay}
            <a class="button second wide" id="top-up" href=format!("{pay}?what=top-up")>{w.t("balance-top-up")}</a>
            {back}
        </section>
    }
    .into_any()
}
