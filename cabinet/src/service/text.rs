//! An application for a service, or against it: canonical text, the same bytes from the same facts.

use chrono::NaiveDate;
use lending::{Kopecks, ServiceCost, ServiceRefund};

use crate::application::Lines;
use crate::application::terms::WORDS;
use crate::document::phrase;
use crate::lender::{Lender, Service, ServiceKind};

/// «Switch it on»: what, by whom, for how much, what it does to the full cost, and how it is refused.
pub(super) fn asked(
    lender: &Lender,
    number: &str,
    on: NaiveDate,
    name: &str,
    service: &Service,
    cost: Option<&ServiceCost>,
) -> String {
    let mut out = head(lender, "cabinet-service-on-title", number, on, name);
    let by = service.by.as_deref().unwrap_or(&lender.legal_name);
    out.key(
        "cabinet-service-on-ask",
        &[("title", (&service.title.ru).into()), ("by", by.into())],
    );
    out.line(&service.about.ru);
    if service.kind == ServiceKind::Sms {
        out.key("cabinet-service-on-sms", &[]);
    }
    match cost {
        None => out.key("cabinet-service-on-free", &[]),
        Some(cost) => {
            let price = service.price();
            out.key(
                "cabinet-service-on-price",
                &[
                    ("price", price.to_string().into()),
                    ("words", lending::roubles_in_words(price).into()),
                ],
            );
            out.key(
                "cabinet-service-on-psk",
                &[
                    ("without", cost.without.percent_text().into()),
                    ("with", cost.with.percent_text().into()),
                ],
            );
            out.key("cabinet-service-on-refusal", &[]);
        }
    }
    out.key("cabinet-service-on-free-will", &[]);
    out.0
}

/// «Switch it off»: what goes back, what was used, by when.
pub(super) fn refused(
    lender: &Lender,
    number: &str,
    on: NaiveDate,
    name: &str,
    title: &str,
    back: Option<&ServiceRefund>,
) -> String {
    let mut out = head(lender, "cabinet-service-off-title", number, on, name);
    out.key("cabinet-service-off-ask", &[("title", title.into())]);
    match back {
        None => out.key("cabinet-service-off-nothing", &[]),
        Some(back) => {
            let sum = |sum: Kopecks| sum.to_string();
            out.key(
                "cabinet-service-off-back",
                &[
                    ("sum", sum(back.amount).into()),
                    ("words", lending::roubles_in_words(back.amount).into()),
                    ("kept", sum(back.kept).into()),
                    ("date", phrase::full_day(WORDS, back.pay_by).into()),
                ],
            );
        }
    }
    out.0
}

fn head(lender: &Lender, title: &str, number: &str, on: NaiveDate, name: &str) -> Lines {
    let mut out = Lines::default();
    out.line(&lender.legal_name);
    out.key(title, &[("number", number.into())]);
    let day = phrase::full_day(WORDS, on);
    out.key("cabinet-document-dated", &[("date", day.into())]);
    out.gap();
    out.key("cabinet-service-from", &[("name", name.into())]);
    out
}
