//! The steps a borrower takes, for stories that begin later on the way.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]
#![allow(dead_code, reason = "each story uses a part")]

use std::collections::BTreeMap;

use cabinet::application::{Choice, ContractStatus, OfferView};
use cabinet::payment::{PayAmount, StartPayment, Started};
use cabinet::ports::PayMethod;
use cabinet::profile::Step;
use cabinet::{
    BorrowerId, ContractId, InstrumentId, Lang, LoanId, Origin, PaymentId, ProlongationId, access,
    application, loan, payment, payout, profile, prolongation,
};
use chrono::Duration;
use lending::Kopecks;
use uuid::Uuid;

use super::World;

pub const PHONE: &str = "79001234567";
pub const OTHER_PHONE: &str = "79007654321";

/// What a borrower types, page by page, without what differs from person to person.
pub const PAGES: [(Step, &[(&str, &str)]); 6] = [
    (Step::Agreement, &[("agreement_esign", "yes")]),
    (
        Step::Person,
        &[
            ("last_name", "Иванова"),
            ("first_name", "Мария"),
            ("middle_name", "Петровна"),
            ("birth_date", "12.05.1990"),
            ("sex", "female"),
        ],
    ),
    (
        Step::Passport,
        &[
            ("passport_code", "770-001"),
            ("passport_issuer", "ОВД района Арбат города Москвы"),
            ("passport_date", "20.06.2010"),
            ("birth_place", "город Москва"),
            ("citizenship", "Россия"),
            ("public_official", "no"),
        ],
    ),
    (
        Step::Address,
        &[
            ("region", "77"),
            ("city", "Москва"),
            ("street", "Арбат"),
            ("house", "1"),
            ("flat", "2"),
        ],
    ),
    (
        Step::Work,
        &[
            ("employer", "Школа 57"),
            ("position", "учитель"),
            ("income", "90000"),
            ("expenses", "30000"),
            ("obligations", "0"),
            ("email", "maria@example.ru"),
        ],
    ),
    (
        Step::Consents,
        &[("consent_personal_data", "yes"), ("consent_bureau", "yes")],
    ),
];

pub fn origin() -> Origin {
    Origin {
        ip: "192.0.2.1".into(),
        user_agent: "test".into(),
        device: Some("a device of this test, for ever".into()),
    }
}

pub fn roubles(sum: i64) -> Kopecks {
    Kopecks::from_roubles(sum)
}

/// A balance of the journal's, 0.00 for an account without movements.
pub fn balance(rows: &[(String, Kopecks)], account: &str) -> Kopecks {
    rows.iter()
        .find(|(name, _)| name == account)
        .map_or(Kopecks::ZERO, |(_, sum)| *sum)
}

impl World {
    /// Six digits of the last code sent.
    pub async fn code(&self, phone: &str) -> String {
        self.work().await;
        let texts = self.inbox.texts(phone);
        let with_code = texts.iter().rev().find_map(|text| {
            text.split(|c: char| !c.is_ascii_digit())
                .rfind(|word| word.len() == 6)
        });
        with_code.expect("a code was sent").to_owned()
    }

    /// A signed-in borrower with a filled questionnaire.
    pub async fn borrower(&self, phone: &str, amount: Kopecks) -> BorrowerId {
        let nothing = access::Solved::default();
        let sent = access::request_code(&self.cab, phone, &origin(), Lang::Ru, &nothing)
            .await
            .unwrap();
        let code = self.code(phone).await;
        let verified = access::verify(&self.cab, sent.code, &code, &origin()).await;
        let access::Verified::In(access::Entered { borrower, .. }) = verified.unwrap() else {
            panic!("not signed in");
        };
        let (passport, inn) = match phone {
            PHONE => ("4510123456", "500100732259"),
            _ => ("4511654321", "772016190450"),
        };
        for (step, values) in PAGES {
            let mut values: BTreeMap<String, String> = values
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect();
            if step == Step::Passport {
                values.insert("passport".into(), passport.into());
                values.insert("inn".into(), inn.into());
            }
            profile::save(&self.cab, borrower, step, values, origin(), amount)
                .await
                .unwrap();
        }
        borrower
    }

    /// A borrower with an approved application.
    pub async fn approved(&self, phone: &str, amount: i64, term: u32) -> (BorrowerId, ContractId) {
        self.approved_product(phone, "short", amount, term).await
    }

    pub async fn approved_product(
        &self,
        phone: &str,
        product: &str,
        amount: i64,
        term: u32,
    ) -> (BorrowerId, ContractId) {
        let amount = roubles(amount);
        let borrower = self.borrower(phone, amount).await;
        let choice = Choice {
            product: product.to_owned(),
            amount,
            term,
        };
        application::choose(&self.cab, borrower, choice)
            .await
            .unwrap();
        application::submit(&self.cab, borrower, Uuid::now_v7())
            .await
            .unwrap();
        self.work().await;
        let view = application::latest(&self.cab, borrower)
            .await
            .unwrap()
            .unwrap();
        (borrower, view.contract.expect("approved"))
    }

    pub async fn card(&self, borrower: BorrowerId) -> InstrumentId {
        let page = payout::start_binding(&self.cab, borrower, "/cards/return")
            .await
            .unwrap();
        let card = page.rsplit_once("card=").unwrap().1.parse().unwrap();
        payout::finish_binding(&self.cab, borrower, card)
            .await
            .unwrap()
            .id
    }

    pub async fn sign(&self, phone: &str, borrower: BorrowerId, contract: ContractId) -> OfferView {
        let card = self.card(borrower).await;
        let (cab, from) = (&self.cab, origin());
        application::prepare(
            cab,
            borrower,
            contract,
            Some(false),
            Some(card),
            &from,
            Lang::Ru,
        )
        .await
        .unwrap();
        let code = self.code(phone).await;
        application::sign(cab, borrower, contract, &code, &from)
            .await
            .unwrap();
        application::offer(cab, borrower, contract).await.unwrap()
    }

    /// A borrower with a loan whose money has arrived.
    pub async fn lent(&self, phone: &str, amount: i64, term: u32) -> (BorrowerId, LoanId) {
        let (borrower, contract) = self.approved(phone, amount, term).await;
        self.sign(phone, borrower, contract).await;
        self.work().await;
        let offer = application::offer(&self.cab, borrower, contract)
            .await
            .unwrap();
        assert_eq!(offer.status, ContractStatus::Issued);
        (borrower, offer.loan.unwrap())
    }

    pub async fn start(&self, borrower: BorrowerId, loan: LoanId, amount: PayAmount) -> Started {
        let wish = StartPayment {
            loan,
            amount,
            method: PayMethod::Card,
            key: Uuid::now_v7(),
        };
        payment::start(&self.cab, borrower, wish).await.unwrap()
    }

    /// Starts, pays on the hosted page, comes back.
    pub async fn pay(&self, borrower: BorrowerId, loan: LoanId, amount: PayAmount) {
        let started = self.start(borrower, loan, amount).await;
        self.acquirer.pay(&format!("pay-{}", started.payment));
        payment::view(&self.cab, borrower, started.payment)
            .await
            .unwrap();
    }

    pub async fn payoff(&self, borrower: BorrowerId, loan: LoanId) -> Kopecks {
        loan::view(&self.cab, borrower, loan, None)
            .await
            .unwrap()
            .state
            .payoff
    }

    pub async fn prolong(
        &self,
        phone: &str,
        borrower: BorrowerId,
        loan: LoanId,
        days: u32,
    ) -> (ProlongationId, PaymentId) {
        let from = origin();
        let id = prolongation::prepare(&self.cab, borrower, loan, days, &from, Lang::Ru)
            .await
            .unwrap();
        let code = self.code(phone).await;
        let signed = prolongation::sign(&self.cab, borrower, id, &code, &from)
            .await
            .unwrap();
        (id, signed.payment.expect("it has a price"))
    }

    pub fn days(&self, days: i64) {
        self.clock.pass(Duration::days(days));
    }
}
