//! Bonuses on other pages: how many there are, and paying the interest of one loan with them.

use cabinet::bonus::{self, Spendable};
use cabinet::ids::{BorrowerId, LoanId};
use lending::Kopecks;
use leptos::prelude::*;
use locales::t;

use crate::request::Ask;
use crate::ui::field::{FormError, FormState};
use crate::ui::format::{BigMoney, day_month};
use crate::ui::money::{MoneyField, typed};

/// How many there are, for the cabinet's first page; nothing of a lender who gives none.
pub async fn balance(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<AnyView>> {
    if ask.cabinet.lender().bonus.is_none() {
        return Ok(None);
    }
    let view = bonus::view(&ask.cabinet, borrower).await?;
    let w = ask.words;
    let ends = view.ends.map(|(day, sum)| {
        let (date, sum) = (day_month(w, day), sum.to_string());
        view! { <p class="quiet">{t!(w, "bonus-ends", date = date, sum = sum)}</p> }
    });
    Ok(Some(
        view! {
            <section class="card stack tight" id="bonus-card">
                <h2>{w.t("bonus-title")}</h2>
                <BigMoney sum=view.balance/>
                {ends}
                <p><a href="/bonuses" id="to-bonuses">{w.t("bonus-to")}</a></p>
            </section>
        }
        .into_any(),
    ))
}

/// Paying interest with bonuses, beside the form of a payment or of a prolongation; nothing when there is nothing to
/// pay with or for.
pub async fn beside(
    ask: &Ask,
    borrower: BorrowerId,
    loan: LoanId,
    back: &'static str,
) -> cabinet::Result<AnyView> {
    if ask.cabinet.lender().bonus.is_none() {
        return Ok(().into_any());
    }
    let view = bonus::view(&ask.cabinet, borrower).await?;
    let of_loan = view.loans.into_iter().find(|one| one.loan == loan);
    let Some(one) = of_loan.filter(|one| one.refused.is_none() && one.most.is_positive()) else {
        return Ok(().into_any());
    };
    let w = ask.words;
    let lead = if back == "prolong" {
        "bonus-beside-prolong"
    } else {
        "bonus-beside-pay"
    };
    let form = form(ask, &one, back).await;
    Ok(view! {
        <section class="card stack tight" id="spend-bonuses">
            <h2>{w.t("bonus-spend-title")}</h2>
            <p>{t!(w, lead, balance = view.balance.to_string())}</p>
            {form}
        </section>
    }
    .into_any())
}

/// The form: so much of this loan's interest.
pub async fn form(ask: &Ask, one: &Spendable, back: &'static str) -> AnyView {
    let w = ask.words;
    let mut form: FormState = ask.form(&format!("bonus:{}", one.loan)).await;
    form.values
        .entry("amount".to_owned())
        .or_insert_with(|| typed(one.most));
    let key = ask.cabinet.ports().ids.uuid().to_string();
    let hint = t!(
        w,
        "bonus-spend-hint",
        most = one.most.to_string(),
        interest = one.interest.to_string()
    );
    view! {
        // A plain form: nothing here is worth a script.
        <form method="post" action="/api/v1/bonus/spend" class="stack tight"
            data-loan=one.loan.to_string() data-most=one.most.get().to_string()>
            <FormError form=form.clone()/>
            <input type="hidden" name="loan" value=one.loan.to_string()/>
            <input type="hidden" name="key" value=key/>
            <input type="hidden" name="back" value=back/>
            <MoneyField form name="amount" label=w.t("bonus-spend-amount") hint=hint/>
            <button class="button second wide" type="submit" data-spend="">{w.t("bonus-spend-go")}</button>
        </form>
    }
    .into_any()
}

/// What is lost with the cabinet, on the page that asks for its end.
pub async fn at_stake(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<AnyView>> {
    let sum: Kopecks = bonus::at_stake(&ask.cabinet, borrower).await?;
    let text = t!(ask.words, "closing-cost-bonuses", sum = sum.to_string());
    Ok(sum.is_positive().then(|| {
        view! { <li id="closing-bonuses" data-kopecks=sum.get().to_string()><b>{text}</b></li> }
            .into_any()
    }))
}
