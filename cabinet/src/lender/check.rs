//! Whether a lender's file makes sense, on any date.

use std::collections::BTreeSet;

use lending::{Kopecks, Product, ProductKind, ProlongationRules, ProlongationWindow, rules};

use super::access::{AccessMethod, Restore};
use super::onboarding::DedupeKey;
use super::places::Places;
use super::{
    Asked, Lender, LenderError, LenderErrors, LenderProduct, PassportChange, access, agent, bonus,
    brand, draws, help, identity, notices, numbers, offers, onboarding, payment, payout, services,
};
use crate::values::Email;

/// Something wrong, before its line is known.
#[derive(Debug, Clone)]
pub(super) struct Complaint {
    table: String,
    key: String,
    problem: String,
    instead: String,
}

impl Complaint {
    pub(super) fn new(table: &str, key: &str, problem: &str, instead: &str) -> Self {
        let own = str::to_owned;
        Self {
            table: own(table),
            key: own(key),
            problem: own(problem),
            instead: own(instead),
        }
    }

    fn error(self, line: usize, value: Option<String>) -> LenderError {
        let dot = if self.table.is_empty() { "" } else { "." };
        LenderError {
            line,
            key: format!("{}{dot}{}", self.table, self.key),
            value,
            problem: self.problem,
            instead: self.instead,
        }
    }
}

/// Everything wrong that was found so far: whoever writes a file should not have to come back for each.
#[derive(Debug, Clone, Default)]
pub(super) struct Complaints(Vec<Complaint>);

impl Complaints {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn say(&mut self, table: &str, key: &str, problem: &str, instead: &str) {
        self.0.push(Complaint::new(table, key, problem, instead));
    }

    /// Complains unless `right`.
    pub(super) fn must(
        &mut self,
        right: bool,
        table: &str,
        key: &str,
        problem: &str,
        instead: &str,
    ) {
        if !right {
            self.say(table, key, problem, instead);
        }
    }

    /// Takes what one of the sections says of itself.
    pub(super) fn hear(&mut self, checked: Checked) {
        self.0.extend(checked.err());
    }

    /// With lines and values, in the order of the file.
    pub(super) fn at(self, places: &Places<'_>) -> LenderErrors {
        let told = self.0.into_iter().map(|complaint| {
            let place = places.find(&complaint.table, &complaint.key);
            complaint.error(place.line, place.value)
        });
        let mut errors: Vec<LenderError> = told.collect();
        errors.sort_by_key(|error| error.line);
        LenderErrors {
            file: String::new(),
            errors,
        }
    }

    /// When the text is not at hand.
    pub(super) fn anywhere(self) -> LenderErrors {
        LenderErrors {
            file: String::new(),
            errors: self.0.into_iter().map(|it| it.error(0, None)).collect(),
        }
    }
}

pub(super) type Checked = Result<(), Complaint>;

/// Refuses unless `right`.
pub(super) fn must(right: bool, table: &str, key: &str, problem: &str, instead: &str) -> Checked {
    if right {
        Ok(())
    } else {
        Err(Complaint::new(table, key, problem, instead))
    }
}

/// Everything that holds on any date.
pub(super) fn whole(lender: &Lender, say: &mut Complaints) {
    company(lender, say);
    brand::check(&lender.brand, say);
    texts(lender, say);
    help::check(lender, say);
    say.hear(access::check(&lender.access));
    identity::check(&lender.access, say);
    email(lender, say);
    onboarding::check(lender, say);
    notices::check(&lender.notices, say);
    business(lender, say);
    payment::check(&lender.payment, &lender.requisites, say);
    payout::check(&lender.payout, &lender.payment.acquirer, say);
    products(lender, say);
    bonus::check(lender, say);
    services::check(lender, say);
    offers::check(lender, say);
    draws::check(lender, say);
    agent::check(lender, say);
}

pub(super) fn slug(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&text.len()) && text.chars().all(plain)
}

fn company(lender: &Lender, say: &mut Complaints) {
    let instead = "use a-z, 0-9 and '-'";
    say.must(slug(&lender.code), "", "code", "is not a name", instead);
    let texts = [
        ("name", &lender.name),
        ("legal_name", &lender.legal_name),
        ("registry_number", &lender.registry_number),
        ("sro", &lender.sro),
        ("address", &lender.address),
        ("hotline", &lender.hotline),
    ];
    for (key, text) in texts {
        let instead = "borrowers must be able to read it";
        say.must(!text.trim().is_empty(), "", key, "is empty", instead);
    }
    let copy = "copy it from the register";
    let problem = "is not ten digits with a right check digit";
    say.must(numbers::inn(&lender.inn), "", "inn", problem, copy);
    let problem = "is not 13 digits with a right check digit";
    say.must(numbers::ogrn(&lender.ogrn), "", "ogrn", problem, copy);
    let site = lender.site.starts_with("https://") && lender.host().contains('.');
    let instead = "write https://example.ru";
    say.must(site, "", "site", "is not an https address", instead);
    let mail = Email::parse(&lender.email).is_some();
    say.must(
        mail,
        "",
        "email",
        "is not an address",
        "write help@example.ru",
    );
}

fn texts(lender: &Lender, say: &mut Complaints) {
    for (table, key, text) in [
        ("wording", "sign_in", &lender.wording.sign_in),
        ("landing", "title", &lender.landing.title),
        ("landing", "lead", &lender.landing.lead),
    ] {
        if let Some(text) = text {
            text.check(table, key, say);
        }
    }
}

/// What signing in needs must be asked for.
fn email(lender: &Lender, say: &mut Complaints) {
    say.must(
        lender.questionnaire.education != Asked::RequiredVerified,
        "questionnaire",
        "education",
        "can't be verified",
        "write education = \"required\"",
    );
    let seen = lender.onboarding.dedupe_keys.contains(&DedupeKey::Person);
    let reviews = lender.questionnaire.passport_change == PassportChange::SelfThenReview;
    say.must(
        seen || !reviews,
        "questionnaire",
        "passport_change",
        "waits for another passport that onboarding.dedupe_keys does not let us see",
        "write dedupe_keys = [\"person\", \"inn\"], or passport_change = \"self\"",
    );
    if lender.questionnaire.email != Asked::Off {
        return;
    }
    let signs = lender.access.method == AccessMethod::EmailPassword;
    let problem = "signs people in by an e-mail that nobody is asked for";
    let instead = "write questionnaire.email = \"optional\", or another method";
    say.must(!signs, "access", "method", problem, instead);
    let restores = lender.access.restore.contains(&Restore::Email);
    let problem = "sends a link to an e-mail that nobody is asked for";
    let instead = "write questionnaire.email = \"optional\", or restore = [\"sms\"]";
    say.must(!restores, "access", "restore", problem, instead);
}

/// Decisions, the documents.
fn business(lender: &Lender, say: &mut Complaints) {
    let cutoffs = lender.decision.score_cutoff <= lender.decision.specialist_cutoff;
    let problem = "is below score_cutoff";
    let instead = format!("write {} or more", lender.decision.score_cutoff);
    say.must(cutoffs, "decision", "specialist_cutoff", problem, &instead);
    // At half of the income the law only wants a warning; at twice the income nobody is left to look at.
    let burden = lender.decision.specialist_burden;
    let within = burden.is_none_or(|percent| (50..=200).contains(&percent));
    let problem = "is not between 50 and 200 percent";
    say.must(within, "decision", "specialist_burden", problem, "write 80");
    let months = (1..=12).contains(&lender.decision.income_months);
    let problem = "is not between 1 and 12";
    say.must(months, "decision", "income_months", problem, "write 6");
    // Art. 7 p. 6 of 353-ФЗ gives the borrower at least five working days to think.
    let days = (5..=60).contains(&lender.documents.offer_days);
    let problem = "is not between the legal five working days and 60";
    say.must(days, "documents", "offer_days", problem, "write 5");
}

fn products(lender: &Lender, say: &mut Complaints) {
    let some = !lender.products.is_empty();
    let instead = "write at least one [[products]]";
    say.must(some, "", "products", "are missing", instead);
    let mut seen = BTreeSet::new();
    for product in &lender.products {
        let code = product.terms.code.as_str();
        let table = format!("products.{code}");
        let instead = "use a-z, 0-9 and '-', such as \"short\"";
        say.must(slug(code), &table, "code", "is not a name", instead);
        let instead = "give each product its own code";
        say.must(seen.insert(code), &table, "code", "is used twice", instead);
        product.title.check(&table, "title", say);
        limits(&table, lender, product, say);
        promo(&table, product, say);
        if let Some(rules) = &product.prolongation {
            prolongation(
                &format!("{table}.prolongation"),
                lender,
                &product.terms,
                rules,
                say,
            );
        }
    }
    let newcomers = lender
        .products
        .iter()
        .any(|product| product.audience.has(true));
    let problem = "offers nothing to a newcomer";
    let instead = "give one product audience = \"everybody\" or \"new\"";
    say.must(newcomers || !some, "", "products", problem, instead);
}

fn limits(table: &str, lender: &Lender, product: &LenderProduct, say: &mut Complaints) {
    let terms = &product.terms;
    let instead = "write what is really lent";
    let positive = terms.min_amount.is_positive();
    say.must(positive, table, "min_amount", "is zero", instead);
    say.must(terms.min_term > 0, table, "min_term", "is zero", instead);
    let ordered = terms.min_amount <= terms.max_amount;
    let instead = format!("write {} or more", roubles(terms.min_amount));
    say.must(
        ordered,
        table,
        "max_amount",
        "is below min_amount",
        &instead,
    );
    let instead = format!("write {} or more", terms.min_term);
    let ordered = terms.min_term <= terms.max_term;
    say.must(ordered, table, "max_term", "is below min_term", &instead);
    let range = terms.max_amount.get() - terms.min_amount.get();
    let step = terms.amount_step.get();
    let steps = step > 0 && range % step == 0;
    let problem = "does not lead from min_amount to max_amount";
    let instead = "choose a step that divides their difference";
    say.must(steps, table, "amount_step", problem, instead);
    let limit = rules::licence_limit(lender.licence);
    let instead = format!("write at most {}", roubles(limit));
    let problem = "is above the licence's limit";
    say.must(
        terms.max_amount <= limit,
        table,
        "max_amount",
        problem,
        &instead,
    );
    let special = terms.kind == ProductKind::Special;
    let priced = special == terms.special_price.is_some();
    let problem = "and the fixed price disagree";
    let instead = "a special product has fixed_price or price_percent, others have neither";
    say.must(priced, table, "kind", problem, instead);
    let rated = terms.daily_rate.ppm() == 0 || (!special && terms.annual_rate.is_none());
    let instead = "write daily_rate = 0 for special products and beside annual_rate";
    say.must(rated, table, "daily_rate", "is one rate too many", instead);
}

/// A sum as the file writes it.
fn roubles(sum: Kopecks) -> String {
    let plain = sum.plain();
    plain.strip_suffix(".00").unwrap_or(&plain).to_owned()
}

fn promo(table: &str, product: &LenderProduct, say: &mut Complaints) {
    let terms = &product.terms;
    let Some(promo) = &terms.promo else {
        return;
    };
    let table = format!("{table}.promo");
    let bullet = terms.kind == ProductKind::Bullet;
    let problem = "is promised on instalments";
    say.must(bullet, &table, "daily_rate", problem, "remove the promo");
    let cheaper = promo.daily_rate < terms.daily_rate;
    let problem = "is not below the ordinary rate";
    let instead = format!("write less than \"{}\"", terms.daily_rate.percent_text());
    say.must(cheaper, &table, "daily_rate", problem, &instead);
    let amount = (terms.min_amount..=terms.max_amount).contains(&promo.max_amount);
    let (least, most) = (roubles(terms.min_amount), roubles(terms.max_amount));
    let instead = format!("write {least} to {most}");
    say.must(
        amount,
        &table,
        "max_amount",
        "is outside the product",
        &instead,
    );
    let days = (terms.min_term..=terms.max_term).contains(&promo.max_days);
    let instead = format!("write {} to {}", terms.min_term, terms.max_term);
    let problem = "is outside the product's term";
    say.must(days, &table, "max_days", problem, &instead);
    let reached = !promo.first_loan_only || product.audience.has(true);
    let problem = "promises the first loan to people who had one";
    let instead = "write first_loan_only = false, or another audience";
    say.must(reached, &table, "first_loan_only", problem, instead);
}

fn prolongation(
    table: &str,
    lender: &Lender,
    terms: &Product,
    rules: &ProlongationRules,
    say: &mut Complaints,
) {
    let bullet = terms.kind == ProductKind::Bullet;
    let problem = "is offered on instalments";
    say.must(bullet, table, "price", problem, "remove the prolongation");
    let problem = "is zero, yet prolongation is promised";
    let instead = "write the longest prolongation in days, or remove the table";
    say.must(rules.max_days > 0, table, "max_days", problem, instead);
    let days = rules.max_days == 0 || (1..=rules.max_days).contains(&rules.min_days);
    let instead = format!("write 1 to {}", rules.max_days);
    say.must(
        days,
        table,
        "min_days",
        "is not between 1 and max_days",
        &instead,
    );
    let (shortest, longest) = rules.initial_term;
    let meets = shortest <= longest && shortest <= terms.max_term && longest >= terms.min_term;
    let instead = format!("write [{}, {}]", terms.min_term, terms.max_term);
    let problem = "meets no term of the product";
    say.must(meets, table, "initial_term", problem, &instead);
    let instead = "write 5, or remove the table";
    say.must(rules.per_year > 0, table, "per_year", "is zero", instead);
    // The price of a prolongation is paid by a card only.
    let payable = lender
        .payment
        .methods()
        .contains(&crate::ports::PayMethod::Card);
    let problem = "must be paid in the cabinet, where no way to pay is offered";
    let instead = "write a way of kind \"card\" under [[payment.ways]], or remove the table";
    say.must(payable, table, "price", problem, instead);
    let opens = match rules.window {
        ProlongationWindow::BeforeDue => terms.min_term > 1,
        _ => true,
    };
    let problem = "is never open for a loan of one day";
    say.must(opens, table, "window", problem, "write \"through_due\"");
}
