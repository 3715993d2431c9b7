//! What sealing costs: documents of 100 bytes and of 10 KiB per second, beside the bare cipher in the same run (the ratio is what
//! a key of its own for each value, padding and the segments add), a chart that opens through a team, and the passphrase's slot.
#![allow(clippy::unwrap_used, missing_docs)]

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use crypto::{
    Key,
    root::UserRoot,
    scope::ScopeKey,
    slot,
    value::{self, Place},
};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use std::hint::black_box;

const REALM: [u8; 16] = [1; 16];
const SCOPE: [u8; 16] = [2; 16];
const DOCUMENTS: [(&str, usize); 2] = [("100 bytes", 100), ("10 KiB", 10 * 1024)];
/// So many values stand on the page that a chart opens with.
const FRONT_PAGE: u64 = 50;

fn place() -> Place<'static> {
    Place { realm: &REALM, scope: &SCOPE, collection: "medical_records", id: &[3; 16], field: "_", stamp: &[6; 16] }
}

fn documents(criterion: &mut Criterion) {
    let key = ScopeKey::make(SCOPE, 1).unwrap();
    for (name, length) in DOCUMENTS {
        let plain = vec![0x5a; length];
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(1));
        group.bench_function("seal", |bench| bench.iter(|| value::seal(&key, &place(), black_box(&plain)).unwrap()));
        let sealed = value::seal(&key, &place(), &plain).unwrap();
        group.bench_function("open", |bench| bench.iter(|| value::open(&key, &place(), black_box(&sealed)).unwrap()));
        bare_cipher(&mut group, &plain);
        group.finish();
    }
}

/// The peer: `ring` alone, one key for all, no padding, no check of a place.
fn bare_cipher(group: &mut BenchmarkGroup<'_, WallTime>, plain: &[u8]) {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
    let nonce = || Nonce::assume_unique_for_key([9; 12]);
    let sealed = || {
        let mut bytes = plain.to_vec();
        key.seal_in_place_append_tag(nonce(), Aad::empty(), &mut bytes).unwrap();
        bytes
    };
    group.bench_function("seal, AES-256-GCM alone", |bench| bench.iter(sealed));
    let there = sealed();
    group.bench_function("open, AES-256-GCM alone", |bench| {
        bench.iter(|| {
            let mut bytes = there.clone();
            key.open_in_place(nonce(), Aad::empty(), &mut bytes).unwrap().len()
        })
    });
}

/// From a member's team key to what the chart's first page shows.
fn chart_through_a_team(criterion: &mut Criterion) {
    let team = ScopeKey::make([4; 16], 1).unwrap();
    let chart = ScopeKey::make(SCOPE, 1).unwrap();
    let sealed_key = chart.seal_for_team(&REALM, &team).unwrap();
    let page: Vec<_> = (0..FRONT_PAGE).map(|_| value::seal(&chart, &place(), &[0x5a; 600]).unwrap()).collect();
    let mut group = criterion.benchmark_group("chart granted through a team");
    let key = || ScopeKey::open_from_team(&REALM, SCOPE, 1, chart.commitment(), &team, &sealed_key).unwrap();
    group.bench_function("its key", |bench| bench.iter(key));
    group.throughput(Throughput::Elements(FRONT_PAGE));
    group.bench_function("its key and fifty values of 600 bytes", |bench| {
        bench.iter(|| {
            let key = key();
            page.iter().map(|sealed| value::open(&key, &place(), sealed).unwrap().len()).sum::<usize>()
        })
    });
    group.finish();
}

fn passphrase(criterion: &mut Criterion) {
    let (root, secret) = (UserRoot::make(1).unwrap(), Key::make().unwrap());
    let phrase = "papaya lantern orbit mosaic thirteen violin";
    let closed = slot::close(&root, &[5; 16], phrase, &secret).unwrap();
    let mut group = criterion.benchmark_group("passphrase");
    group.sample_size(10);
    group.bench_function("open the slot", |bench| bench.iter(|| slot::open(&closed, phrase, &secret).unwrap()));
    group.finish();
}

criterion_group!(benches, documents, chart_through_a_team, passphrase);
criterion_main!(benches);
