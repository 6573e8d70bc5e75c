//! What `kopeck serve` is told, by flags or by the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::gateways::GatewayConfig;

/// How to serve one lender's cabinet.
#[derive(Debug, Clone, Args)]
pub struct ServeConfig {
    /// The lender's file.
    #[arg(long, env = "KOPECK_LENDER", default_value = "lenders/demo.toml")]
    pub lender: PathBuf,
    /// `sqlite://file?mode=rwc` or `postgres://…`.
    #[arg(
        long,
        env = "KOPECK_DATABASE",
        default_value = "sqlite://kopeck.sqlite?mode=rwc"
    )]
    pub database: String,
    /// The file of encryption keys (`kopeck keys > keys.toml`).
    #[arg(long, env = "KOPECK_KEYS", default_value = "keys.toml")]
    pub keys: PathBuf,
    /// Where to listen.
    #[arg(long, env = "KOPECK_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// How the cabinet is reached from outside; by default `http://localhost:<port>`.
    #[arg(long, env = "KOPECK_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The folder of the built site (CSS, JS, WASM, fonts).
    #[arg(long, env = "KOPECK_SITE_ROOT", default_value = "target/site")]
    pub site_root: PathBuf,
    /// The list of hashes in the names of the built files; by default `hash.txt` beside the program.
    #[arg(long, env = "KOPECK_HASH_FILE")]
    pub hash_file: Option<PathBuf>,
    /// Also serve Prometheus metrics here, apart from the public address.
    #[arg(long, env = "KOPECK_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// Connections to the database for reading.
    #[arg(long, env = "KOPECK_CONNECTIONS", default_value_t = 8)]
    pub connections: u32,
    /// Believe the proxy's X-Forwarded-For (its last address). Only behind a proxy that sets it.
    #[arg(long, env = "KOPECK_TRUST_PROXY")]
    pub trust_proxy: bool,
    /// A session without use ends after so many seconds.
    #[arg(long, env = "KOPECK_SESSION_IDLE_SECONDS", default_value_t = 1800)]
    pub session_idle_seconds: u64,
    /// A session ends after so many hours, however busy it is.
    #[arg(long, env = "KOPECK_SESSION_HOURS", default_value_t = 12)]
    pub session_hours: i64,
    /// Somebody who has shown so many seconds ago that it is them shows it again before cards or contacts change.
    #[arg(long, env = "KOPECK_CONFIRM_SECONDS", default_value_t = 1800)]
    pub confirm_seconds: i64,
    /// Show the page of components (`/ui`) and other lenders' brands. Never for borrowers.
    #[arg(long, env = "KOPECK_DEVELOPMENT", default_value_t = cfg!(debug_assertions), action = clap::ArgAction::Set)]
    pub development: bool,
    /// The outside world.
    #[command(flatten)]
    pub gateways: GatewayConfig,
}

impl ServeConfig {
    /// Our own address, without a trailing slash.
    pub fn own_url(&self) -> String {
        self.public_url.as_ref().map_or_else(
            || format!("http://localhost:{}", self.listen.port()),
            |url| url.trim_end_matches('/').to_owned(),
        )
    }
}
