//! Tables as CSV that a spreadsheet opens without running anything.

use cabinet::{CabinetError, Result};

/// A cell that begins like a formula is read as text: an apostrophe stands before it (OWASP, CSV injection).
fn safe(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if risky {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// Columns and rows; UTF-8 with its mark, so that spreadsheets know the letters, and semicolons between cells, as
/// Russian ones expect.
pub fn table(columns: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::from("\u{feff}"));
    for row in std::iter::once(columns).chain(rows.iter().map(Vec::as_slice)) {
        writer
            .write_record(row.iter().map(|cell| safe(cell)))
            .map_err(CabinetError::internal)?;
    }
    writer.into_inner().map_err(CabinetError::internal)
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn no_cell_is_a_formula_and_quotes_hold_what_divides() {
        let cells = [
            "=1+1",
            "+7 900",
            "-5",
            "@sum",
            "\t=1",
            "＝1",
            "a;b",
            "two\nlines",
            "\"q\"",
            "обычный",
        ];
        let row: Vec<String> = cells.map(str::to_owned).to_vec();
        let bytes = table(&row, &[]).expect("a table");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(
            text,
            "\u{feff}'=1+1;'+7 900;'-5;'@sum;'\t=1;'＝1;\"a;b\";\"two\nlines\";\"\"\"q\"\"\";обычный\n"
        );
    }
}
