//! The rules of a draw as they are when it begins: kept with it, and written out as the text that people agree to.

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use locales::{Arg, Lang, Words};
use serde::{Deserialize, Serialize};

use crate::Cabinet;
use crate::document::phrase;
use crate::lender::{Draw, DrawEntry, Text};

/// A prize: one row for each, even where several are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrizeTerms {
    /// What it is, in Russian.
    pub ru: String,
    /// In English.
    pub en: String,
    /// What it is worth.
    pub value: Kopecks,
    /// It is bonuses, given when it is accepted.
    pub bonuses: bool,
}

impl PrizeTerms {
    /// What it is.
    pub fn title(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }
}

/// What a draw goes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The name, in Russian.
    pub ru: String,
    /// In English.
    pub en: String,
    /// What it is in a sentence or two, in Russian.
    pub about_ru: String,
    /// In English.
    pub about_en: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day of taking part and of what brings tickets.
    pub until: NaiveDate,
    /// When the prizes are drawn.
    pub draws_at: DateTime<Utc>,
    /// The day of it by the lender's clock.
    pub draws_on: NaiveDate,
    /// What brings a ticket.
    pub entry: DrawEntry,
    /// The shortest repaid loan that does.
    pub loan_days: u32,
    /// The most tickets of one person.
    pub max_tickets: u32,
    /// One person wins once at most.
    pub one_prize: bool,
    /// Days to accept.
    pub accept_days: u32,
    /// Days to collect, from the day the winner was told where; none of a draw whose rules did not say so.
    #[serde(default)]
    pub collect_days: Option<u32>,
    /// What is drawn, by index.
    pub prizes: Vec<PrizeTerms>,
}

impl Terms {
    /// The rules of the lender's file.
    pub(super) fn of(cab: &Cabinet, draw: &Draw) -> Self {
        let prizes = draw.prizes.iter().flat_map(|prize| {
            let count = usize::try_from(prize.count).unwrap_or(usize::MAX);
            let one = PrizeTerms {
                ru: prize.title.ru.clone(),
                en: prize.title.en.clone(),
                value: prize.value(),
                bonuses: prize.bonuses,
            };
            std::iter::repeat_n(one, count)
        });
        Self {
            ru: draw.title.ru.clone(),
            en: draw.title.en.clone(),
            about_ru: draw.about.ru.clone(),
            about_en: draw.about.en.clone(),
            from: draw.from,
            until: draw.until,
            draws_at: draw.draws_at(cab.lender().clock_offset_minutes),
            draws_on: draw.draws_on,
            entry: draw.entry,
            loan_days: draw.loan_days,
            max_tickets: draw.max_tickets,
            one_prize: draw.one_prize,
            accept_days: draw.accept_days,
            collect_days: Some(draw.collect_days),
            prizes: prizes.collect(),
        }
    }

    /// The name.
    pub fn title(&self) -> Text {
        Text {
            ru: self.ru.clone(),
            en: self.en.clone(),
        }
    }

    /// What it is.
    pub fn about(&self) -> Text {
        Text {
            ru: self.about_ru.clone(),
            en: self.about_en.clone(),
        }
    }

    /// Prizes that are alike together: the first one's index, and how many.
    pub fn kinds(&self) -> Vec<(usize, usize)> {
        let mut kinds: Vec<(usize, usize)> = Vec::new();
        for (index, prize) in self.prizes.iter().enumerate() {
            match kinds.last_mut() {
                Some((first, count)) if self.prizes.get(*first) == Some(prize) => *count += 1,
                _ => kinds.push((index, 1)),
            }
        }
        kinds
    }
}

struct Rules<'a> {
    words: Words,
    text: String,
    terms: &'a Terms,
}

impl Rules<'_> {
    fn key(&mut self, key: &str, args: &[(&str, Arg<'_>)]) {
        let line = self.words.args(&format!("cabinet-draw-{key}"), args);
        // One rule, one line: a stray line break in a value would change the text's shape.
        self.text.push_str(&line.replace(['\r', '\n'], " "));
        self.text.push('\n');
    }

    fn day(&self, day: NaiveDate) -> String {
        phrase::full_day(self.words, day)
    }

    fn tickets(&mut self) {
        let (from, until) = (self.day(self.terms.from), self.day(self.terms.until));
        self.key(
            "rules-period",
            &[("from", (&from).into()), ("until", (&until).into())],
        );
        let entry = match self.terms.entry {
            DrawEntry::LoanRepaid => "rules-loan-repaid",
            DrawEntry::PaymentOnTime => "rules-payment-on-time",
        };
        self.key(entry, &[("days", i64::from(self.terms.loan_days).into())]);
        let most = i64::from(self.terms.max_tickets);
        self.key("rules-most", &[("count", most.into())]);
    }

    fn prizes(&mut self) {
        self.key("rules-prizes", &[]);
        for (index, count) in self.terms.kinds() {
            let Some(prize) = self.terms.prizes.get(index) else {
                continue;
            };
            let args = [
                ("title", prize.title(self.words.lang).into()),
                ("count", i64::try_from(count).unwrap_or(i64::MAX).into()),
                ("value", prize.value.to_string().into()),
            ];
            self.key("rules-prize", &args);
        }
        let one = if self.terms.one_prize {
            "rules-one-prize"
        } else {
            "rules-many-prizes"
        };
        self.key(one, &[]);
    }
}

/// The rules as a text: the same bytes from the same terms.
pub(super) fn rules(cab: &Cabinet, terms: &Terms, lang: Lang) -> String {
    let lender = cab.lender();
    let mut out = Rules {
        words: Words::new(lang),
        text: String::new(),
        terms,
    };
    let title = terms.title();
    out.key("rules-title", &[("title", title.of(lang).into())]);
    out.key(
        "rules-organizer",
        &[
            ("lender", (&lender.legal_name).into()),
            ("ogrn", (&lender.ogrn).into()),
            ("address", (&lender.address).into()),
        ],
    );
    out.key("rules-free", &[]);
    out.key("rules-who", &[]);
    out.tickets();
    out.prizes();
    let draws_on = out.day(terms.draws_on);
    let minutes = chrono::Duration::minutes(lender.clock_offset_minutes.into());
    let time = (terms.draws_at + minutes).format("%H:%M").to_string();
    out.key(
        "rules-drawing",
        &[("date", (&draws_on).into()), ("time", (&time).into())],
    );
    out.key("rules-how", &[]);
    let days = i64::from(terms.accept_days);
    out.key("rules-accept", &[("days", days.into())]);
    if let Some(days) = terms.collect_days {
        out.key("rules-collect", &[("days", i64::from(days).into())]);
    }
    out.key("rules-tax", &[]);
    out.key("rules-data", &[("site", lender.host().into())]);
    out.key("rules-leave", &[]);
    out.text
}
