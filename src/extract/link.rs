//! One address for one page: what identifies an article wherever it was found.
//!
//! Only what surely does not change the page is taken away; never fails.

use url::Url;

/// Query parameters that only say where a reader came from.
const TRACKING: [&str; 18] = [
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "yclid",
    "twclid",
    "cmpid",
    "ncid",
    "spm",
    "share_token",
    "ref_src",
    "_hsenc",
    "_hsmi",
    "guccounter",
    "xtor",
];

/// The canonical form of an absolute http(s) URL; anything else comes back trimmed.
#[must_use]
pub fn canonical_url(text: &str) -> String {
    let text = text.trim();
    let Ok(mut url) = Url::parse(text) else { return text.to_owned() };
    if !matches!(url.scheme(), "http" | "https") {
        return text.to_owned();
    }
    url.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_tracking(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if url.query_pairs().count() != kept.len() {
        if kept.is_empty() {
            url.set_query(None);
        } else {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    url.into()
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_") || name.starts_with("pk_") || TRACKING.contains(&name.as_str())
}
