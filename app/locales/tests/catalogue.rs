//! The two languages say the same things, and every key that the code names is there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use locales::{Lang, Words};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

/// Message to the names of its arguments, of one language.
fn messages(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(lang),
        ".ftl",
        &mut found,
    );
    assert!(found.len() > 5, "{lang}: only {} files", found.len());
    let mut messages = BTreeMap::new();
    for path in found {
        let text = fs::read_to_string(&path).expect("readable");
        if let Err((_, errors)) = FluentResource::try_new(text.clone()) {
            panic!("{}: {errors:?}", path.display());
        }
        let mut current = None;
        for line in text.lines() {
            if let Some((key, _)) = line.split_once(" =")
                && !line.starts_with([' ', '#', '-'])
            {
                let key = key.to_owned();
                let before = messages.insert(key.clone(), BTreeSet::new());
                assert!(before.is_none(), "{}: {key} is there twice", path.display());
                current = Some(key);
            }
            let Some(arguments) = current.as_ref().and_then(|key| messages.get_mut(key)) else {
                continue;
            };
            for piece in line.split('$').skip(1) {
                let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                arguments.insert(piece[..end.unwrap_or(piece.len())].to_owned());
            }
        }
    }
    messages
}

#[test]
fn both_languages_have_the_same_messages_and_arguments() {
    let (ru, en) = (messages("ru"), messages("en"));
    let names = |all: &BTreeMap<String, _>| all.keys().cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = names(&ru)
        .symmetric_difference(&names(&en))
        .cloned()
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "in one language only");
    let differ: Vec<_> = ru.iter().filter(|(key, args)| en[*key] != **args).collect();
    assert!(differ.is_empty(), "other arguments in English: {differ:?}");
}

/// A percent or a rouble sign never begins a line: it is held by a space that does not break.
#[test]
fn a_sign_is_never_parted_from_its_number() {
    let mut sources = Vec::new();
    for folder in ["app/locales/ru", "app/locales/en"] {
        files(&root().join(folder), ".ftl", &mut sources);
    }
    files(&root().join("lenders"), ".toml", &mut sources);
    let mut parted = Vec::new();
    for path in sources {
        let text = fs::read_to_string(&path).expect("readable");
        let lines = text.lines().zip(1..);
        for (line, number) in lines.filter(|(line, _)| !line.starts_with('#')) {
            let held = |sign: &str| {
                let before = line.rsplit(sign).skip(1);
                before.filter(|text| text.ends_with(' ')).all(|text| {
                    let last = text.trim_end_matches(' ').chars().last();
                    !last.is_some_and(|last| last.is_ascii_digit() || last == '}')
                })
            };
            if !["%", "₽"].into_iter().all(held) {
                parted.push(format!("{}:{number}: {line}", path.display()));
            }
        }
    }
    assert!(
        parted.is_empty(),
        "write U+00A0 before the sign: {parted:#?}"
    );
}

#[test]
fn every_message_formats() {
    for lang in [Lang::Ru, Lang::En] {
        for key in messages(lang.code()).keys() {
            assert!(Words::new(lang).has(key), "{} {key}", lang.code());
        }
    }
}

/// The literal keys of `.t("key")`.
fn plain_keys(source: &str) -> Vec<String> {
    source.split(".t(").skip(1).filter_map(literal).collect()
}

/// The literal keys of `t!(words, "key", …)`.
fn formatted_keys(source: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for (at, _) in source.match_indices("t!(") {
        // `assert!(` and `format!(` end the same way.
        if source[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let arguments = source[at..].split_once(',').map(|(_, rest)| rest);
        keys.extend(arguments.and_then(literal));
    }
    keys
}

/// The string literal that stands right here, if one does: a computed key is checked where it is computed.
fn literal(text: &str) -> Option<String> {
    let rest = text.trim_start().strip_prefix('"')?;
    Some(rest[..rest.find('"')?].to_owned())
}

#[test]
fn every_key_in_the_code_is_in_the_catalogue() {
    let known = messages("ru");
    let mut sources = Vec::new();
    for folder in ["app/src", "cabinet/src", "server/src"] {
        files(&root().join(folder), ".rs", &mut sources);
    }
    let (mut seen, mut missing) = (0, BTreeSet::new());
    for path in sources {
        let source = fs::read_to_string(&path).expect("readable");
        for key in plain_keys(&source)
            .into_iter()
            .chain(formatted_keys(&source))
        {
            seen += 1;
            if !known.contains_key(&key) {
                missing.insert(format!("{key} ({})", path.display()));
            }
        }
    }
    assert!(
        seen > 200,
        "only {seen} keys found: has the way of naming them changed?"
    );
    assert!(missing.is_empty(), "no such message: {missing:#?}");
}

/// Texts of the pages, refusals and messages, in Russian, with the marks of arguments left in. Legal texts and documents
/// have a language of their own.
fn read_by_people() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("ru"),
        ".ftl",
        &mut found,
    );
    let mut texts = Vec::new();
    for path in found {
        let text = fs::read_to_string(&path).expect("readable");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (key, text) = line.split_once(" =").unwrap_or(("", line));
            let legal = [
                "legal-",
                "cabinet-document",
                "cabinet-terms",
                "status-basis",
            ];
            if !legal.iter().any(|start| key.starts_with(start)) {
                texts.push((key.to_owned(), text.trim().to_owned()));
            }
        }
    }
    texts
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['.', '?', ':', ';'])
        .map(str::trim)
        .filter(|sentence| sentence.split_whitespace().count() > 1)
        .collect()
}

/// What happened; then what to do, or that nothing is lost.
#[test]
fn every_refusal_goes_on_after_it_has_said_what_happened() {
    for lang in ["ru", "en"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(lang)
            .join("page-errors.ftl");
        let text = fs::read_to_string(path).expect("readable");
        let errors = text.lines().filter(|line| line.starts_with("error-"));
        let short: Vec<&str> = errors
            .filter(|line| sentences(line.split_once(" =").map_or("", |(_, text)| text)).len() < 2)
            .collect();
        assert!(short.is_empty(), "{lang}: {short:#?}");
    }
}

/// What there is to do, by the beginnings of words: an order, a possibility, or that nothing has to be done.
const STEPS: [&[&str]; 2] = [
    &[
        "попробу",
        "войдите",
        "проверьте",
        "обновите",
        "нажмите",
        "подождите",
        "выбер",
        "откройте",
        "прочита",
        "позвоните",
        "запросите",
        "напиш",
        "верн",
        "отзовите",
        "сделайте",
        "продолжите",
        "посмотрите",
        "найдите",
        "начните",
        "добавьте",
        "удалите",
        "отвяжите",
        "пройдите",
        "подтвердите",
        "задайте",
        "назначьте",
        "попросите",
        "дождитесь",
        "передайте",
        "возьмите",
        "ответьте",
        "привяжите",
        "пополните",
        "укажите",
        "смените",
        "примите",
        "допишите",
        "отправьте",
        "можно",
        "видно",
        "придёт",
        "откроется",
        "появ",
        "не нужно",
        "не надо",
        "поменяйте",
        "откажите",
        "исправьте",
        "наберите",
        "нужн",
        "нужен",
        "хватит",
        "цифр",
        "увеличьте",
        "уменьшите",
        "заплатите",
        "сфотографируйте",
        "снимите",
        "заполните",
        "назовите",
        "придумайте",
        "отметьте",
        "введите",
        "сказано",
        "оставьте",
        "восстановите",
    ],
    &[
        "try",
        "sign in",
        "check",
        "reload",
        "refresh",
        "press",
        "wait",
        "choose",
        "open",
        "read",
        "call",
        "ask",
        "write",
        "go back",
        "take",
        "make",
        "continue",
        "look",
        "find",
        "begin",
        "start",
        "add",
        "remove",
        "unlink",
        "type",
        "pass ",
        "confirm",
        "set ",
        "restore",
        "appoint",
        "withdraw",
        "answer",
        "link a",
        "top it",
        "give another",
        "replace",
        "accept",
        "complete",
        "send",
        "can",
        "says",
        "see it",
        "comes by",
        "appears",
        "nothing to do",
        "nothing needs",
        "opens",
        "need",
        "digits",
        "fill",
        "pay",
        "swap",
        "correct",
        "enough",
        "photograph",
        "decline",
        "name ",
        "tick",
        "give",
        "keep it",
        "leave",
        "use ",
        "think",
    ],
];

/// That nothing was lost, in one of the ways it is said.
const KEPT: [&[&str]; 2] = [
    &[
        "сохран",
        "не потерян",
        "не спис",
        "не списан",
        "спишется",
        "на месте",
        "не подписан",
        "не измен",
        "не меняется",
        "ещё действует",
        "ничего не долж",
        "не нужно",
        "не надо",
        "не нужна",
        "остался",
        "остались",
        "остаются",
        "не нужен",
        "не нужны",
    ],
    &[
        "kept",
        "is lost",
        "not lost",
        "nothing was charged",
        "nothing is charged",
        "not charged",
        "is signed",
        "was signed",
        "stay",
        "still works",
        "nothing has changed",
        "owe nothing",
        "nothing to do",
        "nothing needs",
        "no need",
        "has not changed",
        "nothing else",
        "not needed",
        "nothing left",
        "links work",
    ],
];

/// Keys that begin so, with their texts, in one language.
fn beginning(lang: &str, start: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(lang);
    files(&folder, ".ftl", &mut found);
    let mut texts: Vec<(String, String)> = Vec::new();
    for path in found {
        for line in fs::read_to_string(path).expect("readable").lines() {
            match line.split_once(" =") {
                Some((key, text)) if !line.starts_with([' ', '#', '*']) => {
                    texts.push((key.to_owned(), text.to_lowercase()));
                }
                // A message with plural forms goes on over several lines.
                _ => texts
                    .iter_mut()
                    .rev()
                    .take(1)
                    .for_each(|(_, text)| text.push_str(&line.to_lowercase())),
            }
        }
    }
    texts.retain(|(key, _)| key.starts_with(start));
    texts
}

/// Beside what happened, a refusal says what to do and that nothing was lost; a field, what belongs into it.
#[test]
fn every_refusal_has_a_next_step_and_loses_nothing() {
    for (lang, place) in [("ru", 0), ("en", 1)] {
        let says = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
        let (errors, fields) = (beginning(lang, "error-"), beginning(lang, "field-"));
        assert!(
            errors.len() > 120 && fields.len() > 60,
            "{lang}: {} {}",
            errors.len(),
            fields.len()
        );
        let aimless: Vec<_> = errors
            .iter()
            .chain(&fields)
            .filter(|(_, text)| !says(text, STEPS[place]))
            .collect();
        assert!(aimless.is_empty(), "{lang}: no next step: {aimless:#?}");
        let silent: Vec<_> = errors
            .iter()
            .filter(|(_, text)| !says(text, KEPT[place]))
            .collect();
        assert!(silent.is_empty(), "{lang}: is anything lost? {silent:#?}");
    }
}

/// A school leaver reads it at once: short sentences, no officialese, nobody is blamed or shouted at.
#[test]
fn pages_are_plainly_written() {
    const HEAVY: [&str; 14] = [
        "осуществ",
        "вышеуказан",
        "нижеследующ",
        "надлежащ",
        "в целях",
        "в соответствии",
        "посредством",
        "данный момент",
        "является",
        "производится",
        "необходимо",
        "вы не ",
        "по вашей вине",
        "некорректн",
    ];
    let texts = read_by_people();
    assert!(texts.len() > 400, "only {} texts", texts.len());
    let mut wrong = Vec::new();
    for (key, text) in texts {
        let lower = text.to_lowercase();
        for heavy in HEAVY.iter().filter(|heavy| lower.contains(**heavy)) {
            wrong.push(format!("{key}: «{heavy}»"));
        }
        if text.contains('!') {
            wrong.push(format!("{key}: an exclamation mark"));
        }
        for sentence in sentences(&text) {
            let words = sentence
                .split_whitespace()
                .filter(|word| word.len() > 1)
                .count();
            if words > 22 {
                wrong.push(format!("{key}: {words} words in one sentence"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
