//! Which story an article tells: the same event across sites and languages.
//!
//! Words alone do not decide: who, how many, which announcement and when count
//! as much. Two texts are one story only on clear evidence, since a wrong
//! merge hides news while a missed one only repeats it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;

use crate::enrich::classify::Understanding;
use crate::enrich::dates;
use crate::lexicon::{Lexicon, Name};
use crate::model::license::PartialDate;
use crate::model::story::StoryId;
use crate::text;

/// What a text says, reduced to what tells one event from another. Sets are sorted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fingerprint {
    /// Content words of the title and the top of the body.
    words: Vec<u32>,
    /// Words of the title alone.
    title: Vec<u32>,
    /// Capitalized names that no lexicon knows.
    proper: Vec<u32>,
    /// Companies and agencies of the lexicon, and countries.
    actors: Vec<u32>,
    /// Companies alone.
    companies: Vec<u32>,
    /// Figures with what they count, units made equal across scripts.
    figures: Vec<u32>,
    /// Days named.
    days: Vec<u32>,
    /// What is said to happen.
    actions: Vec<u32>,
    /// Elements.
    elements: Vec<u32>,
    /// Whether the text is Chinese.
    han: bool,
}

/// How far into a body the words count, in bytes.
const READ_BYTES: usize = 2_400;

/// Common words of English that say nothing of an event.
const STOP: &[&str] = &[
    "the",
    "and",
    "for",
    "that",
    "with",
    "from",
    "have",
    "has",
    "had",
    "this",
    "will",
    "were",
    "was",
    "are",
    "its",
    "their",
    "they",
    "been",
    "which",
    "would",
    "could",
    "more",
    "than",
    "said",
    "says",
    "after",
    "also",
    "into",
    "over",
    "about",
    "other",
    "such",
    "some",
    "when",
    "while",
    "where",
    "what",
    "year",
    "years",
    "month",
    "company",
    "companies",
    "rare",
    "earth",
    "earths",
    "china",
    "chinese",
    "export",
    "exports",
    "news",
    "according",
    "reported",
    "report",
    "first",
    "country",
    "most",
    "under",
    "only",
    "between",
    "through",
    "against",
    "being",
    "because",
    "last",
    "week",
    "still",
];

/// Kinds of events by the stems of words that tell them.
const ACTIONS: &[(&str, &[&str])] = &[
    (
        "grant",
        &[
            "grant", "approv", "issu", "clear", "award", "receiv", "obtain", "hand out", "批准",
            "获批", "颁发", "下发", "发放", "拿到", "取得",
        ],
    ),
    ("suspend", &["suspend", "suspension", "pause", "put on hold", "on ice", "暂停", "中止"]),
    (
        "ban",
        &["ban", "barred", "bars", "prohibit", "control list", "blacklist", "禁止", "管控名单"],
    ),
    ("restrict", &["restrict", "curb", "tighten", "控制", "管制", "收紧"]),
    ("buy", &["acqui", "takeover", "buy", "purchase", "merge", "收购", "并购"]),
    ("invest", &["invest", "stake", "fund", "financ", "loan", "offtake", "投资", "融资"]),
    (
        "result",
        &["profit", "revenue", "results", "earnings", "net income", "净利润", "营收", "业绩"],
    ),
    (
        "forecast",
        &["forecast", "expects", "outlook", "guidance", "preview", "预计", "预告", "预增"],
    ),
    (
        "build",
        &[
            "build",
            "construct",
            "opens",
            "opened",
            "commission",
            "plant",
            "factory",
            "建设",
            "投产",
            "开工",
        ],
    ),
    ("ship", &["shipment", "exported", "tonnes", "volumes", "出口量"]),
    ("talk", &["summit", "talks", "meeting", "met with", "会谈", "会晤", "磋商"]),
    ("discover", &["discover", "drill", "resource estimate", "find", "发现", "勘探"]),
    ("price", &["price", "yuan per", "per kg", "价格", "报价"]),
    ("recycle", &["recycl", "scrap", "回收"]),
    ("research", &["research", "scientist", "study", "university", "研究"]),
    ("renew", &["renew", "extend", "续期", "延长", "延期"]),
    ("refuse", &["refus", "reject", "turn down", "revok", "拒绝", "吊销"]),
    ("smuggle", &["smuggl", "走私"]),
];

/// Countries and blocs by their stems.
const PLACES: &[(&str, &[&str])] = &[
    ("us", &["united states", "u.s.", "american", "washington", "美国", "华府"]),
    ("eu", &["european union", "europe", "brussels", " eu ", "欧盟", "欧洲"]),
    ("jp", &["japan", "tokyo", "日本"]),
    ("in", &["india", "new delhi", "印度"]),
    ("au", &["australia", "canberra", "澳大利亚", "澳洲"]),
    ("kr", &["korea", "seoul", "韩国"]),
    ("my", &["malaysia", "kuala lumpur", "马来西亚"]),
    ("mm", &["myanmar", "kachin", "缅甸"]),
    ("vn", &["vietnam", "越南"]),
    ("br", &["brazil", "巴西"]),
    ("gl", &["greenland", "格陵兰"]),
    ("ca", &["canada", "canadian", "加拿大"]),
    ("de", &["germany", "german", "berlin", "德国"]),
    ("gb", &["britain", "united kingdom", "british", "英国"]),
    ("fr", &["france", "french", "法国"]),
    ("ru", &["russia", "俄罗斯"]),
    ("ua", &["ukrain", "乌克兰"]),
    ("sa", &["saudi", "沙特"]),
    ("kz", &["kazakh", "哈萨克"]),
    ("no", &["norway", "norwegian", "挪威"]),
    ("se", &["sweden", "swedish", "kiruna", "瑞典"]),
];

/// A number and the word that says what it counts.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) (\d[\d,]*(?:\.\d+)?) \s* (billion|million|bn|mn|m\b|k\b|万亿|亿|万)? \s*
          (%|percent|per\s?cent|tonnes?|tons?|metric\s+tons?|mt\b|t\b|吨|公斤|kg|家|名|months?|个月|years?|年)?",
    )
    .expect("a constant pattern")
});

/// An announcement's number.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\bno\.?\s?|\bnos\.?\s?|announcement\s+|order\s+|第)(\d{1,4})(?:号|號)?")
        .expect("a constant pattern")
});

impl Fingerprint {
    /// The fingerprint of a text.
    #[must_use]
    pub fn of(
        title: &str,
        body: &str,
        published: DateTime<Utc>,
        found: &Understanding,
        lexicon: &Lexicon,
    ) -> Self {
        let mut end = READ_BYTES.min(body.len());
        while !body.is_char_boundary(end) {
            end -= 1;
        }
        let whole = format!("{title}\n{}", &body[..end]);
        let simple = text::simplified(&whole);
        let lower = simple.to_lowercase();
        let companies: Vec<u32> = found.companies.iter().map(|id| hash(id.as_str())).collect();
        let agencies = lexicon.names(&whole).into_iter().filter_map(|hit| match hit.what {
            Name::Agency(i) => Some(hash(&lexicon.agencies()[i].id)),
            _ => None,
        });
        let mut actors = companies.clone();
        actors.extend(agencies);
        actors.extend(stems(&lower, PLACES));
        let days =
            dates::all(&simple, published.date_naive()).into_iter().filter_map(|found| match found
                .date
            {
                PartialDate::Day(day) if day != published.date_naive() => {
                    Some(hash(&day.to_string()))
                }
                _ => None,
            });
        Self {
            words: sorted(words(&simple)),
            title: sorted(words(&text::simplified(title))),
            proper: sorted(proper(&whole)),
            actors: sorted(actors),
            companies: sorted(companies),
            figures: sorted(figures(&simple)),
            days: sorted(days.collect()),
            actions: sorted(stems(&lower, ACTIONS)),
            elements: sorted(found.elements.iter().map(|e| hash(e.as_str())).collect()),
            han: simple.chars().filter(|c| text::is_han(*c)).count() * 4 > simple.chars().count(),
        }
    }

    /// The features under which it can be found again.
    fn keys(&self) -> impl Iterator<Item = u32> + '_ {
        self.words
            .iter()
            .chain(&self.proper)
            .chain(&self.figures)
            .chain(&self.companies)
            .chain(&self.actors)
            .copied()
    }
}

fn hash(text: &str) -> u32 {
    // FNV-1a, 32 bits: only ever compared within one run, so speed is all that counts.
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn sorted(mut list: Vec<u32>) -> Vec<u32> {
    list.sort_unstable();
    list.dedup();
    list
}

fn words(simple: &str) -> Vec<u32> {
    let mut list = Vec::new();
    for run in simple.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        if run.chars().any(text::is_han) {
            let chars: Vec<char> = run.chars().collect();
            list.extend(chars.windows(2).map(|pair| hash(&pair.iter().collect::<String>())));
        } else if run.chars().count() > 2 && !run.starts_with(|c: char| c.is_ascii_digit()) {
            let lower = run.to_lowercase();
            if !STOP.contains(&lower.as_str()) {
                list.push(hash(stem(&lower)));
            }
        }
    }
    list
}

/// English endings off, so that `licenses` and `licensed` meet.
fn stem(word: &str) -> &str {
    for ending in [
        "ations", "ation", "ings", "ing", "ions", "ion", "ers", "ies", "ed", "es", "er", "ly",
        "'s", "s", "e",
    ] {
        if let Some(root) = word.strip_suffix(ending)
            && root.len() >= 4
        {
            return root;
        }
    }
    word
}

/// Capitalized words inside sentences: names.
fn proper(text: &str) -> Vec<u32> {
    let mut list = Vec::new();
    for sentence in text::sentences(text) {
        for word in sentence.split_whitespace().skip(1) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let lower = word.to_lowercase();
            if word.chars().count() > 2
                && word.starts_with(char::is_uppercase)
                && !STOP.contains(&lower.as_str())
                && word.chars().all(char::is_alphabetic)
            {
                list.push(hash(stem(&lower)));
            }
        }
    }
    list
}

fn figures(simple: &str) -> Vec<u32> {
    let mut list = Vec::new();
    for found in FIGURE.captures_iter(simple) {
        let Ok(value) = found[1].replace(',', "").parse::<f64>() else { continue };
        let scale = match found.get(2).map(|m| m.as_str().to_lowercase()).as_deref() {
            Some("billion" | "bn") => 1e9,
            Some("million" | "mn" | "m") => 1e6,
            Some("k") => 1e3,
            Some("万亿") => 1e12,
            Some("亿") => 1e8,
            Some("万") => 1e4,
            _ => 1.0,
        };
        let unit = match found.get(3).map(|m| m.as_str().to_lowercase()).as_deref() {
            Some("%" | "percent" | "per cent") => "%",
            Some("t" | "mt" | "吨") => "t",
            Some(words) if words.contains("ton") => "t",
            Some("年" | "year" | "years") => continue,
            Some("月" | "个月" | "month" | "months") => "months",
            _ => "",
        };
        let value = value * scale;
        let plain_year = unit.is_empty() && scale == 1.0 && (1990.0..2040.0).contains(&value);
        if value >= 10.0 && !plain_year || unit == "%" || unit == "months" || value.fract() != 0.0 {
            // Three significant digits: outlets round.
            list.push(hash(&format!("{value:.2e}{unit}")));
        }
    }
    for found in NUMBERED.captures_iter(simple) {
        list.push(hash(&format!("no{}", &found[1])));
    }
    list
}

fn stems(lower: &str, table: &[(&str, &[&str])]) -> Vec<u32> {
    let holds = |stems: &&[&str]| stems.iter().any(|stem| lower.contains(stem));
    table.iter().filter(|(_, stems)| holds(stems)).map(|(name, _)| hash(name)).collect()
}

/// Recent articles by what they say, so that a new one meets only those it may belong to.
#[derive(Default)]
pub struct ClusterIndex {
    entries: HashMap<u32, Entry>,
    postings: HashMap<u32, Vec<u32>>,
    next: u32,
}

struct Entry {
    story: StoryId,
    published: DateTime<Utc>,
    print: Fingerprint,
}

/// A feature that more entries than this share finds nobody.
const TOO_COMMON: usize = 200;
/// Most candidates compared.
const MOST_CANDIDATES: usize = 40;
/// Stories told further apart than this, in hours, are not the same event.
const FAR_APART: i64 = 6 * 24;
/// Evidence from which two texts tell one story.
const SAME: f64 = 1.0;
/// Mean evidence a text needs with all tellings of a story: without it, texts that each
/// resemble the next would chain different events together.
const TOGETHER: f64 = 0.9;

impl ClusterIndex {
    /// Adds an article's fingerprint under its story.
    pub fn insert(&mut self, story: StoryId, published: DateTime<Utc>, print: Fingerprint) {
        let id = self.next;
        self.next += 1;
        let keys: HashSet<u32> = print.keys().collect();
        for key in keys {
            self.postings.entry(key).or_default().push(id);
        }
        self.entries.insert(id, Entry { story, published, print });
    }

    /// The story the article tells, if a recent one clearly is it.
    #[must_use]
    pub fn find(&self, print: &Fingerprint, published: DateTime<Utc>) -> Option<StoryId> {
        let mut shared: HashMap<u32, f64> = HashMap::new();
        let keys: HashSet<u32> = print.keys().collect();
        for key in keys {
            let Some(list) = self.postings.get(&key).filter(|list| list.len() <= TOO_COMMON) else {
                continue;
            };
            let weight = self.rarity(key);
            for id in list {
                *shared.entry(*id).or_default() += weight;
            }
        }
        let mut candidates: Vec<(u32, f64)> = shared.into_iter().collect();
        candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        // For each story met: the strongest evidence, and that of all its tellings together.
        let mut stories: HashMap<&StoryId, (f64, f64, f64)> = HashMap::new();
        for (id, _) in candidates.into_iter().take(MOST_CANDIDATES) {
            let Some(entry) = self.entries.get(&id) else { continue };
            if (entry.published - published).num_hours().abs() > FAR_APART {
                continue;
            }
            let evidence = self.evidence(print, &entry.print);
            let (most, sum, count) = stories.entry(&entry.story).or_default();
            *most = most.max(evidence);
            *sum += evidence;
            *count += 1.0;
        }
        stories
            .into_iter()
            .filter(|(_, (most, sum, count))| *most >= SAME && *sum >= TOGETHER * *count)
            .max_by(|(a, x), (b, y)| x.0.total_cmp(&y.0).then(b.cmp(a)))
            .map(|(story, _)| story.clone())
    }

    /// Forgets what was published before `before`.
    pub fn expire(&mut self, before: DateTime<Utc>) {
        let old: Vec<u32> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.published < before)
            .map(|(id, _)| *id)
            .collect();
        // Postings are cleaned in bulk, once enough has gone to be worth the walk.
        if old.len() < 64 || old.len() * 4 < self.entries.len() {
            return;
        }
        for id in old {
            self.entries.remove(&id);
        }
        let entries = &self.entries;
        self.postings.retain(|_, list| {
            list.retain(|id| entries.contains_key(id));
            !list.is_empty()
        });
    }

    /// How much sharing a feature says: much when few others have it.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn rarity(&self, key: u32) -> f64 {
        let seen = self.postings.get(&key).map_or(0, Vec::len);
        // Two hundred texts of the field stand behind a young index, so that its first articles
        // are not judged by each other alone.
        ((self.entries.len() + 200) as f64 / (seen as f64 + 1.0)).ln()
    }

    /// How strongly two texts are the same story; `SAME` and more is a yes.
    #[must_use]
    pub fn evidence(&self, a: &Fingerprint, b: &Fingerprint) -> f64 {
        let words = self.alike(&a.words, &b.words);
        let title = self.alike(&a.title, &b.title);
        let proper = self.alike(&a.proper, &b.proper);
        let figures = share(&a.figures, &b.figures);
        let companies = share(&a.companies, &b.companies);
        let actors = share(&a.actors, &b.actors);
        let actions = share(&a.actions, &b.actions);
        let days = share(&a.days, &b.days);
        let elements = share(&a.elements, &b.elements);
        let both = |x: &[u32], y: &[u32]| !x.is_empty() && !y.is_empty();
        let mut evidence = if a.han == b.han {
            2.6 * words
                + 0.9 * title
                + 0.6 * proper
                + 0.45 * figures
                + 0.35 * companies
                + 0.15 * actors
                + 0.1 * days
        } else {
            0.55 * figures
                + 0.55 * companies
                + 0.35 * actors
                + 0.25 * actions
                + 0.25 * days
                + 0.1 * elements
        };
        // What speaks against: other firms, other figures throughout, a forecast against a result.
        if both(&a.companies, &b.companies) && companies == 0.0 {
            evidence -= 0.45;
        }
        if a.figures.len() > 2 && b.figures.len() > 2 && figures == 0.0 {
            evidence -= 0.15;
        }
        let forecast = hash("forecast");
        if a.actions.contains(&forecast) != b.actions.contains(&forecast)
            && a.actions.contains(&hash("result"))
        {
            evidence -= 0.3;
        }
        evidence
    }

    /// Weighted overlap of two sets: rare features count more.
    fn alike(&self, a: &[u32], b: &[u32]) -> f64 {
        let norm =
            |list: &[u32]| list.iter().map(|key| self.rarity(*key).powi(2)).sum::<f64>().sqrt();
        let both: f64 = a
            .iter()
            .filter(|key| b.binary_search(key).is_ok())
            .map(|key| self.rarity(*key).powi(2))
            .sum();
        let scale = norm(a) * norm(b);
        if scale == 0.0 { 0.0 } else { both / scale }
    }
}

/// The share of the smaller set that both have; nothing when one is empty.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn share(a: &[u32], b: &[u32]) -> f64 {
    let smaller = a.len().min(b.len());
    if smaller == 0 {
        return 0.0;
    }
    a.iter().filter(|key| b.binary_search(key).is_ok()).count() as f64 / smaller as f64
}
