//! Records from screen to camera: frames lost, doubled, out of order, mixed up and hostile.
#![allow(clippy::unwrap_used, reason = "tests")]

use minicbor::bytes::ByteVec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use share::Error;
use share::qr::{read_picture, screen_png};
use share::transfer::{CONTENT_MAX, Joiner, PARTS_MAX, Receiver, ReceiverCode, SEALED_MAX, Sender};

/// Bytes that packing makes no smaller.
fn dense(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(state >> 56).unwrap()
    };
    (0..length).map(|_| next()).collect()
}

fn pair(content: &[u8]) -> (Receiver, Sender) {
    let receiver = Receiver::make().unwrap();
    let sender = Sender::new(&receiver.code(), content).unwrap();
    (receiver, sender)
}

fn frames(sender: &mut Sender, count: usize) -> Vec<String> {
    (0..count).map(|_| sender.next_frame()).collect()
}

/// Takes frames until the content is there; how many it needed.
fn until_there(receiver: &mut Receiver, frames: &[String]) -> Option<(Vec<u8>, usize)> {
    frames.iter().enumerate().find_map(|(at, frame)| Some((receiver.take(frame).ok()?.content?, at + 1)))
}

#[test]
fn the_largest_message_arrives_from_pictures_of_its_codes() {
    let content = dense(SEALED_MAX - 1_200, 3);
    let (mut receiver, mut sender) = pair(&content);
    // The still code, as a camera would see it.
    let shown = read_picture(&screen_png(&receiver.code().text(), 4).unwrap()).unwrap();
    assert_eq!(ReceiverCode::parse(&shown[0]).unwrap(), receiver.code());
    assert!(sender.parts() <= PARTS_MAX && sender.sealed_bytes() > SEALED_MAX - 100);
    let mut percents = Vec::new();
    for _ in 0..sender.parts() - 1 {
        // Every tenth as a picture: reading them all is slow without optimisation, and proves nothing more.
        let frame = sender.next_frame();
        let seen = match sender.given() % 10 {
            0 => read_picture(&screen_png(&frame, 3).unwrap()).unwrap().remove(0),
            _ => frame,
        };
        let taken = receiver.take(&seen).unwrap();
        assert_eq!(taken.content, None);
        percents.push(taken.percent);
    }
    assert!(percents.is_sorted() && percents[0] <= 1 && *percents.last().unwrap() == 99);
    let last = receiver.take(&sender.next_frame()).unwrap();
    assert_eq!((last.percent, last.content), (100, Some(content)));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_shown() {
    let receiver = Receiver::make().unwrap();
    let refused = |content: &[u8]| Sender::new(&receiver.code(), content).err().map(|error| error.code());
    assert_eq!(refused(&dense(SEALED_MAX, 1)), Some("transfer_too_large"));
    assert_eq!(refused(&vec![0; CONTENT_MAX + 1]), Some("transfer_too_large"));
    assert_eq!(refused(&vec![0; CONTENT_MAX]), None);
}

#[test]
fn a_wrong_recipient_reads_nothing_and_can_go_on() {
    let (mut meant, mut sender) = pair(b"for one screen alone");
    let mut other = Receiver::make().unwrap();
    let shown = frames(&mut sender, 12);
    let errors: Vec<Error> = shown.iter().filter_map(|frame| other.take(frame).err()).collect();
    assert!(!errors.is_empty() && errors.iter().all(|error| matches!(error, Error::TransferNotForUs)));
    assert_eq!(until_there(&mut meant, &shown).unwrap().0, b"for one screen alone");
    let mut right = Sender::new(&other.code(), b"now for this one").unwrap();
    assert_eq!(until_there(&mut other, &frames(&mut right, 12)).unwrap().0, b"now for this one");
}

#[test]
fn whoever_looks_late_sees_mixtures_alone_and_gets_it_all_the_same() {
    const TRANSFERS: usize = 24;
    let content = dense(20_000, 5);
    let mut needed = Vec::new();
    let mut parts = 0;
    for _ in 0..TRANSFERS {
        let (mut receiver, mut sender) = pair(&content);
        parts = sender.parts();
        frames(&mut sender, parts);
        let (got, count) = until_there(&mut receiver, &frames(&mut sender, 6 * parts)).unwrap();
        assert_eq!(got, content);
        needed.push(count);
    }
    // Which parts a frame mixes follows from the sealed bytes, other ones each time: one transfer alone may be unlucky. In the mean it is
    // twice the number of parts, and of so many transfers never by a quarter more.
    assert!(2 * needed.iter().sum::<usize>() <= 5 * TRANSFERS * parts, "{needed:?} frames for {parts} parts");
}

#[test]
fn a_frame_of_another_message_is_refused_and_three_begin_that_one() {
    let (mut receiver, mut first) = pair(&dense(5_000, 1));
    let mut second = Sender::new(&receiver.code(), &dense(6_000, 2)).unwrap();
    receiver.take(&first.next_frame()).unwrap();
    for _ in 0..4 {
        assert!(matches!(receiver.take(&second.next_frame()), Err(Error::OtherTransfer)));
        receiver.take(&first.next_frame()).unwrap();
    }
    for _ in 0..2 {
        assert!(matches!(receiver.take(&second.next_frame()), Err(Error::OtherTransfer)));
    }
    let (got, _) = until_there(&mut receiver, &frames(&mut second, 60)).unwrap();
    assert_eq!(got, dense(6_000, 2));
}

/// A frame whose own check holds, with numbers as somebody wrote them.
fn forged(number: u32, parts: u32, length: u32, checksum: u32, data: &[u8]) -> String {
    let mut cbor = Vec::new();
    let mut writer = minicbor::Encoder::new(&mut cbor);
    writer.array(5).unwrap().u32(number).unwrap().u32(parts).unwrap().u32(length).unwrap().u32(checksum).unwrap();
    writer.bytes(data).unwrap();
    format!("ur:bytes/{number}-{parts}/{}", ur::bytewords::encode(&cbor, ur::bytewords::Style::Minimal))
}

#[test]
fn forged_numbers_are_refused_before_anything_is_allocated() {
    let many = u32::try_from(PARTS_MAX).unwrap() + 1;
    for frame in [
        forged(1, u32::MAX, u32::MAX, 0, &[0; 8]),
        forged(u32::MAX, u32::MAX, u32::MAX, 0, &[0; 8]),
        forged(1, many, many, 0, &[0]),
        forged(1, 1, u32::MAX, 0, &[0; 8]),
        forged(1, 2, 8, 0, &[0; 8]),
        forged(1, 1, 9, 0, &[0; 8]),
        forged(0, 1, 8, 0, &[0; 8]),
        forged(1, 0, 8, 0, &[0; 8]),
        forged(1, 1, 0, 0, &[]),
    ] {
        assert!(matches!(Joiner::default().take(&frame), Err(Error::DamagedFrame)), "{frame}");
    }
}

#[test]
fn frames_that_hold_alone_and_not_together_end_and_begin_anew() {
    let (mut receiver, mut sender) = pair(&dense(2_000, 9));
    for number in 1..=4 {
        let taken = receiver.take(&forged(number, 4, 400, 7, &[9; 100]));
        assert_eq!(number == 4, matches!(taken, Err(Error::TransferDamaged)));
    }
    // Mixtures that never resolve are given up, so that memory stays bounded.
    let mixed = (0..5_000).map(|at| receiver.take(&forged(1_000_000 + at, 400, 40_000, 7, &[9; 100])));
    assert!(mixed.filter(|taken| matches!(taken, Err(Error::TransferDamaged))).count() >= 1);
    let (got, _) = until_there(&mut receiver, &frames(&mut sender, 40)).unwrap();
    assert_eq!(got, dense(2_000, 9));
}

#[test]
fn what_unpacks_without_end_is_not_unpacked() {
    let receiver = Receiver::make().unwrap();
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), 64 * 1024 * 1024), &mut packer).unwrap();
    let key = crypto::transfer::TransferPublic::parse(&receiver.code().text()).unwrap();
    let sealed = key.seal(&packer.finish().unwrap()).unwrap();
    let mut receiver = receiver;
    let mut encoder = ur::Encoder::bytes(&minicbor::to_vec(ByteVec::from(sealed)).unwrap(), 500).unwrap();
    let refused = (0..200).find_map(|_| receiver.take(&encoder.next_part().unwrap()).err());
    assert!(matches!(refused, Some(Error::Bomb { limit: CONTENT_MAX })), "{refused:?}");
}

#[test]
fn every_truncated_or_garbled_frame_is_an_error_and_the_transfer_goes_on() {
    let content = dense(3_000, 4);
    let (mut receiver, mut sender) = pair(&content);
    let shown = frames(&mut sender, 40);
    receiver.take(&shown[0]).unwrap();
    for length in 0..shown[1].len() {
        assert!(receiver.take(&shown[1][..length]).is_err(), "cut at {length}");
    }
    for place in 0..shown[1].len() {
        let mut garbled = shown[1].clone().into_bytes();
        garbled[place] = if garbled[place] == b'A' { b'B' } else { b'A' };
        assert!(receiver.take(&String::from_utf8(garbled).unwrap()).is_err(), "letter {place}");
    }
    for text in
        ["", "ur:", "ur:bytes/", "ur:bytes/1-2", "ur:bytes/1-2/", "UR:BYTES/é", "shlink:/abc", "ur:seed/1-2/aeae"]
    {
        assert!(receiver.take(text).is_err(), "{text}");
    }
    assert!(matches!(receiver.take(&"A".repeat(1 << 20)), Err(Error::NotAFrame)));
    assert_eq!(until_there(&mut receiver, &shown[1..]).unwrap().0, content);
}

#[test]
fn codes_of_receivers_are_told_from_other_texts() {
    let code = Receiver::make().unwrap().code();
    assert_eq!(ReceiverCode::parse(&format!(" {}\n", code.text())).unwrap(), code);
    assert_eq!(code.comparison().len(), 9);
    assert!(matches!(ReceiverCode::parse("shlink:/abc"), Err(Error::NotAReceiver)));
    assert!(matches!(ReceiverCode::parse(&code.text()[..900]), Err(Error::DamagedReceiver)));
    // Small enough to be read from a screen: 26 of 40 sizes, 121 modules and the border.
    let picture = image::load_from_memory(&screen_png(&code.text(), 1).unwrap()).unwrap();
    assert_eq!(picture.width(), 121 + 8);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: RngSeed::Fixed(23), ..ProptestConfig::default() })]

    /// Three in ten are lost, some come twice, and none in its order.
    #[test]
    fn lost_doubled_and_shuffled_frames_still_arrive(length in 0usize..30_000, seed: u64, order in any::<prop::sample::Index>()) {
        let content = dense(length, seed);
        let (mut receiver, mut sender) = pair(&content);
        let count = 4 * sender.parts() + 20;
        let mut shown = frames(&mut sender, count);
        let chance = dense(count, seed ^ 7);
        let mut kept: Vec<String> = Vec::new();
        for (frame, chance) in shown.drain(..).zip(&chance) {
            if *chance >= 77 {
                kept.push(frame.clone());
            }
            if *chance >= 200 {
                kept.push(frame);
            }
        }
        let keys = dense(kept.len() * 4, seed ^ order.index(1 << 20) as u64);
        let mut shuffled: Vec<_> = keys.chunks(4).zip(kept).collect();
        shuffled.sort();
        let shuffled: Vec<String> = shuffled.into_iter().map(|(_, frame)| frame).collect();
        let (got, _) = until_there(&mut receiver, &shuffled).expect("enough frames came");
        prop_assert_eq!(got, content);
    }

    #[test]
    fn no_text_panics_or_is_taken_for_a_whole_message(text in "(?s).{0,300}", body in "[a-z]{0,200}", n in 0u32..9, of in 0u32..9) {
        let mut receiver = Receiver::make().unwrap();
        prop_assert!(receiver.take(&text).is_err());
        let framed = format!("ur:bytes/{n}-{of}/{body}");
        prop_assert!(receiver.take(&framed).is_err());
        prop_assert!(ReceiverCode::parse(&text).is_err());
    }

    #[test]
    fn forged_frames_never_panic(parts in 1u32..600, fragment in 1usize..300, numbers in prop::collection::vec(any::<u32>(), 1..60), data: u64) {
        let mut joiner = Joiner::default();
        let length = parts * u32::try_from(fragment).unwrap();
        for number in numbers {
            let _ = joiner.take(&forged(number, parts, length, 5, &dense(fragment, data ^ u64::from(number))));
        }
    }
}
