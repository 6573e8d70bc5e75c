//! Digits in a picture: bent, with lines through them, in shades of grey; as a PNG in a `data:`
//! address, so that it is one answer with its page.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

const WIDTH: usize = 200;
const HEIGHT: usize = 72;
/// How large a point of a digit is drawn.
const POINT: i32 = 6;
/// From one digit to the next.
const PITCH: i32 = 38;

/// Five columns in seven rows; the highest of five bits is the left column.
const DIGITS: [[u8; 7]; 10] = [
    [14, 17, 19, 21, 25, 17, 14],
    [4, 12, 4, 4, 4, 4, 14],
    [14, 17, 1, 2, 4, 8, 31],
    [31, 2, 4, 2, 1, 17, 14],
    [2, 6, 10, 18, 31, 2, 2],
    [31, 16, 30, 1, 1, 17, 14],
    [6, 8, 16, 30, 17, 17, 14],
    [31, 1, 2, 4, 8, 8, 8],
    [14, 17, 17, 14, 17, 17, 14],
    [14, 17, 17, 15, 1, 2, 12],
];
/// A wave of 32 steps, up to seven points high.
const WAVE: [i32; 32] = [
    0, 1, 3, 4, 5, 6, 6, 7, 7, 7, 6, 6, 5, 4, 3, 1, 0, -1, -3, -4, -5, -6, -6, -7, -7, -7, -6, -6,
    -5, -4, -3, -1,
];

/// Chance of a picture: needs to be different each time, not secret.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: i32) -> i32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        i32::try_from(self.0 % bound).unwrap_or(0)
    }
}

/// The picture of these digits (five of them fit) as a `data:` address. `seed` bends it.
pub(super) fn draw(digits: &str, seed: u64) -> String {
    let mut chance = Chance(seed | 1);
    let mut grey = vec![235_u8; WIDTH * HEIGHT];
    let phases = (chance.below(32), chance.below(32));
    let slants: Vec<i32> = digits.chars().map(|_| chance.below(7) - 3).collect();
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (px, py) = (whole(x), whole(y));
            let sx = px + wave(py * 32 / 60 + phases.0) - 8;
            let sy = py + wave(px * 32 / 110 + phases.1) - 15;
            if inked(digits, &slants, sx, sy) {
                dot(&mut grey, px, py, 60);
            }
        }
    }
    for _ in 0..4 {
        line(&mut grey, &mut chance);
    }
    for _ in 0..250 {
        let shade = u8::try_from(80 + chance.below(120)).unwrap_or(90);
        let (x, y) = (chance.below(whole(WIDTH)), chance.below(whole(HEIGHT)));
        dot(&mut grey, x, y, shade);
    }
    format!("data:image/png;base64,{}", BASE64.encode(png(&grey)))
}

fn whole(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(0)
}

fn wave(step: i32) -> i32 {
    usize::try_from(step.rem_euclid(32))
        .ok()
        .and_then(|step| WAVE.get(step))
        .copied()
        .unwrap_or(0)
}

/// Whether a point of the unbent text is a digit's.
fn inked(digits: &str, slants: &[i32], x: i32, y: i32) -> bool {
    let at = |place: i32| usize::try_from(place).ok();
    let Some(place) = at(x.div_euclid(PITCH)) else {
        return false;
    };
    let digit = digits.chars().nth(place).and_then(|c| c.to_digit(10));
    let slant = slants.get(place).copied().unwrap_or(0);
    let inside = x.rem_euclid(PITCH) - 3 + slant * (y - 21) / 14;
    let (column, row) = (inside.div_euclid(POINT), y.div_euclid(POINT));
    let (Some(digit), Some(row), 0..5) = (digit, at(row), column) else {
        return false;
    };
    let rows = usize::try_from(digit).ok().and_then(|d| DIGITS.get(d));
    let bits = rows.and_then(|rows| rows.get(row)).copied().unwrap_or(0);
    bits >> (4 - column) & 1 == 1
}

/// A line across the picture: light over ink, dark over paper, so that no shade tells it apart.
fn line(grey: &mut [u8], chance: &mut Chance) {
    let height = whole(HEIGHT);
    let (from, to) = (chance.below(height), chance.below(height));
    for x in 0..whole(WIDTH) {
        let y = from + (to - from) * x / whole(WIDTH);
        for thick in 0..2 {
            let dark = shade(grey, x, y + thick).is_some_and(|shade| shade < 128);
            dot(grey, x, y + thick, if dark { 200 } else { 70 });
        }
    }
}

fn index(x: i32, y: i32) -> Option<usize> {
    let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
    (x < WIDTH && y < HEIGHT).then_some(y * WIDTH + x)
}

fn shade(grey: &[u8], x: i32, y: i32) -> Option<u8> {
    grey.get(index(x, y)?).copied()
}

fn dot(grey: &mut [u8], x: i32, y: i32, shade: u8) {
    if let Some(point) = index(x, y).and_then(|index| grey.get_mut(index)) {
        *point = shade;
    }
}

/// A PNG of eight bits of grey a point.
fn png(grey: &[u8]) -> Vec<u8> {
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in grey.chunks(WIDTH) {
        // Writing to memory never fails; a row begins with its filter, here none.
        let _ = rows.write_all(&[0]);
        let _ = rows.write_all(row);
    }
    let mut header = Vec::new();
    for side in [WIDTH, HEIGHT] {
        header.extend(u32::try_from(side).unwrap_or(0).to_be_bytes());
    }
    header.extend([8, 0, 0, 0, 0]);
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &rows.finish().unwrap_or_default());
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let mut sum = Crc::new();
    sum.update(&name);
    sum.update(data);
    file.extend(name);
    file.extend(data);
    file.extend(sum.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_small_and_never_twice_the_same() {
        let first = draw("40718", 1);
        assert!(first.starts_with("data:image/png;base64,iVBORw0KGgo"));
        assert!(first.len() < 12_000, "{}", first.len());
        assert_ne!(first, draw("40718", 2));
        assert_ne!(first, draw("40719", 1));
    }
}
