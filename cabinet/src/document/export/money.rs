//! Ways of money, and everything it went by.

use super::table::{Moment, Opened, group, row};

group! {
    /// Contracts that were offered, and money on its way.
    ExportMoney {
        /// States of the applications.
        application_events: ExportApplicationEvent,
        /// Contracts, also those that were not signed.
        contracts: ExportContract,
        /// Papers that were asked for.
        papers_asked: ExportPaperAsked,
        /// What specialists said of papers of an income.
        incomes: ExportIncome,
        /// Cards, accounts and wallets.
        money_ways: ExportMoneyWay,
        /// Money sent to this person.
        payouts: ExportPayout,
        /// Payments, also those that came to nothing.
        payments: ExportPayment,
        /// New dates that were asked for.
        prolongations: ExportProlongation,
        /// Money sent back.
        refunds: ExportRefund,
        /// What closed a loan on a day, as it was promised.
        payoff_quotes: ExportPayoffQuote,
        /// What was asked to be done with money on the balance of a loan.
        balance_orders: ExportBalanceOrder,
        /// Lines of bank statements with payments of this person.
        bank_lines: ExportBankLine,
        /// Links somebody else may pay by.
        pay_links: ExportPayLink,
        /// Automatic payments that were agreed to.
        autopay: ExportMandate,
        /// Debits they tried.
        autopay_tries: ExportTry,
        /// Where services stand.
        service_states: ExportServiceState,
    }
}

row! {
    /// A state of an application.
    ExportApplicationEvent of "application_event",
    "SELECT event.application, event.seq, event.status, event.at FROM application_event event \
     JOIN application filed ON filed.id = event.application WHERE filed.borrower = $1 \
     ORDER BY filed.created_at, event.application, event.seq" {
        /// The application's id.
        application: String,
        /// The order.
        seq: i64,
        /// What it came to.
        status: String,
        /// When.
        at: Moment,
    }
}

row! {
    /// A contract.
    ExportContract of "contract",
    "SELECT id, application, number, status, product_title AS product, amount, term, offered_at, \
     expires_on, assignment, text_hash, signed_at FROM contract WHERE borrower = $1 \
     ORDER BY offered_at, number" {
        /// Its id.
        id: String,
        /// The application's id.
        application: String,
        /// Its number.
        number: String,
        /// Where it stands.
        status: String,
        /// The product's title.
        product: String,
        /// What was offered, kopecks.
        amount: i64,
        /// Days or payments.
        term: i64,
        /// When.
        offered_at: Moment,
        /// The last day to sign.
        expires_on: String,
        /// 1: the claim may be assigned; 0: it may not; nothing before the answer.
        assignment: Option<i64>,
        /// SHA-256 of its text.
        text_hash: Option<String>,
        /// When it was signed.
        signed_at: Option<Moment>,
    }
}

row! {
    /// A paper that was asked for.
    ExportPaperAsked of "paper_asked",
    "SELECT id, application, what, at FROM paper_asked WHERE borrower = $1 ORDER BY at, id" {
        /// The application's id.
        application: String,
        /// Which one.
        what: Opened,
        /// When.
        at: Moment,
    }
}

row! {
    /// A specialist's word on a paper of an income.
    ExportIncome of "income_word",
    "SELECT id, word, picture, paper, amount, holds_until, why, at FROM income_word \
     WHERE borrower = $1 ORDER BY at, id" {
        /// `proved`, `declined`, `withdrawn`.
        word: String,
        /// The picture's id.
        picture: Option<String>,
        /// What kind of paper it shows.
        paper: Option<String>,
        /// A month, kopecks.
        amount: Option<i64>,
        /// The last day on which it counts.
        holds_until: Option<String>,
        /// Why it proves nothing, or counts no more.
        why: Opened,
        /// When.
        at: Moment,
    }
}

row! {
    /// A card, an account or a wallet. The acquirer's token of a card, which moves money, is not here.
    ExportMoneyWay of "instrument",
    "SELECT id, kind, status, first6, last4, brand, expiry, \
     CASE WHEN kind = 'card' THEN NULL ELSE method END AS method, confirmed_at, created_at AS at \
     FROM instrument WHERE borrower = $1 ORDER BY created_at, id" {
        /// Its id.
        id: String,
        /// `card`, `account`, `sbp`, `wallet`.
        kind: String,
        /// `pending`, `active`, `inactive`.
        status: String,
        /// The first digits of a card.
        first6: Option<String>,
        /// The last ones.
        last4: Option<String>,
        /// Its system, or the bank.
        brand: Option<String>,
        /// Month and year of a card.
        expiry: Option<String>,
        /// Where money goes, as JSON; empty of a card.
        method: Opened,
        /// When the bank confirmed the owner.
        confirmed_at: Option<Moment>,
        /// When it was added.
        at: Moment,
    }
}

row! {
    /// Money to this person.
    ExportPayout of "payout",
    "SELECT id, contract, instrument, amount, status, reason, created_at AS at, succeeded_at \
     FROM payout WHERE borrower = $1 ORDER BY created_at, id" {
        /// Its id.
        id: String,
        /// The contract's id.
        contract: String,
        /// Where to: the id of the way.
        instrument: String,
        /// Kopecks.
        amount: i64,
        /// Where it stands.
        status: String,
        /// Why it failed.
        reason: Option<String>,
        /// When it was begun.
        at: Moment,
        /// When the money arrived.
        succeeded_at: Option<Moment>,
    }
}

row! {
    /// A payment.
    ExportPayment of "payment",
    "SELECT id, loan, purpose, amount, status, method, card_title AS card, reason, created_at AS at, \
     taken_at FROM payment WHERE borrower = $1 ORDER BY created_at, id" {
        /// Its id.
        id: String,
        /// The loan's id.
        loan: String,
        /// `debt`, `prolongation`, `service`.
        purpose: String,
        /// Kopecks.
        amount: i64,
        /// Where it stands.
        status: String,
        /// `card`, `sbp`…
        method: String,
        /// The card, masked.
        card: Option<String>,
        /// Why it failed.
        reason: Option<String>,
        /// When it was begun.
        at: Moment,
        /// When the money was taken.
        taken_at: Option<Moment>,
    }
}

row! {
    /// A new date.
    ExportProlongation of "prolongation",
    "SELECT id, loan, days, on_date, status, text_hash, payment, prepared_at AS at, signed_at, \
     effective_on FROM prolongation WHERE borrower = $1 ORDER BY prepared_at, id" {
        /// Its id.
        id: String,
        /// The loan's id.
        loan: String,
        /// By so many days.
        days: i64,
        /// The day of the agreement.
        on_date: String,
        /// Where it stands.
        status: String,
        /// SHA-256 of its text.
        text_hash: String,
        /// The payment of its price.
        payment: Option<String>,
        /// When it was shown.
        at: Moment,
        /// When it was signed.
        signed_at: Option<Moment>,
        /// The day it came into force.
        effective_on: Option<String>,
    }
}

row! {
    /// Money sent back.
    ExportRefund of "refund",
    "SELECT id, loan, payment, amount, status, reason, created_at AS at, done_at \
     FROM refund WHERE borrower = $1 ORDER BY created_at, id" {
        /// Its id.
        id: String,
        /// The loan's id.
        loan: String,
        /// The payment it goes back by.
        payment: String,
        /// Kopecks.
        amount: i64,
        /// Where it stands.
        status: String,
        /// Why it came to nothing.
        reason: Option<String>,
        /// When it was asked for.
        at: Moment,
        /// When it was done.
        done_at: Option<Moment>,
    }
}

row! {
    /// What closed a loan on a day.
    ExportPayoffQuote of "payoff_quote",
    "SELECT loan, on_date, amount, created_at AS at, expires_at \
     FROM payoff_quote WHERE borrower = $1 ORDER BY created_at, id" {
        /// The loan's id.
        loan: String,
        /// The day.
        on_date: String,
        /// Kopecks.
        amount: i64,
        /// When it was promised.
        at: Moment,
        /// Until when it held.
        expires_at: Moment,
    }
}

row! {
    /// What was asked of the balance.
    ExportBalanceOrder of "balance_order",
    "SELECT asked.id, asked.loan, asked.seq, asked.kind, asked.on_date, asked.amount, asked.days, \
     asked.keep, asked.at, asked.cancelled_at FROM balance_order asked \
     JOIN loan ON loan.id = asked.loan WHERE loan.borrower = $1 \
     ORDER BY asked.at, asked.loan, asked.seq" {
        /// Its id.
        id: String,
        /// The loan's id.
        loan: String,
        /// The order.
        seq: i64,
        /// `repay`, `prolong`, `return`.
        kind: String,
        /// The day.
        on_date: String,
        /// Kopecks; nothing for all of the debt.
        amount: Option<i64>,
        /// Days of a new date.
        days: Option<i64>,
        /// What an early repayment keeps: the term or the payment.
        keep: Option<String>,
        /// When.
        at: Moment,
        /// When it came to nothing.
        cancelled_at: Option<Moment>,
    }
}

row! {
    /// A line of a bank statement.
    ExportBankLine of "bank_line",
    "SELECT line.id, line.loan, line.on_date, line.amount, line.status, line.details, \
     line.imported_at AS at FROM bank_line line JOIN loan ON loan.id = line.loan \
     WHERE loan.borrower = $1 ORDER BY line.on_date, line.id" {
        /// The loan's id.
        loan: String,
        /// The day.
        on_date: String,
        /// Kopecks.
        amount: i64,
        /// Where it stands.
        status: String,
        /// The whole line, as JSON.
        details: Opened,
        /// When it was read.
        at: Moment,
    }
}

row! {
    /// A link to pay by. Its secret is not here.
    ExportPayLink of "pay_link",
    "SELECT id, loan, amount, created_at AS at, expires_at, revoked_at \
     FROM pay_link WHERE borrower = $1 ORDER BY created_at, id" {
        /// Its id.
        id: String,
        /// The loan's id.
        loan: String,
        /// Kopecks; nothing for any sum.
        amount: Option<i64>,
        /// When it was made.
        at: Moment,
        /// Until when it works.
        expires_at: Moment,
        /// When it was taken back.
        revoked_at: Option<Moment>,
    }
}

row! {
    /// Automatic payments.
    ExportMandate of "mandate",
    "SELECT id, loan, instrument, days_before, month_day, hour, cap_debit, cap_month, status, \
     agreed_at AS at, changed_at FROM mandate WHERE borrower = $1 ORDER BY agreed_at, id" {
        /// Its id.
        id: String,
        /// The loan's id.
        loan: String,
        /// The card: the id of the way.
        instrument: String,
        /// So many days before a payment.
        days_before: i64,
        /// Or a day of the month.
        month_day: Option<i64>,
        /// The hour.
        hour: i64,
        /// Never more at once, kopecks.
        cap_debit: i64,
        /// Never more in a month, kopecks.
        cap_month: i64,
        /// `active`, `paused`, `revoked`.
        status: String,
        /// When it was agreed to.
        at: Moment,
        /// When it last changed.
        changed_at: Moment,
    }
}

row! {
    /// A debit that was tried.
    ExportTry of "autopay_try",
    "SELECT one.mandate, one.due_on, one.number, one.amount, one.payment, one.refused, one.at \
     FROM autopay_try one JOIN mandate ON mandate.id = one.mandate WHERE mandate.borrower = $1 \
     ORDER BY one.at, one.id" {
        /// The id of the automatic payments.
        mandate: String,
        /// The payment date.
        due_on: String,
        /// The number of the try.
        number: i64,
        /// Kopecks.
        amount: i64,
        /// The payment's id.
        payment: Option<String>,
        /// Why nothing was debited.
        refused: Option<String>,
        /// When.
        at: Moment,
    }
}

row! {
    /// Where a service stands.
    ExportServiceState of "service",
    "SELECT id, loan, code, title, price, status, from_on, to_on, refund_sum, kept, pay_by, \
     asked_at AS at, off_at, done_at FROM service WHERE borrower = $1 ORDER BY asked_at, id" {
        /// Its id.
        id: String,
        /// The loan's id.
        loan: String,
        /// The service's stable name.
        code: String,
        /// Its title.
        title: String,
        /// Kopecks.
        price: i64,
        /// `asked`, `on`, `off`, `returning`, `returned`, `ended`.
        status: String,
        /// The first day.
        from_on: Option<String>,
        /// The last one.
        to_on: Option<String>,
        /// What goes back, kopecks.
        refund_sum: Option<i64>,
        /// What was used up, kopecks.
        kept: Option<i64>,
        /// The last day of the refund.
        pay_by: Option<String>,
        /// When it was asked for.
        at: Moment,
        /// When it was switched off.
        off_at: Option<Moment>,
        /// When the money came back.
        done_at: Option<Moment>,
    }
}
