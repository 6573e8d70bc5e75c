//! `kopeck-sandbox`: everything outside the lender's own system, in one process.

use std::net::SocketAddr;

use clap::Parser;
use sandbox::{Config, Sandbox};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Payment provider, SMS gateway, mail receiver, credit bureau and a clock to try a lender against.
#[derive(Parser)]
#[command(name = "kopeck-sandbox", version)]
struct Args {
    /// Address of the HTTP side.
    #[arg(long, env = "SANDBOX_LISTEN", default_value = "127.0.0.1:4010")]
    listen: SocketAddr,
    /// Address of the mail receiver.
    #[arg(long, env = "SANDBOX_SMTP", default_value = "127.0.0.1:2525")]
    smtp: SocketAddr,
    /// How browsers reach the HTTP side; `http://` and the listening address when left out.
    #[arg(long, env = "SANDBOX_PUBLIC_URL")]
    public_url: Option<String>,
    /// Where payment notifications go; empty sends none.
    #[arg(
        long,
        env = "SANDBOX_WEBHOOK_URL",
        default_value = "http://127.0.0.1:3000/webhooks/yookassa"
    )]
    webhook_url: String,
    /// First pause before a notification is sent again, in milliseconds; it doubles up to a minute.
    #[arg(long, env = "SANDBOX_WEBHOOK_RETRY_MS", default_value_t = 1000)]
    webhook_retry_ms: u64,
    /// How long a payout stays pending, in milliseconds of real time.
    #[arg(long, env = "SANDBOX_PAYOUT_DELAY_MS", default_value_t = 1500)]
    payout_delay_ms: u64,
    #[arg(long, env = "SANDBOX_SHOP_ID", default_value = "sandbox-shop")]
    shop_id: String,
    #[arg(long, env = "SANDBOX_SHOP_SECRET", default_value = "test_secret")]
    shop_secret: String,
    #[arg(long, env = "SANDBOX_GATEWAY_ID", default_value = "sandbox-gateway")]
    gateway_id: String,
    #[arg(
        long,
        env = "SANDBOX_GATEWAY_SECRET",
        default_value = "test_payout_secret"
    )]
    gateway_secret: String,
    /// The shop's name on the payment page.
    #[arg(
        long,
        env = "SANDBOX_SHOP_NAME",
        default_value = "Копейка, учебный магазин"
    )]
    shop_name: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .init();
    let args = Args::parse();

    let http = TcpListener::bind(args.listen).await?;
    let smtp = TcpListener::bind(args.smtp).await?;
    let public_url = args
        .public_url
        .map_or_else(|| http.local_addr().map(|at| format!("http://{at}")), Ok)?;
    let config = Config {
        public_url: public_url.trim_end_matches('/').to_owned(),
        webhook_url: args.webhook_url,
        webhook_retry_ms: args.webhook_retry_ms,
        payout_delay_ms: args.payout_delay_ms,
        shop_id: args.shop_id,
        shop_secret: args.shop_secret,
        gateway_id: args.gateway_id,
        gateway_secret: args.gateway_secret,
        shop_name: args.shop_name,
        ..Config::default()
    };
    tracing::info!(http = %http.local_addr()?, smtp = %smtp.local_addr()?, "sandbox is up");

    let app = Sandbox::new(config)?;
    tokio::select! {
        served = sandbox::serve(app, http, smtp) => served?,
        () = stop_signal() => tracing::info!("stopping"),
    }
    Ok(())
}

/// Resolves on Ctrl-C or a termination request. Held connections are cut: all state is in memory.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
}
