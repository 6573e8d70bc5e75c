//! Which loan a line is about: the number of the contract, `2026-000001`, somewhere in its purpose.

/// People write the hyphen as they can.
const JOINTS: [char; 5] = ['-', '–', '—', '/', ' '];
const YEAR: usize = 4;
const NUMBER: usize = 6;

/// Payers whose transfers hold many payments at once: `ЮMoney`, Т-Банк, Сбербанк.
const COLLECTORS: [&str; 3] = ["7750005725", "7710140679", "7707083893"];

/// Every number of a contract that could be meant, each once, in the form that loans have.
pub(super) fn numbers(purpose: &str) -> Vec<String> {
    let chars: Vec<char> = purpose.chars().collect();
    let digit = |place: usize| chars.get(place).is_some_and(char::is_ascii_digit);
    let run = |from: usize, length: usize| (from..from + length).all(digit);
    let text = |from: usize, length: usize| chars[from..from + length].iter().collect::<String>();
    let mut found = Vec::new();
    for start in 0..chars.len() {
        if (start > 0 && digit(start - 1)) || !run(start, YEAR) {
            continue;
        }
        let joined = chars.get(start + YEAR).is_some_and(|c| JOINTS.contains(c));
        let rest = start + YEAR + usize::from(joined);
        if run(rest, NUMBER) && !digit(rest + NUMBER) {
            let number = format!("{}-{}", text(start, YEAR), text(rest, NUMBER));
            if !found.contains(&number) {
                found.push(number);
            }
        }
    }
    found
}

/// Whether a line without a number is the transfer of a whole register or of the acquirer.
pub(super) fn aggregate(purpose: &str, inn: &str) -> bool {
    purpose.to_lowercase().contains("реестр") || COLLECTORS.contains(&inn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for purpose in [
            "Погашение займа по договору 2026-000017 от 01.11.2026, НДС не облагается",
            "дог.№2026–000017 Иванова А.А.",
            "ДОГОВОР 2026/000017",
            "2026000017",
            "займ 2026 000017; 2026-000017",
        ] {
            assert_eq!(numbers(purpose), ["2026-000017"], "{purpose}");
        }
        for purpose in [
            "",
            "2026-00001",
            "12026-000017",
            "2026-0000171",
            "счёт 40701810500000000001",
        ] {
            assert_eq!(numbers(purpose), Vec::<String>::new(), "{purpose}");
        }
        assert_eq!(numbers("2026-000001 и 2026-000002").len(), 2);
    }
}
