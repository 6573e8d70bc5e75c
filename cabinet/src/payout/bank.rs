//! Payouts by the lender's own bank, to an account by its details: an order is written out for the
//! bank once, and the bank's statement tells that the money has left.

use chrono::{DateTime, NaiveDate, Utc};
use encoding_rs::WINDOWS_1251;
use lending::Kopecks;
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect, Set};

use super::drive::{destination, failed, finished, locked, mark, succeeded};
use super::entity::{instrument, payout};
use super::{PayoutKind, PayoutStatus};
use crate::Cabinet;
use crate::application::entity::contract;
use crate::application::terms::WORDS;
use crate::error::{CabinetError, Result};
use crate::ids::PayoutId;
use crate::lender::Requisites;
use crate::loan::stored::{id, ms};
use crate::ports::PayoutTo;

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
struct Line {
    number: String,
    name: String,
    amount: Kopecks,
    account: String,
    bic: String,
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

/// Writes out the orders that were not written out yet, or with `again` those that were and whose
/// money has not left: a second order in the bank would be a second payout.
pub async fn orders(cab: &Cabinet, again: bool) -> Result<Orders> {
    let cabinet = cab.clone();
    let lines = cab
        .db()
        .write(move |tx| Box::pin(async move { write_out(tx, &cabinet, again).await }))
        .await?;
    let text = exchange(cab, &lines);
    Ok(Orders {
        file: WINDOWS_1251.encode(&text).0.into_owned(),
        count: lines.len(),
        sum: lines.iter().map(|line| line.amount).sum(),
    })
}

async fn write_out(tx: &DatabaseTransaction, cab: &Cabinet, again: bool) -> Result<Vec<Line>> {
    let rows = payout::Entity::find()
        .filter(payout::Column::Status.eq(PayoutStatus::Waiting))
        .order_by_asc(payout::Column::CreatedAt)
        .order_by_asc(payout::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let mut lines = Vec::new();
    for row in rows {
        if row.ordered_at.is_some() != again {
            continue;
        }
        let tool = instrument::Entity::find_by_id(&row.instrument)
            .one(tx)
            .await?;
        let tool = tool.ok_or(CabinetError::NotFound)?;
        if tool.kind != PayoutKind::Account {
            continue;
        }
        let PayoutTo::Account { account, bic } = destination(cab, &tool)? else {
            return Err(CabinetError::internal("an account that is no account"));
        };
        let contract = contract::Entity::find_by_id(&row.contract).one(tx).await?;
        let contract = contract.ok_or(CabinetError::NotFound)?;
        let sealed = contract.name.as_deref().ok_or(CabinetError::NotFound)?;
        lines.push(Line {
            name: cab
                .keys()
                .decrypt("contract", "name", &contract.id, sealed)?,
            number: contract.number,
            amount: Kopecks::new(row.amount),
            account,
            bic,
        });
        if !again {
            let mut update: payout::ActiveModel = row.into();
            update.ordered_at = Set(Some(ms(cab.now())));
            update.update(tx).await?;
        }
    }
    Ok(lines)
}

fn exchange(cab: &Cabinet, lines: &[Line]) -> String {
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

fn order(cab: &Cabinet, money: &Requisites, day: &str, line: &Line) -> String {
    let lender = cab.lender();
    // The bank's own number of the order: the last digits of the contract's.
    let number = line.number.rsplit('-').next().unwrap_or_default();
    let purpose = WORDS.args(
        "cabinet-payout-order",
        &[("number", line.number.clone().into())],
    );
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
        ("НазначениеПлатежа", &purpose),
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
    tx: &DatabaseTransaction,
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
    tx: &DatabaseTransaction,
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
/// Errors: `NotFound` when no order of that contract waits.
pub async fn refuse(cab: &Cabinet, number: &str) -> Result<()> {
    let (cabinet, number) = (cab.clone(), number.trim().to_owned());
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
                failed(tx, &cabinet, row, "account_refused".to_owned()).await
            })
        })
        .await
}
