use lending::{ProlongationWindow, PromoAfterDue};

use super::*;

const DEMO: &str = include_str!("../../../lenders/demo.toml");

fn refused(from: &str, to: &str) -> LenderError {
    assert!(DEMO.contains(from), "the demo lender has no {from:?}");
    Lender::parse(&DEMO.replacen(from, to, 1))
        .err()
        .unwrap_or_else(|| panic!("{to:?} passed"))
}

/// The line of the demo file where a text stands.
fn line(text: &str) -> usize {
    DEMO.lines()
        .position(|line| line.contains(text))
        .expect("a line")
        + 1
}

#[test]
fn the_demo_lender_is_whole() {
    let lender = Lender::parse(DEMO).expect("the demo lender");
    assert_eq!(lender.host(), "kopeck.example");
    let short = lender.product("short").expect("a product");
    assert_eq!(short.terms.max_amount, Kopecks::from_roubles(30_000));
    assert_eq!(short.terms.daily_rate.ppm(), 8000);
    assert_eq!(
        short.prolongation.as_ref().map(|rules| rules.max_days),
        Some(30)
    );
    assert!(lender.product("none").is_none());
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let error = refused("score_cutoff = 300", "score_cut = 300");
    assert_eq!(
        (error.line, error.key.as_str()),
        (line("score_cutoff = 300"), "score_cut")
    );
}

#[test]
fn a_promo_outside_its_product_is_named_with_its_line() {
    let error = refused("max_days = 20", "max_days = 60");
    assert_eq!(error.line, line("max_days = 20"));
    assert_eq!(error.key, "products.short.promo.max_days");
    assert_eq!(error.instead, "write 7 to 45");
    assert_eq!(
        refused("max_amount = 15000", "max_amount = 99000").key,
        "products.short.promo.max_amount"
    );
}

/// Metrocredit: a loan due on the 25th is prolonged through the 24th.
#[test]
fn a_window_may_close_before_the_due_date() {
    let said = |days: u32| {
        let window = format!("window = \"until_before_due\"\nwindow_days = {days}");
        Lender::parse(&DEMO.replacen("window = \"through_due\"", &window, 1))
    };
    let lender = said(1).expect("a lender");
    let rules = lender
        .product("short")
        .expect("a product")
        .prolongation
        .as_ref();
    let window = rules.map(|rules| rules.window);
    assert_eq!(window, Some(ProlongationWindow::UntilBeforeDue { days: 1 }));
    // Closed before a loan of the longest term begins.
    assert!(said(46).is_err());
    let forgotten = refused("window = \"through_due\"", "window = \"until_before_due\"");
    assert_eq!(forgotten.key, "products.short.prolongation.window_days");
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
    assert_eq!(
        after_due(&DEMO.replacen(key, "", 1)),
        PromoAfterDue::Ordinary
    );
    let said = |name: &str| DEMO.replacen(key, &format!("after_due = \"{name}\"\n"), 1);
    assert_eq!(after_due(&said("promo")), PromoAfterDue::Promo);
    assert!(Lender::parse(&said("never")).is_err());
}

#[test]
fn a_promised_prolongation_must_be_possible() {
    let error = refused("min_days = 7\nmax_days = 30", "min_days = 0\nmax_days = 0");
    assert_eq!(error.key, "products.short.prolongation.max_days");
}

#[test]
fn a_fee_above_the_full_cost_limit_is_refused() {
    let from = "price = \"interest\"";
    let error = refused(from, "price = \"service_and_interest\"\nfee = 99");
    assert_eq!(error.key, "products.short.prolongation.fee");
    assert!(error.instead.contains("292,000"), "{error}");
    assert_eq!(
        refused(from, "price = \"service_and_interest\"").key,
        "products.short.prolongation.fee"
    );
}

#[test]
fn unlawful_rates_are_refused() {
    assert_eq!(
        refused("daily_rate = \"0.8\"", "daily_rate = \"0.81\"").key,
        "products.short.daily_rate"
    );
    let monthly = DEMO.split("code = \"monthly\"").nth(1).expect("a product");
    let dear = monthly.replacen("daily_rate = \"0.5\"", "daily_rate = \"0.79\"", 1);
    let error = Lender::parse(&DEMO.replace(monthly, &dear)).expect_err("refused");
    assert_eq!(error.key, "products.monthly.daily_rate");
    assert_eq!(
        refused("penalty_rate = \"20\"", "penalty_rate = \"21\"").key,
        "products.short.penalty_rate"
    );
    let error = refused("max_term = 45", "max_term = 200");
    assert_eq!(error.key, "products.short.max_term");
}

#[test]
fn codes_are_not_used_twice_and_floats_are_not_percents() {
    assert_eq!(
        refused("code = \"long\"", "code = \"short\"").problem,
        "is used twice"
    );
    let error = refused("daily_rate = \"0.8\"", "daily_rate = 0.8");
    assert_eq!(error.line, line("daily_rate = \"0.8\""));
}
