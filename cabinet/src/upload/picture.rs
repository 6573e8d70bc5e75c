//! A picture somebody sent, made anew: decoded under limits, turned as the camera held it, made smaller,
//! written as a JPEG of our own. Nothing of the file itself is kept, neither its metadata nor what may
//! hide behind the last pixel.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// The largest file, bytes: a page photographed by any phone.
pub const MOST_BYTES: usize = 12 * 1024 * 1024;
/// The most pixels: a phone's picture of 32 megapixels still fits, in a hundred megabytes of memory.
const MOST_PIXELS: u64 = 34_000_000;
const MOST_SIDE: u32 = 12_000;
/// A page of a passport can't be read below this.
const LEAST_SIDE: u32 = 300;
/// What is kept, longer side.
const KEPT_SIDE: u32 = 2_000;
/// What the decoder may take of memory beside its output.
const MOST_MEMORY: u64 = 140 * 1024 * 1024;
const QUALITY: u8 = 84;

/// A picture as it is kept.
pub struct Picture {
    /// A JPEG of three channels.
    pub jpeg: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Makes a picture anew. Refuses with the code of a field's text: `upload_empty`, `upload_large`,
/// `upload_kind`, `upload_pixels`, `upload_small`, `upload_broken`. Takes up to a second and a hundred
/// megabytes: not for an asynchronous thread.
pub fn anew(bytes: &[u8]) -> Result<Picture, &'static str> {
    if bytes.is_empty() {
        return Err("upload_empty");
    }
    if bytes.len() > MOST_BYTES {
        return Err("upload_large");
    }
    let Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) = image::guess_format(bytes) else {
        return Err("upload_kind");
    };
    let picture = decoded(bytes, format)?;
    let kept = if picture.width().max(picture.height()) > KEPT_SIDE {
        picture.thumbnail(KEPT_SIDE, KEPT_SIDE)
    } else {
        picture
    };
    let kept = kept.into_rgb8();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(&kept)
        .map_err(|_| "upload_broken")?;
    Ok(Picture {
        jpeg,
        width: kept.width(),
        height: kept.height(),
    })
}

fn decoded(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, &'static str> {
    let broken = |_| "upload_broken";
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format)
        .into_decoder()
        .map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let large = width.max(height) > MOST_SIDE || pixels > MOST_PIXELS;
    if large || decoder.total_bytes() > MOST_MEMORY {
        return Err("upload_pixels");
    }
    if width.min(height) < LEAST_SIDE {
        return Err("upload_small");
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    decoder.set_limits(limits).map_err(|_| "upload_pixels")?;
    let turned = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if picture.width().max(picture.height()) > KEPT_SIDE {
        // Made smaller before it is turned, which copies it.
        picture = picture.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    picture.apply_orientation(turned);
    Ok(picture)
}
