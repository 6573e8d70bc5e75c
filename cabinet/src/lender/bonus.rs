//! What is given for paying well: the table `[bonus]`.

use lending::Kopecks;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Lender;
use super::check::Complaints;
use super::product::Roubles;

/// Bonuses: one is worth one rouble of interest. They are a gift that nobody pays for, so no rule here can make a loan
/// dearer, and they are no money: nothing pays them out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    /// Bonuses for a loan that was repaid without a day of delay, in roubles; nothing is given when left out.
    loan_repaid: Option<Roubles>,
    /// Such a loan lasted at least so many days: one that is taken and given back the same day earns nothing.
    #[serde(default = "loan_days")]
    pub loan_days: u32,
    /// Percent of the interest paid with money that comes back as bonuses.
    #[serde(default)]
    pub interest_percent: u32,
    /// Days that bonuses live; the oldest are spent first.
    pub expiry_days: u32,
    /// So many days before the end their owner is told of it.
    #[serde(default = "notice_days")]
    pub notice_days: u32,
    /// The most of a loan's interest that bonuses may pay, in percent.
    pub max_share_percent: u32,
    /// What an invited friend brings; friends are not invited when left out.
    pub friends: Option<Friends>,
}

/// Inviting a friend. Both get theirs after the friend has paid interest for the first time.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Friends {
    /// Bonuses for whoever invited, in roubles.
    inviter: Roubles,
    /// Bonuses for the friend, in roubles.
    friend: Roubles,
    /// So many friends in 365 days bring bonuses to one person.
    pub per_year: u32,
}

const fn loan_days() -> u32 {
    7
}

const fn notice_days() -> u32 {
    14
}

impl Bonus {
    /// What a loan repaid on time gives.
    pub fn loan_repaid(&self) -> Kopecks {
        self.loan_repaid.map_or(Kopecks::ZERO, |sum| sum.0)
    }

    /// What interest paid with money gives, whole kopecks, rounded down.
    pub fn of_interest(&self, paid: Kopecks) -> Kopecks {
        share(paid, self.interest_percent)
    }

    /// The most that bonuses may pay of this much interest, rounded down.
    pub fn payable(&self, accrued: Kopecks) -> Kopecks {
        share(accrued, self.max_share_percent)
    }
}

/// So many percent of a sum, rounded down to a kopeck.
fn share(sum: Kopecks, percent: u32) -> Kopecks {
    let part = i128::from(sum.get()) * i128::from(percent) / 100;
    Kopecks::new(i64::try_from(part).unwrap_or(i64::MAX))
}

impl Friends {
    /// What whoever invited gets.
    pub fn inviter(&self) -> Kopecks {
        self.inviter.0
    }

    /// What the friend gets.
    pub fn friend(&self) -> Kopecks {
        self.friend.0
    }
}

/// Whether bonuses make sense on any date.
pub(super) fn check(lender: &Lender, say: &mut Complaints) {
    let Some(bonus) = &lender.bonus else { return };
    let percent = |value: u32| (1..=100).contains(&value);
    let instead = "write 1 to 100";
    let (table, share) = ("bonus", bonus.max_share_percent);
    let problem = "lets nothing, or more than there is, be paid";
    say.must(percent(share), table, "max_share_percent", problem, instead);
    let back = bonus.interest_percent == 0 || percent(bonus.interest_percent);
    let problem = "gives back more than was paid";
    say.must(back, table, "interest_percent", problem, instead);
    let alive = bonus.expiry_days > bonus.notice_days;
    let problem = "ends before its owner can be told";
    let instead = "make it longer than notice_days";
    say.must(alive, table, "expiry_days", problem, instead);
    let earns = bonus.loan_repaid().is_positive() || bonus.interest_percent > 0;
    let invites = bonus.friends.is_some();
    let instead = "write interest_percent, loan_repaid or [bonus.friends]";
    let problem = "gives nothing for anything";
    say.must(earns || invites, table, "loan_repaid", problem, instead);
    if let Some(friends) = &bonus.friends {
        let given = !friends.inviter().is_zero() || !friends.friend().is_zero();
        let table = "bonus.friends";
        say.must(given, table, "inviter", "gives nothing", "write roubles");
        let some = friends.per_year > 0;
        let instead = "write at least 1, or leave [bonus.friends] out";
        say.must(some, table, "per_year", "lets nobody be invited", instead);
    }
}
