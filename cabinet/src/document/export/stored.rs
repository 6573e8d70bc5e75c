//! Which table of the database stands where in the export, and why some stand nowhere. A test compares it with the
//! schema, so that a new table with a person in it is thought of.

use super::{ExportAgency, ExportCabinet, ExportMoney, ExportOffers};

/// Tables that the older parts of the export are read from, with the part.
const PARTS: &[(&str, &str)] = &[
    ("answer", "answers"),
    ("consent", "consents"),
    ("service_word", "services"),
    ("bonus_account", "bonuses"),
    ("bonus_entry", "bonuses"),
    ("bonus_lot", "bonuses"),
    ("draw_part", "draws"),
    ("draw_ticket", "draws"),
    ("draw_prize", "draws"),
    ("draw_barred", "draws"),
    ("application", "applications"),
    ("loan", "loans"),
    ("operation", "operations"),
    ("adjustment", "adjustments"),
    ("signature", "signatures"),
    ("appeal", "appeals"),
    ("appeal_paper", "pictures"),
    ("chat", "chat"),
    ("chat_line", "chat"),
    ("notice", "messages"),
    ("document", "documents"),
    ("agent_client", "brought_by_agent_at"),
    ("agent", "agent"),
    ("agent_line", "commissions"),
];

/// Tables that know a person and are not in the export, each with the reason.
pub const LEFT_OUT: &[(&str, &str)] = &[
    (
        "person_index",
        "keyed fingerprints of the passport and the tax number, which answers show",
    ),
    ("person_claim", "keyed fingerprints, as in person_index"),
    (
        "person_double",
        "that another cabinet has the same passport: it would tell of another person",
    ),
    (
        "draft",
        "a form that was not sent: it stands in the form, and is gone in a day",
    ),
    (
        "code",
        "hashes of one-time codes, gone in minutes; those that signed are in signatures",
    ),
    (
        "registration",
        "a cabinet that is being made, gone in an hour; then it is in answers",
    ),
    ("registration_answer", "as registration"),
    ("access_link", "fingerprints of one-time links by mail"),
    (
        "identity_round",
        "a sign-in by a service of identity that is under way, gone in minutes",
    ),
    (
        "sms_part",
        "the gateway's numbers of the parts of a message; deliveries tell its fate",
    ),
    (
        "journal",
        "the lender's books; operations are the same money as the person sees it",
    ),
    ("journal_line", "as journal"),
    (
        "purse",
        "keyed fingerprints of accounts and wallets, which money_ways shows",
    ),
    (
        "limit_counter",
        "how often something was tried within the last hour, by a keyed fingerprint",
    ),
    (
        "agreement",
        "decisions of the staff about a case; the diary tells of each look and change",
    ),
    (
        "audit",
        "the log of the staff, which names other people; the diary is the person's part of it",
    ),
];

/// Tables of the database with the part of the export that holds them.
pub fn exported() -> Vec<(&'static str, &'static str)> {
    let groups = [
        ExportCabinet::STORED,
        ExportMoney::STORED,
        ExportOffers::STORED,
        ExportAgency::STORED,
    ];
    [&[PARTS], &groups[..]].concat().concat()
}
