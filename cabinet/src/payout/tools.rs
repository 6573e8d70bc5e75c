//! Ways to receive money besides a card: an account by its details, the fast payment system, a
//! wallet. Each must be the borrower's own: the order names its owner and the receiving bank
//! compares the name, the fast payment system goes by the cabinet's own phone, a wallet that stands in
//! another cabinet is refused.

use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::drive::destination;
use super::entity::instrument;
use super::{CardStatus, PayoutKind, purse};
use crate::db::Tx;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, InstrumentId};
use crate::lender::numbers;
use crate::loan::stored::{id, json, ms};
use crate::ports::{PayoutTo, SbpBank};
use crate::{Cabinet, access};

/// Nobody has more of them; a program that tries numbers has.
const MOST: usize = 12;
/// Current accounts of people: of residents and of others.
const PERSONAL: [&str; 2] = ["40817", "40820"];
/// Wallets' numbers begin with it and have so many digits.
const WALLET: &str = "4100";
const WALLET_DIGITS: std::ops::RangeInclusive<usize> = 11..=20;

/// A way to be written down, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewTool {
    /// A card's account.
    Account {
        /// Twenty digits.
        account: String,
        /// The bank's code (БИК), nine digits.
        bic: String,
    },
    /// The fast payment system; the phone is the cabinet's.
    Sbp {
        /// The bank's number in the system, of [`sbp_banks`].
        bank: String,
    },
    /// A `YooMoney` wallet.
    Wallet {
        /// Its number.
        number: String,
    },
}

impl NewTool {
    const fn kind(&self) -> PayoutKind {
        match self {
            Self::Account { .. } => PayoutKind::Account,
            Self::Sbp { .. } => PayoutKind::Sbp,
            Self::Wallet { .. } => PayoutKind::Wallet,
        }
    }
}

/// Banks that take money by phone; none where the lender does not pay out so.
///
/// Errors: `Unavailable("acquirer")`.
pub async fn sbp_banks(cab: &Cabinet) -> Result<Vec<SbpBank>> {
    if !cab.lender().payout.ways.contains(&PayoutKind::Sbp) {
        return Ok(Vec::new());
    }
    let mut banks = cab
        .ports()
        .acquirer
        .sbp_banks()
        .await
        .map_err(|_| CabinetError::Unavailable("acquirer"))?;
    banks.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(banks)
}

/// Writes a way to receive money down. The same one written twice is one.
///
/// Errors: fields `way`, `account`, `bic`, `bank`, `wallet`; `Unavailable("acquirer")`.
pub async fn add_tool(cab: &Cabinet, borrower: BorrowerId, new: NewTool) -> Result<InstrumentId> {
    let kind = new.kind();
    if !cab.lender().payout.ways.contains(&kind) {
        return Err(CabinetError::field("way", "choose_one"));
    }
    let (to, ending, bank) = checked(cab, borrower, new).await?;
    let (cabinet, fresh) = (cab.clone(), InstrumentId(cab.fresh_id()));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if let Some(known) = known(tx, &cabinet, borrower, kind, &to).await? {
                    return Ok(known);
                }
                // Nobody compares the name of a wallet's owner: one wallet is one person's.
                if kind == PayoutKind::Wallet
                    && purse::of_another(tx, &cabinet, borrower, &to).await?
                {
                    return Err(CabinetError::field("wallet", "wallet_taken"));
                }
                let key = fresh.to_string();
                let sealed = cabinet
                    .keys()
                    .encrypt("instrument", "method", &key, &json(&to)?)?;
                instrument::ActiveModel {
                    id: Set(key),
                    borrower: Set(borrower.to_string()),
                    remote_id: Set(None),
                    status: Set(CardStatus::Active),
                    method: Set(Some(sealed)),
                    first6: Set(None),
                    last4: Set(Some(ending)),
                    brand: Set(Some(bank)),
                    created_at: Set(ms(cabinet.now())),
                    poll_at: Set(None),
                    polls: Set(0),
                    kind: Set(kind),
                    expiry: Set(None),
                    same_as: Set(None),
                    confirmed_at: Set(None),
                }
                .insert(tx)
                .await?;
                purse::note(tx, &cabinet, &fresh.to_string(), &to).await?;
                Ok(fresh)
            })
        })
        .await
}

/// The same way, when it is written down already.
async fn known(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: PayoutKind,
    to: &PayoutTo,
) -> Result<Option<InstrumentId>> {
    let rows = instrument::Entity::find()
        .filter(instrument::Column::Borrower.eq(borrower.to_string()))
        .filter(instrument::Column::Kind.ne(PayoutKind::Card))
        .all(tx)
        .await?;
    for row in &rows {
        if row.kind == kind && destination(cab, row)? == *to {
            return id(&row.id).map(Some);
        }
    }
    if rows.len() >= MOST {
        return Err(CabinetError::field("way", "tools_many"));
    }
    Ok(None)
}

/// Where the money goes, the end of its number and the name of its bank.
async fn checked(
    cab: &Cabinet,
    borrower: BorrowerId,
    new: NewTool,
) -> Result<(PayoutTo, String, String)> {
    match new {
        NewTool::Account { account, bic } => {
            let (account, bic) = (digits(&account), digits(&bic));
            account_of_a_person(&account, &bic)?;
            let bank = format!("БИК {bic}");
            let last = ending(&account);
            Ok((PayoutTo::Account { account, bic }, last, bank))
        }
        NewTool::Sbp { bank } => {
            let banks = sbp_banks(cab).await?;
            let known = banks.into_iter().find(|known| known.id == bank);
            let known = known.ok_or_else(|| CabinetError::field("bank", "choose_one"))?;
            let contact = access::contact(cab, cab.db().read(), borrower).await?;
            let phone = contact.phone.digits().to_owned();
            let last = ending(&phone);
            Ok((PayoutTo::Sbp { phone, bank }, last, known.name))
        }
        NewTool::Wallet { number } => {
            let number = digits(&number);
            if !number.starts_with(WALLET) || !WALLET_DIGITS.contains(&number.len()) {
                return Err(CabinetError::field("wallet", "wallet_wrong"));
            }
            let last = ending(&number);
            Ok((PayoutTo::Wallet { number }, last, "ЮMoney".to_owned()))
        }
    }
}

fn account_of_a_person(account: &str, bic: &str) -> Result<()> {
    let mut wrong = Vec::new();
    if !numbers::bic(bic) {
        wrong.push(FieldError::new("bic", "bic_wrong"));
    }
    if account.len() != 20 {
        wrong.push(FieldError::new("account", "account_wrong"));
    } else if !PERSONAL.iter().any(|known| account.starts_with(known)) {
        wrong.push(FieldError::new("account", "account_not_personal"));
    } else if wrong.is_empty() && !numbers::account(bic, account) {
        wrong.push(FieldError::new("account", "account_not_of_bank"));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(CabinetError::Fields(wrong))
    }
}

/// People copy numbers with spaces.
fn digits(text: &str) -> String {
    let plain = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '–');
    text.chars().filter(plain).take(40).collect()
}

fn ending(number: &str) -> String {
    let from = number.len().saturating_sub(4);
    number.get(from..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(account: &str, bic: &str) -> Vec<&'static str> {
        match account_of_a_person(account, bic) {
            Err(CabinetError::Fields(fields)) => fields.iter().map(|field| field.code).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn an_account_is_a_person_s_and_of_that_bank() {
        let right = (0..10)
            .map(|key| format!("40817810{key}00000000007"))
            .filter(|account| codes(account, "044525225").is_empty());
        assert_eq!(right.count(), 1);
        let company = "40702810900000000007";
        assert_eq!(codes(company, "044525225"), ["account_not_personal"]);
        assert_eq!(codes("4081781", "0445252"), ["bic_wrong", "account_wrong"]);
        assert_eq!(digits(" 4081 7810-0000 "), "408178100000");
        assert_eq!(
            (ending("79000001234"), ending("7")),
            ("1234".into(), "7".into())
        );
    }
}
