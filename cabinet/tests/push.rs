//! Notices to devices: who gets them, who doesn't any more. On SQLite and, when `KOPECK_TEST_POSTGRES`
//! names a server, on Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use cabinet::notice::push::{self, Subscription};
use cabinet::{CabinetError, notice};
use support::journey::{OTHER_PHONE, PHONE};
use support::{World, on_both};

fn device(name: &str) -> Subscription {
    let mut point = [7; 65];
    point[0] = 4;
    Subscription {
        endpoint: format!("https://push.example/{name}"),
        p256dh: BASE64.encode(point),
        auth: BASE64.encode([9; 16]),
    }
}

/// What came to a device since this was asked last.
fn told(world: &World, name: &str) -> Vec<String> {
    let mut all = world.devices.told.lock().unwrap();
    let address = device(name).endpoint;
    let (mine, rest) = std::mem::take(&mut *all)
        .into_iter()
        .partition::<Vec<_>, _>(|(to, _)| *to == address);
    *all = rest;
    mine.into_iter().map(|(_, text)| text).collect()
}

async fn reminded(world: &World) {
    notice::daily(&world.cab).await.unwrap();
    world.work().await;
}

#[test]
fn every_device_is_told_once_and_none_after_it_said_no() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 10_000, 15).await;
        for name in ["phone", "tablet"] {
            push::subscribe(&world.cab, borrower, device(name))
                .await
                .unwrap();
        }
        // A page that is opened again says the same again.
        push::subscribe(&world.cab, borrower, device("phone"))
            .await
            .unwrap();
        world.days(12);
        reminded(&world).await;
        reminded(&world).await;
        let texts = world.inbox.texts(PHONE);
        for name in ["phone", "tablet"] {
            let told = told(&world, name);
            assert_eq!(told.len(), 1, "{name}: {told:?}");
            let message: serde_json::Value = serde_json::from_str(&told[0]).unwrap();
            assert_eq!(message["url"], "/go/debt");
            assert_eq!(message["body"].as_str(), texts.last().map(String::as_str));
        }
        // Somebody else can't switch a device off, its owner can.
        let (other, _) = world.lent(OTHER_PHONE, 10_000, 15).await;
        let address = device("tablet").endpoint;
        push::unsubscribe(&world.cab, other, &address)
            .await
            .unwrap();
        push::unsubscribe(&world.cab, borrower, &device("phone").endpoint)
            .await
            .unwrap();
        world.days(2);
        reminded(&world).await;
        assert_eq!(told(&world, "phone"), Vec::<String>::new());
        assert_eq!(told(&world, "tablet").len(), 1);
    });
}

#[test]
fn a_device_belongs_to_the_last_who_asked() {
    on_both(|world| async move {
        let (first, _) = world.lent(PHONE, 10_000, 15).await;
        push::subscribe(&world.cab, first, device("shared"))
            .await
            .unwrap();
        let second = world
            .borrower(OTHER_PHONE, lending::Kopecks::from_roubles(5_000))
            .await;
        push::subscribe(&world.cab, second, device("shared"))
            .await
            .unwrap();
        world.days(12);
        reminded(&world).await;
        assert_eq!(told(&world, "shared"), Vec::<String>::new());
    });
}

#[test]
fn a_device_that_is_gone_is_forgotten() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 10_000, 15).await;
        push::subscribe(&world.cab, borrower, device("lost"))
            .await
            .unwrap();
        let address = device("lost").endpoint;
        world.devices.gone.lock().unwrap().push(address);
        world.days(12);
        reminded(&world).await;
        world.devices.gone.lock().unwrap().clear();
        world.days(2);
        reminded(&world).await;
        assert_eq!(told(&world, "lost"), Vec::<String>::new());
    });
}

#[test]
fn only_the_newest_ten_devices_stay() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 10_000, 15).await;
        for number in 0..12 {
            world.clock.pass(chrono::Duration::seconds(1));
            push::subscribe(&world.cab, borrower, device(&number.to_string()))
                .await
                .unwrap();
        }
        world.days(12);
        reminded(&world).await;
        let reached: Vec<usize> = (0..12)
            .map(|number| told(&world, &number.to_string()).len())
            .collect();
        assert_eq!(reached, [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    });
}

#[test]
fn addresses_of_strangers_and_broken_keys_are_refused() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 10_000, 15).await;
        let good = device("phone");
        let wrong = [
            Subscription {
                endpoint: "https://169.254.169.254/latest".into(),
                ..good.clone()
            },
            Subscription {
                endpoint: format!("https://push.example/{}", "a".repeat(1000)),
                ..good.clone()
            },
            Subscription {
                p256dh: BASE64.encode([4; 64]),
                ..good.clone()
            },
            Subscription {
                auth: "не base64".into(),
                ..good
            },
        ];
        for subscription in wrong {
            let refused = push::subscribe(&world.cab, borrower, subscription).await;
            assert!(
                matches!(refused, Err(CabinetError::Fields(_))),
                "{refused:?}"
            );
        }
    });
}
