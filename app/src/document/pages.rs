//! Pages of documents.

use crate::request::address::path_part;
use cabinet::document::{self, DocumentView};
use cabinet::ids::{BorrowerId, ContractId, LoanId};
use cabinet::{CabinetError, Result as CabinetResult};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::islands::PrintButton;
use crate::application::offer::terms::frames;
use crate::request::{Ask, id};
use crate::ui::format::long_date;
use crate::ui::page::page;
use crate::ui::sums::{SumLine, TextLine};
use crate::ui::waiting::clock;

/// `/documents/{owner}/{code}`: the text exactly as it was signed.
#[component]
pub fn DocumentPage() -> impl IntoView {
    let owner = path_part("owner");
    let code = path_part("code");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let document = of_loan_or_contract(&ask, borrower, &owner, &code).await?;
        let w = ask.words;
        let signed = document
            .signed_at
            .map(|at| t!(w, "doc-signed", at = clock(&ask, at)));
        let psk = document.psk.map(|psk| {
            let percent = lending::percent_in_words(psk.thousandths);
            frames(w, psk, (&percent, &lending::roubles_in_words(psk.roubles)))
        });
        Ok(view! {
            <Title text=document.title.clone()/>
            <div class="page">
                <article class="card stack narrow document" id="document" data-hash=document.hash.clone()>
                    <div class="pair">
                        <div class="stack tight">
                            <h1 class="h2">{document.title.clone()}</h1>
                            <p class="quiet">{t!(w, "doc-number", number = &document.number)}</p>
                            {signed.map(|signed| view! { <p class="small">{signed}</p> })}
                        </div>
                        {psk}
                    </div>
                    {paper(&document.text)}
                    {fingerprint(w, &document.hash)}
                    {file_link(w, &document.file)}
                    <PrintButton label=w.t("doc-print")/>
                </article>
            </div>
        }
        .into_any())
    })
}

/// A text that waits for a signature, as it will look on paper.
pub fn draft_link(w: Words, path: &str) -> AnyView {
    view! { <p class="small"><a href=format!("/files/{path}") download="">{w.t("doc-draft")}</a></p> }.into_any()
}

/// The same document as a file with its signatures.
pub fn file_link(w: Words, path: &str) -> AnyView {
    view! {
        <p class="no-print"><a class="button wide" id="file" href=format!("/files/{path}") download="">{w.t("doc-file")}</a></p>
    }
    .into_any()
}

/// The owner in the address is a loan or a contract: the ids don't say which.
async fn of_loan_or_contract(
    ask: &Ask,
    borrower: BorrowerId,
    owner: &str,
    code: &str,
) -> CabinetResult<DocumentView> {
    let loan: LoanId = id(owner)?;
    match document::view(&ask.cabinet, borrower, loan, code).await {
        Err(CabinetError::NotFound) => {
            document::view(&ask.cabinet, borrower, ContractId(loan.0), code).await
        }
        found => found,
    }
}

/// A canonical text, its lines kept as they are: what is read is what was hashed.
pub fn paper(text: &str) -> AnyView {
    view! { <pre class="canonical">{text.to_owned()}</pre> }.into_any()
}

/// The fingerprint of a text, in groups for the eye.
pub fn fingerprint(w: Words, hash: &str) -> AnyView {
    let groups: Vec<String> = hash
        .as_bytes()
        .chunks(8)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    view! {
        <p class="small">
            {w.t("doc-hash")}" "<code class="hash" id="hash" data-hash=hash.to_owned()>{groups.join(" ")}</code>
        </p>
    }
    .into_any()
}

/// `/loans/{id}/certificate`: nothing is owed, on paper.
#[component]
pub fn CertificatePage() -> impl IntoView {
    let loan = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan)?;
        let made = document::certificate(&ask.cabinet, borrower, loan).await?;
        let w = ask.words;
        let title = t!(w, "cert-title", number = &made.number);
        Ok(view! {
            <Title text=title.clone()/>
            <div class="page">
                <article class="card stack narrow document" id="certificate" data-hash=made.hash.clone()>
                    <h1 class="h2">{title}</h1>
                    <dl class="sums">
                        <SumLine label=w.t("cert-paid") sum=made.paid_total/>
                        <TextLine label=w.t("cert-closed") text=long_date(w, made.closed_on)/>
                        <SumLine label=w.t("cert-owed") sum=lending::Kopecks::ZERO/>
                    </dl>
                    {paper(&made.text)}
                    {fingerprint(w, &made.hash)}
                    {file_link(w, &format!("certificate/{loan}"))}
                    <p class="small no-print">{w.t("cert-print")}</p>
                    <PrintButton label=w.t("doc-print")/>
                    <p class="no-print"><a href=format!("/loans/{loan}")>{w.t("doc-to-loan")}</a></p>
                </article>
            </div>
        }
        .into_any())
    })
}
