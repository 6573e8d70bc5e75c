//! `/staff/promotions`: what is used up of each promotion, and the personal offers that the staff give.

use cabinet::Result;
use cabinet::promotion::State;
use cabinet::promotion::staff::{self, Give, GivenOffer, PromotionUse};
use cabinet::staff::Action;
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::parts::{ReasonField, filter, form_of, late, named};
use super::routes::{Done, Sheet};
use crate::ui::field::{ChoiceField, FormError, TextField, TickField};
use crate::ui::format::long_date;

/// The page.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let names = desk.names().await?;
    let promotions = staff::promotions(&desk.cabinet, by).await?;
    let mut given = staff::given(&desk.cabinet, by).await?;
    let waiting = given.iter().filter(|one| one.state == State::Waiting);
    let count = waiting.count();
    // What somebody has to agree to stands first.
    given.sort_by_key(|one| one.state != State::Waiting);
    let chosen = desk.asked("show").to_owned();
    given.retain(|one| chosen.is_empty() || one.state.code() == chosen);
    let shows = [
        ("", w.t("staff-show-all")),
        (State::Waiting.code(), w.t("staff-special-waiting")),
        (State::Open.code(), w.t("staff-special-open")),
    ];
    let rows = promotions
        .iter()
        .map(|one| promotion(w, one))
        .collect_view();
    let none = promotions
        .is_empty()
        .then(|| view! { <p class="quiet">{w.t("staff-promotions-none")}</p> });
    let offers = given
        .iter()
        .map(|one| {
            let who = one.given_by.and_then(|id| names.get(&id).cloned());
            offer(desk, one, who)
        })
        .collect_view();
    let bonus = desk.cabinet.lender().bonus.as_ref();
    let friends = bonus.and_then(|bonus| bonus.friends.as_ref()).map(|_| {
        view! {
            <p><a href="/staff/promotions/friends" id="to-refused">{w.t("staff-friends-title")}</a></p>
        }
    });
    let giving = by.may(Action::ManagePromotions).then(|| giving(desk));
    let form = form_of(desk, "agree");
    let body = view! {
        <div class="page two">
            <div class="stack">
                <section class="card stack" id="promotions">
                    <h1 class="h2">{w.t("staff-nav-promotions")}</h1>
                    <p class="quiet">{w.t("staff-promotions-lead")}</p>
                    {none}
                    <ul class="plain stack loose">{rows}</ul>
                    {friends}
                </section>
                <section class="card stack" id="given" data-waiting=count.to_string()>
                    <div class="row"><h2>{w.t("staff-given")}</h2>{filter(desk, &shows)}</div>
                    <FormError form/>
                    <ul class="plain stack loose" data-queue="">{offers}</ul>
                </section>
            </div>
            <aside class="stack">{giving}</aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-promotions"),
        body: body.into_any(),
    })
}

fn promotion(w: Words, one: &PromotionUse) -> impl IntoView + use<> {
    let period = t!(
        w,
        "offers-period-short",
        from = long_date(w, one.from),
        until = long_date(w, one.until)
    );
    let uses = match one.most_uses {
        Some(most) => t!(w, "staff-promotion-uses-of", count = one.uses, most = most),
        None => t!(w, "staff-promotion-uses", count = one.uses),
    };
    let sum = one.given_up.to_string();
    let budget = match one.budget {
        Some(budget) => {
            let budget = budget.to_string();
            t!(w, "staff-promotion-budget-of", sum = sum, budget = budget)
        }
        None => t!(w, "staff-promotion-budget", sum = sum),
    };
    view! {
        <li class="stack tight" data-promotion=one.code.clone() data-uses=one.uses.to_string()
            data-kopecks=one.given_up.get().to_string()>
            <b>{one.title.of(w.lang).to_owned()}</b>
            <span class="small">{period}</span>
            <span>{uses}" "{budget}</span>
        </li>
    }
}

fn offer(desk: &Desk, one: &GivenOffer, who: Option<String>) -> AnyView {
    let w = desk.words;
    let by = desk.by().ok();
    let may = |action: Action| by.is_some_and(|by| by.may(action));
    let own = by.is_some_and(|by| one.given_by == Some(by.id));
    let state = w.t(&format!("staff-special-{}", one.state.code()));
    let who = who.unwrap_or_else(|| w.t("staff-special-rule"));
    let about = t!(
        w,
        "staff-special-about",
        contract = &one.contract,
        until = long_date(w, one.until),
        sum = one.most.to_string()
    );
    let given = t!(
        w,
        "staff-special-given",
        who = who,
        age = desk.age(one.given_at)
    );
    let why = one.reason.clone().map(|why| view! { <span>{why}</span> });
    let id = one.id.clone();
    let waits = one.state == State::Waiting;
    let agree = (waits && !own && may(Action::ApproveMoney)).then(|| {
        view! {
            <form class="actions" method="post" action="/staff/promotions/agree">
                {named("agree")}
                <input type="hidden" name="id" value=id.clone()/>
                <button class="button" type="submit" name="word" value="approve">{w.t("staff-approve")}</button>
                <button class="button danger" type="submit" name="word" value="refuse">{w.t("staff-refuse")}</button>
            </form>
        }
    });
    let ours = (waits && own).then(|| view! { <p class="note plain">{w.t("staff-own")}</p> });
    let stands = matches!(one.state, State::Waiting | State::Open | State::Reserved);
    let back = (stands && may(Action::ManagePromotions)).then(|| withdrawing(w, &id));
    let late = waits.then(|| late(desk, one.given_at)).flatten();
    view! {
        <li class="stack tight" data-special=one.id.clone() data-state=one.state.code()>
            {late}
            <span><b>{one.title.of(w.lang).to_owned()}</b>" "<span class="badge">{state}</span></span>
            <span>{about}</span>
            {why}
            <span class="small">{given}</span>
            {ours}
            {agree}
            {back}
        </li>
    }
    .into_any()
}

/// A reason for each is typed beside it: the fields are named apart.
fn withdrawing(w: Words, id: &str) -> impl IntoView + use<> {
    let field = format!("why-{id}");
    view! {
        <form class="stack tight" method="post" action="/staff/promotions/withdraw">
            {named("agree")}
            <input type="hidden" name="id" value=id.to_owned()/>
            <div class="field">
                <label for=field.clone()>{w.t("staff-special-why")}</label>
                <input id=field name="reason" type="text" maxlength="500" autocomplete="off"/>
            </div>
            <button class="button second" type="submit">{w.t("staff-special-withdraw")}</button>
        </form>
    }
}

fn giving(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "give");
    let products = desk.cabinet.lender().products.iter();
    let products: Vec<(String, String)> = products
        .map(|it| (it.terms.code.clone(), it.title.of(w.lang).to_owned()))
        .collect();
    let limit = desk.cabinet.lender().offers.second_person_from();
    let lead = t!(w, "staff-give-lead", sum = limit.to_string());
    let contract = desk.asked("contract").to_owned();
    view! {
        <section class="card stack">
            <h2>{w.t("staff-give")}</h2>
            <p class="quiet">{lead}</p>
            <form class="stack" method="post" action="/staff/promotions/give" id="give">
                {named("give")}
                <FormError form=form.clone()/>
                <TextField form=form.clone() name="contract" label=w.t("staff-column-contract") placeholder="2026-000001"
                    value=contract/>
                <TextField form=form.clone() name="title" label=w.t("staff-give-title") hint=w.t("staff-give-title-hint")/>
                <ChoiceField form=form.clone() name="product" label=w.t("staff-give-product") options=products/>
                <TextField form=form.clone() name="daily_rate" label=w.t("staff-give-rate") mode="decimal"
                    hint=w.t("staff-give-rate-hint")/>
                <TextField form=form.clone() name="max_amount" label=w.t("staff-give-amount") mode="decimal"/>
                <TextField form=form.clone() name="max_days" label=w.t("staff-give-days") mode="numeric"/>
                <TextField form=form.clone() name="raised_limit" label=w.t("staff-give-limit") mode="decimal"
                    hint=w.t("staff-give-limit-hint")/>
                <TextField form=form.clone() name="valid_days" label=w.t("staff-give-valid") mode="numeric"/>
                <TickField form=form.clone() name="ends_late">{w.t("offers-ends-late")}</TickField>
                <TickField form=form.clone() name="ends_other">{w.t("offers-ends-other")}</TickField>
                <ReasonField form=form name="reason" label=w.t("staff-reason") hint=w.t("staff-refund-reason-hint")/>
                <button class="button wide" type="submit">{w.t("staff-give-send")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Gives an offer.
pub async fn give(desk: &Desk) -> Result<Done> {
    let text = |name: &str| desk.text(name).to_owned();
    let typed = Give {
        contract: text("contract"),
        title: text("title"),
        product: text("product"),
        daily_rate: text("daily_rate"),
        max_amount: text("max_amount"),
        max_days: text("max_days"),
        raised_limit: text("raised_limit"),
        valid_days: text("valid_days"),
        ends_late: desk.ticked("ends_late"),
        ends_other: desk.ticked("ends_other"),
        reason: text("reason"),
    };
    let open = staff::give(&desk.cabinet, desk.by()?, &typed).await?;
    let said = if open {
        "staff-done-given"
    } else {
        "staff-done-given-waits"
    };
    Ok(Done::Go("/staff/promotions".to_owned(), said))
}

/// The second person's word.
pub async fn agree(desk: &Desk) -> Result<Done> {
    let approve = desk.approves()?;
    staff::agree(&desk.cabinet, desk.by()?, desk.text("id"), approve).await?;
    let said = if approve {
        "staff-done-approved"
    } else {
        "staff-done-refused"
    };
    Ok(Done::Go("/staff/promotions".to_owned(), said))
}

/// Takes an offer back.
pub async fn withdraw(desk: &Desk) -> Result<Done> {
    let (id, why) = (desk.text("id"), desk.text("reason"));
    let done = staff::withdraw(&desk.cabinet, desk.by()?, id, why).await;
    done.map_err(|refusal| match refusal {
        // One line of many: it is said above them all.
        cabinet::CabinetError::Fields(_) => cabinet::CabinetError::Conflict("special_reason"),
        other => other,
    })?;
    Ok(Done::Go(
        "/staff/promotions".to_owned(),
        "staff-done-withdrawn",
    ))
}
