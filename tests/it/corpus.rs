//! Story grouping measured on labelled texts: precision, recall and F1 over pairs, with floors.
//!
//! The texts are of this project's own making (`tests/data/stories/`). What they hold is counted,
//! never quoted: a rule that knows one of them would only flatter these figures.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use monazite::enrich;
use monazite::enrich::cluster::{ClusterIndex, Fingerprint, Placed, Told};
use monazite::lexicon::Lexicon;
use monazite::model::article::{ArticleId, Language, SourceId};
use monazite::model::story::StoryId;

/// A labelled text.
struct Text {
    id: String,
    /// Its story; a text of no group is a story of its own.
    group: String,
    title: String,
    body: String,
    lang: String,
    date: String,
    /// When it was told, as well as the label says.
    at: DateTime<Utc>,
}

/// Pairs put together rightly, wrongly, and left apart wrongly.
#[derive(Clone, Copy, Default)]
struct Pairs {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Pairs {
    fn precision(self) -> f64 {
        ratio(self.right, self.right + self.wrong)
    }

    fn recall(self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }

    fn f1(self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            wrong: self.wrong + other.wrong,
            missed: self.missed + other.missed,
        }
    }

    fn tell(self, what: &str) {
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

fn lexicon() -> Lexicon {
    Lexicon::parse(include_str!("../../config/lexicon.toml")).unwrap()
}

/// The labelled texts. Where a label knows only the month, the day is taken from the group's other
/// texts, and else from the middle of the month: real articles come with their day.
fn texts() -> Vec<Text> {
    let mut list = Vec::new();
    for entry in std::fs::read_dir("tests/data/stories").unwrap() {
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

fn noon(day: &str) -> DateTime<Utc> {
    day.parse::<NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn print_of(text: &Text, lexicon: &Lexicon) -> Fingerprint {
    let language = Language::from(text.lang.as_str());
    let found = enrich::classify(&text.title, &text.body, &language, lexicon);
    Fingerprint::of(&text.title, &text.body, text.at, &found, lexicon)
}

/// Groups the texts as they arrive, just as gathering does.
fn grouped(texts: &[&Text], lexicon: &Lexicon) -> HashMap<String, StoryId> {
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

fn measured(texts: &[&Text], lexicon: &Lexicon) -> Pairs {
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

/// The same shuffle at every run.
fn shuffled<T>(list: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for i in (1..list.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let bound = u64::try_from(i + 1).unwrap();
        list.swap(i, usize::try_from(state % bound).unwrap());
    }
}

#[test]
fn stories_are_found_again_as_they_arrive() {
    let (texts, lexicon) = (texts(), lexicon());
    let mut order: Vec<&Text> = texts.iter().collect();
    order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let pairs = measured(&order, &lexicon);
    pairs.tell("in order of time");
    assert!(pairs.precision() >= 0.97, "precision {:.3}", pairs.precision());
    assert!(pairs.recall() >= 0.90, "recall {:.3}", pairs.recall());
}

#[test]
fn stories_are_found_in_any_order() {
    let (texts, lexicon) = (texts(), lexicon());
    let mut sum = Pairs::default();
    for seed in 1..=5 {
        let mut order: Vec<&Text> = texts.iter().collect();
        shuffled(&mut order, seed);
        sum = sum.plus(measured(&order, &lexicon));
    }
    sum.tell("in five shuffled orders");
    assert!(sum.precision() >= 0.97, "precision {:.3}", sum.precision());
    assert!(sum.recall() >= 0.90, "recall {:.3}", sum.recall());
}

/// A feed that knows only months dates everything to their first day.
#[test]
fn rough_dates_cost_recall_but_no_precision() {
    let (mut texts, lexicon) = (texts(), lexicon());
    for text in &mut texts {
        text.at = match text.date.len() {
            10 => text.at,
            7 => noon(&format!("{}-01", text.date)),
            _ => noon(&format!("{}-01-01", text.date)),
        };
    }
    let mut order: Vec<&Text> = texts.iter().collect();
    order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let pairs = measured(&order, &lexicon);
    pairs.tell("dated to the first of the month");
    assert!(pairs.precision() >= 0.97, "precision {:.3}", pairs.precision());
    assert!(pairs.recall() >= 0.80, "recall {:.3}", pairs.recall());
}

/// Each half of the groups by itself: figures that hold for one half only are luck.
#[test]
fn both_halves_of_the_groups_hold_up() {
    let (texts, lexicon) = (texts(), lexicon());
    for half in [0, 1] {
        let mut order: Vec<&Text> = texts
            .iter()
            .filter(|text| {
                let number: u32 = text.group.bytes().map(u32::from).sum();
                number % 2 == half
            })
            .collect();
        order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let pairs = measured(&order, &lexicon);
        pairs.tell(if half == 0 { "first half of the groups" } else { "second half" });
        assert!(pairs.precision() >= 0.97, "precision {:.3}", pairs.precision());
        assert!(pairs.recall() >= 0.85, "recall {:.3}", pairs.recall());
    }
}

/// A forecast of half a year's profit and the figures themselves are two stories.
#[test]
fn a_forecast_and_its_result_stay_apart() {
    let (texts, lexicon) = (texts(), lexicon());
    let order: Vec<&Text> =
        texts.iter().filter(|text| text.group == "G19" || text.group == "G20").collect();
    let stories = grouped(&order, &lexicon);
    for a in order.iter().filter(|text| text.group == "G19") {
        for b in order.iter().filter(|text| text.group == "G20") {
            assert!(stories[&a.id] != stories[&b.id], "{} and {} are one story", a.id, b.id);
        }
    }
}

#[test]
fn the_labels_are_all_there() {
    let texts = texts();
    let groups: std::collections::HashSet<&str> =
        texts.iter().filter(|text| text.group != text.id).map(|t| t.group.as_str()).collect();
    assert_eq!((texts.len(), groups.len()), (108, 27));
    assert!(texts.iter().all(|text| (2020..2027).contains(&text.at.year())));
}
