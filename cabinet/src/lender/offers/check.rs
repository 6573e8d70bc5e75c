//! What must hold of the offers of a lender's file, and what to write instead.

use lending::Kopecks;

use super::{OfferTerms, Promotion, PromotionAudience, roubles};
use crate::lender::Lender;
use crate::lender::check::{Complaints, slug};

/// Whether the offers make sense on any date.
pub(in crate::lender) fn check(lender: &Lender, say: &mut Complaints) {
    let mut seen: Vec<&str> = Vec::new();
    for one in &lender.promotions {
        let table = format!("promotions.{}", one.code);
        named(&table, &one.code, &mut seen, say);
        one.title.check(&table, "title", say);
        one.about.check(&table, "about", say);
        promotion(&table, lender, one, say);
        terms(&table, lender, &one.terms, say);
    }
    for one in &lender.personal_offers {
        let table = format!("personal_offers.{}", one.code);
        named(&table, &one.code, &mut seen, say);
        one.title.check(&table, "title", say);
        one.about.check(&table, "about", say);
        let some = one.after_loans > 0;
        let problem = "is zero: nobody has repaid anything yet";
        let instead = "write 1 or more, or make it a promotion";
        say.must(some, &table, "after_loans", problem, instead);
        let some = (1..=365).contains(&one.valid_days);
        let problem = "is not between a day and a year";
        say.must(some, &table, "valid_days", problem, "write 30");
        terms(&table, lender, &one.terms, say);
    }
    let mut before = 0;
    for one in &lender.statuses {
        let table = format!("statuses.{}", one.code);
        named(&table, &one.code, &mut seen, say);
        one.title.check(&table, "title", say);
        one.about.check(&table, "about", say);
        let higher = one.after_loans > before;
        let problem = "is not above the status before it";
        let instead = format!("write {} or more, the lowest status first", before + 1);
        say.must(higher, &table, "after_loans", problem, &instead);
        before = one.after_loans;
        if let Some(changes) = &one.terms {
            terms(&table, lender, changes, say);
        }
    }
    overlaps(lender, say);
}

fn named<'l>(table: &str, code: &'l str, seen: &mut Vec<&'l str>, say: &mut Complaints) {
    let fresh = slug(code) && !seen.contains(&code);
    let instead = "use a-z, 0-9 and '-', another for each promotion, personal offer and status";
    say.must(fresh, table, "code", "is not a name of its own", instead);
    seen.push(code);
}

fn promotion(table: &str, lender: &Lender, one: &Promotion, say: &mut Complaints) {
    let ordered = one.from <= one.until;
    let instead = format!("write {} or later", one.from);
    say.must(ordered, table, "until", "is before from", &instead);
    let closed = one.audience == PromotionAudience::Closed;
    let days = one.closed_within_days.is_some_and(|days| days > 0);
    let problem = "belongs to audience = \"closed\", which needs it";
    let instead = if closed {
        "write how many days after a loan was repaid, such as 60"
    } else {
        "remove it, or write audience = \"closed\""
    };
    let right = days == closed && one.closed_within_days.is_some() == closed;
    say.must(right, table, "closed_within_days", problem, instead);
    let some = one.uses != Some(0);
    let instead = "write for how many loans, or leave the key out";
    say.must(some, table, "uses", "is zero", instead);
    let most = one.terms.effect().most(lender).max(Kopecks::new(1));
    let some = one.budget.is_none_or(|sum| sum.0 >= most);
    let problem = "does not cover the interest of one loan";
    let instead = format!("write {} or more, or leave the key out", roubles(most));
    say.must(some, table, "budget", problem, &instead);
    let some = one.per_person > 0;
    say.must(some, table, "per_person", "is zero", "write 1 or more");
    for code in &one.terms.products {
        let product = lender.product(code);
        let reached = product.is_none_or(|product| one.audience.reaches(product.audience));
        let problem = format!("never meets the audience of `{code}`");
        let instead = "write the product's audience, or another product";
        say.must(reached, table, "audience", &problem, instead);
    }
}

fn terms(table: &str, lender: &Lender, terms: &OfferTerms, say: &mut Complaints) {
    let table = format!("{table}.terms");
    for (key, given) in [
        ("max_amount", terms.max_amount.is_some()),
        ("max_days", terms.max_days.is_some()),
    ] {
        let right = !given || terms.daily_rate.is_some();
        let problem = "bounds a reduced rate that is not there";
        let instead = "write daily_rate beside it, or remove it";
        say.must(right, &table, key, problem, instead);
    }
    for (key, problem, instead) in terms.effect().faults(lender) {
        say.say(&table, key, &problem, &instead);
    }
}

/// Two promotions of the same kind for the same people, product and day: nobody could say which one counts.
fn overlaps(lender: &Lender, say: &mut Complaints) {
    for (number, later) in lender.promotions.iter().enumerate() {
        let before = lender.promotions.iter().take(number);
        for earlier in before.filter(|earlier| clash(earlier, later)) {
            let table = format!("promotions.{}", later.code);
            let problem = format!(
                "meets the promotion `{}`, which changes the same for the same people till {}",
                earlier.code, earlier.until
            );
            let instead = "choose other dates, another audience or another product";
            say.say(&table, "from", &problem, instead);
        }
    }
}

fn clash(one: &Promotion, other: &Promotion) -> bool {
    let days = one.from <= other.until && other.from <= one.until;
    let (a, b) = (one.terms.effect(), other.terms.effect());
    let product = a.products.iter().any(|code| b.products.contains(code));
    let rate = a.rate.is_some() && b.rate.is_some();
    let limit = a.raised_limit.is_some() && b.raised_limit.is_some();
    days && product && (rate || limit) && one.audience.meets(other.audience)
}
