//! Every word a person reads, in Russian (first) and English, as Fluent messages.
//!
//! Files live beside this crate: `app/locales/ru/*.ftl` and `app/locales/en/*.ftl`. The texts stay on the
//! server: pages are rendered there and islands receive their few strings as props.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use include_dir::{Dir, include_dir};
use unic_langid::LanguageIdentifier;

static RU: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/ru");
static EN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/en");

/// A language of the cabinet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Russian, the default.
    #[default]
    Ru,
    /// English.
    En,
}

impl Lang {
    /// The BCP 47 code: `ru` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// Reads a stored or requested code; anything unknown is Russian.
    pub fn from_code(code: &str) -> Self {
        if code.to_ascii_lowercase().starts_with("en") {
            Self::En
        } else {
            Self::Ru
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static RU_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle(&RU, Lang::Ru));
static EN_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle(&EN, Lang::En));

fn bundle(dir: &Dir<'_>, lang: Lang) -> Bundle {
    // "ru" and "en" always parse; without a locale plural rules would fall back to English.
    let locale: Vec<LanguageIdentifier> = lang.code().parse().into_iter().collect();
    let mut bundle = FluentBundle::new_concurrent(locale);
    // Marks around arguments are for mixed directions; here they would only break string comparison.
    bundle.set_use_isolating(false);
    for file in dir.files() {
        let text = file.contents_utf8().unwrap_or_default().to_owned();
        // A broken line loses itself alone; the test below refuses it before it ships.
        let resource = FluentResource::try_new(text).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The catalogue in one language. Cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words {
    /// The language of the texts.
    pub lang: Lang,
}

impl Words {
    /// The catalogue of this language.
    pub const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// A message without arguments. A key that is missing comes back as itself, visibly.
    pub fn t(self, key: &str) -> String {
        self.args(key, &[])
    }

    /// A message with arguments; integers choose plural forms, strings are put as they are.
    pub fn args(self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let bundle = match self.lang {
            Lang::Ru => &*RU_BUNDLE,
            Lang::En => &*EN_BUNDLE,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set(*name, value.to_fluent());
        }
        let mut errors = Vec::new();
        bundle
            .format_pattern(pattern, Some(&fluent), &mut errors)
            .into_owned()
    }

    /// «по Москве», or «по времени МСК+2»: everybody in the country counts from Moscow. `minutes` is the clock's offset
    /// from UTC.
    pub fn zone(self, minutes: i32) -> String {
        let shift = match minutes / 60 - 3 {
            0 => return self.t("zone-moscow"),
            ahead if ahead > 0 => format!("+{ahead}"),
            behind => format!("−{}", -behind),
        };
        self.args("zone-other", &[("shift", shift.into())])
    }

    /// Whether the catalogue has this key.
    pub fn has(self, key: &str) -> bool {
        match self.lang {
            Lang::Ru => RU_BUNDLE.has_message(key),
            Lang::En => EN_BUNDLE.has_message(key),
        }
    }
}

/// A value put into a message.
#[derive(Debug, Clone)]
pub enum Arg<'a> {
    /// Text, as it is.
    Text(Cow<'a, str>),
    /// A count, which chooses the plural form.
    Count(i64),
}

impl Arg<'_> {
    fn to_fluent(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::String(Cow::Borrowed(text)),
            Self::Count(count) => FluentValue::from(*count),
        }
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u32> for Arg<'_> {
    fn from(count: u32) -> Self {
        Self::Count(i64::from(count))
    }
}

impl From<i64> for Arg<'_> {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

/// `t!(words, "key")` or `t!(words, "key", name = value, …)`.
#[macro_export]
macro_rules! t {
    ($words:expr, $key:expr $(,)?) => { $words.t($key) };
    ($words:expr, $key:expr, $($name:ident = $value:expr),+ $(,)?) => {
        $words.args($key, &[$((stringify!($name), $crate::Arg::from($value))),+])
    };
}
