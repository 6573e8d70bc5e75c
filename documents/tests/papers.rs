//! Every template with what the cabinet gives it (`samples/`, written by the cabinet's own tests): the words are there,
//! in embedded fonts, in the same bytes each time, and the frames have the size the law names. The reader is poppler.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use chrono::{DateTime, TimeZone as _, Utc};
use documents::{Job, TEMPLATES, TypesetError, Typesetter};
use serde_json::Value;

static TYPESETTER: LazyLock<Typesetter> = LazyLock::new(Typesetter::new);

fn sample(template: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("samples/{template}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|_| {
        panic!(
            "{}: KOPECK_WRITE_SAMPLES=1 cargo test -p cabinet --test documents",
            path.display()
        )
    });
    serde_json::from_str(&text).unwrap()
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap()
}

fn made(template: &str, data: &Value) -> Vec<u8> {
    let job = Job {
        template,
        data,
        ident: template,
        made_at: noon(),
    };
    TYPESETTER
        .pdf(job)
        .unwrap_or_else(|error| panic!("{template}: {error}"))
}

/// A PDF on the disk, for other people's programs.
fn on_disk(template: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("kopeck-{}-{template}.pdf", std::process::id()));
    fs::write(&path, bytes).unwrap();
    path
}

fn told_by(program: &str, arguments: &[&str], pdf: &Path) -> Vec<u8> {
    let out = Command::new(program)
        .args(arguments)
        .arg(pdf)
        .arg("-")
        .output()
        .unwrap_or_else(|error| {
            panic!("{program}: {error}; scripts/setup.sh test installs poppler-utils")
        });
    assert!(
        out.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    out.stdout
}

fn fonts(pdf: &Path) -> String {
    let out = Command::new("pdffonts").arg(pdf).output().unwrap();
    String::from_utf8(out.stdout).unwrap()
}

/// Letters and figures alone: a reader breaks lines and hyphenates as it likes.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// All texts that the data say, in their order.
fn said(data: &Value) -> Vec<String> {
    match data {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().flat_map(said).collect(),
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| *key != "kind")
            .flat_map(|(_, value)| said(value))
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_paper_says_its_words_in_fonts_of_its_own() {
    for template in TEMPLATES {
        let data = sample(template);
        let bytes = made(template, &data);
        let pdf = on_disk(template, &bytes);
        let text = String::from_utf8(told_by("pdftotext", &["-raw"], &pdf)).unwrap();
        let text = bare(&text).to_lowercase();
        for part in [
            "title", "lender", "lines", "blocks", "frames", "evidence", "hash", "draft",
        ] {
            // Sentences may go on over a page's foot; their beginnings stand together.
            for words in said(&data[part]) {
                let begun: String = bare(&words).to_lowercase().chars().take(24).collect();
                assert!(
                    text.contains(&begun),
                    "{template}.{part}: «{words}» is not there"
                );
            }
        }
        for words in ["title", "note", "url"]
            .map(|part| said(&data["seal"][part]))
            .concat()
        {
            let begun: String = bare(&words).to_lowercase().chars().take(24).collect();
            assert!(text.contains(&begun), "{template}: «{words}» is not there");
        }
        let fonts = fonts(&pdf);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!rows.is_empty(), "{template}: no fonts");
        for row in rows {
            let cells: Vec<&str> = row.split_whitespace().collect();
            assert!(row.contains("GolosText"), "{template}: {row}");
            // From the end: object (two), uni, sub, emb.
            let marks = &cells[cells.len() - 5..cells.len() - 2];
            assert_eq!(marks, ["yes", "yes", "yes"], "{template}: {row}");
        }
        fs::remove_file(pdf).unwrap();
    }
}

#[test]
fn the_same_data_make_the_same_bytes() {
    for template in TEMPLATES {
        let data = sample(template);
        let bytes = made(template, &data);
        assert!(
            bytes == made(template, &data),
            "{template} differs from itself"
        );
        // Another typesetter, as after a restart.
        let job = Job {
            template,
            data: &data,
            ident: template,
            made_at: noon(),
        };
        assert!(
            bytes == Typesetter::new().pdf(job).unwrap(),
            "{template} differs after a restart"
        );
        let later = Job {
            made_at: noon() + chrono::Duration::seconds(1),
            ..job
        };
        assert!(
            bytes != TYPESETTER.pdf(later).unwrap(),
            "{template}: the moment is not in it"
        );
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            text.contains("<pdfaid:part>2<") && text.contains("<pdfaid:conformance>A<"),
            "{template} is no PDF/A"
        );
    }
}

/// A picture of a page in grey, 100 dots an inch: width, height, dots.
fn picture(pdf: &Path) -> (usize, usize, Vec<u8>) {
    let pgm = Command::new("pdftoppm")
        .args(["-r", "100", "-gray", "-f", "1", "-l", "1"])
        .arg(pdf)
        .output()
        .unwrap()
        .stdout;
    let mut words = pgm.splitn(4, |byte| byte.is_ascii_whitespace());
    let mut next = || String::from_utf8(words.next().unwrap().to_vec()).unwrap();
    assert_eq!(next(), "P5");
    let (width, height): (usize, usize) = (next().parse().unwrap(), next().parse().unwrap());
    let dots = pgm[pgm.len() - width * height..].to_vec();
    (width, height, dots)
}

/// The longest dark run of a column of dots, and where it begins.
fn longest_run(dots: &[u8], width: usize, height: usize, x: usize) -> (usize, usize) {
    let (mut best, mut length) = ((0, 0), 0);
    for y in 0..height {
        length = if dots[y * width + x] < 100 {
            length + 1
        } else {
            0
        };
        if length > best.0 {
            best = (length, y + 1 - length);
        }
    }
    best
}

#[test]
fn each_frame_takes_a_twentieth_of_the_page_at_the_top_right_in_the_largest_letters() {
    for template in ["contract", "schedule", "prolongation"] {
        let pdf = on_disk(template, &made(template, &sample(template)));
        let (width, height, dots) = picture(&pdf);
        let sides: Vec<(usize, usize, usize)> = (0..width)
            .map(|x| {
                let (length, y) = longest_run(&dots, width, height, x);
                (x, length, y)
            })
            // Sides of frames: the longest upright lines of the upper half.
            .filter(|(_, length, y)| *length > 200 && *y < height / 4)
            .collect();
        // Neighbouring dots are one line.
        let mut lines: Vec<(usize, usize, usize)> = Vec::new();
        for side in sides {
            if lines.last().is_none_or(|last| side.0 > last.0 + 3) {
                lines.push(side);
            }
        }
        assert_eq!(
            lines.len(),
            4,
            "{template}: two frames have four sides, not {lines:?}"
        );
        for pair in lines.chunks(2) {
            let (across, down) = (pair[1].0 - pair[0].0, pair[0].1);
            let part = across * down * 1000 / (width * height);
            assert!(
                part >= 50,
                "{template}: a frame takes {part} thousandths of the page"
            );
            assert!(
                across.abs_diff(down) <= 4,
                "{template}: {across} by {down} is no square"
            );
        }
        assert!(
            lines[0].0 > width / 4 && width - lines[3].0 < width / 8,
            "{template}: {lines:?} is not at the right"
        );
        let boxes = String::from_utf8(told_by("pdftotext", &["-bbox", "-f", "1", "-l", "1"], &pdf))
            .unwrap();
        let heights: Vec<(f64, String)> = boxes.lines().filter_map(word).collect();
        let highest = heights.iter().map(|(high, _)| *high).fold(0.0, f64::max);
        let framed: Vec<&(f64, String)> = heights
            .iter()
            .filter(|(_, word)| word == "ПОЛНАЯ")
            .collect();
        assert_eq!(framed.len(), 2, "{template}: both frames begin alike");
        for (high, word) in framed {
            assert!(
                highest - high < 0.2,
                "{template}: «{word}» is {high} high, something is {highest}"
            );
        }
        fs::remove_file(pdf).unwrap();
    }
}

/// A line of `pdftotext -bbox`: the height of a word, and the word.
fn word(line: &str) -> Option<(f64, String)> {
    let number = |name: &str| -> Option<f64> {
        let (_, rest) = line.split_once(&format!("{name}=\""))?;
        rest.split('"').next()?.parse().ok()
    };
    let (_, text) = line.split_once("\">")?;
    let text = text.strip_suffix("</word>")?;
    Some((number("yMax")? - number("yMin")?, text.to_owned()))
}

#[test]
fn the_code_leads_to_the_page_that_confirms() {
    let mut data = sample("certificate");
    let before = made("certificate", &data);
    data["seal"]["url"] = Value::String("https://example.ru/verify/1".into());
    assert!(
        before != made("certificate", &data),
        "the address is not drawn"
    );
}

#[test]
fn a_template_or_data_that_do_not_fit_are_refused() {
    let job = |template, data| Job {
        template,
        data,
        ident: "x",
        made_at: noon(),
    };
    let (empty, whole) = (Value::Null, sample("debt"));
    assert!(matches!(
        TYPESETTER.pdf(job("../paper", &whole)),
        Err(TypesetError::NoTemplate(_))
    ));
    assert!(matches!(
        TYPESETTER.pdf(job("debt", &empty)),
        Err(TypesetError::Refused(_))
    ));
}

/// What a person types is words, whatever it looks like.
#[test]
fn data_are_never_read_as_markup() {
    let mut data = sample("debt");
    let strange = "#panic(\"x\") *b* _i_ $a$ @ref <label> \\ [x] `r` = h // c";
    data["blocks"] = serde_json::json!([{ "kind": "text", "text": strange }]);
    let pdf = on_disk("strange", &made("debt", &data));
    let text = String::from_utf8(told_by("pdftotext", &["-raw"], &pdf)).unwrap();
    assert!(bare(&text).contains(&bare(strange)), "{text}");
    fs::remove_file(pdf).unwrap();
}
