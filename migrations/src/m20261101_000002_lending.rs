//! Applications, contracts, payouts, loans and the money on them.
//!
//! One text of SQL serves both databases: ids are TEXT (a UUID with hyphens), money is BIGINT
//! kopecks with a CHECK, moments are BIGINT unix milliseconds, dates are TEXT as `2026-11-23`,
//! structures are TEXT as JSON. Rows are numbered by their owner (`seq`), so nothing depends on
//! either database's way of counting.

use sea_orm_migration::prelude::*;

/// The tables of lending.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, TABLES).await?;
        crate::run(manager, INDEXES).await?;
        // What was signed and which statuses were passed is never rewritten.
        crate::append_only(manager, "signature").await?;
        crate::append_only(manager, "application_event").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in NAMES.iter().rev() {
            let statement = format!("DROP TABLE {table}");
            manager
                .get_connection()
                .execute_unprepared(&statement)
                .await?;
        }
        Ok(())
    }
}

/// In the order of their references.
const NAMES: &[&str] = &[
    "application",
    "application_event",
    "contract_counter",
    "instrument",
    "contract",
    "signature",
    "payout",
    "loan",
    "operation",
    "prolongation",
    "payment",
    "notice",
];

const TABLES: &[&str] = &[
    APPLICATION,
    APPLICATION_EVENT,
    CONTRACT_COUNTER,
    INSTRUMENT,
    CONTRACT,
    SIGNATURE,
    PAYOUT,
    LOAN,
    OPERATION,
    PROLONGATION,
    PAYMENT,
    NOTICE,
];

const APPLICATION: &str = "
CREATE TABLE application (
    id TEXT PRIMARY KEY,
    -- Whose: every read by a borrower is filtered by it.
    borrower TEXT NOT NULL REFERENCES borrower (id),
    -- The product's code in the lender's file at the time of choosing.
    product TEXT NOT NULL,
    -- The principal asked for, kopecks.
    amount BIGINT NOT NULL CHECK (amount > 0),
    -- Days for a one-payment product, the number of payments otherwise.
    term BIGINT NOT NULL CHECK (term > 0),
    -- draft, filed, checking, approved, refused, specialist, expired, cancelled.
    status TEXT NOT NULL,
    -- 1 from filing until refused, given up or paid out: the partial unique index below allows one.
    is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
    -- The debt burden with its inputs, JSON: the law wants the calculation kept.
    pdn TEXT,
    -- Rules that refused or asked for a specialist, JSON array of their codes.
    rules TEXT,
    -- The first day a new application may be filed, when a rule names one.
    available_from TEXT,
    -- What the specialist wrote, for the record.
    resolution TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
)";

const APPLICATION_EVENT: &str = "
CREATE TABLE application_event (
    application TEXT NOT NULL REFERENCES application (id),
    -- Order within the application.
    seq BIGINT NOT NULL,
    -- The status it came to; the borrower sees each with its moment.
    status TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (application, seq)
)";

const CONTRACT_COUNTER: &str = "
CREATE TABLE contract_counter (
    -- Contract numbers start anew each year: 2026-000001.
    year BIGINT PRIMARY KEY,
    -- The last number given; raised in the transaction that offers the contract.
    last BIGINT NOT NULL CHECK (last > 0)
)";

const INSTRUMENT: &str = "
CREATE TABLE instrument (
    id TEXT PRIMARY KEY,
    borrower TEXT NOT NULL REFERENCES borrower (id),
    -- The acquirer's id of the binding; none until it answered.
    remote_id TEXT UNIQUE,
    -- pending, active, inactive.
    status TEXT NOT NULL,
    -- The acquirer's token to pay out to, encrypted: it moves money.
    method TEXT,
    -- What may be shown of the card; the number never reaches us.
    first6 TEXT,
    last4 TEXT,
    brand TEXT,
    created_at BIGINT NOT NULL,
    -- When to ask the acquirer again; none once it is active or inactive.
    poll_at BIGINT,
    -- How often it was asked: the interval grows with it.
    polls BIGINT NOT NULL
)";

const CONTRACT: &str = "
CREATE TABLE contract (
    id TEXT PRIMARY KEY,
    -- One application makes at most one contract, however often its worker runs.
    application TEXT NOT NULL UNIQUE REFERENCES application (id),
    borrower TEXT NOT NULL REFERENCES borrower (id),
    -- 2026-000001.
    number TEXT NOT NULL UNIQUE,
    -- offered, signed, cooling, paying_out, payout_failed, issued, cancelled, expired.
    status TEXT NOT NULL,
    -- The product as it was when approved, JSON: a later change of the lender's file does not touch
    -- an offer.
    product TEXT NOT NULL,
    -- The product's title at that time.
    product_title TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    term BIGINT NOT NULL CHECK (term > 0),
    -- Whether the first-loan price applies; decided at approval.
    first_loan BIGINT NOT NULL CHECK (first_loan IN (0, 1)),
    offered_at BIGINT NOT NULL,
    -- The last day to sign: the fifth working day after the offer.
    expires_on TEXT NOT NULL,
    -- The answer about assignment of the claim; none until given, there is no default.
    assignment BIGINT CHECK (assignment IN (0, 1)),
    -- The card for the payout.
    card TEXT REFERENCES instrument (id),
    -- The quote the frozen text was made of, JSON.
    quote TEXT,
    -- The exact text to be signed, encrypted: it names the borrower and the passport.
    text TEXT,
    -- The borrower's full name as in the text, encrypted: later documents of this loan name the
    -- same person.
    name TEXT,
    -- SHA-256 of the text: the code is bound to it and the document prints it.
    text_hash TEXT,
    -- The code sent for this text.
    code TEXT,
    prepared_at BIGINT,
    signed_at BIGINT,
    -- No money leaves before this moment; until then cancelling is free.
    payout_after BIGINT,
    -- The frozen terms, JSON, from signing on.
    terms TEXT
)";

const SIGNATURE: &str = "
CREATE TABLE signature (
    id TEXT PRIMARY KEY,
    borrower TEXT NOT NULL REFERENCES borrower (id),
    -- contract or prolongation, and the id of that row: signed once.
    document TEXT NOT NULL,
    object TEXT NOT NULL,
    -- SHA-256 of the exact bytes signed.
    hash TEXT NOT NULL,
    -- Which code confirmed it.
    code TEXT NOT NULL,
    -- The phone it was sent to, encrypted: the agreement names the signer by it.
    phone TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    -- Where it was entered from.
    ip TEXT NOT NULL,
    UNIQUE (document, object)
)";

const PAYOUT: &str = "
CREATE TABLE payout (
    -- Also the acquirer's idempotence key: sent again under it, the money leaves once.
    id TEXT PRIMARY KEY,
    contract TEXT NOT NULL REFERENCES contract (id),
    borrower TEXT NOT NULL REFERENCES borrower (id),
    instrument TEXT NOT NULL REFERENCES instrument (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    -- held, sending, waiting, unknown, succeeded, failed, cancelled.
    status TEXT NOT NULL,
    remote_id TEXT UNIQUE,
    -- The acquirer's reason of a failure.
    reason TEXT,
    -- The end of the cooling-off hours; the money never leaves earlier.
    not_before BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- When the money arrived: its business date starts the term.
    succeeded_at BIGINT,
    poll_at BIGINT,
    polls BIGINT NOT NULL
)";

const LOAN: &str = "
CREATE TABLE loan (
    id TEXT PRIMARY KEY,
    -- One contract becomes one loan, however often the payout's news arrives.
    contract TEXT NOT NULL UNIQUE REFERENCES contract (id),
    borrower TEXT NOT NULL REFERENCES borrower (id),
    number TEXT NOT NULL UNIQUE,
    -- The product's code, for the rule of one open loan per product.
    product TEXT NOT NULL,
    product_title TEXT NOT NULL,
    -- The frozen terms, JSON, with the schedule of the day the money left. Never changed.
    terms TEXT NOT NULL,
    -- Raised by every posting; a posting that saw another version changes nothing.
    version BIGINT NOT NULL CHECK (version > 0),
    -- The snapshot after the last posting. Pages compute the debt anew; sweeps and the list of
    -- loans use this.
    status TEXT NOT NULL,
    as_of TEXT NOT NULL,
    principal BIGINT NOT NULL CHECK (principal >= 0),
    interest BIGINT NOT NULL CHECK (interest >= 0),
    penalty BIGINT NOT NULL CHECK (penalty >= 0),
    paid_total BIGINT NOT NULL CHECK (paid_total >= 0),
    -- The refundable surplus.
    overpaid BIGINT NOT NULL CHECK (overpaid >= 0),
    -- The longest delay seen at a posting, for the next decision.
    max_days_overdue BIGINT NOT NULL CHECK (max_days_overdue >= 0),
    -- The next date to pay, none when closed: the notice sweep reads only the loans near it.
    next_due TEXT,
    due TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    closed_on TEXT,
    -- The schedule issued again because the money left on another day than the signing, encrypted;
    -- and its hash.
    schedule_text TEXT,
    schedule_hash TEXT,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
)";

const OPERATION: &str = "
CREATE TABLE operation (
    id TEXT PRIMARY KEY,
    loan TEXT NOT NULL REFERENCES loan (id),
    -- Order of posting within the loan.
    seq BIGINT NOT NULL,
    -- disbursement, payment, prolongation, refund.
    kind TEXT NOT NULL,
    -- The business date it counts for: for a payment, of the moment the acquirer took the money.
    on_date TEXT NOT NULL,
    at BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    -- The share of a payment that bought a service and repaid no debt.
    fee BIGINT NOT NULL CHECK (fee >= 0),
    -- Days of a prolongation.
    days BIGINT,
    -- The shares of a payment in the legal order, JSON.
    parts TEXT NOT NULL,
    -- What of a payment was beyond the debt.
    overpaid BIGINT NOT NULL CHECK (overpaid >= 0),
    -- The card, as it may be shown.
    title TEXT NOT NULL,
    -- The acquirer's id (or our own, for a prolongation): posted once, however often the news
    -- comes.
    reference TEXT NOT NULL,
    UNIQUE (loan, reference),
    UNIQUE (loan, seq)
)";

const PROLONGATION: &str = "
CREATE TABLE prolongation (
    id TEXT PRIMARY KEY,
    loan TEXT NOT NULL REFERENCES loan (id),
    borrower TEXT NOT NULL REFERENCES borrower (id),
    days BIGINT NOT NULL CHECK (days > 0),
    -- The business date of the agreement: on another day the price is another.
    on_date TEXT NOT NULL,
    -- The price and dates shown and signed, JSON.
    quote TEXT NOT NULL,
    -- The exact text, encrypted, and its SHA-256.
    text TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    code TEXT NOT NULL,
    -- prepared, signed, effective, stale, expired.
    status TEXT NOT NULL,
    -- The payment of its price.
    payment TEXT,
    prepared_at BIGINT NOT NULL,
    signed_at BIGINT,
    -- The day it became effective: the yearly count of prolongations reads it.
    effective_on TEXT
)";

const PAYMENT: &str = "
CREATE TABLE payment (
    -- Also the acquirer's idempotence key: created again under it, the card is charged once.
    id TEXT PRIMARY KEY,
    loan TEXT NOT NULL REFERENCES loan (id),
    borrower TEXT NOT NULL REFERENCES borrower (id),
    -- debt or prolongation: one unfinished payment for each, by the partial unique index below.
    purpose TEXT NOT NULL,
    prolongation TEXT REFERENCES prolongation (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    -- created, waiting, succeeded, failed, unknown, abandoned.
    status TEXT NOT NULL,
    remote_id TEXT UNIQUE,
    -- The acquirer's page, to continue on.
    confirmation_url TEXT,
    reason TEXT,
    card_title TEXT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- When the acquirer took the money; its business date is what the payment counts for.
    taken_at BIGINT,
    poll_at BIGINT,
    polls BIGINT NOT NULL
)";

const NOTICE: &str = "
CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    borrower TEXT NOT NULL REFERENCES borrower (id),
    -- What it is about: the id of a loan, a contract or an application.
    object TEXT NOT NULL,
    -- due_3, due_1, due_0, overdue, issued, payment, closed, …
    kind TEXT NOT NULL,
    -- The date it belongs to (a due date) or the operation's reference: with the others, said once.
    occasion TEXT NOT NULL,
    -- sms or bureau.
    channel TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (object, kind, occasion, channel)
)";

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX application_one_draft ON application (borrower) WHERE status = 'draft'",
    "CREATE UNIQUE INDEX application_one_open ON application (borrower) WHERE is_open = 1",
    "CREATE INDEX application_borrower ON application (borrower, created_at)",
    "CREATE INDEX instrument_borrower ON instrument (borrower)",
    "CREATE INDEX instrument_poll ON instrument (poll_at) WHERE poll_at IS NOT NULL",
    "CREATE INDEX contract_borrower ON contract (borrower)",
    "CREATE INDEX contract_offered ON contract (expires_on) WHERE status = 'offered'",
    // A second payout of one contract can exist only after the first has failed for sure.
    "CREATE UNIQUE INDEX payout_one_live ON payout (contract)
     WHERE status IN ('held', 'sending', 'waiting', 'unknown', 'succeeded')",
    "CREATE INDEX payout_poll ON payout (poll_at) WHERE poll_at IS NOT NULL",
    "CREATE INDEX payout_succeeded ON payout (succeeded_at) WHERE succeeded_at IS NOT NULL",
    "CREATE INDEX loan_borrower ON loan (borrower)",
    "CREATE INDEX loan_next_due ON loan (next_due) WHERE next_due IS NOT NULL",
    "CREATE INDEX operation_at ON operation (at)",
    "CREATE INDEX prolongation_loan ON prolongation (loan)",
    "CREATE INDEX prolongation_borrower ON prolongation (borrower, effective_on)",
    // Two tabs pressing "pay" at once: the second insert fails and is shown the first.
    "CREATE UNIQUE INDEX payment_one_unfinished ON payment (loan, purpose)
     WHERE status IN ('created', 'waiting', 'unknown')",
    "CREATE INDEX payment_loan ON payment (loan, created_at)",
    "CREATE INDEX payment_poll ON payment (poll_at) WHERE poll_at IS NOT NULL",
    "CREATE INDEX notice_object ON notice (object, channel)",
];
