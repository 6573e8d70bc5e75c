//! An acquirer in memory. What is asked twice under one key happens once; every outcome can be
//! switched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]
#![allow(dead_code, reason = "each story uses a part")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cabinet::ports::{
    Acquirer, AcquirerError, BindingStatus, Clock, MovementKind, NewCharge, NewPayment, NewPayout,
    NewRefund, RemoteBinding, RemoteMovement, RemotePayment, RemotePayout, RemoteRefund,
    RemoteStatus, SbpBank,
};
use cabinet::{PaymentId, PayoutId, RefundId};
use chrono::{DateTime, Duration, Utc};
use lending::Kopecks;
use uuid::Uuid;

use super::TestClock;

/// What the next calls do.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct Switches {
    /// The creation happens, but its answer is lost.
    pub lose_create: bool,
    /// The creation is on its way for long; it happens when [`TestAcquirer::let_through`] says so.
    pub late_create: bool,
    /// Creations are refused, questions are answered.
    pub refuse_create: bool,
    /// Nothing is reachable.
    pub down: bool,
    /// Reading a payment never answers.
    pub hang_reads: bool,
    /// Nothing is let in: every creation is refused and nothing is found.
    pub locked_out: bool,
    /// Searching never finds anything, as with an adapter that can't search.
    pub no_search: bool,
    /// Payouts end in a refusal.
    pub refuse_payouts: bool,
    /// Payouts are accepted and stay on their way.
    pub slow_payouts: bool,
    /// Starting a binding never answers.
    pub hang_bindings: bool,
    /// Refunds are accepted and stay on their way.
    pub slow_refunds: bool,
    /// Refunds end in a refusal.
    pub refuse_refunds: bool,
    /// Every binding is of one and the same card.
    pub same_card: bool,
    /// Saved cards have no money.
    pub empty_cards: bool,
    /// A saved card's charge is accepted and stays on its way.
    pub slow_charges: bool,
}

#[derive(Clone, Default)]
struct Book {
    payments: BTreeMap<String, RemotePayment>,
    payouts: BTreeMap<String, (RemotePayout, Kopecks)>,
    refunds: BTreeMap<String, (String, RemoteRefund)>,
    bindings: BTreeMap<String, RemoteBinding>,
    creations: usize,
    late: Vec<NewPayment>,
    /// What was asked of payouts, as it came.
    asked: Vec<NewPayout>,
    /// When an idempotence key was used first.
    keys: BTreeMap<Uuid, DateTime<Utc>>,
}

impl Book {
    /// The id of what a key creates; a key forgotten after a day creates anew.
    fn id_of(&mut self, kind: &str, key: Uuid, now: DateTime<Utc>) -> String {
        let first = *self.keys.entry(key).or_insert(now);
        if now - first < Duration::hours(24) {
            return format!("{kind}-{key}");
        }
        format!("{kind}-{key}-again")
    }
}

pub struct TestAcquirer {
    clock: Arc<TestClock>,
    book: Mutex<Book>,
    pub switches: Mutex<Switches>,
}

impl TestAcquirer {
    pub fn new(clock: Arc<TestClock>) -> Self {
        Self {
            clock,
            book: Mutex::default(),
            switches: Mutex::default(),
        }
    }

    /// Payouts that were asked for, as they came.
    pub fn payouts_asked(&self) -> Vec<NewPayout> {
        self.book.lock().unwrap().asked.clone()
    }

    /// The same acquirer with the same book in another world.
    pub fn fork(&self, clock: Arc<TestClock>) -> Self {
        Self {
            clock,
            book: Mutex::new(self.book.lock().unwrap().clone()),
            switches: Mutex::default(),
        }
    }

    /// Creations that were on their way arrive.
    pub async fn let_through(&self) {
        *self.switches.lock().unwrap() = Switches::default();
        let late = std::mem::take(&mut self.book.lock().unwrap().late);
        for new in late {
            self.create_payment(new).await.unwrap();
        }
    }

    /// Payments that wait for their payer.
    pub fn unpaid(&self) -> Vec<String> {
        let book = self.book.lock().unwrap();
        let waiting = |payment: &&RemotePayment| payment.status == RemoteStatus::Pending;
        book.payments
            .values()
            .filter(waiting)
            .map(|payment| payment.id.clone())
            .collect()
    }

    /// The payer pays on the hosted page. No news goes to anybody.
    pub fn pay(&self, id: &str) {
        let at = self.clock.now();
        let mut book = self.book.lock().unwrap();
        let payment = book.payments.get_mut(id).unwrap();
        payment.status = RemoteStatus::Succeeded { at };
        payment.title = Some("•• 4477".to_owned());
    }

    /// The payer's bank says no.
    pub fn decline(&self, id: &str) {
        let mut book = self.book.lock().unwrap();
        let reason = "insufficient_funds".to_owned();
        book.payments.get_mut(id).unwrap().status = RemoteStatus::Canceled { reason };
    }

    /// The acquirer does not know a payment any more.
    pub fn forget(&self, id: &str) {
        self.book.lock().unwrap().payments.remove(id).unwrap();
    }

    /// A slow payout arrives.
    pub fn arrive(&self) {
        let at = self.clock.now();
        for (payout, _) in self.book.lock().unwrap().payouts.values_mut() {
            if payout.status == RemoteStatus::Pending {
                payout.status = RemoteStatus::Succeeded { at };
            }
        }
    }

    /// A slow refund leaves.
    pub fn give_back(&self) {
        let at = self.clock.now();
        for (_, refund) in self.book.lock().unwrap().refunds.values_mut() {
            if refund.status == RemoteStatus::Pending {
                refund.status = RemoteStatus::Succeeded { at };
            }
        }
    }

    /// Everything given back, by the payment it belongs to.
    pub fn given_back(&self) -> Vec<(String, Kopecks)> {
        let book = self.book.lock().unwrap();
        let gone = |status: &RemoteStatus| matches!(status, RemoteStatus::Succeeded { .. });
        let all = book.refunds.values().filter(|(_, one)| gone(&one.status));
        all.map(|(payment, one)| (payment.clone(), one.amount))
            .collect()
    }

    /// The remote ids of all payments, in the order of their creation.
    pub fn payments(&self) -> Vec<String> {
        self.book.lock().unwrap().payments.keys().cloned().collect()
    }

    /// How many payments were really created.
    pub fn created(&self) -> usize {
        self.book.lock().unwrap().creations
    }

    /// How many payouts were really created.
    pub fn sent(&self) -> usize {
        self.book.lock().unwrap().payouts.len()
    }

    /// A key that was withdrawn lets nothing in.
    fn let_in(&self) -> Result<(), AcquirerError> {
        if self.switches.lock().unwrap().locked_out {
            let code = "invalid_credentials".to_owned();
            let description = String::new();
            return Err(AcquirerError::Refused { code, description });
        }
        Ok(())
    }

    fn searchable(&self) -> Result<(), AcquirerError> {
        self.reachable()?;
        if self.switches.lock().unwrap().no_search {
            return Err(AcquirerError::Unknown("no search".into()));
        }
        self.let_in()
    }

    fn reachable(&self) -> Result<(), AcquirerError> {
        if self.switches.lock().unwrap().down {
            return Err(AcquirerError::Unknown("down".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl Acquirer for TestAcquirer {
    async fn create_payment(&self, new: NewPayment) -> Result<RemotePayment, AcquirerError> {
        self.reachable()?;
        self.let_in()?;
        let now = self.clock.now();
        let (late, refuse) = {
            let switches = self.switches.lock().unwrap();
            (switches.late_create, switches.refuse_create)
        };
        if late {
            self.book.lock().unwrap().late.push(new);
            return Err(AcquirerError::Unknown("on its way".into()));
        }
        if refuse {
            let (code, description) = ("invalid_request".into(), String::new());
            return Err(AcquirerError::Refused { code, description });
        }
        let payment = {
            let mut book = self.book.lock().unwrap();
            let id = book.id_of("pay", new.key, now);
            if !book.payments.contains_key(&id) {
                book.creations += 1;
            }
            book.payments
                .entry(id.clone())
                .or_insert_with(|| RemotePayment {
                    id: id.clone(),
                    status: RemoteStatus::Pending,
                    amount: new.amount,
                    confirmation_url: Some(format!("https://pay.example/{id}")),
                    payment: Some(new.payment),
                    title: None,
                    saved: None,
                })
                .clone()
        };
        if self.switches.lock().unwrap().lose_create {
            return Err(AcquirerError::Unknown("answer lost".into()));
        }
        Ok(payment)
    }

    async fn payment(&self, id: &str) -> Result<RemotePayment, AcquirerError> {
        self.reachable()?;
        let hangs = self.switches.lock().unwrap().hang_reads;
        if hangs {
            std::future::pending::<()>().await;
        }
        let found = self.book.lock().unwrap().payments.get(id).cloned();
        found.ok_or_else(|| AcquirerError::Refused {
            code: "not_found".into(),
            description: "no such payment".into(),
        })
    }

    async fn find_payment(
        &self,
        payment: PaymentId,
        _created: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayment>, AcquirerError> {
        self.searchable()?;
        let book = self.book.lock().unwrap();
        let mut all = book.payments.values();
        Ok(all.find(|one| one.payment == Some(payment)).cloned())
    }

    async fn charge_saved(&self, new: NewCharge) -> Result<RemotePayment, AcquirerError> {
        self.reachable()?;
        self.let_in()?;
        assert!(new.token.starts_with("token-"), "a token of a bound card");
        let at = self.clock.now();
        let (empty, slow, lose) = {
            let switches = self.switches.lock().unwrap();
            (
                switches.empty_cards,
                switches.slow_charges,
                switches.lose_create,
            )
        };
        let payment = {
            let mut book = self.book.lock().unwrap();
            let id = book.id_of("pay", new.key, at);
            if !book.payments.contains_key(&id) {
                book.creations += 1;
            }
            let status = if empty {
                let reason = "insufficient_funds".to_owned();
                RemoteStatus::Canceled { reason }
            } else if slow {
                RemoteStatus::Pending
            } else {
                RemoteStatus::Succeeded { at }
            };
            let fresh = RemotePayment {
                id: id.clone(),
                status,
                amount: new.amount,
                confirmation_url: None,
                payment: Some(new.payment),
                title: Some("•• 4444".to_owned()),
                saved: None,
            };
            book.payments.entry(id).or_insert(fresh).clone()
        };
        if lose {
            return Err(AcquirerError::Unknown("answer lost".into()));
        }
        Ok(payment)
    }

    async fn sbp_banks(&self) -> Result<Vec<SbpBank>, AcquirerError> {
        self.reachable()?;
        let bank = |id: &str, name: &str| SbpBank {
            id: id.into(),
            name: name.into(),
        };
        Ok(vec![
            bank("100000000111", "Сбербанк"),
            bank("100000000004", "Т-Банк"),
        ])
    }

    async fn start_binding(&self, key: Uuid, back: &str) -> Result<RemoteBinding, AcquirerError> {
        self.reachable()?;
        let (hangs, same_card) = {
            let switches = self.switches.lock().unwrap();
            (switches.hang_bindings, switches.same_card)
        };
        if hangs {
            std::future::pending::<()>().await;
        }
        let id = format!("card-{key}");
        let mut book = self.book.lock().unwrap();
        let another = if same_card { 0 } else { book.bindings.len() };
        let last4 = format!("{:04}", 4444 + another);
        let pending = RemoteBinding {
            id: id.clone(),
            status: BindingStatus::Pending,
            confirmation_url: Some(format!("https://bind.example/{id}?back={back}")),
        };
        // Bound as soon as the borrower has been on the page, which is at once.
        let bound = BindingStatus::Active {
            method: format!("token-{key}"),
            first6: "220000".into(),
            last4,
            brand: "MIR".into(),
            expiry: "2030-12".into(),
        };
        book.bindings.insert(
            id,
            RemoteBinding {
                status: bound,
                ..pending.clone()
            },
        );
        Ok(pending)
    }

    async fn binding(&self, id: &str) -> Result<RemoteBinding, AcquirerError> {
        self.reachable()?;
        Ok(self.book.lock().unwrap().bindings.get(id).cloned().unwrap())
    }

    async fn create_payout(&self, new: NewPayout) -> Result<RemotePayout, AcquirerError> {
        self.reachable()?;
        self.let_in()?;
        let at = self.clock.now();
        let (refuse, slow, lose) = {
            let switches = self.switches.lock().unwrap();
            (
                switches.refuse_payouts,
                switches.slow_payouts,
                switches.lose_create,
            )
        };
        let status = if refuse {
            RemoteStatus::Canceled {
                reason: "rejected_by_payee".into(),
            }
        } else if slow {
            RemoteStatus::Pending
        } else {
            RemoteStatus::Succeeded { at }
        };
        let payout = {
            let mut book = self.book.lock().unwrap();
            book.asked.push(new.clone());
            let id = book.id_of("out", new.key, at);
            let fresh = (
                RemotePayout {
                    id: id.clone(),
                    amount: new.amount,
                    payout: Some(new.payout),
                    status,
                },
                new.amount,
            );
            book.payouts.entry(id).or_insert(fresh).0.clone()
        };
        if lose {
            return Err(AcquirerError::Unknown("answer lost".into()));
        }
        Ok(payout)
    }

    async fn payout(&self, id: &str) -> Result<RemotePayout, AcquirerError> {
        self.reachable()?;
        self.let_in()?;
        Ok(self.book.lock().unwrap().payouts.get(id).unwrap().0.clone())
    }

    async fn find_payout(
        &self,
        payout: PayoutId,
        _created: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayout>, AcquirerError> {
        self.searchable()?;
        let book = self.book.lock().unwrap();
        let found = book.payouts.get(&format!("out-{payout}"));
        Ok(found.map(|(payout, _)| payout.clone()))
    }

    async fn create_refund(&self, new: NewRefund) -> Result<RemoteRefund, AcquirerError> {
        self.reachable()?;
        self.let_in()?;
        let at = self.clock.now();
        let (slow, refuse, lose) = {
            let switches = self.switches.lock().unwrap();
            (
                switches.slow_refunds,
                switches.refuse_refunds,
                switches.lose_create,
            )
        };
        let refund = {
            let mut book = self.book.lock().unwrap();
            let id = book.id_of("ref", new.key, at);
            let paid = book.payments.get(&new.payment_id).unwrap().amount;
            let live = |one: &RemoteRefund| !matches!(one.status, RemoteStatus::Canceled { .. });
            let gone: Kopecks = book
                .refunds
                .values()
                .filter(|(payment, one)| *payment == new.payment_id && live(one) && one.id != id)
                .map(|(_, one)| one.amount)
                .sum();
            if gone + new.amount > paid {
                return Err(AcquirerError::Refused {
                    code: "invalid_request".into(),
                    description: "more than is left".into(),
                });
            }
            let status = if refuse {
                let reason = "insufficient_funds".to_owned();
                RemoteStatus::Canceled { reason }
            } else if slow {
                RemoteStatus::Pending
            } else {
                RemoteStatus::Succeeded { at }
            };
            let fresh = RemoteRefund {
                id: id.clone(),
                status,
                amount: new.amount,
                refund: Some(new.refund),
            };
            let row = book.refunds.entry(id).or_insert((new.payment_id, fresh));
            row.1.clone()
        };
        if lose {
            return Err(AcquirerError::Unknown("answer lost".into()));
        }
        Ok(refund)
    }

    async fn refund(&self, id: &str) -> Result<RemoteRefund, AcquirerError> {
        self.reachable()?;
        Ok(self.book.lock().unwrap().refunds.get(id).unwrap().1.clone())
    }

    async fn find_refund(
        &self,
        refund: RefundId,
        _payment_id: &str,
    ) -> Result<Option<RemoteRefund>, AcquirerError> {
        self.searchable()?;
        let book = self.book.lock().unwrap();
        let mut all = book.refunds.values();
        let found = all.find(|(_, one)| one.refund == Some(refund));
        Ok(found.map(|(_, one)| one.clone()))
    }

    async fn movements(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<RemoteMovement>, AcquirerError> {
        self.reachable()?;
        let book = self.book.lock().unwrap();
        let taken = book.payments.values().map(|row| {
            (
                row.id.clone(),
                MovementKind::Payment,
                row.amount,
                row.status.clone(),
            )
        });
        let given = book.payouts.values().map(|(row, sum)| {
            (
                row.id.clone(),
                MovementKind::Payout,
                *sum,
                row.status.clone(),
            )
        });
        let back = book.refunds.values().map(|(_, row)| {
            (
                row.id.clone(),
                MovementKind::Refund,
                row.amount,
                row.status.clone(),
            )
        });
        let mut list = Vec::new();
        for (id, kind, amount, status) in taken.chain(given).chain(back) {
            if let RemoteStatus::Succeeded { at } = status
                && at >= from
                && at < to
            {
                list.push(RemoteMovement {
                    id,
                    kind,
                    amount,
                    succeeded: true,
                    at,
                });
            }
        }
        Ok(list)
    }

    fn origins(&self) -> Vec<String> {
        vec!["https://pay.example".into()]
    }
}
