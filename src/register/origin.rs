//! Whose report a claim is in the end, which claims are copies of one, and how far each is trusted.
//!
//! A wire story printed forty times is one origin. Claims are compared within
//! one holder and action only; who is compared with whom first plays no part.

use std::collections::HashSet;

use crate::lexicon::fold as folded;
use crate::model::license::{Certainty, Claim, DateBasis, PartialDate};
use crate::text;

/// How far a claim is trusted: smaller is further.
///
/// 1 the holder's own filing or answer, 2 China's authorities, 3 the customer, 4 a named wire or
/// established press, 5 another country's authorities, 6 trade press, 7 rewrites, 8 talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trust(pub u8);

/// Words in an origin or publisher that mean China's own authorities.
const CHINA: [&str; 10] = [
    "mofcom",
    "china's ministry of commerce",
    "chinese ministry of commerce",
    "china's commerce ministry",
    "commerce ministry of china",
    "general administration of customs",
    "商务部",
    "海关总署",
    "国务院",
    "外交部",
];

/// The trust of a claim. A rewrite stays a rewrite, whoever it says stands behind it.
#[must_use]
pub fn trust(claim: &Claim) -> Trust {
    let relayed = match claim.tier.0 {
        0..=2 => 4,
        3 => 6,
        _ => 7,
    };
    let rank = match claim.certainty {
        Certainty::Rumored => 8,
        _ if relayed == 7 => 7,
        Certainty::CompanyConfirmed => 1,
        Certainty::Official => {
            if is_chinas(claim) {
                2
            } else {
                5
            }
        }
        Certainty::CustomerConfirmed => 3,
        // Who denies is the firm or the authority; the text that relays it says how surely.
        Certainty::Denied if relayed == 4 => 2,
        Certainty::Reported | Certainty::Denied => relayed,
    };
    Trust(rank)
}

fn is_chinas(claim: &Claim) -> bool {
    let said = claim.origin.as_deref().unwrap_or(&claim.publisher);
    let said = folded(said);
    CHINA.iter().any(|name| said.contains(name)) || said == "ministry of commerce"
}

/// Other names of wires.
const WIRES: [(&str, &str); 9] = [
    ("thomsonreuters", "reuters"),
    ("路透社", "reuters"),
    ("路透", "reuters"),
    ("reutersnews", "reuters"),
    ("彭博社", "bloomberg"),
    ("彭博", "bloomberg"),
    ("bloombergnews", "bloomberg"),
    ("财联社", "cailian"),
    ("cailianpress", "cailian"),
];

/// Whose report it is, in a form that can be compared: the one who confirms, or the wire that the
/// text names, or else its publisher.
#[must_use]
pub(super) fn origin(claim: &Claim) -> String {
    let said = claim.origin.as_deref().filter(|origin| !origin.trim().is_empty());
    let name: String =
        folded(said.unwrap_or(&claim.publisher)).chars().filter(|c| c.is_alphanumeric()).collect();
    let name =
        WIRES.iter().find(|(other, _)| *other == name).map_or(name, |(_, wire)| (*wire).to_owned());
    match claim.certainty {
        Certainty::CompanyConfirmed => "the holder".to_owned(),
        Certainty::CustomerConfirmed if said.is_none() => {
            format!("customer {}", claim.customers.join(" ").to_lowercase())
        }
        Certainty::Official if is_chinas(claim) => "china".to_owned(),
        Certainty::Denied => format!("denied {name}"),
        Certainty::Official
        | Certainty::CustomerConfirmed
        | Certainty::Reported
        | Certainty::Rumored => name,
    }
}

/// Reports of one origin within this many days tell one story.
const STORY_DAYS: i64 = 14;
/// Reports that date the event itself within this many days of each other tell the same event.
const EVENT_DAYS: i64 = 3;
/// Quotes this alike are one text.
const ALIKE: f32 = 0.6;
/// Quotes shorter than this many characters prove nothing.
const SHORTEST_QUOTE: usize = 24;

/// What of a claim is compared.
pub(super) struct Print {
    origin: String,
    words: HashSet<u64>,
}

impl Print {
    pub(super) fn of(claim: &Claim) -> Self {
        Self { origin: origin(claim), words: shingles(&claim.quote) }
    }

    /// Whether two claims of one party and action are copies of one report.
    pub(super) fn same_story(&self, a: &Claim, other: &Self, b: &Claim) -> bool {
        if (a.certainty == Certainty::Denied) != (b.certainty == Certainty::Denied) {
            return false;
        }
        let same_page = a.url == b.url && !a.url.is_empty();
        if !same_page && !near(a, b) {
            return false;
        }
        let told_alike = self.origin == other.origin || same_page;
        if a.holder.is_some() {
            return told_alike || self.alike(other);
        }
        // One text may tell of several unnamed holders.
        (told_alike && described_alike(a, b)) || self.alike(other)
    }

    fn alike(&self, other: &Self) -> bool {
        if self.words.is_empty() || other.words.is_empty() {
            return false;
        }
        let shared = self.words.intersection(&other.words).count();
        let all = self.words.len() + other.words.len() - shared;
        #[expect(clippy::cast_precision_loss, reason = "a quote has few words")]
        let share = shared as f32 / all as f32;
        share >= ALIKE
    }
}

/// Whether two unnamed holders are described in the same way.
pub(super) fn described_alike(a: &Claim, b: &Claim) -> bool {
    let (one, other) = (folded(&a.description), folded(&b.description));
    (!one.is_empty() && one == other && a.customers.is_empty() == b.customers.is_empty())
        || a.customers.iter().any(|customer| b.customers.contains(customer))
}

fn near(a: &Claim, b: &Claim) -> bool {
    if (a.published - b.published).num_days().abs() <= STORY_DAYS {
        return true;
    }
    // A report that is retold long after is dated by its first day, whatever the first was dated by.
    let told = |claim: &Claim| claim.date.unwrap_or(PartialDate::Day(claim.published));
    let (one, other) = (told(a), told(b));
    let dated = |claim: &Claim| claim.date.is_some() && claim.date_basis == DateBasis::Event;
    let days = |date: PartialDate| matches!(date, PartialDate::Day(_));
    (dated(a) && dated(b) || (dated(a) || dated(b)) && days(one) && days(other))
        && (one.first_day() - other.first_day()).num_days().abs() <= EVENT_DAYS
}

/// Runs of three characters of Han text, single words of other text: enough to tell copies.
fn shingles(quote: &str) -> HashSet<u64> {
    let folded = folded(quote);
    if folded.chars().count() < SHORTEST_QUOTE && !folded.chars().any(text::is_han) {
        return HashSet::new();
    }
    let letters: Vec<char> = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.iter().any(|c| text::is_han(*c)) {
        return letters.windows(3).map(hash).collect();
    }
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(hash).collect()
}

fn hash<T: std::hash::Hash + ?Sized>(value: &T) -> u64 {
    use std::hash::{DefaultHasher, Hasher as _};
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
