//! The cabinet itself: who came in from where, what was asked of the staff, and what is sent how.

use super::table::{Moment, Opened, group, row};

group! {
    /// The cabinet, its doors, and everybody who looked inside.
    ExportCabinet {
        /// The cabinet.
        cabinet: ExportBorrower,
        /// Ways to sign in.
        sign_in_ways: ExportWay,
        /// Devices.
        devices: ExportDevice,
        /// Sign-ins.
        sign_ins: ExportSignIn,
        /// Services of identity that were asked about this person.
        identities: ExportIdentity,
        /// Who saw or changed this person's data.
        diary: ExportDiaryLine,
        /// Changes that were asked of the staff.
        requests: ExportRequest,
        /// Pictures that were sent.
        pictures: ExportPicture,
        /// Pictures that the staff put beside a request.
        staff_papers: ExportStaffPaper,
        /// Devices that asked for notices.
        push_devices: ExportPushDevice,
        /// Which notices are wanted and how.
        notice_choices: ExportNoticeChoice,
        /// The quiet hours.
        quiet_hours: ExportQuietHours,
        /// What became of messages.
        deliveries: ExportDelivery,
    }
}

row! {
    /// The cabinet.
    ExportBorrower of "borrower",
    "SELECT id, lang, created_at AS at, hold, closed_at FROM borrower WHERE id = $1" {
        /// Its id.
        id: String,
        /// The language of messages.
        lang: String,
        /// When it was made.
        at: Moment,
        /// What may be done in it: `read_and_pay`, `closed`; nothing for everything.
        hold: Option<String>,
        /// When it was closed.
        closed_at: Option<Moment>,
    }
}

row! {
    /// A way to sign in. Passwords and keys are not here.
    ExportWay of "way",
    "SELECT id, kind, provider, subject, created_at AS at, confirmed_at, used_at, removed_at \
     FROM way WHERE borrower = $1 ORDER BY created_at, id" {
        /// `password`, `email`, `identity`, `passkey`.
        kind: String,
        /// The service of identity.
        provider: String,
        /// The address, or its name.
        subject: Opened,
        /// When it was added.
        at: Moment,
        /// When it was confirmed.
        confirmed_at: Option<Moment>,
        /// When it was last used.
        used_at: Option<Moment>,
        /// When it was removed.
        removed_at: Option<Moment>,
    }
}

row! {
    /// A device.
    ExportDevice of "device",
    "SELECT first_at, last_at, trusted_at FROM device WHERE borrower = $1 ORDER BY first_at, device_index" {
        /// When it first came.
        first_at: Moment,
        /// When it last did.
        last_at: Moment,
        /// Since when it is trusted.
        trusted_at: Option<Moment>,
    }
}

row! {
    /// A sign-in.
    ExportSignIn of "sign_in",
    "SELECT id, agent, place, at, used_at, ended_at FROM sign_in WHERE borrower = $1 ORDER BY at, id" {
        /// What the browser calls itself.
        agent: Opened,
        /// The place, by the network address.
        place: Opened,
        /// When.
        at: Moment,
        /// When it was last used.
        used_at: Moment,
        /// When it ended.
        ended_at: Option<Moment>,
    }
}

row! {
    /// What a service of identity said.
    ExportIdentity of "identity_claim",
    "SELECT id, provider, body, at, consented_at FROM identity_claim \
     WHERE borrower = $1 ORDER BY at, id" {
        /// The service.
        provider: String,
        /// What it said, as JSON.
        body: Opened,
        /// When.
        at: Moment,
        /// When the consent was given.
        consented_at: Option<Moment>,
    }
}

row! {
    /// A line of the diary.
    ExportDiaryLine of "diary",
    "SELECT id, role, what, body, at FROM diary WHERE borrower = $1 ORDER BY at, id" {
        /// Who: `own`, `staff`, `program`, `bureau`.
        role: String,
        /// What happened.
        what: String,
        /// Fields that changed and the reason, as JSON.
        body: Opened,
        /// When.
        at: Moment,
    }
}

row! {
    /// A change that was asked for.
    ExportRequest of "change_request",
    "SELECT id, kind, state, body, at, due_at, closed_at FROM change_request \
     WHERE borrower = $1 ORDER BY at, id" {
        /// `phone` or `closing`.
        kind: String,
        /// Where it stands.
        state: String,
        /// What was typed, as JSON.
        body: Opened,
        /// When.
        at: Moment,
        /// When it happens by itself.
        due_at: Option<Moment>,
        /// When it was done, refused or called off.
        closed_at: Option<Moment>,
    }
}

row! {
    /// A picture. The picture itself opens in the cabinet.
    ExportPicture of "upload",
    "SELECT one.id, COALESCE(one.proves, one.kind) AS kind, paper.appeal, one.width, one.height, one.size, one.at, one.removed_at \
     FROM upload one LEFT JOIN appeal_paper paper ON paper.upload = one.id \
     WHERE one.borrower = $1 ORDER BY one.at, one.id" {
        /// Its id.
        id: String,
        /// What it shows.
        kind: String,
        /// The appeal it was sent with.
        appeal: Option<String>,
        /// Pixels.
        width: i64,
        /// Pixels.
        height: i64,
        /// Bytes.
        size: i64,
        /// When it was sent.
        at: Moment,
        /// When it was removed.
        removed_at: Option<Moment>,
    }
}

row! {
    /// A picture that the lender's staff put beside something they decided on.
    ExportStaffPaper of "staff_paper",
    "SELECT id, about, object, width, height, size, at FROM staff_paper WHERE borrower = $1 ORDER BY at, id" {
        /// Its id.
        id: String,
        /// Beside what: `adjustment`, `request`, `appeal`.
        about: String,
        /// The id of that.
        object: String,
        /// Pixels.
        width: i64,
        /// Pixels.
        height: i64,
        /// Bytes.
        size: i64,
        /// When.
        at: Moment,
    }
}

row! {
    /// A device that asked for notices. Its address, which others could write to, is not here.
    ExportPushDevice of "push_subscription",
    "SELECT id, created_at AS at FROM push_subscription WHERE borrower = $1 ORDER BY created_at, id" {
        /// Its id.
        id: String,
        /// Since when.
        at: Moment,
    }
}

row! {
    /// A choice about notices.
    ExportNoticeChoice of "notice_choice",
    "SELECT event, channel, chosen FROM notice_choice WHERE borrower = $1 ORDER BY event, channel" {
        /// About what.
        event: String,
        /// How.
        channel: String,
        /// Wanted, or not.
        chosen: bool,
    }
}

row! {
    /// Hours when nothing rings.
    ExportQuietHours of "notice_hours",
    "SELECT quiet_from, quiet_until, answers FROM notice_hours WHERE borrower = $1" {
        /// The first hour.
        quiet_from: i64,
        /// The hour they end.
        quiet_until: i64,
        /// Whether answers wait as well.
        answers: bool,
    }
}

row! {
    /// What became of a message.
    ExportDelivery of "contact",
    "SELECT one.notice, told.kind, told.channel, one.asked_at, one.sent_at, one.waits, one.ended, \
     one.ended_at FROM contact one JOIN notice told ON told.id = one.notice \
     WHERE one.borrower = $1 ORDER BY one.asked_at, one.notice" {
        /// The message's id.
        notice: String,
        /// About what.
        kind: String,
        /// How.
        channel: String,
        /// When it was written.
        asked_at: Moment,
        /// When it left.
        sent_at: Option<Moment>,
        /// What held it back.
        waits: Option<String>,
        /// `sent`, `delivered`, `undelivered`, `refused`, `failed`, `stale`, `off`.
        ended: Option<String>,
        /// When.
        ended_at: Option<Moment>,
    }
}
