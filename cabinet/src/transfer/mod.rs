//! The payment QR of ГОСТ Р 56042: a bank's application reads it and fills in the whole transfer,
//! with the number that finds the loan again in the statement.

use lending::Kopecks;

use crate::lender::Lender;

/// The longest name and purpose, in characters.
const NAME: usize = 160;
const PURPOSE: usize = 210;

/// The text of the code for a loan's number and a sum: `ST00012`, that is version 1 in UTF-8.
pub fn payload(lender: &Lender, number: &str, sum: Kopecks) -> String {
    let money = &lender.requisites;
    let purpose = format!("Погашение займа по договору {number}. Без НДС");
    let fields = [
        ("Name", field(&lender.legal_name, NAME)),
        ("PersonalAcc", field(&money.account, 20)),
        ("BankName", field(&money.bank, 45)),
        ("BIC", field(&money.bic, 9)),
        ("CorrespAcc", field(&money.corr, 20)),
        ("PayeeINN", field(&lender.inn, 12)),
        ("Purpose", field(&purpose, PURPOSE)),
        ("Contract", field(number, 20)),
        // Whole kopecks, without a dot.
        ("Sum", sum.get().to_string()),
    ];
    fields
        .into_iter()
        .fold("ST00012".to_owned(), |text, (name, value)| {
            format!("{text}|{name}={value}")
        })
}

/// The sign between fields can't stand inside one.
fn field(text: &str, longest: usize) -> String {
    text.replace('|', " ").chars().take(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_standard_s() {
        let text = std::fs::read_to_string("../lenders/demo.toml").expect("demo");
        let mut lender = Lender::parse(&text).expect("lender");
        lender.legal_name = "ООО МКК «Копейка»|x".into();
        let payload = payload(&lender, "2026-000017", Kopecks::new(1_759_296));
        assert_eq!(
            payload,
            "ST00012|Name=ООО МКК «Копейка» x|PersonalAcc=40701810500000000001|\
             BankName=АО «Демобанк», г. Москва|BIC=044500001|CorrespAcc=30101810100000000001|\
             PayeeINN=7700000016|Purpose=Погашение займа по договору 2026-000017. Без НДС|\
             Contract=2026-000017|Sum=1759296"
        );
    }
}
