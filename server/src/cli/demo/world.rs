//! The outside world of a demo: a clock that is moved, messages that are read by whoever they are for, an acquirer whose
//! payers do what the story says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use cabinet::ids::BorrowerId;
use cabinet::ports::{
    Acquirer, AcquirerError, BindingStatus, Biometrics, Bureau, BureauEvent, BureauQuery, Clock,
    DeliveryError, FraudBase, FraudQuery, Mail, MovementKind, NewPayment, NewPayout, NewRefund,
    NoCaptcha, NoIdentity, NoPlaces, NoPush, NoRenderer, PortError, Ports, RelyingParty,
    RemoteBinding, RemoteMovement, RemotePayment, RemotePayout, RemoteRefund, RemoteStatus, Sms,
};
use cabinet::values::{Email, Phone};
use chrono::{DateTime, TimeDelta, Utc};
use lending::BureauAnswer;
use uuid::Uuid;

use crate::gateways::ids::RandomIds;

/// What there is outside.
#[derive(Default)]
struct Book {
    now: DateTime<Utc>,
    score: u32,
    messages: BTreeMap<String, String>,
    payments: BTreeMap<String, RemotePayment>,
    moved: Vec<RemoteMovement>,
}

/// The outside world, one for all ports.
#[derive(Clone)]
pub struct Outside(Arc<Mutex<Book>>);

impl Outside {
    /// The world at a moment.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(Book {
            now,
            score: 700,
            ..Book::default()
        })))
    }

    fn book<T>(&self, act: impl FnOnce(&mut Book) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Moves the clock forward, never back.
    pub fn move_to(&self, at: DateTime<Utc>) {
        self.book(|book| book.now = book.now.max(at));
    }

    /// So much time goes by.
    pub fn pass(&self, span: TimeDelta) {
        self.book(|book| book.now += span);
    }

    /// What the bureau will answer from now on.
    pub fn score(&self, score: u32) {
        self.book(|book| book.score = score);
    }

    /// The six digits of the last code sent to a phone.
    pub fn code(&self, phone: &str) -> Option<String> {
        let text = self.book(|book| book.messages.get(phone).cloned())?;
        let mut words = text.split(|c: char| !c.is_ascii_digit());
        words.rfind(|word| word.len() == 6).map(str::to_owned)
    }

    /// The payer pays on the acquirer's page.
    pub fn pay(&self, payment: cabinet::PaymentId) {
        self.book(|book| {
            let at = book.now;
            let id = format!("demo-{payment}");
            if let Some(remote) = book.payments.get_mut(&id) {
                remote.status = RemoteStatus::Succeeded { at };
                remote.title = Some("•• 4477".to_owned());
                let moved = (MovementKind::Payment, remote.amount);
                book.moved.push(movement(id, moved, at));
            }
        });
    }

    /// All ports at this world.
    pub fn ports(&self) -> Ports {
        let all = Arc::new(self.clone());
        Ports {
            clock: all.clone(),
            ids: Arc::new(RandomIds),
            acquirer: all.clone(),
            sms: all.clone(),
            mail: all.clone(),
            bureau: all.clone(),
            fraud: all.clone(),
            biometrics: all,
            push: Arc::new(NoPush),
            captcha: Arc::new(NoCaptcha),
            places: Arc::new(NoPlaces),
            suggestions: Arc::new(cabinet::suggest::BuiltIn),
            renderer: Arc::new(NoRenderer),
            identity: Arc::new(NoIdentity),
            passkeys: RelyingParty::none(),
        }
    }
}

fn movement(
    id: String,
    (kind, amount): (MovementKind, lending::Kopecks),
    at: DateTime<Utc>,
) -> RemoteMovement {
    RemoteMovement {
        id,
        kind,
        amount,
        succeeded: true,
        at,
    }
}

impl Clock for Outside {
    fn now(&self) -> DateTime<Utc> {
        self.book(|book| book.now)
    }
}

#[async_trait]
impl Sms for Outside {
    async fn send(&self, phone: &Phone, text: &str, _: Uuid) -> Result<(), DeliveryError> {
        self.book(|book| {
            // A later word of another kind does not hide the code.
            if text
                .split(|c: char| !c.is_ascii_digit())
                .any(|word| word.len() == 6)
            {
                book.messages
                    .insert(phone.digits().to_owned(), text.to_owned());
            }
        });
        Ok(())
    }
}

#[async_trait]
impl Mail for Outside {
    async fn send(&self, _: &Email, _: &str, _: &str) -> Result<(), DeliveryError> {
        Ok(())
    }
}

#[async_trait]
impl Bureau for Outside {
    async fn report(&self, _: BureauQuery) -> Result<BureauAnswer, PortError> {
        Ok(BureauAnswer {
            self_ban: false,
            open_loans: Vec::new(),
            score: self.book(|book| book.score),
        })
    }
    async fn event(&self, _: BureauEvent) -> Result<(), PortError> {
        Ok(())
    }
}

#[async_trait]
impl FraudBase for Outside {
    async fn check(&self, _: FraudQuery) -> Result<bool, PortError> {
        Ok(false)
    }
}

#[async_trait]
impl Biometrics for Outside {
    async fn confirmed(&self, _: BorrowerId) -> Result<bool, PortError> {
        Ok(true)
    }
}

fn unknown<T>() -> Result<T, AcquirerError> {
    Err(AcquirerError::Unknown("there is none in this demo".into()))
}

#[async_trait]
impl Acquirer for Outside {
    async fn create_payment(&self, new: NewPayment) -> Result<RemotePayment, AcquirerError> {
        let id = format!("demo-{}", new.payment);
        let remote = RemotePayment {
            id: id.clone(),
            status: RemoteStatus::Pending,
            amount: new.amount,
            confirmation_url: Some(format!("https://bank.example/{id}")),
            payment: Some(new.payment),
            title: None,
            saved: None,
        };
        Ok(self.book(|book| book.payments.entry(id).or_insert(remote).clone()))
    }

    async fn payment(&self, id: &str) -> Result<RemotePayment, AcquirerError> {
        self.book(|book| book.payments.get(id).cloned())
            .map_or_else(unknown, Ok)
    }

    async fn start_binding(&self, key: Uuid, _: &str) -> Result<RemoteBinding, AcquirerError> {
        Ok(RemoteBinding {
            id: format!("card-{key}"),
            status: BindingStatus::Pending,
            confirmation_url: Some(format!("https://bank.example/?card={key}")),
        })
    }

    async fn binding(&self, id: &str) -> Result<RemoteBinding, AcquirerError> {
        // Everybody has a card of their own: two cabinets with one card are one person.
        let digits = id
            .bytes()
            .fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 10_000);
        Ok(RemoteBinding {
            id: id.to_owned(),
            status: BindingStatus::Active {
                method: format!("token-{id}"),
                first6: "220000".to_owned(),
                last4: format!("{digits:04}"),
                brand: "Mir".to_owned(),
                expiry: "2030-12".to_owned(),
            },
            confirmation_url: None,
        })
    }

    async fn create_payout(&self, new: NewPayout) -> Result<RemotePayout, AcquirerError> {
        let id = format!("out-{}", new.payout);
        let at = self.book(|book| {
            if !book.moved.iter().any(|moved| moved.id == id) {
                let moved = (MovementKind::Payout, new.amount);
                book.moved.push(movement(id.clone(), moved, book.now));
            }
            book.now
        });
        Ok(RemotePayout {
            id,
            status: RemoteStatus::Succeeded { at },
            amount: new.amount,
            payout: Some(new.payout),
        })
    }

    async fn payout(&self, _: &str) -> Result<RemotePayout, AcquirerError> {
        unknown()
    }

    async fn create_refund(&self, new: NewRefund) -> Result<RemoteRefund, AcquirerError> {
        let id = format!("back-{}", new.refund);
        let at = self.book(|book| {
            if !book.moved.iter().any(|moved| moved.id == id) {
                let moved = (MovementKind::Refund, new.amount);
                book.moved.push(movement(id.clone(), moved, book.now));
            }
            book.now
        });
        Ok(RemoteRefund {
            id,
            status: RemoteStatus::Succeeded { at },
            amount: new.amount,
            refund: Some(new.refund),
        })
    }

    async fn movements(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<RemoteMovement>, AcquirerError> {
        Ok(self.book(|book| {
            let within = book
                .moved
                .iter()
                .filter(|moved| from <= moved.at && moved.at < to);
            within.cloned().collect()
        }))
    }

    fn origins(&self) -> Vec<String> {
        Vec::new()
    }
}
