//! A lender's icons: the first letter of its logo on its colour.
//!
//! Drawn from the outlines of the cabinet's own font (`scripts/letters.py`), so a new lender needs no pictures.

use cabinet::lender::Brand;
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Transform};

/// Letters with their outlines; the script that wrote it says how they are measured.
const LETTERS: &str = include_str!("letters.txt");

/// The square that everything is drawn in, units.
const SIDE: f32 = 1000.0;

/// What stands around the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A rounded square, as the browser shows it.
    Rounded,
    /// The whole square: the phone cuts its own shape out, at least a circle of 80 % of it.
    Maskable,
}

impl Shape {
    /// The corner's radius, and the letter's height: inside a maskable icon's circle there is less room.
    const fn sizes(self) -> (f32, f32) {
        match self {
            Self::Rounded => (230.0, 560.0),
            Self::Maskable => (0.0, 420.0),
        }
    }
}

/// The icon as SVG.
pub fn svg(brand: &Brand, shape: Shape) -> String {
    let (radius, _) = shape.sizes();
    let drawn = letter(brand).map(|letter| {
        let (scale, x, y) = placed(&letter, shape);
        format!(
            "<path transform=\"translate({x:.1} {y:.1}) scale({scale:.4})\" fill=\"#fff\" d=\"{}\"/>",
            letter.text
        )
    });
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {SIDE} {SIDE}\">\
         <rect width=\"{SIDE}\" height=\"{SIDE}\" rx=\"{radius}\" fill=\"{}\"/>{}</svg>\n",
        colour(brand),
        drawn.unwrap_or_default()
    )
}

/// The icon as PNG of so many pixels. `None` when there is no memory for it.
pub fn png(brand: &Brand, shape: Shape, pixels: u16) -> Option<Vec<u8>> {
    let side = f32::from(pixels);
    let mut picture = Pixmap::new(u32::from(pixels), u32::from(pixels))?;
    let whole = Transform::from_scale(side / SIDE, side / SIDE);
    let (radius, _) = shape.sizes();
    let [red, green, blue] = rgb(brand);
    let ground = paint(Color::from_rgba8(red, green, blue, 255));
    picture.fill_path(&square(radius)?, &ground, FillRule::Winding, whole, None);
    if let Some(letter) = letter(brand) {
        let (scale, x, y) = placed(&letter, shape);
        let place = whole.pre_translate(x, y).pre_scale(scale, scale);
        let white = paint(Color::WHITE);
        picture.fill_path(&letter.path, &white, FillRule::Winding, place, None);
    }
    picture.encode_png().ok()
}

/// The brand's colour, `#186d4d`.
pub fn colour(brand: &Brand) -> String {
    let [red, green, blue] = rgb(brand);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// CSS Color 4, §7: HSL to sRGB.
fn rgb(brand: &Brand) -> [u8; 3] {
    let (hue, saturation, lightness) = (
        f64::from(brand.h),
        f64::from(brand.s) / 100.0,
        f64::from(brand.l) / 100.0,
    );
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n: f64| {
        let k = (n + hue / 30.0) % 12.0;
        let value = lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        byte(value * 255.0)
    })
}

// A colour's part is 0 to 255 by its construction.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn byte(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn paint(colour: Color) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(colour);
    paint.anti_alias = true;
    paint
}

struct Letter {
    text: &'static str,
    path: Path,
}

/// The logo's first letter; nothing where the font has none of it, and the icon is the colour alone.
fn letter(brand: &Brand) -> Option<Letter> {
    let logo = [&brand.logo_main, &brand.logo_accent];
    let first = logo.iter().flat_map(|part| part.chars()).next()?;
    let wanted: String = first.to_uppercase().collect();
    let text = LETTERS.lines().find_map(|line| {
        let (letter, text) = line.split_once(' ')?;
        (letter == wanted).then_some(text)
    })?;
    outline(text).map(|path| Letter { text, path })
}

fn outline(text: &str) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let mut words = text.split(' ');
    while let Some(kind) = words.next() {
        let mut point = || words.next()?.parse::<f32>().ok();
        match kind {
            "M" => builder.move_to(point()?, point()?),
            "L" => builder.line_to(point()?, point()?),
            "Q" => builder.quad_to(point()?, point()?, point()?, point()?),
            _ => builder.close(),
        }
    }
    builder.finish()
}

/// A square with round corners.
fn square(radius: f32) -> Option<Path> {
    let mut builder = PathBuilder::new();
    if radius <= 0.0 {
        builder.push_rect(tiny_skia::Rect::from_xywh(0.0, 0.0, SIDE, SIDE)?);
        return builder.finish();
    }
    // The usual cubic approximation of a quarter of a circle.
    let pull = radius * (1.0 - 0.552_285);
    let (near, far) = (radius, SIDE - radius);
    builder.move_to(near, 0.0);
    builder.line_to(far, 0.0);
    builder.cubic_to(SIDE - pull, 0.0, SIDE, pull, SIDE, near);
    builder.line_to(SIDE, far);
    builder.cubic_to(SIDE, SIDE - pull, SIDE - pull, SIDE, far, SIDE);
    builder.line_to(near, SIDE);
    builder.cubic_to(pull, SIDE, 0.0, SIDE - pull, 0.0, far);
    builder.line_to(0.0, near);
    builder.cubic_to(0.0, pull, pull, 0.0, near, 0.0);
    builder.close();
    builder.finish()
}

/// The scale and the offset that put the letter into the middle.
fn placed(letter: &Letter, shape: Shape) -> (f32, f32, f32) {
    let (_, height) = shape.sizes();
    let bounds = letter.path.bounds();
    let scale = height / bounds.height().max(bounds.width()).max(1.0);
    let middle = |start: f32, size: f32| (SIDE - size * scale) / 2.0 - start * scale;
    (
        scale,
        middle(bounds.left(), bounds.width()),
        middle(bounds.top(), bounds.height()),
    )
}

#[cfg(test)]
mod tests {
    use cabinet::lender::{Bar, Corners};

    use super::*;

    fn brand(logo: &str) -> Brand {
        Brand {
            h: 158,
            s: 64,
            l: 26,
            logo_main: logo.to_owned(),
            logo_accent: String::new(),
            mark: None,
            corners: Corners::default(),
            bar: Bar::default(),
        }
    }

    #[test]
    fn the_colour_is_the_one_of_the_stylesheet() {
        // hsl(158 64% 26%), as a browser computes it.
        assert_eq!(colour(&brand("к")), "#186d4e");
        let grey = Brand {
            s: 0,
            l: 40,
            ..brand("к")
        };
        assert_eq!(colour(&grey), "#666666");
    }

    #[test]
    fn a_picture_has_its_size_its_ground_and_its_letter() {
        for (shape, corner) in [(Shape::Rounded, 0), (Shape::Maskable, 255)] {
            let bytes = png(&brand("копей"), shape, 192).unwrap_or_default();
            let picture = Pixmap::decode_png(&bytes).ok();
            let alpha = |x, y| {
                picture
                    .as_ref()?
                    .pixel(x, y)
                    .map(tiny_skia::PremultipliedColorU8::alpha)
            };
            assert_eq!(picture.as_ref().map(Pixmap::width), Some(192));
            assert_eq!(alpha(0, 0), Some(corner), "{shape:?}");
            // The stem of «К» stands left of the middle and is white; the edge is the brand's colour.
            let white = |x, y| picture.as_ref()?.pixel(x, y).map(|pixel| pixel.red() > 250);
            let row: Vec<u32> = (0..192).filter(|x| white(*x, 96) == Some(true)).collect();
            assert!(row.len() > 20, "{shape:?}: {} white pixels", row.len());
            assert_eq!(white(96, 4), Some(false));
        }
    }

    #[test]
    fn a_maskable_letter_stays_in_the_circle_that_phones_cut_out() {
        for logo in ["к", "щ", "W", "I", "8"] {
            let letter = letter(&brand(logo)).map(|letter| {
                placed(&letter, Shape::Maskable).0
                    * letter
                        .path
                        .bounds()
                        .width()
                        .hypot(letter.path.bounds().height())
            });
            assert!(
                letter.is_some_and(|diagonal| diagonal <= 0.8 * SIDE),
                "{logo} {letter:?}"
            );
        }
    }

    #[test]
    fn a_letter_the_font_lacks_leaves_the_colour() {
        assert!(!svg(&brand("鸡"), Shape::Rounded).contains("<path"));
        assert!(svg(&brand("копей"), Shape::Rounded).contains("<path"));
        assert!(png(&brand(""), Shape::Maskable, 48).is_some());
    }
}
