//! `kopeck psk`: the full cost of a loan from dated flows, over the engine's own formula.

use chrono::NaiveDate;
use lending::{Kopecks, PskError, psk};
use serde::Serialize;

use crate::gateways::wire;

#[derive(Serialize)]
struct Answer {
    psk_percent: String,
    psk_roubles: String,
    base_period: String,
}

/// A line with its number in the input, from 1.
type Line<'a> = (usize, &'a str);

/// The answer, or the answers line by line; nothing is answered when anything is wrong.
pub fn run(text: &str, many: bool) -> Result<String, String> {
    if text.starts_with('\u{feff}') {
        return Err("line 1: a byte order mark stands before the date".into());
    }
    let lines: Vec<Line<'_>> = text
        .lines()
        .enumerate()
        .map(|(i, line)| (i + 1, line))
        .collect();
    if !many {
        return answer(&lines);
    }
    let blocks = lines
        .split(|(_, line)| line.trim().is_empty())
        .filter(|block| !block.is_empty());
    let mut answers = String::new();
    for block in blocks {
        answers.push_str(&answer(block)?);
        answers.push('\n');
    }
    Ok(answers)
}

fn answer(lines: &[Line<'_>]) -> Result<String, String> {
    let mut flows: Vec<(NaiveDate, Kopecks)> = Vec::with_capacity(lines.len());
    for &(number, line) in lines {
        let previous = flows.last().map(|(date, _)| *date);
        let flow = flow(line, previous).map_err(|wrong| format!("line {number}: {wrong}"))?;
        flows.push(flow);
    }
    let Some((last, _)) = lines.last().filter(|_| lines.len() > 1) else {
        let number = lines.first().map_or(1, |(number, _)| *number);
        return Err(format!("line {number}: at least two lines are needed"));
    };
    let report = psk(&flows).map_err(|error| {
        let index = match error {
            PskError::Order { index } | PskError::NotPositive { index } => Some(index),
            _ => None,
        };
        let number = index
            .and_then(|index| lines.get(index))
            .map_or(*last, |(number, _)| *number);
        format!("line {number}: {error}")
    })?;
    let answer = Answer {
        psk_percent: report.psk.percent_plain(),
        psk_roubles: report.psk.roubles.plain(),
        base_period: report.base_period.to_string(),
    };
    serde_json::to_string(&answer).map_err(|error| error.to_string())
}

/// `YYYY-MM-DD,amount`, after the line before it.
fn flow(line: &str, previous: Option<NaiveDate>) -> Result<(NaiveDate, Kopecks), String> {
    let (date, amount) = line.split_once(',').ok_or("write YYYY-MM-DD,amount")?;
    let date = day(date).ok_or_else(|| format!("`{date}` is not a date YYYY-MM-DD"))?;
    if previous.is_some_and(|previous| date < previous) {
        return Err("the date is earlier than the one before".into());
    }
    let sum = |text: &str| {
        wire::kopecks(text)
            .ok_or_else(|| format!("`{amount}` is not an amount with at most two places"))
    };
    let amount = match (previous, amount.strip_prefix('-')) {
        (None, Some(text)) => Kopecks::ZERO - sum(text)?,
        (None, None) => {
            sum(amount)?;
            return Err("the first amount must be negative: money to the borrower".into());
        }
        (Some(_), Some(text)) => {
            sum(text)?;
            return Err("only the first amount is negative, payments are positive".into());
        }
        (Some(_), None) => sum(amount)?,
    };
    if amount.is_zero() {
        return Err("the amount is zero".into());
    }
    Ok((date, amount))
}

/// Exactly `YYYY-MM-DD`.
pub fn day(text: &str) -> Option<NaiveDate> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shape { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thirty_day_loan_at_the_highest_rate() {
        let text = "2026-11-23,-15000.00\n2026-12-23,18600.00\n";
        let answer = r#"{"psk_percent":"292.000","psk_roubles":"3600.00","base_period":"30 days"}"#;
        assert_eq!(run(text, false).as_deref(), Ok(answer));
        let two = format!("\n{text}\n\n{text}");
        assert_eq!(run(&two, true), Ok(format!("{answer}\n{answer}\n")));
        assert_eq!(run("", true).as_deref(), Ok(""));
    }

    #[test]
    fn every_wrong_line_is_named() {
        let first = "2026-11-23,-15000.00";
        for (text, line) in [
            (String::new(), 1),
            (first.to_owned(), 1),
            (format!("{first}\n\n"), 2),
            ("2026-11-23,15000\n2026-12-23,18600".to_owned(), 1),
            (format!("{first}\n2026-11-22,1"), 2),
            (format!("{first}\n2026-12-23,-1"), 2),
            (format!("{first}\n2026-12-23,0.00"), 2),
            (format!("{first}\n2026-12-23,1.005"), 2),
            (format!("{first}\n2026-12-23,1,5"), 2),
            (format!("{first}\n2026-12-23, 1"), 2),
            (format!("{first}\n2026-12-23,+1"), 2),
            (format!("{first}\n2026-12-23,1e3"), 2),
            (format!("{first}\n2026-2-3,1"), 2),
            (format!("{first}\n2026-02-30,1"), 2),
            (format!("{first}\n23.12.2026,1"), 2),
            (format!("{first}\n2026-12-23"), 2),
            (format!("{first}\n2026-12-23,14999.99"), 2),
            (format!("{first}\n2026-11-23,18600"), 2),
        ] {
            let error = run(&text, false).expect_err(&text);
            assert!(
                error.starts_with(&format!("line {line}: ")),
                "{text:?} {error}"
            );
        }
    }

    #[test]
    fn blocks_are_numbered_by_the_whole_input() {
        let good = "2026-11-23,-15000.00\n2026-12-23,18600.00";
        let error = run(&format!("{good}\n\n{good}\nnonsense"), true).expect_err("wrong");
        assert!(error.starts_with("line 6: "), "{error}");
    }
}
