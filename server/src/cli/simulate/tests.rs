use serde_json::{Value, json};

use super::run;

fn example() -> Value {
    json!({
        "loan": {
            "kind": "bullet", "amount": "15000.00", "issued": "2026-11-23", "term_days": 30,
            "daily_rate_percent": "0.8", "penalty_annual_percent": "20",
        },
        "events": [{ "on": "2026-12-01", "pay": "1000.00" }],
        "on": ["2026-12-23", "2027-01-02"],
    })
}

fn play(input: &Value) -> Value {
    serde_json::from_str(&run(&input.to_string()).expect("played")).expect("json")
}

fn wrong(input: &Value) -> String {
    run(&input.to_string()).expect_err("refused")
}

#[test]
fn the_documented_example_is_answered_byte_for_byte() {
    let expected = concat!(
        r#"{"psk_percent":"292.000","psk_roubles":"3600.00","cap":"15000.00","#,
        r#""schedule":[{"due":"2026-12-23","payment":"18600.00","principal":"15000.00","#,
        r#""interest":"3600.00"}],"#,
        r#""events":[{"on":"2026-12-01","accepted":true,"overdue_interest":"0.00","#,
        r#""overdue_principal":"0.00","interest":"960.00","principal":"40.00","#,
        r#""penalty":"0.00","overpaid":"0.00"}],"#,
        r#""states":[{"on":"2026-12-23","status":"active","principal":"14960.00","#,
        r#""interest":"2632.96","penalty":"0.00","total":"17592.96","accrued":"3592.96","#,
        r#""days_overdue":0},"#,
        r#"{"on":"2027-01-02","status":"overdue","principal":"14960.00","interest":"3829.76","#,
        r#""penalty":"81.97","total":"18871.73","accrued":"4871.73","days_overdue":10}]}"#,
    );
    assert_eq!(run(&example().to_string()).as_deref(), Ok(expected));
}

#[test]
fn prolonging_needs_the_interest_paid() {
    let mut input = example();
    input["events"] = json!([
        { "on": "2026-12-23", "prolong_days": 14 },
        { "on": "2026-12-23", "pay": "3600.00" },
        { "on": "2026-12-23", "prolong_days": 14 },
        { "on": "2027-01-07", "prolong_days": 14 },
        { "on": "2027-01-08", "pay": "20000.00" },
        { "on": "2027-01-08", "pay": "1.00" },
        { "on": "2027-01-08", "prolong_days": 1 },
    ]);
    let answer = play(&input);
    let events = &answer["events"];
    assert_eq!(
        events[0],
        json!({ "on": "2026-12-23", "accepted": false, "reason": "interest_unpaid" })
    );
    assert_eq!(events[2]["accepted"], true);
    assert_eq!(events[2]["new_due"], "2027-01-06");
    assert_eq!(events[2]["schedule"][0]["due"], "2027-01-06");
    assert_eq!(events[3]["reason"], "window");
    assert_eq!(events[4]["accepted"], true);
    // Money for a closed loan is taken, and is the borrower's.
    assert_eq!(events[5]["accepted"], true);
    assert_eq!(events[5]["overpaid"], "1.00");
    assert_eq!(events[6]["reason"], "closed");
}

#[test]
fn a_prepayment_returns_the_new_schedule() {
    let input = json!({
        "loan": {
            "kind": "monthly", "amount": "30000.00", "issued": "2026-11-23", "months": 6,
            "annual_rate_percent": "16.8", "penalty_annual_percent": "20",
        },
        "events": [
            { "on": "2026-12-23", "pay": "5000.00" },
            { "on": "2027-01-10", "prepay": "5000.00", "keep": "term" },
            { "on": "2027-01-10", "prolong_days": 7 },
            { "on": "2027-01-11", "prepay": "90000.00", "keep": "payment" },
        ],
        "on": ["2027-01-11"],
    });
    let answer = play(&input);
    let events = &answer["events"];
    assert_eq!(events[1]["new_due"], "2027-05-23");
    assert!(events[1]["psk_percent"].is_string() && events[1]["principal"].is_string());
    assert_eq!(events[2]["reason"], "kind");
    assert_eq!(events[3]["new_due"], Value::Null);
    assert_eq!(answer["states"][0]["status"], "closed");
    assert_eq!(answer["states"][0]["total"], "0.00");
}

#[test]
fn every_mistake_names_its_key() {
    let cases = [
        ("loan.amount", "/loan/amount", json!("0.00")),
        ("loan.amount", "/loan/amount", json!("1000000.01")),
        ("loan.amount", "/loan/amount", json!(15000)),
        ("loan.amount", "/loan/amount", json!("15000.001")),
        ("loan.kind", "/loan/kind", json!("payday")),
        ("loan.issued", "/loan/issued", json!("23.11.2026")),
        ("loan.term_days", "/loan/term_days", json!(0)),
        ("loan.term_days", "/loan/term_days", json!(30.0)),
        (
            "loan.daily_rate_percent",
            "/loan/daily_rate_percent",
            json!("0.81"),
        ),
        (
            "loan.daily_rate_percent",
            "/loan/daily_rate_percent",
            json!("-0.1"),
        ),
        (
            "loan.daily_rate_percent",
            "/loan/daily_rate_percent",
            json!("0.00001"),
        ),
        (
            "loan.penalty_annual_percent",
            "/loan/penalty_annual_percent",
            json!("20.01"),
        ),
        ("events", "/events", json!({})),
        ("events[0]", "/events/0", json!("pay")),
        ("events[0].on", "/events/0/on", json!("2026-11-22")),
        ("events[0].pay", "/events/0/pay", json!("0")),
        (
            "events[0].pay",
            "/events/0/pay",
            json!("92233720368547758.07"),
        ),
        ("on[1]", "/on/1", json!("2026-11-22")),
        ("on[0]", "/on/0", json!(7)),
    ];
    for (key, pointer, value) in cases {
        let mut input = example();
        *input.pointer_mut(pointer).expect("there") = value.clone();
        let error = wrong(&input);
        assert!(
            error.starts_with(&format!("{key}: ")),
            "{pointer} = {value}: {error}"
        );
    }
}

#[test]
fn missing_and_unknown_keys_are_named() {
    for key in [
        "kind",
        "amount",
        "issued",
        "term_days",
        "daily_rate_percent",
        "penalty_annual_percent",
    ] {
        let mut input = example();
        input["loan"].as_object_mut().expect("object").remove(key);
        assert!(wrong(&input).starts_with(&format!("loan.{key}: ")), "{key}");
    }
    for (path, key) in [
        ("", "extra"),
        ("/loan", "months"),
        ("/events/0", "keep"),
        ("/loan", "fixed_payment"),
    ] {
        let mut input = example();
        input.pointer_mut(path).expect("there")[key] = json!(1);
        assert!(
            wrong(&input).contains(&format!("{key}: is unknown here")),
            "{path}/{key}"
        );
    }
    for text in [
        "",
        "\u{feff}{}",
        "[]",
        "{}",
        "null",
        r#"{"loan":{}}"#,
        "{} {}",
    ] {
        assert!(run(text).is_err(), "{text}");
    }
}

#[test]
fn events_out_of_order_are_refused() {
    let mut input = example();
    input["events"] = json!([
        { "on": "2026-12-02", "pay": "1.00" },
        { "on": "2026-12-01", "pay": "1.00" },
    ]);
    assert!(wrong(&input).starts_with("events[1].on: "));
}

#[test]
fn the_special_product_has_its_own_keys() {
    let loan = json!({
        "kind": "special", "amount": "10000.00", "issued": "2026-11-23", "term_days": 15,
        "fixed_payment": "1500.00",
    });
    let mut input =
        json!({ "loan": loan, "events": [{ "on": "2026-11-30", "prolong_days": 5 }], "on": [] });
    let answer = play(&input);
    assert_eq!(answer["cap"], Value::Null);
    assert_eq!(answer["events"][0]["reason"], "kind");
    input["loan"]["fixed_payment"] = json!("1500.01");
    assert!(wrong(&input).starts_with("loan.fixed_payment: "));
    input["loan"]["daily_rate_percent"] = json!("0.8");
    assert!(wrong(&input).contains("daily_rate_percent: is unknown here"));
}

fn set(input: &mut Value, pointer: &str, value: Value) {
    *input.pointer_mut(pointer).expect("there") = value;
}

/// Every term of a year at the legal rate is played, though from day 126 on the schedule promises
/// more than the cap lets accrue: the price is that of the contract, the state stops at the cap.
#[test]
fn a_schedule_above_the_cap_is_played() {
    let mut input = example();
    input["events"] = json!([]);
    set(&mut input, "/loan/amount", json!("10000.00"));
    set(&mut input, "/loan/issued", json!("2026-11-23"));
    for term in [1, 125, 126, 200, 365] {
        set(&mut input, "/loan/term_days", json!(term));
        input["on"] = json!(["2027-03-27", "2027-03-28", "2027-11-23"]);
        let answer = play(&input);
        assert_eq!(answer["psk_percent"], "292.000", "{term} days");
        assert_eq!(answer["cap"], "10000.00", "{term} days");
        let interest = format!("{}.00", term * 80);
        assert_eq!(
            answer["schedule"][0]["interest"],
            interest.as_str(),
            "{term} days"
        );
        assert_eq!(answer["states"][2]["accrued"], "10000.00", "{term} days");
        assert_eq!(answer["states"][2]["total"], "20000.00", "{term} days");
    }
    assert_eq!(play(&input)["states"][0]["accrued"], "9920.00");
    assert_eq!(play(&input)["states"][1]["accrued"], "10000.00");
}

/// An instalment is overdue when scheduled principal to date exceeds principal repaid: interest
/// alone may be unpaid after its date.
#[test]
fn late_interest_alone_is_no_delay() {
    let input = json!({
        "loan": {
            "kind": "every_n_days", "amount": "15000.00", "issued": "2026-11-23",
            "payments": 8, "every_days": 14,
            "daily_rate_percent": "0.8", "penalty_annual_percent": "20",
        },
        "events": [{ "on": "2026-11-28", "pay": "5000.00" }],
        "on": ["2026-12-08", "2027-01-05", "2027-01-19"],
    });
    let answer = play(&input);
    // 600.00 of interest and 4 400.00 of principal; the first three lines ask for 4 204.58.
    assert_eq!(answer["events"][0]["principal"], "4400.00");
    let states = &answer["states"];
    assert_eq!(states[0]["status"], "active");
    assert_eq!(states[0]["interest"], "848.00");
    assert_eq!(states[0]["penalty"], "0.00");
    assert_eq!(states[1]["status"], "active");
    assert_eq!(states[1]["days_overdue"], 0);
    // The fourth asks for 1 726.56 more.
    assert_eq!(states[2]["status"], "overdue");
    assert_eq!(states[2]["days_overdue"], 1);
}

/// The schedule after a prepayment is what the loan will owe: on a prolonged promo the ordinary
/// rate runs from the old due date.
#[test]
fn a_prepayment_of_a_prolonged_promo_counts_both_rates() {
    let input = json!({
        "loan": {
            "kind": "bullet", "amount": "10000.00", "issued": "2026-11-23", "term_days": 10,
            "daily_rate_percent": "0.8", "penalty_annual_percent": "20",
            "promo": { "max_amount": "15000.00", "max_days": 20, "daily_rate_percent": "0" },
        },
        "events": [
            { "on": "2026-11-25", "prolong_days": 20 },
            { "on": "2026-11-28", "prepay": "2000.00", "keep": "term" },
        ],
        "on": ["2026-12-23"],
    });
    let answer = play(&input);
    // 8 000.00 x 0.8 % x 20 days.
    let line = &answer["events"][1]["schedule"][0];
    assert_eq!(line["interest"], "1280.00");
    assert_eq!(line["payment"], answer["states"][0]["total"]);
}

/// A prepayment smaller than the interest owed changes nothing: the full cost stays the rate's.
#[test]
fn a_small_prepayment_keeps_the_full_cost() {
    let mut input = example();
    input["events"] = json!([{ "on": "2026-12-01", "prepay": "100.00", "keep": "term" }]);
    let answer = play(&input);
    // Owed that day 15 860.00, on 2026-12-23 18 500.00: 2 640.00 for 22 days: 276.1664
    assert_eq!(answer["events"][0]["schedule"][0]["payment"], "18500.00");
    assert_eq!(answer["events"][0]["psk_percent"], "276.166");
}

/// A kopeck over many dates is still a loan: lines of 0.00 are no flows.
#[test]
fn a_kopeck_is_lent_for_a_year() {
    let input = json!({
        "loan": {
            "kind": "monthly", "amount": "0.01", "issued": "2026-11-23", "months": 12,
            "daily_rate_percent": "0.5", "penalty_annual_percent": "20",
        },
        "events": [],
        "on": [],
    });
    let answer = play(&input);
    assert_eq!(answer["psk_roubles"], "0.00");
    assert_eq!(answer["schedule"][11]["payment"], "0.01");
}

#[test]
fn a_loan_ends_in_a_year_of_four_digits() {
    let mut input = example();
    input["loan"]["issued"] = json!("9999-12-31");
    (input["events"], input["on"]) = (json!([]), json!([]));
    assert!(wrong(&input).starts_with("loan.issued: "));
}

#[test]
fn a_promo_above_the_law_is_named() {
    let mut input = example();
    input["loan"]["promo"] =
        json!({ "max_amount": "15000.00", "max_days": 20, "daily_rate_percent": "0.81" });
    assert!(wrong(&input).starts_with("loan.promo.daily_rate_percent: "));
}
