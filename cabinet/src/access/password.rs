//! Passwords: what is refused, how they are hashed, and how one is set.
//!
//! Argon2id of RFC 9106 in the size OWASP names first (19 MiB, two passes). A hash takes tens of
//! milliseconds and of megabytes, so it runs on a thread of its own, and few at a time.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use flate2::read::GzDecoder;
use tokio::sync::Semaphore;

use crate::error::{CabinetError, Result};

/// The fewest letters of a password.
pub const SHORTEST: usize = 8;
/// The most; longer ones only cost us time.
pub const LONGEST: usize = 128;
/// Kibibytes and passes of one hash.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes at once: 19 MiB each, and a core each.
const AT_ONCE: usize = 4;

/// Hashes passwords off the threads that answer requests.
#[derive(Debug)]
pub struct Hasher {
    room: Semaphore,
    hashes: AtomicU64,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            room: Semaphore::new(AT_ONCE),
            hashes: AtomicU64::new(0),
        }
    }
}

impl Hasher {
    /// How many hashes were computed: a test compares the work behind two answers.
    pub fn hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    /// The Argon2id string of a password, with its parameters and a salt of its own.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.compute(move || {
            let hash = argon2()?.hash_password(password.as_bytes());
            Ok(hash.map_err(CabinetError::internal)?.to_string())
        })
        .await
    }

    /// Whether a password is the one of a hash. Without a hash the work is done all the same, on
    /// one that nobody's password has, and the answer is no.
    pub async fn matches(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| {
            let hash = argon2().ok()?.hash_password(b"nobody has this one").ok()?;
            Some(hash.to_string())
        });
        let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
        self.compute(move || {
            let known = hash.is_some();
            let hash = hash
                .or_else(|| NOBODYS.clone())
                .ok_or_else(|| CabinetError::internal("no hash to compare with"))?;
            let parsed = PasswordHash::new(&hash).map_err(CabinetError::internal)?;
            let same = argon2()?.verify_password(password.as_bytes(), &parsed);
            Ok(same.is_ok() && known)
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _room = self.room.acquire().await.map_err(CabinetError::internal)?;
        self.hashes.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(work)
            .await
            .map_err(CabinetError::internal)?
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(CabinetError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Passwords that everybody tries first; `data/README.md` says where they come from.
static COMMON: LazyLock<BTreeSet<Box<str>>> = LazyLock::new(|| {
    let packed = include_bytes!("../../data/common-passwords.txt.gz");
    let mut text = String::new();
    // Our own file, read by a test; a program without the list still asks for eight letters.
    let _ = GzDecoder::new(&packed[..]).read_to_string(&mut text);
    text.lines().map(Box::from).collect()
});

/// What is wrong with a new password: `password_short` (with `min`), `password_long` (with `max`),
/// `password_common`, `password_own` (it holds the phone or the e-mail). No rules on which letters
/// it is made of.
pub(crate) fn complaint(password: &str, own: &[&str]) -> Option<crate::FieldError> {
    let wrong = |code| crate::FieldError::new("password", code);
    let length = password.chars().count();
    if length == 0 {
        return Some(wrong("required"));
    }
    if length < SHORTEST {
        return Some(wrong("password_short").with("min", SHORTEST));
    }
    if length > LONGEST {
        return Some(wrong("password_long").with("max", LONGEST));
    }
    let small = password.to_lowercase();
    let latin = as_latin_keys(&small);
    if monotonous(&small) || COMMON.contains(small.as_str()) || COMMON.contains(latin.as_str()) {
        return Some(wrong("password_common"));
    }
    let holds = |part: &&str| part.chars().count() >= 6 && small.contains(&part.to_lowercase());
    own.iter().any(holds).then(|| wrong("password_own"))
}

/// One letter again and again, or the next one each time.
fn monotonous(text: &str) -> bool {
    let letters: Vec<u32> = text.chars().map(u32::from).collect();
    [0_i64, 1, -1].into_iter().any(|step| {
        letters
            .windows(2)
            .all(|pair| i64::from(pair[1]) - i64::from(pair[0]) == step)
    })
}

/// «йцукенгш» is `qwertyui` to somebody who tries passwords.
fn as_latin_keys(text: &str) -> String {
    const CYRILLIC: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";
    const LATIN: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
    text.chars()
        .map(|letter| {
            CYRILLIC
                .chars()
                .zip(LATIN.chars())
                .find_map(|(from, to)| (from == letter).then_some(to))
                .unwrap_or(letter)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        complaint(password, &["79001234567", "maria@example.ru"]).map(|error| error.code)
    }

    #[test]
    fn only_length_and_fame_are_asked_of_a_password() {
        assert!(COMMON.len() > 30_000);
        assert_eq!(code(""), Some("required"));
        assert_eq!(code("каша1"), Some("password_short"));
        assert_eq!(code(&"я".repeat(129)), Some("password_long"));
        for famous in [
            "password1",
            "PASSWORD1",
            "qwertyui",
            "йцукенгш",
            "88888888",
            "abcdefgh",
        ] {
            assert_eq!(code(famous), Some("password_common"), "{famous}");
        }
        assert_eq!(code("my79001234567"), Some("password_own"));
        assert_eq!(code("maria@example.ru"), Some("password_own"));
        for good in [
            "восемь сосен",
            "tuwmqpxz",
            "        . .",
            &"я".repeat(7).replace('я', "яч"),
        ] {
            assert_eq!(code(good), None, "{good}");
        }
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_and_nobody_matches_without_one() {
        let hasher = Hasher::default();
        let hash = hasher.hash("восемь сосен").await.expect("a hash");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert_ne!(hash, hasher.hash("восемь сосен").await.expect("a hash"));
        assert!(
            hasher
                .matches("восемь сосен", Some(&hash))
                .await
                .expect("yes")
        );
        assert!(
            !hasher
                .matches("девять сосен", Some(&hash))
                .await
                .expect("no")
        );
        assert!(
            !hasher
                .matches("nobody has this one", None)
                .await
                .expect("no")
        );
        assert_eq!(hasher.hashes(), 5);
    }
}
