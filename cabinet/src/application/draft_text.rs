//! The canonical text of a contract: UTF-8, lines ended by LF, the same bytes from the same facts.
//! It is what gets signed; pages and prints are made from it.

use chrono::NaiveDate;
use lending::{Psk, Quote, Schedule};

use super::TermRow;
use super::terms::WORDS;
use crate::document::phrase;
use crate::lender::Lender;
use crate::payout::{CardView, PayoutKind};
use crate::profile::CompleteProfile;
use crate::values::Phone;

/// What a contract's text is made of.
pub(crate) struct ContractText<'a> {
    pub lender: &'a Lender,
    pub number: &'a str,
    pub date: NaiveDate,
    pub quote: &'a Quote,
    pub rows: &'a [TermRow],
    pub cap_notice: &'a str,
    pub borrower: &'a CompleteProfile,
    pub phone: &'a Phone,
    pub card: &'a CardView,
}

/// Lines of a document in the making.
#[derive(Default)]
pub(crate) struct Lines(pub(crate) String);

impl Lines {
    pub(crate) fn line(&mut self, text: &str) {
        // One fact, one line: a stray line break in a value would change the document's shape.
        self.0.push_str(&text.replace(['\r', '\n'], " "));
        self.0.push('\n');
    }

    pub(crate) fn key(&mut self, key: &str, args: &[(&str, locales::Arg<'_>)]) {
        let text = WORDS.args(key, args);
        self.line(&text);
    }

    pub(crate) fn gap(&mut self) {
        self.0.push('\n');
    }
}

/// The whole contract.
pub(crate) fn contract_text(input: &ContractText<'_>) -> String {
    let mut out = Lines(String::new());
    out.line(&input.lender.legal_name);
    out.key(
        "cabinet-document-contract-head",
        &[("number", input.number.into())],
    );
    out.key(
        "cabinet-document-dated",
        &[("date", phrase::full_day(WORDS, input.date).into())],
    );
    out.gap();
    put_psk(&mut out, input.quote.psk);
    out.gap();
    out.line(input.cap_notice);
    out.gap();
    out.key("cabinet-document-terms-head", &[]);
    for row in input.rows {
        out.line(&format!("{}. {}", row.number, row.title));
        out.line(&format!("    {}", row.text));
    }
    out.gap();
    schedule_lines(&mut out, &input.quote.schedule);
    out.gap();
    parties(&mut out, input);
    out.0
}

/// The schedule issued again, when the money left on another day than the signing.
pub(crate) fn schedule_text(
    lender: &Lender,
    number: &str,
    on: NaiveDate,
    schedule: &Schedule,
    psk: Psk,
) -> String {
    let why = WORDS.args(
        "cabinet-document-schedule-why",
        &[("date", phrase::full_day(WORDS, on).into())],
    );
    schedule_paper(lender, number, &why, schedule, psk)
}

/// The schedule of a contract by itself, as it was agreed.
pub(crate) fn agreed_schedule_text(
    lender: &Lender,
    number: &str,
    schedule: &Schedule,
    psk: Psk,
) -> String {
    let day = phrase::full_day(WORDS, schedule.start);
    let dated = WORDS.args("cabinet-document-dated", &[("date", day.into())]);
    schedule_paper(lender, number, &dated, schedule, psk)
}

fn schedule_paper(
    lender: &Lender,
    number: &str,
    second: &str,
    schedule: &Schedule,
    psk: Psk,
) -> String {
    let mut out = Lines(String::new());
    out.line(&lender.legal_name);
    out.key(
        "cabinet-document-schedule-head",
        &[("number", number.into())],
    );
    out.line(second);
    out.gap();
    put_psk(&mut out, psk);
    out.gap();
    schedule_lines(&mut out, schedule);
    out.0
}

/// The two lines of the full cost: percent, then money.
pub(crate) fn psk_lines(psk: Psk) -> [String; 2] {
    let percent = WORDS.args(
        "cabinet-document-psk-percent",
        &[
            ("percent", psk.percent_text().into()),
            (
                "words",
                lending::percent_in_words(psk.thousandths)
                    .to_uppercase()
                    .into(),
            ),
        ],
    );
    let roubles = WORDS.args(
        "cabinet-document-psk-roubles",
        &[
            ("roubles", psk.roubles.to_string().into()),
            (
                "words",
                lending::roubles_in_words(psk.roubles).to_uppercase().into(),
            ),
        ],
    );
    [percent, roubles]
}

fn put_psk(out: &mut Lines, psk: Psk) {
    for line in psk_lines(psk) {
        out.line(&line);
    }
}

fn schedule_lines(out: &mut Lines, schedule: &Schedule) {
    out.key("cabinet-document-schedule-title", &[]);
    out.key(
        "cabinet-document-schedule-start",
        &[("date", phrase::digits(schedule.start).into())],
    );
    schedule_table(out, schedule);
}

/// The payments and their sums, without a title.
pub(crate) fn schedule_table(out: &mut Lines, schedule: &Schedule) {
    out.key("cabinet-document-schedule-columns", &[]);
    for line in &schedule.instalments {
        out.line(&format!(
            "{} | {} | {} | {} | {} | {}",
            line.number,
            phrase::digits(line.due),
            line.payment,
            line.principal,
            line.interest,
            line.principal_left
        ));
    }
    out.key(
        "cabinet-document-schedule-total",
        &[
            ("payment", schedule.total().to_string().into()),
            ("principal", schedule.principal().to_string().into()),
            ("interest", schedule.interest().to_string().into()),
        ],
    );
}

fn parties(out: &mut Lines, input: &ContractText<'_>) {
    let (lender, person) = (input.lender, input.borrower);
    out.key("cabinet-document-parties", &[]);
    out.key(
        "cabinet-document-lender",
        &[
            ("name", (&lender.legal_name).into()),
            ("registry", (&lender.registry_number).into()),
            ("inn", (&lender.inn).into()),
            ("ogrn", (&lender.ogrn).into()),
            ("address", (&lender.address).into()),
            ("hotline", (&lender.hotline).into()),
        ],
    );
    out.key(
        "cabinet-document-borrower",
        &[
            ("name", person.full_name().into()),
            ("birth", phrase::digits(person.birth).into()),
            ("passport", person.passport.spaced().into()),
            ("issued", phrase::digits(person.passport_issued).into()),
            ("phone", format!("+{}", input.phone.digits()).into()),
        ],
    );
    if let Some(address) = person.address_line() {
        out.key(
            "cabinet-document-borrower-address",
            &[("address", address.into())],
        );
    }
    let to = input.card;
    out.key(
        destination(to.kind),
        &[("card", (&to.title).into()), ("bank", (&to.brand).into())],
    );
    out.key("cabinet-document-signed-how", &[]);
}

/// The sentence that says where the money goes.
const fn destination(kind: PayoutKind) -> &'static str {
    match kind {
        PayoutKind::Card => "cabinet-document-card",
        PayoutKind::Account => "cabinet-document-account",
        PayoutKind::Sbp => "cabinet-document-sbp",
        PayoutKind::Wallet => "cabinet-document-wallet",
    }
}
