//! `/prolongations/{id}`: the agreement, its code, and what became of it.

use crate::request::address::path_part;
use cabinet::ids::ProlongationId;
use cabinet::prolongation::{self, ProlongationStatus, ProlongationView};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::t;

use super::forms::{ResendProlongForm, SignProlongForm};
use crate::access::islands::ResendWait;
use crate::access::pages::sandbox_note;
use crate::application::offer::signing::{Wait, code_over, short};
use crate::application::offer::terms::frames;
use crate::document::pages::{draft_link, fingerprint, paper};
use crate::payment::pages::commission;
use crate::request::{Ask, id};
use crate::ui::field::{FormError, TextField};
use crate::ui::format::long_date;
use crate::ui::page::{Narrow, page};
use crate::ui::sums::SumLine;

/// The agreement about a later due date.
#[component]
pub fn ProlongationPage() -> impl IntoView {
    let this = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let this: ProlongationId = id(&this)?;
        let view = prolongation::view(&ask.cabinet, borrower, this).await?;
        Ok(match view.status {
            ProlongationStatus::Prepared => prepared(&ask, &view).await,
            ProlongationStatus::Signed => {
                let pay = view.payment.map(|payment| format!("/payments/{payment}"));
                outcome(&ask, &view, "signed", pay, "prolong-signed-pay")
            }
            ProlongationStatus::Effective => outcome(&ask, &view, "effective", None, ""),
            ProlongationStatus::Stale => outcome(&ask, &view, "stale", None, ""),
            ProlongationStatus::Expired => {
                let again = format!("/loans/{}/prolong", view.loan);
                outcome(&ask, &view, "expired", Some(again), "prolong-again")
            }
        })
    })
}

async fn prepared(ask: &Ask, view: &ProlongationView) -> AnyView {
    let w = ask.words;
    let form = ask.form(&format!("sign:{}", view.id)).await;
    let quote = &view.quote;
    let title = t!(w, "prolong-sign-title", date = long_date(w, quote.new_due));
    let label = t!(w, "sign-code", phone = &view.code.phone_masked);
    let hint = t!(
        w,
        "sign-hint",
        hash = short(&view.hash),
        left = view.code.tries_left
    );
    let percent = lending::percent_in_words(quote.psk.thousandths);
    let roubles = lending::roubles_in_words(quote.psk.roubles);
    let this = view.id.to_string();
    let resent = this.clone();
    let wait = Wait::of(ask, &view.code);
    // What has accrued may have been paid today already.
    let sign = if quote.pay_now.is_positive() {
        t!(w, "prolong-sign", sum = quote.pay_now.to_string())
    } else {
        w.t("prolong-sign-free")
    };
    view! {
        <Title text=title.clone()/>
        <div class="page two" id="prolongation" data-status="prepared">
            <article class="card stack document">
                <div class="pair">
                    <h1 class="h2">{title}</h1>
                    {frames(w, quote.psk, (&percent, &roubles))}
                </div>
                {paper(&view.text)}
                {draft_link(w, &format!("prolongation/{}", view.id))}
                {fingerprint(w, &view.hash)}
            </article>
            <aside class="card stack sticky">
                <h2>{w.t("offer-short")}</h2>
                {short_terms(ask, view)}
                {code_over(ask, &view.code)}
                <SignProlongForm class="stack">
                    <FormError form=form.clone()/>
                    <input type="hidden" name="prolongation" value=this/>
                    <TextField form=form name="code" label=label class="code" mode="numeric"
                        complete="one-time-code" max=6 hint=hint/>
                    <button class="button wide" id="sign" type="submit">{sign}</button>
                </SignProlongForm>
                <ResendWait seconds=wait.seconds at=wait.at counting=wait.counting>
                    <ResendProlongForm>
                        <input type="hidden" name="prolongation" value=resent/>
                        <button class="link" id="resend" type="submit">{w.t("sign-resend")}</button>
                    </ResendProlongForm>
                </ResendWait>
                {sandbox_note(w)}
                <p class="small">{w.t("prolong-sign-what")}</p>
                <p><a href=format!("/loans/{}", view.loan)>{w.t("prolong-not-now")}</a></p>
            </aside>
        </div>
    }
    .into_any()
}

/// The honest line of a prolongation: now, then, altogether, by when.
fn short_terms(ask: &Ask, view: &ProlongationView) -> AnyView {
    let w = ask.words;
    let quote = &view.quote;
    view! {
        <dl class="honest" id="honest">
            <SumLine id="pay-now" label=w.t("prolong-pay-now") sum=quote.pay_now/>
            {commission(ask, quote.pay_now)}
            <SumLine id="due-then" label=w.t("prolong-then") sum=quote.due_then/>
            <SumLine id="total" label=w.t("prolong-total") sum=quote.total/>
            <div>
                <dt>{w.t("offer-last-date")}</dt>
                <dd id="new-due" data-date=quote.new_due.to_string()>{long_date(w, quote.new_due)}</dd>
            </div>
        </dl>
    }
    .into_any()
}

/// What became of it, and where to go on.
fn outcome(
    ask: &Ask,
    view: &ProlongationView,
    name: &'static str,
    next: Option<String>,
    label: &str,
) -> AnyView {
    let w = ask.words;
    let (now, until) = (
        view.quote.pay_now.to_string(),
        long_date(w, view.quote.new_due),
    );
    let what = t!(w, &format!("prolong-{name}-what"), sum = now, date = until);
    let label = w.t(label);
    let loan = format!("/loans/{}", view.loan);
    let button = next.map(|href| {
        view! { <a class="button wide" id="next" href=href>{label}</a> }
    });
    view! {
        <Narrow title=w.t(&format!("prolong-{name}-title")) lead=what>
            <div class="stack" id="prolongation" data-status=name>
                {button}
                <p><a id="to-loan" href=loan>{w.t("pay-back")}</a></p>
            </div>
        </Narrow>
    }
    .into_any()
}
