//! QR codes: drawn, photographed, and read again.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests")]

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgba, RgbaImage};
use proptest::prelude::*;
use share::link::{Flags, Link, LinkKey, make_id};
use share::qr::{PICTURE_BYTES_MAX, png, read_link, read_picture, svg};

fn link(label: Option<&str>) -> Link {
    let url = format!("https://links.example.org/shl/{}", make_id().unwrap());
    Link::make(&url, LinkKey::make().unwrap(), Some(1_900_000_000), Flags::direct(), label).unwrap()
}

fn grey(png: &[u8]) -> GrayImage {
    image::load_from_memory(png).unwrap().into_luma8()
}

fn as_png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.into().write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}

fn as_jpeg(picture: &GrayImage, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality).encode_image(picture).unwrap();
    out
}

fn beside(left: &GrayImage, right: &GrayImage) -> GrayImage {
    let mut both = GrayImage::from_pixel(left.width() + right.width(), left.height().max(right.height()), Luma([255]));
    image::imageops::overlay(&mut both, left, 0, 0);
    image::imageops::overlay(&mut both, right, i64::from(left.width()), 0);
    both
}

/// The picture turned by an angle in degrees about its middle, on white.
fn turned(picture: &GrayImage, degrees: f32) -> GrayImage {
    let side = picture.width() * 3 / 2;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle, own) = (side as f32 / 2.0, picture.width() as f32 / 2.0);
    GrayImage::from_fn(side, side, |x, y| {
        let (dx, dy) = (x as f32 - middle, y as f32 - middle);
        let (u, v) = (cos * dx + sin * dy + own, cos * dy - sin * dx + own);
        if u < 0.0 || v < 0.0 {
            return Luma([255]);
        }
        picture.get_pixel_checked(u as u32, v as u32).copied().unwrap_or(Luma([255]))
    })
}

fn code(picture: &[u8]) -> &'static str {
    read_link(picture).map_or_else(|e| e.code(), |_| "ok")
}

#[test]
fn p8_links_of_every_length_survive_png_and_poor_jpeg() {
    for label in [None, Some("For the front desk"), Some("x".repeat(80).as_str())] {
        let link = link(label);
        let text = link.to_text();
        for scale in [3, 4, 8] {
            let picture = png(&text, scale).unwrap();
            assert_eq!(read_picture(&picture).unwrap(), [text.as_str()], "PNG, {scale}");
            let photo = as_jpeg(&grey(&picture), 60);
            assert_eq!(*read_link(&photo).unwrap().to_text(), *text, "JPEG, {scale}");
        }
        let behind_viewer = link.to_text_for("https://viewer.example.org/index.html#").unwrap();
        assert_eq!(*read_link(&png(&behind_viewer, 4).unwrap()).unwrap().to_text(), *text);
    }
}

#[test]
fn p8_a_tilted_photo_with_poor_jpeg_is_read() {
    let text = link(Some("For the front desk")).to_text();
    for degrees in [7.0, 15.0, 30.0, 90.0] {
        let photo = as_jpeg(&turned(&grey(&png(&text, 8).unwrap()), degrees), 60);
        assert_eq!(*read_link(&photo).unwrap().to_text(), *text, "{degrees} degrees");
    }
}

#[test]
fn r1_the_picture_of_the_standard_is_read() {
    let link = read_link(include_bytes!("data/IPS_IG-bundle-01-shl.png")).unwrap();
    assert_eq!(link.label().as_deref(), Some("Demo SHL for IPS_IG-bundle-01"));
}

#[test]
fn a_code_that_fills_little_of_a_large_photo_is_read() {
    let text = link(None).to_text();
    let mut photo = GrayImage::from_fn(4000, 3000, |x, y| Luma([u8::try_from(150 + (x / 40 + y / 30) % 60).unwrap()]));
    image::imageops::overlay(&mut photo, &grey(&png(&text, 12).unwrap()), 1700, 1100);
    assert_eq!(*read_link(&as_jpeg(&photo, 60)).unwrap().to_text(), *text);
}

#[test]
fn transparent_and_inverted_codes_are_read() {
    let text = link(None).to_text();
    let black = grey(&png(&text, 5).unwrap());
    let clear =
        RgbaImage::from_fn(black.width(), black.height(), |x, y| Rgba([0, 0, 0, 255 - black.get_pixel(x, y).0[0]]));
    assert_eq!(code(&as_png(clear)), "ok");
    let mut dark = black;
    image::imageops::invert(&mut dark);
    assert_eq!(code(&as_png(dark)), "ok");
}

#[test]
fn what_is_no_link_is_told_apart() {
    let one = grey(&png(&link(None).to_text(), 4).unwrap());
    let two = grey(&png(&link(None).to_text(), 4).unwrap());
    let foreign = grey(&png("https://example.org/menu", 4).unwrap());
    let other = grey(&png("WIFI:S:guest;;", 4).unwrap());
    let card = png(include_str!("data/example-00-f-qr-code-numeric-value-0.txt").trim(), 3).unwrap();
    let broken = png("shlink:/AAAA", 4).unwrap();
    assert_eq!(code(&as_png(beside(&one, &two))), "two_codes");
    assert_eq!(code(&as_png(beside(&one, &foreign))), "ok");
    assert_eq!(code(&as_png(beside(&foreign, &one))), "ok");
    assert_eq!(code(&as_png(beside(&foreign, &other))), "two_codes");
    assert_eq!(code(&as_png(beside(&one, &one))), "ok", "the same code twice is one code");
    assert_eq!(code(&as_png(foreign)), "foreign_code");
    assert_eq!(code(&card), "health_card");
    assert_eq!(code(&broken), "damaged_link");
    assert_eq!(code(&as_png(GrayImage::from_pixel(300, 300, Luma([255])))), "no_code");
    assert_eq!(
        code(&as_png(GrayImage::from_fn(300, 200, |x, y| Luma([u8::try_from((x * 7 + y * 13) % 256).unwrap()])))),
        "no_code"
    );
    assert_eq!(code(&as_png(GrayImage::from_pixel(1, 1, Luma([0])))), "no_code");
}

#[test]
fn a_code_that_is_there_but_spoilt_says_so() {
    let mut picture = grey(&png(&link(None).to_text(), 6).unwrap());
    let (width, height) = picture.dimensions();
    // Everything between the three corner marks is painted over.
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let corner = |at: u32, end: u32| at < 90 || at > end - 90;
        if !(corner(x, width) && corner(y, height)) && (90..height - 30).contains(&y) && (90..width - 30).contains(&x) {
            *pixel = Luma([if (x / 12 + y / 12) % 2 == 0 { 0 } else { 255 }]);
        }
    }
    assert_eq!(code(&as_png(picture)), "unreadable_code");
}

#[test]
fn files_that_are_no_picture_or_too_large_are_refused_unread() {
    assert_eq!(code(b""), "not_a_picture");
    assert_eq!(code(b"GIF89a not for us"), "not_a_picture");
    assert_eq!(code(b"\x89PNG\r\n\x1a\n and then nonsense"), "not_a_picture");
    assert_eq!(code(&[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]), "not_a_picture");
    let good = png(&link(None).to_text(), 4).unwrap();
    assert_eq!(code(&good[..good.len() / 2]), "not_a_picture");
    assert_eq!(code(&vec![0u8; PICTURE_BYTES_MAX + 1]), "picture_too_large");
    // 8,000 by 7,000 white pixels pack into a few kilobytes.
    let huge = as_png(GrayImage::from_pixel(8000, 7000, Luma([255])));
    assert!(huge.len() < 1_000_000);
    assert_eq!(code(&huge), "picture_too_large");
}

#[test]
fn a_picture_that_claims_absurd_sizes_is_refused_without_memory() {
    let mut lie = png(&link(None).to_text(), 1).unwrap();
    lie[16..24].copy_from_slice(&[0, 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff]);
    let sum = crc(&lie[12..29]);
    lie[29..33].copy_from_slice(&sum.to_be_bytes());
    assert!(matches!(code(&lie), "picture_too_large"), "{}", code(&lie));
}

/// CRC-32 of a PNG chunk (PNG specification, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 })
    })
}

#[test]
fn p8_drawn_codes_have_level_m_and_a_white_border() {
    let text = link(None).to_text();
    let picture = grey(&png(&text, 2).unwrap());
    let white = |x: u32, y: u32| picture.get_pixel(x, y).0[0] == 255;
    assert!((0..picture.width()).all(|i| (0..8).all(|edge| white(i, edge) && white(edge, i))));
    assert_eq!(picture.get_pixel(8, 8).0[0], 0);
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(picture.width() as usize, picture.height() as usize, |x, y| {
            picture.get_pixel(u32::try_from(x).unwrap(), u32::try_from(y).unwrap()).0[0]
        });
    let (meta, _) = prepared.detect_grids()[0].decode().unwrap();
    assert_eq!(meta.ecc_level, 0, "0 stands for level M in the format bits");
    assert!(svg(&text).unwrap().contains("<svg"));
    assert_eq!(svg(&"x".repeat(3000)).unwrap_err().code(), "code_too_long");
    assert_eq!(png(&"x".repeat(3000), 4).unwrap_err().code(), "code_too_long");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_picture_makes_reading_panic(width in 1..160u32, height in 1..160u32, block in 1..12u32, seed in any::<u64>()) {
        let shade = |x: u32, y: u32| (u64::from(x / block * 7919 + y / block) ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
        let noise = GrayImage::from_fn(width, height, |x, y| Luma([shade(x, y) as u8]));
        let _ = read_picture(&as_png(noise));
    }

    #[test]
    fn no_spoilt_code_makes_reading_panic(spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..400)) {
        let mut picture = grey(&png("shlink:/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 1).unwrap());
        let pixels = picture.len();
        for (at, shade) in spots {
            picture.as_mut()[at.index(pixels)] = shade;
        }
        let _ = read_picture(&as_png(picture));
    }

    #[test]
    fn no_damaged_file_makes_reading_panic(at in any::<prop::sample::Index>(), with in any::<u8>(), jpeg in any::<bool>()) {
        let drawn = png("shlink:/AAAA", 3).unwrap();
        let mut file = if jpeg { as_jpeg(&grey(&drawn), 60) } else { drawn };
        let at = at.index(file.len());
        file[at] = with;
        let _ = read_picture(&file);
    }
}
