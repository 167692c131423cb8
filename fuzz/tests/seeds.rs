//! Every target over its seeds, over everything that once broke something, and over mutations of them.

use bianfang_fuzz::{TARGETS, Target, panics, seed};
use std::sync::Once;

static HOOK: Once = Once::new();

/// Mutations of each target; a fixed number, so that every run is the same.
const MUTATIONS: usize = 2_000;

fn target(name: &str) -> &'static Target {
    TARGETS
        .iter()
        .find(|target| target.name == name)
        .unwrap_or_else(|| panic!("no target {name}"))
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// One to eight small damages: a byte changed, a piece cut out, doubled, or taken from another input.
    fn mutate(&mut self, bytes: &[u8], other: &[u8], bytes_max: usize) -> Vec<u8> {
        let mut out = bytes.to_vec();
        for _ in 0..=self.below(8) {
            let at = self.below(out.len());
            let end = (at + 1 + self.below(16)).min(out.len());
            match self.below(6) {
                0 | 1 if !out.is_empty() => out[at] ^= 1 << self.below(8),
                2 if !out.is_empty() => out[at] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
                3 if !out.is_empty() => drop(out.drain(at..end)),
                4 if !out.is_empty() => {
                    let piece = out[at..end].to_vec();
                    out.splice(at..at, piece);
                }
                _ if !other.is_empty() => {
                    let from = self.below(other.len());
                    let to = (from + 1 + self.below(32)).min(other.len());
                    out.splice(at..at, other[from..to].iter().copied());
                }
                _ => out.push(0),
            }
        }
        out.truncate(bytes_max);
        out
    }
}

fn run(name: &str) {
    HOOK.call_once(|| panics::tell_apart(false));
    let target = target(name);
    let seeds = seed::of(name);
    assert!(!seeds.is_empty(), "{name} has no seeds");
    for (seed, bytes) in &seeds {
        println!("{name}: {seed}");
        assert!(
            bytes.len() <= target.bytes_max,
            "{seed} is longer than {}",
            target.bytes_max
        );
        (target.run)(bytes);
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..MUTATIONS / target.cost {
        let (one, other) = (random.below(seeds.len()), random.below(seeds.len()));
        let bytes = random.mutate(&seeds[one].1, &seeds[other].1, target.bytes_max);
        (target.run)(&bytes);
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*

        #[test]
        fn every_target_is_tried_here() {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

targets! { admission document frame inputs operations rescue roster row wire }
