//! What happens without a browser: notifications of the acquirer, and the jobs' orderly end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use cabinet::Cabinet;
use cabinet::db::Db;
use cabinet::keys::Keys;
use cabinet::lender::Lender;
use sea_orm_migration::MigratorTrait;
use server::gateways::{GatewayConfig, offline, ports};
use server::webhooks::{self, Sources};
use tokio::sync::watch;
use tower::ServiceExt;
use uuid::Uuid;

/// A cabinet on a database of its own, removed in the end.
struct House {
    cabinet: Cabinet,
    folder: PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn house() -> House {
    let folder = std::env::temp_dir().join(format!("kopeck-{}", Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.join("test.sqlite").display());
    let db = Db::connect(&url, 2).await.unwrap();
    migrations::Migrator::up(db.pool(), None).await.unwrap();
    let lender = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lenders/demo.toml");
    let lender = Lender::load(&lender).unwrap();
    let keys = Keys::from_toml(&Keys::generate_toml()).unwrap();
    let (mut offline, _) = offline(&GatewayConfig::default()).unwrap();
    // Notifications are read by the acquirer's adapter; nobody answers at this address.
    let nowhere = GatewayConfig {
        sandbox_url: Some("http://127.0.0.1:9".into()),
        ..GatewayConfig::default()
    };
    offline.acquirer = ports(&nowhere, "http://localhost", "yookassa")
        .unwrap()
        .0
        .acquirer;
    House {
        cabinet: Cabinet::new(db, lender, offline, keys),
        folder,
    }
}

const NOTIFICATION: &str = r#"{"type":"notification","event":"payment.succeeded",
    "object":{"id":"22e12f66-000f-5000-8000-18db351245c7","status":"succeeded"}}"#;

async fn notify(cabinet: &Cabinet, sources: Sources, body: impl Into<Body>) -> StatusCode {
    let request = Request::post("/webhooks/yookassa")
        .body(body.into())
        .unwrap();
    let router = webhooks::router(cabinet.clone(), sources);
    router.oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn a_notification_is_stored_once_and_always_thanked_for() {
    let house = house().await;
    let any = Sources::default();
    for _ in 0..3 {
        let status = notify(&house.cabinet, any.clone(), NOTIFICATION).await;
        assert_eq!(status, StatusCode::OK);
    }
    let stored = cabinet::inbox::store(
        &house.cabinet,
        "yookassa",
        "payment.succeeded",
        "22e12f66-000f-5000-8000-18db351245c7",
        "succeeded",
        "",
    );
    assert_eq!(stored.await.unwrap(), cabinet::inbox::Stored::Seen);
}

#[tokio::test]
async fn nonsense_strangers_and_floods_are_turned_away() {
    let house = house().await;
    let any = Sources::default();
    let cut = NOTIFICATION.get(..40).unwrap();
    assert_eq!(
        notify(&house.cabinet, any.clone(), cut).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        notify(&house.cabinet, any.clone(), "").await,
        StatusCode::BAD_REQUEST
    );
    let flood = format!("{NOTIFICATION}{}", " ".repeat(100_000));
    assert_eq!(
        notify(&house.cabinet, any, flood).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let config = GatewayConfig {
        webhook_sources: vec!["yookassa".into()],
        ..GatewayConfig::default()
    };
    let published = Sources::new(&config, false).unwrap();
    assert_eq!(
        notify(&house.cabinet, published, NOTIFICATION).await,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn jobs_end_when_asked() {
    let house = house().await;
    let (stop, stopped) = watch::channel(false);
    let jobs = server::jobs::start(house.cabinet.clone(), stopped);
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.send(true).unwrap();
    for job in jobs {
        tokio::time::timeout(Duration::from_secs(10), job)
            .await
            .expect("ended")
            .expect("joined");
    }
}
