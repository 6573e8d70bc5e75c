//! The decision: outside answers first, then the pure function, then one transaction with its
//! outcome.

use chrono::{Datelike, NaiveDate};
use lending::{
    BureauAnswer, Decision, DecisionInput, History, Kopecks, LoanRequest, Questionnaire, Quote,
    QuoteError, Rule, Verdict, WorkCalendar,
};
use sea_orm::entity::prelude::*;
use sea_orm::{Set, Statement};
use uuid::Uuid;

use super::choose::{come_to, first_loan, quote_refusal};
use super::entity::{application, contract};
use super::{AppStatus, ContractStatus};
use crate::db::Tx;
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{ApplicationId, BorrowerId, ContractId, StaffId};
use crate::lender::{LenderProduct, PassportChange, PasswordFrom};
use crate::loan::history;
use crate::loan::stored::{count, date, id, json, ms, read};
use crate::notice::{self, Notice};
use crate::ports::{BureauQuery, FraudQuery};
use crate::profile::{self, CompleteProfile};
use crate::{Cabinet, access, outbox, person, promotion};

/// A short loan in the sense of the SRO base standard.
const SHORT_LOAN_DAYS: i64 = 30;

/// What the outside world said.
struct Answers {
    bureau: BureauAnswer,
    fraud: bool,
    biometrics: bool,
}

/// Decides a filed application. Called by the worker as often as needed: a decided one is left
/// alone, and one whose bureau does not answer stays `Checking` and is tried again.
pub async fn decide(cab: &Cabinet, application: ApplicationId) -> Result<()> {
    let Some(row) = begin(cab, application).await? else {
        return Ok(());
    };
    let borrower: BorrowerId = id(&row.borrower)?;
    let product = special(cab.db().read(), cab, &row).await?;
    let first = first_loan(cab.db().read(), borrower).await?;
    let decided = weigh(cab, borrower, &row, &product, first).await?;
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(
                async move { conclude(tx, &cabinet, application, product, first, decided).await },
            )
        })
        .await
}

/// The application's product with the offers that it has.
async fn special(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    row: &application::Model,
) -> Result<LenderProduct> {
    let base = cab.lender().product(&row.product);
    let base = base.ok_or(CabinetError::NotFound)?;
    promotion::product_of(db, base, id(&row.id)?).await
}

/// The decision, or the rule that leaves nothing to decide.
async fn weigh(
    cab: &Cabinet,
    borrower: BorrowerId,
    row: &application::Model,
    product: &LenderProduct,
    first_loan: bool,
) -> Result<std::result::Result<Decision, Rule>> {
    let profile = match profile::complete(cab, borrower, Kopecks::new(row.amount)).await {
        Ok(profile) => profile,
        // It was complete when it was filed, and of all it holds only a passport runs out by itself.
        Err(CabinetError::Conflict("profile_incomplete")) => return Ok(Err(Rule::Passport)),
        Err(other) => return Err(other),
    };
    let answers = ask(cab, borrower, &profile).await?;
    let request = LoanRequest {
        amount: Kopecks::new(row.amount),
        term: count(row.term)?,
        start: cab.today(),
        first_loan,
    };
    match lending::quote(&product.terms, &request) {
        Ok(quote) => {
            let input = input(cab, borrower, product, quote, &profile, answers).await?;
            let mut decision = lending::decide(&input);
            look_at_passport(cab, borrower, &mut decision).await?;
            Ok(Ok(decision))
        }
        // The lender's file or the law changed since filing: the rule that refuses has a name.
        Err(QuoteError::RateAboveLimit { .. }) => Ok(Err(Rule::DailyRateCap)),
        Err(QuoteError::PskAboveLimit { .. }) => Ok(Err(Rule::PskCap)),
        Err(other) => Err(quote_refusal(other)),
    }
}

/// Another passport than before is looked at by a specialist, where the lender's file says so: nothing is approved
/// with it by itself.
async fn look_at_passport(
    cab: &Cabinet,
    borrower: BorrowerId,
    decision: &mut Decision,
) -> Result<()> {
    let looked_at = cab.lender().questionnaire.passport_change == PassportChange::SelfThenReview;
    if looked_at
        && decision.verdict == Verdict::Approved
        && person::is_other_now(cab.db().read(), borrower).await?
    {
        decision.checks.push((Rule::PassportChanged, false));
        let rules = vec![Rule::PassportChanged];
        decision.verdict = Verdict::Specialist { rules };
    }
    Ok(())
}

/// Moves a filed application to `Checking`; none when it is decided already.
async fn begin(cab: &Cabinet, application: ApplicationId) -> Result<Option<application::Model>> {
    let (now, cabinet) = (ms(cab.now()), cab.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, application).await?;
                match row.status {
                    AppStatus::Filed => {
                        come_to(tx, application, AppStatus::Checking, now).await?;
                        promotion::recheck(tx, &cabinet, id(&row.borrower)?, application).await?;
                        let entry = Entry::new(Role::Bureau, "bureau_asked");
                        diary::write(tx, &cabinet, id(&row.borrower)?, entry).await?;
                        Ok(Some(row))
                    }
                    AppStatus::Checking => Ok(Some(row)),
                    _ => Ok(None),
                }
            })
        })
        .await
}

async fn ask(cab: &Cabinet, borrower: BorrowerId, profile: &CompleteProfile) -> Result<Answers> {
    let contact = access::contact(cab, cab.db().read(), borrower).await?;
    let query = BureauQuery {
        borrower,
        full_name: profile.full_name(),
        birth: profile.birth,
        passport: profile.passport.digits().to_owned(),
        inn: profile.inn.digits().to_owned(),
        phone: contact.phone.digits().to_owned(),
    };
    let fraud = FraudQuery {
        passport: query.passport.clone(),
        inn: query.inn.clone(),
        phone: query.phone.clone(),
    };
    let ports = cab.ports();
    Ok(Answers {
        bureau: ports
            .bureau
            .report(query)
            .await
            .map_err(|_| CabinetError::Unavailable("bureau"))?,
        fraud: ports
            .fraud
            .check(fraud)
            .await
            .map_err(|_| CabinetError::Unavailable("fraud_base"))?,
        biometrics: ports
            .biometrics
            .confirmed(borrower)
            .await
            .map_err(|_| CabinetError::Unavailable("biometrics"))?,
    })
}

async fn input(
    cab: &Cabinet,
    borrower: BorrowerId,
    product: &LenderProduct,
    quote: Quote,
    profile: &CompleteProfile,
    answers: Answers,
) -> Result<DecisionInput> {
    let on = cab.today();
    Ok(DecisionInput {
        licence: cab.lender().licence,
        on,
        quote,
        product: product.terms.kind,
        questionnaire: Questionnaire {
            birth: profile.birth,
            passport_issued: profile.passport_issued,
            income: profile.income,
            income_proved: profile.income_proved,
            region: profile.region.clone(),
            monthly_obligations: profile.obligations,
            public_official: profile.public_official,
        },
        history: history_here(cab, borrower, &product.terms.code, on).await?,
        bureau: answers.bureau,
        fraud_match: answers.fraud,
        biometrics_done: answers.biometrics,
        score_cutoff: cab.lender().decision.score_cutoff,
        specialist_cutoff: cab.lender().decision.specialist_cutoff,
        specialist_burden: cab.lender().decision.specialist_burden,
    })
}

/// What this lender knows of the borrower.
async fn history_here(
    cab: &Cabinet,
    borrower: BorrowerId,
    product: &str,
    on: NaiveDate,
) -> Result<History> {
    let mut known = History::default();
    for loan in history::all(cab.db().read(), cab, borrower).await? {
        let state = loan.state(on.max(loan.terms.schedule.start))?;
        let worst = count(loan.row.max_days_overdue)?.max(state.days_overdue);
        known.max_days_overdue = known.max_days_overdue.max(worst);
        let opened = date(&loan.row.opened_on)?;
        let term = (loan.terms.schedule.last_due() - opened).num_days();
        if term <= SHORT_LOAN_DAYS && (on - opened).num_days() < 365 {
            known.loans_this_year += 1;
        }
        if let Some(closed) = state.closed_on {
            known.repaid_loans += 1;
            known.last_repaid_on = known.last_repaid_on.max(Some(closed));
        } else {
            known.open_loans_here += 1;
            known.open_debt_here += state.payoff;
            known.open_same_product |= loan.row.product == product;
        }
    }
    Ok(known)
}

async fn conclude(
    tx: &Tx,
    cab: &Cabinet,
    application: ApplicationId,
    product: LenderProduct,
    first: bool,
    decided: std::result::Result<Decision, Rule>,
) -> Result<()> {
    let row = locked(tx, application).await?;
    if row.status != AppStatus::Checking {
        return Ok(());
    }
    let (verdict, pdn, checks) = match decided {
        Ok(decision) => (
            decision.verdict,
            Some(json(&decision.pdn)?),
            decision.checks,
        ),
        Err(rule) => (
            Verdict::Refused {
                rules: vec![rule],
                available_from: None,
            },
            None,
            vec![(rule, false)],
        ),
    };
    let (status, rules, available_from) = match verdict {
        Verdict::Approved => (AppStatus::Approved, Vec::new(), None),
        Verdict::Refused {
            rules,
            available_from,
        } => (AppStatus::Refused, rules, available_from),
        Verdict::Specialist { rules } => (AppStatus::Specialist, rules, None),
    };
    let mut update: application::ActiveModel = row.clone().into();
    update.pdn = Set(pdn);
    update.rules = Set(Some(json(&rules)?));
    update.checks = Set(Some(json(&checks)?));
    update.available_from = Set(available_from.map(|day| day.to_string()));
    update.update(tx).await?;
    settle(tx, cab, &row, status, &product, first).await?;
    // A paper may have been read while the bureau was asked.
    if status == AppStatus::Specialist {
        super::recount(tx, cab, id(&row.borrower)?).await?;
    }
    Ok(())
}

/// The outcome's common end: the status, the offer when approved, and a word to the borrower.
async fn settle(
    tx: &Tx,
    cab: &Cabinet,
    row: &application::Model,
    status: AppStatus,
    product: &LenderProduct,
    first: bool,
) -> Result<()> {
    let application: ApplicationId = id(&row.id)?;
    come_to(tx, application, status, ms(cab.now())).await?;
    let kind = match status {
        AppStatus::Approved => {
            offer_contract(tx, cab, row, product, first).await?;
            if cab.lender().access.password_from == Some(PasswordFrom::Approval) {
                let nothing = serde_json::Value::Null;
                outbox::push(tx, cab, "first_password", &row.borrower, nothing).await?;
            }
            "approved"
        }
        AppStatus::Refused => "refused",
        _ => "specialist",
    };
    let amount = Kopecks::new(row.amount);
    notice::tell(
        tx,
        cab,
        Notice {
            borrower: id(&row.borrower)?,
            object: row.id.clone(),
            kind,
            occasion: String::new(),
            args: vec![("amount", amount.to_string())],
        },
    )
    .await
}

async fn offer_contract(
    tx: &Tx,
    cab: &Cabinet,
    row: &application::Model,
    product: &LenderProduct,
    first: bool,
) -> Result<()> {
    let today = cab.today();
    // At least five working days (353-ФЗ, art. 7); the lender's file says how many.
    let days = cab.lender().documents.offer_days;
    let expires = WorkCalendar::russia().add_working_days(today, days);
    contract::ActiveModel {
        id: Set(ContractId(cab.fresh_id()).to_string()),
        application: Set(row.id.clone()),
        borrower: Set(row.borrower.clone()),
        number: Set(next_number(tx, cab, today).await?),
        status: Set(ContractStatus::Offered),
        product: Set(json(&product.terms)?),
        product_title: Set(product.title.ru.clone()),
        amount: Set(row.amount),
        term: Set(row.term),
        first_loan: Set(i64::from(first)),
        offered_at: Set(ms(cab.now())),
        expires_on: Set(expires.to_string()),
        assignment: Set(None),
        card: Set(None),
        quote: Set(None),
        text: Set(None),
        name: Set(None),
        text_hash: Set(None),
        code: Set(None),
        prepared_at: Set(None),
        signed_at: Set(None),
        payout_after: Set(None),
        terms: Set(None),
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// The next contract number of the year. The row is locked by the update until the commit, so
/// numbers have neither doubles nor gaps.
async fn next_number(tx: &Tx, cab: &Cabinet, today: NaiveDate) -> Result<String> {
    let statement = Statement::from_sql_and_values(
        cab.db().backend(),
        "INSERT INTO contract_counter (year, last) VALUES ($1, 1)
         ON CONFLICT (year) DO UPDATE SET last = contract_counter.last + 1
         RETURNING last",
        [i64::from(today.year()).into()],
    );
    let row = tx
        .query_one_raw(statement)
        .await?
        .ok_or_else(|| CabinetError::internal("contract counter answered nothing"))?;
    let last: i64 = row.try_get("", "last")?;
    Ok(format!("{}-{last:06}", today.year()))
}

/// A specialist's word on an application that waits for it; the reason is kept for the record.
pub async fn resolve(
    cab: &Cabinet,
    application: ApplicationId,
    approve: bool,
    reason: String,
) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let console = StaffId(Uuid::nil());
                resolve_in(tx, &cabinet, console, application, (approve, reason))
                    .await
                    .map(drop)
            })
        })
        .await
}

/// The same in an open transaction; answers whose application it is.
pub(crate) async fn resolve_in(
    tx: &Tx,
    cab: &Cabinet,
    by: StaffId,
    application: ApplicationId,
    (approve, reason): (bool, String),
) -> Result<BorrowerId> {
    let row = locked(tx, application).await?;
    if row.status != AppStatus::Specialist {
        return Err(CabinetError::Conflict("specialist_only"));
    }
    let borrower = id(&row.borrower)?;
    promotion::recheck(tx, cab, borrower, application).await?;
    let product = special(tx, cab, &row).await?;
    let first = first_loan(tx, borrower).await?;
    let entry = Entry::new(Role::Staff(by), "application_decided");
    diary::write(tx, cab, borrower, entry).await?;
    let mut update: application::ActiveModel = row.clone().into();
    update.resolution = Set(Some(reason));
    let rules = row.rules.as_deref().map(read::<Vec<Rule>>).transpose()?;
    if !approve && rules.is_none() {
        update.rules = Set(Some(json(&vec![Rule::Score])?));
    }
    update.update(tx).await?;
    let status = if approve {
        AppStatus::Approved
    } else {
        AppStatus::Refused
    };
    settle(tx, cab, &row, status, &product, first).await?;
    Ok(borrower)
}

async fn locked(tx: &Tx, application: ApplicationId) -> Result<application::Model> {
    use sea_orm::QuerySelect;
    application::Entity::find_by_id(application.to_string())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(CabinetError::NotFound)
}
