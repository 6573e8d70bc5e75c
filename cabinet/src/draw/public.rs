//! What everybody may read of a draw, and what anybody can check in it: no word of who takes part.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::pick::{Drum, METHOD, Seed, commitment, list_hash};
use crate::keys::hex;

/// A prize of the file, one row for each even where several are alike; its place is its index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPrize {
    /// What it is, in Russian.
    pub title: String,
    /// What it is worth, kopecks.
    pub value: i64,
}

/// Who won, by the ticket alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicWin {
    /// The prize's index.
    pub prize: usize,
    /// The ticket.
    pub ticket: String,
    /// The winner declined or did not answer: the prize is drawn again further down.
    pub lapsed: bool,
}

/// The file `/draws/{code}.json`. Hashes and the seed are lower-case hexadecimal, moments RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicDraw {
    /// `kopeck-draw/1`.
    pub form: String,
    /// The lender.
    pub lender: String,
    /// The draw.
    pub code: String,
    /// `open`, `closed`, `drawn`.
    pub state: String,
    /// The rules, in Russian, as they were published at the beginning.
    pub rules: String,
    /// SHA-256 of the rules' UTF-8.
    pub rules_hash: String,
    /// One person wins once at most.
    pub one_prize: bool,
    /// What is drawn.
    pub prizes: Vec<PublicPrize>,
    /// SHA-256 of the seed's 32 bytes, published at the beginning.
    pub commitment: String,
    /// When it was.
    pub opened_at: String,
    /// When the list was closed.
    pub closed_at: Option<String>,
    /// The tickets in ascending order; empty until the list is closed.
    pub tickets: Vec<String>,
    /// SHA-256 of the list.
    pub list_hash: Option<String>,
    /// When the prizes were drawn, or will be.
    pub draws_at: String,
    /// The seed, once they are.
    pub seed: Option<String>,
    /// Who won, in the order of drawing; prizes drawn again come last.
    pub results: Vec<PublicWin>,
}

/// 32 bytes of lower-case hexadecimal.
pub(super) fn seed_of(text: &str) -> Option<Seed> {
    let plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 64 || !text.bytes().all(plain) {
        return None;
    }
    let mut seed = [0; 32];
    for (at, byte) in seed.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(seed)
}

/// Computes everything again; answers what differs, a sentence each. Nothing is the same as right.
pub fn verify(draw: &PublicDraw) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |right: bool, told: String| {
        if !right {
            wrong.push(told);
        }
    };
    let form = &draw.form;
    must(form == METHOD, format!("form is {form:?}, not {METHOD:?}"));
    let rules = hex(&Sha256::digest(draw.rules.as_bytes()));
    must(
        rules == draw.rules_hash,
        format!("rules_hash should be {rules}"),
    );
    let promised = seed_of(&draw.commitment).is_some();
    must(
        promised,
        "commitment is not 64 hexadecimal digits".to_owned(),
    );
    let known = ["open", "closed", "drawn"].contains(&&*draw.state);
    must(known, format!("state is {:?}", draw.state));
    let unique: BTreeSet<&String> = draw.tickets.iter().collect();
    let sorted = unique.iter().copied().eq(&draw.tickets);
    must(
        sorted,
        "tickets are not in ascending order, each once".to_owned(),
    );
    if draw.state == "open" {
        let early = draw.list_hash.is_some() || draw.seed.is_some() || !draw.results.is_empty();
        must(
            !early,
            "an open draw has a list, a seed or results".to_owned(),
        );
        return wrong;
    }
    let list = list_hash(&draw.tickets);
    let same = draw.list_hash.as_ref() == Some(&list);
    must(same, format!("list_hash should be {list}"));
    if draw.state != "drawn" {
        let early = draw.seed.is_some() || !draw.results.is_empty();
        must(!early, "a seed or results before the drawing".to_owned());
        return wrong;
    }
    match draw.seed.as_deref().and_then(seed_of) {
        None => must(false, "seed is not 64 hexadecimal digits".to_owned()),
        Some(seed) => {
            let kept = commitment(&seed);
            let told = format!("commitment does not belong to the seed: it should be {kept}");
            must(kept == draw.commitment, told);
            wrong.extend(results(draw, &seed, &list));
        }
    }
    wrong
}

/// What differs in who won.
fn results(draw: &PublicDraw, seed: &Seed, list_hash: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let drum = Drum {
        seed,
        code: &draw.code,
        list_hash,
        one_prize: draw.one_prize,
    };
    let first = drum.first(draw.prizes.len(), &draw.tickets).len();
    if draw.results.len() < first {
        let count = draw.results.len();
        wrong.push(format!(
            "results are {count}, at least {first} prizes are won"
        ));
    }
    let mut taken: Vec<&str> = Vec::new();
    // What became of each prize so far: whether its last winner gave it up.
    let mut lapsed = vec![false; draw.prizes.len()];
    for (at, result) in draw.results.iter().enumerate() {
        let prize = result.prize;
        let due = if at < first {
            prize == at
        } else {
            lapsed.get(prize) == Some(&true)
        };
        if !due {
            wrong.push(format!(
                "results[{at}]: prize {prize} is not to be drawn here"
            ));
            continue;
        }
        let right = drum.pick(prize, &draw.tickets, &taken);
        if right != Some(&*result.ticket) {
            let right = right.unwrap_or("nobody");
            wrong.push(format!(
                "results[{at}]: prize {prize} is won by {right}, not by {}",
                result.ticket
            ));
        }
        taken.push(&result.ticket);
        if let Some(one) = lapsed.get_mut(prize) {
            *one = result.lapsed;
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn() -> PublicDraw {
        let seed = [7; 32];
        let tickets: Vec<String> = (10..40).map(|n| format!("{n:016x}-1")).collect();
        let list = list_hash(&tickets);
        let drum = Drum {
            seed: &seed,
            code: "test",
            list_hash: &list,
            one_prize: true,
        };
        let mut won = drum.first(2, &tickets);
        won.push(drum.pick(0, &tickets, &won).expect("a ticket"));
        let results = won.iter().zip([0, 1, 0]).enumerate();
        let results = results.map(|(at, (ticket, prize))| PublicWin {
            prize,
            ticket: (*ticket).to_owned(),
            lapsed: at == 0,
        });
        let prize = PublicPrize {
            title: "Чашка".into(),
            value: 100,
        };
        PublicDraw {
            form: METHOD.into(),
            lender: "ООО".into(),
            code: "test".into(),
            state: "drawn".into(),
            rules: "Правила".into(),
            rules_hash: hex(&Sha256::digest("Правила".as_bytes())),
            one_prize: true,
            prizes: vec![prize.clone(), prize],
            commitment: commitment(&seed),
            opened_at: String::new(),
            closed_at: None,
            results: results.collect(),
            tickets,
            list_hash: Some(list),
            draws_at: String::new(),
            seed: Some(hex(&seed)),
        }
    }

    #[test]
    fn what_was_drawn_is_computed_again() {
        assert_eq!(verify(&drawn()), Vec::<String>::new());
    }

    /// Every way to help somebody win leaves a trace.
    #[test]
    fn whatever_is_changed_is_told() {
        type Change = fn(&mut PublicDraw);
        let changes: [(&str, Change); 9] = [
            ("commitment does not belong", |it| {
                it.seed = Some("0".repeat(64));
            }),
            ("list_hash should be", |it| it.tickets.push("zz-1".into())),
            ("list_hash should be", |it| drop(it.tickets.remove(3))),
            ("rules_hash should be", |it| it.rules.push('!')),
            ("is won by", |it| {
                it.results[1].ticket = it.tickets[0].clone();
            }),
            ("is not to be drawn", |it| it.results[0].lapsed = false),
            ("results are 1", |it| it.results.truncate(1)),
            ("ascending", |it| it.tickets.swap(0, 1)),
            ("is won by", |it| {
                it.list_hash = None;
                it.tickets.push("zz-1".into());
            }),
        ];
        for (told, change) in changes {
            let mut draw = drawn();
            change(&mut draw);
            let wrong = verify(&draw).join("\n");
            assert!(wrong.contains(told), "{told}: {wrong}");
        }
    }

    #[test]
    fn before_the_drawing_nothing_of_it_may_be_there() {
        let early = PublicDraw {
            state: "closed".into(),
            ..drawn()
        };
        assert!(verify(&early).join("").contains("before the drawing"));
        let mut closed = early;
        (closed.seed, closed.results) = (None, Vec::new());
        assert_eq!(verify(&closed), Vec::<String>::new());
    }
}
