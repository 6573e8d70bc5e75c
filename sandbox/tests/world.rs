//! Clock, SMS, mail, bureau, register.

#![allow(clippy::unwrap_used)]

mod common;

use common::{World, payment, rub, world};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

#[tokio::test]
async fn the_clock_runs_and_moves_only_forward() {
    let world = world().await;
    let start = world.get("/clock").await;
    assert_eq!(start["moved"], false);
    let now = start["now"].as_str().unwrap();
    assert_eq!((now.len(), &now[19..20], &now[23..]), (24, ".", "Z"));
    let moved = world
        .control("/clock", &json!({ "now": "2090-01-02T03:04:05.000Z" }))
        .await;
    let moved: Value = moved.json().await.unwrap();
    assert!(
        moved["now"]
            .as_str()
            .unwrap()
            .starts_with("2090-01-02T03:04:05")
    );
    assert_eq!(moved["moved"], true);
    for wrong in [
        json!({ "now": "2089-01-01T00:00:00Z" }),
        json!({ "now": "tomorrow" }),
        json!({ "advance_days": u64::MAX }),
    ] {
        assert_eq!(
            world.control("/clock", &wrong).await.status(),
            400,
            "{wrong}"
        );
    }
    world
        .control(
            "/clock",
            &json!({ "advance_days": 1, "advance_seconds": 60 }),
        )
        .await;
    let later = world.get("/clock").await;
    assert!(
        later["now"]
            .as_str()
            .unwrap()
            .starts_with("2090-01-03T03:05:0")
    );
    let made = world.made("payments", "k", &payment("1.00")).await;
    assert!(
        made["created_at"]
            .as_str()
            .unwrap()
            .starts_with("2090-01-03T03:05:0")
    );
    world.control("/reset", &json!({})).await;
    assert_eq!(world.get("/clock").await["moved"], false);
}

#[tokio::test]
async fn the_clock_page_works_by_forms() {
    let world = world().await;
    let answer = world.form("/clock/page", &[("step", "week")]).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(world.get("/clock").await["moved"], true);
    let past = world
        .form("/clock/page", &[("step", "date"), ("date", "2001-01-01")])
        .await;
    assert_eq!(past.status(), 422);
    assert!(past.text().await.unwrap().contains("role=\"alert\""));
}

fn sms<'a>(psw: &'a str, phones: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("login", "kopeck"),
        ("psw", psw),
        ("phones", phones),
        ("mes", text),
        ("fmt", "3"),
        ("charset", "utf-8"),
    ]
}

async fn send(world: &World, fields: &[(&str, &str)]) -> Value {
    world
        .form("/sys/send.php", fields)
        .await
        .json()
        .await
        .unwrap()
}

#[tokio::test]
async fn sms_by_form_and_by_query_reach_the_inbox() {
    let world = world().await;
    let sent = send(
        &world,
        &sms("sandbox", "+7 (999) 000-00-01", "Код: 1234 & ещё"),
    )
    .await;
    assert_eq!((&sent["cnt"], sent["id"].is_u64()), (&json!(1), true));
    let query = sms("sandbox", "89990000001", "второе");
    let url = reqwest::Url::parse_with_params(&format!("{}/sys/send.php", world.url), query);
    world.client.get(url.unwrap()).send().await.unwrap();
    let inbox = world.get("/inbox.json?to=79990000001").await;
    assert_eq!(inbox.as_array().unwrap().len(), 2);
    assert_eq!(inbox[0]["text"], "Код: 1234 & ещё");
    assert_eq!(inbox[1]["text"], "второе");
    assert_eq!(
        (&inbox[0]["channel"], &inbox[0]["subject"]),
        (&json!("sms"), &Value::Null)
    );
    let after = format!("/inbox.json?to=79990000001&after={}", inbox[0]["id"]);
    assert_eq!(world.get(&after).await.as_array().unwrap().len(), 1);
    assert_eq!(world.get("/inbox.json?to=79990000002").await, json!([]));
    let page = world
        .client
        .get(format!("{}/inbox", world.url))
        .send()
        .await
        .unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("Код: 1234 &amp; ещё"));
    assert!(
        page.find("второе").unwrap() < page.find("1234").unwrap(),
        "the newest first"
    );
}

#[tokio::test]
async fn sms_errors_have_codes() {
    let world = world().await;
    assert_eq!(
        send(&world, &sms("wrong", "79990000001", "x")).await["error_code"],
        2
    );
    assert_eq!(
        send(&world, &sms("sandbox", "12", "x")).await["error_code"],
        7
    );
    assert_eq!(
        send(&world, &sms("sandbox", "79990000001", "")).await["error_code"],
        1
    );
    let mut fields = sms("sandbox", "79990000001", "Код");
    fields.pop();
    assert_eq!(send(&world, &fields).await["error_code"], 1);
    world
        .fault(json!({ "on": "sms.send", "kind": "lost" }))
        .await;
    assert_eq!(
        send(&world, &sms("sandbox", "79990000001", "x")).await["cnt"],
        1
    );
    assert_eq!(world.get("/inbox.json").await, json!([]));
}

/// Sends lines one by one and collects the first line of each answer.
async fn talk(world: &World, lines: &[&str]) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(&world.smtp).await.unwrap());
    let mut answers = vec![answer(&mut stream).await];
    for line in lines {
        stream
            .write_all(format!("{line}\r\n").as_bytes())
            .await
            .unwrap();
        answers.push(answer(&mut stream).await);
    }
    answers
}

async fn answer(stream: &mut BufReader<TcpStream>) -> String {
    let mut whole = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        whole.push_str(&line);
        if line.as_bytes().get(3) != Some(&b'-') {
            return whole[..3].to_owned();
        }
    }
}

#[tokio::test]
async fn a_letter_reaches_the_inbox_with_dots_undone() {
    let world = world().await;
    let letter = "Subject: =?utf-8?B?0JrQvtC0?=\r\n\r\nпервая\r\n..точка\r\n.";
    let lines = [
        "EHLO test",
        "MAIL FROM:<a@kopeck.test> SIZE=100",
        "RCPT TO:<Ivan@Example.com>",
        "RCPT TO:<b@example.com>",
        "DATA",
        letter,
        "NOOP",
        "RSET",
        "QUIT",
    ];
    let codes = talk(&world, &lines).await;
    assert_eq!(
        codes,
        [
            "220", "250", "250", "250", "250", "354", "250", "250", "250", "221"
        ]
    );
    let inbox = world.get("/inbox.json?to=ivan@example.com").await;
    assert_eq!(inbox.as_array().unwrap().len(), 1);
    assert_eq!(
        (&inbox[0]["subject"], &inbox[0]["text"]),
        (&json!("Код"), &json!("первая\n.точка"))
    );
    assert_eq!(inbox[0]["channel"], "email");
    assert_eq!(
        world
            .get("/inbox.json?to=b@example.com")
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn mail_commands_out_of_order_are_refused() {
    let world = world().await;
    let codes = talk(
        &world,
        &[
            "MAIL FROM:<a@b.c>",
            "HELO test",
            "RCPT TO:<a@b.c>",
            "DATA",
            "MAIL FROM:<a@b.c> SIZE=99999999",
            "MAIL oops",
            "WHAT",
        ],
    )
    .await;
    assert_eq!(
        codes,
        ["220", "503", "250", "503", "503", "552", "501", "502"]
    );
}

#[tokio::test]
async fn a_letter_too_big_is_refused_and_the_session_lives() {
    let world = world().await;
    let line = "x".repeat(1000);
    let mut big = vec![line.as_str(); 1100].join("\r\n");
    big.push_str("\r\n.");
    let lines = [
        "EHLO t",
        "MAIL FROM:<a@b.c>",
        "RCPT TO:<a@b.c>",
        "DATA",
        &big,
        "NOOP",
        "QUIT",
    ];
    let codes = talk(&world, &lines).await;
    assert_eq!(
        codes,
        ["220", "250", "250", "250", "354", "552", "250", "221"]
    );
    assert_eq!(world.get("/inbox.json").await, json!([]));
}

#[tokio::test]
async fn the_bureau_answers_a_clean_history_unless_told_otherwise() {
    let world = world().await;
    let url = format!("{}/bureau/v1/report", world.url);
    let person = json!({
        "inn": "123456789012",
        "last_name": "Иванов",
        "first_name": "Иван",
        "birth_date": "1990-01-01",
        "passport_hash": "abc",
    });
    let ask = || {
        world
            .client
            .post(&url)
            .bearer_auth("sandbox-bureau")
            .json(&person)
            .send()
    };
    let clean: Value = ask().await.unwrap().json().await.unwrap();
    assert_eq!(
        clean,
        json!({ "self_ban": false, "score": 720, "open_loans": [] })
    );
    assert_eq!(
        world.control("/bureau/v1/report", &person).await.status(),
        401
    );

    let mut history = json!({
        "self_ban": true,
        "score": 300,
        "open_loans": [{
            "psk": "292.000",
            "amount": "10000.00",
            "monthly_payment": "10000.00",
            "overdue_days": 0,
            "repaid_on": null,
        }],
    });
    assert_eq!(
        world
            .put("/bureau/people/123456789012", &history)
            .await
            .status(),
        200
    );
    assert_eq!(ask().await.unwrap().json::<Value>().await.unwrap(), history);
    history["open_loans"][0]["amount"] = json!("ten");
    assert_eq!(
        world
            .put("/bureau/people/123456789012", &history)
            .await
            .status(),
        400
    );

    world
        .fault(json!({ "on": "bureau.report", "kind": "error500" }))
        .await;
    assert_eq!(ask().await.unwrap().status(), 500);

    let events = format!("{}/bureau/v1/events", world.url);
    let event = json!({ "event": "issued", "loan": "42" });
    let sent = world
        .client
        .post(events)
        .bearer_auth("sandbox-bureau")
        .json(&event)
        .send();
    assert_eq!(sent.await.unwrap().status(), 200);
    assert_eq!(world.get("/bureau/events.json").await[0]["event"], event);
}

#[tokio::test]
async fn the_fraud_database_matches_ordered_hashes() {
    let world = world().await;
    let ask = json!({ "passport_hash": "p", "phone_hash": "q", "card_hash": null });
    let check = || async {
        let answer = world.control("/fraud/v1/check", &ask).await;
        answer.json::<Value>().await.unwrap()["match"].clone()
    };
    assert_eq!(check().await, false);
    assert_eq!(
        world.put("/fraud/matches/q", &json!({})).await.status(),
        204
    );
    assert_eq!(check().await, true);
}

#[tokio::test]
async fn the_register_adds_up() {
    let world = world().await;
    let id = world.paid("a", &payment("100.10")).await;
    world.paid("b", &payment("0.90")).await;
    world.made("payments", "pending", &payment("7.00")).await;
    world
        .made(
            "refunds",
            "r",
            &json!({ "payment_id": id, "amount": rub("0.10") }),
        )
        .await;
    let register = world
        .get("/register.json?from=2020-01-01&to=2100-01-01T00:00:00Z")
        .await;
    assert_eq!(register["payments"].as_array().unwrap().len(), 3);
    let totals = &register["totals"];
    assert_eq!(totals["payments"]["succeeded_amount"], rub("101.00"));
    assert_eq!(totals["payments"]["succeeded_count"], 2);
    assert_eq!(totals["refunds"]["succeeded_amount"], rub("0.10"));
    assert_eq!(totals["payouts"]["succeeded_amount"], rub("0.00"));
    let later = world.get("/register.json?from=2100-01-01").await;
    assert_eq!(later["totals"]["payments"]["count"], 0);
}

#[tokio::test]
async fn the_pages_are_there() {
    let world = world().await;
    for path in ["/", "/health", "/inbox", "/clock/page"] {
        let answer = world
            .client
            .get(format!("{}{path}", world.url))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    let answer = world
        .client
        .get(format!("{}/checkout/none", world.url))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
}
