//! The form of the export: its fields, which a published schema describes, and its tables as CSV.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::adjustments::{self, ExportAdjustment};
use super::agent::{ExportAgency, ExportAgent, ExportCommission};
use super::bonuses::{self, ExportBonus};
use super::draws::{self, ExportDraw};
use super::money::ExportMoney;
use super::offers::ExportOffers;
use super::person::ExportCabinet;
use crate::error::{CabinetError, Result};

/// The name of this form of the export.
pub const FORM: &str = "kopeck-export/1";

/// Everything of one borrower.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// The form: `kopeck-export/1`.
    pub form: String,
    /// The lender.
    pub lender: String,
    /// When it was taken.
    pub made_at: String,
    /// The phone, digits.
    pub phone: String,
    /// Answers of the questionnaire, by field.
    pub answers: BTreeMap<String, String>,
    /// Every consent given or taken back, oldest first.
    pub consents: Vec<ExportConsent>,
    /// Every application for a service and every refusal of one, oldest first.
    pub services: Vec<ExportService>,
    /// Every movement of bonuses, oldest first.
    #[serde(default)]
    pub bonuses: Vec<ExportBonus>,
    /// What was done in prize draws.
    #[serde(default)]
    pub draws: Vec<ExportDraw>,
    /// Applications, oldest first.
    pub applications: Vec<ExportApplication>,
    /// Loans, the newest first.
    pub loans: Vec<ExportLoan>,
    /// Operations of all loans.
    pub operations: Vec<ExportOperation>,
    /// Debt to be written off and rates to be lowered, as the staff asked and decided, oldest first.
    #[serde(default)]
    pub adjustments: Vec<ExportAdjustment>,
    /// What was signed, by which code, when and from where.
    pub signatures: Vec<ExportSignature>,
    /// What was written to the lender and what it answered, oldest first.
    pub appeals: Vec<ExportAppeal>,
    /// Lines of the chat with specialists, oldest first.
    pub chat: Vec<ExportLine>,
    /// Messages that were sent.
    pub messages: Vec<ExportMessage>,
    /// Documents, the newest first.
    pub documents: Vec<ExportDocument>,
    /// When the link of the agent who brought this person was followed; none of who came by themselves.
    pub brought_by_agent_at: Option<String>,
    /// The agent that this person is.
    pub agent: Option<ExportAgent>,
    /// What the agent earned and was paid, oldest first.
    pub commissions: Vec<ExportCommission>,
    /// Visits by the agent's link, statements and payouts.
    pub agency: ExportAgency,
    /// What was offered to this person, and friends.
    pub offers: ExportOffers,
    /// Ways of money, and everything it went by.
    pub money: ExportMoney,
    /// The cabinet, its doors, and who looked inside.
    pub access: ExportCabinet,
}

/// A consent, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportConsent {
    /// To what: `personal_data`, `bureau`…
    pub kind: String,
    /// Given, or taken back.
    pub given: bool,
    /// The version of the text.
    pub version: String,
    /// SHA-256 of the words that were shown.
    pub text_hash: String,
    /// When.
    pub at: String,
    /// The network address it came from.
    pub address: String,
}

/// A word about a service: switched on, or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportService {
    /// The number of the contract it goes with.
    pub loan: String,
    /// The service's stable name.
    pub code: String,
    /// Its title on that day.
    pub title: String,
    /// What it cost, kopecks.
    pub price: i64,
    /// Switched on, or off.
    pub given: bool,
    /// The words of the application.
    pub text: String,
    /// SHA-256 of the words.
    pub text_hash: String,
    /// When.
    pub at: String,
    /// The network address it came from.
    pub address: String,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportApplication {
    /// Its id.
    pub id: String,
    /// The product.
    pub product: String,
    /// The sum asked for, kopecks.
    pub amount: i64,
    /// Days or payments.
    pub term: i64,
    /// Where it stands.
    pub status: String,
    /// When it was begun.
    pub at: String,
}

/// A loan with its debt today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportLoan {
    /// Its id.
    pub id: String,
    /// The contract's number.
    pub number: String,
    /// The product's title.
    pub product: String,
    /// The principal lent, kopecks.
    pub amount: i64,
    /// The day the money left.
    pub opened_on: String,
    /// The last day of the term.
    pub due: String,
    /// The day it was repaid.
    pub closed_on: Option<String>,
    /// Principal owed today, kopecks.
    pub principal: i64,
    /// Interest owed today, kopecks.
    pub interest: i64,
    /// Penalty owed today, kopecks.
    pub penalty: i64,
    /// What closes it today, kopecks.
    pub payoff: i64,
    /// Everything paid, kopecks.
    pub paid_total: i64,
    /// The frozen terms with the schedule, as the arithmetic reads them.
    pub terms: serde_json::Value,
}

/// Money that moved, or a new date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportOperation {
    /// The contract's number.
    pub loan: String,
    /// The order of posting.
    pub seq: i64,
    /// `disbursement`, `payment`, `prolongation`, `refund`, `top_up`, `debit`, `pause`, `resume`, `holiday`,
    /// `discount`, `write_off`, `rate_cut`.
    pub kind: String,
    /// The day it counts for.
    pub on: String,
    /// The moment.
    pub at: String,
    /// Kopecks.
    pub amount: i64,
    /// Days of a prolongation, months of a holiday; of a rate, 1 for a daily one and 365 for an annual one.
    pub days: Option<i64>,
    /// What a rate was lowered to, millionths.
    #[serde(default)]
    pub rate: Option<i64>,
    /// What it repaid, by claim, kopecks.
    pub parts: BTreeMap<String, i64>,
    /// The acquirer's name of it.
    pub reference: String,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportSignature {
    /// `contract` or `prolongation`.
    pub document: String,
    /// Its id.
    pub object: String,
    /// SHA-256 of the signed text.
    pub hash: String,
    /// When the code was sent.
    pub sent_at: String,
    /// When it was entered.
    pub entered_at: String,
    /// The network address.
    pub address: String,
}

/// An appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportAppeal {
    /// About what: `payment`, `debt`, `holidays`, `passport`, `complaint`, `question`.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// What was written.
    pub text: String,
    /// What was answered; may be empty.
    pub answer: String,
    /// When it was written.
    pub at: String,
    /// The last day of the answer.
    pub due: String,
}

/// A line of the chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportLine {
    /// Its number.
    pub seq: i64,
    /// `borrower`, `staff`, or `note` for what happened.
    pub author: String,
    /// The words; of a note, its name.
    pub text: String,
    /// The id of a picture that was sent.
    pub picture: Option<String>,
    /// When.
    pub at: String,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportMessage {
    /// Its id.
    pub id: String,
    /// About what.
    pub kind: String,
    /// How: `sms`, `push`…
    pub channel: String,
    /// The words, of those that stay in the cabinet.
    pub text: Option<String>,
    /// When.
    pub at: String,
    /// When it was read in the cabinet.
    pub read_at: Option<String>,
}

/// A document of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportDocument {
    /// What it is.
    pub kind: String,
    /// What it is about.
    pub object: String,
    /// Its number; may be empty.
    pub number: String,
    /// When it was signed or made.
    pub at: String,
    /// Its path in the cabinet.
    pub path: String,
}

impl Export {
    /// Tables that can be had as CSV.
    pub fn tables() -> Vec<&'static str> {
        let groups = [
            ExportAgency::TABLES,
            ExportOffers::TABLES,
            ExportMoney::TABLES,
            ExportCabinet::TABLES,
        ];
        [&[Self::PARTS], &groups[..]].concat().concat()
    }

    const PARTS: &[&str] = &[
        "consents",
        "services",
        "bonuses",
        "draws",
        "applications",
        "loans",
        "operations",
        "adjustments",
        "signatures",
        "appeals",
        "chat",
        "messages",
        "documents",
        "commissions",
    ];

    /// A table as CSV (RFC 4180): the columns are the fields of the schema, what has parts of its own
    /// is JSON in its cell. `NotFound` for a table that is none.
    pub fn csv(&self, table: &str) -> Result<String> {
        match table {
            "consents" => csv(
                &self.consents,
                &["kind", "given", "version", "text_hash", "at", "address"],
            ),
            "bonuses" => csv(&self.bonuses, bonuses::COLUMNS),
            "draws" => csv(&self.draws, draws::COLUMNS),
            "services" => csv(
                &self.services,
                &[
                    "loan",
                    "code",
                    "title",
                    "price",
                    "given",
                    "text",
                    "text_hash",
                    "at",
                    "address",
                ],
            ),
            "applications" => csv(
                &self.applications,
                &["id", "product", "amount", "term", "status", "at"],
            ),
            "loans" => csv(
                &self.loans,
                &[
                    "id",
                    "number",
                    "product",
                    "amount",
                    "opened_on",
                    "due",
                    "closed_on",
                    "principal",
                    "interest",
                    "penalty",
                    "payoff",
                    "paid_total",
                    "terms",
                ],
            ),
            "operations" => csv(
                &self.operations,
                &[
                    "loan",
                    "seq",
                    "kind",
                    "on",
                    "at",
                    "amount",
                    "days",
                    "rate",
                    "parts",
                    "reference",
                ],
            ),
            "adjustments" => csv(&self.adjustments, adjustments::COLUMNS),
            "signatures" => csv(
                &self.signatures,
                &[
                    "document",
                    "object",
                    "hash",
                    "sent_at",
                    "entered_at",
                    "address",
                ],
            ),
            "appeals" => csv(
                &self.appeals,
                &["kind", "state", "text", "answer", "at", "due"],
            ),
            "chat" => csv(&self.chat, &["seq", "author", "text", "picture", "at"]),
            "messages" => csv(
                &self.messages,
                &["id", "kind", "channel", "text", "at", "read_at"],
            ),
            "documents" => csv(&self.documents, &["kind", "object", "number", "at", "path"]),
            "commissions" => csv(
                &self.commissions,
                &["seq", "on", "kind", "client", "amount"],
            ),
            _ => {
                let agency = self.agency.csv(table);
                let offers = agency.or_else(|| self.offers.csv(table));
                let money = offers.or_else(|| self.money.csv(table));
                let access = money.or_else(|| self.access.csv(table));
                access.unwrap_or(Err(CabinetError::NotFound))
            }
        }
    }
}

pub(super) fn csv<T: Serialize>(rows: &[T], columns: &[&str]) -> Result<String> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    out.write_record(columns).map_err(CabinetError::internal)?;
    for row in rows {
        let row = serde_json::to_value(row).map_err(CabinetError::internal)?;
        let cells = columns.iter().map(|column| cell(&row[*column]));
        out.write_record(cells).map_err(CabinetError::internal)?;
    }
    let bytes = out.into_inner().map_err(CabinetError::internal)?;
    String::from_utf8(bytes).map_err(CabinetError::internal)
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
