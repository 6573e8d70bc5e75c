//! Where histories begin: borrowers whose loans were made by the real use cases once, copied for every history.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use cabinet::{BorrowerId, ContractId, LoanId, application};
use chrono::{DateTime, Duration, TimeZone, Utc};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};
use uuid::Uuid;

use crate::chance::SeededIds;
use crate::support::journey::PHONE;
use crate::support::{Outside, World};

/// Where a history begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A first loan without interest, just received.
    Promo,
    /// 20 000 for 30 days, just received.
    Month,
    /// The same over the end of the year.
    NewYear,
    /// Six payments every two weeks.
    Parts,
    /// Signed; the money has not left yet.
    Signed,
    /// 20 000 for 30 days of a lender whose payments go through a balance.
    Balance,
}

impl Scene {
    /// The program as its lender runs it.
    pub fn lender(self, world: World) -> World {
        match self {
            Self::Balance => world.by_balance(),
            _ => world,
        }
    }
}

pub const SCENES: [Scene; 6] = [
    Scene::Promo,
    Scene::Month,
    Scene::NewYear,
    Scene::Parts,
    Scene::Signed,
    Scene::Balance,
];

/// A beginning: a database to be copied and the world around it.
pub struct Template {
    pub scene: Scene,
    place: String,
    outside: Outside,
    pub borrower: BorrowerId,
    pub contract: ContractId,
    pub loan: Option<LoanId>,
}

/// A database of one history.
pub struct Place {
    pub url: String,
    remove: Remove,
}

enum Remove {
    File(PathBuf),
    /// Kept for the next history of the scene: dropping one costs a checkpoint.
    Database {
        name: String,
        free: Arc<Mutex<Vec<(Scene, String)>>>,
        scene: Scene,
    },
}

/// Every table as it was made, beside it, and how all of them become so again.
const KEPT: &str = "
CREATE SCHEMA kept;
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', t, t);
  END LOOP;
END $$;
CREATE FUNCTION kept.restore() RETURNS void LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
    -- Unlike TRUNCATE this waits for no disk.
    EXECUTE format('DELETE FROM public.%I', t);
  END LOOP;
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', t, t);
  END LOOP;
END $$;
";

/// All beginnings on one database.
pub struct Town {
    folder: PathBuf,
    /// The server's address, for Postgres.
    server: Option<String>,
    name: String,
    /// Made when a history begins with one.
    templates: [OnceLock<Template>; SCENES.len()],
    count: AtomicU64,
    /// Databases that no history uses now.
    free: Arc<Mutex<Vec<(Scene, String)>>>,
    /// Whether commits wait for the server's disk: for the death of a process, which is all that happens here, it
    /// makes no difference, only for the time it takes.
    durable: bool,
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

impl Town {
    /// On SQLite in memory: files of a memory file system where there is one, so that the very same journal mode,
    /// locks and commits run as on a disk.
    pub fn on_sqlite() -> Self {
        Self::built(None, true)
    }

    /// On the Postgres server that `KOPECK_TEST_POSTGRES` names.
    pub fn on_postgres(server: &str) -> Self {
        Self::built(Some(server.to_owned()), true)
    }

    /// The same, without waiting for the server's disk.
    pub fn on_quick_postgres(server: &str) -> Self {
        Self::built(Some(server.to_owned()), false)
    }

    fn built(server: Option<String>, durable: bool) -> Self {
        let memory = PathBuf::from("/dev/shm");
        let root = if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        };
        let name = format!("kopeck_sim_{}", Uuid::now_v7().simple());
        let folder = root.join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            folder,
            server,
            name,
            templates: Default::default(),
            count: AtomicU64::new(0),
            free: Arc::default(),
            durable,
        }
    }

    /// Whether it is on SQLite.
    pub fn one_file(&self) -> bool {
        self.server.is_none()
    }

    pub fn begin(&self, scene: Scene) -> &Template {
        // Made on a thread of its own, where nothing is planted.
        self.templates[scene as usize].get_or_init(|| {
            std::thread::scope(|scope| scope.spawn(|| self.template(scene)).join().unwrap())
        })
    }

    fn url(&self, name: &str) -> String {
        match &self.server {
            None => format!("sqlite:{}", self.folder.join(name).display()),
            Some(server) => {
                let (base, query) = server.split_once('?').unwrap_or((server, ""));
                let root = base.rsplit_once('/').map_or(base, |(root, _)| root);
                let quick = if self.durable {
                    ""
                } else {
                    "options[synchronous_commit]=off&"
                };
                format!("{root}/{name}?{quick}{query}")
            }
        }
    }

    fn template(&self, scene: Scene) -> Template {
        let draft = format!("{}_{scene:?}", self.name).to_lowercase();
        let url = self.url(&draft);
        let rt = runtime();
        rt.block_on(async {
            if let Some(server) = &self.server {
                command(server, &format!("CREATE DATABASE {draft}")).await;
            }
            let admin = Database::connect(self.writable(&url)).await.unwrap();
            Migrator::up(&admin, None).await.unwrap();
            admin.close().await.unwrap();
            let mut outside = Outside::at(start(scene));
            outside.ids = Arc::new(SeededIds::new(u64::MAX - scene as u64));
            let world = World::inside(&url, &outside).await;
            let (borrower, contract, loan) = live(&world, scene).await;
            let place = if self.server.is_some() {
                command(&url, KEPT).await;
                draft.clone()
            } else {
                // A copy without a write-ahead log beside it.
                let clean = self.folder.join(format!("{draft}.clean"));
                let sql = format!("VACUUM INTO '{}'", clean.display());
                command(&url, &sql).await;
                clean.display().to_string()
            };
            world.cab.db().clone().close().await.unwrap();
            Template {
                scene,
                place,
                outside,
                borrower,
                contract,
                loan,
            }
        })
    }

    fn writable(&self, url: &str) -> String {
        match self.server {
            None => format!("{url}?mode=rwc"),
            Some(_) => url.to_owned(),
        }
    }

    /// A database of the scene as it was made: one that is free, or a new one.
    fn borrowed(&self, server: &str, template: &Template, fresh: String) -> String {
        let mut free = self.free.lock().unwrap();
        let place = free.iter().position(|(scene, _)| *scene == template.scene);
        let found = place.map(|place| free.swap_remove(place).1);
        drop(free);
        if let Some(name) = found {
            runtime().block_on(command(&self.url(&name), "SELECT kept.restore()"));
            return name;
        }
        let sql = format!("CREATE DATABASE {fresh} TEMPLATE {}", template.place);
        runtime().block_on(command(server, &sql));
        fresh
    }

    /// A copy of a beginning for one history, and the world at that moment.
    pub fn copy(&self, template: &Template, seed: u64) -> (Place, Outside) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}_{number}", self.name);
        let mut url = self.url(&name);
        let remove = match &self.server {
            None => {
                let path = self.folder.join(&name);
                std::fs::copy(&template.place, &path).unwrap();
                Remove::File(path)
            }
            Some(server) => {
                let name = self.borrowed(server, template, name);
                url = self.url(&name);
                Remove::Database {
                    name,
                    free: Arc::clone(&self.free),
                    scene: template.scene,
                }
            }
        };
        let mut outside = Outside::at(cabinet::ports::Clock::now(&*template.outside.clock));
        outside.keys.clone_from(&template.outside.keys);
        outside.ids = Arc::new(SeededIds::new(seed));
        outside.acquirer = Arc::new(template.outside.acquirer.fork(Arc::clone(&outside.clock)));
        (Place { url, remove }, outside)
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if let Some(server) = &self.server {
            let free = self.free.lock().unwrap();
            let made = self.templates.iter().filter_map(OnceLock::get);
            let made = made.map(|one| &one.place);
            for name in made.chain(free.iter().map(|(_, name)| name)) {
                let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                runtime().block_on(command(server, &sql));
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match &self.remove {
            Remove::File(path) => {
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
                }
            }
            Remove::Database { name, free, scene } => {
                free.lock().unwrap().push((*scene, name.clone()));
            }
        }
    }
}

/// One statement on a connection of its own. A template may still be let go of by those who made it.
async fn command(url: &str, sql: &str) {
    for attempt in 0.. {
        let conn = Database::connect(url).await.unwrap();
        let done = conn.execute_unprepared(sql).await;
        conn.close().await.unwrap();
        match done {
            Ok(_) => return,
            Err(error) if attempt < 50 => {
                assert!(error.to_string().contains("accessed"), "{sql}: {error}");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            Err(error) => panic!("{sql}: {error}"),
        }
    }
}

fn start(scene: Scene) -> DateTime<Utc> {
    let day = if scene == Scene::NewYear { 21 } else { 23 };
    let month = if scene == Scene::NewYear { 12 } else { 11 };
    Utc.with_ymd_and_hms(2026, month, day, 9, 0, 0).unwrap()
}

async fn live(world: &World, scene: Scene) -> (BorrowerId, ContractId, Option<LoanId>) {
    let (product, amount, term) = match scene {
        Scene::Promo => ("short", 10_000, 15),
        Scene::Month | Scene::NewYear | Scene::Signed | Scene::Balance => ("short", 20_000, 30),
        Scene::Parts => ("long", 60_000, 6),
    };
    let (borrower, contract) = world.approved_product(PHONE, product, amount, term).await;
    world.sign(PHONE, borrower, contract).await;
    if scene == Scene::Signed {
        return (borrower, contract, None);
    }
    // Longer than the hours in which a large loan may be given up.
    world.clock.pass(Duration::hours(5));
    cabinet::payment::poll(&world.cab).await.unwrap();
    world.work().await;
    let offer = application::offer(&world.cab, borrower, contract).await;
    (borrower, contract, offer.unwrap().loan)
}
