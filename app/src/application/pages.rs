//! The landing with the calculator, what an application needs, and the last look before it is
//! filed.

use crate::request::address::query;
use cabinet::application::{self, Choice, Drafted};
use cabinet::ids::BorrowerId;
use cabinet::lender::Text;
use cabinet::payout::CardView;
use cabinet::promotion::{self, Offered};
use cabinet::{Lender, access, loan, profile};
use lending::{LoanRequest, Product, ProlongationPrice, Quote};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::{Meta, Title};
use locales::{Words, t};

use super::calculator::Calculator;
use super::calculator_words::{Asked, address, calculator_data, settle};
use super::chosen::counts_days;
use super::dial::roubles;
use super::forms::{ChooseForm, SubmitForm};
use crate::access::forms::PhoneForm;
use crate::access::pages::phone_field;
use crate::access::ways_api::EmailAgain;
use crate::agent::note;
use crate::lender::programmes;
use crate::payout::forms::{AddCardForm, AskCardCodeForm, ConfirmCardForm};
use crate::payout::pages::{REVIEW, return_address};
use crate::profile::answers::Answers;
use crate::profile::pages::{next_page, step_page};
use crate::request::Ask;
use crate::ui::field::{FormError, FormState, TextField};
use crate::ui::format;
use crate::ui::page::{Narrow, PageResult, Stop, in_query, page};
use crate::ui::sums::{SumLine, TextLine};

/// Whether this person never had a loan here; a stranger is taken for one.
async fn first_loan(ask: &Ask) -> Result<bool, Stop> {
    match ask.borrower() {
        Ok(borrower) => Ok(loan::list(&ask.cabinet, borrower).await?.is_empty()),
        Err(_) => Ok(true),
    }
}

/// What this person is offered, with everything that makes it better for them; a stranger, what newcomers are.
async fn offered(ask: &Ask) -> Result<Vec<Offered>, Stop> {
    let offered = promotion::offered(&ask.cabinet, ask.borrower().ok()).await;
    Ok(offered?)
}

/// `/`: the calculator.
#[component]
pub fn LandingPage() -> impl IntoView {
    let asked = Asked::from_query(&query());
    page(move |ask: Ask| async move {
        let first = first_loan(&ask).await?;
        let offered = offered(&ask).await?;
        let data = calculator_data(&ask, &asked, first, &offered);
        let data = data.ok_or(cabinet::CabinetError::NotFound)?;
        let w = ask.words;
        let most = roubles(ask.cabinet.lender().largest_amount());
        let own = &ask.cabinet.lender().landing;
        let say = |text: &Option<Text>| text.as_ref().map(|text| text.of(w.lang).to_owned());
        let title = say(&own.title).unwrap_or_else(|| t!(w, "landing-title", sum = &most));
        let lead = say(&own.lead).unwrap_or_else(|| w.t("landing-lead"));
        let programmes = programmes(w, ask.cabinet.lender());
        let steps = ["landing-how-1", "landing-how-2", "landing-how-3"]
            .map(|key| view! { <li>{w.t(key)}</li> });
        let honest = honest(w, ask.cabinet.lender()).map(|text| view! { <li>{text}</li> });
        let brought = note::price(&ask).await;
        Ok(view! {
            <Title text=title.clone()/>
            <Meta name="description" content=lead.clone()/>
            <div class="page">
                <header class="stack tight">
                    <h1>{title}</h1>
                    <p class="quiet">{lead}</p>
                </header>
                <Calculator data=data/>
                {brought}
                {programmes}
                <div class="pair">
                    <section class="card stack">
                        <h2>{w.t("landing-how")}</h2>
                        <ol class="how">{steps}</ol>
                    </section>
                    <section class="card stack">
                        <h2>{w.t("landing-honest")}</h2>
                        <ul>{honest}</ul>
                    </section>
                </div>
            </div>
        }
        .into_any())
    })
}

/// What is honest to say of the price: of a paid service only where there is none, of prolonging where there is one.
fn honest(w: Words, lender: &Lender) -> [String; 3] {
    let mut prolonged = lender
        .products
        .iter()
        .filter_map(|it| it.prolongation.as_ref());
    let service = prolonged.clone().find_map(|rules| match rules.price {
        ProlongationPrice::Interest => None,
        ProlongationPrice::ServiceAndInterest { service } => Some(service),
        ProlongationPrice::PerDay { per_day } => Some(per_day),
    });
    let late = if prolonged.next().is_some() {
        "landing-honest-3"
    } else {
        "landing-honest-late"
    };
    let paid = service.map_or_else(
        || w.t("landing-honest-1"),
        |sum| t!(w, "landing-honest-service", sum = sum.to_string()),
    );
    [paid, w.t("landing-honest-2"), w.t(late)]
}

/// The quote of a choice for this person today.
async fn quote_of(ask: &Ask, product: &Product, choice: &Choice) -> Result<Quote, Stop> {
    let request = LoanRequest {
        amount: choice.amount,
        term: choice.term,
        start: ask.cabinet.today(),
        first_loan: first_loan(ask).await?,
    };
    lending::quote(product, &request)
        .map_err(|_| Stop::Go(address("/", product, choice.amount, choice.term)))
}

/// `/apply?product&amount&term`: what will be needed; a stranger leaves the phone right here.
#[component]
pub fn ApplyPage() -> impl IntoView {
    let asked = Asked::from_query(&query());
    page(move |ask: Ask| async move {
        let first = first_loan(&ask).await?;
        let offered = offered(&ask).await?;
        let products: Vec<&Product> = offered.iter().map(|it| &it.product.terms).collect();
        let settled = settle(&products, &asked, first).ok_or(cabinet::CabinetError::NotFound)?;
        let product = products
            .get(settled.product)
            .copied()
            .ok_or(cabinet::CabinetError::NotFound)?;
        let choice = Choice {
            product: product.code.clone(),
            amount: settled.amount,
            term: settled.term,
        };
        let here = address("/apply", product, choice.amount, choice.term);
        let change = address("/", product, choice.amount, choice.term);
        let quote = quote_of(&ask, product, &choice).await?;
        let moved = (settled.amount_moved || settled.term_moved)
            .then(|| view! { <p class="note">{ask.words.t("apply-moved")}</p> });
        let sums = sums(&ask, product, &quote);
        let way = if ask.borrower().is_ok() {
            choose(&ask, &choice).await
        } else {
            phone(&ask, here).await
        };
        let w = ask.words;
        let brought = note::price(&ask).await;
        Ok(view! {
            <Narrow title=t!(w, "apply-title", sum = roubles(quote.amount)) lead=w.t("apply-lead")>
                {moved}
                {sums}
                {brought}
                <p class="small"><a href=change>{w.t("apply-change")}</a></p>
                {needed(&ask, choice.amount)}
                {way}
            </Narrow>
        }
        .into_any())
    })
}

/// What to have at hand: the simplified identification of 115-ФЗ asks for less.
pub fn needed(ask: &Ask, amount: lending::Kopecks) -> AnyView {
    let w = ask.words;
    let simple = amount <= lending::rules::simplified_identification_limit();
    let lender = ask.cabinet.lender();
    let email = lender
        .questionnaire
        .email
        .is_required()
        .then(|| view! { <li id="need-email">{w.t("apply-need-email")}</li> });
    let promise = lender.help.data_promise.as_ref().map(|text| {
        let text = text.of(w.lang).to_owned();
        view! { <p class="quiet" id="data-promise">{text}</p> }
    });
    let list = if simple {
        "apply-need-simple"
    } else {
        "apply-need-full"
    };
    view! {
        <div class="stack tight" id="needed">
            <h2>{w.t("apply-need")}</h2>
            <ul>
                <li>{w.t(list)}</li>
                <li>{w.t("apply-need-phone")}</li>
                <li>{w.t("apply-need-card")}</li>
                {email}
            </ul>
            <p class="quiet">{w.t("apply-need-time")}</p>
            {promise}
        </div>
    }
    .into_any()
}

async fn phone(ask: &Ask, here: String) -> AnyView {
    if ask.cabinet.lender().has_registration() {
        return register(ask.words, &here);
    }
    let form = ask.form("phone").await;
    let w = ask.words;
    view! {
        <PhoneForm class="stack">
            <FormError form=form.clone()/>
            {phone_field(w, form)}
            <input type="hidden" name="next" value=here/>
            <button class="button wide" type="submit">{w.t("access-send")}</button>
        </PhoneForm>
    }
    .into_any()
}

/// A lender with a form of registration asks a stranger there, and comes back here.
fn register(w: Words, here: &str) -> AnyView {
    let next = in_query(here);
    let (new, known) = (
        format!("/register?next={next}"),
        format!("/login?next={next}"),
    );
    view! {
        <a class="button wide" id="to-register" href=new>{w.t("apply-register")}</a>
        <p class="small"><a href=known>{w.t("access-have-cabinet")}</a></p>
    }
    .into_any()
}

async fn choose(ask: &Ask, choice: &Choice) -> AnyView {
    let form = ask.form("choose").await;
    let w = ask.words;
    let errors: Vec<String> = form.errors.values().cloned().collect();
    let (product, amount, term) = (
        choice.product.clone(),
        choice.amount.plain(),
        choice.term.to_string(),
    );
    view! {
        <ChooseForm class="stack">
            <FormError form=form/>
            {(!errors.is_empty()).then(|| view! { <p class="note bad" role="alert">{errors.join(" ")}</p> })}
            <input type="hidden" name="product" value=product/>
            <input type="hidden" name="amount" value=amount/>
            <input type="hidden" name="term" value=term/>
            <button class="button wide" type="submit" id="choose">{w.t("apply-choose")}</button>
        </ChooseForm>
    }
    .into_any()
}

/// The chosen loan in five lines: what comes, what goes back, when, at what price.
fn sums(ask: &Ask, product: &Product, quote: &Quote) -> AnyView {
    let w = ask.words;
    let key = if counts_days(product) {
        "days"
    } else {
        "count-payments"
    };
    let term = t!(w, key, count = quote.term);
    let percent = format!("{}\u{a0}%", quote.psk.percent_text());
    let in_roubles = quote.psk.roubles.to_string();
    let frame = w.t("calc-psk");
    view! {
        <dl class="sums">
            <SumLine label=w.t("calc-on-card") sum=quote.amount/>
            <TextLine label=w.t("apply-term") text=term/>
            <SumLine id="total" label=t!(w, "calc-due", date = format::by_weekday(w, quote.due)) sum=quote.total/>
            <SumLine id="overpayment" label=w.t("calc-overpayment") sum=quote.overpayment/>
        </dl>
        <div class="psk">
            <div>{frame.clone()}<b>{percent}</b>{w.t("calc-psk-year")}</div>
            <div>{frame}<b>{in_roubles}</b>{w.t("calc-psk-roubles")}</div>
        </div>
    }
    .into_any()
}

/// The borrower and the choice of an application under way; without a choice, the calculator.
pub async fn under_way(ask: &Ask) -> Result<(BorrowerId, Choice), Stop> {
    let borrower = ask.borrower()?;
    match application::choice(&ask.cabinet, borrower).await? {
        Some(choice) => Ok((borrower, choice)),
        None => Err(Stop::Go("/".to_owned())),
    }
}

/// `/apply/review`: everything typed and the sums once more, then the application is filed.
#[component]
pub fn ReviewPage() -> impl IntoView {
    // The acquirer's page sends back here with the card it has just bound.
    let bound = query().get("card");
    page(move |ask: Ask| async move {
        match bound.and_then(|card| card.parse().ok()) {
            Some(card) => Err(Stop::Go(return_address(card, REVIEW, ask.cabinet.now()))),
            None => review(ask).await,
        }
    })
}

/// The click that this lender waits for: the letter once more, or nothing when the address is confirmed.
async fn email_first(
    ask: &Ask,
    borrower: BorrowerId,
    answers: &profile::Values,
) -> cabinet::Result<Option<AnyView>> {
    if !application::email_to_confirm(&ask.cabinet, borrower).await? {
        return Ok(None);
    }
    let form = ask.form("email-again").await;
    let w = ask.words;
    let address = answers.get("email").cloned().unwrap_or_default();
    Ok(Some(
        view! {
            <div class="stack tight" id="email-first">
                <h3>{w.t("review-email")}</h3>
                <p>{t!(w, "review-email-lead", address = &address)}</p>
            </div>
            <form method="post" action=EmailAgain::url() class="stack" id="email-again">
                <FormError form/>
                <input type="hidden" name="next" value=REVIEW/>
                <button class="button second wide" type="submit">{w.t("access-email-again")}</button>
            </form>
            <p><a href=REVIEW>{w.t("review-email-done")}</a></p>
            <p class="small"><a href="/apply/work">{w.t("review-email-wrong")}</a></p>
        }
        .into_any(),
    ))
}

/// The card that this lender wants before the application: the way to link it, or nothing when it is there.
async fn card_first(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<AnyView>> {
    if application::card_there(&ask.cabinet, borrower).await? {
        return Ok(None);
    }
    let form = ask.form("add-card").await;
    let w = ask.words;
    Ok(Some(
        view! {
            <div class="stack tight">
                <h3>{w.t("review-card")}</h3>
                <p>{w.t("review-card-lead")}</p>
            </div>
            <AddCardForm class="stack">
                <FormError form/>
                <input type="hidden" name="return_to" value=REVIEW/>
                <button class="button wide" id="add-card" type="submit">{w.t("offer-add-card")}</button>
                <p class="small">{w.t("offer-card-safe")}</p>
            </AddCardForm>
        }
        .into_any(),
    ))
}

/// The linked card before a repeat loan: a code is asked for, then typed.
async fn card_again(ask: &Ask, card: CardView) -> AnyView {
    let w = ask.words;
    let form = ask.form("card-code").await;
    let sent = match ask.who().and_then(|who| who.code) {
        Some(code) => access::code_state(&ask.cabinet, code).await.ok(),
        None => None,
    };
    let lead = t!(w, "review-card-code-lead", card = &card.title);
    let card = card.id.to_string();
    let (asked, same) = (form.clone(), card.clone());
    let asking = view! {
        <AskCardCodeForm class="stack">
            <FormError form=asked/>
            <input type="hidden" name="card" value=same/>
            <button class="button second wide" id="ask-card-code" type="submit">{w.t("review-card-code-ask")}</button>
        </AskCardCodeForm>
    };
    let typing = sent.map(|sent| {
        view! {
            <ConfirmCardForm class="stack">
                <FormError form=form.clone()/>
                <input type="hidden" name="card" value=card/>
                <TextField form name="code" label=w.t("access-code") class="code" mode="numeric"
                    complete="one-time-code" max=6 focus=true
                    hint=t!(w, "access-code-hint", left = sent.tries_left)/>
                <button class="button wide" id="confirm-card" type="submit">{w.t("review-card-code-send")}</button>
            </ConfirmCardForm>
        }
    });
    view! {
        <div class="stack tight">
            <h3>{w.t("review-card-code")}</h3>
            <p>{lead}</p>
        </div>
        {typing}
        {asking}
    }
    .into_any()
}

/// «Send the application».
fn submit(w: Words, form: FormState, key: String) -> AnyView {
    let errors: Vec<String> = form.errors.values().cloned().collect();
    let wrong = (!errors.is_empty())
        .then(|| view! { <p class="note bad" role="alert">{errors.join(" ")}</p> });
    view! {
        <SubmitForm class="stack">
            <FormError form=form/>
            {wrong}
            <input type="hidden" name="key" value=key/>
            <button class="button wide" type="submit" id="submit">
                {w.t("review-submit")}
            </button>
        </SubmitForm>
        <p class="small">{w.t("review-free")}</p>
    }
    .into_any()
}

async fn review(ask: Ask) -> PageResult {
    let (borrower, choice) = under_way(&ask).await?;
    let view = profile::load(&ask.cabinet, borrower, choice.amount).await?;
    if view.next.is_some() {
        return Err(Stop::Go(next_page(view.next)));
    }
    let drafted = application::drafted(&ask.cabinet, borrower).await?;
    let Drafted {
        product,
        quote,
        gone,
    } = drafted.ok_or(Stop::Go("/".to_owned()))?;
    let title = product.title.of(ask.words.lang).to_owned();
    let again = || Stop::Go(address("/", &product.terms, choice.amount, choice.term));
    let quote = quote.ok_or_else(again)?;
    let w = ask.words;
    let gone = gone.iter().map(|it| {
        let text = t!(w, "review-offer-gone", name = it.of(w.lang));
        view! { <p class="note" data-gone="">{text}</p> }
    });
    let gone = gone.collect_view();
    let key = ask.cabinet.ports().ids.uuid().to_string();
    let first = match email_first(&ask, borrower, &view.values).await? {
        Some(email) => Some(email),
        None => card_first(&ask, borrower).await?,
    };
    let next = match first {
        Some(card) => card,
        None => match application::card_to_confirm(&ask.cabinet, borrower).await? {
            Some(card) => card_again(&ask, card).await,
            None => submit(w, ask.form("submit").await, key),
        },
    };
    let back = view
        .steps
        .last()
        .map_or_else(|| "/".to_owned(), |(step, _)| step_page(*step));
    Ok(view! {
        <Title text=w.t("review-title")/>
        <div class="page two">
            <section class="card stack loose">
                <div class="stack tight">
                    <h1 class="h2">{w.t("review-title")}</h1>
                    <p class="quiet">{w.t("review-lead")}</p>
                </div>
                <Answers words=w view=view/>
            </section>
            <aside class="card stack sticky">
                <h2>{title.clone()}</h2>
                {gone}
                {sums(&ask, &product.terms, &quote)}
                <p class="small"><a href=address("/", &product.terms, choice.amount, choice.term)>
                    {w.t("apply-change")}</a></p>
                {next}
                <p><a href=back>{w.t("back")}</a></p>
            </aside>
        </div>
    }
    .into_any())
}
