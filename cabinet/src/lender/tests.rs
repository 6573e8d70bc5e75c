use std::fmt::Write as _;

use lending::{Kopecks, ProlongationWindow, PromoAfterDue};

use super::*;

const DEMO: &str = include_str!("../../../lenders/demo.toml");
const PRESETS: [(&str, &str); 5] = [
    ("usoseda", include_str!("../../../lenders/usoseda.toml")),
    (
        "smsfinance",
        include_str!("../../../lenders/smsfinance.toml"),
    ),
    (
        "creditplus",
        include_str!("../../../lenders/creditplus.toml"),
    ),
    (
        "metrocredit",
        include_str!("../../../lenders/metrocredit.toml"),
    ),
    ("credit911", include_str!("../../../lenders/credit911.toml")),
];

/// The demo file with one text replaced; it must be there once.
fn edited(from: &str, to: &str) -> String {
    assert_eq!(DEMO.matches(from).count(), 1, "{from:?} in the demo file");
    DEMO.replace(from, to)
}

fn errors(text: &str) -> Vec<LenderError> {
    Lender::parse(text)
        .err()
        .map_or_else(Vec::new, |wrong| wrong.errors)
}

/// The line of a file where a text stands.
fn line(file: &str, text: &str) -> usize {
    file.lines()
        .position(|line| line.contains(text))
        .unwrap_or_else(|| panic!("no line {text:?}"))
        + 1
}

/// What is replaced in the demo file, by what; the line is that of the third text, then the key and a
/// piece of the remedy.
type Contradiction = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const CONTRADICTIONS: &[Contradiction] = &[
    // Prolongation allowed with a zero maximum.
    (
        "min_days = 7\nmax_days = 30",
        "min_days = 7\nmax_days = 0",
        "max_days = 0",
        "products.short.prolongation.max_days",
        "write the longest prolongation in days, or remove the table",
    ),
    // An account elsewhere that proves without having seen the passport, or can't be in an address.
    (
        "verified = true\nproves = true",
        "proves = true",
        "proves = true",
        "access.identity.0.proves",
        "write verified = true beside it",
    ),
    (
        "provider = \"vk_id\"",
        "provider = \"T-ID\"",
        "provider = \"T-ID\"",
        "access.identity.2.provider",
        "write small latin letters",
    ),
    // A 0 % promo longer than the product's term.
    (
        "max_days = 20",
        "max_days = 60",
        "max_days = 60",
        "products.short.promo.max_days",
        "write 7 to 45",
    ),
    (
        "max_amount = 15000",
        "max_amount = 99000",
        "max_amount = 99000",
        "products.short.promo.max_amount",
        "write 1000 to 30000",
    ),
    // A service that lifts the full cost over the cap, and one that nobody asked for.
    (
        "price = 300\nproducts = [\"long\", \"monthly\"]",
        "price = 300",
        "price = 300",
        "services.accident.price",
        "leave the product out of products",
    ),
    (
        "products = [\"long\", \"monthly\"]",
        "products = [\"lang\"]",
        "products = [\"lang\"]",
        "services.accident.products",
        "write codes of [[products]]",
    ),
    // Offers that promise what the product or the law does not allow.
    (
        "from = 2026-11-01\nuntil = 2027-09-30",
        "from = 2026-11-01\nuntil = 2026-10-30",
        "until = 2026-10-30",
        "promotions.welcome-back.until",
        "write 2026-11-01 or later",
    ),
    (
        "closed_within_days = 60\n",
        "",
        "[[promotions]]",
        "promotions.welcome-back.closed_within_days",
        "write how many days after a loan was repaid",
    ),
    (
        "daily_rate = \"0.4\"",
        "daily_rate = \"0.9\"",
        "daily_rate = \"0.9\"",
        "promotions.welcome-back.terms.daily_rate",
        "write less than \"0,8\"",
    ),
    (
        "max_amount = 5000\nmax_days = 10",
        "max_amount = 5000\nmax_days = 50",
        "max_days = 50",
        "promotions.welcome-back.terms.max_days",
        "write 7 to 45",
    ),
    (
        "max_amount = 5000\nmax_days = 10",
        "max_amount = 50000\nmax_days = 10",
        "max_amount = 50000",
        "promotions.welcome-back.terms.max_amount",
        "write 1000 to 30000",
    ),
    (
        "from = 2027-12-01",
        "from = 2027-09-30",
        "from = 2027-09-30",
        "promotions.new-year.from",
        "choose other dates, another audience or another product",
    ),
    (
        "raised_limit = 40000",
        "raised_limit = 600000",
        "raised_limit = 600000",
        "statuses.silver.terms.raised_limit",
        "write at most 500000",
    ),
    (
        "raised_limit = 40000",
        "raised_limit = 30000",
        "raised_limit = 30000",
        "statuses.silver.terms.raised_limit",
        "write more than 30000",
    ),
    (
        "raised_limit = 40000",
        "raised_limit = 40100",
        "raised_limit = 40100",
        "statuses.silver.terms.raised_limit",
        "write 1000 and a whole number of steps of 500",
    ),
    (
        "products = [\"short\"]\nraised_limit = 40000",
        "products = [\"special\"]\nraised_limit = 40000",
        "raised_limit = 40000",
        "statuses.silver.terms.raised_limit",
        "leave the special product out of products",
    ),
    (
        "products = [\"short\"]\nraised_limit = 40000",
        "products = [\"short\"]",
        "[statuses.terms]",
        "statuses.silver.terms.daily_rate",
        "write one of them",
    ),
    (
        "after_loans = 2\n",
        "after_loans = 0\n",
        "after_loans = 0",
        "statuses.silver.after_loans",
        "write 2 or more, the lowest status first",
    ),
    (
        "budget = 300000\n",
        "budget = 199\n",
        "budget = 199",
        "promotions.welcome-back.budget",
        "write 200 or more",
    ),
    (
        "uses = 500\n",
        "uses = 0\n",
        "uses = 0",
        "promotions.new-year.uses",
        "leave the key out",
    ),
    // Draws that could not be held.
    (
        "draws_on = 2027-09-06",
        "draws_on = 2027-08-31",
        "draws_on = 2027-08-31",
        "draws.good-year.draws_on",
        "write 2027-09-01 or later",
    ),
    (
        "max_tickets = 12",
        "max_tickets = 0",
        "max_tickets = 0",
        "draws.good-year.max_tickets",
        "write 10",
    ),
    (
        "value = 15000",
        "value = 0",
        "value = 0",
        "draws.good-year.prizes.0.value",
        "write roubles, such as 3000",
    ),
    (
        "accept_days = 21",
        "accept_days = 1",
        "accept_days = 1",
        "draws.good-year.accept_days",
        "write 14",
    ),
    (
        "draws_at = \"12:00\"",
        "draws_at = \"24:00\"",
        "draws_at = \"24:00\"",
        "draws.good-year.draws_at",
        "write \"12:00\"",
    ),
    // A prolongation fee that lifts the full cost over the cap.
    (
        "price = \"interest\"",
        "price = \"service_and_interest\"\nfee = 99",
        "fee = 99",
        "products.short.prolongation.fee",
        "the limit is 292,000 %",
    ),
    (
        "price = \"interest\"",
        "price = \"service_and_interest\"",
        "[products.prolongation]",
        "products.short.prolongation.fee",
        "fee = 14",
    ),
    // Charges of the schedule above 100 % of the loan.
    (
        "max_term = 45",
        "max_term = 200",
        "max_term = 200",
        "products.short.max_term",
        "shorten the term or lower the rate",
    ),
    // A monthly daily rate above 0.784 %.
    (
        "min_term = 3\nmax_term = 6\ndaily_rate = \"0.5\"",
        "min_term = 3\nmax_term = 6\ndaily_rate = \"0.785\"",
        "daily_rate = \"0.785\"",
        "products.monthly.daily_rate",
        "write at most \"0.7849\"",
    ),
    (
        "max_term = 45\ndaily_rate = \"0.8\"",
        "max_term = 45\ndaily_rate = \"0.81\"",
        "daily_rate = \"0.81\"",
        "products.short.daily_rate",
        "at most \"0,8\"",
    ),
    (
        "max_term = 45\ndaily_rate = \"0.8\"\npenalty_rate = \"20\"",
        "max_term = 45\ndaily_rate = \"0.8\"\npenalty_rate = \"21\"",
        "penalty_rate = \"21\"",
        "products.short.penalty_rate",
        "at most \"20",
    ),
    (
        "max_amount = 100000\namount_step = 1000\nmin_term = 4",
        "max_amount = 600000\namount_step = 1000\nmin_term = 4",
        "max_amount = 600000",
        "products.long.max_amount",
        "write at most 500000",
    ),
    // Colours that do not read, hours without a clock.
    ("l = 26", "l = 60", "l = 60", "brand.l", "write at most 3"),
    ("h = 158", "h = 400", "h = 400", "brand.h", "write 0 to 359"),
    (
        "until = \"22:00\"\nzone = \"Europe/Moscow\"",
        "until = \"22:00\"",
        "[help.hours]",
        "help.hours.zone",
        "write zone = \"Europe/Kaliningrad\"",
    ),
    (
        "until = \"22:00\"",
        "until = \"7:00\"",
        "until = \"7:00\"",
        "help.hours.until",
        "write a later hour",
    ),
    (
        "from = \"8:00\"",
        "from = \"8\"",
        "from = \"8\"",
        "help.hours.from",
        "write from = \"8:00\"",
    ),
    // A channel that is promised and not given.
    (
        "telegram = \"https://t.me/kopeck_example\"\nwhatsapp = \"79000000001\"\ndebt = [\"hotline\", \"email\"]",
        "whatsapp = \"79000000001\"\ndebt = [\"telegram\"]",
        "debt = [\"telegram\"]",
        "help.debt",
        "write help.telegram, or leave \"telegram\" out",
    ),
    // Prolongation is paid in the cabinet, where nothing can be paid.
    (
        "kind = \"card\"",
        "kind = \"terminal\"",
        "price = \"interest\"",
        "products.short.prolongation.price",
        "write a way of kind \"card\"",
    ),
    (
        "commission_ppm = 0",
        "commission_ppm = 5000",
        "commission_ppm = 5000",
        "payment.commission_ppm",
        "write 0",
    ),
    (
        "kind = \"transfer\"",
        "kind = \"card\"",
        "Перевод по реквизитам",
        "payment.ways.3.kind",
        "keep one of the two",
    ),
    (
        "inn = \"7700000016\"",
        "inn = \"7700000017\"",
        "inn = \"7700000017\"",
        "inn",
        "copy it from the register",
    ),
    (
        "ogrn = \"1267700000017\"",
        "ogrn = \"1267700000010\"",
        "ogrn = \"1267700000010\"",
        "ogrn",
        "copy it from the register",
    ),
    (
        "bic = \"044500001\"",
        "bic = \"044525225\"",
        "account = ",
        "requisites.account",
        "copy it from the contract with the bank",
    ),
    (
        "specialist_cutoff = 420",
        "specialist_cutoff = 200",
        "specialist_cutoff = 200",
        "decision.specialist_cutoff",
        "write 300 or more",
    ),
    (
        "specialist_burden = 80",
        "specialist_burden = 30",
        "specialist_burden = 30",
        "decision.specialist_burden",
        "write 80",
    ),
    (
        "specialist_burden = 80",
        "specialist_burden = 80\nincome_months = 24",
        "income_months = 24",
        "decision.income_months",
        "write 6",
    ),
    (
        "offer_days = 5",
        "offer_days = 3",
        "offer_days = 3",
        "documents.offer_days",
        "write 5",
    ),
    (
        "audience = \"everybody\"",
        "audience = \"repeat\"",
        "first_loan_only = true",
        "products.short.promo.first_loan_only",
        "write first_loan_only = false",
    ),
    (
        "code = \"long\"",
        "code = \"short\"",
        "code = \"short\"",
        "products.short.code",
        "give each product its own code",
    ),
    // A password asked for but never checked, or checked and never given.
    (
        "method = \"phone_code\"",
        "method = \"phone_code\"\npassword_from = \"registration\"",
        "password_from = \"registration\"",
        "access.password_from",
        "method = \"phone_code\" without it",
    ),
    (
        "method = \"phone_code\"",
        "method = \"phone_code\"\npassword_twice = true",
        "password_twice = true",
        "access.password_twice",
        "remove it",
    ),
    (
        "method = \"phone_code\"",
        "method = \"phone_password\"\nrestore = [\"sms\"]",
        "method = \"phone_password\"",
        "access.password_from",
        "write password_from = \"registration\"",
    ),
    // Signing in by an e-mail that nobody is asked for.
    (
        "method = \"phone_code\"\n\n[questionnaire]\nemail = \"optional\"",
        "method = \"email_password\"\npassword_from = \"approval\"\nrestore = [\"sms\"]\n\n[onboarding]\nopens = \"approval\"\n\n[questionnaire]\nemail = \"off\"",
        "method = \"email_password\"",
        "access.method",
        "write questionnaire.email = \"optional\"",
    ),
    (
        "method = \"phone_code\"\n\n[questionnaire]\nemail = \"optional\"",
        "method = \"phone_password\"\npassword_from = \"registration\"\nrestore = [\"email\"]\n\n[questionnaire]\nemail = \"off\"",
        "restore = [\"email\"]",
        "access.restore",
        "or restore = [\"sms\"]",
    ),
    // Onboarding that contradicts itself.
    (
        "[questionnaire]\nemail = \"optional\"",
        "[onboarding]\nflow = \"registration_first\"\nopens = \"approval\"\n\n[questionnaire]\nemail = \"optional\"",
        "opens = \"approval\"",
        "onboarding.opens",
        "or flow = \"application_first\"",
    ),
    (
        "[questionnaire]\nemail = \"optional\"",
        "[onboarding]\nbefore_code = [\"passport\"]\n\n[questionnaire]\nemail = \"optional\"",
        "before_code = [\"passport\"]",
        "onboarding.before_code",
        "[\"person\", \"passport\"]",
    ),
    (
        "[questionnaire]\nemail = \"optional\"",
        "[onboarding]\npages = [\"consents\", \"agreement\", \"person\", \"passport\", \"address\", \"work\"]\n\n[questionnaire]\nemail = \"optional\"",
        "pages = [\"consents\", \"agreement\", \"person\", \"passport\", \"address\", \"work\"]",
        "onboarding.pages",
        "put \"agreement\" before \"consents\"",
    ),
    (
        "[questionnaire]\nemail = \"optional\"",
        "[onboarding]\ndedupe_keys = []\n\n[questionnaire]\nemail = \"optional\"",
        "dedupe_keys = []",
        "onboarding.dedupe_keys",
        "write [\"person\", \"inn\"]",
    ),
    (
        "[questionnaire]\nemail = \"optional\"",
        "[onboarding]\ndedupe_keys = [\"inn\", \"inn\"]\n\n[questionnaire]\nemail = \"optional\"",
        "dedupe_keys = [\"inn\", \"inn\"]",
        "onboarding.dedupe_keys",
        "leave one of them out",
    ),
    // A changed passport that nothing would tell from the old one.
    (
        "[questionnaire]\nemail = \"optional\"",
        "[onboarding]\ndedupe_keys = [\"inn\"]\n\n[questionnaire]\npassport_change = \"self_then_review\"\nemail = \"optional\"",
        "passport_change = \"self_then_review\"",
        "questionnaire.passport_change",
        "or passport_change = \"self\"",
    ),
    (
        "meanwhile = \"read_and_pay\"",
        "meanwhile = \"closed\"",
        "meanwhile = \"closed\"",
        "help.phone_change.meanwhile",
        "self_service = false",
    ),
    (
        "wait_hours = 24",
        "wait_hours = 0",
        "wait_hours = 0",
        "help.phone_change.wait_hours",
        "write 24",
    ),
    // Shapes: unknown keys and words, types, what is missing.
    (
        "score_cutoff = 300",
        "score_cut = 300",
        "score_cut = 300",
        "decision.score_cut",
        "did you mean score_cutoff?",
    ),
    (
        "window = \"through_due\"",
        "window = \"trough_due\"",
        "window = \"trough_due\"",
        "products.short.prolongation.window",
        "did you mean \"through_due\"?",
    ),
    (
        "[questionnaire]",
        "[questionaire]",
        "[questionaire]",
        "questionaire",
        "did you mean questionnaire?",
    ),
    (
        "max_term = 45\ndaily_rate = \"0.8\"",
        "max_term = 45\ndaily_rate = 0.8",
        "daily_rate = 0.8",
        "products.short.daily_rate",
        "write daily_rate = \"0.8\"",
    ),
    (
        "biometrics = false",
        "biometrics = \"no\"",
        "biometrics = \"no\"",
        "decision.biometrics",
        "write biometrics = true",
    ),
    (
        "days = 14\n",
        "",
        "code = \"long\"",
        "products.long.days",
        "write days = 14",
    ),
    (
        "product = \"monthly\"",
        "product = \"yearly\"",
        "product = \"yearly\"",
        "agent.commissions.2.product",
        "code of one of",
    ),
    (
        "of_issued = \"2.5\"",
        "of_issued = \"2.5\"\nfixed = 100",
        "of_issued = \"2.5\"",
        "agent.commissions.1.fixed",
        "exactly one",
    ),
];

#[test]
fn every_contradiction_is_refused_with_its_line_its_key_and_a_remedy() {
    let mut wrong = String::new();
    for (from, to, place, key, remedy) in CONTRADICTIONS {
        let text = edited(from, to);
        let found = errors(&text);
        let at = line(&text, place);
        // A missing key is at the line of its table, which in a list is the line of its first key.
        let near = |line: usize| line == at || line + 1 == at || line == at + 1;
        let named = found.iter().find(|error| error.key == *key);
        let right = named.is_some_and(|error| near(error.line) && error.instead.contains(remedy));
        if !right {
            let _ = writeln!(wrong, "{to:?}: {key} at {at}, {remedy:?}, but: {found:#?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_value_stands_in_its_own_line_exactly() {
    let text = edited("max_days = 20", "max_days = 60");
    let [error] = errors(&text).try_into().expect("one error");
    assert_eq!(error.line, line(&text, "max_days = 60"));
    assert_eq!(
        error.to_string(),
        "products.short.promo.max_days = 60: is outside the product's term; write 7 to 45"
    );
}

#[test]
fn everything_wrong_is_told_at_once_in_the_order_of_the_lines() {
    let text = edited("l = 26", "l = 70")
        .replace("max_days = 20", "max_days = 60")
        .replace("offer_days = 5", "offer_days = 1")
        .replace("commission_ppm = 0", "commission_ppm = 1");
    let wrong = Lender::parse(&text).expect_err("refused");
    let keys: Vec<&str> = wrong
        .errors
        .iter()
        .map(|error| error.key.as_str())
        .collect();
    let expected = [
        "brand.l",
        "payment.commission_ppm",
        "documents.offer_days",
        "products.short.promo.max_days",
    ];
    assert_eq!(keys, expected);
    assert_eq!(wrong.to_string().lines().count(), 4);
    let text = edited("name = \"Копейка\"", "nane = \"Копейка\"")
        .replace("biometrics = false", "biometrics = 1")
        .replace("kind = \"monthly\"", "kind = \"montly\"");
    let keys: Vec<String> = errors(&text).into_iter().map(|error| error.key).collect();
    for key in [
        "nane",
        "name",
        "decision.biometrics",
        "products.monthly.kind",
    ] {
        assert!(keys.iter().any(|told| told == key), "{key} in {keys:?}");
    }
}

#[test]
fn what_is_not_toml_names_its_line() {
    let text = edited("[brand]", "[brand");
    let [error] = errors(&text).try_into().expect("one error");
    assert_eq!(error.line, line(&text, "[brand"));
}

#[test]
fn the_demo_lender_is_whole() {
    let lender = Lender::parse(DEMO).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(lender.host(), "kopeck.example");
    assert_eq!(lender.clock_offset_minutes, 180);
    let short = lender.product("short").expect("a product");
    assert_eq!(short.terms.max_amount, Kopecks::from_roubles(30_000));
    assert_eq!(short.terms.daily_rate.ppm(), 8000);
    let rules = short.prolongation.as_ref().expect("prolongation");
    assert_eq!(rules.max_days, 30);
    assert!(lender.product("none").is_none());
}

#[test]
fn five_lenders_are_whole_and_differ() {
    let mut seen = std::collections::BTreeSet::new();
    for (code, text) in PRESETS {
        let lender = Lender::parse(text).unwrap_or_else(|wrong| panic!("{code}: {wrong}"));
        assert_eq!(lender.code, code);
        assert!(seen.insert((lender.brand.h, lender.brand.mark.clone())));
        assert!(
            lender.landing.title.is_some(),
            "{code} has a heading of its own"
        );
    }
}

#[test]
fn the_presets_have_the_figures_of_the_described_lenders() {
    let lender = |code: &str| {
        let (_, text) = PRESETS
            .iter()
            .find(|(name, _)| *name == code)
            .expect("a preset");
        Lender::parse(text).expect("whole")
    };
    let terms = |code: &str, product: &str| {
        let product = lender(code)
            .product(product)
            .expect("a product")
            .terms
            .clone();
        let roubles = |sum: Kopecks| sum.get() / 100;
        (
            roubles(product.min_amount),
            roubles(product.max_amount),
            product.min_term,
            product.max_term,
            product.daily_rate.ppm(),
        )
    };
    assert_eq!(terms("usoseda", "short"), (2_000, 30_000, 7, 30, 7_000));
    assert_eq!(terms("smsfinance", "short"), (3_000, 30_000, 7, 30, 8_000));
    assert_eq!(
        terms("smsfinance", "monthly"),
        (30_000, 100_000, 3, 6, 5_000)
    );
    assert_eq!(terms("creditplus", "short"), (1_000, 30_000, 7, 45, 8_000));
    assert_eq!(terms("creditplus", "long"), (30_000, 70_000, 8, 12, 5_000));
    assert_eq!(terms("metrocredit", "short"), (3_000, 30_000, 7, 30, 8_000));
    assert_eq!(terms("credit911", "short"), (3_000, 30_000, 7, 30, 8_000));
    let window = |code: &str| {
        let lender = lender(code);
        let rules = lender.product("short")?.prolongation.clone()?;
        Some(rules.window)
    };
    assert_eq!(window("metrocredit"), Some(ProlongationWindow::BeforeDue));
    assert_eq!(window("creditplus"), Some(ProlongationWindow::ThroughDue));
    assert_eq!(window("credit911"), None);
    assert!(!lender("credit911").payment.in_cabinet());
}

/// docs/lenders.md is what the types say. `KOPECK_WRITE_DOCS=1` writes it.
#[test]
fn the_page_about_lender_files_is_not_stale() {
    let files: Vec<&str> = [DEMO]
        .into_iter()
        .chain(PRESETS.map(|(_, text)| text))
        .collect();
    let made = docs(&files);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lenders.md");
    if std::env::var_os("KOPECK_WRITE_DOCS").is_some() {
        std::fs::write(path, &made).expect("written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        made == kept,
        "docs/lenders.md is stale: KOPECK_WRITE_DOCS=1 cargo test -p cabinet --lib lender"
    );
}

/// A key without a meaning is a key nobody can use.
#[test]
fn every_key_has_a_meaning() {
    fn walk(path: &str, schema: &serde_json::Value, mute: &mut Vec<String>) {
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{key}");
            let present = shape::present(value);
            let told = value["description"].is_string() || present["description"].is_string();
            if !told {
                mute.push(path.clone());
            }
            walk(&path, present, mute);
            walk(&path, shape::present(&present["items"]), mute);
        }
    }
    let mut mute = Vec::new();
    walk("", &file::schema(), &mut mute);
    let lists = [
        ".products",
        ".services",
        ".promotions",
        ".personal_offers",
        ".statuses",
        ".draws",
    ];
    mute.retain(|path| !lists.contains(&path.as_str()));
    assert_eq!(mute, Vec::<String>::new());
}

#[test]
fn a_promo_may_outlive_its_due_date() {
    let after_due = |text: &str| {
        let lender = Lender::parse(text).expect("a lender");
        let short = lender.product("short").expect("a product");
        short.terms.promo.expect("a promo").after_due
    };
    assert_eq!(after_due(DEMO), PromoAfterDue::Ordinary);
    let key = "after_due = \"ordinary\"\n";
    assert_eq!(after_due(&edited(key, "")), PromoAfterDue::Ordinary);
    assert_eq!(
        after_due(&edited(key, "after_due = \"promo\"\n")),
        PromoAfterDue::Promo
    );
    assert!(!errors(&edited(key, "after_due = \"never\"\n")).is_empty());
}

/// Off for everybody: no file says otherwise.
#[test]
fn no_key_switches_a_service_on() {
    for key in ["on", "default", "enabled", "preselected", "active"] {
        let text = edited("price = 490", &format!("price = 490\n{key} = true"));
        let told = errors(&text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].key.ends_with(key), "{told:?}");
        assert_eq!(told[0].problem, "is not a key of this file");
    }
}
