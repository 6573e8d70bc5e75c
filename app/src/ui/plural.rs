//! Counts in words where there is no catalogue: in the browser.

/// The forms of one counted word, each a pattern with `{n}`: one, few, many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plural {
    /// «{n} день», «{n} дня», «{n} дней».
    pub forms: [String; 3],
    /// Whether 21 counts like 1 and 22 like 2, as in Russian.
    pub slavic: bool,
}

impl Plural {
    /// The count with its word.
    pub fn of(&self, count: u32) -> String {
        let [one, few, many] = &self.forms;
        let form = match (self.slavic, count % 10, count % 100) {
            (true, _, 11..=14) => many,
            (true, 1, _) => one,
            (true, 2..=4, _) => few,
            (false, ..) if count == 1 => one,
            _ => many,
        };
        form.replace("{n}", &count.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_and_english() {
        let days = Plural {
            forms: ["{n} день".into(), "{n} дня".into(), "{n} дней".into()],
            slavic: true,
        };
        let text = |count| days.of(count);
        assert_eq!([text(1), text(21)], ["1 день", "21 день"]);
        assert_eq!([text(2), text(34)], ["2 дня", "34 дня"]);
        assert_eq!(
            [text(5), text(11), text(12), text(20)],
            ["5 дней", "11 дней", "12 дней", "20 дней"]
        );
        let english = Plural {
            forms: ["{n} day".into(), "{n} days".into(), "{n} days".into()],
            slavic: false,
        };
        assert_eq!(
            [english.of(1), english.of(2), english.of(21)],
            ["1 day", "2 days", "21 days"]
        );
    }
}
