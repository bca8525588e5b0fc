//! A story analyzed: what happened, what is undisclosed or unchanged, why it matters.
//!
//! The first two are sentences of a source, word for word. The third is made of
//! templates: dated facts of the control regime, never a fact that no source
//! states.

use std::collections::HashMap;

use crate::compose::Candidate;
use crate::compose::highlights::{overlap, words};
use crate::lexicon::Lexicon;
use crate::model::article::{ArticleId, Element, Topic};
use crate::model::brief::{Analysis, SourceLink};
use crate::model::story::{Direction, Highlight, Story};
use crate::text;

/// Most sentences on what happened.
const HAPPENED: usize = 2;
/// Most sentences on what is undisclosed or unchanged.
const UNDISCLOSED: usize = 2;
/// Most sentences on why it matters.
const MATTERS: usize = 4;
/// Two sentences that share this much of their words say the same.
const SAME: f32 = 0.7;

/// Analyzes a story. Sentences that the edition's Highlights already hold are not said again
/// where the story has others.
pub(super) fn analyze(
    candidate: &Candidate,
    bodies: &HashMap<ArticleId, String>,
    highlights: &[Highlight],
    lexicon: &Lexicon,
) -> Analysis {
    let story = &candidate.story;
    let primary = story.primary();
    let undisclosed = undisclosed(story, bodies, lexicon);
    let known = |sentence: &Highlight, among: &[Highlight]| {
        among.iter().any(|other| other.text == sentence.text)
    };
    let told: Vec<&Highlight> =
        story.highlights.iter().filter(|sentence| !known(sentence, &undisclosed)).collect();
    let fresh: Vec<&Highlight> =
        told.iter().copied().filter(|sentence| !known(sentence, highlights)).collect();
    let happened = if fresh.is_empty() { told } else { fresh };
    Analysis {
        story: story.id.clone(),
        title: story.title.clone(),
        url: primary.map(|telling| telling.url.clone()).unwrap_or_default(),
        update: candidate.update,
        happened: happened.into_iter().take(HAPPENED).cloned().collect(),
        undisclosed,
        matters: matters(story, lexicon),
        signal: story.signal.clone(),
        topics: story.topics.clone(),
        elements: story.elements.clone(),
        companies: story.companies.clone(),
        sources: sources(story),
    }
}

/// Who reported it, primary first, each publisher once.
fn sources(story: &Story) -> Vec<SourceLink> {
    let mut links: Vec<SourceLink> = Vec::new();
    for telling in &story.tellings {
        if links.iter().all(|link| link.publisher != telling.publisher) {
            links.push(SourceLink {
                publisher: telling.publisher.clone(),
                url: telling.url.clone(),
            });
        }
    }
    links
}

/// Words by which a text says what it does not know or nobody said; lower case, Chinese simplified.
const UNDISCLOSED_CUES: &[&str] = &[
    "did not disclose",
    "didn't disclose",
    "not disclosed",
    "not been disclosed",
    "has not disclosed",
    "have not disclosed",
    "without disclosing",
    "undisclosed",
    "did not specify",
    "didn't specify",
    "not specified",
    "without specifying",
    "did not say",
    "didn't say",
    "did not name",
    "didn't name",
    "without naming",
    "not named",
    "did not identify",
    "did not provide",
    "did not give",
    "gave no detail",
    "no details",
    "not made public",
    "not been made public",
    "has not published",
    "have not published",
    "not been published",
    "did not publish",
    "not announced",
    "remains unclear",
    "remain unclear",
    "was unclear",
    "is unclear",
    "it's unclear",
    "unclear whether",
    "not clear",
    "remains unknown",
    "remain unknown",
    "未披露",
    "未公布",
    "未透露",
    "未说明",
    "未公开",
    "未点名",
    "没有披露",
    "没有公布",
    "没有透露",
    "没有说明",
    "不清楚",
    "尚不明确",
    "不得而知",
];

/// Words by which a text says what stays as it was.
const UNCHANGED_CUES: &[&str] = &[
    "unchanged",
    "did not change",
    "has not changed",
    "have not changed",
    "no change",
    "remains in force",
    "remain in force",
    "still in force",
    "stays in force",
    "remains in place",
    "remain in place",
    "remains in effect",
    "remain in effect",
    "still applies",
    "still apply",
    "not affected",
    "unaffected",
    "still require",
    "still need a licen",
    "不变",
    "仍然有效",
    "继续有效",
    "继续实施",
    "不受影响",
    "没有变化",
    "没有改变",
];

/// Sentences that only say that somebody kept silent towards a reporter.
const NO_COMMENT: &[&str] = &["request for comment", "requests for comment", "declined to comment"];

/// Whether a sentence says that something stays as it was, rather than that it is not known.
pub(super) fn says_unchanged(sentence: &str) -> bool {
    let folded = text::simplified(&sentence.to_lowercase());
    UNCHANGED_CUES.iter().any(|cue| folded.contains(cue))
        && !UNDISCLOSED_CUES.iter().any(|cue| folded.contains(cue))
}

/// What the primary article says is undisclosed or unchanged: at most two of its sentences.
fn undisclosed(
    story: &Story,
    bodies: &HashMap<ArticleId, String>,
    lexicon: &Lexicon,
) -> Vec<Highlight> {
    let Some(primary) = story.primary() else { return Vec::new() };
    let body = bodies.get(&primary.article).map(String::as_str).unwrap_or_default();
    let of_body = text::sentences(body).into_iter().map(|sentence| Highlight {
        text: text::one_line(sentence),
        url: primary.url.clone(),
        publisher: primary.publisher.clone(),
    });
    let mut found: Vec<Highlight> = Vec::new();
    for sentence in of_body.chain(story.highlights.iter().cloned()) {
        let told = words(&sentence.text);
        let new = found.iter().all(|other| overlap(&told, &words(&other.text)) < SAME);
        if new && is_telling(&sentence.text) && !lexicon.is_boilerplate(&sentence.text) {
            found.push(sentence);
        }
        if found.len() == UNDISCLOSED {
            break;
        }
    }
    found
}

/// Whether a whole sentence of readable length holds one of the cues.
fn is_telling(sentence: &str) -> bool {
    let folded = text::simplified(&sentence.to_lowercase());
    let holds = |cues: &[&str]| cues.iter().any(|cue| folded.contains(cue));
    let length = text::width(sentence);
    let closed = sentence.trim_end_matches(['"', '\'', '”', '’', '」', ')', '）']);
    let quotes = sentence.matches('"').count() + sentence.matches(['“', '”']).count();
    (24..=360).contains(&length)
        && closed.ends_with(['.', '。', '！', '!'])
        && quotes.is_multiple_of(2)
        && (holds(UNDISCLOSED_CUES) || holds(UNCHANGED_CUES))
        && !holds(NO_COMMENT)
}

/// Put under license on 4 April 2025 by MOFCOM and GAC No. 18 of 2025.
const NUMBER_18: &[&str] = &["Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"];
/// Meant to follow by No. 57 of 2025, which was suspended on 7 November 2025.
const NUMBER_57: &[&str] = &["Ho", "Er", "Tm", "Eu", "Yb"];

/// Why it matters: what holds for every buyer, and dated facts of what the story is about. What
/// the signal itself points to stands beside it.
fn matters(story: &Story, lexicon: &Lexicon) -> Vec<String> {
    let about = |topic: &str| story.topics.iter().any(|topics| topics.as_str() == topic);
    let mut said: Vec<String> = Vec::new();
    said.extend(holds(story).map(str::to_owned));
    said.extend(regime(&story.elements, lexicon));
    if about("pricing") {
        said.push(
            "On price, a figure holds only for its own day, place and tax basis; prices inside China usually include 13% VAT."
                .to_owned(),
        );
    }
    if about("licensing") && !story.companies.is_empty() {
        said.push(
            "China publishes no list of license holders: what is said of a company rests on the sources named here."
                .to_owned(),
        );
    }
    said.truncate(MATTERS);
    said
}

/// What holds for every buyer where licenses are eased or tightened.
fn holds(story: &Story) -> Option<&'static str> {
    if !touches(&story.topics, ACCESS) {
        return None;
    }
    match story.signal.direction {
        Direction::Easing => {
            Some("A license covers its exporter and the end users named in it, not every buyer.")
        }
        Direction::Tightening => Some("Goods under control do not leave without a license."),
        Direction::Mixed | Direction::Neutral => None,
    }
}

/// Topics that decide who may buy, and those that decide how much there is.
const ACCESS: &[&str] = &["licensing", "geopolitics"];
const SUPPLY: &[&str] = &["mining", "separation", "recycling", "magnets", "technology"];

fn touches(topics: &[Topic], of: &[&str]) -> bool {
    topics.iter().any(|topic| of.contains(&topic.as_str()))
}

/// What a signal means for who waits for material, in a few words: `harder access outside China`.
/// Empty where it means nothing of the kind.
pub(super) fn points_to(direction: Direction, topics: &[Topic]) -> String {
    let material = match direction {
        Direction::Easing if touches(topics, ACCESS) => "easier access outside China",
        Direction::Tightening if touches(topics, ACCESS) => "harder access outside China",
        Direction::Mixed if touches(topics, ACCESS) => "easier and harder access at once",
        Direction::Easing if touches(topics, SUPPLY) => "more supply",
        Direction::Tightening if touches(topics, SUPPLY) => "less or later supply",
        Direction::Easing | Direction::Tightening | Direction::Mixed | Direction::Neutral => "",
    };
    let trade = match direction {
        Direction::Easing if touches(topics, &["geopolitics"]) => "less friction in trade",
        Direction::Tightening if touches(topics, &["geopolitics"]) => "more friction in trade",
        _ => "",
    };
    let parts: Vec<&str> = [material, trade].into_iter().filter(|said| !said.is_empty()).collect();
    parts.join(", ")
}

/// What the control regime says of the elements: dated facts only.
fn regime(elements: &[Element], lexicon: &Lexicon) -> Option<String> {
    let listed = |symbols: &[&str]| {
        let names: Vec<&str> = elements
            .iter()
            .filter(|element| symbols.contains(&element.as_str()))
            .map(|element| lexicon.element_name(element))
            .collect();
        (!names.is_empty()).then_some(names)
    };
    if let Some(names) = listed(NUMBER_18) {
        return Some(format!(
            "China put {} under export license on 4 April 2025 (No. 18).",
            joined(&names)
        ));
    }
    if let Some(names) = listed(NUMBER_57) {
        return Some(format!(
            "No. 57 of 2025 was to put {} under export license; China suspended it on 7 November 2025.",
            joined(&names)
        ));
    }
    listed(&["Nd", "Pr"]).map(|names| {
        format!(
            "China's license list of April 2025 (No. 18) does not name {}; magnets that hold dysprosium or terbium are on it.",
            names.join(" or ")
        )
    })
}

/// `dysprosium, terbium and yttrium`; past four, the rest is counted.
fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if names.len() <= 4 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..3].join(", "), names.len() - 3),
    }
}
