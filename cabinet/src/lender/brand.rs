//! How a lender's cabinet looks: the section `[brand]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Complaints;

/// How the cabinet looks. Everything on a page follows from one colour; no rebuild is needed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// The colour's hue, 0 to 359 degrees.
    pub h: u16,
    /// The colour's saturation, percent.
    pub s: u8,
    /// The colour's lightness, percent. Links of this colour must read on the page and white text on its
    /// buttons: a contrast of at least 4.5 : 1 is asked (WCAG 2.2, 1.4.3).
    pub l: u8,
    /// The logo's plain part.
    pub logo_main: String,
    /// The logo's coloured part; may be empty.
    pub logo_accent: String,
    /// A drawing before the logo: the data of an SVG path on a 24 × 24 field, filled with the colour.
    pub mark: Option<String>,
    /// The corners of cards, fields and buttons.
    #[serde(default)]
    pub corners: Corners,
    /// The bar above every page.
    #[serde(default)]
    pub bar: Bar,
}

/// The corners of cards, fields and buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Corners {
    /// Round by a little.
    #[default]
    Soft,
    /// As round as they go.
    Round,
    /// Straight.
    Square,
}

/// The bar above every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// The colour of paper, with a coloured logo.
    #[default]
    Plain,
    /// Filled with the brand's colour, with a white logo.
    Filled,
}

/// Grounds of `style/tokens.css`: the light page, and the dark page's paper.
const LIGHT_GROUND: Rgb = [0xf4, 0xf5, 0xf2];
const DARK_PAPER: Rgb = [0x16, 0x1c, 0x19];
/// The text on a button of the dark page.
const DARK_ON_BRAND: Rgb = [0x07, 0x12, 0x0d];
/// Of normal text (WCAG 2.2, 1.4.3).
const READS: f64 = 4.5;
/// The dark page's brand colour: its saturation, and the lightness it begins from.
const DARK_S: u8 = 48;
const DARK_L: u8 = 58;

type Rgb = [u8; 3];

impl Brand {
    /// The contrast of the colour with the page's ground, hundredths: 450 is 4.5 : 1.
    fn contrast(&self, l: u8) -> f64 {
        contrast(rgb(self.h, self.s, l), LIGHT_GROUND)
    }

    /// The lightness that this hue needs on the dark page, percent: blue ones need more than green ones.
    pub fn dark_lightness(&self) -> u8 {
        let reads = |l: &u8| {
            let colour = rgb(self.h, DARK_S, *l);
            contrast(colour, DARK_PAPER) >= READS && contrast(colour, DARK_ON_BRAND) >= READS
        };
        (DARK_L..90).find(reads).unwrap_or(90)
    }
}

/// Red, green and blue of a colour given by hue, saturation and lightness (CSS Color 4, 7.1).
fn rgb(h: u16, s: u8, l: u8) -> Rgb {
    let (s, l) = (f64::from(s) / 100.0, f64::from(l) / 100.0);
    let most = s * l.min(1.0 - l);
    let part = |n: f64| {
        let k = (n + f64::from(h) / 30.0) % 12.0;
        let value = l - most * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        // 0 to 255 by construction.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let byte = (value * 255.0).round() as u8;
        byte
    };
    [part(0.0), part(8.0), part(4.0)]
}

/// The contrast of two colours, 1 to 21 (WCAG 2.2).
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Rgb) -> f64 {
    let [r, g, b] = colour.map(|byte| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Whether the section agrees with itself.
pub(super) fn check(brand: &Brand, say: &mut Complaints) {
    say.must(
        brand.h < 360,
        "brand",
        "h",
        "is not a hue",
        "write 0 to 359",
    );
    say.must(
        brand.s <= 100,
        "brand",
        "s",
        "is not a percent",
        "write 0 to 100",
    );
    let named = !brand.logo_main.trim().is_empty();
    let instead = "write the lender's name, or its first part";
    say.must(named, "brand", "logo_main", "is empty", instead);
    if brand.h < 360 && brand.s <= 100 {
        readable(brand, say);
    }
    let Some(mark) = &brand.mark else { return };
    let drawn = mark
        .chars()
        .all(|c| "MmLlHhVvCcSsQqTtAaZz0123456789.,- ".contains(c));
    say.must(
        drawn && mark.starts_with(['M', 'm']) && mark.len() <= 2000,
        "brand",
        "mark",
        "is not the data of an SVG path",
        "write the \"d\" of one path, such as \"M3 12 12 3l9 9v9H3z\"",
    );
}

fn readable(brand: &Brand, say: &mut Complaints) {
    if brand.l <= 100 && brand.contrast(brand.l) >= READS {
        return;
    }
    let lightest = (0..brand.l.min(100)).rev();
    let lightest = lightest
        .into_iter()
        .find(|l| brand.contrast(*l) >= READS)
        .unwrap_or(0);
    let seen = (brand.contrast(brand.l.min(100)) * 10.0).floor() / 10.0;
    let problem =
        format!("gives text a contrast of {seen:.1} : 1 with the page, 4.5 : 1 is needed");
    say.say("brand", "l", &problem, &format!("write at most {lightest}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_contrasts_are_those_of_the_standards() {
        assert_eq!(rgb(0, 100, 50), [255, 0, 0]);
        assert_eq!(rgb(120, 100, 25), [0, 128, 0]);
        assert_eq!(rgb(240, 100, 50), [0, 0, 255]);
        assert_eq!(rgb(158, 64, 26), [24, 109, 78]);
        assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-9);
        // #767676 is the lightest grey that reads on white.
        assert!(contrast([0x76; 3], [255; 3]) >= READS);
        assert!(contrast([0x77; 3], [255; 3]) < READS);
    }

    #[test]
    fn every_hue_finds_a_lightness_for_the_dark_page() {
        for h in 0..360 {
            let brand = Brand {
                h,
                s: 60,
                l: 30,
                logo_main: "к".into(),
                logo_accent: String::new(),
                mark: None,
                corners: Corners::Soft,
                bar: Bar::Plain,
            };
            let colour = rgb(h, DARK_S, brand.dark_lightness());
            assert!(contrast(colour, DARK_PAPER) >= READS, "hue {h}");
        }
    }
}
