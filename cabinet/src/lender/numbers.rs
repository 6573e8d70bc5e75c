//! Numbers with check digits: the company's and its account's.

fn digits(text: &str, count: usize) -> Option<Vec<u32>> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    (digits.len() == count && text.len() == count).then_some(digits)
}

/// Whether ten digits are a company's taxpayer number (order of the tax service ЕД-7-14/559).
pub(super) fn inn(text: &str) -> bool {
    digits(text, 10).is_some_and(|digits| {
        let weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
        let sum: u32 = weights.iter().zip(&digits).map(|(w, d)| w * d).sum();
        sum % 11 % 10 == digits[9]
    })
}

/// Whether thirteen digits are a company's registration number (order of the Ministry of Finance 165н).
pub(super) fn ogrn(text: &str) -> bool {
    let number = |digits: &[u32]| digits.iter().fold(0_u64, |sum, d| sum * 10 + u64::from(*d));
    digits(text, 13).is_some_and(|digits| number(&digits[..12]) % 11 % 10 == u64::from(digits[12]))
}

/// Whether nine digits may be a Russian bank's code: they begin with 04.
pub(crate) fn bic(text: &str) -> bool {
    digits(text, 9).is_some() && text.starts_with("04")
}

/// Whether the account's check digit agrees with the bank's code (Bank of Russia, 08.09.1997 № 515).
pub(crate) fn account(bic: &str, account: &str) -> bool {
    bic.get(6..).is_some_and(|bank| keyed(bank, account))
}

/// The same of a correspondent account: it is kept by the branch of the Bank of Russia.
pub(super) fn correspondent(bic: &str, account: &str) -> bool {
    bic.get(4..6)
        .is_some_and(|branch| keyed(&format!("0{branch}"), account))
}

fn keyed(bank: &str, account: &str) -> bool {
    digits(&format!("{bank}{account}"), 23).is_some_and(|digits| {
        let weights = [7, 1, 3].into_iter().cycle();
        weights.zip(&digits).map(|(w, d)| w * d % 10).sum::<u32>() % 10 == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_numbers_hold() {
        // The Bank of Russia's own, and the budget account of its Moscow branch's clients.
        assert!(inn("7702235133") && !inn("7702235134"));
        assert!(ogrn("1037700013020") && !ogrn("1037700013021"));
        assert!(bic("044525225") && !bic("144525225"));
        assert!(correspondent("044525225", "30101810400000000225"));
        assert!(!correspondent("044525225", "30101810400000000226"));
        // One digit of ten agrees with the bank.
        let agree = (0..10)
            .filter(|key| account("044525225", &format!("40702810{key}38000060473")))
            .count();
        assert_eq!(agree, 1);
    }
}
