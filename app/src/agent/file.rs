//! A statement of commissions as a table for spreadsheets.

use cabinet::Result;
use cabinet::agent::Statement;
use locales::Words;

use super::pages::kind_name;
use crate::staff::table;

/// Every line of a statement, and its sums.
pub fn csv(w: Words, statement: &Statement) -> Result<Vec<u8>> {
    let columns = [
        "agent-column-day",
        "agent-column-what",
        "agent-column-client",
        "agent-column-sum",
    ]
    .map(|key| w.t(key));
    let mut rows: Vec<Vec<String>> = statement
        .lines
        .iter()
        .map(|line| {
            vec![
                line.on.to_string(),
                kind_name(w, line.kind),
                line.client
                    .map(|number| number.to_string())
                    .unwrap_or_default(),
                line.amount.plain(),
            ]
        })
        .collect();
    let sums = [
        ("agent-opening", statement.opening),
        ("agent-earned", statement.earned),
        ("agent-taken-back", statement.taken_back),
        ("agent-paid", statement.paid),
        ("agent-closing", statement.closing),
    ];
    let empty = String::new;
    rows.extend(sums.map(|(key, sum)| vec![empty(), w.t(key), empty(), sum.plain()]));
    rows.push(vec![
        empty(),
        w.t("agent-hash"),
        empty(),
        statement.hash.clone(),
    ]);
    table(&columns, &rows)
}
