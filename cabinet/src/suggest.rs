//! Suggestions while somebody types a name or an address. Whatever is suggested, what is typed by hand counts.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;

use crate::error::Result;
use crate::ids::BorrowerId;
use crate::ports::PortError;
use crate::{Cabinet, limits};

/// The most that is suggested at once.
pub const MOST: usize = 8;
/// Somebody who types waits no longer for a service.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Questions of one borrower in an hour: a whole questionnaire typed three times over.
const AN_HOUR: u32 = 600;
/// A longer text is no name of anything.
const LONGEST: usize = 100;

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A surname.
    LastName,
    /// A name.
    FirstName,
    /// A patronymic.
    MiddleName,
    /// A town, in the region of this two-digit code; anywhere when it is empty.
    City(String),
    /// A street of that town.
    Street {
        /// The region's code; may be empty.
        region: String,
        /// The town.
        city: String,
    },
}

impl Wanted {
    /// What a field of the questionnaire wants; nothing for a field that has no suggestions.
    pub fn of(field: &str, region: &str, city: &str) -> Option<Self> {
        let region = region.to_owned();
        Some(match field {
            "last_name" => Self::LastName,
            "first_name" => Self::FirstName,
            "middle_name" => Self::MiddleName,
            "city" => Self::City(region),
            "street" if !city.trim().is_empty() => Self::Street {
                region,
                city: city.trim().to_owned(),
            },
            _ => return None,
        })
    }
}

/// A service that knows names and addresses.
#[async_trait]
pub trait Suggestions: Send + Sync {
    /// What begins so, the likeliest first, at most [`MOST`].
    async fn suggest(
        &self,
        wanted: &Wanted,
        typed: &str,
    ) -> std::result::Result<Vec<String>, PortError>;
}

/// A short list of our own: frequent names, towns of every region, no streets.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn;

#[async_trait]
impl Suggestions for BuiltIn {
    async fn suggest(
        &self,
        wanted: &Wanted,
        typed: &str,
    ) -> std::result::Result<Vec<String>, PortError> {
        let typed = folded(typed);
        let all = built_in(wanted).into_iter();
        let found = all.filter(|entry| folded(entry).starts_with(&typed));
        Ok(found.take(MOST).map(str::to_owned).collect())
    }
}

static NAMES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut kind = "";
    for line in lines(include_str!("../data/suggest/names.txt")) {
        match line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            Some(next) => kind = next,
            None => kinds.entry(kind).or_default().extend(line.split(' ')),
        }
    }
    kinds
});

static TOWNS: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    lines(include_str!("../data/suggest/towns.txt"))
        .filter_map(|line| {
            let (code, towns) = line.split_once(' ')?;
            Some((code, towns.split(", ").collect()))
        })
        .collect()
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// Our own list for a page without scripts; empty where it has none.
pub fn built_in(wanted: &Wanted) -> Vec<&'static str> {
    let names = |kind: &str| NAMES.get(kind).cloned().unwrap_or_default();
    match wanted {
        Wanted::LastName => names("last_name"),
        Wanted::FirstName => names("first_name"),
        Wanted::MiddleName => names("middle_name"),
        // Without a region, the first towns of each.
        Wanted::City(region) if region.is_empty() => TOWNS
            .iter()
            .filter_map(|(_, towns)| towns.first().copied())
            .collect(),
        Wanted::City(region) => {
            let own = TOWNS.iter().find(|(code, _)| code == region);
            own.map(|(_, towns)| towns.clone()).unwrap_or_default()
        }
        Wanted::Street { .. } => Vec::new(),
    }
}

/// Case and ё are typed either way.
fn folded(text: &str) -> String {
    text.trim().to_lowercase().replace('ё', "е")
}

/// What to suggest to a borrower who has typed so much. A service that is silent or slow is replaced by our own
/// list. Refuses with `TooMany("suggest_hour")`.
pub async fn suggest(
    cab: &Cabinet,
    borrower: BorrowerId,
    wanted: Wanted,
    typed: &str,
) -> Result<Vec<String>> {
    let typed: String = typed.trim().chars().filter(|c| !c.is_control()).collect();
    if typed.is_empty() || typed.chars().count() > LONGEST {
        return Ok(Vec::new());
    }
    let subject = cab.keys().blind_index("borrower", &borrower.to_string());
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                limits::hit(tx, &cabinet, "suggest_hour", &subject, 3600, AN_HOUR).await
            })
        })
        .await?;
    let asked = cab.ports().suggestions.suggest(&wanted, &typed);
    let found = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::warn!(%error, "suggestions come from our own list");
            own(&wanted, &typed).await
        }
        Err(_) => {
            tracing::warn!("suggestions are late and come from our own list");
            own(&wanted, &typed).await
        }
    };
    Ok(found.into_iter().take(MOST).collect())
}

async fn own(wanted: &Wanted, typed: &str) -> Vec<String> {
    BuiltIn.suggest(wanted, typed).await.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::REGIONS;
    use crate::values::PersonName;

    #[tokio::test]
    async fn what_begins_so_is_found_however_it_is_typed() {
        let found = |wanted, typed| async move { own(&wanted, typed).await };
        assert_eq!(found(Wanted::FirstName, "фЕД").await, ["Фёдор"]);
        assert_eq!(found(Wanted::City("16".into()), "каз").await, ["Казань"]);
        assert!(found(Wanted::City("77".into()), "каз").await.is_empty());
        assert_eq!(found(Wanted::City(String::new()), "ка").await[0], "Казань");
        assert_eq!(found(Wanted::LastName, "И").await.len(), 4);
        assert!(found(Wanted::MiddleName, "").await.len() <= MOST);
    }

    #[test]
    fn every_region_has_a_town_and_every_name_is_one() {
        for code in REGIONS {
            assert!(
                !built_in(&Wanted::City((*code).into())).is_empty(),
                "{code}"
            );
        }
        for wanted in [Wanted::LastName, Wanted::FirstName, Wanted::MiddleName] {
            let names = built_in(&wanted);
            assert!(names.len() > 40, "{wanted:?}");
            for name in names {
                assert!(PersonName::parse(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn a_street_needs_its_town() {
        assert_eq!(Wanted::of("street", "77", " "), None);
        assert_eq!(Wanted::of("passport", "77", "Москва"), None);
        assert!(Wanted::of("street", "77", "Москва").is_some());
    }
}
