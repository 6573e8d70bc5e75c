//! `kopeck draw verify`, and the same computation by a program that shares nothing with ours.
#![allow(clippy::expect_used, clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A draw of 60 tickets and 4 prizes, one of them drawn again.
fn drawn() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/draw.json")
}

fn kopeck(file: &Path) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_kopeck"));
    program.args(["draw", "verify"]).arg(file);
    program.output().expect("it runs")
}

/// The script of docs/draws.md: the standard library of Python and nothing of ours.
fn others(file: &Path) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/draw.py");
    let mut program = Command::new("python3");
    program.arg(script).arg(file);
    program.output().expect("python3 runs")
}

fn changed(name: &str, change: impl Fn(&mut serde_json::Value)) -> PathBuf {
    let text = fs::read_to_string(drawn()).expect("the file");
    let mut draw = serde_json::from_str(&text).expect("JSON");
    change(&mut draw);
    let file = std::env::temp_dir().join(format!("kopeck-draw-{}-{name}.json", std::process::id()));
    fs::write(&file, draw.to_string()).expect("written");
    file
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn what_was_drawn_is_the_same_for_everybody() {
    let said = kopeck(&drawn());
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    assert_eq!(code(&said), Some(0), "{said:?}");
    assert!(text.contains("OK") && text.contains("60 tickets"), "{text}");
    let others = others(&drawn());
    assert_eq!(code(&others), Some(0), "{others:?}");
}

#[test]
fn whatever_was_changed_is_named_by_both() {
    type Change = fn(&mut serde_json::Value);
    let changes: [(&str, &str, Change); 5] = [
        ("winner", "is won by", |it| {
            it["results"][1]["ticket"] = it["tickets"][0].clone();
        }),
        ("seed", "commitment", |it| {
            it["seed"] = "00".repeat(32).into();
        }),
        ("ticket", "list_hash", |it| {
            it["tickets"][7] = "00aa-1".into();
        }),
        ("rules", "rules_hash", |it| {
            it["rules"] = "Другие правила".into();
        }),
        ("lapsed", "not to be drawn", |it| {
            it["results"][0]["lapsed"] = false.into();
        }),
    ];
    for (name, told, change) in changes {
        let file = changed(name, change);
        let said = kopeck(&file);
        let text = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(code(&said), Some(1), "{name}: {text}");
        assert!(text.contains(told), "{name}: {text}");
        let others = others(&file);
        assert_eq!(code(&others), Some(1), "{name}: {others:?}");
        fs::remove_file(file).expect("removed");
    }
}

#[test]
fn a_file_that_is_no_draw_is_not_a_right_one() {
    let file = changed("form", |it| *it = serde_json::json!({ "code": "x" }));
    let said = kopeck(&file);
    assert_eq!(code(&said), Some(2), "{said:?}");
    fs::remove_file(file).expect("removed");
    assert_eq!(code(&kopeck(Path::new("/nowhere.json"))), Some(2));
}
