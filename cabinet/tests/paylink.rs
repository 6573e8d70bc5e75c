//! Somebody else's payment by a link, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod support;

use cabinet::payment::{self, PayAmount, PayStatus};
use cabinet::ports::PayMethod;
use cabinet::{CabinetError, loan, paylink};
use lending::Status;
use uuid::Uuid;

use support::journey::{OTHER_PHONE, PHONE, roubles};
use support::on_both;

#[test]
fn somebody_pays_by_a_link_and_learns_nothing_more() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let number = loan::view(cab, borrower, id, None).await.unwrap().number;
        let part = paylink::create(cab, borrower, id, Some(roubles(700)))
            .await
            .unwrap();
        let all = paylink::create(cab, borrower, id, None).await.unwrap();
        let listed = paylink::list(cab, borrower, id).await.unwrap();
        assert_eq!(listed, [part.clone(), all.clone()]);

        // Field by field: the number, the sum, and not one field more.
        let shown = paylink::open(cab, &part.token).await.unwrap();
        let fields = serde_json::to_value(&shown).unwrap();
        let mut names: Vec<String> = fields.as_object().unwrap().keys().cloned().collect();
        names.sort();
        assert_eq!(names, ["amount", "number"]);
        assert_eq!(
            (shown.number.as_str(), shown.amount),
            (number.as_str(), roubles(700))
        );

        let key = Uuid::now_v7();
        let start = |shown| paylink::start(cab, &part.token, key, PayMethod::Card, shown);
        let other = start(roubles(1)).await;
        assert!(matches!(other, Err(CabinetError::Conflict("sum_changed"))));
        let started = start(roubles(700)).await.unwrap();
        assert_eq!(start(roubles(700)).await.unwrap(), started);
        assert!(started.next.starts_with("https://pay.example/"));
        // Whoever opens the link again comes to the same payment; another link waits its turn.
        let again = paylink::start(
            cab,
            &part.token,
            Uuid::now_v7(),
            PayMethod::Card,
            roubles(700),
        );
        assert_eq!(again.await.unwrap().payment, started.payment);
        let rest = paylink::open(cab, &all.token).await.unwrap().amount;
        let busy = paylink::start(cab, &all.token, Uuid::now_v7(), PayMethod::Card, rest).await;
        assert!(matches!(busy, Err(CabinetError::Conflict("payment_open"))));

        world.acquirer.pay(&format!("pay-{}", started.payment));
        let view = paylink::payer(cab, started.payment).await.unwrap();
        assert_eq!(
            (view.status, view.amount),
            (PayStatus::Succeeded, roubles(700))
        );
        let fields = serde_json::to_value(&view).unwrap();
        let mut names: Vec<String> = fields.as_object().unwrap().keys().cloned().collect();
        names.sort();
        let known = [
            "amount",
            "continue_url",
            "created_at",
            "method",
            "number",
            "status",
        ];
        assert_eq!(names, known);
        // What a link pays for is the loan's, and the borrower sees it.
        let seen = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(seen.state.paid_total, roubles(700));

        let started = paylink::start(
            cab,
            &all.token,
            Uuid::now_v7(),
            PayMethod::Card,
            seen.state.payoff,
        )
        .await
        .unwrap();
        world.acquirer.pay(&format!("pay-{}", started.payment));
        paylink::payer(cab, started.payment).await.unwrap();
        let closed = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(closed.state.status, Status::Closed);
        assert!(
            paylink::open(cab, &all.token)
                .await
                .unwrap()
                .amount
                .is_zero()
        );
    });
}

#[test]
fn a_link_taken_back_expired_or_foreign_opens_nothing() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let (thief, _) = world.lent(OTHER_PHONE, 10_000, 30).await;
        let link = paylink::create(cab, borrower, id, None).await.unwrap();
        let name: Uuid = link.id.parse().unwrap();
        let missing = |result: Result<(), CabinetError>| {
            assert!(matches!(result, Err(CabinetError::NotFound)), "{result:?}");
        };
        missing(paylink::create(cab, thief, id, None).await.map(drop));
        missing(paylink::list(cab, thief, id).await.map(drop));
        missing(paylink::revoke(cab, thief, name).await);
        missing(paylink::open(cab, "1234").await.map(drop));
        assert!(paylink::open(cab, &link.token).await.is_ok());
        paylink::revoke(cab, borrower, name).await.unwrap();
        missing(paylink::open(cab, &link.token).await.map(drop));
        assert!(paylink::list(cab, borrower, id).await.unwrap().is_empty());
        // A borrower's own payment is not shown to whoever guesses its name.
        let own = world
            .start(borrower, id, PayAmount::Sum(roubles(5)))
            .await
            .payment;
        missing(paylink::payer(cab, own).await.map(drop));
        assert!(payment::view(cab, borrower, own).await.is_ok());
        let high = paylink::create(cab, borrower, id, Some(roubles(90_000))).await;
        assert!(matches!(high, Err(CabinetError::Fields(_))));
        for _ in 0..5 {
            paylink::create(cab, borrower, id, None).await.unwrap();
        }
        let sixth = paylink::create(cab, borrower, id, None).await;
        assert!(matches!(
            sixth,
            Err(CabinetError::Conflict("too_many_links"))
        ));
        let old = paylink::list(cab, borrower, id)
            .await
            .unwrap()
            .swap_remove(0);
        world.days(31);
        missing(paylink::open(cab, &old.token).await.map(drop));
    });
}
