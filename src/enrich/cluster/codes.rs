//! Lists of codes as they are stored: five characters a code, for serde's `with`.
//!
//! Lists of numbers, as they were stored first, are read too.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};

/// Digits of a number: 85 to the fifth power is just above 2^32.
const BASE: u32 = 85;

/// Digits of one code.
const DIGITS: usize = 5;

pub(super) fn serialize<S: Serializer>(codes: &[u32], to: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(codes.len() * DIGITS);
    for code in codes {
        let mut rest = *code;
        for _ in 0..DIGITS {
            text.push(character(rest % BASE));
            rest /= BASE;
        }
    }
    to.serialize_str(&text)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u32>, D::Error> {
    from.deserialize_any(Codes)
}

/// A digit: printable characters that JSON leaves as they are.
fn character(digit: u32) -> char {
    let code = u32::from(b'#') + digit;
    let code = code + u32::from(code >= u32::from(b'\\'));
    char::from_u32(code).unwrap_or('#')
}

fn digit(byte: u8) -> Option<u32> {
    let place = u32::from(byte) - u32::from(byte > b'\\');
    place.checked_sub(u32::from(b'#')).filter(|digit| *digit < BASE && byte != b'\\')
}

struct Codes;

impl<'de> Visitor<'de> for Codes {
    type Value = Vec<u32>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a list of codes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u32>, E> {
        let code = |five: &[u8]| {
            five.iter()
                .rev()
                .try_fold(0_u32, |sum, byte| sum.checked_mul(BASE)?.checked_add(digit(*byte)?))
        };
        if !text.len().is_multiple_of(DIGITS) {
            return Err(E::custom("a code is cut off"));
        }
        let codes: Option<Vec<u32>> = text.as_bytes().chunks(DIGITS).map(code).collect();
        codes.ok_or_else(|| E::custom("not a code"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<u32>, A::Error> {
        let mut codes = Vec::new();
        while let Some(code) = list.next_element()? {
            codes.push(code);
        }
        Ok(codes)
    }
}
