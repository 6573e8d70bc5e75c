//! A QR drawn as SVG: black squares on white whatever the theme is, or scanners don't see them.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// The empty border that the standard asks for, in squares.
const QUIET: usize = 4;

/// The drawing of a text, or nothing when the text is longer than a QR can hold.
pub fn drawing(text: &str, title: String) -> Option<AnyView> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width() + 2 * QUIET;
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (place % code.width() + QUIET, place / code.width() + QUIET);
            // Writing to a string does not fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let frame = format!("0 0 {side} {side}");
    Some(
        view! {
            <svg class="qr-code" viewBox=frame role="img" shape-rendering="crispEdges" data-text=text.to_owned()>
                <title>{title}</title>
                <path fill="#fff" d=format!("M0 0h{side}v{side}h-{side}z")/>
                <path fill="#000" d=path/>
            </svg>
        }
        .into_any(),
    )
}
