//! Where people ask and what can be asked there: the section `[help]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Complaints;
use super::{Lender, Text};

/// Where people ask and what can be asked there. All of it is on the page «Помощь».
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Help {
    /// When people answer.
    pub hours: Hours,
    /// The address of an office where borrowers are received.
    pub office: Option<Text>,
    /// The Telegram channel, `https://t.me/…`.
    pub telegram: Option<String>,
    /// The `WhatsApp` number, digits with the country code.
    pub whatsapp: Option<String>,
    /// Where the debt can be asked besides the cabinet; the loan's page says so, and that it is slower.
    #[serde(default)]
    pub debt: Vec<Channel>,
    /// Where to go when the phone number has changed.
    pub phone_change: PhoneChange,
    /// How the relationship ends: nobody deletes a cabinet alone, the law keeps its records.
    pub closing: Closing,
    /// What the lender promises about personal data, beside the law.
    pub data_promise: Option<Text>,
    /// Where a question may be asked without a cabinet, besides the page «Помощь».
    #[serde(default)]
    pub feedback: Feedback,
    /// The chat with a specialist in the cabinet; none without this table.
    pub chat: Option<Chat>,
    /// Questions that are asked often.
    #[serde(default)]
    pub questions: Vec<Question>,
}

/// The chat with a specialist in the cabinet. The page says when the answer comes, by the hours of `help.hours`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// Within so many minutes of the working hours a specialist answers, 1 to 1440.
    #[serde(default = "default_answer_minutes")]
    pub answer_minutes: u32,
}

fn default_answer_minutes() -> u32 {
    10
}

/// Where a question may be asked without a cabinet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Feedback {
    /// On the page «Помощь» alone.
    #[default]
    Page,
    /// A link in the header and a tab at the right edge of every page too.
    HeaderAndTab,
}

/// When people answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// On which days.
    pub days: Days,
    /// From, `"8:00"`.
    #[schemars(extend("format" = "time"))]
    pub from: String,
    /// Until, `"22:00"`; `"24:00"` is midnight.
    #[schemars(extend("format" = "time"))]
    pub until: String,
    /// The clock of these hours: a borrower in another zone must be able to count.
    pub zone: Zone,
}

/// On which days people answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Days {
    /// Every day.
    Daily,
    /// Monday to Friday, days off by the production calendar left out.
    Weekdays,
}

/// A Russian time zone. None of them has summer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Zone {
    /// UTC+2.
    #[serde(rename = "Europe/Kaliningrad")]
    Kaliningrad,
    /// UTC+3.
    #[default]
    #[serde(rename = "Europe/Moscow")]
    Moscow,
    /// UTC+4.
    #[serde(rename = "Europe/Samara")]
    Samara,
    /// UTC+5.
    #[serde(rename = "Asia/Yekaterinburg")]
    Yekaterinburg,
    /// UTC+6.
    #[serde(rename = "Asia/Omsk")]
    Omsk,
    /// UTC+7.
    #[serde(rename = "Asia/Novosibirsk")]
    Novosibirsk,
    /// UTC+8.
    #[serde(rename = "Asia/Irkutsk")]
    Irkutsk,
    /// UTC+9.
    #[serde(rename = "Asia/Yakutsk")]
    Yakutsk,
    /// UTC+10.
    #[serde(rename = "Asia/Vladivostok")]
    Vladivostok,
    /// UTC+11.
    #[serde(rename = "Asia/Magadan")]
    Magadan,
    /// UTC+12.
    #[serde(rename = "Asia/Kamchatka")]
    Kamchatka,
}

impl Zone {
    /// The distance from UTC in minutes.
    pub const fn offset_minutes(self) -> i32 {
        let hours = match self {
            Self::Kaliningrad => 2,
            Self::Moscow => 3,
            Self::Samara => 4,
            Self::Yekaterinburg => 5,
            Self::Omsk => 6,
            Self::Novosibirsk => 7,
            Self::Irkutsk => 8,
            Self::Yakutsk => 9,
            Self::Vladivostok => 10,
            Self::Magadan => 11,
            Self::Kamchatka => 12,
        };
        hours * 60
    }
}

/// A way to reach people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In person; needs `help.office`.
    Office,
    /// By the phone of `hotline`.
    Hotline,
    /// By a letter to `email`.
    Email,
    /// Needs `help.telegram`.
    Telegram,
    /// Needs `help.whatsapp`.
    Whatsapp,
}

/// What a specialist asks for before a phone number is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The passport's number.
    Passport,
    /// The number used before.
    PreviousPhone,
    /// Sometimes a video call.
    VideoCall,
}

impl Evidence {
    /// All of it, in the order of a checklist.
    pub const ALL: [Self; 3] = [Self::Passport, Self::PreviousPhone, Self::VideoCall];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::PreviousPhone => "previous_phone",
            Self::VideoCall => "video_call",
        }
    }

    /// The one of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What the cabinet allows while a change of phone is looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Meanwhile {
    /// Reading and paying.
    #[default]
    ReadAndPay,
    /// Nothing.
    Closed,
}

/// Where to go when the phone number has changed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneChange {
    /// Where the change is asked for.
    pub channels: Vec<Channel>,
    /// What to have at hand.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// What the cabinet allows until the answer.
    #[serde(default)]
    pub meanwhile: Meanwhile,
    /// Whether a person who is signed in, and has a passkey or an account elsewhere that `proves`, changes the
    /// number alone: the old number is told, and the change happens after `wait_hours`.
    #[serde(default)]
    pub self_service: bool,
    /// Hours between asking and the change, time for the owner of the old number to call it off.
    #[serde(default = "default_wait_hours")]
    pub wait_hours: u32,
}

fn default_wait_hours() -> u32 {
    24
}

/// How the relationship ends.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Where it is asked for.
    pub channels: Vec<Channel>,
    /// What is lost with the cabinet, said before it is closed.
    pub costs: Option<Text>,
}

/// A question and its answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub ask: Text,
    /// The answer.
    pub answer: Text,
}

/// Minutes of a time of day; midnight of the end may be `24:00`.
pub(super) fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let right = (1..=2).contains(&hours.len()) && minutes.len() == 2;
    if !right || !plain(hours) || !plain(minutes) {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let at = hours * 60 + minutes;
    (minutes < 60 && at <= 24 * 60).then_some(at)
}

/// Whether the section agrees with itself and with the contacts.
pub(super) fn check(lender: &Lender, say: &mut Complaints) {
    let help = &lender.help;
    if let (Some(from), Some(until)) = (minutes(&help.hours.from), minutes(&help.hours.until)) {
        let problem = "is not after from";
        say.must(
            from < until,
            "help.hours",
            "until",
            problem,
            "write a later hour",
        );
    }
    let telegram = help.telegram.as_deref().unwrap_or("https://t.me/-");
    say.must(
        telegram.len() > 13 && telegram.starts_with("https://t.me/"),
        "help",
        "telegram",
        "is not a Telegram address",
        "write https://t.me/name",
    );
    let whatsapp = help.whatsapp.as_deref().unwrap_or("79000000000");
    say.must(
        whatsapp.len() == 11 && whatsapp.bytes().all(|byte| byte.is_ascii_digit()),
        "help",
        "whatsapp",
        "is not a number with its country code",
        "write 11 digits, such as \"79000000000\"",
    );
    for (key, text) in [
        ("office", &help.office),
        ("data_promise", &help.data_promise),
    ] {
        if let Some(text) = text {
            text.check("help", key, say);
        }
    }
    if let Some(costs) = &help.closing.costs {
        costs.check("help.closing", "costs", say);
    }
    for (number, question) in help.questions.iter().enumerate() {
        let table = format!("help.questions.{number}");
        question.ask.check(&table, "ask", say);
        question.answer.check(&table, "answer", say);
    }
    say.must(
        (1..=168).contains(&help.phone_change.wait_hours),
        "help.phone_change",
        "wait_hours",
        "is not between an hour and a week",
        "write 24",
    );
    say.must(
        !(help.phone_change.self_service && help.phone_change.meanwhile == Meanwhile::Closed),
        "help.phone_change",
        "meanwhile",
        "closes the cabinet in which the owner could call the change off",
        "write meanwhile = \"read_and_pay\", or self_service = false",
    );
    let answers = help.chat.map_or(1, |chat| chat.answer_minutes);
    say.must(
        (1..=1_440).contains(&answers),
        "help.chat",
        "answer_minutes",
        "is not between a minute and a day",
        "write 10",
    );
    channels(help, "help", "debt", &help.debt, say);
    for (table, key, list) in [
        ("help.phone_change", "channels", &help.phone_change.channels),
        ("help.closing", "channels", &help.closing.channels),
    ] {
        let instead = "write at least one, such as [\"hotline\"]";
        say.must(
            !list.is_empty(),
            table,
            key,
            "leaves no way to ask",
            instead,
        );
        channels(help, table, key, list, say);
    }
}

/// A channel that the lender has not got must not be promised.
fn channels(help: &Help, table: &str, key: &str, list: &[Channel], say: &mut Complaints) {
    for channel in list {
        let (there, name) = match channel {
            Channel::Hotline | Channel::Email => continue,
            Channel::Office => (help.office.is_some(), "office"),
            Channel::Telegram => (help.telegram.is_some(), "telegram"),
            Channel::Whatsapp => (help.whatsapp.is_some(), "whatsapp"),
        };
        let problem = format!("sends people to \"{name}\", which help.{name} does not give");
        let instead = format!("write help.{name}, or leave \"{name}\" out");
        say.must(there, table, key, &problem, &instead);
    }
}
