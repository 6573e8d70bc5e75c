//! Time, identifiers and the digits of codes.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The business clock: the only source of "now" in the program.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
    /// The moment by the machine, for what must not be moved with the business clock: how long a
    /// worker holds a row.
    fn machine(&self) -> DateTime<Utc> {
        self.now()
    }
}

/// Fresh identifiers and secret digits.
pub trait Ids: Send + Sync {
    /// A new identifier, never repeated.
    fn uuid(&self) -> Uuid;
    /// `n` decimal digits from a cryptographic generator.
    fn digits(&self, n: u32) -> String;
    /// A secret nobody can guess, 140 bits in decimal digits: a device's cookie, a letter's link.
    fn secret(&self) -> String {
        (0..7).map(|_| self.digits(6)).collect()
    }
    /// 32 bytes nobody can guess, of two secrets: the seed of a draw.
    fn seed(&self) -> [u8; 32] {
        let secrets = format!("{}{}", self.secret(), self.secret());
        Sha256::digest(secrets.as_bytes()).into()
    }
}
