//! Payouts by the lender's own bank, to an account by its details: an order is written out for the
//! bank once, and the bank's statement tells that the money has left.

use chrono::{DateTime, NaiveDate, Utc};
use encoding_rs::WINDOWS_1251;
use lending::Kopecks;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use super::drive::{destination, failed, finished, locked, mark, succeeded};
use super::entity::{instrument, payout};
use super::{PayoutKind, PayoutStatus};
use crate::Cabinet;
use crate::application::entity::contract;
use crate::application::terms::WORDS;
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::PayoutId;
use crate::lender::Requisites;
use crate::loan::stored::{id, moment, ms};
use crate::ports::PayoutTo;
use crate::staff::audit::{self, Deed};
use crate::staff::{Action, Staff};

/// Transfers between banks take up to three days.
const LATE_DAYS: i64 = 3;

/// Orders for the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orders {
    /// The file, 1С «Клиент-банк» exchange text in windows-1251.
    pub file: Vec<u8>,
    /// How many orders are in it.
    pub count: usize,
    /// Of how much.
    pub sum: Kopecks,
}

/// One order.
pub(crate) struct Order {
    /// The number its document is known by here.
    pub(crate) number: String,
    /// What the money is for.
    pub(crate) purpose: String,
    /// Who receives it.
    pub(crate) name: String,
    /// How much.
    pub(crate) amount: Kopecks,
    /// Twenty digits.
    pub(crate) account: String,
    /// Nine digits.
    pub(crate) bic: String,
}

/// Leaves a payout to the bank: nothing is asked of anybody until the statement comes.
pub(super) async fn wait(cab: &Cabinet, payout: PayoutId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, payout).await?;
                if finished(row.status) {
                    return Ok(());
                }
                let row = mark(tx, &cabinet, row, PayoutStatus::Waiting, None).await?;
                let mut update: payout::ActiveModel = row.into();
                update.poll_at = Set(None);
                update.update(tx).await?;
                Ok(())
            })
        })
        .await
}

/// A payout that waits for the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// The number of its contract.
    pub number: String,
    /// How much.
    pub amount: Kopecks,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When its order was written out; none before.
    pub written: Option<DateTime<Utc>>,
    /// It waits for longer than transfers take.
    pub late: bool,
}

/// Payouts that wait for the bank, the oldest first. `by` is the member of staff who looks; none at
/// the console of the server.
///
/// Errors: `Forbidden("staff_role")`.
pub async fn at_bank(cab: &Cabinet, by: Option<&Staff>) -> Result<Vec<Awaited>> {
    if let Some(by) = by {
        by.must(Action::ReadMoney)?;
    }
    let db = cab.db().read();
    let mut list = Vec::new();
    for (row, _) in to_accounts(db, false).await? {
        let contract = contract::Entity::find_by_id(&row.contract).one(db).await?;
        let since = moment(row.created_at);
        list.push(Awaited {
            number: contract.ok_or(CabinetError::NotFound)?.number,
            amount: Kopecks::new(row.amount),
            since,
            written: row.ordered_at.map(moment),
            late: (cab.now() - since).num_days() >= LATE_DAYS,
        });
    }
    Ok(list)
}

/// Which orders to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that were not written out yet.
    New,
    /// Those that were and whose money has not left: a second order in the bank would be a second
    /// payout.
    Again,
    /// Those that were written out together at this moment, as the file was then.
    Written(DateTime<Utc>),
}

/// Writes out orders for the bank; the audit log has who did it.
///
/// Errors: `Forbidden("staff_role")`.
pub async fn orders(cab: &Cabinet, by: Option<&Staff>, which: Which) -> Result<Orders> {
    if let Some(by) = by {
        by.must(Action::MoveMoney)?;
    }
    let (cabinet, by) = (cab.clone(), by.cloned());
    let lines = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let lines = write_out(tx, &cabinet, which).await?;
                let sum: Kopecks = lines.iter().map(|line| line.amount).sum();
                let why = format!("orders: {}, {}", lines.len(), sum.plain());
                let deed = Deed::named("bank_orders", "payouts").because(&why);
                audit::write(tx, &cabinet, by.as_ref(), deed).await?;
                Ok(lines)
            })
        })
        .await?;
    let text = exchange(cab, &lines);
    Ok(Orders {
        file: WINDOWS_1251.encode(&text).0.into_owned(),
        count: lines.len(),
        sum: lines.iter().map(|line| line.amount).sum(),
    })
}

/// Payouts to accounts whose money has not left, locked when they are to be changed.
async fn to_accounts(
    db: &impl ConnectionTrait,
    lock: bool,
) -> Result<Vec<(payout::Model, instrument::Model)>> {
    let mut waiting = payout::Entity::find()
        .filter(payout::Column::Status.eq(PayoutStatus::Waiting))
        .order_by_asc(payout::Column::CreatedAt)
        .order_by_asc(payout::Column::Id);
    if lock {
        waiting = waiting.lock_exclusive();
    }
    let mut list = Vec::new();
    for row in waiting.all(db).await? {
        let tool = instrument::Entity::find_by_id(&row.instrument)
            .one(db)
            .await?;
        let tool = tool.ok_or(CabinetError::NotFound)?;
        if tool.kind == PayoutKind::Account {
            list.push((row, tool));
        }
    }
    Ok(list)
}

async fn write_out(tx: &Tx, cab: &Cabinet, which: Which) -> Result<Vec<Order>> {
    let mut lines = Vec::new();
    for (row, tool) in to_accounts(tx, true).await? {
        let taken = match which {
            Which::New => row.ordered_at.is_none(),
            Which::Again => row.ordered_at.is_some(),
            Which::Written(at) => row.ordered_at == Some(ms(at)),
        };
        if !taken {
            continue;
        }
        let PayoutTo::Account { account, bic } = destination(cab, &tool)? else {
            return Err(CabinetError::internal("an account that is no account"));
        };
        let contract = contract::Entity::find_by_id(&row.contract).one(tx).await?;
        let contract = contract.ok_or(CabinetError::NotFound)?;
        let sealed = contract.name.as_deref().ok_or(CabinetError::NotFound)?;
        lines.push(Order {
            purpose: WORDS.args(
                "cabinet-payout-order",
                &[("number", contract.number.clone().into())],
            ),
            name: cab
                .keys()
                .decrypt("contract", "name", &contract.id, sealed)?,
            number: contract.number,
            amount: Kopecks::new(row.amount),
            account,
            bic,
        });
        if which == Which::New {
            let mut update: payout::ActiveModel = row.into();
            update.ordered_at = Set(Some(ms(cab.now())));
            update.update(tx).await?;
        }
    }
    Ok(lines)
}

/// The orders as the bank's exchange text, to be written in windows-1251.
pub(crate) fn exchange(cab: &Cabinet, lines: &[Order]) -> String {
    let day = day(cab.today());
    let money = &cab.lender().requisites;
    let mut text = format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nОтправитель=Kopeck\r\n\
         ДатаСоздания={day}\r\nРасчСчет={}\r\nДокумент=Платежное поручение\r\n",
        money.account
    );
    for line in lines {
        text.push_str(&order(cab, money, &day, line));
    }
    text.push_str("КонецФайла\r\n");
    text
}

fn order(cab: &Cabinet, money: &Requisites, day: &str, line: &Order) -> String {
    let lender = cab.lender();
    // The bank's own number of the order: the last digits of the contract's.
    let number = line.number.rsplit('-').next().unwrap_or_default();
    let fields = [
        ("СекцияДокумент", "Платежное поручение"),
        ("Номер", number.trim_start_matches('0')),
        ("Дата", day),
        ("Сумма", &line.amount.plain()),
        ("ПлательщикСчет", &money.account),
        ("Плательщик1", &lender.legal_name),
        ("ПлательщикИНН", &lender.inn),
        ("ПлательщикРасчСчет", &money.account),
        ("ПлательщикБанк1", &money.bank),
        ("ПлательщикБИК", &money.bic),
        ("ПлательщикКорсчет", &money.corr),
        ("ПолучательСчет", &line.account),
        ("Получатель1", &line.name),
        ("ПолучательРасчСчет", &line.account),
        ("ПолучательБИК", &line.bic),
        ("ВидОплаты", "01"),
        ("Очередность", "5"),
        ("НазначениеПлатежа", &line.purpose),
    ];
    let mut text = fields
        .into_iter()
        .fold(String::new(), |text, (key, value)| {
            format!("{text}{key}={}\r\n", value.replace(['\r', '\n'], " "))
        });
    text.push_str("КонецДокумента\r\n");
    text
}

fn day(on: NaiveDate) -> String {
    on.format("%d.%m.%Y").to_string()
}

/// The payout that an outgoing line of the statement is of: to an account, of a contract it names,
/// of this sum, and not settled yet.
pub(crate) async fn awaited(
    tx: &Tx,
    named: Vec<String>,
    amount: Kopecks,
) -> Result<Option<PayoutId>> {
    if named.is_empty() {
        return Ok(None);
    }
    let contracts = contract::Entity::find()
        .filter(contract::Column::Number.is_in(named))
        .all(tx)
        .await?;
    let [contract] = contracts.as_slice() else {
        return Ok(None);
    };
    let rows = payout::Entity::find()
        .filter(payout::Column::Contract.eq(&contract.id))
        .filter(payout::Column::Status.eq(PayoutStatus::Waiting))
        .filter(payout::Column::Amount.eq(amount.get()))
        .all(tx)
        .await?;
    for row in rows {
        let tool = instrument::Entity::find_by_id(&row.instrument)
            .one(tx)
            .await?;
        if tool.is_some_and(|tool| tool.kind == PayoutKind::Account) {
            return id(&row.id).map(Some);
        }
    }
    Ok(None)
}

/// The bank has sent the money.
pub(crate) async fn left(
    tx: &Tx,
    cab: &Cabinet,
    payout: PayoutId,
    reference: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let row = locked(tx, payout).await?;
    if finished(row.status) {
        return Ok(());
    }
    succeeded(tx, cab, row, reference, at).await
}

/// The bank refused the order for a contract, or returned it: the borrower chooses another way.
///
/// Errors: `Forbidden("staff_role")`; `NotFound` when no order of that contract waits.
pub async fn refuse(cab: &Cabinet, by: Option<&Staff>, number: &str) -> Result<()> {
    if let Some(by) = by {
        by.must(Action::MoveMoney)?;
    }
    let (cabinet, by, number) = (cab.clone(), by.cloned(), number.trim().to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let contract = contract::Entity::find()
                    .filter(contract::Column::Number.eq(&number))
                    .one(tx)
                    .await?
                    .ok_or(CabinetError::NotFound)?;
                let amount = Kopecks::new(contract.amount);
                let waiting = awaited(tx, vec![number], amount).await?;
                let row = locked(tx, waiting.ok_or(CabinetError::NotFound)?).await?;
                let deed = Deed::named("bank_refused", &row.id).about(id(&row.borrower)?);
                audit::write(tx, &cabinet, by.as_ref(), deed.because(&contract.number)).await?;
                failed(tx, &cabinet, row, "account_refused".to_owned()).await
            })
        })
        .await
}
