//! Offers to a person, what of them and of promotions was used, and friends.

use super::table::{Moment, group, row};

group! {
    /// What was offered, what was used of it, and who invited whom.
    ExportOffers {
        /// Offers to this person alone, also those that were taken back.
        personal_offers: ExportPersonalOffer,
        /// Every state a personal offer came to.
        personal_offer_events: ExportOfferEvent,
        /// Promotions, statuses and personal offers that an application used.
        offers_used: ExportOfferUse,
        /// The offers that an application was shown with.
        offers_shown: ExportOfferSeen,
        /// The own code for friends.
        invitation_codes: ExportInvitationCode,
        /// Invitations that were sent or received. The other person is not named.
        invitations: ExportInvitation,
    }
}

row! {
    /// An offer to one person.
    ExportPersonalOffer of "personal_offer",
    "SELECT id, title_ru AS title, effect, most, state, reason, given_at, until, \
     ends_late AS ends_by_delay, ends_other AS ends_by_other_loan \
     FROM personal_offer WHERE borrower = $1 ORDER BY given_at, id" {
        /// Its id.
        id: String,
        /// Its name.
        title: String,
        /// What it changes: products, the rate, the limit.
        effect: serde_json::Value,
        /// The most interest it can spare, kopecks.
        most: i64,
        /// `waiting`, `open`, `reserved`, `used`, `ended`, `refused`.
        state: String,
        /// Why it was given, when a person of the lender did.
        reason: Option<String>,
        /// When.
        given_at: Moment,
        /// Its last day.
        until: String,
        /// A late payment ends it.
        ends_by_delay: bool,
        /// Another loan ends it.
        ends_by_other_loan: bool,
    }
}

row! {
    /// A state of a personal offer.
    ExportOfferEvent of "personal_offer_event",
    "SELECT event.offer, event.seq, event.state, event.why, event.at \
     FROM personal_offer_event event JOIN personal_offer given ON given.id = event.offer \
     WHERE given.borrower = $1 ORDER BY given.given_at, event.offer, event.seq" {
        /// The offer's id.
        offer: String,
        /// The order.
        seq: i64,
        /// The state it came to.
        state: String,
        /// Why: `rule`, `staff`, `application`, `contract`, `date`, `late`, `withdrawn`…
        why: String,
        /// When.
        at: Moment,
    }
}

row! {
    /// An offer that changes an application's terms.
    ExportOfferUse of "offer_use",
    "SELECT application, source, COALESCE(code, personal) AS offer, part, title_ru AS title, effect, \
     state, why, reserved, given_up, reserved_at, done_at \
     FROM offer_use WHERE borrower = $1 ORDER BY reserved_at, id" {
        /// The application's id.
        application: String,
        /// `promotion`, `personal`, `status`.
        source: String,
        /// The promotion's code, or the personal offer's id.
        offer: String,
        /// What of it: `rate`, `limit`, `both`.
        part: String,
        /// Its name on that day.
        title: String,
        /// What it changed.
        effect: serde_json::Value,
        /// `reserved`, `used`, `released`, `ended`.
        state: String,
        /// Why it ended before the decision.
        why: Option<String>,
        /// The most interest it could spare, kopecks.
        reserved: i64,
        /// What it spared by the signed contract, kopecks.
        given_up: Option<i64>,
        /// When the application was sent.
        reserved_at: Moment,
        /// When it was used, given back or ended.
        done_at: Option<Moment>,
    }
}

row! {
    /// Offers that stood beside an application.
    ExportOfferSeen of "offer_seen",
    "SELECT shown.application, filed.created_at AS at, shown.offers FROM offer_seen shown \
     JOIN application filed ON filed.id = shown.application \
     WHERE filed.borrower = $1 ORDER BY filed.created_at, filed.id" {
        /// The application's id.
        application: String,
        /// When it was begun.
        at: Moment,
        /// Codes and names.
        offers: serde_json::Value,
    }
}

row! {
    /// The code for friends.
    ExportInvitationCode of "invitation_code",
    "SELECT code, at FROM invitation_code WHERE borrower = $1" {
        /// The code.
        code: String,
        /// When it was made.
        at: Moment,
    }
}

row! {
    /// An invitation.
    ExportInvitation of "invitation",
    "SELECT CASE WHEN friend = $1 THEN 'received' ELSE 'sent' END AS way, state, reason, at, decided_at \
     FROM invitation WHERE friend = $1 OR inviter = $1 ORDER BY at, friend" {
        /// `sent` to a friend, or `received`.
        way: String,
        /// `waiting`, `rewarded`, `refused`.
        state: String,
        /// Why nobody was rewarded.
        reason: Option<String>,
        /// When the friend came.
        at: Moment,
        /// When the reward was decided.
        decided_at: Option<Moment>,
    }
}
