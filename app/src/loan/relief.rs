//! What the lender gave up of a loan: debt written off, a lower rate.

use cabinet::loan::LoanView;
use lending::{LoanState, Rate};
use leptos::prelude::*;
use locales::{Words, t};

/// «0,5 % в день».
pub fn rate_text(w: Words, rate: Rate) -> String {
    let key = match rate {
        Rate::Daily(_) => "cabinet-rate-daily",
        Rate::Annual(_) => "cabinet-rate-annual",
    };
    t!(w, key, rate = rate.percent_text())
}

/// A word about each; nothing of a loan that is as it was signed.
pub fn notes(w: Words, loan: &LoanView, state: &LoanState) -> AnyView {
    let forgiven = state.written_off.is_positive().then(|| {
        let sum = state.written_off;
        view! {
            <div class="note plain stack tight" id="forgiven" data-kopecks=sum.get().to_string()>
                <p><b>{t!(w, "loan-forgiven", sum = sum.to_string())}</b></p>
                <p class="small">{w.t("loan-forgiven-tax")}</p>
            </div>
        }
    });
    let rate = state.lowered.and(loan.rate);
    let lowered = rate.map(|rate| {
        view! {
            <div class="note plain stack tight" id="lowered" data-ppm=rate.ppm().to_string()>
                <p><b>{t!(w, "loan-lowered", rate = rate_text(w, rate))}</b></p>
                <p class="small">{w.t("loan-lowered-what")}</p>
            </div>
        }
    });
    view! { {forgiven}{lowered} }.into_any()
}
