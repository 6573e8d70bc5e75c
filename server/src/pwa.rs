//! The cabinet as an application: manifest, icons, service worker, the page without a connection.
//!
//! All of it follows from the lender and the built files, so it is made once, at start, and lies in memory.

mod icons;
mod manifest;

use std::collections::BTreeMap;
use std::path::Path;

use app::pwa::{Build, PAGE_SCRIPT, WORKER_SCRIPT, manifest_address, offline_document};
use app::shell::SiteFiles;
use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cabinet::lender::{Brand, Lender};
use cabinet::{Cabinet, Lang};
use sha2::{Digest, Sha256};
use tower_http::compression::CompressionLayer;

use crate::brand;
use icons::Shape;

/// Addresses outside of folders whose answers say themselves how long they may be kept.
pub const NAMED: &[&str] = &[
    "/icon.svg",
    "/manifest.webmanifest",
    "/manifest.en.webmanifest",
    "/offline",
    "/sw.js",
];

/// The fonts of every page.
const FONTS: [&str; 2] = [
    "/fonts/golos-text-cyrillic-wght-normal.woff2",
    "/fonts/golos-text-latin-wght-normal.woff2",
];

const PNG: &str = "image/png";
const SVG: &str = "image/svg+xml";
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// The name carries the content's hash.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";
/// Asked about every time: a phone must learn of a new version at its next visit.
const ASKED: &str = "no-cache";

/// One thing kept in memory.
#[derive(Debug, Clone)]
struct Kept {
    kind: &'static str,
    lasts: &'static str,
    tag: String,
    body: Bytes,
}

/// Everything that makes the cabinet an application.
#[derive(Debug)]
pub struct Application {
    /// What pages say of their build.
    pub build: Build,
    kept: BTreeMap<String, Kept>,
}

impl Application {
    /// Makes all of it for this cabinet's lender and these built files; `site` is the folder they are in.
    pub fn new(cabinet: &Cabinet, files: &SiteFiles, site: &Path) -> Self {
        let lender = cabinet.lender();
        let mut made = Self {
            build: Build {
                colour: icons::colour(&lender.brand),
                push_key: cabinet.ports().push.key(),
                ..Build::default()
            },
            kept: BTreeMap::new(),
        };
        made.draw(&lender.brand);
        // While `make watch` runs names carry no hash: whatever were kept would be shown instead of the change.
        if files.hashed {
            made.install(lender, files, site);
        }
        made
    }

    fn install(&mut self, lender: &Lender, files: &SiteFiles, site: &Path) {
        self.build.script = format!("/pwa/page.{}.js", hash(&[PAGE_SCRIPT.as_bytes()]));
        self.build.installable = lender.pwa.install_offer;
        let offline = offline_document(lender, &self.build, &files.css);
        let own = [&files.css, &files.js, &files.wasm, &self.build.script];
        let names: Vec<&str> = own
            .into_iter()
            .map(String::as_str)
            .chain(FONTS)
            .chain(["/brand.css", "/icon.svg", "/offline"])
            .collect();
        // Hashed names stand for their content, the others' content is counted itself.
        let fonts = FONTS.map(|font| std::fs::read(site.join(&font[1..])).unwrap_or_default());
        let list = names.join("\n");
        self.build.version = hash(&[
            WORKER_SCRIPT.as_bytes(),
            list.as_bytes(),
            &fonts[0],
            &fonts[1],
            brand::css(&lender.brand).as_bytes(),
            icons::svg(&lender.brand, Shape::Rounded).as_bytes(),
            offline.as_bytes(),
        ]);
        let build = serde_json::json!({
            "version": self.build.version,
            "files": names,
            "offline": "/offline",
        });
        let worker = WORKER_SCRIPT.replace("__BUILD__", &build.to_string());
        let script = self.build.script.clone();
        self.keep(&script, SCRIPT, FOR_EVER, PAGE_SCRIPT);
        self.keep("/sw.js", SCRIPT, ASKED, worker);
        self.keep("/offline", "text/html; charset=utf-8", ASKED, offline);
        if self.build.installable {
            let kind = "application/manifest+json; charset=utf-8";
            for lang in [Lang::Ru, Lang::En] {
                let manifest = manifest::text(lender, &self.build, lang);
                self.keep(manifest_address(lang), kind, ASKED, manifest);
            }
        }
    }

    fn draw(&mut self, brand: &Brand) {
        let svg = |shape| icons::svg(brand, shape);
        self.keep("/icon.svg", SVG, A_DAY, svg(Shape::Rounded));
        self.keep("/icons/maskable.svg", SVG, A_DAY, svg(Shape::Maskable));
        let pictures = [
            ("/icons/192.png", Shape::Rounded, 192),
            ("/icons/512.png", Shape::Rounded, 512),
            ("/icons/maskable-192.png", Shape::Maskable, 192),
            ("/icons/maskable-512.png", Shape::Maskable, 512),
            // iOS cuts the corners itself and paints what is transparent black.
            ("/icons/180.png", Shape::Maskable, 180),
        ];
        for (name, shape, pixels) in pictures {
            if let Some(bytes) = icons::png(brand, shape, pixels) {
                self.keep(name, PNG, A_DAY, bytes);
            } else {
                tracing::error!(name, "an icon could not be drawn");
            }
        }
    }

    fn keep(
        &mut self,
        name: &str,
        kind: &'static str,
        lasts: &'static str,
        body: impl Into<Bytes>,
    ) {
        let body = body.into();
        let tag = format!("\"{}\"", hash(&[&body]));
        let kept = Kept {
            kind,
            lasts,
            tag,
            body,
        };
        self.kept.insert(name.to_owned(), kept);
    }

    /// A route for each thing.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let mut router = Router::new();
        for (name, kept) in self.kept.clone() {
            router = router.route(
                &name,
                get(move |request: Request| async move { answer(&kept, &request) }),
            );
        }
        router.layer(CompressionLayer::new())
    }
}

/// The thing, or 304 when the browser has it.
fn answer(kept: &Kept, request: &Request) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH);
    let known = known.and_then(|tags| tags.to_str().ok());
    // A proxy or our own compression marks a tag as weak.
    let same = known.is_some_and(|tags| {
        tags.split(',')
            .any(|tag| tag.trim().trim_start_matches("W/") == kept.tag)
    });
    let headers = [
        (header::CONTENT_TYPE, kept.kind.to_owned()),
        (header::CACHE_CONTROL, kept.lasts.to_owned()),
        (header::ETAG, kept.tag.clone()),
    ];
    if same {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, kept.body.clone()).into_response()
}

/// Sixteen hexadecimal digits of SHA-256 over the parts.
fn hash(parts: &[&[u8]]) -> String {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update(part.len().to_be_bytes());
        sum.update(part);
    }
    let digits = sum.finalize();
    digits
        .iter()
        .take(8)
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
