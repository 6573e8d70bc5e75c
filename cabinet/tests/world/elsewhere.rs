//! Somebody who comes by an account elsewhere.
#![allow(dead_code, reason = "each story uses a part")]

use cabinet::Origin;
use cabinet::ids::VisitorId;
use cabinet::ports::IdentityProfile;
use uuid::Uuid;

use super::World;

/// The phone that the account carries.
pub const PHONE: &str = "+79001234567";

pub fn from(device: &str) -> Origin {
    Origin {
        ip: "192.0.2.7".into(),
        user_agent: "test".into(),
        device: Some(format!("a device of these tests {device}")),
    }
}

pub fn browser(n: u128) -> VisitorId {
    VisitorId(Uuid::from_u128(n))
}

pub fn anna() -> IdentityProfile {
    let answers = [
        ("last_name", "Тестова"),
        ("first_name", "Анна"),
        ("birth_date", "12.05.1990"),
        ("passport", "4510 230001"),
    ];
    IdentityProfile {
        subject: "anna".into(),
        verified: true,
        phone: PHONE.into(),
        answers: answers
            .map(|(field, text)| (field.to_owned(), text.to_owned()))
            .into(),
    }
}

pub fn says(world: &World, profile: IdentityProfile) {
    *world.providers.says.lock().expect("says") = Some(profile);
}
