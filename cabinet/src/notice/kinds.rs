//! What a borrower is told of, by which channels, and what each text may name.

use std::fmt;

/// How a borrower is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// A text message.
    Sms,
    /// A letter to the confirmed address.
    Mail,
    /// A notice on the devices that asked for it.
    Push,
    /// A line in the cabinet's list.
    InApp,
}

impl Channel {
    /// Every one, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Sms, Self::Mail, Self::Push, Self::InApp];

    /// The stable code: `sms`, `mail`, `push`, `inapp`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Mail => "mail",
            Self::Push => "push",
            Self::InApp => "inapp",
        }
    }

    /// The one of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What happened, as a borrower chooses channels for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Seven days to a payment: for loans with the service of text messages, and for no others.
    Due7,
    /// Three days to a payment.
    Due3,
    /// A payment tomorrow.
    Due1,
    /// A payment today.
    Due0,
    /// A debit that is going to run.
    Debit,
    /// A payment that has not come.
    Overdue,
    /// The word on an application.
    Decision,
    /// Money on the way to the borrower.
    Payout,
    /// Money that came, or went back.
    Receipt,
    /// A loan that is over.
    Closing,
    /// A specialist's answer in the chat.
    Chat,
    /// Bonuses: that end soon, from a friend, from a draw.
    Bonus,
    /// A personal offer: advertising, so it rings only for who has consented to it.
    Offer,
}

/// Why a channel of an event can't be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The law wants the message itself (353-ФЗ art. 10 p. 4).
    Law,
    /// It stays in the cabinet as the proof of what was done.
    Record,
}

impl Event {
    /// Every one, in the order of the page.
    pub const ALL: [Self; 13] = [
        Self::Due7,
        Self::Due3,
        Self::Due1,
        Self::Due0,
        Self::Debit,
        Self::Overdue,
        Self::Decision,
        Self::Payout,
        Self::Receipt,
        Self::Closing,
        Self::Chat,
        Self::Bonus,
        Self::Offer,
    ];

    /// The stable code: `due_7`, `receipt`…
    pub const fn code(self) -> &'static str {
        match self {
            Self::Due7 => "due_7",
            Self::Due3 => "due_3",
            Self::Due1 => "due_1",
            Self::Due0 => "due_0",
            Self::Debit => "debit",
            Self::Overdue => "overdue",
            Self::Decision => "decision",
            Self::Payout => "payout",
            Self::Receipt => "receipt",
            Self::Closing => "closing",
            Self::Chat => "chat",
            Self::Bonus => "bonus",
            Self::Offer => "offer",
        }
    }

    /// The one of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Whether it asks for money that is not late yet, or answers something.
    pub const fn class(self) -> Class {
        match self {
            Self::Due7
            | Self::Due3
            | Self::Due1
            | Self::Due0
            | Self::Debit
            | Self::Bonus
            | Self::Offer => Class::Reminder,
            Self::Overdue => Class::Overdue,
            Self::Decision | Self::Payout | Self::Receipt | Self::Closing | Self::Chat => {
                Class::Answer
            }
        }
    }

    /// Why this channel of it can't be switched off; nothing when it can.
    pub const fn kept(self, channel: Channel) -> Option<Kept> {
        match (self.class(), channel) {
            (Class::Overdue, Channel::Sms) => Some(Kept::Law),
            // The answer itself stays in the chat.
            (Class::Answer, Channel::InApp) if matches!(self, Self::Chat) => None,
            (Class::Overdue | Class::Answer, Channel::InApp) => Some(Kept::Record),
            // No card is debited without a word before.
            (_, Channel::InApp) if matches!(self, Self::Debit) => Some(Kept::Record),
            _ => None,
        }
    }

    /// Whether it is told to those alone who switched a service on. Nobody chooses its channels: what was
    /// ordered is text messages.
    pub const fn bought(self) -> bool {
        matches!(self, Self::Due7)
    }

    /// Whether it is advertising: by any channel but the cabinet's own list it needs the consent
    /// to it (38-ФЗ art. 18).
    pub const fn advertising(self) -> bool {
        matches!(self, Self::Offer)
    }

    /// Whether the channel is on until its owner says otherwise: letters only of what is worth
    /// keeping, and of bonuses and offers no text message.
    pub const fn usual(self, channel: Channel) -> bool {
        if self.bought() {
            return matches!(channel, Channel::Sms | Channel::InApp);
        }
        if matches!(self, Self::Bonus | Self::Offer) {
            return matches!(channel, Channel::InApp | Channel::Push);
        }
        !matches!(channel, Channel::Mail) || matches!(self, Self::Payout | Self::Closing)
    }
}

/// What may hold a message back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// An answer to what the borrower did or asked: nothing but their own quiet hours, when they
    /// want these for answers too.
    Answer,
    /// Of a payment ahead: by day only, and the law's limits once another payment is late.
    Reminder,
    /// Of a payment that is late: the law's hours and limits.
    Overdue,
}

/// A text: the message `cabinet-notice-{code}`, underscores as hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its code.
    pub code: &'static str,
    /// What it tells of.
    pub event: Event,
    /// The values that a lender's own text may name besides `lender` and `hotline`.
    pub values: &'static [&'static str],
}

const fn kind(code: &'static str, event: Event, values: &'static [&'static str]) -> Kind {
    Kind {
        code,
        event,
        values,
    }
}

/// Every text.
pub const KINDS: &[Kind] = &[
    kind("due_7", Event::Due7, &["amount", "date", "payoff"]),
    kind("due_3", Event::Due3, &["amount", "date"]),
    kind("due_1", Event::Due1, &["amount", "date"]),
    kind("due_0", Event::Due0, &["amount", "date", "zone"]),
    kind("debit", Event::Debit, &["amount", "date", "time"]),
    kind("autopay_above", Event::Debit, &["amount", "date"]),
    kind("overdue", Event::Overdue, &["amount", "date"]),
    kind("approved", Event::Decision, &["amount"]),
    kind("refused", Event::Decision, &["amount"]),
    kind("specialist", Event::Decision, &["amount"]),
    kind("paper_asked", Event::Decision, &[]),
    kind("income_proved", Event::Decision, &["amount", "date"]),
    kind("income_declined", Event::Decision, &[]),
    kind("income_withdrawn", Event::Decision, &[]),
    kind("issued", Event::Payout, &["amount", "payment", "date"]),
    kind("payout_failed", Event::Payout, &[]),
    kind("payment", Event::Receipt, &["amount", "left", "date"]),
    kind("payment_surplus", Event::Receipt, &["amount", "overpaid"]),
    kind("prolonged", Event::Receipt, &["amount", "date"]),
    kind("prolonged_free", Event::Receipt, &["date"]),
    kind("topped_up", Event::Receipt, &["amount", "date"]),
    kind("debited", Event::Receipt, &["amount", "left", "date"]),
    kind("refunded", Event::Receipt, &["amount"]),
    kind("refund_failed", Event::Receipt, &["amount"]),
    kind("service_on", Event::Receipt, &["service"]),
    kind("service_off", Event::Receipt, &["service"]),
    kind("written_off", Event::Receipt, &["amount", "left"]),
    kind("forgiven", Event::Closing, &["amount"]),
    kind(
        "rate_lowered",
        Event::Receipt,
        &["rate", "before", "date", "saved"],
    ),
    kind("closed", Event::Closing, &[]),
    kind("chat_answered", Event::Chat, &[]),
    kind("bonus_spent", Event::Receipt, &["amount", "left"]),
    kind("bonus_friend", Event::Bonus, &["amount"]),
    kind("bonus_ending", Event::Bonus, &["amount", "date"]),
    kind("offer_given", Event::Offer, &["offer", "date"]),
    kind("offer_ending", Event::Offer, &["offer", "date"]),
    kind("draw_ready", Event::Bonus, &["prize", "draw", "date"]),
    kind("draw_collect", Event::Bonus, &["prize", "draw", "date"]),
    kind("draw_lost", Event::Bonus, &["prize", "draw", "date"]),
    kind("draw_won", Event::Bonus, &["prize", "draw", "date"]),
];

/// The event of a text; of one that is in no table, a receipt: told and kept, never held back.
pub(crate) fn event_of(code: &str) -> Event {
    let found = KINDS.iter().find(|kind| kind.code == code);
    found.map_or(Event::Receipt, |kind| kind.event)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use locales::{Lang, Words};

    use super::*;

    /// A text that is in no table would go at night, and no lender could write their own.
    #[test]
    fn every_text_of_the_catalogue_has_its_event_and_names_only_its_values() {
        let file = include_str!("../../../app/locales/ru/cabinet-notice.ftl");
        let mut seen = 0;
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let Some((key, text)) = line.split_once(" = ") else {
                continue;
            };
            let code = key.trim_start_matches("cabinet-notice-").replace('-', "_");
            if code.starts_with("subject_") {
                continue;
            }
            seen += 1;
            let kind = KINDS.iter().find(|kind| kind.code == code);
            let kind = kind.unwrap_or_else(|| panic!("{code} is in no table of kinds.rs"));
            for name in text.split("{ $").skip(1) {
                let name = name.split(' ').next().unwrap_or_default();
                assert!(
                    ["lender", "hotline"].contains(&name) || kind.values.contains(&name),
                    "{code} names {name}"
                );
            }
        }
        assert!(seen > 15, "only {seen} texts");
    }

    #[test]
    fn codes_are_told_apart_and_every_event_has_a_subject() {
        let codes: BTreeSet<_> = KINDS.iter().map(|kind| kind.code).collect();
        assert_eq!(codes.len(), KINDS.len());
        for event in Event::ALL {
            assert_eq!(Event::from_code(event.code()), Some(event));
            let key = format!("cabinet-notice-subject-{}", event.code().replace('_', "-"));
            assert!(Words::new(Lang::Ru).has(&key), "{key}");
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::from_code(channel.code()), Some(channel));
        }
    }

    #[test]
    fn the_law_keeps_the_message_of_a_delay_and_the_cabinet_keeps_every_answer() {
        assert_eq!(Event::Overdue.kept(Channel::Sms), Some(Kept::Law));
        assert_eq!(Event::Receipt.kept(Channel::InApp), Some(Kept::Record));
        assert_eq!(Event::Due3.kept(Channel::InApp), None);
        assert!(Event::Due7.usual(Channel::Sms));
        assert!(!Event::Due7.usual(Channel::Push));
        assert_eq!(Event::Receipt.kept(Channel::Sms), None);
    }
}
