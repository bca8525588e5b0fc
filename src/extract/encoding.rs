//! Bytes to text: byte-order mark, then the server's word, then the document's, then detection.
//!
//! A declared encoding that does not fit the bytes is not believed, and a
//! Latin-1 label never is: servers put it on GBK pages. Never fails; what no
//! encoding explains becomes replacement characters.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a document its own declaration may stand, in bytes (the HTML standard's figure).
const PRESCAN: usize = 1024;

/// Bytes that are UTF-8 throughout and hold this many characters beyond ASCII are nothing else,
/// whatever a label says.
const SURELY_UTF8: usize = 8;

/// The document's text. `content_type` is the header as sent, with or without a charset.
#[must_use]
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    if let Some(encoding) = wide(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    let utf8 = std::str::from_utf8(bytes).ok();
    if let Some(text) = utf8
        && !text.is_ascii()
        && text.chars().filter(|c| !c.is_ascii()).take(SURELY_UTF8).count() == SURELY_UTF8
    {
        return text.to_owned();
    }
    let labels = [content_type.and_then(header_charset), declared(bytes)];
    for label in labels.into_iter().flatten() {
        // What was not wide above is not UTF-16, so such a label is a slip.
        let believed = |e: &&Encoding| ![WINDOWS_1252, UTF_16LE, UTF_16BE].contains(e);
        let Some(encoding) = Encoding::for_label(label.as_bytes()).filter(believed) else {
            continue;
        };
        let (text, malformed) = encoding.decode_without_bom_handling(bytes);
        if !malformed || mostly_fits(&text) {
            return text.into_owned();
        }
    }
    if let Some(text) = utf8 {
        return text.to_owned();
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// UTF-16 without a byte-order mark, told by its first character: markup and JSON begin in ASCII.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, b'<' | b'{' | b'[' | b' ' | b'\n', ..] => Some(UTF_16BE),
        [b'<' | b'{' | b'[' | b' ' | b'\n', 0, ..] => Some(UTF_16LE),
        _ => None,
    }
}

/// Whether the odd broken byte is all that is wrong: fewer than one character in two hundred.
fn mostly_fits(text: &str) -> bool {
    let broken = text.chars().filter(|c| *c == '\u{fffd}').count();
    broken * 200 < text.chars().count()
}

fn header_charset(content_type: &str) -> Option<String> {
    let lower = content_type.to_ascii_lowercase();
    let (_, value) = lower.split_once("charset=")?;
    let value = value.trim_start_matches(['"', '\'']);
    let end = value.find(['"', '\'', ';', ' ']).unwrap_or(value.len());
    Some(value[..end].to_owned())
}

/// The charset of an XML declaration or a `<meta>` near the document's start.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN)]).to_ascii_lowercase();
    let value = if head.trim_start().starts_with("<?xml") {
        head.split_once("?>")?.0.split_once("encoding=")?.1.to_owned()
    } else {
        head.split_once("charset=")?.1.to_owned()
    };
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let end = value.find(['"', '\'', ' ', '>', '/', ';', '?']).unwrap_or(value.len());
    Some(value[..end].to_owned()).filter(|label| !label.is_empty())
}
