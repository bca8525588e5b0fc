//! Labelled texts and how the grouping of them into stories is measured: precision, recall, F1 over pairs.
//!
//! Measures only; which texts must reach which figures is for the tests.

use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use monazite::enrich;
use monazite::enrich::cluster::{ClusterIndex, Fingerprint, Placed, Told};
use monazite::lexicon::Lexicon;
use monazite::model::article::{ArticleId, Language, SourceId};
use monazite::model::story::StoryId;

/// A labelled text.
pub(crate) struct Text {
    pub(crate) id: String,
    /// Its story; a text of no group is a story of its own.
    pub(crate) group: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) lang: String,
    pub(crate) date: String,
    /// When it was told, as well as the label says.
    pub(crate) at: DateTime<Utc>,
}

/// Pairs put together rightly, wrongly, and left apart wrongly.
#[derive(Clone, Copy, Default)]
pub(crate) struct Pairs {
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    pub(crate) missed: usize,
}

impl Pairs {
    pub(crate) fn precision(self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    pub(crate) fn recall(self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    pub(crate) fn f1(self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    pub(crate) fn tell(self, what: &str) {
        let (p, r, f) = (self.precision(), self.recall(), self.f1());
        print_line(&format!(
            "stories, {what}: precision {p:.3}, recall {r:.3}, F1 {f:.3} ({} right, {} wrong, {} missed)",
            self.right, self.wrong, self.missed
        ));
    }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[expect(clippy::print_stdout, reason = "the figures are what a run is for")]
fn print_line(line: &str) {
    println!("{line}");
}

/// The labelled texts. Where a label knows only the month, the day is taken from the group's other
/// texts, and else from the middle of the month: real articles come with their day.
pub(crate) fn texts(folder: &Path) -> Vec<Text> {
    let mut list = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let get = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        let (id, group) = (get("id"), get("group"));
        list.push(Text {
            group: if group == "none" { id.clone() } else { group },
            id,
            title: get("title"),
            body: get("text"),
            lang: get("lang"),
            date: get("date"),
            at: DateTime::UNIX_EPOCH,
        });
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    let known: Vec<(String, String)> = list
        .iter()
        .filter(|text| text.date.len() == 10)
        .map(|text| (text.group.clone(), text.date.clone()))
        .collect();
    for text in &mut list {
        let sibling = known
            .iter()
            .find(|(group, date)| *group == text.group && date.starts_with(&text.date))
            .map(|(_, date)| date.clone());
        let day = sibling.unwrap_or_else(|| match text.date.len() {
            10 => text.date.clone(),
            7 => format!("{}-15", text.date),
            _ => format!("{}-10-15", text.date),
        });
        text.at = noon(&day);
    }
    list
}

pub(crate) fn noon(day: &str) -> DateTime<Utc> {
    day.parse::<NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn print_of(text: &Text, lexicon: &Lexicon) -> Fingerprint {
    let language = Language::from(text.lang.as_str());
    let found = enrich::classify(&text.title, &text.body, &language, lexicon);
    Fingerprint::of(&text.title, &text.body, text.at, &found, lexicon)
}

/// Groups the texts as they arrive, just as gathering does.
pub(crate) fn grouped(texts: &[&Text], lexicon: &Lexicon) -> HashMap<String, StoryId> {
    let mut index = ClusterIndex::default();
    let mut stories = HashMap::new();
    for text in texts {
        let print = print_of(text, lexicon);
        // Every text is another newsroom's.
        let source = SourceId(text.id.clone());
        let at = Told { source, published: text.at, seen: text.at };
        let story = index.find(&print, &at).unwrap_or_else(|| StoryId(format!("s{}", text.id)));
        let article = ArticleId(text.id.clone());
        index.insert(Placed { article, story: story.clone(), at, print });
        stories.insert(text.id.clone(), story);
    }
    stories
}

pub(crate) fn measured(texts: &[&Text], lexicon: &Lexicon) -> Pairs {
    let stories = grouped(texts, lexicon);
    let mut pairs = Pairs::default();
    for (i, a) in texts.iter().enumerate() {
        for b in &texts[i + 1..] {
            match (stories[&a.id] == stories[&b.id], a.group == b.group) {
                (true, true) => pairs.right += 1,
                (true, false) => {
                    print_line(&format!("  wrong: {} with {}", a.id, b.id));
                    pairs.wrong += 1;
                }
                (false, true) => {
                    print_line(&format!("  missed: {} with {} ({})", a.id, b.id, a.group));
                    pairs.missed += 1;
                }
                (false, false) => {}
            }
        }
    }
    pairs
}
