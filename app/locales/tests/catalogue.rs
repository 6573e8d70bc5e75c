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
