//! What a write and a search cost, in a real encrypted vault on disk. Numbers are per second and depend on the disk: every
//! commit waits for it.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::*;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use model::Patient;
use std::hint::black_box;

const PEOPLE: usize = 10_000;
const MANY: usize = 100;

fn writes(criterion: &mut Criterion) {
    let (_dir, vault) = clinic();
    let chart = open_chart(&vault, "Grace");
    let team = vault.me().unwrap().team;
    let mut group = criterion.benchmark_group("write");
    group.sample_size(20);
    group.throughput(Throughput::Elements(1));
    group.bench_function("append one", |bench| bench.iter(|| add_record(&vault, chart, "Visit")));
    let mut n = 0u64;
    group.bench_function("put one", |bench| {
        bench.iter(|| {
            n += 1;
            put(&vault, chart, serde_json::json!({"address": n.to_string()}));
        })
    });
    group.throughput(Throughput::Elements(MANY as u64));
    group.bench_function("put a hundred in one transaction", |bench| {
        bench.iter(|| {
            vault
                .write(now(), |w| {
                    for n in 0..MANY {
                        let id = w.new_id()?;
                        w.put::<Patient>(id, team, &patient(&format!("Person {n}")))?;
                    }
                    Ok(())
                })
                .unwrap()
        })
    });
    group.bench_function("append a hundred in one transaction", |bench| {
        bench.iter(|| {
            vault
                .write(now(), |w| {
                    for _ in 0..MANY {
                        let id = w.new_id()?;
                        w.append(id, chart, &record(chart, "Visit"))?;
                    }
                    Ok(())
                })
                .unwrap()
        })
    });
    group.finish();
}

fn searches(criterion: &mut Criterion) {
    let (_dir, vault) = clinic();
    let team = vault.me().unwrap().team;
    for chunk in 0..PEOPLE / 500 {
        vault
            .write(now(), |w| {
                for n in chunk * 500..(chunk + 1) * 500 {
                    let id = w.new_id()?;
                    w.put::<Patient>(id, team, &patient(&format!("Name{} Family{n}", n % 97)))?;
                }
                Ok(())
            })
            .unwrap();
    }
    let mut group = criterion.benchmark_group("search over ten thousand");
    for text in ["n", "name1 fam", "family99", "123-45"] {
        group.bench_function(text, |bench| bench.iter(|| black_box(vault.search::<Patient>(text, 0, 20).unwrap())));
    }
    group.finish();
}

fn charts(criterion: &mut Criterion) {
    let (_dir, vault) = clinic();
    let mut group = criterion.benchmark_group("chart");
    group.sample_size(10);
    group.bench_function("open fifty in one transaction", |bench| {
        bench.iter_batched(
            || (),
            |()| {
                vault
                    .write(now(), |w| {
                        for _ in 0..50 {
                            let id = w.new_id()?;
                            w.open_chart(id, None)?;
                        }
                        Ok(())
                    })
                    .unwrap()
            },
            BatchSize::PerIteration,
        )
    });
    group.finish();
}

criterion_group!(benches, writes, searches, charts);
criterion_main!(benches);
