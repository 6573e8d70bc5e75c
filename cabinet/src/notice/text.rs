//! The words of a notice: the lender's own, or the catalogue's.

use locales::{Arg, Lang, Words};

use super::kinds::Event;
use super::send::Notice;
use crate::Cabinet;

/// The text in a language.
pub(super) fn of(cab: &Cabinet, lang: Lang, notice: &Notice) -> String {
    let lender = cab.lender();
    let own = lender.notices.text(notice.kind, lang);
    let mut values: Vec<(&str, &str)> = notice
        .args
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    values.push(("lender", &lender.name));
    values.push(("hotline", &lender.hotline));
    if let Some(own) = own {
        return own.filled(&values);
    }
    let args: Vec<(&str, Arg<'_>)> = values
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect();
    let key = format!("cabinet-notice-{}", notice.kind.replace('_', "-"));
    Words::new(lang).args(&key, &args)
}

/// The subject of a letter about an event.
pub(super) fn subject(cab: &Cabinet, lang: Lang, event: Event) -> String {
    let key = format!("cabinet-notice-subject-{}", event.code().replace('_', "-"));
    let lender = &cab.lender().name;
    Words::new(lang).args(&key, &[("lender", lender.into())])
}
