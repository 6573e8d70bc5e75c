use super::*;

const ACCOUNT: &str = "40701810500000000001";

/// A statement with one document whose lines are these.
fn exchange(lines: &str) -> String {
    format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nРасчСчет={ACCOUNT}\r\n\
         СекцияРасчСчет\r\nРасчСчет={ACCOUNT}\r\nКонецРасчСчет\r\n\
         СекцияДокумент=Платежное поручение\r\n{lines}\r\nКонецДокумента\r\nКонецФайла\r\n"
    )
}

const WHOLE: &str = "Номер=17\r\nДата=22.11.2026\r\nСумма=1500.05\r\nДатаПоступило=23.11.2026\r\n\
    ПлательщикСчет=40817810000000000007\r\nПлательщик1=Иванова Анна\r\nПлательщикИНН=0\r\n\
    ПолучательСчет=40701810500000000001\r\nНазначениеПлатежа=Договор 2026-000017; без НДС";

#[test]
fn an_exchange_text_is_read_in_every_code_page() {
    let text = exchange(WHOLE);
    let windows = encoding_rs::WINDOWS_1251.encode(&text).0.into_owned();
    let dos_text = text.replace("=Windows", "=DOS");
    let mut dos = Vec::new();
    // The crate encodes no IBM866: letters are placed by their table.
    for c in dos_text.chars() {
        let code = u32::from(c);
        dos.push(match code {
            0x410..=0x43F => u8::try_from(code - 0x410 + 0x80).unwrap_or(b'?'),
            0x440..=0x44F => u8::try_from(code - 0x440 + 0xE0).unwrap_or(b'?'),
            _ => u8::try_from(code).unwrap_or(b'?'),
        });
    }
    for bytes in [text.clone().into_bytes(), windows, dos] {
        let parsed = clientbank::read(&decode::text(&bytes), ACCOUNT);
        assert_eq!(parsed.bad, []);
        let [entry] = parsed.entries.as_slice() else {
            panic!("{:?}", parsed.entries)
        };
        assert_eq!(
            entry.on.to_string(),
            "2026-11-23",
            "the day it arrived, not its own date"
        );
        assert_eq!(entry.amount, Kopecks::new(150_005));
        assert!(entry.incoming);
        assert_eq!(entry.purpose, "Договор 2026-000017; без НДС");
        assert_eq!((entry.payer.as_str(), entry.line), ("Иванова Анна", 8));
    }
}

#[test]
fn a_damaged_document_is_named_and_the_others_are_taken() {
    let text = exchange(WHOLE);
    let broken = text.replace("КонецФайла", "СекцияДокумент=Платежное поручение\nНомер=18");
    let parsed = clientbank::read(&broken, ACCOUNT);
    assert_eq!(parsed.entries.len(), 1);
    let lines: Vec<usize> = parsed.bad.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [19, 0]);
    assert!(parsed.bad.iter().all(|bad| !bad.remedy.is_empty()));
    let wrong = [
        ("Сумма=1500.05", "Сумма=-5"),
        ("Сумма=1500.05", "Сумма=1e9"),
        ("ДатаПоступило=23.11.2026", "ДатаПоступило="),
        ("ДатаПоступило=23.11.2026", "ДатаПоступило=31.02.2026"),
        ("ПолучательСчет=40701810500000000001", "ПолучательСчет=1"),
    ];
    for (from, to) in wrong {
        let parsed = clientbank::read(&exchange(&WHOLE.replace(from, to)), ACCOUNT);
        assert_eq!((parsed.entries.len(), parsed.bad.len()), (0, 1), "{to}");
        assert_eq!(parsed.bad[0].line, 8);
    }
    let another = text.replace(ACCOUNT, "40701810500000000002");
    let parsed = clientbank::read(&another, ACCOUNT);
    assert_eq!((parsed.entries.len(), parsed.bad[0].line), (0, 0));
}

#[test]
fn a_table_is_read_whatever_separates_it() {
    for separator in [";", "\t", ","] {
        let text = [
            "Выписка по счёту",
            "Дата|№|Контрагент|Дебет|Кредит|Назначение платежа",
            "23.11.2026|5|\"Иванова \"\"А\"\"\"||\"1 500,05\"|2026-000017",
            "23.11.2026|6|ООО|10.00||Услуги",
            "32.11.2026|7|ООО||10.00|2026-000017",
            "23.11.2026|8|ООО||ноль|2026-000017",
            "Итого||||1500.05|",
        ]
        .join("\n")
        .replace('|', separator);
        let parsed = table::read(&text);
        assert_eq!(parsed.entries.len(), 2, "{separator:?} {parsed:?}");
        assert_eq!(parsed.entries[0].amount, Kopecks::new(150_005));
        assert!(parsed.entries[0].incoming && !parsed.entries[1].incoming);
        let lines: Vec<usize> = parsed.bad.iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [5, 6]);
    }
    assert_eq!(table::read("nothing\nhere").bad[0].line, 0);
}

const REGISTER: &str = "23-11-2026;10-15-00;7700;01;1001;2026-000017;;;;1000,00;990,00;10,00\n\
    23-11-2026;10-16-00;7700;01;1002;2026000018;;;;500,50;495,00;5,50\n\
    =2;1500,50;1485,00;15,50;77;24-11-2026\n";

#[test]
fn a_register_with_wrong_totals_is_refused_whole() {
    let parsed = register::read(REGISTER);
    assert_eq!(
        (parsed.entries.len(), parsed.bad.len()),
        (2, 0),
        "{parsed:?}"
    );
    assert_eq!(parsed.entries[1].amount, Kopecks::new(50_050));
    assert_eq!(parsed.entries[1].purpose, "2026000018");
    for wrong in [
        REGISTER.replace("=2;", "=3;"),
        REGISTER.replace("=2;1500,50", "=2;1500,51"),
    ] {
        let parsed = register::read(&wrong);
        assert_eq!((parsed.entries.len(), parsed.bad.len()), (0, 1));
    }
    let named = "Дата;Номер договора;Сумма;Номер операции\n23.11.2026;2026-000017;100,00;1\n";
    assert_eq!(register::read(named).entries.len(), 1);
    assert_eq!(register::read("1;2;3\n").bad[0].line, 1);
    assert_eq!(register::read("").bad[0].line, 0);
}

/// Whatever comes, a file is read to its end, and nothing that is not money becomes money.
#[test]
fn hostile_files_end_in_words() {
    let mut nasty: Vec<Vec<u8>> = vec![
        vec![],
        vec![0xFF; 4096],
        vec![0; 4096],
        b"1CClientBankExchange".to_vec(),
        b"1CClientBankExchange\n=\n==\n\xD1=\n".to_vec(),
        exchange(&"=".repeat(100_000)).into_bytes(),
        exchange(&"Сумма=999999999999999999999999\n".repeat(1000)).into_bytes(),
        "\"".repeat(100_000).into_bytes(),
        ";".repeat(100_000).into_bytes(),
        "=\n=1\n=99999999999999999999;1\n".as_bytes().to_vec(),
        "Дата;Сумма;Назначение платежа\n\"23.11.2026;1;unclosed"
            .as_bytes()
            .to_vec(),
        "Дата;Сумма;Назначение платежа\n23.11.0001;1;x\n99.99.9999;1;x"
            .as_bytes()
            .to_vec(),
    ];
    for cut in (0..WHOLE.len()).step_by(7) {
        nasty.push(exchange(WHOLE).as_bytes()[..cut].to_vec());
    }
    for bytes in nasty {
        let text = decode::text(&bytes);
        for parsed in [
            clientbank::read(&text, ACCOUNT),
            table::read(&text),
            register::read(&text),
        ] {
            assert!(
                parsed
                    .entries
                    .iter()
                    .all(|entry| entry.amount.is_positive())
            );
            assert!(
                parsed
                    .bad
                    .iter()
                    .all(|bad| !bad.problem.is_empty() && !bad.remedy.is_empty())
            );
        }
    }
}
