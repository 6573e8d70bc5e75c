//! A lender's look as a stylesheet: `/brand.css`. The policy forbids inline styles, and a lender needs no rebuild.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cabinet::lender::{Bar, Brand, Corners};

use crate::router::Parts;

/// Whose brand is asked for: another lender's only in development.
#[derive(serde::Deserialize)]
pub struct BrandOf {
    lender: Option<String>,
}

/// `/brand.css`: what is set here, `style/tokens.css` and the components read.
pub async fn stylesheet(State(parts): State<Arc<Parts>>, Query(asked): Query<BrandOf>) -> Response {
    let other = asked.lender.and_then(|code| parts.brands.get(&code));
    let css = css(other.unwrap_or(&parts.cabinet.lender().brand));
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

/// The text of `/brand.css`.
pub fn css(brand: &Brand) -> String {
    let (h, s, l, dark) = (brand.h, brand.s, brand.l, brand.dark_lightness());
    let mut css = format!(
        ":root {{ --brand-h: {h}; --brand-s: {s}%; --brand-l: {l}%; --brand-dark-l: {dark}%; }}\n"
    );
    let corners = match brand.corners {
        Corners::Soft => None,
        Corners::Round => Some(("1rem", "1.5rem", "1.75rem")),
        Corners::Square => Some(("2px", "3px", "4px")),
    };
    if let Some((small, middle, large)) = corners {
        let _ = writeln!(
            css,
            ":root {{ --r1: {small}; --r2: {middle}; --r3: {large}; }}"
        );
    }
    if brand.bar == Bar::Filled {
        // The same in both themes: white on the brand's own colour reads, the lender's file was checked for it.
        let _ = writeln!(
            css,
            ":root {{ --bar: hsl({h} {s}% {l}%); --on-bar: #fff; --on-bar-2: #fff; --bar-logo: #fff; }}"
        );
    }
    css
}

#[cfg(test)]
mod tests {
    use super::css;

    #[test]
    fn each_lender_has_a_stylesheet_of_its_own() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../lenders");
        let mut seen = std::collections::BTreeSet::new();
        for entry in std::fs::read_dir(root).expect("lenders").flatten() {
            let lender = cabinet::Lender::load(&entry.path()).expect("a lender");
            let css = css(&lender.brand);
            assert!(css.contains(&format!("--brand-h: {};", lender.brand.h)));
            assert!(
                seen.insert(css),
                "{} looks like another lender",
                lender.code
            );
        }
        assert!(seen.len() > 5);
    }
}
