//! Pictures of papers, and what people send instead of them (G21). Every file is made here: none of them
//! may be kept as it came, none may carry its metadata on, none may cost more than a picture does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use std::io::Write as _;

use cabinet::diary::{self, Role};
use cabinet::staff::Staff;
use cabinet::upload::{self, A_DAY, Kind, Owner};
use cabinet::{BorrowerId, CabinetError, StaffId};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use uuid::Uuid;
use world::{World, worlds};

const CANARY: &str = "GPS-55.7558-37.6173-CANARY";
const CODES: [&str; 6] = [
    "upload_empty",
    "upload_large",
    "upload_kind",
    "upload_pixels",
    "upload_small",
    "upload_broken",
];

/// A page with something on it: noise compresses badly, flat colour too well.
fn page(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| {
        let channel =
            |k: u32| u8::try_from((x * 7 + y * 13 * k + x * y / 97) % 251).expect("a byte");
        Rgb([channel(1), channel(2), channel(3)])
    };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel))
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("written");
    bytes.into_inner()
}

/// A segment behind the first marker of a JPEG.
fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).expect("a segment");
    let mut made = jpeg[..2].to_vec();
    made.extend([0xFF, marker]);
    made.extend(length.to_be_bytes());
    made.extend(body);
    made.extend(&jpeg[2..]);
    made
}

/// An EXIF block with an orientation and a text.
fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0]);
    tiff.extend(orientation.to_le_bytes());
    tiff.extend([0, 0]);
    let text = CANARY.as_bytes();
    tiff.extend([0x0E, 0x01, 2, 0]);
    tiff.extend(u32::try_from(text.len()).expect("a length").to_le_bytes());
    tiff.extend(38_u32.to_le_bytes());
    tiff.extend([0; 4]);
    tiff.extend(text);
    tiff
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut made = u32::try_from(body.len())
        .expect("a chunk")
        .to_be_bytes()
        .to_vec();
    let start = made.len();
    made.extend(kind);
    made.extend(body);
    let sum = crc(&made[start..]);
    made.extend(sum.to_be_bytes());
    made
}

/// A PNG of one colour, of any size, written row by row: a bomb of a few kilobytes.
fn flat_png(width: u32, height: u32, depth: u8, colour: u8, row: usize) -> Vec<u8> {
    let mut made = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = width.to_be_bytes().to_vec();
    head.extend(height.to_be_bytes());
    head.extend([depth, colour, 0, 0, 0]);
    made.extend(chunk(*b"IHDR", &head));
    let mut data = ZlibEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; row + 1];
    for _ in 0..height.min(40_000) {
        data.write_all(&zeros).expect("written");
    }
    made.extend(chunk(*b"IDAT", &data.finish().expect("written")));
    made.extend(chunk(*b"IEND", &[]));
    made
}

/// A chunk behind the head of a PNG.
fn with_chunk(png: &[u8], kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut made = png[..33].to_vec();
    made.extend(chunk(kind, body));
    made.extend(&png[33..]);
    made
}

fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    (0..length)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            u8::try_from(state >> 56).expect("a byte")
        })
        .collect()
}

/// Not pictures at all, or pictures of kinds nobody needs.
fn strangers() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let heads: [(&str, &[u8]); 20] = [
        ("nothing", b""),
        ("one byte", b"\xFF"),
        ("text", "паспорт".as_bytes()),
        ("html", b"<!doctype html><script>alert(1)</script>"),
        (
            "svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        ),
        (
            "xml bomb",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        ),
        (
            "gif",
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
        ),
        ("gif script", b"GIF89a=0;alert(1);//"),
        ("webp", b"RIFF\x24\0\0\0WEBPVP8 "),
        ("bmp", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
        ("tiff", b"II*\0\x08\0\0\0"),
        ("ico", b"\0\0\x01\0\x01\0\x10\x10"),
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1"),
        ("pdf", b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>"),
        ("zip", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("exe", b"MZ\x90\0\x03\0\0\0"),
        ("elf", b"\x7fELF\x02\x01\x01"),
        ("php", b"<?php system($_GET['c']); ?>"),
        ("postscript", b"%!PS\n(%pipe%id) (r) file"),
    ];
    all.extend(heads.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())));
    all.push(("a jpeg's mark alone".into(), b"\xFF\xD8\xFF".to_vec()));
    all.push(("a png's mark alone".into(), b"\x89PNG\r\n\x1a\n".to_vec()));
    all.push(("13 megabytes".into(), vec![0xFF; 13 * 1024 * 1024]));
    let mut long = b"\x89PNG\r\n\x1a\n".to_vec();
    long.resize(11 * 1024 * 1024, 0);
    all.push(("11 megabytes behind a mark".into(), long));
    for seed in 0..6 {
        let mut bytes = b"\xFF\xD8\xFF\xE0".to_vec();
        bytes.extend(noise(seed, 4_000));
        all.push((format!("noise as jpeg {seed}"), bytes));
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.extend(noise(seed + 100, 4_000));
        all.push((format!("noise as png {seed}"), bytes));
    }
    all
}

/// Pictures that are too large, too small, or promise to be.
fn bombs() -> Vec<(String, Vec<u8>)> {
    let png = |width, height| flat_png(width, height, 8, 2, width as usize * 3);
    let mut all = vec![
        (
            "promises a hundred thousand".to_owned(),
            flat_png(100_000, 100_000, 8, 2, 10),
        ),
        ("144 megapixels".into(), png(12_000, 12_000)),
        ("a long stripe".into(), flat_png(40_000, 400, 8, 2, 120_000)),
        ("deep colour".into(), flat_png(5_800, 5_800, 16, 6, 46_400)),
        ("nothing wide".into(), flat_png(0, 0, 8, 2, 0)),
        ("one pixel".into(), png(1, 1)),
        ("299 pixels".into(), png(299, 900)),
        (
            "fewer rows than promised".into(),
            flat_png(2_000, 60_000, 1, 0, 250),
        ),
    ];
    let jpeg = file(&page(400, 400), ImageFormat::Jpeg);
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .expect("a frame");
    for (name, side) in [
        ("65535 square", 65_535_u16),
        ("0 high", 0),
        ("16000 high", 16_000),
    ] {
        let mut bytes = jpeg.clone();
        bytes[frame + 5..frame + 7].copy_from_slice(&side.to_be_bytes());
        all.push((format!("jpeg {name}"), bytes));
    }
    all
}

/// Pictures that are cut, bent, or carry something besides.
fn carriers() -> Vec<(String, Vec<u8>)> {
    let (jpeg, png) = (
        file(&page(640, 480), ImageFormat::Jpeg),
        file(&page(640, 480), ImageFormat::Png),
    );
    let mut all = Vec::new();
    for (kind, bytes) in [("jpeg", &jpeg), ("png", &png)] {
        for part in [2_usize, 10, 50, 90, 99] {
            let cut = bytes.len() * part / 100;
            all.push((format!("{kind} cut at {part} %"), bytes[..cut].to_vec()));
        }
        for seed in 0..12_u64 {
            let mut bent = bytes.clone();
            for (place, value) in noise(seed, 8).chunks(2).zip(noise(seed + 50, 4)) {
                let at = usize::from(place[0]) * 256 + usize::from(place[1]);
                let length = bent.len();
                bent[at % length] ^= value;
            }
            all.push((format!("{kind} bent {seed}"), bent));
        }
        for (name, tail) in [
            ("zip", "PK\u{3}\u{4}"),
            ("php", "<?php system('id') ?>"),
            ("html", "<script>alert(1)</script>"),
        ] {
            let mut tailed = bytes.clone();
            tailed.extend(tail.as_bytes());
            tailed.extend(CANARY.as_bytes());
            all.push((format!("{kind} with {name} behind"), tailed));
        }
    }
    all.push(("exif".into(), with_segment(&jpeg, 0xE1, &exif(1))));
    all.push(("exif turned".into(), with_segment(&jpeg, 0xE1, &exif(6))));
    all.push((
        "exif nonsense".into(),
        with_segment(&jpeg, 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
    ));
    all.push((
        "exif of an odd turn".into(),
        with_segment(&jpeg, 0xE1, &exif(999)),
    ));
    let comment = format!("<script>alert('{CANARY}')</script>");
    all.push((
        "a comment".into(),
        with_segment(&jpeg, 0xFE, comment.as_bytes()),
    ));
    all.push((
        "xmp".into(),
        with_segment(
            &jpeg,
            0xE1,
            format!("http://ns.adobe.com/xap/1.0/\0{CANARY}").as_bytes(),
        ),
    ));
    all.push((
        "a broken profile".into(),
        with_segment(
            &jpeg,
            0xE2,
            format!("ICC_PROFILE\0\x01\x01{CANARY}").as_bytes(),
        ),
    ));
    all.push((
        "png text".into(),
        with_chunk(&png, *b"tEXt", format!("Comment\0{CANARY}").as_bytes()),
    ));
    all.push(("png exif".into(), with_chunk(&png, *b"eXIf", &exif(6)[6..])));
    all.push((
        "png private".into(),
        with_chunk(&png, *b"prVt", CANARY.as_bytes()),
    ));
    let mut bad = png.clone();
    bad[29] ^= 0xFF;
    all.push(("png with a wrong sum".into(), bad));
    all.push((
        "grey".into(),
        file(
            &DynamicImage::ImageLuma8(page(500, 400).into_luma8()),
            ImageFormat::Png,
        ),
    ));
    all.push((
        "see-through".into(),
        file(
            &DynamicImage::ImageRgba8(page(500, 400).into_rgba8()),
            ImageFormat::Png,
        ),
    ));
    all.push((
        "a wide flat picture".into(),
        flat_png(8_000, 4_000, 8, 2, 24_000),
    ));
    all
}

/// Kibibytes of `/proc/self/status`.
fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

async fn judged(world: &World, who: BorrowerId, name: &str, bytes: &[u8]) -> bool {
    let owner = Owner::Borrower(who);
    let id = match upload::put(&world.cab, owner, Kind::Evidence, bytes.to_vec()).await {
        Ok(id) => id,
        Err(CabinetError::Fields(errors)) => {
            let [error] = errors.as_slice() else {
                panic!("{name}: {errors:?}")
            };
            assert!(
                error.field == "file" && CODES.contains(&error.code),
                "{name}: {error:?}"
            );
            return false;
        }
        Err(other) => panic!("{name}: {other}"),
    };
    let kept = upload::read(&world.cab, owner, id).await.expect("read");
    assert_ne!(kept, bytes, "{name}: kept as it came");
    assert!(
        kept.starts_with(b"\xFF\xD8\xFF\xE0"),
        "{name}: no plain JPEG"
    );
    let holds = |what: &[u8]| kept.windows(what.len()).any(|part| part == what);
    for what in [
        "Exif",
        "CANARY",
        "<script",
        "<?php",
        "PK\u{3}\u{4}",
        "ICC_PROFILE",
        "adobe.com",
    ] {
        assert!(!holds(what.as_bytes()), "{name}: {what}");
    }
    let again = image::load_from_memory(&kept).expect("opens");
    assert!(
        again.width().max(again.height()) <= 2_000,
        "{name}: too large"
    );
    upload::remove(&world.cab, owner, id)
        .await
        .expect("removed");
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_file_is_made_anew_or_refused() {
    let all: Vec<(String, Vec<u8>)> = strangers()
        .into_iter()
        .chain(bombs())
        .chain(carriers())
        .collect();
    assert!(all.len() >= 60, "only {} files", all.len());
    let world = worlds("hostile").await.remove(0);
    let who = world.borrower("9001234567").await;
    let before = memory("VmRSS:");
    // The peak is counted from here, where the kernel allows it.
    let reset = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let mut kept = Vec::new();
    for (number, (name, bytes)) in all.iter().enumerate() {
        if number % 15 == 14 {
            world.clock.pass(86_400);
        }
        if judged(&world, who, name, bytes).await {
            kept.push(name.as_str());
        }
    }
    for name in [
        "exif",
        "exif turned",
        "a comment",
        "jpeg with php behind",
        "png with zip behind",
        "grey",
        "see-through",
        "a wide flat picture",
    ] {
        assert!(
            kept.contains(&name),
            "{name} is an honest picture: {kept:?}"
        );
    }
    for name in [
        "svg",
        "gif",
        "pdf",
        "144 megapixels",
        "deep colour",
        "one pixel",
        "13 megabytes",
        "jpeg 65535 square",
    ] {
        assert!(!kept.contains(&name), "{name} was kept");
    }
    if let (Some(before), Some(peak), true) = (before, memory("VmHWM:"), reset) {
        let more = peak.saturating_sub(before) / 1024;
        println!(
            "{} files, {} kept, at most {more} MiB more",
            all.len(),
            kept.len()
        );
        assert!(more < 200, "{more} MiB");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_its_owners_and_the_staffs_who_say_why() {
    for world in worlds("owner").await {
        let cab = &world.cab;
        let (who, other) = (
            world.borrower("9001234567").await,
            world.borrower("9007654321").await,
        );
        let turned = with_segment(&file(&page(640, 480), ImageFormat::Jpeg), 0xE1, &exif(6));
        let id = upload::put(cab, Owner::Borrower(who), Kind::PassportMain, turned)
            .await
            .expect("kept");
        let list = upload::list(cab, Owner::Borrower(who))
            .await
            .expect("a list");
        assert_eq!(
            (list[0].width, list[0].height),
            (480, 640),
            "turned as it was held"
        );
        let foreign = upload::read(cab, Owner::Borrower(other), id).await;
        assert!(matches!(foreign, Err(CabinetError::NotFound)));
        for row in world.rows("SELECT body FROM upload").await {
            let body: String = row.try_get("", "body").expect("a body");
            assert!(body.starts_with("k1:"), "lies sealed");
        }
        let staff = StaffId(Uuid::from_u128(1));
        let colleague = |role| Staff {
            id: staff,
            login: "colleague".into(),
            name: "Коллега".into(),
            roles: vec![role],
            must_change: false,
        };
        let (specialist, auditor) = (
            colleague(cabinet::staff::Role::Underwriter),
            colleague(cabinet::staff::Role::Auditor),
        );
        let masked = upload::read_by_staff(cab, &auditor, "проверка заявки", id).await;
        assert!(matches!(masked, Err(CabinetError::Forbidden("staff_role"))));
        let silent = upload::read_by_staff(cab, &specialist, " ", id).await;
        assert!(matches!(silent, Err(CabinetError::Fields(_))));
        let seen = upload::read_by_staff(cab, &specialist, "проверка заявки", id)
            .await
            .expect("read");
        assert!(seen.starts_with(b"\xFF\xD8"));
        let lines = diary::lines(cab, who).await.expect("a diary");
        let line = lines
            .iter()
            .find(|line| line.what == "upload_seen")
            .expect("a line");
        assert_eq!(
            (line.role, line.why.as_str()),
            (Role::Staff(staff), "проверка заявки")
        );
        assert!(
            upload::remove(cab, Owner::Borrower(other), id)
                .await
                .is_err()
        );
        upload::remove(cab, Owner::Borrower(who), id)
            .await
            .expect("removed");
        assert!(upload::read(cab, Owner::Borrower(who), id).await.is_err());
        assert_eq!(
            world.count("upload WHERE body <> ''").await,
            0,
            "the bytes are gone"
        );
        // Decoding costs, so trying is counted, right or wrong.
        let mut refused = None;
        for _ in 0..=A_DAY {
            refused = upload::put(cab, Owner::Borrower(who), Kind::Evidence, Vec::new())
                .await
                .err();
        }
        assert_eq!(refused.expect("refused").code(), "upload_day");
    }
}
