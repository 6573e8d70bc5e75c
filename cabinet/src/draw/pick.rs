//! The drawing itself: pure, the same from the same bytes, and written down in docs/draws.md so that anybody can
//! compute it again.

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::keys::hex;

/// The name of this way of drawing; it stands first in everything that is hashed with the seed.
pub const METHOD: &str = "kopeck-draw/1";

/// A seed: 32 bytes.
pub type Seed = [u8; 32];

/// SHA-256 of the seed's bytes, hexadecimal: published when the draw begins.
pub fn commitment(seed: &Seed) -> String {
    hex(&Sha256::digest(seed))
}

/// SHA-256 of the tickets in ascending order of their bytes, each with a line feed after it.
pub fn list_hash<T: AsRef<str>>(tickets: &[T]) -> String {
    let mut sorted: Vec<&str> = tickets.iter().map(AsRef::as_ref).collect();
    sorted.sort_unstable();
    let mut hash = Sha256::new();
    for ticket in sorted {
        hash.update(ticket.as_bytes());
        hash.update(b"\n");
    }
    hex(&hash.finalize())
}

/// Whose a ticket is, without saying who: the part before its last hyphen.
pub fn holder(ticket: &str) -> &str {
    ticket.rsplit_once('-').map_or(ticket, |(holder, _)| holder)
}

/// What a drawing is made of.
#[derive(Debug, Clone, Copy)]
pub struct Drum<'a> {
    /// The seed.
    pub seed: &'a Seed,
    /// The draw's code.
    pub code: &'a str,
    /// The hash of the list.
    pub list_hash: &'a str,
    /// One person wins once at most.
    pub one_prize: bool,
}

impl Drum<'_> {
    /// HMAC-SHA256 of a ticket for a prize, keyed with the seed. The smallest wins.
    pub fn score(&self, prize: usize, ticket: &str) -> [u8; 32] {
        // HMAC fills a short key with zeros up to the hash's block; done here, no length can be wrong.
        let mut block = [0; 64];
        block[..self.seed.len()].copy_from_slice(self.seed);
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
        let (code, list) = (self.code, self.list_hash);
        mac.update(format!("{METHOD}\n{list}\n{code}\n{prize}\n{ticket}").as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The ticket that wins a prize: the one of the smallest score among those that may still win; none when none may.
    pub fn pick<'t>(&self, prize: usize, tickets: &'t [String], taken: &[&str]) -> Option<&'t str> {
        let barred = |ticket: &str| {
            let same = |won: &&str| {
                let held = self.one_prize && holder(won) == holder(ticket);
                held || *won == ticket
            };
            taken.iter().any(same)
        };
        let may = tickets.iter().filter(|ticket| !barred(ticket));
        may.map(|ticket| (self.score(prize, ticket), ticket.as_str()))
            .min()
            .map(|(_, ticket)| ticket)
    }

    /// The first drawing: the winner of each prize in their order, until no ticket may win any more.
    pub fn first<'t>(&self, prizes: usize, tickets: &'t [String]) -> Vec<&'t str> {
        let mut won = Vec::new();
        for prize in 0..prizes {
            let Some(ticket) = self.pick(prize, tickets, &won) else {
                break;
            };
            won.push(ticket);
        }
        won
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets(count: usize) -> Vec<String> {
        let name = |n: usize| format!("{:016x}-1", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        (0..count).map(name).collect()
    }

    fn seed(n: u32) -> Seed {
        Sha256::digest(n.to_be_bytes()).into()
    }

    fn drum<'a>(seed: &'a Seed, list_hash: &'a str) -> Drum<'a> {
        let (code, one_prize) = ("test", true);
        Drum {
            seed,
            code,
            list_hash,
            one_prize,
        }
    }

    /// Twenty tickets, 20 000 seeds: each wins about a thousand times. The 0.1 % bound of chi-square with 19 degrees of
    /// freedom is 43.8; the seeds are fixed, so the answer is too.
    #[test]
    fn every_ticket_wins_as_often() {
        let tickets = tickets(20);
        let list = list_hash(&tickets);
        for prize in [0, 1] {
            let mut wins = vec![0_i64; tickets.len()];
            for n in 0..20_000 {
                let seed = seed(n);
                let won = drum(&seed, &list)
                    .pick(prize, &tickets, &[])
                    .expect("a winner");
                let at = tickets
                    .iter()
                    .position(|ticket| ticket == won)
                    .expect("listed");
                wins[at] += 1;
            }
            // Thousandths of chi-square: the expected count is 1000.
            let chi: i64 = wins.iter().map(|count| (count - 1000).pow(2)).sum();
            assert!(chi < 43_800, "{chi} {wins:?}");
            assert!(chi > 5_000, "too even to be random: {chi}");
        }
    }

    #[test]
    fn the_order_of_coming_changes_nothing() {
        let mut tickets = tickets(50);
        let (seed, list) = (seed(7), list_hash(&tickets));
        let won: Vec<String> = drum(&seed, &list)
            .first(5, &tickets)
            .into_iter()
            .map(str::to_owned)
            .collect();
        for turn in 0..50 {
            tickets.rotate_left(turn);
            tickets.swap(3, 40);
            assert_eq!(list_hash(&tickets), list);
            assert_eq!(drum(&seed, &list).first(5, &tickets), won);
        }
    }

    #[test]
    fn one_person_wins_once_where_the_rules_say_so() {
        let tickets: Vec<String> = (1..=9).map(|n| format!("aaaa-{n}")).collect();
        let (seed, list) = (seed(1), list_hash(&tickets));
        let once = drum(&seed, &list);
        assert_eq!(once.first(5, &tickets).len(), 1);
        let often = Drum {
            one_prize: false,
            ..once
        };
        assert_eq!(often.first(5, &tickets).len(), 5);
        assert_eq!(often.first(20, &tickets).len(), 9);
        assert!(once.first(3, &[]).is_empty());
    }

    #[test]
    fn any_other_byte_is_another_drawing() {
        let tickets = tickets(1000);
        let (one, other) = (seed(1), seed(2));
        let list = list_hash(&tickets);
        let won = drum(&one, &list).first(3, &tickets);
        assert_ne!(drum(&other, &list).first(3, &tickets), won);
        assert_ne!(
            drum(&one, &list_hash(&tickets[1..])).first(3, &tickets),
            won
        );
        let renamed = Drum {
            code: "tests",
            ..drum(&one, &list)
        };
        assert_ne!(renamed.first(3, &tickets), won);
        assert_ne!(commitment(&one), commitment(&other));
        // SHA-256 of nothing, as everybody computes it.
        let nothing: [&str; 0] = [];
        assert!(list_hash(&nothing).starts_with("e3b0c44298fc1c149afbf4c8996fb924"));
    }
}
