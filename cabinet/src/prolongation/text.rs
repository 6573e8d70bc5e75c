//! The canonical text of a prolongation agreement: UTF-8, LF, the same bytes from the same facts.

use lending::ProlongationQuote;

use crate::application::terms::WORDS;
use crate::document::phrase;
use crate::error::Result;
use crate::loan::history::History;
use crate::{Cabinet, application};

/// The agreement: who, which contract, what moves, what it costs, the new ПСК and schedule.
pub(crate) async fn agreement(
    cab: &Cabinet,
    history: &History,
    quote: &ProlongationQuote,
) -> Result<String> {
    let name = application::signed_name(cab.db().read(), cab, &history.row.contract).await?;
    let lender = cab.lender();
    let mut lines = vec![
        lender.legal_name.clone(),
        WORDS.args(
            "cabinet-prolongation-head",
            &[("number", history.row.number.as_str().into())],
        ),
        WORDS.args(
            "cabinet-document-dated",
            &[("date", phrase::full_day(WORDS, quote.on).into())],
        ),
        String::new(),
        WORDS.args(
            "cabinet-document-psk-percent",
            &[
                ("percent", quote.psk.percent_text().into()),
                (
                    "words",
                    lending::percent_in_words(quote.psk.thousandths)
                        .to_uppercase()
                        .into(),
                ),
            ],
        ),
        WORDS.args(
            "cabinet-document-psk-roubles",
            &[
                ("roubles", quote.psk.roubles.to_string().into()),
                (
                    "words",
                    lending::roubles_in_words(quote.psk.roubles)
                        .to_uppercase()
                        .into(),
                ),
            ],
        ),
        String::new(),
        WORDS.args("cabinet-prolongation-borrower", &[("name", name.into())]),
        WORDS.args(
            "cabinet-prolongation-dates",
            &[
                ("old", phrase::full_day(WORDS, quote.old_due).into()),
                ("new", phrase::full_day(WORDS, quote.new_due).into()),
                ("days", i64::from(quote.days).into()),
            ],
        ),
        WORDS.args(
            "cabinet-prolongation-now",
            &[("amount", quote.pay_now.to_string().into())],
        ),
    ];
    if quote.fee.is_positive() {
        let fee = quote.fee.to_string();
        lines.push(WORDS.args("cabinet-prolongation-fee", &[("amount", fee.into())]));
    }
    lines.push(WORDS.args(
        "cabinet-prolongation-then",
        &[("amount", quote.due_then.to_string().into())],
    ));
    lines.push(WORDS.args(
        "cabinet-prolongation-compare",
        &[
            ("total", quote.total.to_string().into()),
            ("today", quote.pay_today_total.to_string().into()),
            ("extra", quote.extra.to_string().into()),
        ],
    ));
    lines.push(WORDS.t("cabinet-prolongation-effect"));
    lines.push(WORDS.t("cabinet-prolongation-rest"));
    lines.push(String::new());
    lines.push(WORDS.t("cabinet-document-schedule-title"));
    lines.push(WORDS.t("cabinet-document-schedule-columns"));
    for line in &quote.schedule.instalments {
        lines.push(format!(
            "{} | {} | {} | {} | {} | {}",
            line.number,
            phrase::digits(line.due),
            line.payment,
            line.principal,
            line.interest,
            line.principal_left
        ));
    }
    lines.push(String::new());
    lines.push(WORDS.t("cabinet-document-signed-how"));
    lines.push(String::new());
    Ok(lines.join("\n"))
}
