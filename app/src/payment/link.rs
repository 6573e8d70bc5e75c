//! Somebody else's payment: the borrower's links, and what they open for those who have them.

use crate::request::address::path_part;
use cabinet::ids::{LoanId, PaymentId};
use cabinet::payment::PayStatus;
use cabinet::{CabinetError, loan, paylink};
use lending::Status;
use leptos::prelude::*;
use leptos_meta::Meta;
use locales::t;

use super::forms::{MakeLinkForm, PayByLinkForm, TakeLinkBackForm};
use super::pages::{commission, methods};
use super::truth::proceed;
use crate::request::{Ask, id};
use crate::ui::field::{FormError, FormState};
use crate::ui::format::{BigMoney, moment};
use crate::ui::money::MoneyField;
use crate::ui::page::{Narrow, Stop, page};
use crate::ui::state::{Kind, state_page};
use crate::ui::waiting::waiting_page;

/// `/loans/{id}/link`: the links of a loan.
#[component]
pub fn LinksPage() -> impl IntoView {
    let loan = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let view = loan::view(&ask.cabinet, borrower, loan, None).await?;
        if view.state.status == Status::Closed {
            return Err(Stop::Go(format!("/loans/{loan}")));
        }
        let links = paylink::list(&ask.cabinet, borrower, loan).await?;
        let w = ask.words;
        let shift = ask.cabinet.lender().clock_offset_minutes;
        let rows = links.into_iter().map(|link| {
            let address = format!("{}/p/{}", ask.public_url, link.token);
            let what = match link.amount {
                Some(sum) => t!(w, "link-for-sum", sum = sum.to_string()),
                None => w.t("link-for-all"),
            };
            let until = t!(w, "link-until", at = moment(w, link.expires_at, shift));
            let field = format!("link-{}", link.id);
            let named = link.id.clone();
            view! {
                <li class="stack tight" data-link=named>
                    <div class="field">
                        <label for=field.clone()>{what}</label>
                        <input id=field.clone() type="text" readonly value=address
                            aria-describedby=format!("{field}-until")/>
                        <p class="hint" id=format!("{field}-until")>{until}</p>
                    </div>
                    <TakeLinkBackForm class="stack tight">
                        <input type="hidden" name="link" value=link.id/>
                        <input type="hidden" name="loan" value=loan.to_string()/>
                        <button class="button second" type="submit">{w.t("link-take-back")}</button>
                    </TakeLinkBackForm>
                </li>
            }
        });
        let rows = rows.collect_view();
        let form = ask.form(&format!("link:{loan}")).await;
        let back = format!("/loans/{loan}/pay");
        Ok(view! {
            <Narrow title=w.t("link-title") lead=w.t("link-lead")>
                <ul class="plain stack" id="links">{rows}</ul>
                <MakeLinkForm class="stack">
                    <FormError form=form.clone()/>
                    <input type="hidden" name="loan" value=loan.to_string()/>
                    <MoneyField form name="amount" label=w.t("link-amount") hint=w.t("link-amount-hint")/>
                    <button class="button wide" id="make-link" type="submit">{w.t("link-make")}</button>
                </MakeLinkForm>
                <p><a href=back>{w.t("transfer-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// `/p/{token}`: the lender, the number and the sum. Nobody has to sign in, and nothing is said of
/// the person.
#[component]
pub fn PayByLinkPage() -> impl IntoView {
    let token = path_part("token");
    page(move |ask: Ask| async move {
        let w = ask.words;
        let shown = match paylink::open(&ask.cabinet, &token).await {
            Err(CabinetError::NotFound) => {
                let rest = view! { <Meta name="robots" content="noindex"/> }.into_any();
                return Ok(state_page(
                    Kind::Empty,
                    w.t("link-dead-title"),
                    w.t("link-dead-lead"),
                    rest,
                ));
            }
            shown => shown?,
        };
        if !shown.amount.is_positive() {
            let rest = ().into_any();
            return Ok(state_page(
                Kind::Done,
                w.t("link-paid-title"),
                w.t("link-paid-lead"),
                rest,
            ));
        }
        let mut form: FormState = ask.form(&format!("pay-link:{token}")).await;
        let methods = methods(&ask, &mut form);
        let key = ask.cabinet.ports().ids.uuid().to_string();
        let name = ask.cabinet.lender().legal_name.clone();
        let kopecks = shown.amount.get().to_string();
        let commission = commission(&ask, shown.amount);
        Ok(view! {
            <Meta name="robots" content="noindex"/>
            <Narrow title=w.t("link-pay-title") lead=w.t("link-pay-lead")>
                <BigMoney sum=shown.amount/>
                <dl class="sums long" id="pay-link" data-kopecks=kopecks.clone()>
                    <div><dt>{w.t("link-lender")}</dt><dd id="lender">{name}</dd></div>
                    <div><dt>{w.t("pay-outside-reference")}</dt><dd id="reference">{shown.number}</dd></div>
                    {commission}
                </dl>
                <PayByLinkForm class="stack">
                    <FormError form/>
                    <input type="hidden" name="token" value=token/>
                    <input type="hidden" name="key" value=key/>
                    <input type="hidden" name="shown" value=kopecks/>
                    {methods}
                    <button class="button wide" id="pay" type="submit">{w.t("pay-go")}</button>
                    <p class="small">{w.t("link-pay-what")}</p>
                </PayByLinkForm>
            </Narrow>
        }
        .into_any())
    })
}

/// `/payer/{payment}`: what came of a payment by a link, for the one who made it.
#[component]
pub fn PayerPage() -> impl IntoView {
    let payment = path_part("id");
    page(move |ask: Ask| async move {
        let payment: PaymentId = id(&payment)?;
        let view = paylink::payer(&ask.cabinet, payment).await?;
        let w = ask.words;
        let status = match view.status {
            PayStatus::Succeeded => "succeeded",
            PayStatus::Failed | PayStatus::Abandoned => "failed",
            PayStatus::Created | PayStatus::Waiting | PayStatus::Unknown => "waiting",
        };
        let further = view
            .continue_url
            .clone()
            .map(|url| proceed(&ask, view.method, (view.amount, view.created_at), url));
        let rest = view! {
            <Meta name="robots" content="noindex"/>
            <div class="stack" id="payer" data-status=status data-kopecks=view.amount.get().to_string()>
                <BigMoney sum=view.amount/>
                <p class="quiet">{t!(w, "link-for-contract", number = &view.number)}</p>
                {further}
            </div>
        }
        .into_any();
        Ok(match view.status {
            PayStatus::Succeeded => state_page(
                Kind::Done,
                w.t("pay-succeeded-title"),
                w.t("link-done-lead"),
                rest,
            ),
            PayStatus::Failed | PayStatus::Abandoned => state_page(
                Kind::Failed,
                w.t("pay-failed-title"),
                w.t("link-failed-lead"),
                rest,
            ),
            _ => waiting_page(
                &ask,
                w.t("pay-waiting-title"),
                w.t("link-waiting-what"),
                view.created_at,
                w.t("link-waiting-next"),
                rest,
            ),
        })
    })
}
