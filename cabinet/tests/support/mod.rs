//! A cabinet with the outside world in memory: a clock that is moved by hand, an acquirer whose
//! outcomes are switched, an inbox of text messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]
#![allow(dead_code, reason = "each story uses a part")]

pub mod acquirer;
pub mod bank;
pub mod journey;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;
use cabinet::ports::{
    Biometrics, Bureau, BureauEvent, BureauQuery, Clock, DeliveryError, FraudBase, FraudQuery, Ids,
    Mail, PortError, Ports, Push, PushMessage, Sms,
};
use cabinet::staff::{self, Role, Staff};
use cabinet::values::{Email, Phone};
use cabinet::{BorrowerId, Cabinet, Db, Keys, Lender};
use chrono::{DateTime, Duration, TimeZone, Utc};
use migrations::{Migrator, MigratorTrait};
use uuid::Uuid;

use acquirer::TestAcquirer;

pub struct TestClock(Mutex<DateTime<Utc>>);

impl TestClock {
    pub fn set(&self, at: DateTime<Utc>) {
        *self.0.lock().unwrap() = at;
    }

    pub fn pass(&self, span: Duration) {
        *self.0.lock().unwrap() += span;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Random ids, and codes that count up so that no two are alike.
struct TestIds(AtomicU64);

impl Ids for TestIds {
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn digits(&self, n: u32) -> String {
        let count = self.0.fetch_add(7, Ordering::SeqCst);
        format!("{count:0width$}", width = usize::try_from(n).unwrap())
    }
}

/// Every message sent, in order.
#[derive(Default)]
pub struct Inbox(Mutex<Vec<(String, String)>>);

impl Inbox {
    pub fn texts(&self, phone: &str) -> Vec<String> {
        let all = self.0.lock().unwrap();
        all.iter()
            .filter(|(to, _)| to == phone)
            .map(|(_, text)| text.clone())
            .collect()
    }
}

#[async_trait]
impl Sms for Inbox {
    async fn send(&self, phone: &Phone, text: &str, _key: Uuid) -> Result<(), DeliveryError> {
        self.0
            .lock()
            .unwrap()
            .push((phone.digits().to_owned(), text.to_owned()));
        Ok(())
    }

    /// Two parts, named after the message.
    async fn send_parts(
        &self,
        phone: &Phone,
        text: &str,
        key: Uuid,
    ) -> Result<Vec<String>, DeliveryError> {
        self.send(phone, text, key).await?;
        Ok(vec![format!("{key}-1"), format!("{key}-2")])
    }
}

struct NoMail;

#[async_trait]
impl Mail for NoMail {
    async fn send(&self, _: &Email, _: &str, _: &str) -> Result<(), DeliveryError> {
        Ok(())
    }
}

/// Answers with a clean history, and can be told to be silent or to know a self-ban.
pub struct TestBureau {
    pub silent: Mutex<bool>,
    pub self_ban: Mutex<bool>,
    pub score: Mutex<u32>,
    pub events: Mutex<Vec<BureauEvent>>,
}

#[async_trait]
impl Bureau for TestBureau {
    async fn report(&self, _: BureauQuery) -> Result<lending::BureauAnswer, PortError> {
        if *self.silent.lock().unwrap() {
            return Err(PortError("silent".into()));
        }
        let (self_ban, score) = (*self.self_ban.lock().unwrap(), *self.score.lock().unwrap());
        Ok(lending::BureauAnswer {
            self_ban,
            open_loans: Vec::new(),
            score,
        })
    }

    async fn event(&self, event: BureauEvent) -> Result<(), PortError> {
        self.events.lock().unwrap().push(event);
        Ok(())
    }
}

/// The push service of the test's devices: what came to which address, and the addresses that are gone.
#[derive(Default)]
pub struct Devices {
    pub told: Mutex<Vec<(String, String)>>,
    pub gone: Mutex<Vec<String>>,
}

#[async_trait]
impl Push for Devices {
    fn serves(&self, endpoint: &str) -> bool {
        endpoint.starts_with("https://push.example/")
    }

    async fn send(&self, message: &PushMessage) -> Result<(), DeliveryError> {
        let endpoint = message.to.endpoint.clone();
        if self.gone.lock().unwrap().contains(&endpoint) {
            return Err(DeliveryError::Permanent("gone".into()));
        }
        self.told
            .lock()
            .unwrap()
            .push((endpoint, message.text.clone()));
        Ok(())
    }
}

struct NobodyIsAFraud;

#[async_trait]
impl FraudBase for NobodyIsAFraud {
    async fn check(&self, _: FraudQuery) -> Result<bool, PortError> {
        Ok(false)
    }
}

/// Papers as the data that a template reads: what they say, without their look.
pub struct Unset;

impl cabinet::ports::Renderer for Unset {
    fn pdf(&self, paper: &cabinet::document::Paper) -> Result<Vec<u8>, PortError> {
        serde_json::to_vec(paper).map_err(|error| PortError(error.to_string()))
    }
}

struct EverybodyIsConfirmed;

#[async_trait]
impl Biometrics for EverybodyIsConfirmed {
    async fn confirmed(&self, _: BorrowerId) -> Result<bool, PortError> {
        Ok(true)
    }
}

/// What is outside a cabinet: it goes on when the program stops.
#[derive(Clone)]
pub struct Outside {
    pub clock: Arc<TestClock>,
    pub acquirer: Arc<TestAcquirer>,
    pub inbox: Arc<Inbox>,
    pub bureau: Arc<TestBureau>,
    pub devices: Arc<Devices>,
    pub ids: Arc<dyn Ids>,
    /// How the cabinet reaches the acquirer.
    pub line: Arc<dyn cabinet::ports::Acquirer>,
    pub keys: String,
}

impl Outside {
    /// At a moment, with everything going well.
    pub fn at(start: DateTime<Utc>) -> Self {
        let clock = Arc::new(TestClock(Mutex::new(start)));
        let acquirer = Arc::new(TestAcquirer::new(Arc::clone(&clock)));
        Self {
            inbox: Arc::new(Inbox::default()),
            bureau: Arc::new(TestBureau {
                silent: Mutex::new(false),
                self_ban: Mutex::new(false),
                score: Mutex::new(700),
                events: Mutex::default(),
            }),
            devices: Arc::new(Devices::default()),
            ids: Arc::new(TestIds(AtomicU64::new(100_003))),
            line: Arc::clone(&acquirer) as Arc<dyn cabinet::ports::Acquirer>,
            keys: Keys::generate_toml(),
            clock,
            acquirer,
        }
    }

    fn ports(&self) -> Ports {
        Ports {
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            ids: Arc::clone(&self.ids),
            acquirer: Arc::clone(&self.line),
            sms: Arc::clone(&self.inbox) as Arc<dyn Sms>,
            mail: Arc::new(NoMail),
            bureau: Arc::clone(&self.bureau) as Arc<dyn Bureau>,
            fraud: Arc::new(NobodyIsAFraud),
            biometrics: Arc::new(EverybodyIsConfirmed),
            push: Arc::clone(&self.devices) as Arc<dyn Push>,
            captcha: Arc::new(cabinet::ports::NoCaptcha),
            places: Arc::new(cabinet::ports::NoPlaces),
            suggestions: Arc::new(cabinet::suggest::BuiltIn),
            identity: Arc::new(cabinet::ports::NoIdentity),
            passkeys: cabinet::ports::RelyingParty::none(),
            renderer: Arc::new(Unset),
        }
    }
}

/// The demo lender, read once.
static DEMO: LazyLock<Lender> = LazyLock::new(|| demo(&[]));
/// The same when its payments go through a balance.
static BY_BALANCE: LazyLock<Lender> =
    LazyLock::new(|| demo(&[("[payment]\n", "[payment]\nmode = \"balance\"\n")]));

/// The demo lender with texts of its file replaced, the first of each.
pub fn demo(changes: &[(&str, &str)]) -> Lender {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../lenders/demo.toml");
    let mut text = std::fs::read_to_string(path).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    Lender::parse(&text).unwrap()
}

/// The cabinet and the handles to its world.
#[derive(Clone)]
pub struct World {
    pub cab: Cabinet,
    pub clock: Arc<TestClock>,
    pub acquirer: Arc<TestAcquirer>,
    pub inbox: Arc<Inbox>,
    pub bureau: Arc<TestBureau>,
    pub devices: Arc<Devices>,
    secrets: String,
}

impl World {
    /// The same world, books and people of a lender with another file.
    pub fn of(&self, lender: Lender) -> Self {
        let keys = Keys::from_toml(&self.secrets).unwrap();
        let (db, ports) = (self.cab.db().clone(), self.cab.ports().clone());
        Self {
            cab: Cabinet::new(db, lender, ports, keys),
            ..self.clone()
        }
    }

    /// The same world of a lender whose payments go through a balance.
    pub fn by_balance(&self) -> Self {
        self.of(BY_BALANCE.clone())
    }

    /// The same world behind other ports.
    pub fn behind(&self, ports: Ports) -> Self {
        let keys = Keys::from_toml(&self.secrets).unwrap();
        let (db, lender) = (self.cab.db().clone(), self.cab.lender().clone());
        Self {
            cab: Cabinet::new(db, lender, ports, keys),
            ..self.clone()
        }
    }

    /// One of the staff with this role, whose first password is behind them.
    pub async fn hired(&self, login: &str, role: Role) -> Staff {
        let name = format!("Colleague {login}");
        let welcome = staff::add(&self.cab, login, &name, &[role]).await.unwrap();
        Staff {
            id: welcome.id,
            login: welcome.login,
            name,
            roles: vec![role],
            must_change: false,
        }
    }

    /// A fresh, migrated database at the address; it is noon in Moscow on 23 November 2026.
    pub async fn new(url: &str) -> Self {
        let start = Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap();
        let admin = sea_orm::Database::connect(if url.starts_with("sqlite:") {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        })
        .await
        .unwrap();
        Migrator::up(&admin, None).await.unwrap();
        admin.close().await.unwrap();
        Self::inside(url, &Outside::at(start)).await
    }

    /// A program that starts on a database that is there, in a world that is there.
    pub async fn inside(url: &str, outside: &Outside) -> Self {
        let db = Db::connect(url, 8).await.unwrap();
        let keys = Keys::from_toml(&outside.keys).unwrap();
        Self {
            cab: Cabinet::new(db, DEMO.clone(), outside.ports(), keys),
            clock: Arc::clone(&outside.clock),
            acquirer: Arc::clone(&outside.acquirer),
            inbox: Arc::clone(&outside.inbox),
            bureau: Arc::clone(&outside.bureau),
            devices: Arc::clone(&outside.devices),
            secrets: outside.keys.clone(),
        }
    }

    /// Lets the worker do everything that is due.
    pub async fn work(&self) {
        for _ in 0..50 {
            if cabinet::outbox::run_due(&self.cab).await.unwrap() == 0 {
                return;
            }
        }
        panic!("the outbox does not come to rest");
    }

    /// The promises that hold after every story.
    pub async fn check_books(&self) {
        let verified = cabinet::ledger::verify(&self.cab).await.unwrap();
        assert_eq!(verified.first_bad, None, "the chain is whole");
        assert_eq!(verified.debit, verified.credit, "debits equal credits");
        let from = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
        let to = Utc.with_ymd_and_hms(2030, 1, 1, 0, 0, 0).unwrap();
        let books = cabinet::payment::reconcile(&self.cab, from, to)
            .await
            .unwrap();
        assert_eq!(
            books.missing,
            Vec::<String>::new(),
            "nothing is missing on either side"
        );
        assert!(
            books.difference.is_zero(),
            "the difference is 0.00, not {}",
            books.difference
        );
        let bonuses = cabinet::bonus::books(&self.cab).await.unwrap();
        let sum: lending::Kopecks = bonuses.accounts.iter().map(|(_, sum)| *sum).sum();
        assert!(sum.is_zero(), "bonuses come from nowhere: {bonuses:?}");
        assert_eq!(bonuses.wrong, Vec::<String>::new(), "{bonuses:?}");
        let money = cabinet::ledger::balances(&self.cab).await.unwrap();
        let discounts = journey::balance(&money, "discounts");
        assert_eq!(discounts, bonuses.of("spent"), "both journals agree");
    }
}

/// Runs one story on SQLite, and on Postgres when `KOPECK_TEST_POSTGRES` names a server.
pub fn on_both<F, Fut>(story: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let name = format!("kopeck_{}", Uuid::now_v7().simple());
        let path = std::env::temp_dir().join(format!("{name}.sqlite"));
        let world = World::new(&format!("sqlite:{}", path.display())).await;
        story(world.clone()).await;
        world.check_books().await;
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
        }
        if let Ok(server) = std::env::var("KOPECK_TEST_POSTGRES") {
            on_postgres(&server, &name, &story).await;
        }
    });
}

/// A database of its own for the story, dropped after it.
async fn on_postgres<F, Fut>(server: &str, name: &str, story: &F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    use sea_orm::ConnectionTrait;
    let admin = sea_orm::Database::connect(server).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    let (base, query) = server
        .split_once('?')
        .map_or((server, ""), |(base, query)| (base, query));
    let root = base.rsplit_once('/').map_or(base, |(root, _)| root);
    let world = World::new(&format!("{root}/{name}?{query}")).await;
    story(world.clone()).await;
    world.check_books().await;
    drop(world);
    admin
        .execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await
        .unwrap();
}
