//! Documents of one borrower, from the application to the closed loan: what they say, who may have them, that they stay as
//! they were, and that the page for everybody tells a changed one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use std::path::Path;

use cabinet::application::AppStatus;
use cabinet::document::{self, Asked, DocumentKind, PublicKind, export};
use cabinet::payment::PayAmount;
use cabinet::{BorrowerId, CabinetError, Lang, application, loan, payment, service};
use chrono::Duration;
use lending::Kopecks;
use serde_json::Value;
use support::journey::{OTHER_PHONE, PHONE, origin, roubles};
use support::{World, on_both};

const SITE: &str = "https://cabinet.example";

/// The paper that would be typeset.
async fn paper(world: &World, borrower: BorrowerId, kind: DocumentKind, object: &str) -> Value {
    let file = document::file(&world.cab, borrower, kind, object, SITE)
        .await
        .unwrap();
    serde_json::from_slice(&file.bytes).unwrap()
}

fn words(paper: &Value) -> String {
    paper.to_string()
}

/// Samples for the templates' own tests: written on demand, and here compared in shape.
fn sampled(paper: &Value) {
    let template = paper["template"].as_str().unwrap();
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../documents/samples/{template}.json"));
    if std::env::var_os("KOPECK_WRITE_SAMPLES").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("{paper:#}\n")).unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(
        shape(&kept),
        shape(paper),
        "{template}: KOPECK_WRITE_SAMPLES=1 writes it anew"
    );
}

/// Names of fields and kinds of blocks.
fn shape(paper: &Value) -> Vec<String> {
    let mut names: Vec<String> = paper
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| format!("{key} {}", value.is_null()))
        .collect();
    let blocks = paper["blocks"].as_array().unwrap();
    names.extend(
        blocks
            .iter()
            .map(|block| block["kind"].as_str().unwrap().to_owned()),
    );
    names
}

async fn listed(world: &World, borrower: BorrowerId, kind: DocumentKind) -> Vec<document::Listed> {
    let list = document::list(&world.cab, borrower).await.unwrap();
    list.into_iter().filter(|one| one.kind == kind).collect()
}

#[test]
fn every_document_says_what_happened_and_stays_as_it_was() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 20_000, 30).await;
        let stranger = world.borrower(OTHER_PHONE, roubles(5_000)).await;
        let object = contract.to_string();

        // Nothing is frozen yet, so there is nothing to read; then it is read before it is signed.
        let unread = document::file(cab, borrower, DocumentKind::Contract, &object, SITE).await;
        assert!(matches!(unread, Err(CabinetError::NotFound)));
        let card = world.card(borrower).await;
        application::prepare(
            cab,
            borrower,
            contract,
            Some(false),
            Some(card),
            &origin(),
            Lang::Ru,
        )
        .await
        .unwrap();
        let waiting = paper(&world, borrower, DocumentKind::Contract, &object).await;
        assert!(waiting["draft"].is_string() && waiting["evidence"].is_null());
        let code = world.code(PHONE).await;
        application::sign(cab, borrower, contract, &code, &origin())
            .await
            .unwrap();
        world.work().await;
        let signed = paper(&world, borrower, DocumentKind::Contract, &object).await;
        assert!(signed["draft"].is_null());
        assert_eq!(
            signed["blocks"], waiting["blocks"],
            "the very words that were read are signed"
        );
        assert!(
            signed["frames"][0]
                .as_str()
                .unwrap()
                .contains("292,000\u{a0}%")
        );
        let rows = signed["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|block| block["kind"] == "row");
        assert_eq!(rows.count(), 18, "the law's table is whole");
        assert!(
            signed["blocks"]
                .as_array()
                .unwrap()
                .iter()
                .any(|block| block["kind"] == "notice")
        );
        let proof = words(&signed["evidence"]);
        assert!(
            proof.contains("+79001234567") && proof.contains("192.0.2.1"),
            "{proof}"
        );
        sampled(&signed);

        let id = application::offer(cab, borrower, contract)
            .await
            .unwrap()
            .loan
            .unwrap();
        let loan_object = id.to_string();
        sampled(&paper(&world, borrower, DocumentKind::Schedule, &loan_object).await);
        let filed = listed(&world, borrower, DocumentKind::Application).await;
        let application = paper(
            &world,
            borrower,
            DocumentKind::Application,
            &filed[0].object,
        )
        .await;
        assert!(words(&application).contains("двадцать тысяч рублей 00 копеек"));
        sampled(&application);
        for kind in [DocumentKind::Consent, DocumentKind::Agreement] {
            let given = listed(&world, borrower, kind).await;
            assert_eq!(
                given.len(),
                if kind == DocumentKind::Consent { 2 } else { 1 }
            );
            let consent = paper(&world, borrower, kind, &given[0].object).await;
            assert!(words(&consent["evidence"]).contains("192.0.2.1"));
            sampled(&consent);
        }

        world.days(10);
        world
            .pay(borrower, id, PayAmount::Sum(roubles(2_600)))
            .await;
        let receipts = listed(&world, borrower, DocumentKind::Receipt).await;
        let receipt = paper(&world, borrower, DocumentKind::Receipt, &receipts[0].object).await;
        assert!(words(&receipt).contains("две тысячи шестьсот рублей 00 копеек"));
        sampled(&receipt);

        world.days(5);
        let (prolonged, price) = world.prolong(PHONE, borrower, id, 14).await;
        world.acquirer.pay(&format!("pay-{price}"));
        cabinet::payment::view(cab, borrower, price).await.unwrap();
        let agreement = paper(
            &world,
            borrower,
            DocumentKind::Prolongation,
            &prolonged.to_string(),
        )
        .await;
        assert!(agreement["frames"].is_array() && agreement["evidence"].is_object());
        sampled(&agreement);

        // A statement adds up to the kopeck over any period.
        let start = loan::view(cab, borrower, id, None)
            .await
            .unwrap()
            .terms
            .schedule
            .start;
        for (from, to) in [(0, 15), (0, 0), (3, 9), (10, 10), (11, 15)] {
            let asked = Asked::Statement {
                from: start + Duration::days(from),
                to: start + Duration::days(to),
            };
            let made = document::issue(cab, borrower, id, asked).await.unwrap();
            let statement =
                paper(&world, borrower, DocumentKind::Statement, &made.to_string()).await;
            let sums: Vec<Kopecks> = statement["blocks"]
                .as_array()
                .unwrap()
                .iter()
                .skip_while(|block| !words(block).contains("Долг на начало"))
                .take(5)
                .map(sum_in)
                .collect();
            assert_eq!(
                sums[0] + sums[1] + sums[2],
                sums[3] + sums[4],
                "{from}–{to}: {sums:?}"
            );
            if (from, to) == (0, 15) {
                sampled(&statement);
            }
        }
        let today = cab.today();
        let debt = document::issue(cab, borrower, id, Asked::Debt { on: today })
            .await
            .unwrap();
        let debt = paper(&world, borrower, DocumentKind::Debt, &debt.to_string()).await;
        let payoff = loan::view(cab, borrower, id, None)
            .await
            .unwrap()
            .state
            .payoff;
        assert!(words(&debt).contains(&payoff.to_string()));
        sampled(&debt);
        refusals_of_days(&world, borrower, id).await;

        // Nobody else's, whatever is asked for.
        for (kind, object) in [
            (DocumentKind::Contract, object.as_str()),
            (DocumentKind::Schedule, &loan_object),
            (DocumentKind::Receipt, &receipts[0].object),
            (DocumentKind::Application, &filed[0].object),
            (DocumentKind::Schedule, "x"),
        ] {
            let other = document::file(cab, stranger, kind, object, SITE).await;
            assert!(
                matches!(other, Err(CabinetError::NotFound)),
                "{kind:?} {other:?}"
            );
        }
        let owed =
            document::file(cab, borrower, DocumentKind::Certificate, &loan_object, SITE).await;
        assert!(matches!(owed, Err(CabinetError::NotFound)));

        closed(&world, borrower, id).await;
        taken_along(&world, borrower).await;
    });
}

/// The sum at the end of a line of totals.
fn sum_in(block: &Value) -> Kopecks {
    let text = block["text"].as_str().unwrap();
    let (_, sum) = text.split_once(": ").unwrap();
    let sum = sum.split('₽').next().unwrap();
    let digits: String = sum.chars().filter(char::is_ascii_digit).collect();
    Kopecks::new(digits.parse().unwrap())
}

async fn refusals_of_days(world: &World, borrower: BorrowerId, id: cabinet::LoanId) {
    let (cab, today) = (&world.cab, world.cab.today());
    let day = Duration::days(1);
    for (asked, field, code) in [
        (Asked::Debt { on: today + day }, "on", "day_ahead"),
        (
            Asked::Debt {
                on: today - Duration::days(400),
            },
            "on",
            "date_before_loan",
        ),
        (
            Asked::Statement {
                from: today,
                to: today + day,
            },
            "to",
            "day_ahead",
        ),
        (
            Asked::Statement {
                from: today,
                to: today - day,
            },
            "from",
            "dates_order",
        ),
    ] {
        match document::issue(cab, borrower, id, asked).await {
            Err(CabinetError::Fields(errors)) => {
                assert_eq!((errors[0].field.as_str(), errors[0].code), (field, code));
            }
            other => panic!("{asked:?}: {other:?}"),
        }
    }
}

/// The loan is repaid: the certificate, and the page that confirms it.
async fn closed(world: &World, borrower: BorrowerId, id: cabinet::LoanId) {
    let cab = &world.cab;
    world.days(3);
    world.pay(borrower, id, PayAmount::Payoff).await;
    let object = id.to_string();
    let first = document::file(cab, borrower, DocumentKind::Certificate, &object, SITE)
        .await
        .unwrap();
    world.days(30);
    let again = document::file(
        cab,
        borrower,
        DocumentKind::Certificate,
        &object,
        "https://moved.example",
    )
    .await
    .unwrap();
    assert!(first == again, "a document given out once stays as it was");
    let page = document::certificate(cab, borrower, id).await.unwrap();
    let certificate: Value = serde_json::from_slice(&first.bytes).unwrap();
    sampled(&certificate);
    let printed: String = certificate["hash"]["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group.as_str().unwrap())
        .collect();
    assert_eq!(
        printed, page.hash,
        "the page shows the same words as the file"
    );

    let url = certificate["seal"]["url"].as_str().unwrap();
    let token = url.strip_prefix("https://cabinet.example/verify/").unwrap();
    let verified = document::verify(cab, token)
        .await
        .unwrap()
        .expect("a paper of ours");
    assert!(verified.signature_holds && verified.kind == DocumentKind::Certificate);
    assert!(!format!("{verified:?}").contains("Иванова"));
    let hash = document::bytes_hash(&first.bytes);
    assert!(verified.is(&hash) && verified.is(&printed));
    assert!(
        document::verify_hash(cab, &hash.to_uppercase())
            .await
            .unwrap()
            .is_some()
    );
    for place in [0, first.bytes.len() / 2, first.bytes.len() - 1] {
        let mut changed = first.bytes.clone();
        changed[place] ^= 1;
        let hash = document::bytes_hash(&changed);
        assert!(!verified.is(&hash) && document::verify_hash(cab, &hash).await.unwrap().is_none());
    }
    assert!(document::verify(cab, "0").await.unwrap().is_none());
    // Whoever has the public key checks the signature by what is printed.
    let printed_fact = |index: usize| certificate["seal"]["rows"][index][1].as_str().unwrap();
    let at = verified.made_at.format("%Y-%m-%dT%H:%M:%SZ");
    let message = format!(
        "kopeck document 1\ncertificate\n{}\n{at}\n{printed}\n",
        printed_fact(0)
    );
    assert_eq!(printed_fact(2), cab.keys().paper_key());
    assert!(cab.keys().paper_signed(&message, printed_fact(3)));
    assert!(!cab.keys().paper_signed(
        &message.replace("certificate", "statement"),
        printed_fact(3)
    ));
}

/// Everything at once, in the published form.
async fn taken_along(world: &World, borrower: BorrowerId) {
    let all = export::export(&world.cab, borrower).await.unwrap();
    let text = serde_json::to_string(&all).unwrap();
    let back: export::Export = serde_json::from_str(&text).unwrap();
    assert_eq!(back, all);
    assert_eq!(all.answers["last_name"], "Иванова");
    assert_eq!(all.signatures.len(), 2);
    assert_eq!(all.loans[0].payoff, 0);
    let paid: i64 = all
        .operations
        .iter()
        .filter(|operation| operation.kind == "payment")
        .map(|operation| operation.amount)
        .sum();
    assert_eq!(paid, all.loans[0].paid_total);
    for table in [
        "consents",
        "bonuses",
        "applications",
        "application_events",
        "contracts",
        "loans",
        "operations",
        "signatures",
        "payouts",
        "payments",
        "money_ways",
        "messages",
        "deliveries",
        "documents",
        "cabinet",
        "diary",
    ] {
        let csv = all.csv(table).unwrap();
        let columns = csv.lines().next().unwrap().split(',').count();
        let schema = export::schema().to_string();
        assert!(columns > 2 && csv.lines().count() > 1, "{table}: {csv}");
        for column in csv.lines().next().unwrap().split(',') {
            assert!(
                schema.contains(&format!("\"{column}\"")),
                "{table}.{column} is not in the schema"
            );
        }
    }
    for one in document::list(&world.cab, borrower).await.unwrap() {
        document::file(&world.cab, borrower, one.kind, &one.object, SITE)
            .await
            .unwrap_or_else(|error| panic!("{one:?}: {error}"));
    }
}

#[test]
fn a_refusal_is_on_paper_and_papers_for_everybody_name_the_lender() {
    on_both(|world| async move {
        *world.bureau.self_ban.lock().unwrap() = true;
        let borrower = world.borrower(PHONE, roubles(10_000)).await;
        let choice = application::Choice {
            product: "short".into(),
            amount: roubles(10_000),
            term: 20,
        };
        application::choose(&world.cab, borrower, choice)
            .await
            .unwrap();
        application::submit(&world.cab, borrower, uuid::Uuid::now_v7())
            .await
            .unwrap();
        world.work().await;
        let view = application::latest(&world.cab, borrower)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(view.status, AppStatus::Refused);
        let object = view.id.to_string();
        let refusal = paper(&world, borrower, DocumentKind::Refusal, &object).await;
        assert!(words(&refusal).contains("Госуслугах"), "{refusal}");
        sampled(&refusal);
        for lang in [Lang::Ru, Lang::En] {
            for kind in PublicKind::ALL {
                let file = document::public(&world.cab, kind, lang).await.unwrap();
                let paper: Value = serde_json::from_slice(&file.bytes).unwrap();
                let text = words(&paper);
                assert!(
                    !text.contains("cabinet-") && !text.contains("legal-"),
                    "{text}"
                );
                let lender = world.cab.lender();
                match kind {
                    PublicKind::Lender => assert!(text.contains(&lender.registry_number)),
                    PublicKind::Tariffs => {
                        let table = paper["blocks"]
                            .as_array()
                            .unwrap()
                            .iter()
                            .find(|block| block["kind"] == "table")
                            .unwrap();
                        assert_eq!(
                            table["rows"].as_array().unwrap().len(),
                            lender.products.len()
                        );
                    }
                    _ => assert!(paper["blocks"].as_array().unwrap().len() > 4),
                }
                if lang == Lang::Ru && matches!(kind, PublicKind::Rules | PublicKind::Tariffs) {
                    sampled(&paper);
                }
            }
        }
    });
}

#[test]
fn a_surplus_sent_back_is_on_paper() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 10_000, 30).await;
        world.days(4);
        // A page that had been left open pays a loan that is closed already.
        let first = world.start(borrower, id, PayAmount::Payoff).await;
        cabinet::payment::not_paid(cab, borrower, first.payment)
            .await
            .unwrap();
        world.pay(borrower, id, PayAmount::Payoff).await;
        world.acquirer.pay(&format!("pay-{}", first.payment));
        world.clock.pass(Duration::minutes(10));
        cabinet::payment::poll(cab).await.unwrap();
        let asked = cabinet::refund::ask(cab, borrower, id, uuid::Uuid::now_v7())
            .await
            .unwrap();
        let object = asked.to_string();
        let early = document::file(cab, borrower, DocumentKind::Refund, &object, SITE).await;
        assert!(
            matches!(early, Err(CabinetError::NotFound)),
            "nothing has left yet"
        );
        world.work().await;
        let notice = paper(&world, borrower, DocumentKind::Refund, &object).await;
        let amount = cabinet::refund::view(cab, borrower, id).await.unwrap().list[0].amount;
        assert!(words(&notice).contains(&amount.to_string()));
        sampled(&notice);
    });
}

/// Neither a consent nor a service's application is signed by a code, and the paper does not say so.
#[test]
fn a_services_papers_say_what_was_asked_and_what_goes_back() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved_product(PHONE, "long", 30_000, 8).await;
        world.sign(PHONE, borrower, contract).await;
        world.work().await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        let loan = offer.loan.unwrap();
        service::switch_on(cab, borrower, loan, "accident", origin())
            .await
            .unwrap();
        let services = service::view(cab, borrower, loan).await.unwrap();
        let last = services.list.into_iter().find_map(|it| it.last).unwrap();
        let paid = last.payment.unwrap();
        world.acquirer.pay(&format!("pay-{paid}"));
        payment::view(cab, borrower, paid).await.unwrap();
        world.days(10);
        service::switch_off(cab, borrower, loan, "accident", origin())
            .await
            .unwrap();
        world.work().await;
        for (kind, title, said) in [
            (
                DocumentKind::Service,
                "Заявление о подключении услуги",
                "Стоимость услуги 300,00",
            ),
            (
                DocumentKind::ServiceRefusal,
                "Заявление об отказе от услуги",
                "Вернуть 275,90",
            ),
            (
                DocumentKind::Refund,
                "Уведомление о возврате платы за услугу",
                "Возвращено 275,90",
            ),
        ] {
            let [one] = &listed(&world, borrower, kind).await[..] else {
                panic!("one {kind:?}");
            };
            let paper = paper(&world, borrower, kind, &one.object).await;
            assert!(paper["title"].as_str().unwrap().starts_with(title));
            let text = words(&paper).replace('\u{a0}', " ");
            assert!(text.contains(said), "{text}");
            if kind != DocumentKind::Refund {
                let heading = &paper["evidence"]["title"];
                assert_eq!(heading, "Как и когда подано заявление");
                assert!(text.contains("Кнопкой в личном кабинете"));
                sampled(&paper);
            }
        }
        let all = export::export(cab, borrower).await.unwrap();
        assert_eq!(all.csv("services").unwrap().matches("accident").count(), 2);
        let consent = listed(&world, borrower, DocumentKind::Consent).await;
        let consent = paper(&world, borrower, DocumentKind::Consent, &consent[0].object).await;
        assert_eq!(consent["evidence"]["title"], "Как и когда дано согласие");
        let agreed = listed(&world, borrower, DocumentKind::Agreement).await;
        let agreed = paper(&world, borrower, DocumentKind::Agreement, &agreed[0].object).await;
        assert_eq!(
            agreed["evidence"]["title"],
            "Как и когда принято соглашение"
        );
    });
}

#[test]
fn an_answer_to_an_appeal_is_on_paper() {
    use cabinet::staff::{self, Role, Staff};
    use cabinet::support::{self as appeals, Asked as Wrote, Kind};
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, loan) = world.lent(PHONE, 10_000, 30).await;
        world.days(2);
        let wrote = Wrote {
            loan: loan.to_string(),
            text: "Платёж через банк, а в кабинете его нет".into(),
            amount: "5 000".into(),
            paid_on: "24.11.2026".into(),
            ..Wrote::default()
        };
        let id = appeals::ask(cab, borrower, Kind::Payment, &wrote, Lang::Ru)
            .await
            .unwrap();
        let object = id.to_string();
        let early = document::file(cab, borrower, DocumentKind::Letter, &object, SITE).await;
        assert!(
            matches!(early, Err(CabinetError::NotFound)),
            "no answer yet"
        );
        let welcome = staff::add(cab, "olga", "Ольга", &[Role::Support])
            .await
            .unwrap();
        let by = Staff {
            id: welcome.id,
            login: welcome.login,
            name: "Ольга".into(),
            roles: vec![Role::Support],
            must_change: false,
        };
        appeals::take(cab, &by, id).await.unwrap();
        appeals::answer(cab, &by, id, "Платёж нашёлся.\nЗачли его 24 ноября.", &[])
            .await
            .unwrap();
        let letter = paper(&world, borrower, DocumentKind::Letter, &object).await;
        for said in ["Платёж нашёлся.", "000,00", "24 ноября 2026", "Мы сделали"]
        {
            assert!(words(&letter).contains(said), "{said}");
        }
        sampled(&letter);
        let other = world.borrower(OTHER_PHONE, roubles(10_000)).await;
        let theirs = document::file(cab, other, DocumentKind::Letter, &object, SITE).await;
        assert!(matches!(theirs, Err(CabinetError::NotFound)));
    });
}
