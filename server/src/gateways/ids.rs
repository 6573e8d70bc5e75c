//! Chance: identifiers and the digits of codes, from the system's cryptographic generator.

use cabinet::ports::Ids;
use rand::RngExt;
use uuid::Uuid;

/// Random identifiers. Version 4: some of them stand in addresses, so none may be guessed from
/// another.
#[derive(Debug, Clone, Copy)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn digits(&self, n: u32) -> String {
        // The thread's generator is a cryptographic one (ChaCha), seeded by the system.
        let mut chance = rand::rng();
        (0..n)
            .map(|_| char::from(chance.random_range(b'0'..=b'9')))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_digits_of_the_asked_length_and_differ() {
        let codes: Vec<String> = (0..50).map(|_| RandomIds.digits(6)).collect();
        for code in &codes {
            assert!(
                code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()),
                "{code}"
            );
        }
        assert!(codes.iter().any(|code| *code != codes[0]));
    }
}
