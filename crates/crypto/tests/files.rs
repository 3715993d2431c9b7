//! Files go through segment by segment, padded, and come back whole or not at all.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use crypto::file::{self, FileFacts, FileOpener, FileSealer};
use crypto::seal::{HEADER, SEGMENT, TAG};
use crypto::{Error, Key, encode, pad};

const REALM: [u8; 16] = [1; 16];
const BLOB: [u8; 16] = [2; 16];

fn key() -> Key {
    Key::from_bytes([7; 32])
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|place| (place % 251) as u8 + 1).collect()
}

fn sealed(plain: &[u8], piece: usize) -> (Vec<Vec<u8>>, FileFacts) {
    let mut sealer = FileSealer::new(&key(), &REALM, &BLOB, plain.len() as u64).unwrap();
    let mut segments = Vec::new();
    for piece in plain.chunks(piece) {
        segments.append(&mut sealer.write(piece).unwrap());
    }
    let (mut last, facts) = sealer.finish().unwrap();
    segments.append(&mut last);
    (segments, facts)
}

fn opener(facts: FileFacts, segments: &[Vec<u8>]) -> FileOpener {
    FileOpener::new(&key(), &REALM, &BLOB, facts, &segments[0]).unwrap()
}

fn read(facts: FileFacts, segments: &[Vec<u8>]) -> Vec<u8> {
    let opener = opener(facts, segments);
    (0u32..).zip(segments).flat_map(|(index, bytes)| opener.open_segment(index, bytes).unwrap().to_vec()).collect()
}

#[test]
fn files_of_every_awkward_length_come_back() {
    let first = SEGMENT - HEADER - TAG;
    let later = SEGMENT - TAG;
    for length in [0, 1, 2, 31, 1000, first - 1, first, first + 1, first + later, first + later + 1, 3 * SEGMENT] {
        let plain = content(length);
        let (segments, facts) = sealed(&plain, 100_000);
        assert_eq!(segments.len(), facts.segments().unwrap() as usize, "{length}");
        assert_eq!(facts.plain_len, length as u64);
        assert_eq!(facts.sealed_len as usize, segments.iter().map(Vec::len).sum::<usize>());
        assert_eq!(facts.digest, encode::sha256(&segments.concat()));
        assert_eq!(facts.digest, file::digest(segments.iter().map(Vec::as_slice)));
        assert!(segments.iter().rev().skip(1).all(|segment| segment.len() == SEGMENT));
        assert_eq!(read(facts, &segments), plain, "{length}");
    }
}

#[test]
fn the_size_of_pieces_does_not_matter_and_close_lengths_look_alike() {
    let plain = content(SEGMENT + 5000);
    let (one, facts) = sealed(&plain, usize::MAX);
    let (many, _) = sealed(&plain, 777);
    assert_eq!(read(facts, &one), plain);
    assert_eq!(one.iter().map(Vec::len).collect::<Vec<_>>(), many.iter().map(Vec::len).collect::<Vec<_>>());
    let padded = pad::padme(plain.len() as u64);
    assert!(padded > plain.len() as u64);
    assert_eq!(sealed(&content(padded as usize), usize::MAX).1.sealed_len, facts.sealed_len);
}

#[test]
fn more_or_less_than_announced_is_refused() {
    let mut sealer = FileSealer::new(&key(), &REALM, &BLOB, 10).unwrap();
    sealer.write(&[1; 9]).unwrap();
    assert!(matches!(sealer.write(&[1; 2]), Err(Error::BadForm(_))));
    assert!(matches!(sealer.finish(), Err(Error::BadForm(_))));
    assert!(matches!(FileSealer::new(&key(), &REALM, &BLOB, u64::MAX), Err(Error::BadForm(_))));
}

#[test]
fn altered_exchanged_or_foreign_segments_are_refused() {
    let (segments, facts) = sealed(&content(2 * SEGMENT + 100), SEGMENT);
    let opener = opener(facts, &segments);
    assert_eq!(opener.segments(), 3);
    assert!(opener.open_segment(1, &segments[1]).is_ok());
    assert!(opener.open_segment(1, &segments[0]).is_err());
    assert!(opener.open_segment(2, &segments[1]).is_err());
    assert!(opener.open_segment(1, &segments[2]).is_err());
    assert!(opener.open_segment(3, &segments[2]).is_err());
    assert!(opener.open_segment(2, &segments[2][1..]).is_err());
    let mut altered = segments[1].clone();
    altered[1000] ^= 1;
    assert!(matches!(opener.open_segment(1, &altered), Err(Error::Unopenable)));

    let elsewhere = FileOpener::new(&key(), &REALM, &[3; 16], facts, &segments[0]).unwrap();
    assert!(elsewhere.open_segment(0, &segments[0]).is_err());
    let other_realm = FileOpener::new(&key(), &[3; 16], &BLOB, facts, &segments[0]).unwrap();
    assert!(other_realm.open_segment(0, &segments[0]).is_err());
    let other_key = FileOpener::new(&Key::from_bytes([8; 32]), &REALM, &BLOB, facts, &segments[0]).unwrap();
    assert!(other_key.open_segment(0, &segments[0]).is_err());
}

#[test]
fn a_file_cut_short_by_a_whole_segment_is_refused() {
    let (segments, facts) = sealed(&content(2 * SEGMENT + 100), SEGMENT);
    let shorter = pad::padme(SEGMENT as u64);
    let claimed = FileFacts { plain_len: shorter, sealed_len: crypto::seal::sealed_len(shorter), ..facts };
    let opener = opener(claimed, &segments);
    let last = opener.segments() - 1;
    assert!(opener.open_segment(last, &segments[last as usize]).is_err());
}

#[test]
fn contradicting_facts_are_refused() {
    let (segments, facts) = sealed(&content(100), 100);
    for wrong in [
        FileFacts { plain_len: 50, ..facts },
        FileFacts { sealed_len: facts.sealed_len + 1, ..facts },
        FileFacts { plain_len: u64::MAX, sealed_len: u64::MAX, ..facts },
        FileFacts { plain_len: 1 << 60, sealed_len: crypto::seal::sealed_len(1 << 60), ..facts },
    ] {
        assert!(matches!(FileOpener::new(&key(), &REALM, &BLOB, wrong, &segments[0]), Err(Error::Unopenable)));
    }
    assert!(FileOpener::new(&key(), &REALM, &BLOB, facts, b"").is_err());
}

#[test]
fn every_flipped_bit_shortening_and_extension_of_a_file_is_refused() {
    let (segments, facts) = sealed(b"a scan", 3);
    let whole = &segments[0];
    let opened = |bytes: &[u8]| {
        let opener = FileOpener::new(&key(), &REALM, &BLOB, facts, bytes)?;
        opener.open_segment(0, bytes).map(|plain| plain.to_vec())
    };
    assert_eq!(opened(whole).unwrap(), b"a scan");
    for bit in 0..whole.len() * 8 {
        let mut altered = whole.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(opened(&altered), Err(Error::Unopenable), "bit {bit}");
        assert_ne!(file::digest([&altered]), facts.digest);
    }
    for length in 0..whole.len() {
        assert_eq!(opened(&whole[..length]), Err(Error::Unopenable), "length {length}");
    }
    for tail in [vec![0], vec![0; TAG], whole.clone()] {
        assert_eq!(opened(&[whole.as_slice(), &tail].concat()), Err(Error::Unopenable));
    }
}

/// No key, salt or size is shared: equal files, of one person or of two, have nothing in common on the remote.
#[test]
fn equal_files_do_not_look_alike() {
    let seal = |key: &Key| {
        let mut sealer = FileSealer::new(key, &REALM, &BLOB, 6).unwrap();
        let mut segments = sealer.write(b"a scan").unwrap();
        segments.append(&mut sealer.finish().unwrap().0);
        segments.concat()
    };
    let (one, again, other) = (seal(&key()), seal(&key()), seal(&Key::make().unwrap()));
    for (left, right) in [(&one, &again), (&one, &other)] {
        assert_eq!(left.len(), right.len());
        assert!(left[1..].chunks(8).zip(right[1..].chunks(8)).all(|(left, right)| left != right));
    }
}
