//! Two pages of the cabinet as plainly as Rust can serve them: askama templates, SQLite by rusqlite, nothing else.
//!
//! `peer-askama PORT DATABASE`

mod calculator;
mod loan;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().and_then(|port| port.parse().ok()).expect("PORT DATABASE");
    let database: Arc<str> = arguments.next().expect("PORT DATABASE").into();
    let pages = Router::new()
        .route("/", get(calculator::landing))
        .route("/loans/{loan}", get(loan::page))
        .with_state(database)
        .layer(CompressionLayer::new());
    let site = ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/taken/site")).precompressed_br();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free");
    axum::serve(listener, pages.fallback_service(site)).await.expect("serving");
}
