//! What may be bought or switched on beside a loan: the tables `[[services]]`.

use lending::{Kopecks, LoanRequest, Terms, quote, service_cost};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::{Complaint, Complaints};
use super::product::Roubles;
use super::{Lender, LenderProduct, Text};

/// A service beside a loan. Everybody has it switched off until they switch it on themselves; no key changes that. The
/// decision and the terms of a loan never depend on it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// A stable name of a-z, 0-9 and '-'; what was bought is kept with it, so it never changes.
    pub code: String,
    /// What it is.
    pub kind: ServiceKind,
    /// The name people see.
    pub title: Text,
    /// What it gives, in a sentence or two: these words stand in the borrower's application for it.
    pub about: Text,
    /// Who renders it, by the full name; the lender itself when left out.
    pub by: Option<String>,
    /// What it costs, once, in roubles; a free one has no such key.
    price: Option<Roubles>,
    /// How a paid one is used up, which decides what goes back when it is refused.
    #[serde(default)]
    pub used: ServiceUse,
    /// Loans of these products have it; of all products when left out.
    #[serde(default)]
    pub products: Vec<String>,
    /// Loans from this amount have it: the full cost of a smaller one would pass its limit.
    from_amount: Option<Roubles>,
}

/// What a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// Insurance that changes no terms of the loan and pays the borrower.
    Insurance,
    /// A text message seven days before each payment, with its sum and what would close the loan on that day. The
    /// program sends it to those who switched the service on; what everybody is told costs nothing and stays so.
    Sms,
    /// Advice: of a lawyer, a doctor, on money.
    Advice,
    /// Anything else.
    Other,
}

impl ServiceKind {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Insurance => "insurance",
            Self::Sms => "sms",
            Self::Advice => "advice",
            Self::Other => "other",
        }
    }
}

/// How a service is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceUse {
    /// Evenly, day by day, from the day after it was bought to the loan's last day.
    #[default]
    Term,
    /// By what is asked for under it; until then all of its price goes back.
    Once,
}

impl ServiceUse {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::Once => "once",
        }
    }
}

impl Service {
    /// What it costs; zero when it is free.
    pub fn price(&self) -> Kopecks {
        self.price.map_or(Kopecks::ZERO, |price| price.0)
    }

    /// Whether a loan of this product and amount has it.
    pub fn goes_with(&self, product: &str, amount: Kopecks) -> bool {
        let of_product = self.products.is_empty() || self.products.iter().any(|it| it == product);
        of_product && amount >= self.least()
    }

    fn least(&self) -> Kopecks {
        self.from_amount.map_or(Kopecks::ZERO, |least| least.0)
    }
}

/// Whether the catalogue makes sense on any date.
pub(super) fn check(lender: &Lender, say: &mut Complaints) {
    let mut seen: Vec<&str> = Vec::new();
    for service in &lender.services {
        let table = format!("services.{}", service.code);
        let instead = "use a-z, 0-9 and '-', another for each";
        let fresh = super::check::slug(&service.code) && !seen.contains(&service.code.as_str());
        say.must(fresh, &table, "code", "is not a name of its own", instead);
        seen.push(&service.code);
        service.title.check(&table, "title", say);
        service.about.check(&table, "about", say);
        let paid = service.price.is_none_or(|price| price.0.is_positive());
        let instead = "leave the key out of a free service";
        say.must(paid, &table, "price", "is nothing", instead);
        let own = service.kind != ServiceKind::Sms || service.by.is_none();
        let problem = "names somebody, but the messages are sent by the lender itself";
        say.must(own, &table, "by", problem, "leave the key out");
        let used = service.kind != ServiceKind::Sms || service.used == ServiceUse::Term;
        let problem = "is once, but messages come as long as the loan lasts";
        say.must(used, &table, "used", problem, "write \"term\"");
        for code in &service.products {
            let known = lender.product(code).is_some();
            let problem = format!("names no product: {code}");
            say.must(
                known,
                &table,
                "products",
                &problem,
                "write codes of [[products]]",
            );
        }
    }
}

/// Whether the law of a date lets every service be sold with every loan that has it: the dearest case is the smallest
/// loan for the shortest term.
pub(super) fn lawful(lender: &Lender, on: chrono::NaiveDate, say: &mut Complaints) {
    for service in lender.services.iter().filter(|it| it.price().is_positive()) {
        for product in &lender.products {
            if service.goes_with(&product.terms.code, product.terms.max_amount)
                && let Some(complaint) = too_dear(service, product, on)
            {
                say.hear(Err(complaint));
            }
        }
    }
}

fn too_dear(
    service: &Service,
    product: &LenderProduct,
    on: chrono::NaiveDate,
) -> Option<Complaint> {
    let terms = &product.terms;
    let request = LoanRequest {
        amount: terms.min_amount.max(service.least()),
        term: terms.min_term,
        start: on,
        first_loan: false,
    };
    let table = format!("services.{}", service.code);
    let asked = format!("{} for {}", request.amount.plain(), request.term);
    let Ok(quoted) = quote(terms, &request) else {
        let problem = format!("begins no loan of `{}` ({asked})", terms.code);
        let instead = "make it an amount of the product's steps";
        return Some(Complaint::new(&table, "from_amount", &problem, instead));
    };
    let frozen = Terms::from_quote(terms, &quoted, on);
    let cost = service_cost(&frozen, service.price()).ok()?;
    let limit = cost.limit.filter(|_| !cost.fits)?;
    let problem = format!(
        "makes the full cost of `{}` {} % a year ({asked})",
        terms.code,
        cost.with.percent_text()
    );
    let instead = format!(
        "the limit is {} %: lower the price, raise from_amount, or leave the product out of products",
        limit.percent_text()
    );
    Some(Complaint::new(&table, "price", &problem, &instead))
}
