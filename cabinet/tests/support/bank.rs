//! The lender's bank: statements in the text that every bank's client program exchanges.
#![allow(clippy::unwrap_used)]
#![allow(dead_code, reason = "each story uses a part")]

/// The demo lender's account.
pub const ACCOUNT: &str = "40701810500000000001";

/// A payment order that has come, with its purpose.
pub fn document(number: u64, on: &str, sum: &str, purpose: &str) -> String {
    format!(
        "СекцияДокумент=Платежное поручение\nНомер={number}\nСумма={sum}\nДатаПоступило={on}\n\
         ПлательщикСчет=40817810000000000007\nПлательщик=Иванова Анна\n\
         ПолучательСчет={ACCOUNT}\nНазначениеПлатежа={purpose}\nКонецДокумента\n"
    )
}

/// The file of these orders, as banks write it.
pub fn file(documents: &[String]) -> Vec<u8> {
    let text = format!(
        "1CClientBankExchange\nКодировка=Windows\nРасчСчет={ACCOUNT}\n{}КонецФайла\n",
        documents.concat()
    );
    let mut bytes = Vec::new();
    for c in text.chars() {
        // windows-1251 by its table: capitals, small letters, the rest is latin.
        bytes.push(match u32::from(c) {
            code @ 0x410..=0x44F => u8::try_from(code - 0x410 + 0xC0).unwrap(),
            code => u8::try_from(code).unwrap(),
        });
    }
    bytes
}
