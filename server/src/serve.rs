//! Runs the server: connects, migrates, listens, and ends without dropping work in hand.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::request::AppContext;
use app::shell::SiteFiles;
use app::ui::layout::LenderLines;
use axum::Router;
use axum::extract::ConnectInfo;
use cabinet::Cabinet;
use cabinet::db::Db;
use cabinet::keys::Keys;
use cabinet::lender::{Brand, Lender};
use cabinet::ports::RelyingParty;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use leptos::config::LeptosOptions;
use sea_orm_migration::MigratorTrait;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::chat::Stopping;
use crate::config::ServeConfig;
use crate::pwa::Application;
use crate::router::{self, Parts};
use crate::security::Policy;
use crate::webhooks::Sources;
use crate::{gateways, jobs, telemetry};

/// Why the server did not start. Texts say what to do.
#[derive(Debug)]
pub struct StartError(String);

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn failed(what: &str) -> impl Fn(&dyn std::fmt::Display) -> StartError + '_ {
    move |error| StartError(format!("{what}: {error}"))
}

/// Serves until SIGTERM or Ctrl-C.
pub async fn run(config: ServeConfig) -> Result<(), StartError> {
    telemetry::init();
    let (cabinet, sandbox_clock) = cabinet(&config).await?;
    // Loans that live are served whatever the law says of new ones.
    if let Err(wrong) = cabinet.lender().validate(cabinet.today()) {
        tracing::warn!(%wrong, "the law of today does not allow these terms: nothing is lent on them");
    }
    let (stop, stopped) = watch::channel(false);
    let parts = parts(&config, cabinet.clone(), sandbox_clock, stopped.clone())?;
    let router = router::build(&Arc::new(parts));
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        failed("can't listen (is another kopeck running? use --listen)")(&error)
    })?;
    let workers = jobs::start(cabinet, stopped.clone());
    if let Some(address) = config.metrics_listen {
        telemetry::serve_metrics(address);
    }
    tracing::info!(address = %config.listen, url = config.own_url(), "listening");
    accept(listener, router, stop).await;
    for worker in workers {
        // A posting in hand is finished; a stuck neighbour is not waited for longer than this.
        let _ = tokio::time::timeout(Duration::from_secs(15), worker).await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Opens everything the cabinet stands on.
async fn cabinet(
    config: &ServeConfig,
) -> Result<
    (
        Cabinet,
        Option<std::sync::Arc<gateways::clock::SandboxClock>>,
    ),
    StartError,
> {
    let lender =
        Lender::load(&config.lender).map_err(|error| failed("the lender's file")(&error))?;
    let keys = std::fs::read_to_string(&config.keys)
        .map_err(|error| failed("the keys (make them with `kopeck keys > keys.toml`)")(&error))?;
    let keys = Keys::from_toml(&keys).map_err(|error| failed("the keys")(&error))?;
    let db = Db::connect(&config.database, config.connections)
        .await
        .map_err(|error| failed("the database")(&error))?;
    migrations::Migrator::up(db.pool(), None)
        .await
        .map_err(|error| failed("the migrations")(&error))?;
    gateways::has_captcha(&config.gateways, &lender)
        .map_err(|error| failed("the gateways")(&error))?;
    let (mut ports, clock) = gateways::ports(
        &config.gateways,
        &config.own_url(),
        &lender.payment.acquirer,
    )
    .map_err(|error| failed("the gateways")(&error))?;
    ports.push = gateways::push(&config.gateways, keys.push(), &lender.email)
        .map_err(|error| failed("the gateways")(&error))?;
    ports.identity = gateways::identity::providers(&config.gateways, &config.own_url(), &lender)
        .map_err(|error| failed("the gateways")(&error))?;
    ports.passkeys = RelyingParty::new(&config.own_url(), &lender.name);
    Ok((Cabinet::new(db, lender, ports, keys), clock))
}

fn parts(
    config: &ServeConfig,
    cabinet: Cabinet,
    sandbox_clock: Option<std::sync::Arc<gateways::clock::SandboxClock>>,
    stopped: watch::Receiver<bool>,
) -> Result<Parts, StartError> {
    let hash_file = config.hash_file.clone().or_else(default_hash_file);
    let hash_file = hash_file.filter(|path| path.exists());
    let site_files = site_files(hash_file.as_deref())?;
    let options = LeptosOptions::builder()
        .output_name("kopeck")
        .site_root(config.site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .build();
    let application = Application::new(&cabinet, &site_files, &config.site_root);
    let own_url = config.own_url();
    let brands = if config.development {
        brands_beside(&config.lender)
    } else {
        BTreeMap::new()
    };
    let context = AppContext {
        cabinet: cabinet.clone(),
        public_url: own_url.as_str().into(),
        sandbox_url: config.gateways.sandbox_url.as_deref().map(Into::into),
        development: config.development,
        lenders: brands.keys().cloned().collect(),
        session_seconds: config.session_hours * 3600,
        confirm_seconds: config.confirm_seconds,
        real_seconds: || chrono::Utc::now().timestamp(),
        lines: LenderLines::default(),
    };
    let mut origins = cabinet.ports().acquirer.origins();
    origins.extend(cabinet.ports().identity.origins());
    let policy = Policy::new(
        &origins,
        cabinet.ports().captcha.origin(),
        own_url.starts_with("https://"),
    );
    let webhook_sources = Sources::new(&config.gateways, config.trust_proxy)
        .map_err(|error| failed("the webhooks")(&error))?;
    Ok(Parts {
        cabinet,
        options,
        site_files,
        application: Arc::new(application),
        context,
        brands: Arc::new(brands),
        policy,
        session_idle: Duration::from_secs(config.session_idle_seconds),
        sandbox_clock,
        trust_proxy: config.trust_proxy,
        works: crate::works::Board::default(),
        stopping: Stopping(stopped),
        webhook_sources,
    })
}

/// The brands of the lenders whose files stand beside this one's.
fn brands_beside(lender: &Path) -> BTreeMap<String, Brand> {
    let folder = lender.parent().unwrap_or(Path::new("."));
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "toml"))
        .filter_map(|path| match Lender::load(&path) {
            Ok(lender) => Some((lender.code, lender.brand)),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "this lender is left out of /ui");
                None
            }
        })
        .collect()
}

fn default_hash_file() -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.join("hash.txt"))
}

/// Names of the built files: with their hashes after a release build, plain while `make watch` runs.
fn site_files(hash_file: Option<&Path>) -> Result<SiteFiles, StartError> {
    let hashes = match hash_file {
        Some(path) => {
            std::fs::read_to_string(path).map_err(|error| failed("the list of hashes")(&error))?
        }
        None => String::new(),
    };
    let hash = |kind: &str| {
        hashes
            .lines()
            .find_map(|line| line.strip_prefix(kind)?.strip_prefix(':'))
    };
    let name = |kind: &str| {
        hash(kind).map_or_else(
            || format!("/pkg/kopeck.{kind}"),
            |hash| format!("/pkg/kopeck.{}.{kind}", hash.trim()),
        )
    };
    let kinds = ["css", "js", "wasm"];
    let built = kinds.iter().all(|kind| hash(kind).is_some());
    let [css, js, wasm] = kinds.map(name);
    Ok(SiteFiles::new(css, js, wasm, built))
}

/// Our own accept loop: `axum::serve` has no time-out for headers, so slow clients would hold it for ever.
async fn accept(listener: TcpListener, router: Router, stop: watch::Sender<bool>) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(10));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30));
    let graceful = GracefulShutdown::new();
    let mut ended = std::pin::pin!(signal());
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => connection(&builder, &graceful, &router, stream, peer),
                Err(error) => {
                    tracing::warn!(%error, "accept");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            () = &mut ended => break,
        }
    }
    drop(listener);
    let _ = stop.send(true);
    let _ = tokio::time::timeout(Duration::from_secs(20), graceful.shutdown()).await;
}

fn connection(
    builder: &auto::Builder<TokioExecutor>,
    graceful: &GracefulShutdown,
    router: &Router,
    stream: TcpStream,
    peer: SocketAddr,
) {
    let _ = stream.set_nodelay(true);
    let router = router.clone();
    let service = tower::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = builder
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection");
        }
    });
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
