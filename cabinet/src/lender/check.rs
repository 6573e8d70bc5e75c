//! Whether a lender's file makes sense, on any date.

use std::collections::BTreeSet;

use lending::{Product, ProductKind, ProlongationRules, rules};

use super::{Lender, LenderError, LenderProduct, access, locate};
use crate::values::Email;

/// Something wrong, before its line is known.
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

    /// The complaint with its line in the file.
    pub(super) fn at(self, text: &str) -> LenderError {
        let line = locate::line(text, &self.table, &self.key);
        LenderError {
            line,
            ..self.anywhere()
        }
    }

    /// The complaint when the text is not at hand.
    pub(super) fn anywhere(self) -> LenderError {
        let dot = if self.table.is_empty() { "" } else { "." };
        LenderError {
            line: 0,
            key: format!("{}{dot}{}", self.table, self.key),
            problem: self.problem,
            instead: self.instead,
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
pub(super) fn whole(lender: &Lender) -> Checked {
    company(lender)?;
    settings(lender)?;
    business(lender)?;
    must(
        !lender.products.is_empty(),
        "",
        "products",
        "are missing",
        "write at least one product",
    )?;
    let mut seen = BTreeSet::new();
    for product in &lender.products {
        let code = product.terms.code.as_str();
        let table = format!("products.{code}");
        must(
            slug(code),
            &table,
            "code",
            "is not a name",
            "use a-z, 0-9 and '-', such as \"short\"",
        )?;
        must(
            seen.insert(code),
            &table,
            "code",
            "is used twice",
            "give each product its own code",
        )?;
        limits(&table, lender, product)?;
        promo(&table, &product.terms)?;
        if let Some(rules) = &product.prolongation {
            prolongation(&format!("{table}.prolongation"), &product.terms, rules)?;
        }
    }
    Ok(())
}

fn slug(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&text.len()) && text.chars().all(plain)
}

fn number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn company(lender: &Lender) -> Checked {
    must(
        slug(&lender.code),
        "",
        "code",
        "is not a name",
        "use a-z, 0-9 and '-'",
    )?;
    let texts = [
        ("name", &lender.name),
        ("legal_name", &lender.legal_name),
        ("registry_number", &lender.registry_number),
        ("sro", &lender.sro),
        ("address", &lender.address),
        ("hotline", &lender.hotline),
        ("support_hours", &lender.support_hours),
    ];
    for (key, text) in texts {
        must(
            !text.trim().is_empty(),
            "",
            key,
            "is empty",
            "borrowers must be able to read it",
        )?;
    }
    must(
        number(&lender.inn, 10),
        "",
        "inn",
        "is not ten digits",
        "copy it from the register",
    )?;
    must(
        number(&lender.ogrn, 13),
        "",
        "ogrn",
        "is not 13 digits",
        "copy it from the register",
    )?;
    let site = lender.site.starts_with("https://") && lender.host().contains('.');
    must(
        site,
        "",
        "site",
        "is not an https address",
        "write https://example.ru",
    )?;
    let mail = Email::parse(&lender.email).is_some();
    must(
        mail,
        "",
        "email",
        "is not an address",
        "write help@example.ru",
    )?;
    // Kaliningrad to Kamchatka.
    let zone = (120..=720).contains(&lender.clock_offset_minutes);
    must(
        zone,
        "",
        "clock_offset_minutes",
        "is not a Russian zone",
        "Moscow is 180",
    )
}

fn settings(lender: &Lender) -> Checked {
    let brand = &lender.brand;
    must(
        brand.h < 360,
        "brand",
        "h",
        "is not a hue",
        "write 0 to 359",
    )?;
    must(
        brand.s <= 100,
        "brand",
        "s",
        "is not a percent",
        "write 0 to 100",
    )?;
    let reads = (10..=45).contains(&brand.l);
    must(
        reads,
        "brand",
        "l",
        "leaves white text unreadable",
        "write 10 to 45",
    )?;
    access::check(&lender.access)
}

/// Decisions, payments, the account, the documents.
fn business(lender: &Lender) -> Checked {
    let cutoffs = lender.decision.score_cutoff <= lender.decision.specialist_cutoff;
    must(
        cutoffs,
        "decision",
        "specialist_cutoff",
        "is below score_cutoff",
        "write it above",
    )?;
    let known = lender.payment.acquirer == "yookassa";
    must(
        known,
        "payment",
        "acquirer",
        "is unknown",
        "write \"yookassa\"",
    )?;
    let free = lender.payment.commission_ppm == 0;
    must(
        free,
        "payment",
        "commission_ppm",
        "charges the borrower for paying",
        "write 0",
    )?;
    let money = &lender.requisites;
    must(
        number(&money.account, 20),
        "requisites",
        "account",
        "is not 20 digits",
        "copy it",
    )?;
    must(
        number(&money.corr, 20),
        "requisites",
        "corr",
        "is not 20 digits",
        "copy it",
    )?;
    must(
        number(&money.bic, 9),
        "requisites",
        "bic",
        "is not nine digits",
        "copy it",
    )?;
    // Art. 7 p. 6 of 353-ФЗ gives the borrower at least five working days to think.
    let days = (5..=60).contains(&lender.documents.offer_days);
    must(
        days,
        "documents",
        "offer_days",
        "is below the legal five working days",
        "write 5",
    )
}

fn limits(table: &str, lender: &Lender, product: &LenderProduct) -> Checked {
    let terms = &product.terms;
    let named = !product.title.trim().is_empty() && !product.title_en.trim().is_empty();
    must(
        named,
        table,
        "title",
        "is empty",
        "name the product in both languages",
    )?;
    let positive = terms.min_amount.is_positive() && terms.min_term > 0;
    must(
        positive,
        table,
        "min_amount",
        "or min_term is zero",
        "write what is really lent",
    )?;
    let ordered = terms.min_amount <= terms.max_amount;
    must(
        ordered,
        table,
        "max_amount",
        "is below min_amount",
        "write it above",
    )?;
    must(
        terms.min_term <= terms.max_term,
        table,
        "max_term",
        "is below min_term",
        "write it above",
    )?;
    let range = terms.max_amount.get() - terms.min_amount.get();
    let step = terms.amount_step.get();
    let steps = step > 0 && range % step == 0;
    must(
        steps,
        table,
        "amount_step",
        "does not lead from min to max",
        "choose a step that divides",
    )?;
    let limit = rules::licence_limit(lender.licence);
    let instead = format!("at most {limit}");
    must(
        terms.max_amount <= limit,
        table,
        "max_amount",
        "is above the licence's limit",
        &instead,
    )?;
    let special = terms.kind == ProductKind::Special;
    let priced = special == terms.special_price.is_some();
    let instead = "a special product has fixed_price or price_percent, others have neither";
    must(
        priced,
        table,
        "kind",
        "and the fixed price disagree",
        instead,
    )?;
    let rated = terms.daily_rate.ppm() == 0 || (!special && terms.annual_rate.is_none());
    let instead = "write daily_rate = 0 for special products and beside annual_rate";
    must(rated, table, "daily_rate", "is one rate too many", instead)
}

fn promo(table: &str, terms: &Product) -> Checked {
    let Some(promo) = &terms.promo else {
        return Ok(());
    };
    let table = format!("{table}.promo");
    let bullet = terms.kind == ProductKind::Bullet;
    must(
        bullet,
        &table,
        "daily_rate",
        "is promised on instalments",
        "remove the promo",
    )?;
    let cheaper = promo.daily_rate < terms.daily_rate;
    must(
        cheaper,
        &table,
        "daily_rate",
        "is not below the ordinary rate",
        "write a lower one",
    )?;
    let amount = (terms.min_amount..=terms.max_amount).contains(&promo.max_amount);
    let instead = format!(
        "write {} to {}",
        terms.min_amount.plain(),
        terms.max_amount.plain()
    );
    must(
        amount,
        &table,
        "max_amount",
        "is outside the product",
        &instead,
    )?;
    let days = (terms.min_term..=terms.max_term).contains(&promo.max_days);
    let instead = format!("write {} to {}", terms.min_term, terms.max_term);
    must(
        days,
        &table,
        "max_days",
        "is outside the product's term",
        &instead,
    )
}

fn prolongation(table: &str, terms: &Product, rules: &ProlongationRules) -> Checked {
    let bullet = terms.kind == ProductKind::Bullet;
    must(
        bullet,
        table,
        "price",
        "is offered on instalments",
        "remove the prolongation",
    )?;
    let possible = rules.max_days > 0;
    let instead = "write the longest prolongation in days, or remove the table";
    must(
        possible,
        table,
        "max_days",
        "is zero, yet prolongation is promised",
        instead,
    )?;
    let days = (1..=rules.max_days).contains(&rules.min_days);
    must(
        days,
        table,
        "min_days",
        "is not between 1 and max_days",
        "write it below max_days",
    )?;
    let (shortest, longest) = rules.initial_term;
    let meets = shortest <= longest && shortest <= terms.max_term && longest >= terms.min_term;
    let instead = format!("write [{}, {}]", terms.min_term, terms.max_term);
    must(
        meets,
        table,
        "initial_term",
        "meets no term of the product",
        &instead,
    )?;
    must(
        rules.per_year > 0,
        table,
        "per_year",
        "is zero",
        "write 5, or remove the table",
    )
}
