//! How much one device or one address may ask. Whoever asks more is told how long to wait; the others notice nothing.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Requests of one device at the same time: the second covers a retry while the first answer is still under way.
const DEVICE_AT_ONCE_MAX: usize = 2;
/// Entries kept before those that are full again are dropped.
const ENTRIES_MAX: usize = 10_000;

/// A budget that refills with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many at once.
    pub burst: u32,
    /// One more after so many milliseconds.
    pub refill_ms: u32,
}

/// Synchronising, for each device: a first load by the feed takes hundreds of rounds.
pub const SYNC_RATE: Rate = Rate {
    burst: 600,
    refill_ms: 250,
};
/// Looking and enrolling, for each address: a whole team may join behind one.
pub const JOIN_RATE: Rate = Rate {
    burst: 120,
    refill_ms: 1_000,
};
/// Wrong invitations, for each address: nobody guesses fifty bits at this rate.
pub const WRONG_RATE: Rate = Rate {
    burst: 12,
    refill_ms: 60_000,
};
/// Invitations made, for each device.
pub const INVITE_RATE: Rate = Rate {
    burst: 60,
    refill_ms: 60_000,
};

/// Asking about and handing over photos, for each device: slices of a month's photos in one go.
pub const BLOB_RATE: Rate = Rate {
    burst: 3_000,
    refill_ms: 50,
};

/// Budgets by key.
#[derive(Debug)]
pub struct Budgets<K> {
    rate: Rate,
    /// When each budget will be full again; full ones are left out.
    full_at_ms: Mutex<BTreeMap<K, i64>>,
}

impl<K: Ord + Copy> Budgets<K> {
    /// All full.
    pub fn new(rate: Rate) -> Self {
        Self {
            rate,
            full_at_ms: Mutex::default(),
        }
    }

    /// Takes one.
    ///
    /// # Errors
    /// How many seconds to wait, when nothing is left.
    pub fn take(&self, key: K, now_ms: i64) -> Result<(), u64> {
        self.with(key, now_ms, true)
    }

    /// Whether one is left, without taking it.
    ///
    /// # Errors
    /// How many seconds to wait, when nothing is left.
    pub fn check(&self, key: K, now_ms: i64) -> Result<(), u64> {
        self.with(key, now_ms, false)
    }

    fn with(&self, key: K, now_ms: i64, take: bool) -> Result<(), u64> {
        let mut all = self.full_at_ms.lock().unwrap_or_else(PoisonError::into_inner);
        let refill = i64::from(self.rate.refill_ms);
        let capacity = refill * i64::from(self.rate.burst);
        // A clock that was set back must not lock anybody out.
        let full_at = all
            .get(&key)
            .map_or(now_ms, |at| (*at).clamp(now_ms, now_ms + capacity));
        let after = full_at + refill;
        if after - now_ms > capacity {
            let wait_ms = after - now_ms - capacity;
            return Err(u64::try_from(wait_ms.div_euclid(1000) + 1).unwrap_or(1));
        }
        if take {
            if all.len() >= ENTRIES_MAX {
                all.retain(|_, full_at| *full_at > now_ms);
            }
            all.insert(key, after);
        }
        Ok(())
    }
}

/// Whose address it is, as far as addresses say: of IPv6 the network, since one house has 2^64 addresses.
pub fn origin(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        },
    }
}

/// Requests under way, by key.
#[derive(Debug)]
pub struct Places<K: Ord>(Arc<Mutex<BTreeMap<K, usize>>>);

impl<K: Ord + Copy> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Ord + Copy> Places<K> {
    /// Takes a place until the guard goes; nothing when this key has as many as it may.
    pub fn take(&self, key: K) -> Option<Place<K>> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key).or_insert(0);
        if *count >= DEVICE_AT_ONCE_MAX {
            return None;
        }
        *count += 1;
        Some(Place {
            places: Arc::clone(&self.0),
            key,
        })
    }
}

/// One request under way.
#[derive(Debug)]
pub struct Place<K: Ord> {
    places: Arc<Mutex<BTreeMap<K, usize>>>,
    key: K,
}

impl<K: Ord> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 3,
        refill_ms: 2_000,
    };

    #[test]
    fn a_spent_budget_says_how_long_to_wait_and_refills() {
        let budgets = Budgets::new(RATE);
        for _ in 0..3 {
            assert_eq!(budgets.take('a', 0), Ok(()));
        }
        assert_eq!(budgets.take('a', 0), Err(3));
        assert_eq!(budgets.check('a', 1_500), Err(1));
        assert_eq!(budgets.take('b', 0), Ok(()));
        assert_eq!(budgets.check('a', 2_000), Ok(()));
        assert_eq!(budgets.take('a', 2_000), Ok(()));
        assert!(budgets.take('a', 2_000).is_err());
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let budgets = Budgets::new(RATE);
        for _ in 0..3 {
            budgets.take('a', 1_000_000).unwrap();
        }
        assert_eq!(budgets.take('a', 0), Err(3));
    }

    #[test]
    fn places_are_given_back() {
        let places = Places::default();
        let first = places.take(1);
        let second = places.take(1);
        assert!(first.is_some() && second.is_some());
        assert!(places.take(1).is_none());
        assert!(places.take(2).is_some());
        drop(second);
        assert!(places.take(1).is_some());
    }

    #[test]
    fn a_house_is_one_origin() {
        let parse = |text: &str| origin(text.parse().unwrap());
        assert_eq!(parse("2001:db8:1:2:3:4:5:6"), parse("2001:db8:1:2::9"));
        assert_ne!(parse("2001:db8:1:2::1"), parse("2001:db8:1:3::1"));
        assert_eq!(parse("::ffff:192.0.2.7"), parse("192.0.2.7"));
    }
}
