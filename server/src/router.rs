//! Every route of the server and the layers around them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::request::address::Named;
use app::request::{AppContext, ClientAddress, with_request};
use app::routes::{PLACES, WORKS, nowhere};
use app::shell::{SiteFiles, shell};
use app::ui::MANNERS;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{ConnectInfo, RawPathParams, Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_request};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use cabinet::Cabinet;
use cabinet::lender::Brand;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use leptos_axum::LeptosRoutes;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::brand;
use crate::chat::{self, Stopping};
use crate::gateways::clock::SandboxClock;
use crate::packed;
use crate::papers;
use crate::pwa::Application;
use crate::security::{self, FORM_LIMIT, Policy};
use crate::session::{self, CabinetSessions};
use crate::webhooks;
use crate::works::{self, Board};
use crate::{agents, draws, staff, suggest, unread, uploads};

/// What the router is made of.
pub struct Parts {
    /// The use cases.
    pub cabinet: Cabinet,
    /// Where the built site is.
    pub options: LeptosOptions,
    /// The addresses of the built files.
    pub site_files: SiteFiles,
    /// The worker, the manifest and what belongs to them.
    pub application: Arc<Application>,
    /// For pages and functions.
    pub context: AppContext,
    /// Other lenders' brands by code, in development.
    pub brands: Arc<BTreeMap<String, Brand>>,
    /// The security headers.
    pub policy: Policy,
    /// Idle time of a session.
    pub session_idle: Duration,
    /// Set when the sandbox moves the clock: asked before each request, so a moved clock acts at once.
    pub sandbox_clock: Option<Arc<SandboxClock>>,
    /// Believe X-Forwarded-For.
    pub trust_proxy: bool,
    /// What is announced of technical works.
    pub works: Board,
    /// Ends live connections when the program is asked to stop.
    pub stopping: Stopping,
    /// Where the acquirer's notifications may come from.
    pub webhook_sources: webhooks::Sources,
}

/// The whole server. What follows one another without other routes between is one layer: the router puts each of its own into a box,
/// and each box is copied with all inside for every request.
pub fn build(parts: &Arc<Parts>) -> Router {
    let pages = pages(parts);
    let sessions = SessionManagerLayer::new(CabinetSessions::new(parts.cabinet.clone()))
        .with_name("__Host-session")
        .with_http_only(true)
        .with_secure(true)
        // Strict would lose the session on the way back from the bank's page.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(seconds(parts.session_idle)));
    let dynamic = pages
        .merge(api())
        .layer(RequestBodyLimitLayer::new(FORM_LIMIT))
        .layer(from_fn(security::api_answers))
        // Pictures have a limit of their own.
        .merge(uploads::router(parts.context.clone()))
        .merge(suggest::router(parts.context.clone()))
        .merge(papers::router(parts.context.clone()))
        .merge(agents::router(parts.context.clone()))
        .merge(draws::router(parts.context.clone()))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(parts.session_idle, session::in_use))
                .layer(from_fn_with_state(
                    parts.context.clone(),
                    session::looked_up,
                ))
                .layer(from_fn_with_state(Arc::clone(parts), works::announced)),
        )
        // A connection that goes on by itself is no use of the session: it still ends by idling.
        .merge(chat::router(parts.context.clone(), parts.stopping.clone()))
        .layer(sessions)
        .merge(staff::router(&parts.context, &parts.site_files))
        .merge(chat::staff_router(parts.context.clone(), parts.stopping.clone()))
        .layer(
            ServiceBuilder::new()
                // For whatever is no page, and for who takes gzip alone.
                .layer(CompressionLayer::new())
                .layer(from_fn(packed::page))
                .layer(CsrfLayer::new())
                .layer(from_fn_with_state(Arc::clone(parts), prepare)),
        );
    dynamic
        .merge(files(parts))
        .merge(parts.application.router())
        .route("/brand.css", get(brand::stylesheet))
        .route("/manners.js", get(async || script(MANNERS)))
        .route("/islands.js", get(islands))
        .route("/health/live", get(|| async { "ok" }))
        .route("/health/ready", get(ready))
        .with_state(Arc::clone(parts))
        .merge(webhooks::router(
            parts.cabinet.clone(),
            parts.webhook_sources.clone(),
        ))
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(TraceLayer::new_for_http().make_span_with(span))
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(map_request(unread::taken))
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Duration::from_secs(30),
                ))
                .layer(CatchPanicLayer::custom(security::panicked))
                .layer(from_fn_with_state(parts.policy.clone(), security::headers)),
        )
}

fn seconds(duration: Duration) -> time::Duration {
    time::Duration::seconds(i64::try_from(duration.as_secs()).unwrap_or(1800))
}

/// Paths only: a query may carry a date or a sum, never a name, but logs need neither.
fn span(request: &Request<Body>) -> tracing::Span {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("http", method = %request.method(), path = request.uri().path(), id)
}

fn contexts(parts: &Parts) -> impl Fn() + Clone + Send + Sync + 'static {
    let context = parts.context.clone();
    let site_files = Arc::new(parts.site_files.clone());
    let build = Arc::new(parts.application.build.clone());
    move || {
        provide_context(context.clone());
        provide_context(Arc::clone(&build));
        provide_context(Arc::clone(&site_files));
        // The header and the page carry the same nonce.
        let nonce = with_request(|parts| parts.extensions.get::<Nonce>().cloned());
        if let Some(nonce) = nonce.flatten() {
            provide_context(nonce);
        }
    }
}

fn pages(parts: &Parts) -> Router<Arc<Parts>> {
    let options = parts.options.clone();
    // The server functions.
    let mut built: Router<LeptosOptions> =
        Router::new().leptos_routes_with_context(&options, Vec::new(), contexts(parts), || ());
    for place in PLACES {
        let render = leptos_axum::render_app_async_with_context(contexts(parts), shell(place.view));
        let page = move |named: Result<RawPathParams, RawPathParamsRejection>,
                         mut request: Request| {
            // An address that can't be decoded names nothing, and nothing is what its page will find.
            if let Ok(named) = named {
                request
                    .extensions_mut()
                    .insert(named.iter().collect::<Named>());
            }
            render(request)
        };
        built = built.route(place.path, get(page));
    }
    built.fallback(not_found(parts)).with_state(options)
}

/// The page of technical works in place of another answer.
pub async fn works(parts: &Parts, request: Request) -> Response {
    leptos_axum::render_app_async_with_context(contexts(parts), shell(WORKS.view))(request).await
}

/// Any other address.
fn not_found(
    parts: &Parts,
) -> impl Fn(Request) -> std::pin::Pin<Box<dyn Future<Output = Response> + Send>>
+ Clone
+ Send
+ Sync
+ 'static {
    leptos_axum::render_app_async_with_context(contexts(parts), shell(nowhere))
}

/// `pages` has a route for each function already; any other address of the API is not there.
fn api() -> Router<Arc<Parts>> {
    Router::new().route("/api/{*function}", any(|| async { StatusCode::NOT_FOUND }))
}

fn files(parts: &Parts) -> Router<Arc<Parts>> {
    let root = Path::new(&*parts.options.site_root);
    let dir = |name: &str| {
        ServeDir::new(root.join(name))
            .precompressed_br()
            .precompressed_gzip()
    };
    let cached = |value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static(value),
        )
    };
    // The names of built files carry their hash.
    let built = Router::new()
        .nest_service("/pkg", dir("pkg"))
        .layer(cached("public, max-age=31536000, immutable"));
    let named = Router::new()
        .nest_service("/fonts", dir("fonts"))
        .route_service("/robots.txt", ServeFile::new(root.join("robots.txt")))
        .layer(cached("public, max-age=86400"));
    // Asked about each time: an old one would not understand a new page.
    let script = Router::new()
        .route_service("/access.js", ServeFile::new(root.join("access.js")))
        .route_service("/suggest.js", ServeFile::new(root.join("suggest.js")))
        .layer(cached("no-cache"));
    built.merge(named).merge(script)
}

/// The clock, the peer's address.
async fn prepare(State(parts): State<Arc<Parts>>, mut request: Request, next: Next) -> Response {
    if let Some(clock) = &parts.sandbox_clock {
        clock.refresh().await;
    }
    let address = sender(&request, parts.trust_proxy);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

fn sender(request: &Request, trust_proxy: bool) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|info| info.0.ip().to_string());
    let forwarded = || {
        let header = request
            .headers()
            .get(HeaderName::from_static("x-forwarded-for"))?;
        header
            .to_str()
            .ok()?
            .rsplit(',')
            .next()
            .map(|address| address.trim().to_owned())
    };
    let address = if trust_proxy {
        forwarded().or(peer)
    } else {
        peer
    };
    address.unwrap_or_default()
}

async fn islands(State(parts): State<Arc<Parts>>) -> Response {
    script(parts.site_files.islands.clone())
}

/// A script whose address changes with its text.
fn script(text: impl Into<Body>) -> Response {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    let kept = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    ([kind, kept], text.into()).into_response()
}

async fn ready(State(parts): State<Arc<Parts>>) -> Response {
    match parts.cabinet.db().read().ping().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database").into_response()
        }
    }
}
