//! One history: a program that lives, dies and starts again while people, networks and clocks do what they do.

use std::collections::BTreeMap;
use std::sync::Arc;

use cabinet::payment::StartPayment;
use cabinet::{
    BorrowerId, CabinetError, ContractId, LoanId, PaymentId, ProlongationId, QuoteId, planted,
};
use chrono::Duration;
use lending::Kopecks;

use crate::chance::{Chance, mix};
use crate::steps::{Act, Step, draw};
use crate::support::acquirer::Switches;
use crate::support::{Outside, World};
use crate::town::{Place, SCENES, Scene, Town, runtime};
use crate::truth;
use crate::wire::{Weather, Wire};

/// What a history was made of; for the report, and to know that the histories are worth their time.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub steps: u64,
    pub crashes: u64,
    pub hangs: u64,
    pub struck: u64,
    pub acknowledged: u64,
    pub seen: BTreeMap<&'static str, u64>,
    /// The last hash of the journal and the moment: two runs of one history agree.
    pub end: String,
}

impl Tally {
    pub fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.crashes += other.crashes;
        self.hangs += other.hangs;
        self.struck += other.struck;
        self.acknowledged += other.acknowledged;
        for (what, times) in &other.seen {
            *self.seen.entry(what).or_default() += times;
        }
    }
}

/// A broken promise.
#[derive(Debug, Clone)]
pub struct Broken {
    pub step: usize,
    pub what: String,
}

/// A program while it lives.
struct Life {
    runtime: tokio::runtime::Runtime,
    world: World,
}

pub struct History {
    scene: Scene,
    place: Place,
    pub outside: Outside,
    pub wire: Arc<Wire>,
    life: Option<Life>,
    pub borrower: BorrowerId,
    pub contract: ContractId,
    pub loan: Option<LoanId>,
    /// Payments that somebody was told of, with their sums.
    pub acknowledged: BTreeMap<PaymentId, Kopecks>,
    /// The acquirer's news on their way.
    pub news: Vec<(String, String)>,
    pub agreement: Option<ProlongationId>,
    /// Rows that somebody was told of: their table and their id.
    pub promised: Vec<(&'static str, String)>,
    pub wish: Option<StartPayment>,
    /// Sums that were promised to close the loan.
    pub quotes: Vec<QuoteId>,
    /// Orders of the bank so far, and the last of them that was imported.
    pub documents: u64,
    pub statement: Option<String>,
    pub tally: Tally,
}

/// The scene and the steps of a seed.
pub fn story(seed: u64, length: usize) -> (Scene, Vec<Step>) {
    let mut chance = Chance::new(seed);
    let scene = chance.of(&SCENES).unwrap();
    let steps = (0..length).map(|_| draw(&mut chance)).collect();
    (scene, steps)
}

/// Lives a history through; promises are looked at after every step. On SQLite a seed is one history to the last order of
/// two tabs.
pub fn live(town: &Town, seed: u64, scene: Scene, steps: &[Step]) -> Result<Tally, Broken> {
    // Without the one writer, connections wait for each other in the file: one at a time they would wait forever.
    planted::in_turn(town.one_file() && !planted::sabotaged(planted::Sabotage::NoLock));
    let lived = lived(town, seed, scene, steps);
    planted::in_turn(false);
    lived
}

fn lived(town: &Town, seed: u64, scene: Scene, steps: &[Step]) -> Result<Tally, Broken> {
    let mut history = History::begin(town, scene, seed);
    let broken = |step, what| Broken { step, what };
    for (number, step) in steps.iter().enumerate() {
        history
            .take(step)
            .and_then(|()| history.look())
            .map_err(|what| broken(number, format!("{:?}: {what}", step.act)))?;
    }
    history.settle().map_err(|what| broken(steps.len(), what))?;
    history.tally.struck = history.wire.struck();
    history.tally.acknowledged = u64::try_from(history.acknowledged.len()).unwrap_or(0);
    Ok(history.tally.clone())
}

impl History {
    pub fn begin(town: &Town, scene: Scene, seed: u64) -> Self {
        let template = town.begin(scene);
        let (place, mut outside) = town.copy(template, seed);
        let wire = Arc::new(Wire::new(Arc::clone(&outside.acquirer)));
        outside.line = Arc::clone(&wire) as Arc<dyn cabinet::ports::Acquirer>;
        if scene == Scene::Signed {
            let mut switches = outside.acquirer.switches.lock().unwrap();
            switches.slow_payouts = mix(seed, 1).is_multiple_of(2);
            switches.refuse_payouts = mix(seed, 2).is_multiple_of(3);
        }
        Self {
            scene,
            place,
            outside,
            wire,
            life: None,
            borrower: template.borrower,
            contract: template.contract,
            loan: template.loan,
            acknowledged: BTreeMap::new(),
            news: Vec::new(),
            agreement: None,
            promised: Vec::new(),
            wish: None,
            quotes: Vec::new(),
            documents: 0,
            statement: None,
            tally: Tally::default(),
        }
    }

    /// Lets the program do something. Nothing comes back when it died, or when a call hung and whoever asked went
    /// away.
    pub fn go<T, F: Future<Output = T>>(&mut self, what: impl FnOnce(World) -> F) -> Option<T> {
        let life = self.life.take().unwrap_or_else(|| {
            let runtime = runtime();
            let world = runtime.block_on(World::inside(&self.place.url, &self.outside));
            let world = self.scene.lender(world);
            Life { runtime, world }
        });
        let hung = self.wire.hangs();
        let work = what(life.world.clone());
        let (answer, hangs) = life.runtime.block_on(async {
            tokio::select! {
                biased;
                answer = work => (Some(answer), false),
                () = planted::crashed() => (None, false),
                () = hung.notified() => (None, true),
            }
        });
        if hangs && planted::has_crashed().is_none() {
            life.runtime.block_on(rest(&life.world));
        }
        self.tally.hangs += u64::from(hangs);
        if let Some(point) = planted::has_crashed() {
            // The process is gone with everything it had in hand; what it had committed is on the disk.
            drop(life.world);
            life.runtime.shutdown_background();
            planted::disarm();
            self.tally.crashes += 1;
            self.tally.saw(point);
        } else {
            self.life = Some(life);
        }
        answer
    }

    /// The answer of a use case. A refusal is an answer too, a fault of ours is a broken promise.
    pub fn asked<T, F>(&mut self, what: impl FnOnce(World) -> F) -> Result<Option<T>, String>
    where
        F: Future<Output = cabinet::Result<T>>,
    {
        match self.go(what) {
            Some(Ok(answer)) => Ok(Some(answer)),
            Some(Err(CabinetError::Internal(text))) => Err(format!("a fault of ours: {text}")),
            Some(Err(refusal)) => {
                self.tally.saw(refusal.code());
                Ok(None)
            }
            None => Ok(None),
        }
    }

    fn take(&mut self, step: &Step) -> Result<(), String> {
        self.tally.steps += 1;
        self.wire.weather(Weather {
            trouble: step.trouble,
            luck: step.luck,
        });
        if let Some(points) = step.crash {
            planted::crash_after(points);
        }
        let done = crate::steps::take(self, step);
        planted::disarm();
        self.wire.weather(Weather::default());
        done
    }

    /// Looks at every promise, with the line good and nobody dying.
    pub fn look(&mut self) -> Result<(), String> {
        let known = truth::Known {
            borrower: self.borrower,
            loan: self.loan,
            acknowledged: self.acknowledged.clone(),
            promised: self.promised.clone(),
            acquirer: Arc::clone(&self.outside.acquirer),
        };
        let found = self.go(|world| async move { truth::look(&world, &known).await });
        found.unwrap_or_else(|| Err("the look itself did not end".to_owned()))
    }

    /// Hours in which nobody does anything and the program does its work.
    fn hours(&mut self, count: u32) -> Result<(), String> {
        let balance = self.scene == Scene::Balance;
        for _ in 0..count {
            self.outside.clock.pass(Duration::hours(1));
            self.asked(|world| async move {
                for _ in 0..20 {
                    if cabinet::outbox::run_due(&world.cab).await? == 0 {
                        break;
                    }
                }
                if balance {
                    cabinet::balance::sweep(&world.cab).await?;
                }
                cabinet::payment::poll(&world.cab).await
            })?;
        }
        Ok(())
    }

    /// Three quiet days: whatever was lost is found, and nothing is in transit any more.
    pub fn settle(&mut self) -> Result<(), String> {
        let calm = Step {
            act: Act::FindLoan,
            luck: mix(1, 1),
            trouble: 0,
            crash: None,
        };
        *self.outside.acquirer.switches.lock().unwrap() = Switches::default();
        self.outside.acquirer.arrive();
        self.take(&calm)?;
        self.hours(76)?;
        // Whoever finds the money refused names a card once more, and that has its own way to go.
        self.take(&calm)?;
        self.hours(3)?;
        self.take(&calm)?;
        self.look()?;
        let acquirer = Arc::clone(&self.outside.acquirer);
        let settled = self.go(|world| async move { truth::settled(&world, &acquirer).await });
        self.tally.end = settled.unwrap_or_else(|| Err("settling did not end".to_owned()))?;
        Ok(())
    }
}

/// What was handed to the database ends although nobody waits for it any more.
async fn rest(world: &World) {
    if world.cab.db().backend() == sea_orm::DbBackend::Postgres {
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        tokio::select! {
            () = world.cab.db().written() => {}
            () = planted::crashed() => {}
        }
    }
    let nothing = world.cab.db().write(|_| Box::pin(async { Ok(()) }));
    tokio::select! {
        _ = nothing => {}
        () = planted::crashed() => {}
    }
}

impl Drop for History {
    fn drop(&mut self) {
        planted::disarm();
    }
}
