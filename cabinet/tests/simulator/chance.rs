//! Chance that repeats itself: everything random in a history comes from its seed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use cabinet::ports::Ids;
use uuid::{Builder, Uuid};

/// A number that depends on both and looks like neither (splitmix64).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_add(b.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A stream of numbers.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(mix(seed, 0x6b6f_7065_636b))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        mix(self.0, 1)
    }

    /// From 0 to below the bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of a list; none of an empty one.
    pub fn of<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        let length = u64::try_from(list.len())
            .ok()
            .filter(|length| *length > 0)?;
        list.get(usize::try_from(self.below(length)).ok()?).cloned()
    }
}

/// Identifiers of a history, the same in every run of it; codes count up, so no two are alike.
pub struct SeededIds {
    chance: Mutex<Chance>,
    digits: AtomicU64,
}

impl SeededIds {
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Mutex::new(Chance::new(seed)),
            digits: AtomicU64::new(100_003),
        }
    }
}

impl Ids for SeededIds {
    fn uuid(&self) -> Uuid {
        let mut chance = self.chance.lock().unwrap();
        let (a, b) = (u128::from(chance.next()), u128::from(chance.next()));
        Builder::from_random_bytes((a << 64 | b).to_be_bytes()).into_uuid()
    }

    /// Not of the digits, which begin anew in each history: the row of the template's letter is in its database already.
    fn secret(&self) -> String {
        self.uuid().as_u128().to_string()
    }

    fn digits(&self, n: u32) -> String {
        let count = self.digits.fetch_add(7, Ordering::SeqCst) % 900_000 + 100_000;
        format!("{count:0width$}", width = usize::try_from(n).unwrap())
    }
}
