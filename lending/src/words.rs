//! Amounts in Russian words, for the contract and its frames.

use crate::money::Kopecks;

/// The grammatical gender of what is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gender {
    Masculine,
    Feminine,
}

/// The three forms a Russian noun takes after a number: 1, 2–4, 5 and more.
type Forms = [&'static str; 3];

const HUNDREDS: [&str; 10] = [
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
];
const TENS: [&str; 10] = [
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
];
const UNITS: [&str; 20] = [
    "",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];

/// Groups of three digits from the highest: their divisor, name and gender.
const GROUPS: [(u64, Forms, Gender); 5] = [
    (
        1_000_000_000_000_000,
        ["квадриллион", "квадриллиона", "квадриллионов"],
        Gender::Masculine,
    ),
    (
        1_000_000_000_000,
        ["триллион", "триллиона", "триллионов"],
        Gender::Masculine,
    ),
    (
        1_000_000_000,
        ["миллиард", "миллиарда", "миллиардов"],
        Gender::Masculine,
    ),
    (
        1_000_000,
        ["миллион", "миллиона", "миллионов"],
        Gender::Masculine,
    ),
    (1_000, ["тысяча", "тысячи", "тысяч"], Gender::Feminine),
];

/// `три тысячи шестьсот рублей 00 копеек`; a negative amount begins with `минус`.
pub fn roubles_in_words(amount: Kopecks) -> String {
    let magnitude = amount.get().unsigned_abs();
    let (roubles, kopecks) = (magnitude / 100, magnitude % 100);
    let sign = if amount.get().is_negative() {
        "минус "
    } else {
        ""
    };
    format!(
        "{sign}{} {} {kopecks:02} {}",
        number(roubles, Gender::Masculine),
        form(roubles, ["рубль", "рубля", "рублей"]),
        form(kopecks, ["копейка", "копейки", "копеек"]),
    )
}

/// `двести девяносто два процента`, `двести девяносто две целых сто сорок шесть тысячных
/// процента`: from thousandths of a percent. Zeros at the end of the fraction are dropped first,
/// so 0.5 % is `ноль целых пять десятых процента`.
pub fn percent_in_words(thousandths: i64) -> String {
    let magnitude = thousandths.unsigned_abs();
    let sign = if thousandths.is_negative() {
        "минус "
    } else {
        ""
    };
    let (whole, fraction) = (magnitude / 1000, magnitude % 1000);
    if fraction == 0 {
        let noun = form(whole, ["процент", "процента", "процентов"]);
        return format!("{sign}{} {noun}", number(whole, Gender::Masculine));
    }
    let (fraction, parts) = if fraction % 100 == 0 {
        (fraction / 100, ["десятая", "десятых", "десятых"])
    } else if fraction % 10 == 0 {
        (fraction / 10, ["сотая", "сотых", "сотых"])
    } else {
        (fraction, ["тысячная", "тысячных", "тысячных"])
    };
    format!(
        "{sign}{} {} {} {} процента",
        number(whole, Gender::Feminine),
        form(whole, ["целая", "целых", "целых"]),
        number(fraction, Gender::Feminine),
        form(fraction, parts),
    )
}

/// The form of a noun after a number.
fn form(count: u64, forms: Forms) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=14) => forms[2],
        (1, _) => forms[0],
        (2..=4, _) => forms[1],
        _ => forms[2],
    }
}

/// A whole number in words.
fn number(value: u64, gender: Gender) -> String {
    if value == 0 {
        return String::from("ноль");
    }
    let mut words: Vec<&str> = Vec::new();
    let mut left = value;
    for (divisor, forms, group_gender) in GROUPS {
        let group = left / divisor;
        left %= divisor;
        if group > 0 {
            below_thousand(group % 1000, group_gender, &mut words);
            words.push(form(group, forms));
        }
    }
    below_thousand(left, gender, &mut words);
    words.join(" ")
}

fn below_thousand(value: u64, gender: Gender, words: &mut Vec<&'static str>) {
    let digit = |number: u64| usize::try_from(number).unwrap_or(0);
    let rest = value % 100;
    let (tens, units) = if rest < 20 {
        (0, rest)
    } else {
        (rest / 10, rest % 10)
    };
    let unit = match (units, gender) {
        (1, Gender::Feminine) => "одна",
        (2, Gender::Feminine) => "две",
        _ => UNITS[digit(units)],
    };
    let parts = [HUNDREDS[digit(value / 100)], TENS[digit(tens)], unit];
    words.extend(parts.into_iter().filter(|word| !word.is_empty()));
}
