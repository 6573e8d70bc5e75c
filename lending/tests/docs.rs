//! `docs/lending.md` tells the truth: every example in it is computed anew.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
mod story;

const PAGE: &str = include_str!("../../docs/lending.md");

/// A section of the page: its heading and its examples, blank lines in place of everything else, so
/// that a failing line has its number in the page.
struct Section {
    heading: &'static str,
    examples: String,
}

fn sections() -> Vec<Section> {
    let mut sections = Vec::new();
    let mut inside = false;
    let mut heading = "The page";
    let mut examples = String::new();
    for (index, line) in PAGE.lines().enumerate() {
        if let Some(next) = line.strip_prefix("## ").filter(|_| !inside) {
            sections.push(Section {
                heading,
                examples: std::mem::replace(&mut examples, "\n".repeat(index)),
            });
            heading = next;
        }
        let fence = line.starts_with("```");
        if inside && !fence {
            examples.push_str(line);
        }
        examples.push('\n');
        if fence {
            assert!(inside || line == "```example", "line {}", index + 1);
            inside = !inside;
        }
    }
    assert!(!inside, "an example has no end");
    sections.push(Section { heading, examples });
    sections
}

#[test]
fn every_example_of_the_page_is_computed() {
    let sections = sections();
    for section in &sections {
        let words = section.examples.split_whitespace().count();
        // The last section lists what no program can know.
        if section.heading == "What a lawyer should confirm" {
            assert_eq!(words, 0);
        } else {
            assert!(words > 0, "{} has no example", section.heading);
            story::check_stories(&section.examples);
        }
    }
    assert!(sections.len() > 15, "{} sections", sections.len());
}
