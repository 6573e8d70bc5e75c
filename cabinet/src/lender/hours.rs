//! When people answer, as moments: what a borrower who writes at night is told.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use lending::WorkCalendar;

use super::help::{Days, Hours, minutes};

/// Days looked at before giving up: the longest run of days off is shorter.
const AHEAD: u32 = 30;

impl Hours {
    /// Whether somebody answers at a moment.
    pub fn open_at(&self, at: DateTime<Utc>) -> bool {
        let (day, minute) = self.local(at);
        self.works(day) && (self.first()..self.last()).contains(&minute)
    }

    /// The first moment from this one on when somebody answers.
    pub fn opens(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        if self.open_at(at) {
            return at;
        }
        let (today, minute) = self.local(at);
        let later = today.iter_days().take(usize::try_from(AHEAD).unwrap_or(30));
        let mut days = later.skip(usize::from(minute >= self.first()));
        let day = days.find(|day| self.works(*day)).unwrap_or(today);
        self.moment(day, self.first())
    }

    /// The moment when so many minutes of the working hours have passed.
    pub fn after(&self, at: DateTime<Utc>, minutes: u32) -> DateTime<Utc> {
        let mut from = self.opens(at);
        let mut left = i64::from(minutes);
        for _ in 0..AHEAD {
            let (_, minute) = self.local(from);
            let today = self.last() - minute;
            if left <= today {
                break;
            }
            left -= today;
            from = self.opens(from + Duration::minutes(today));
        }
        from + Duration::minutes(left)
    }

    fn first(&self) -> i64 {
        i64::from(minutes(&self.from).unwrap_or(0))
    }

    fn last(&self) -> i64 {
        i64::from(minutes(&self.until).unwrap_or(24 * 60))
    }

    fn works(&self, day: NaiveDate) -> bool {
        self.days == Days::Daily || !WorkCalendar::russia().is_day_off(day)
    }

    fn local(&self, at: DateTime<Utc>) -> (NaiveDate, i64) {
        let here = at.naive_utc() + Duration::minutes(i64::from(self.zone.offset_minutes()));
        let midnight = here.date().and_time(NaiveTime::MIN);
        (here.date(), (here - midnight).num_minutes())
    }

    fn moment(&self, day: NaiveDate, minute: i64) -> DateTime<Utc> {
        let minutes = minute - i64::from(self.zone.offset_minutes());
        (day.and_time(NaiveTime::MIN) + Duration::minutes(minutes)).and_utc()
    }
}

#[cfg(test)]
mod tests {
    use super::super::help::Zone;
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_default()
    }

    fn hours(days: Days, until: &str, zone: Zone) -> Hours {
        Hours {
            days,
            from: "7:00".into(),
            until: until.into(),
            zone,
        }
    }

    #[test]
    fn the_next_hour_of_work_is_found_on_its_own_clock() {
        let moscow = hours(Days::Daily, "22:00", Zone::Moscow);
        // 7:00 and 22:00 in Moscow are 4:00 and 19:00 in UTC.
        assert!(moscow.open_at(at("2026-11-23T04:00:00Z")));
        assert!(!moscow.open_at(at("2026-11-23T03:59:00Z")));
        assert!(!moscow.open_at(at("2026-11-23T19:00:00Z")));
        let morning = at("2026-11-24T04:00:00Z");
        assert_eq!(moscow.opens(at("2026-11-23T20:30:00Z")), morning);
        assert_eq!(moscow.opens(at("2026-11-24T01:00:00Z")), morning);
        let noon = at("2026-11-24T09:00:00Z");
        assert_eq!(moscow.opens(noon), noon);
        let omsk = hours(Days::Daily, "22:00", Zone::Omsk);
        assert_eq!(
            omsk.opens(at("2026-11-23T16:00:00Z")),
            at("2026-11-24T01:00:00Z")
        );
    }

    #[test]
    fn minutes_of_work_pass_over_the_night_and_days_off() {
        let moscow = hours(Days::Daily, "22:00", Zone::Moscow);
        assert_eq!(
            moscow.after(at("2026-11-23T09:00:00Z"), 10),
            at("2026-11-23T09:10:00Z")
        );
        assert_eq!(
            moscow.after(at("2026-11-23T18:55:00Z"), 10),
            at("2026-11-24T04:05:00Z")
        );
        assert_eq!(
            moscow.after(at("2026-11-23T22:00:00Z"), 10),
            at("2026-11-24T04:10:00Z")
        );
        // Friday evening to Monday morning.
        let weekdays = hours(Days::Weekdays, "22:00", Zone::Moscow);
        assert_eq!(
            weekdays.after(at("2026-11-27T19:30:00Z"), 10),
            at("2026-11-30T04:10:00Z")
        );
        let always = hours(Days::Daily, "24:00", Zone::Moscow);
        assert!(always.open_at(at("2026-11-23T20:59:00Z")));
    }
}
