//! The list of server functions is `api.txt`, and nothing else is: the end-to-end tests of access and of bad input
//! take every function, argument and id from there.

#![allow(clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use app::staff::routes::{FILES, Needs, PAGES, STREAMS};
use cabinet::staff::roles::may;

const LIST: &str = include_str!("api.txt");

fn listed() -> impl Iterator<Item = &'static str> {
    LIST.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// The server functions; what the staff have are plain pages and forms.
fn lines() -> impl Iterator<Item = &'static str> {
    listed().filter(|line| line.starts_with("POST /api/v1/"))
}

/// Everything at the staff's workplace, and what of its table of roles opens it.
#[test]
fn the_workplace_is_listed_with_what_opens_it() {
    let needs = |needs: Needs| match needs {
        Needs::Nobody => "nobody".to_owned(),
        Needs::Colleague => "colleague".to_owned(),
        Needs::May(action) => action.code().to_owned(),
    };
    let mut there = BTreeSet::new();
    for page in PAGES {
        there.insert(format!("GET {} staff {}", page.path, needs(page.needs)));
        for form in page.forms {
            let path = format!("{}/{}", page.path, form.name);
            there.insert(format!("POST {path} staff {}", needs(form.needs)));
        }
    }
    for file in FILES {
        there.insert(format!("GET {} staff {}", file.path, needs(file.needs)));
    }
    for (path, open) in STREAMS {
        there.insert(format!("GET {path} staff {}", needs(*open)));
    }
    let listed: BTreeSet<String> = listed()
        .filter(|line| line.contains(" /staff"))
        .map(str::to_owned)
        .collect();
    assert_eq!(there, listed);
}

/// Whoever only reads changes nothing: a form needs a role that a page alone does not give, or is a look with a reason.
#[test]
fn an_auditor_can_send_no_form_that_changes_anything() {
    let looks = ["open", "find", "send", "leave"];
    for page in PAGES {
        for form in page.forms.iter().filter(|form| !looks.contains(&form.name)) {
            let Needs::May(action) = form.needs else {
                panic!("{}/{} is open to everybody", page.path, form.name);
            };
            let auditor = [cabinet::staff::Role::Auditor];
            assert!(!may(&auditor, action), "{}/{}", page.path, form.name);
        }
    }
}

/// Registration happens at link time: a program that uses nothing of `app` has no functions of it.
fn registered() -> BTreeSet<String> {
    let _linked = app::error::ApiError::new(app::error::Code::NotFound, "");
    server_fn::axum::server_fn_paths()
        .map(|(path, method)| format!("{method} {path}"))
        .collect()
}

#[test]
fn every_function_is_listed_and_every_listed_one_exists() {
    let listed: BTreeSet<String> = lines()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(lines().count(), listed.len(), "a function is listed twice");
    assert_eq!(registered(), listed);
}

#[test]
fn nothing_changes_by_get() {
    assert!(
        registered()
            .iter()
            .all(|function| function.starts_with("POST /api/v1/"))
    );
}

#[test]
fn the_list_says_who_may_call() {
    for line in listed() {
        let who = line.split(' ').nth(2);
        assert!(
            matches!(who, Some("anyone" | "visitor" | "borrower" | "staff")),
            "{line}"
        );
    }
}

/// An argument that is not listed would be attacked by no test.
#[test]
fn every_argument_is_listed() {
    let listed: BTreeMap<String, Vec<String>> = lines()
        .map(|line| {
            let mut words = line.split(' ').skip(1);
            let path = words
                .next()
                .unwrap_or_default()
                .trim_start_matches("/api/v1/");
            let arguments = words
                .skip(1)
                .map(|word| word.split('=').next().unwrap_or_default().to_owned());
            (path.to_owned(), arguments.collect())
        })
        .collect();
    let mut written = BTreeMap::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src")) {
        let source = fs::read_to_string(&file).expect("a source file");
        for function in source.split("#[server(").skip(1) {
            let (endpoint, arguments) = signature(function);
            written.insert(endpoint, arguments);
        }
    }
    assert_eq!(written, listed);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found
}

/// The endpoint and the arguments of what follows `#[server(`; one that may be missing ends with `?`.
fn signature(function: &str) -> (String, Vec<String>) {
    let endpoint = function
        .split("endpoint = \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let typed = function
        .split_once("fn ")
        .and_then(|(_, rest)| rest.split_once('('));
    let typed = typed
        .and_then(|(_, rest)| rest.split_once(')'))
        .map_or("", |(inside, _)| inside);
    let arguments = typed.split(',').filter_map(|argument| {
        let (name, kind) = argument.split_once(':')?;
        let mark = if kind.trim().starts_with("Option<") {
            "?"
        } else {
            ""
        };
        Some(format!("{}{mark}", name.trim()))
    });
    (endpoint.unwrap_or_default().to_owned(), arguments.collect())
}
