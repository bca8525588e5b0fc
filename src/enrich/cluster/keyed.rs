//! Maps by feature, and logarithms of counts: what comparing texts does most.
//!
//! Features are hashes already, so they are not hashed again in earnest.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// A map by feature.
pub(super) type Keyed<T> = HashMap<u32, T, BuildHasherDefault<Spread>>;

/// Spreads 32 bits over 64, since a map reads the highest and the lowest.
#[derive(Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = (self.0 ^ u64::from(value)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// The natural logarithm of a count.
pub(super) fn ln(count: usize) -> f64 {
    LOGARITHMS.get(count).copied().unwrap_or_else(|| logarithm(count))
}

static LOGARITHMS: LazyLock<Vec<f64>> = LazyLock::new(|| (0..65_536).map(logarithm).collect());

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn logarithm(count: usize) -> f64 {
    (count as f64).ln()
}
