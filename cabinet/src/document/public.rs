//! Papers for everybody: the rules of loans, prices, the policy of personal data, who the lender is.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use chrono::NaiveDate;
use lending::{LoanRequest, ProductKind, Psk};
use locales::{Lang, Words};

use super::draft::Draft;
use super::file::{File, typeset};
use super::kind::DocumentKind;
use super::{LegalKind, legal, phrase};
use crate::Cabinet;
use crate::application::Lines;
use crate::error::Result;
use crate::lender::LenderProduct;

/// A public paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKind {
    /// The general terms of loans.
    Rules,
    /// Products and their prices on the day.
    Tariffs,
    /// The policy of personal data.
    Privacy,
    /// Who lends: register, numbers, address, whom to complain to.
    Lender,
}

impl PublicKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rules, Self::Tariffs, Self::Privacy, Self::Lender];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Tariffs => "tariffs",
            Self::Privacy => "privacy",
            Self::Lender => "lender",
        }
    }

    /// The paper of a name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Made papers by the hash of their text: anybody may ask again and again.
static MADE: LazyLock<Mutex<BTreeMap<String, Arc<Vec<u8>>>>> = LazyLock::new(Mutex::default);
/// More texts than this are not remembered: one day's papers in two languages are eight.
const REMEMBERED: usize = 32;

/// A public paper of this lender in a language.
pub async fn public(cab: &Cabinet, kind: PublicKind, lang: Lang) -> Result<File> {
    let words = Words::new(lang);
    let (title, text, on) = match kind {
        PublicKind::Rules => legal_text(cab, LegalKind::GeneralTerms, lang),
        PublicKind::Privacy => legal_text(cab, LegalKind::Privacy, lang),
        PublicKind::Tariffs => tariffs(cab, words, lang),
        PublicKind::Lender => lender(cab, words),
    };
    // No borrower's kind: what it is called is in the text alone.
    let mut draft = Draft::new(DocumentKind::Statement, kind.code(), title, text);
    "public".clone_into(&mut draft.kind);
    lang.code().clone_into(&mut draft.lang);
    draft.made_at = on
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp_millis();
    let name = format!("{}-{}.pdf", cab.lender().code, kind.code());
    let hash = draft.hash();
    let known = made().get(&hash).cloned();
    let bytes = if let Some(bytes) = known {
        bytes
    } else {
        let template = match kind {
            PublicKind::Tariffs => "tariffs",
            _ => "public",
        };
        let bytes = Arc::new(typeset(cab, draft.paper(cab, template, None)).await?);
        let mut made = made();
        if made.len() >= REMEMBERED {
            made.clear();
        }
        made.insert(hash, Arc::clone(&bytes));
        bytes
    };
    Ok(File {
        name,
        bytes: bytes.to_vec(),
    })
}

fn made() -> std::sync::MutexGuard<'static, BTreeMap<String, Arc<Vec<u8>>>> {
    MADE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn begun(cab: &Cabinet, title: &str) -> Lines {
    let mut out = Lines::default();
    out.line(&cab.lender().legal_name);
    out.line(title);
    out
}

fn legal_text(cab: &Cabinet, kind: LegalKind, lang: Lang) -> (String, String, NaiveDate) {
    let text = legal(cab, kind, lang);
    let mut out = begun(cab, &text.title);
    let version = Words::new(lang).args(
        "cabinet-paper-version",
        &[("version", text.version.as_str().into())],
    );
    out.line(&version);
    out.gap();
    for paragraph in &text.body {
        out.line(paragraph);
    }
    (text.title, out.0, cab.lender().documents.version)
}

fn lender(cab: &Cabinet, words: Words) -> (String, String, NaiveDate) {
    let lender = cab.lender();
    let title = words.t("cabinet-paper-lender-title");
    let mut out = begun(cab, &title);
    out.gap();
    for (key, value) in [
        ("name", &lender.legal_name),
        ("registry", &lender.registry_number),
        ("sro", &lender.sro),
        ("inn", &lender.inn),
        ("ogrn", &lender.ogrn),
        ("address", &lender.address),
        ("site", &lender.site),
        ("hotline", &lender.hotline),
        ("email", &lender.email),
    ] {
        let key = format!("cabinet-paper-lender-{key}");
        out.line(&words.args(&key, &[("value", value.as_str().into())]));
    }
    out.line(&words.t("cabinet-paper-lender-complaints"));
    (title, out.0, lender.documents.version)
}

fn tariffs(cab: &Cabinet, words: Words, lang: Lang) -> (String, String, NaiveDate) {
    let (lender, today) = (cab.lender(), cab.today());
    let title = words.t("cabinet-paper-tariffs-title");
    let mut out = begun(cab, &title);
    let day = phrase::full_day(words, today);
    out.line(&words.args("cabinet-document-dated", &[("date", day.into())]));
    out.gap();
    out.line(&words.t("cabinet-paper-tariffs-columns"));
    for product in &lender.products {
        out.line(&tariff_row(product, words, lang, today));
    }
    out.gap();
    for product in &lender.products {
        let rate = product.terms.penalty_rate.percent_text();
        let name = product.title.of(lang);
        out.line(&words.args(
            "cabinet-paper-tariffs-penalty",
            &[("product", name.into()), ("rate", rate.into())],
        ));
    }
    for service in &lender.services {
        let price = service.price();
        let key = if price.is_zero() {
            "cabinet-paper-tariffs-free"
        } else {
            "cabinet-paper-tariffs-service"
        };
        let args = [
            ("service", service.title.of(lang).into()),
            ("price", price.to_string().into()),
        ];
        out.line(&words.args(key, &args));
    }
    out.line(&words.t("cabinet-paper-tariffs-rest"));
    (title, out.0, today)
}

fn tariff_row(product: &LenderProduct, words: Words, lang: Lang, today: NaiveDate) -> String {
    let terms = &product.terms;
    let in_days = matches!(terms.kind, ProductKind::Bullet | ProductKind::Special);
    let unit = if in_days { "days" } else { "payments" };
    let term = words.args(
        &format!("cabinet-paper-{unit}"),
        &[("count", i64::from(terms.max_term).into())],
    );
    let rate = match terms.annual_rate {
        Some(annual) => annual.percent_text(),
        None => terms.daily_rate.annual_percent_text(),
    };
    let psk = psk_range(product, today).map_or_else(
        || "—".to_owned(),
        |(least, most)| format!("{} – {}\u{a0}%", least.percent_text(), most.percent_text()),
    );
    [
        product.title.of(lang).to_owned(),
        format!("{} – {}", terms.min_amount, terms.max_amount),
        format!("{} – {term}", terms.min_term),
        format!("{rate}\u{a0}%"),
        psk,
    ]
    .join(" | ")
}

/// The least and the greatest full cost: at the ends of sums and terms, for a first loan and a later one.
fn psk_range(product: &LenderProduct, start: NaiveDate) -> Option<(Psk, Psk)> {
    let terms = &product.terms;
    let mut all = Vec::new();
    for amount in [terms.min_amount, terms.max_amount] {
        for term in [terms.min_term, terms.max_term] {
            for first_loan in [false, true] {
                let request = LoanRequest {
                    amount,
                    term,
                    start,
                    first_loan,
                };
                all.extend(lending::quote(terms, &request).map(|quote| quote.psk).ok());
            }
        }
    }
    let least = all.iter().min_by_key(|psk| psk.thousandths)?;
    let most = all.iter().max_by_key(|psk| psk.thousandths)?;
    Some((*least, *most))
}
