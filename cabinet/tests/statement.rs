//! Files of money that came past the acquirer, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod support;

use cabinet::payment::{self, PayAmount};
use cabinet::refund::{self, RefundStatus};
use cabinet::staff::{Role, Staff, audit};
use cabinet::statement::{self, Leave, Source};
use cabinet::{Cabinet, CabinetError, ledger, loan, reconcile};
use lending::{Kopecks, Status};

use support::bank::{document, file};
use support::journey::{OTHER_PHONE, PHONE, balance, roubles};
use support::on_both;
use uuid::Uuid;

fn colleague(role: Role) -> Staff {
    Staff {
        id: cabinet::StaffId(Uuid::now_v7()),
        login: role.code().to_owned(),
        name: "Коллега".to_owned(),
        roles: vec![role],
        must_change: false,
    }
}

#[test]
fn a_transfer_is_posted_by_its_number_on_the_bank_s_date_and_once() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let number = loan::view(cab, borrower, id, None).await.unwrap().number;
        let start = cab.today();
        world.days(10);
        let stated = start + chrono::Days::new(7);
        let day = stated.format("%d.%m.%Y").to_string();
        let first = document(
            1,
            &day,
            "1000.00",
            &format!("Погашение по договору {number}"),
        );
        let twin = document(2, &day, "500.50", &number.replace('-', ""));
        let lost = document(3, &day, "77.00", "Возврат долга");
        let day_file = file(&[first.clone(), twin.clone(), lost]);

        let report = statement::import(cab, Source::Statement, &day_file)
            .await
            .unwrap();
        assert_eq!((report.posted, report.known), (2, 0), "{report:?}");
        assert_eq!(report.posted_sum, Kopecks::new(150_050));
        assert_eq!(report.unmatched.len(), 1);
        let seen = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(seen.state.paid_total, Kopecks::new(150_050));
        // The seventh day's interest and not the tenth's: the bank's date counts.
        let direct = lending::state(
            &seen.terms,
            &[
                lending::Event::Payment {
                    on: stated,
                    amount: Kopecks::new(100_000),
                },
                lending::Event::Payment {
                    on: stated,
                    amount: Kopecks::new(50_050),
                },
            ],
            cab.today(),
        )
        .unwrap();
        assert_eq!(seen.state.payoff, direct.payoff);

        // The same file, and a longer one that overlaps it.
        let again = statement::import(cab, Source::Statement, &day_file)
            .await
            .unwrap();
        assert_eq!((again.posted, again.known), (0, 3));
        let more = document(4, &day, "10.00", &number);
        let longer = file(&[twin.clone(), twin, first, more]);
        let report = statement::import(cab, Source::Statement, &longer)
            .await
            .unwrap();
        assert_eq!(
            (report.posted, report.known),
            (2, 2),
            "a real twin is a payment of its own"
        );
        let whole = ledger::verify(cab).await.unwrap();
        assert_eq!((whole.first_bad, whole.debit), (None, whole.credit));
    });
}

/// The audit log has what a colleague did with the three lines, the newest first.
async fn logged(cab: &Cabinet, cashier: &Staff, number: &str) {
    let auditor = colleague(Role::Auditor);
    let log = audit::read(cab, &auditor, &audit::Filter::default(), 10)
        .await
        .unwrap();
    let who = Some(cashier.id);
    let moved: Vec<_> = log
        .iter()
        .filter(|line| line.staff == who)
        .map(|line| {
            let how = line.detail.split(':').next().unwrap_or_default();
            (line.action.as_str(), how)
        })
        .collect();
    let posted = format!("{number}, 100.00");
    assert_eq!(
        moved,
        [
            ("dismiss_money", "dismissed"),
            ("dismiss_money", "returned"),
            ("assign_money", posted.as_str())
        ]
    );
}

#[test]
fn what_nobody_can_match_waits_for_people() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let (other, other_id) = world.lent(OTHER_PHONE, 10_000, 30).await;
        let number = loan::view(cab, borrower, id, None).await.unwrap().number;
        let second = loan::view(cab, other, other_id, None).await.unwrap().number;
        let day = cab.today().format("%d.%m.%Y").to_string();
        let before = (cab.today() - chrono::Days::new(1))
            .format("%d.%m.%Y")
            .to_string();
        let later = (cab.today() + chrono::Days::new(1))
            .format("%d.%m.%Y")
            .to_string();
        let bytes = file(&[
            document(1, &day, "100.00", &format!("{number} и {second}")),
            document(2, &day, "100.00", "2026-999999"),
            document(3, &before, "100.00", &number),
            document(4, &later, "100.00", &number),
            document(5, &day, "9000.00", "Перечисление по реестру 77"),
            document(6, &day, "nonsense", &number),
        ]);
        let report = statement::import(cab, Source::Statement, &bytes)
            .await
            .unwrap();
        assert_eq!(
            (report.posted, report.unmatched.len(), report.aggregates),
            (0, 3, 1)
        );
        let lines: Vec<usize> = report.bad.iter().map(|bad| bad.line).collect();
        assert_eq!(lines.len(), 2, "{:?}", report.bad);

        let [cashier, support] = [Role::Payments, Role::Support].map(colleague);
        let hidden = statement::unmatched(cab, Some(&support)).await;
        assert!(matches!(hidden, Err(CabinetError::Forbidden("staff_role"))));
        let waiting = statement::unmatched(cab, Some(&cashier)).await.unwrap();
        assert_eq!(waiting.len(), 3);
        assert!(waiting.iter().all(|line| !line.late));
        let line = waiting
            .iter()
            .find(|line| line.entry.number == "1")
            .unwrap();
        let refused = |done: cabinet::Result<()>| match done {
            Err(CabinetError::Fields(fields)) => fields[0].code,
            other => panic!("{other:?}"),
        };
        let by = Some(&cashier);
        let nobody = statement::assign(cab, by, &line.id, "2026-999999").await;
        assert_eq!(refused(nobody), "money_no_loan");
        let early = waiting
            .iter()
            .find(|line| line.entry.number == "3")
            .unwrap();
        let early = statement::assign(cab, by, &early.id, &number).await;
        assert_eq!(refused(early), "money_before_loan");
        let not_theirs = statement::assign(cab, Some(&support), &line.id, &number).await;
        assert!(matches!(
            not_theirs,
            Err(CabinetError::Forbidden("staff_role"))
        ));
        statement::assign(cab, by, &line.id, &number).await.unwrap();
        let twice = statement::assign(cab, by, &line.id, &second).await;
        assert!(matches!(twice, Err(CabinetError::Conflict("line_decided"))));
        let paid = loan::view(cab, borrower, id, None)
            .await
            .unwrap()
            .state
            .paid_total;
        assert_eq!(paid, roubles(100));
        for (line, how) in statement::unmatched(cab, by)
            .await
            .unwrap()
            .iter()
            .zip([Leave::Return, Leave::NotOurs])
        {
            let hasty = statement::dismiss(cab, by, &line.id, how, "нет").await;
            assert_eq!(refused(hasty), "staff_reason");
            statement::dismiss(cab, by, &line.id, how, "такого займа у нас нет")
                .await
                .unwrap();
        }
        logged(cab, &cashier, &number).await;
        assert!(statement::unmatched(cab, None).await.unwrap().is_empty());
        let again = statement::import(cab, Source::Statement, &bytes)
            .await
            .unwrap();
        assert_eq!(
            (again.posted, again.known),
            (0, 4),
            "decided lines stay decided"
        );
    });
}

#[test]
fn a_register_closes_a_loan_and_more_is_a_surplus() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 10_000, 30).await;
        let view = loan::view(cab, borrower, id, None).await.unwrap();
        let owed = view.state.payoff + roubles(5);
        let day = cab.today().format("%d-%m-%Y").to_string();
        let text = format!(
            "{day};10-15-00;1;1;900;{};;;;{};1;1\n=1;{};1;1;1;{day}\n",
            view.number,
            owed.plain(),
            owed.plain()
        );
        let report = statement::import(cab, Source::Register, text.as_bytes())
            .await
            .unwrap();
        assert_eq!((report.posted, report.bad.len()), (1, 0), "{report:?}");
        let closed = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(closed.state.status, Status::Closed);
        assert_eq!(closed.overpaid, roubles(5));
        let again = statement::import(cab, Source::Register, text.as_bytes())
            .await
            .unwrap();
        assert_eq!((again.posted, again.known), (0, 1));
        let more = text.replace(";900;", ";901;");
        let report = statement::import(cab, Source::Register, more.as_bytes())
            .await
            .unwrap();
        assert_eq!(
            report.posted, 1,
            "money for a closed loan is kept for its owner"
        );
        let closed = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(closed.overpaid, owed + roubles(5));
        // No payment of the acquirer's stands behind it: nothing goes back by itself, the page says whom to ask.
        let back = refund::view(cab, borrower, id).await.unwrap();
        assert_eq!(
            (back.refundable, back.by_hand),
            (Kopecks::ZERO, owed + roubles(5))
        );
        let asked = refund::ask(cab, borrower, id, Uuid::new_v4()).await;
        assert!(matches!(
            asked,
            Err(CabinetError::Conflict("nothing_to_refund"))
        ));
    });
}

#[test]
fn a_surplus_of_both_ways_goes_back_as_far_as_the_card_paid() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 10_000, 30).await;
        world.days(3);
        let view = loan::view(cab, borrower, id, None).await.unwrap();
        let day = cab.today().format("%d.%m.%Y").to_string();
        // The transfer comes after the card has paid a part, and is for the whole.
        world
            .pay(borrower, id, PayAmount::Sum(roubles(1_000)))
            .await;
        let owed = view.state.payoff + roubles(200);
        let bytes = file(&[document(1, &day, &owed.plain(), &view.number)]);
        statement::import(cab, Source::Statement, &bytes)
            .await
            .unwrap();
        let back = refund::view(cab, borrower, id).await.unwrap();
        assert_eq!(
            (back.refundable, back.by_hand),
            (roubles(1_000), roubles(200))
        );
        refund::ask(cab, borrower, id, Uuid::new_v4())
            .await
            .unwrap();
        world.work().await;
        let back = refund::view(cab, borrower, id).await.unwrap();
        assert_eq!(back.list[0].status, RefundStatus::Done);
        assert_eq!(
            (back.refundable, back.by_hand),
            (Kopecks::ZERO, roubles(200))
        );
        let report = reconcile::day(cab, cab.today()).await.unwrap();
        assert!(report.agrees(), "{report:?}");
        world.check_books().await;
    });
}

#[test]
fn a_transfer_repays_through_the_balance_on_the_bank_s_date() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let world = world.by_balance();
        let cab = &world.cab;
        let number = loan::view(cab, borrower, id, None).await.unwrap().number;
        let stated = cab.today() + chrono::Days::new(4);
        world.days(6);
        let day = stated.format("%d.%m.%Y").to_string();
        let bytes = file(&[document(1, &day, "1500.00", &number)]);
        for posted in [1, 0] {
            let report = statement::import(cab, Source::Statement, &bytes)
                .await
                .unwrap();
            assert_eq!(report.posted, posted, "{report:?}");
        }
        let seen = loan::view(cab, borrower, id, None).await.unwrap();
        // Its sender named the loan, so it repays at once and stands on no balance.
        assert_eq!(seen.balance.unwrap().left, Kopecks::ZERO);
        let paid = lending::Event::Payment {
            on: stated,
            amount: roubles(1_500),
        };
        let direct = lending::state(&seen.terms, &[paid], cab.today()).unwrap();
        assert_eq!(seen.state.payoff, direct.payoff);
        let books = ledger::balances(cab).await.unwrap();
        assert_eq!(balance(&books, "bank"), roubles(1_500));
        assert_eq!(balance(&books, "borrower_balance"), Kopecks::ZERO);
        world.check_books().await;

        // Money on the balance first, then more than is owed by transfer: both count, the rest waits for its owner.
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(500)))
            .await;
        let day = cab.today().format("%d.%m.%Y").to_string();
        let owed = loan::view(cab, borrower, id, None)
            .await
            .unwrap()
            .state
            .payoff;
        let bytes = file(&[document(2, &day, &owed.plain(), &number)]);
        statement::import(cab, Source::Statement, &bytes)
            .await
            .unwrap();
        let closed = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(closed.state.status, Status::Closed);
        let back = refund::view(cab, borrower, id).await.unwrap();
        assert_eq!(back.refundable, roubles(500));
        let books = ledger::balances(cab).await.unwrap();
        assert_eq!(
            balance(&books, "borrower_balance"),
            Kopecks::ZERO - roubles(500)
        );
        let report = reconcile::day(cab, cab.today()).await.unwrap();
        assert!(report.agrees(), "{report:?}");
        world.check_books().await;
    });
}

#[test]
fn a_day_agrees_on_every_side_or_names_what_does_not() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let number = loan::view(cab, borrower, id, None).await.unwrap().number;
        let issued = cab.today();
        assert!(reconcile::day(cab, issued).await.unwrap().agrees());
        world.days(5);
        let today = cab.today();
        world.pay(borrower, id, PayAmount::Sum(roubles(700))).await;
        let day = today.format("%d.%m.%Y").to_string();
        let bytes = file(&[
            document(1, &day, "300.00", &number),
            document(2, &day, "9000.00", "Перечисление по реестру 77"),
        ]);
        statement::import(cab, Source::Statement, &bytes)
            .await
            .unwrap();
        let register =
            format!("Дата;Номер договора;Сумма;Номер операции\n{day};{number};50,00;1\n");
        statement::import(cab, Source::Register, register.as_bytes())
            .await
            .unwrap();
        let report = reconcile::day(cab, today).await.unwrap();
        assert!(report.agrees(), "{report:?}");
        let ours: Vec<Kopecks> = report.sides.iter().map(|side| side.ours).collect();
        assert_eq!(ours, [roubles(700), roubles(300), roubles(50)]);

        // A line that nobody matched, and a payment that the acquirer took and we have not heard of.
        let lost = file(&[document(3, &day, "77.00", "Возврат долга")]);
        statement::import(cab, Source::Statement, &lost)
            .await
            .unwrap();
        let started = world.start(borrower, id, PayAmount::Sum(roubles(11))).await;
        world.acquirer.pay(&format!("pay-{}", started.payment));
        let report = reconcile::day(cab, today).await.unwrap();
        assert_eq!(report.difference, roubles(88));
        let named: Kopecks = report.items.iter().filter_map(|item| item.theirs).sum();
        assert_eq!((report.items.len(), named), (2, roubles(88)));
        let documents = |item: &reconcile::Item| item.document.clone();
        let waiting: Vec<String> = report.items.iter().filter_map(documents).collect();
        assert_eq!(waiting, ["3"], "a line is named by its document");
        payment::poll(cab).await.unwrap();
        payment::drive(cab, started.payment).await.unwrap();
        let line = statement::unmatched(cab, None)
            .await
            .unwrap()
            .swap_remove(0);
        statement::assign(cab, None, &line.id, &number)
            .await
            .unwrap();
        assert!(reconcile::day(cab, today).await.unwrap().agrees());
    });
}
