//! Sums in words from 0 to 999 999 999.99, read back by a reader that knows grammar and no arithmetic of the writer: what
//! is read is the sum, and each noun stands in the form that the word before it asks for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use lending::{Kopecks, roubles_in_words};
use proptest::prelude::*;

const SMALL: [(&str, i64); 36] = [
    ("один", 1),
    ("два", 2),
    ("три", 3),
    ("четыре", 4),
    ("пять", 5),
    ("шесть", 6),
    ("семь", 7),
    ("восемь", 8),
    ("девять", 9),
    ("десять", 10),
    ("одиннадцать", 11),
    ("двенадцать", 12),
    ("тринадцать", 13),
    ("четырнадцать", 14),
    ("пятнадцать", 15),
    ("шестнадцать", 16),
    ("семнадцать", 17),
    ("восемнадцать", 18),
    ("девятнадцать", 19),
    ("двадцать", 20),
    ("тридцать", 30),
    ("сорок", 40),
    ("пятьдесят", 50),
    ("шестьдесят", 60),
    ("семьдесят", 70),
    ("восемьдесят", 80),
    ("девяносто", 90),
    ("сто", 100),
    ("двести", 200),
    ("триста", 300),
    ("четыреста", 400),
    ("пятьсот", 500),
    ("шестьсот", 600),
    ("семьсот", 700),
    ("восемьсот", 800),
    ("девятьсот", 900),
];

/// A counted noun: its three forms, its weight, whether it is feminine.
type Noun = ([&'static str; 3], i64, bool);

const NOUNS: [Noun; 3] = [
    (["миллион", "миллиона", "миллионов"], 1_000_000, false),
    (["тысяча", "тысячи", "тысяч"], 1_000, true),
    (["рубль", "рубля", "рублей"], 1, false),
];

/// Which form a noun takes, by the word before it alone.
fn form_after(word: &str) -> usize {
    match word {
        "один" | "одна" => 0,
        "два" | "две" | "три" | "четыре" => 1,
        _ => 2,
    }
}

/// One word of a number, in the gender of what it counts.
fn value(word: &str, feminine: bool) -> Option<i64> {
    match (word, feminine) {
        ("одна", true) => Some(1),
        ("две", true) => Some(2),
        ("один" | "два", true) => None,
        _ => SMALL
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, value)| *value),
    }
}

/// The sum of words, in kopecks; what is wrong with them otherwise.
fn read(text: &str) -> Result<i64, String> {
    let (roubles, kopecks) = text
        .rsplit_once(' ')
        .and_then(|(rest, noun)| {
            let (roubles, figures) = rest.rsplit_once(' ')?;
            Some((roubles, (figures, noun)))
        })
        .ok_or("too short")?;
    let (figures, noun) = kopecks;
    let right = match (figures.as_bytes(), figures.len()) {
        ([b'1', _], 2) => "копеек",
        ([_, b'1'], 2) => "копейка",
        ([_, b'2'..=b'4'], 2) => "копейки",
        (_, 2) => "копеек",
        _ => return Err(format!("«{figures}» is not two figures")),
    };
    if noun != right {
        return Err(format!("{figures} {noun}"));
    }
    let (mut sum, mut group, mut before) = (0, Vec::new(), "");
    let mut lightest = i64::MAX;
    for word in roubles.split(' ') {
        let counted = NOUNS.iter().find(|(forms, ..)| forms.contains(&word));
        if let Some((forms, weight, feminine)) = counted {
            // «два миллиона рублей»: a noun after another noun is counted by that one.
            if *weight >= lightest || forms[form_after(before)] != word {
                return Err(format!("«{before} {word}»"));
            }
            lightest = *weight;
            let mut digits = Vec::new();
            for part in group.drain(..) {
                digits.push(value(part, *feminine).ok_or(format!("«{part} {word}»"))?);
            }
            let falls = digits
                .windows(2)
                .all(|pair| pair[0].to_string().len() > pair[1].to_string().len());
            if !falls {
                return Err(format!("{digits:?} is no number"));
            }
            sum += digits.iter().sum::<i64>() * weight;
        } else if word != "ноль" {
            group.push(word);
        }
        before = word;
    }
    if lightest != 1 {
        return Err("no roubles".into());
    }
    let kopecks: i64 = figures.parse().map_err(|_| "kopecks")?;
    Ok(sum * 100 + kopecks)
}

fn check(kopecks: i64) {
    let text = roubles_in_words(Kopecks::new(kopecks));
    assert_eq!(read(&text), Ok(kopecks), "{kopecks}: {text}");
    let zero = text.starts_with("ноль ");
    assert_eq!(zero, kopecks < 100, "{text}");
    assert_eq!(text.matches("ноль").count(), usize::from(zero), "{text}");
}

#[test]
fn every_sum_to_a_hundred_thousand_roubles_and_every_kopeck() {
    for roubles in 0..100_000 {
        check(roubles * 100);
    }
    for kopecks in 0..100 {
        check(kopecks);
        check(99_999_999_900 + kopecks);
    }
}

#[test]
fn the_reader_refuses_wrong_grammar() {
    for wrong in [
        "один тысяча рублей 00 копеек",
        "две рубля 00 копеек",
        "два рублей 00 копеек",
        "пять рубля 00 копеек",
        "один рубль 01 копеек",
        "один рубль 11 копейка",
        "одна миллион рублей 00 копеек",
        "двадцать тринадцать рублей 00 копеек",
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]
    #[test]
    fn any_sum_to_a_thousand_million_reads_back(kopecks in 0_i64..=99_999_999_999) {
        check(kopecks);
    }
}
