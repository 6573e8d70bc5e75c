//! Reading a letter: its subject and its text, as the addressee would see them.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// How deep parts may be nested.
const DEEPEST: u8 = 5;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[derive(Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
}

/// Reads what it can; what it cannot is kept as it came.
pub fn read(raw: &[u8]) -> Letter {
    let raw = String::from_utf8_lossy(raw).replace("\r\n", "\n");
    let (headers, _) = split(&raw);
    let subject = header(&headers, "subject")
        .map(decode_words)
        .unwrap_or_default();
    let text = text_of(&raw, 0).unwrap_or_default();
    Letter {
        subject,
        text: text.trim_end().to_owned(),
    }
}

/// Unfolded headers and the body.
fn split(entity: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = match entity.strip_prefix('\n') {
        Some(body) => ("", body),
        None => entity.split_once("\n\n").unwrap_or((entity, "")),
    };
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    (headers, body)
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// The plain text of an entity; the first readable part of a compound one.
fn text_of(entity: &str, depth: u8) -> Option<String> {
    let (headers, body) = split(entity);
    let kind = header(&headers, "content-type").unwrap_or("text/plain");
    let media = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if media.starts_with("multipart/") && depth < DEEPEST {
        let parts = parts(body, &parameter(kind, "boundary")?);
        let texts = || parts.iter().filter(|part| is_text(part, "text/plain"));
        return texts()
            .find_map(|part| text_of(part, depth + 1))
            .or_else(|| parts.iter().find_map(|part| text_of(part, depth + 1)));
    }
    if !media.starts_with("text/") {
        return None;
    }
    let encoding = header(&headers, "content-transfer-encoding").unwrap_or_default();
    let text = match encoding.to_ascii_lowercase().as_str() {
        "base64" => {
            let compact: String = body.split_whitespace().collect();
            LENIENT.decode(compact).map_or_else(
                |_| body.to_owned(),
                |bytes| String::from_utf8_lossy(&bytes).replace("\r\n", "\n"),
            )
        }
        "quoted-printable" => unquote(body),
        _ => body.to_owned(),
    };
    Some(if media == "text/html" {
        strip_tags(&text)
    } else {
        text
    })
}

fn is_text(part: &str, wanted: &str) -> bool {
    let (headers, _) = split(part);
    let kind = header(&headers, "content-type").unwrap_or("text/plain");
    kind.to_ascii_lowercase().starts_with(wanted)
}

fn parts<'a>(body: &'a str, boundary: &str) -> Vec<&'a str> {
    let mark = format!("--{boundary}");
    let end = format!("{mark}--");
    let mut found = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let bare = line.trim_end();
        if bare == mark || bare == end {
            if let Some(start) = start {
                found.push(body.get(start..at).unwrap_or_default());
            }
            start = (bare == mark).then_some(at + line.len());
        }
        at += line.len();
    }
    found
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let same = key.trim().eq_ignore_ascii_case(name);
        same.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// `=D0=9F` and soft line ends into text.
fn unquote(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'=', [b'\n', tail @ ..]) => rest = tail,
            (b'=', [high, low, after @ ..]) => {
                if let (Some(high), Some(low)) = (hex(*high), hex(*low)) {
                    bytes.push(high * 16 + low);
                    rest = after;
                } else {
                    bytes.push(b'=');
                    rest = tail;
                }
            }
            (byte, tail) => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// `=?utf-8?B?…?=` words of a header into text.
fn decode_words(value: &str) -> String {
    let mut bytes: Vec<u8> = Vec::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let Some((word, tail)) = word(from) else {
            break;
        };
        // White space between two encoded words is not part of the text.
        if !(after_word && before.trim().is_empty()) {
            bytes.extend_from_slice(before.as_bytes());
        }
        bytes.extend_from_slice(&word);
        after_word = true;
        rest = tail;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

fn word(from: &str) -> Option<(Vec<u8>, &str)> {
    let (_charset, rest) = from.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (data, tail) = rest.split_once("?=")?;
    let bytes = if encoding.eq_ignore_ascii_case("b") {
        LENIENT.decode(data).ok()?
    } else {
        unquote(&data.replace('_', " ")).into_bytes()
    };
    Some((bytes, tail))
}

fn strip_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_letter_is_read_as_it_is() {
        let letter = read("Subject: Код\r\n\r\nВаш код 1234\r\n".as_bytes());
        assert_eq!(
            letter,
            Letter {
                subject: "Код".into(),
                text: "Ваш код 1234".into()
            }
        );
    }

    #[test]
    fn encoded_words_join_across_folded_lines() {
        let raw = b"Subject: =?utf-8?B?0JrQvtC0?=\r\n =?UTF-8?Q?_=D0=BA=D0=B0=D0=B1?= 7\r\n\r\n";
        assert_eq!(read(raw).subject, "Код каб 7");
    }

    #[test]
    fn quoted_printable_and_soft_ends_are_undone() {
        let raw = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=D0=94=\r\n=D0=B0 1=3D1\r\n";
        assert_eq!(read(raw).text, "Да 1=1");
    }

    #[test]
    fn the_plain_part_wins_over_the_html_one() {
        let raw = "Content-Type: multipart/alternative; boundary=\"b1\"\n\n--b1\n\
                   Content-Type: text/html\n\n<b>html</b>\n--b1\n\
                   Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n\
                   0JTQsA==\n--b1--\n";
        assert_eq!(read(raw.as_bytes()).text, "Да");
    }

    #[test]
    fn html_alone_loses_its_tags() {
        let raw = b"Content-Type: text/html\n\n<p>A &amp; B</p>";
        assert_eq!(read(raw).text, "A & B");
    }
}
