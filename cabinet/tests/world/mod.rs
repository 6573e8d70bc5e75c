//! A small world for tests: a fresh database, a clock that is told the time, messages that are
//! kept.
#![allow(dead_code, reason = "each test file uses a part of this world")]
#![allow(
    clippy::disallowed_methods,
    reason = "tests are told of their Postgres by the environment"
)]
#![allow(clippy::unused_self, reason = "asked of the world all the same")]

pub mod elsewhere;
pub mod listen;

use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cabinet::ports::{
    Acquirer, AcquirerError, Biometrics, Bureau, BureauEvent, BureauQuery, Clock, DeliveryError,
    FraudBase, FraudQuery, IdentityError, IdentityProfile, IdentityProviders, IdentityReturn,
    IdentityRound, Ids, Mail, NewPayment, NewPayout, NewRefund, NoPlaces, NoPush, PortError,
    RelyingParty, RemoteBinding, RemoteMovement, RemotePayment, RemotePayout, RemoteRefund, Sms,
};
use cabinet::values::{Email, Phone};
use cabinet::{BorrowerId, Cabinet, Db, Keys, Lang, Lender, Origin, Ports, access, outbox};
use chrono::{DateTime, Utc};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DbBackend, QueryResult, Statement};
use uuid::Uuid;

/// Sunday noon in Moscow.
const START: i64 = 1_795_338_000_000;

pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::SeqCst)).expect("a moment")
    }
}

impl TestClock {
    pub fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

pub struct TestIds(AtomicU64);

impl Ids for TestIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::SeqCst)) << 64 | 0x8000)
    }

    fn digits(&self, n: u32) -> String {
        let number = self.0.fetch_add(1, Ordering::SeqCst) * 7919 % 10_u64.pow(n);
        format!(
            "{number:0width$}",
            width = usize::try_from(n).expect("a width")
        )
    }
}

/// Keeps messages; the next `failures` sendings fail.
#[derive(Default)]
pub struct Messages {
    pub sent: Mutex<Vec<(String, String)>>,
    pub failures: AtomicUsize,
    pub keys: Mutex<Vec<Uuid>>,
}

#[async_trait::async_trait]
impl Sms for Messages {
    async fn send(&self, phone: &Phone, text: &str, key: Uuid) -> Result<(), DeliveryError> {
        self.keys.lock().expect("keys").push(key);
        let left = self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        if left.is_ok() {
            return Err(DeliveryError::Temporary("no answer".into()));
        }
        self.sent
            .lock()
            .expect("sent")
            .push((phone.digits().into(), text.into()));
        Ok(())
    }
}

#[async_trait::async_trait]
impl Mail for Messages {
    async fn send(&self, to: &Email, subject: &str, text: &str) -> Result<(), DeliveryError> {
        self.sent
            .lock()
            .expect("sent")
            .push((to.as_str().into(), format!("{subject}\n{text}")));
        Ok(())
    }
}

/// A world where nobody answers.
struct Nobody;

fn silent<T>() -> Result<T, AcquirerError> {
    Err(AcquirerError::Unknown("nobody answers".into()))
}

#[async_trait::async_trait]
impl Acquirer for Nobody {
    async fn create_payment(&self, _: NewPayment) -> Result<RemotePayment, AcquirerError> {
        silent()
    }
    async fn payment(&self, _: &str) -> Result<RemotePayment, AcquirerError> {
        silent()
    }
    async fn start_binding(&self, _: Uuid, _: &str) -> Result<RemoteBinding, AcquirerError> {
        silent()
    }
    async fn binding(&self, _: &str) -> Result<RemoteBinding, AcquirerError> {
        silent()
    }
    async fn create_payout(&self, _: NewPayout) -> Result<RemotePayout, AcquirerError> {
        silent()
    }
    async fn payout(&self, _: &str) -> Result<RemotePayout, AcquirerError> {
        silent()
    }
    async fn create_refund(&self, _: NewRefund) -> Result<RemoteRefund, AcquirerError> {
        silent()
    }
    async fn refund(&self, _: &str) -> Result<RemoteRefund, AcquirerError> {
        silent()
    }
    async fn movements(
        &self,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<Vec<RemoteMovement>, AcquirerError> {
        silent()
    }
    fn origins(&self) -> Vec<String> {
        Vec::new()
    }
}

#[async_trait::async_trait]
impl Bureau for Nobody {
    async fn report(&self, _: BureauQuery) -> Result<lending::BureauAnswer, PortError> {
        Err(PortError("nobody answers".into()))
    }
    async fn event(&self, _: BureauEvent) -> Result<(), PortError> {
        Err(PortError("nobody answers".into()))
    }
}

#[async_trait::async_trait]
impl FraudBase for Nobody {
    async fn check(&self, _: FraudQuery) -> Result<bool, PortError> {
        Ok(false)
    }
}

#[async_trait::async_trait]
impl Biometrics for Nobody {
    async fn confirmed(&self, _: BorrowerId) -> Result<bool, PortError> {
        Ok(false)
    }
}

/// Providers that say whatever they are told to; the code `right` is the right one.
#[derive(Default)]
pub struct Providers {
    pub says: Mutex<Option<IdentityProfile>>,
    pub asked: AtomicUsize,
}

#[async_trait::async_trait]
impl IdentityProviders for Providers {
    fn knows(&self, provider: &str) -> bool {
        provider != "unknown"
    }
    async fn start(&self, provider: &str, round: &IdentityRound) -> Result<String, IdentityError> {
        Ok(format!("https://{provider}.example/?state={}", round.state))
    }
    async fn finish(
        &self,
        _: &str,
        _: &IdentityRound,
        back: &IdentityReturn,
    ) -> Result<IdentityProfile, IdentityError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if back.code != "right" {
            return Err(IdentityError::Refused("a wrong code".into()));
        }
        let says = self.says.lock().expect("what it says").clone();
        says.ok_or_else(|| IdentityError::Unavailable("it is silent".into()))
    }
}

/// A cabinet on a fresh database.
pub struct World {
    pub providers: Arc<Providers>,
    pub cab: Cabinet,
    pub clock: Arc<TestClock>,
    pub messages: Arc<Messages>,
    pub file: Option<std::path::PathBuf>,
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", file.display()));
            }
        }
    }
}

/// The same test on every database at hand: SQLite, and Postgres when `KOPECK_TEST_POSTGRES` names
/// one (`postgres://user@host:port/postgres`; each test makes a database of its own there).
pub async fn worlds(name: &str) -> Vec<World> {
    worlds_of(name, DEMO).await
}

/// The demo lender's file.
pub const DEMO: &str = include_str!("../../../lenders/demo.toml");

/// A foreign service that knows one person's tokens, and is ill at times.
struct Robots;

#[async_trait::async_trait]
impl cabinet::ports::Captcha for Robots {
    async fn passed(&self, token: &str, _: &str) -> Result<bool, PortError> {
        match token {
            "ill" => Err(PortError("ill".to_owned())),
            token => Ok(token.starts_with("person")),
        }
    }
}

/// The same worlds of another lender.
pub async fn worlds_of(name: &str, lender: &str) -> Vec<World> {
    let unique = format!("kopeck_{name}_{}", std::process::id());
    let file = std::env::temp_dir().join(format!("{unique}.sqlite"));
    let mut worlds = vec![
        world(
            &format!("sqlite:{}", file.display()),
            Some(file.clone()),
            lender,
        )
        .await,
    ];
    if let Ok(server) = std::env::var("KOPECK_TEST_POSTGRES") {
        let admin = Database::connect(&server).await.expect("the test server");
        for sql in [
            format!("DROP DATABASE IF EXISTS {unique}"),
            format!("CREATE DATABASE {unique}"),
        ] {
            admin
                .execute_unprepared(&sql)
                .await
                .expect("a fresh database");
        }
        admin.close().await.expect("closed");
        let (host, _) = server.rsplit_once('/').expect("an address with a database");
        worlds.push(world(&format!("{host}/{unique}"), None, lender).await);
    }
    worlds
}

async fn world(url: &str, file: Option<std::path::PathBuf>, lender: &str) -> World {
    let db = Db::connect(url, 8).await.expect("a database");
    Migrator::up(db.pool(), None).await.expect("a schema");
    let clock = Arc::new(TestClock(AtomicI64::new(START)));
    let messages = Arc::new(Messages::default());
    let providers = Arc::new(Providers::default());
    let ports = Ports {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        ids: Arc::new(TestIds(AtomicU64::new(1))),
        acquirer: Arc::new(Nobody),
        sms: Arc::clone(&messages) as Arc<dyn Sms>,
        mail: Arc::clone(&messages) as Arc<dyn Mail>,
        bureau: Arc::new(Nobody),
        fraud: Arc::new(Nobody),
        biometrics: Arc::new(Nobody),
        push: Arc::new(NoPush),
        captcha: Arc::new(Robots),
        places: Arc::new(NoPlaces),
        suggestions: Arc::new(cabinet::suggest::BuiltIn),
        identity: Arc::clone(&providers) as Arc<dyn IdentityProviders>,
        passkeys: RelyingParty::new("https://cabinet.example", "Kopeck"),
        renderer: Arc::new(cabinet::ports::NoRenderer),
    };
    let lender = Lender::parse(lender).expect("a lender");
    let keys = Keys::from_toml(&Keys::generate_toml()).expect("keys");
    World {
        providers,
        cab: Cabinet::new(db, lender, ports, keys),
        clock,
        messages,
        file,
    }
}

impl World {
    pub fn origin(&self) -> Origin {
        Origin {
            ip: "192.0.2.7".into(),
            user_agent: "test".into(),
            device: Some("a device of this test, for ever".into()),
        }
    }

    /// Does everything that is due.
    pub async fn work(&self) {
        while outbox::run_due(&self.cab).await.expect("the outbox") > 0 {}
    }

    /// The digits of the newest message.
    pub async fn last_digits(&self) -> String {
        self.work().await;
        let sent = self.messages.sent.lock().expect("sent");
        // Other notices may be delivered between a code and now; only a code ends in `#`.
        let mut codes = sent
            .iter()
            .rev()
            .filter_map(|(_, text)| text.rsplit_once('#'));
        codes.next().expect("a code").1.to_owned()
    }

    /// A borrower who has signed in.
    pub async fn borrower(&self, phone: &str) -> BorrowerId {
        self.entered(phone, &self.origin()).await.borrower
    }

    /// Somebody who came in by a code, from anywhere.
    pub async fn entered(&self, phone: &str, origin: &Origin) -> access::Entered {
        let nothing = access::Solved::default();
        let sent = access::request_code(&self.cab, phone, origin, Lang::Ru, &nothing)
            .await
            .expect("a code");
        let digits = self.last_digits().await;
        let verified = access::verify(&self.cab, sent.code, &digits, origin).await;
        let Ok(access::Verified::In(entered)) = verified else {
            panic!("{verified:?}");
        };
        entered
    }

    /// Runs a statement outside every use case.
    pub async fn sql(&self, text: &str) -> Result<u64, sea_orm::DbErr> {
        self.cab
            .db()
            .read()
            .execute_unprepared(text)
            .await
            .map(|done| done.rows_affected())
    }

    pub async fn rows(&self, text: &str) -> Vec<QueryResult> {
        let conn = self.cab.db().read();
        let statement = Statement::from_string(conn.get_database_backend(), text);
        conn.query_all_raw(statement).await.expect("rows")
    }

    pub async fn count(&self, from: &str) -> i64 {
        let rows = self
            .rows(&format!("SELECT COUNT(*) AS n FROM {from}"))
            .await;
        rows.first()
            .expect("a row")
            .try_get("", "n")
            .expect("a number")
    }

    pub fn postgres(&self) -> bool {
        self.cab.db().backend() == DbBackend::Postgres
    }
}
