//! What has happened: the way of the loan, operations, documents, what the bureau was told.

use cabinet::loan::{LoanView, Milestone, Operation, OperationKind};
use lending::{Claim, Part};
use leptos::prelude::*;
use locales::{Words, t};

use super::drawing;
use crate::request::Ask;
use crate::ui::format::day_month;
use crate::ui::timeline::{Step, Tense, Timeline};
use crate::ui::waiting::clock;

/// The way of the loan, past and to come.
pub fn timeline(ask: &Ask, loan: &LoanView) -> AnyView {
    let w = ask.words;
    let closed = loan.timeline.iter().any(|step| step.code == "closed");
    let last = (!closed).then(|| Step {
        tense: Tense::Ahead,
        code: None,
        text: w.t("loan-step-will-close"),
        beside: String::new(),
    });
    let steps = loan
        .timeline
        .iter()
        .map(|step| milestone(ask, step))
        .chain(last)
        .collect();
    view! {
        <section class="card stack" id="timeline">
            <h2>{w.t("loan-way")}</h2>
            {drawing::term(w, loan)}
            <Timeline steps/>
        </section>
    }
    .into_any()
}

fn milestone(ask: &Ask, step: &Milestone) -> Step {
    let w = ask.words;
    let tense = match (step.code, step.done) {
        ("overdue", _) => Tense::Trouble,
        (_, true) => Tense::Done,
        (_, false) => Tense::Ahead,
    };
    let date = step.on.map(|on| day_month(w, on)).unwrap_or_default();
    let key = format!("loan-step-{}", step.code.replace('_', "-"));
    let sum = step.amount.map(|sum| sum.to_string()).unwrap_or_default();
    let text = t!(w, &key, sum = sum.clone(), date = date.clone());
    let beside = match (step.done, step.at) {
        (true, Some(at)) => clock(ask, at),
        (true, None) => date,
        (false, _) => sum,
    };
    Step {
        tense,
        code: Some(step.code),
        text,
        beside,
    }
}

/// Every operation with where its money went.
pub fn operations(ask: &Ask, loan: &LoanView) -> AnyView {
    let w = ask.words;
    let rows = loan
        .operations
        .iter()
        .rev()
        .map(|operation| row(ask, operation))
        .collect_view();
    view! {
        <section class="card stack tight" id="operations">
            <h2>{w.t("loan-operations")}</h2>
            <table><tbody>{rows}</tbody></table>
        </section>
    }
    .into_any()
}

fn row(ask: &Ask, operation: &Operation) -> AnyView {
    let w = ask.words;
    let (name, key) = match operation.kind {
        OperationKind::Disbursement => ("disbursement", "loan-op-disbursement"),
        OperationKind::Payment => ("payment", "loan-op-payment"),
        OperationKind::Prolongation => ("prolongation", "loan-op-prolongation"),
        OperationKind::Refund => ("refund", "loan-op-refund"),
        OperationKind::TopUp => ("top_up", "loan-op-top-up"),
        OperationKind::Debit => ("debit", "loan-op-debit"),
        OperationKind::Pause => ("pause", "loan-op-pause"),
        OperationKind::Resume => ("resume", "loan-op-resume"),
        OperationKind::Holiday => ("holiday", "loan-op-holiday"),
        OperationKind::Discount => ("discount", "loan-op-discount"),
        OperationKind::WriteOff => ("write_off", "loan-op-write-off"),
        OperationKind::RateCut => ("rate_cut", "loan-op-rate-cut"),
    };
    let sum = operation
        .amount
        .is_positive()
        .then(|| operation.amount.to_string());
    let title = match operation.kind {
        // Its title is a sentence of its own.
        OperationKind::Prolongation | OperationKind::Holiday => operation.title.clone(),
        _ => format!("{} {}", w.t(key), operation.title),
    };
    let split = (!operation.parts.is_empty()).then(|| {
        let split = parts_text(w, &operation.parts);
        view! { <br/><span class="small">{split}</span> }
    });
    view! {
        <tr data-kind=name data-kopecks=operation.amount.get().to_string()>
            <td>
                {title}<br/>
                <span class="small">{clock(ask, operation.at)}</span>
                {split}
            </td>
            <td class="num">{sum}</td>
        </tr>
    }
    .into_any()
}

/// «проценты 2 160,00 ₽, основной долг 840,00 ₽», in the order of the law.
pub fn parts_text(w: Words, parts: &[Part]) -> String {
    let texts: Vec<String> = parts
        .iter()
        .map(|part| t!(w, claim_key(part.claim), sum = part.amount.to_string()))
        .collect();
    texts.join(", ")
}

/// The catalogue's key of what a part repaid.
pub const fn claim_key(claim: Claim) -> &'static str {
    match claim {
        Claim::OverdueInterest => "claim-overdue-interest",
        Claim::OverduePrincipal => "claim-overdue-principal",
        Claim::Interest => "claim-interest",
        Claim::Principal => "claim-principal",
        Claim::Penalty => "claim-penalty",
        Claim::Other => "claim-other",
    }
}

/// Links to the papers.
pub fn documents(ask: &Ask, loan: &LoanView) -> AnyView {
    let w = ask.words;
    let links = loan
        .documents
        .iter()
        .map(|document| {
            let href = format!("/documents/{}/{}", loan.id, document.code);
            let title = w.t(&document.title_key);
            let at = clock(ask, document.at);
            view! { <div role="listitem"><a href=href>{title}</a><br/><span class="small num">{at}</span></div> }
        })
        .collect_view();
    view! {
        <section class="card stack tight" id="documents">
            <h2>{w.t("loan-documents")}</h2>
            <div class="stack tight" role="list">{links}</div>
            <p class="small"><a id="all-documents" href="/documents">{w.t("loan-all-documents")}</a></p>
        </section>
    }
    .into_any()
}

/// What the credit bureau was told, and when.
pub fn reported(ask: &Ask, loan: &LoanView) -> AnyView {
    let w = ask.words;
    if loan.reported.is_empty() {
        return ().into_any();
    }
    let rows = loan
        .reported
        .iter()
        .map(|(kind, at)| {
            let key = format!("loan-reported-{}", kind.replace('_', "-"));
            let text = if w.has(&key) { w.t(&key) } else { w.t("loan-reported-other") };
            let at = clock(ask, *at);
            view! { <div class="row" role="listitem" data-kind=kind.clone()><span>{text}</span><span class="small num">{at}</span></div> }
        })
        .collect_view();
    view! {
        <section class="card stack tight" id="reported">
            <h2>{w.t("loan-reported")}</h2>
            <div class="stack tight" role="list">{rows}</div>
            <p class="small">{w.t("loan-reported-why")}</p>
        </section>
    }
    .into_any()
}
