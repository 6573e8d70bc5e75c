//! The line to the acquirer: calls hang, are lost on the way there or on the way back, and the process may die
//! on either side of each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cabinet::planted::point;
use cabinet::ports::{
    Acquirer, AcquirerError, NewCharge, NewPayment, NewPayout, NewRefund, RemoteBinding,
    RemoteMovement, RemotePayment, RemotePayout, RemoteRefund,
};
use cabinet::{PaymentId, PayoutId, RefundId};
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::chance::mix;
use crate::support::acquirer::TestAcquirer;

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Fine,
    /// It never came there.
    LostThere,
    /// It was done, and the answer was reset, cut, or a 500.
    LostBack,
    /// Nobody answers; whoever waits goes away.
    HangsThere,
    /// It was done, and nobody answers.
    HangsBack,
    /// A 4xx, with nothing done.
    Refused,
}

/// How bad the line is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    /// So many calls of a hundred go wrong.
    pub trouble: u64,
    /// What decides which.
    pub luck: u64,
}

#[derive(Default)]
struct Sky {
    weather: Weather,
    /// Calls of a kind about an object in this weather: the second one has a fate of its own.
    asked: BTreeMap<String, u64>,
    struck: u64,
    hung: Arc<Notify>,
}

pub struct Wire {
    to: Arc<TestAcquirer>,
    sky: Mutex<Sky>,
}

impl Wire {
    pub fn new(to: Arc<TestAcquirer>) -> Self {
        Self {
            to,
            sky: Mutex::default(),
        }
    }

    pub fn weather(&self, weather: Weather) {
        let mut sky = self.sky.lock().unwrap();
        sky.weather = weather;
        sky.asked.clear();
    }

    /// Rings when a call hangs from now on.
    pub fn hangs(&self) -> Arc<Notify> {
        let bell = Arc::new(Notify::new());
        self.sky.lock().unwrap().hung = Arc::clone(&bell);
        bell
    }

    /// How many calls went wrong so far.
    pub fn struck(&self) -> u64 {
        self.sky.lock().unwrap().struck
    }

    /// By the call and its object and not by the order of calls, which threads of a database may change.
    fn fate(&self, call: &str, object: &str) -> Fate {
        let mut sky = self.sky.lock().unwrap();
        let Weather { trouble, luck } = sky.weather;
        let name = format!("{call} {object}");
        let about = name.bytes().fold(7, |sum, byte| mix(sum, u64::from(byte)));
        let times = sky.asked.entry(name).or_default();
        *times += 1;
        let roll = mix(mix(luck, about), *times);
        if roll % 100 >= trouble {
            return Fate::Fine;
        }
        let fate = match roll / 100 % 8 {
            0 | 1 => Fate::LostThere,
            2..=4 => Fate::LostBack,
            5 => Fate::HangsThere,
            6 => Fate::HangsBack,
            _ if call.starts_with("create") => Fate::Refused,
            _ => Fate::LostThere,
        };
        sky.struck += 1;
        fate
    }

    async fn hang<T>(&self) -> T {
        let bell = Arc::clone(&self.sky.lock().unwrap().hung);
        bell.notify_one();
        std::future::pending().await
    }

    async fn call<T>(
        &self,
        call: &str,
        object: &str,
        work: impl Future<Output = Result<T, AcquirerError>>,
    ) -> Result<T, AcquirerError> {
        let fate = self.fate(call, object);
        point("before a call").await;
        match fate {
            Fate::LostThere => return Err(AcquirerError::Unknown("no way there".into())),
            Fate::HangsThere => return self.hang().await,
            Fate::Refused => {
                let (code, description) = ("invalid_request".into(), String::new());
                return Err(AcquirerError::Refused { code, description });
            }
            Fate::Fine | Fate::LostBack | Fate::HangsBack => {}
        }
        let answer = work.await;
        point("after a call").await;
        match fate {
            Fate::LostBack => Err(AcquirerError::Unknown("no way back".into())),
            Fate::HangsBack => self.hang().await,
            _ => answer,
        }
    }
}

#[async_trait]
impl Acquirer for Wire {
    async fn create_payment(&self, new: NewPayment) -> Result<RemotePayment, AcquirerError> {
        let object = new.key.to_string();
        self.call("create payment", &object, self.to.create_payment(new))
            .await
    }

    async fn payment(&self, id: &str) -> Result<RemotePayment, AcquirerError> {
        self.call("payment", id, self.to.payment(id)).await
    }

    async fn find_payment(
        &self,
        payment: PaymentId,
        created: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayment>, AcquirerError> {
        let work = self.to.find_payment(payment, created);
        self.call("find payment", &payment.to_string(), work).await
    }

    async fn charge_saved(&self, new: NewCharge) -> Result<RemotePayment, AcquirerError> {
        let object = new.key.to_string();
        self.call("create charge", &object, self.to.charge_saved(new))
            .await
    }

    async fn cancel(&self, id: &str, key: Uuid) -> Result<RemotePayment, AcquirerError> {
        self.call("cancel", id, self.to.cancel(id, key)).await
    }

    async fn start_binding(&self, key: Uuid, back: &str) -> Result<RemoteBinding, AcquirerError> {
        let work = self.to.start_binding(key, back);
        self.call("create binding", &key.to_string(), work).await
    }

    async fn binding(&self, id: &str) -> Result<RemoteBinding, AcquirerError> {
        self.call("binding", id, self.to.binding(id)).await
    }

    async fn create_payout(&self, new: NewPayout) -> Result<RemotePayout, AcquirerError> {
        let object = new.key.to_string();
        self.call("create payout", &object, self.to.create_payout(new))
            .await
    }

    async fn payout(&self, id: &str) -> Result<RemotePayout, AcquirerError> {
        self.call("payout", id, self.to.payout(id)).await
    }

    async fn find_payout(
        &self,
        payout: PayoutId,
        created: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayout>, AcquirerError> {
        let work = self.to.find_payout(payout, created);
        self.call("find payout", &payout.to_string(), work).await
    }

    async fn create_refund(&self, new: NewRefund) -> Result<RemoteRefund, AcquirerError> {
        let object = new.key.to_string();
        self.call("create refund", &object, self.to.create_refund(new))
            .await
    }

    async fn refund(&self, id: &str) -> Result<RemoteRefund, AcquirerError> {
        self.call("refund", id, self.to.refund(id)).await
    }

    async fn find_refund(
        &self,
        refund: RefundId,
        payment_id: &str,
    ) -> Result<Option<RemoteRefund>, AcquirerError> {
        let work = self.to.find_refund(refund, payment_id);
        self.call("find refund", &refund.to_string(), work).await
    }

    async fn movements(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<RemoteMovement>, AcquirerError> {
        self.call("movements", "", self.to.movements(from, to))
            .await
    }

    fn origins(&self) -> Vec<String> {
        self.to.origins()
    }
}
