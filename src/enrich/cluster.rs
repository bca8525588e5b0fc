//! Which story an article tells: the same event across sites and languages.
//!
//! Words alone do not decide: who, how many, which announcement and when count
//! as much. Two texts are one story only on clear evidence, since a wrong
//! merge hides news while a missed one only repeats it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::enrich::classify::Understanding;
use crate::enrich::dates;
use crate::lexicon::{Lexicon, Name};
use crate::model::article::ArticleId;
use crate::model::license::PartialDate;
use crate::model::story::StoryId;
use crate::text;

/// What a text says, reduced to what tells one event from another. Sets are sorted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Content words of the title and the top of the body.
    words: Vec<u32>,
    /// Words of the title alone.
    title: Vec<u32>,
    /// Capitalized names inside sentences.
    proper: Vec<u32>,
    /// Companies and agencies of the lexicon, countries and statesmen.
    actors: Vec<u32>,
    /// Companies alone.
    companies: Vec<u32>,
    /// Companies that the title names.
    lead: Vec<u32>,
    /// Figures with what they count, units made equal across scripts.
    figures: Vec<u32>,
    /// Small numbers with what they count: three firms, six months.
    counts: Vec<u32>,
    /// Days named.
    days: Vec<u32>,
    /// What is said to happen, and to what, in any language.
    concepts: Vec<u32>,
    /// How far a matter has come, by family: forecast or result, agreed or cleared.
    stages: Vec<u32>,
    /// Names in the title that no lexicon knows.
    key: Vec<u32>,
    /// Elements.
    elements: Vec<u32>,
    /// What the words can be compared with.
    script: Script,
}

/// Texts of one script share words; others share only names and figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Script {
    /// English.
    #[default]
    English,
    /// Chinese.
    Han,
    /// Any other.
    Other,
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

/// What happens, and to what, by the stems of the words that tell it: English and Chinese, and
/// where the stems are known German, Dutch, Afrikaans and Ukrainian.
const CONCEPTS: &[(&str, &[&str])] = &[
    ("grant", &["grant", "approv", "issue", "issuing", "cleared", "clears", "award", "receiv", "obtain", "hand out", "handed", "hold", "get ", "licensed", "given", "批准", "获批", "获准", "颁发", "下发", "发放", "拿到", "取得", "批了", "gekry", "verleen", "erteil", "genehmigt", "надал", "отрима"]),
    ("license", &["licens", "licenc", "permit", "许可", "lisensie", "lizenz", "vergunning", "ліценз", "дозвол"]),
    ("general", &["general licen", "general export licen", "simplified", "“general", "‘general", "'general", "通用许可", "一般许可", "简化"]),
    ("temporary", &["temporar", "limited time", "for the time being", "for a time", "tydelik", "befristet", "тимчасов", "临时", "暂时", "暂停", "为期"]),
    ("suspend", &["suspend", "suspension", "pause", "paused", "on hold", "on ice", "aside", "freez", "frozen", "stop", "delay", "postpon", "shelve", "put back", "暂停", "中止", "暂缓", "推迟", "aussetz", "призупин", "opgeskort"]),
    ("control", &["control", "curb", "restrict", "管制", "管控", "控制", "限制", "kontroll", "beperking", "обмежен"]),
    ("ban", &["ban", "banned", "bans", "barred", "bars", "prohibit", "blacklist", "entity list", "禁止", "管控名单", "黑名单", "verbied", "verbot", "заборон"]),
    ("buy", &["acqui", "takeover", "take over", "taking over", "buy", "buying", "purchase", "merge", "bought", "收购", "并购", "übernahme", "oorneem", "придба"]),
    ("invest", &["invest", "stake", "fund", "financ", "loan", "lent", "lend", "投资", "融资", "贷款", "入股", "belê", "інвест"]),
    ("offtake", &["offtake", "supply agreement", "supply deal", "supply contract", "供货协议", "承购"]),
    ("profit", &["profit", "earnings", "net income", "earned", "revenue", "sales", "净利", "盈利", "营收", "业绩", "wins", "gewinn", "прибут"]),
    ("plant", &["plant", "factory", "facilit", "refinery", "works", "工厂", "厂", "基地", "fabriek", "aanleg", "fabrik", "anlage", "завод"]),
    ("mine", &["mine", "mines", "mining", "deposit", "矿", "myn", "mijn", "bergbau", "шахт", "родовищ"]),
    ("shipment", &["shipment", "shipped", "exports rose", "exports fell", "export volume", "出口量", "出货", "verskeping"]),
    ("talks", &["summit", "talks", "meeting", "met with", "negotiat", "会谈", "会晤", "磋商", "谈判", "川习会", "gesprek", "gespräch", "перегов"]),
    ("discover", &["discover", "drill", "resource estimate", "发现", "勘探", "探明", "ontdek"]),
    ("price", &["price", "prices", "cheaper", "yuan per", "per kg", "价格", "报价", "均价", "pryse", "preis", "цін"]),
    ("recycle", &["recycl", "scrap", "回收", "再生"]),
    ("research", &["research", "scientist", "study", "university", "breakthrough", "研究", "科学家", "forsk", "forsch", "дослід"]),
    ("renew", &["renew", "extend", "extension", "prolong", "续期", "延长", "延期", "verleng", "verläng", "продовж"]),
    ("refuse", &["refus", "reject", "turn down", "turned down", "denied", "deny", "denies", "否认", "拒绝", "驳回", "afgewys", "відмов"]),
    ("revoke", &["revok", "withdraw", "吊销", "撤销"]),
    ("smuggle", &["smuggl", "走私"]),
    ("tariff", &["tariff", "duties", "关税", "tarief", "zoll", "zölle", "мит"]),
    ("stockpile", &["stockpil", "reserve", "储备", "收储", "voorraad", "reserwe", "vorrat", "запас"]),
    ("quota", &["quota", "配额", "指标", "kwota", "квот"]),
    ("subsidy", &["subsid", "incentive", "price floor", "补贴", "奖励", "底价"]),
    ("carmaker", &["carmaker", "automaker", "car industry", "auto industry", "automotive", "carmakers", "汽车", "车企", "motormaker", "motorreuse", "autobauer", "автовироб"]),
    ("magnet", &["magnet", "磁"]),
    ("defense", &["defense", "defence", "military", "weapon", "munition", "军", "国防", "verdedig", "оборон"]),
    ("shortage", &["shortage", "scarc", "squeeze", "bottleneck", "短缺", "紧缺", "tekort", "knapp", "дефіцит", "нестач"]),
    ("supplier", &["supplier", "供应商", "verskaffer", "zulieferer", "постачальн"]),
    ("truce", &["truce", "agreement", "accord", "pact", "deal", "framework", "协议", "休战", "共识", "ooreenkoms", "abkommen", "угод"]),
    ("announcement", &["announcement no", "announcements", "notice", "公告", "通告"]),
    ("spokesman", &["spokes", "press conference", "told the press", "发言人", "发布会", "记者会"]),
    ("shares", &["shares", "stocks", "stock market", "股价", "股市", "涨停", "aandele", "aktie"]),
    ("rumor", &["rumor", "rumour", "传闻", "网传", "谣言"]),
    ("list", &["ipo", "listing", "上市"]),
    ("start", &["begins", "began", "starts", "started", "first production", "commission", "opens", "opened", "投产", "开工", "启动", "开建"]),
    ("accident", &["accident", "explosion", "fire", "flood", "landslide", "事故", "爆炸", "洪水"]),
    ("court", &["court", "lawsuit", "sued", "judge", "法院", "诉讼"]),
    ("election", &["election", "parliament", "bill", "senate", "congress", "议会", "法案", "国会"]),
];

/// How far a matter has come: the concept it is about, and the words of its later stages. Read
/// from the title and the lead only, since the rest tells what came before and what may follow.
const STAGES: &[(&str, &[&[&str]])] = &[
    (
        "profit",
        &[&["interim figures", "interim report", "interim results", "half-year results", "annual report", "annual results", "reported a", "reports a", "put out its figures", "has put out", "earned", "posted", "booked", "半年报", "年报", "财报", "实现净利", "实现营收"]],
    ),
    (
        "buy",
        &[
            &["no objection", "clears", "clearance", "antitrust", "regulator has", "regulators have", "approves sale", "approves takeover", "approved the sale", "approved the takeover", "wins approval", "won approval", "receives approval", "received approval", "监管批准", "通过审查"],
            &["completed the acquisition", "completes acquisition", "completes purchase", "completed its acquisition", "completed the purchase", "closes acquisition", "完成收购", "完成交割"],
        ],
    ),
    (
        "plant",
        &[&["opened its", "opens its", "opens first", "inaugurat", "has begun production", "begins production", "starts production", "started production", "first production", "now produces", "正式投产", "投产", "竣工"]],
    ),
];

/// Countries and blocs by their stems.
const PLACES: &[(&str, &[&str])] = &[
    ("cn", &["china", "chinese", "beijing", "中国", "中方", "大陆", "北京", "chinese", "china", "китай"]),
    ("us", &["united states", "u.s.", "u.s", "american", "washington", "america", "美国", "华府", "美中", "中美", "verenigde state", "noord-amerika", "сша"]),
    ("eu", &["european union", "europe", "brussels", "eu ", "eu's", "欧盟", "欧洲", "中欧", "europ", "євросоюз"]),
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
    ("ee", &["estonia", "narva", "爱沙尼亚"]),
    ("tw", &["taiwan", "台湾"]),
    ("th", &["thailand", "thai", "泰国"]),
    ("id", &["indonesia", "印尼", "印度尼西亚"]),
    ("za", &["south africa", "南非"]),
    ("ae", &["united arab emirates", "uae", "阿联酋"]),
    ("pk", &["pakistan", "巴基斯坦"]),
    ("cl", &["chile", "智利"]),
    ("ao", &["angola", "安哥拉"]),
    ("mw", &["malawi", "马拉维"]),
    ("tz", &["tanzania", "坦桑尼亚"]),
    ("mn", &["mongolia", "蒙古国"]),
    ("trump", &["trump", "特朗普", "川普", "川习", "трамп"]),
    ("xi", &["xi jinping", "xi's", "习近平", "川习", "сі цзіньпін"]),
    ("modi", &["modi", "莫迪"]),
    ("takaichi", &["takaichi", "高市"]),
    ("von der leyen", &["von der leyen", "冯德莱恩"]),
    ("sefcovic", &["sefcovic", "šefčovič", "谢夫乔维奇"]),
    ("bessent", &["bessent", "贝森特"]),
    ("lutnick", &["lutnick", "卢特尼克"]),
    ("wang wentao", &["wang wentao", "王文涛"]),
    ("he yadong", &["he yadong", "何亚东"]),
    ("he yongqian", &["he yongqian", "何咏前"]),
    ("musk", &["musk", "马斯克"]),
];

/// Words for small numbers; nought stands for one that is not told.
const NUMBER_WORDS: &[(&str, u32)] = &[
    ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7),
    ("eight", 8), ("nine", 9), ("ten", 10), ("eleven", 11), ("twelve", 12), ("dozen", 12),
    ("trio", 3), ("few", 0), ("several", 0), ("handful", 0), ("some", 0), ("certain", 0), ("number", 0), ("part", 0),
    ("部分", 0), ("有些", 0), ("一些", 0), ("多家", 0), ("een", 1), ("twee", 2), ("drie", 3), ("vier", 4), ("vyf", 5), ("ses", 6),
    ("zwei", 2), ("drei", 3), ("fünf", 5), ("sechs", 6), ("三", 3), ("四", 4), ("五", 5),
    ("六", 6), ("七", 7), ("八", 8), ("九", 9), ("十", 10), ("两", 2), ("一", 1), ("二", 2),
];

/// What small numbers count.
const COUNTED: &[(&str, &[&str])] = &[
    ("firms", &["compan", "firm", "maker", "producer", "supplier", "exporter", "importer", "carmaker", "automaker", "manufactur", "enterprise", "家", "企业", "motorreuse", "unternehmen", "компан"]),
    ("months", &["month", "个月", "maande", "monat", "місяц"]),
    ("years", &["year", "年", "jaar", "jahr", "рок"]),
    ("notices", &["announcement", "measure", "control", "rule", "公告", "号", "措施", "项"]),
    ("countries", &["countr", "nation", "国"]),
    ("projects", &["project", "mine", "plant", "facilit", "项目"]),
    ("licenses", &["licen", "permit", "许可", "张"]),
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
        let mut actors = companies.clone();
        actors.extend(named(&whole, lexicon).0);
        actors.extend(stems(&lower, PLACES));
        let lead = named(title, lexicon).1;
        let proper = sorted(proper(title, &body[..end]));
        let title_words = sorted(words(&text::simplified(title)));
        let key = proper.iter().copied().filter(|n| title_words.binary_search(n).is_ok());
        let dates = dates::all(&simple, published.date_naive());
        let days = dates.into_iter().filter_map(|found| match found.date {
            PartialDate::Day(day) => Some(hash(&day.to_string())),
            PartialDate::Month(..) => None,
        });
        Self {
            words: sorted(words(&simple)),
            key: key.filter(|name| !BACKGROUND.contains_key(name)).collect(),
            title: title_words,
            proper,
            actors: sorted(actors),
            companies: sorted(companies),
            lead: sorted(lead),
            figures: sorted(figures(&simple)),
            counts: sorted(counts(&lower)),
            days: sorted(days.collect()),
            concepts: sorted(stems(&lower, CONCEPTS)),
            stages: stages(title, body),
            elements: sorted(found.elements.iter().map(|e| hash(e.as_str())).collect()),
            script: script(&lower),
        }
    }

    /// Whether a concept is told of.
    fn tells(&self, concept: &str) -> bool {
        self.concepts.binary_search(&hash(concept)).is_ok()
    }

    /// The features under which it can be found again, each once.
    fn keys(&self) -> HashSet<u32> {
        let lists = [
            &self.words,
            &self.proper,
            &self.figures,
            &self.actors,
            &self.counts,
            &self.days,
            &self.concepts,
        ];
        lists.into_iter().flatten().copied().collect()
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
    let word = match word {
        "licence" | "licences" | "licenced" | "licencing" => return "licens",
        "defence" => return "defens",
        "labour" => "labor",
        "aluminium" => "aluminum",
        _ => word,
    };
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

/// Agencies and companies that a text names.
fn named(text: &str, lexicon: &Lexicon) -> (Vec<u32>, Vec<u32>) {
    let (mut agencies, mut companies) = (Vec::new(), Vec::new());
    for hit in lexicon.names(text) {
        match hit.what {
            Name::Agency(i) => agencies.push(hash(&lexicon.agencies()[i].id)),
            Name::Company(i) => companies.push(hash(lexicon.companies()[i].id.as_str())),
            Name::Element(_) | Name::Product(_) => {}
        }
    }
    (agencies, companies)
}

/// Capitalized words inside sentences: names. A title counts unless it writes every word so.
fn proper(title: &str, body: &str) -> Vec<u32> {
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    let long = || title.split_whitespace().filter(|word| word.chars().count() > 3).skip(1);
    let titled = long().filter(capital).count() * 2 > long().count();
    let title = if titled { "" } else { title };
    let mut list = Vec::new();
    for sentence in text::sentences(title).into_iter().chain(text::sentences(body)) {
        for word in sentence.split(|c: char| c.is_whitespace() || c == '/').skip(1) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let word = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
            let lower = word.to_lowercase();
            if word.chars().count() > 2
                && capital(&word)
                && !STOP.contains(&lower.as_str())
                && !WEEKDAYS_AND_MONTHS.contains(&lower.get(..3).unwrap_or_default())
                && stems(&lower, PLACES).is_empty()
                && !OUTLETS.contains(&lower.as_str())
            {
                list.push(hash(stem(&lower)));
            }
        }
    }
    list
}

/// Who reports, and so is no part of what is reported.
const OUTLETS: &[&str] = &[
    "reuters", "bloomberg", "xinhua", "cnbc", "nikkei", "caixin", "times", "journal", "news",
    "guardian", "post", "argus", "fastmarkets", "ministry", "commerce", "minister",
];

/// What a capital letter makes no name.
const WEEKDAYS_AND_MONTHS: &[&str] = &[
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Figures as a code that differs by one between neighbors of about one percent.
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
        let unit: u32 = match found.get(3).map(|m| m.as_str().to_lowercase()).as_deref() {
            Some("%" | "percent" | "per cent") => PERCENT,
            Some("t" | "mt" | "吨") => 2,
            Some(words) if words.contains("ton") => 2,
            Some("年" | "year" | "years" | "个月" | "month" | "months" | "家" | "名") => continue,
            _ => 0,
        };
        let value = value * scale;
        let plain_year = scale == 1.0 && (1990.0..2040.0).contains(&value);
        if (value >= 32.0 && !plain_year || unit != 0 || scale > 1.0 || value.fract() != 0.0)
            && value > 0.0
        {
            list.push(unit << 24 | level(value));
        }
    }
    list
}

/// The unit of percentages in a figure's code.
const PERCENT: u32 = 1;

/// A value on a scale of steps of one percent.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "logarithms of finite figures are small, and shifted above zero"
)]
fn level(value: f64) -> u32 {
    ((value.ln() + 20.0) * 100.0).round() as u32
}

/// Announcements by number, and small numbers with what they count.
fn counts(lower: &str) -> Vec<u32> {
    let mut list: Vec<u32> =
        NUMBERED.captures_iter(lower).map(|found| hash(&format!("no{}", &found[1]))).collect();
    for found in SMALL.captures_iter(lower) {
        let word = &found[1];
        let number = NUMBER_WORDS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number);
        let Some(number) = number.or_else(|| word.parse().ok()) else { continue };
        for (what, stems) in COUNTED {
            if stems.iter().any(|stem| starts_word(&found[2], stem)) {
                list.push(hash(&format!("{number} {what}")));
            }
        }
    }
    list
}

/// A small number and what stands right behind it.
static SMALL: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<&str> = NUMBER_WORDS.iter().map(|(word, _)| *word).collect();
    let (han, latin): (Vec<&str>, Vec<&str>) =
        words.into_iter().partition(|word| word.chars().any(text::is_han));
    Regex::new(&format!(
        r"(\b(?:{})\b|\b\d{{1,3}}\b|{}|\d{{1,3}})((?:[\s\-]+[\p{{L}}'’-]+){{1,5}}|\s?\p{{Han}}{{1,4}})",
        latin.join("|"),
        han.join("|")
    ))
    .expect("a constant pattern")
});

/// The names of a table of which a stem begins a word of the text.
fn stems(lower: &str, table: &[(&str, &[&str])]) -> Vec<u32> {
    let holds = |stems: &&[&str]| stems.iter().any(|stem| starts_word(lower, stem));
    table.iter().filter(|(_, stems)| holds(stems)).map(|(name, _)| hash(name)).collect()
}

/// The latest stage told in title and lead, for each family.
fn stages(title: &str, body: &str) -> Vec<u32> {
    let lead: Vec<&str> = text::sentences(body).into_iter().take(2).collect();
    let lower = text::simplified(&format!("{title}\n{}", lead.join(" "))).to_lowercase();
    let stage = |ranks: &&[&[&str]]| {
        let told = ranks.iter().rposition(|stems| stems.iter().any(|s| starts_word(&lower, s)));
        told.map_or(0, |rank| rank + 1)
    };
    STAGES.iter().map(|(_, ranks)| u32::try_from(stage(ranks)).unwrap_or_default()).collect()
}

/// Whether two texts tell different stages of one kind of matter.
fn stages_differ(a: &Fingerprint, b: &Fingerprint) -> bool {
    let pairs = a.stages.iter().zip(&b.stages);
    STAGES.iter().zip(pairs).any(|((what, _), (x, y))| x != y && a.tells(what) && b.tells(what))
}

/// Whether the stem stands at a word's beginning; in Chinese anywhere.
fn starts_word(lower: &str, stem: &str) -> bool {
    lower.match_indices(stem).any(|(at, _)| {
        stem.starts_with(text::is_han)
            || !lower[..at].ends_with(|c: char| c.is_alphanumeric() && !text::is_han(c))
    })
}

/// What the text's words can be compared with.
fn script(lower: &str) -> Script {
    let letters = lower.chars().filter(|c| c.is_alphabetic()).count();
    if lower.chars().filter(|c| text::is_han(*c)).count() * 4 > letters {
        return Script::Han;
    }
    let words = lower.split_whitespace().count();
    let plain = lower
        .split_whitespace()
        .filter(|word| matches!(*word, "the" | "of" | "and" | "to" | "in" | "for" | "by" | "with"))
        .count();
    if plain * 10 >= words { Script::English } else { Script::Other }
}

/// Words, pairs of characters and concepts that every sixth text of the field holds.
const VERY_COMMON: &[&str] = &[
    "licenses", "licence", "magnets", "general", "ministry", "one", "not", "beijing", "commerce",
    "now", "new", "materials", "supply", "time", "can", "out", "rules", "suppliers", "three",
    "months", "exporters", "goods", "controls", "china's", "motors", "work", "them", "get",
    "may", "all", "buyers", "who", "hand", "make", "permits", "firms", "出口", "稀土", "许可",
    "管制", "公司", "土出", "企业", "申请", "相关", "中国", "license", "grant", "magnet", "control",
    "cn",
];

/// Those that every twentieth text holds.
const COMMON: &[&str] = &[
    "issued", "customer", "approved", "reuters", "need", "how", "made", "hold", "part",
    "before", "minerals", "chains", "carmakers", "told", "makers", "six", "two", "million",
    "tech", "trump", "long", "trade", "world", "again", "industry", "metals", "producers",
    "high", "put", "run", "april", "october", "use", "these", "mofcom", "several", "opening",
    "approval", "but", "critical", "less", "back", "should", "project", "nothing", "people",
    "apply", "sources", "given", "among", "production", "take", "come", "group", "talks",
    "without", "since", "applications", "november", "curbs", "suspended", "cover", "plant",
    "announced", "june", "known", "president", "way", "technology", "foreign", "came",
    "case", "faster", "number", "obtained", "certain", "called", "follow", "weeks", "plan",
    "officials", "around", "abroad", "until", "further", "wants", "december", "each", "keep",
    "end", "south", "matter", "know", "used", "earlier", "left", "step", "states", "confirmed",
    "bring", "turn", "import", "shares", "energy", "shipments", "held", "down", "related",
    "elements", "outside", "serve", "electric", "deliveries", "reach", "say", "any", "did",
    "briefings", "hard", "volumes", "washington", "united", "american", "let", "alloys",
    "half", "billion", "named", "reserve", "america", "ltd", "every", "europe", "march",
    "went", "automakers", "gives", "permission", "decision", "once", "reports", "become",
    "short", "taken", "old", "heavy", "agreed", "well", "passed", "vehicles", "look", "large",
    "send", "far", "stand", "another", "magnetics", "conditions", "european", "leave",
    "january", "february", "july", "august", "september", "bank", "percent", "market",
    "markets", "global", "demand", "prices", "deal", "government", "mine", "mining", "processing",
    "refining", "projects", "increase", "rise", "rose", "fell", "cut", "early", "largest",
    "major", "key", "tonnes", "tons", "annual", "quarter", "his", "her", "our", "you",
    "your", "including", "during", "both", "just", "even", "much", "many", "very", "then",
    "here", "him", "she", "通用", "可证", "口许", "土相", "批准", "部门", "主管", "管部", "商务", "人士", "部分",
    "中方", "物项", "的稀", "务部", "发言", "言人", "口管", "磁材", "北京", "公告", "国家", "美国", "表示", "市场",
    "生产", "产品", "项目", "报道", "记者", "关键", "矿产", "truce", "buy", "suspend", "carmaker", "supplier",
    "announcement", "temporary", "renew", "start", "invest", "spokesman", "price", "profit",
    "us", "eu",
];

/// How many of two hundred texts of the field hold a feature, for those that many hold.
static BACKGROUND: LazyLock<HashMap<u32, f64>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for (list, texts) in [(COMMON, 15.0), (VERY_COMMON, 60.0)] {
        for word in list {
            table.insert(hash(word), texts);
            table.insert(hash(stem(word)), texts);
        }
    }
    table
});

/// Recent articles by what they say, so that a new one meets only those it may belong to.
#[derive(Default)]
pub struct ClusterIndex {
    entries: HashMap<u32, Entry>,
    articles: HashMap<ArticleId, u32>,
    stories: HashMap<StoryId, Vec<u32>>,
    postings: HashMap<u32, Vec<u32>>,
    next: u32,
}

/// When an article was told and when it came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When it was published: what tells one event from a later one like it.
    pub published: DateTime<Utc>,
    /// When it was first seen: what decides how long it is kept here.
    pub seen: DateTime<Utc>,
}

struct Entry {
    article: ArticleId,
    story: StoryId,
    at: Told,
    print: Fingerprint,
}

/// A feature that more entries than this share finds nobody.
const TOO_COMMON: usize = 200;
/// Most candidates compared.
const MOST_CANDIDATES: usize = 40;
/// Stories told further apart than this, in days, are not the same event.
const FAR_APART: i64 = 45;
/// Points from which two texts tell one story.
const SAME: f64 = 3.1;
/// What the likest telling of a story weighs; the rest is the mean over its tellings, so that one
/// odd telling draws no other story in.
const LIKEST: f64 = 0.7;
/// Most tellings of a story compared.
const MOST_TELLINGS: usize = 12;

impl ClusterIndex {
    /// Adds an article's fingerprint under its story. An article added before is replaced.
    pub fn insert(&mut self, article: ArticleId, story: StoryId, print: Fingerprint, at: Told) {
        let id = self.next;
        self.next += 1;
        for key in print.keys() {
            self.postings.entry(key).or_default().push(id);
        }
        self.stories.entry(story.clone()).or_default().push(id);
        if let Some(old) = self.articles.insert(article.clone(), id) {
            self.forget(old);
        }
        self.entries.insert(id, Entry { article, story, at, print });
    }

    /// The story the article tells, if a recent one clearly is it.
    #[must_use]
    pub fn find(&self, print: &Fingerprint, published: DateTime<Utc>) -> Option<StoryId> {
        let mut stories: Vec<&StoryId> = Vec::new();
        for entry in self.candidates(print).iter().filter_map(|id| self.entries.get(id)) {
            if !stories.contains(&&entry.story) {
                stories.push(&entry.story);
            }
        }
        let scored = stories.into_iter().map(|story| (self.story_evidence(print, published, story), story));
        let clear = scored.filter(|(points, _)| *points >= SAME);
        // Equal evidence goes to the smaller id, so that the answer never depends on hashing.
        clear.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, story)| story.clone())
    }

    /// Entries that share the most of what is rare, those first.
    fn candidates(&self, print: &Fingerprint) -> Vec<u32> {
        let mut shared: HashMap<u32, f64> = HashMap::new();
        for key in print.keys() {
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
        candidates.into_iter().take(MOST_CANDIDATES).map(|(id, _)| id).collect()
    }

    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn story_evidence(&self, print: &Fingerprint, published: DateTime<Utc>, story: &StoryId) -> f64 {
        let ids = self.stories.get(story).map(Vec::as_slice).unwrap_or_default();
        let (mut most, mut sum, mut count) = (f64::MIN, 0.0, 0);
        for entry in ids.iter().rev().filter_map(|id| self.entries.get(id)).take(MOST_TELLINGS) {
            let gap = (entry.at.published - published).abs();
            if gap > Duration::days(FAR_APART) {
                continue;
            }
            let points = self.evidence(print, &entry.print, gap);
            most = most.max(points);
            sum += points;
            count += 1;
        }
        if count == 0 { f64::MIN } else { LIKEST * most + (1.0 - LIKEST) * sum / count as f64 }
    }

    /// Forgets what was seen before `before`.
    pub fn expire(&mut self, before: DateTime<Utc>) {
        let old: Vec<u32> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.at.seen < before)
            .map(|(id, _)| *id)
            .collect();
        // Postings are cleaned in bulk, once enough has gone to be worth the walk.
        if old.len() < 64 || old.len() * 4 < self.entries.len() {
            return;
        }
        for id in old {
            self.forget(id);
        }
        let entries = &self.entries;
        self.postings.retain(|_, list| {
            list.retain(|id| entries.contains_key(id));
            !list.is_empty()
        });
    }

    fn forget(&mut self, id: u32) {
        let Some(entry) = self.entries.remove(&id) else { return };
        if self.articles.get(&entry.article) == Some(&id) {
            self.articles.remove(&entry.article);
        }
        if let Some(ids) = self.stories.get_mut(&entry.story) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.stories.remove(&entry.story);
            }
        }
    }

    /// How much sharing a feature says: much when few others have it.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn rarity(&self, key: u32) -> f64 {
        let seen = self.postings.get(&key).map_or(0, Vec::len) as f64;
        // Two hundred texts of the field stand behind a young index, so that its first articles
        // are not judged by each other alone.
        let background = BACKGROUND.get(&key).copied().unwrap_or_default();
        ((self.entries.len() as f64 + 200.0) / (seen + background + 1.0)).ln()
    }

    /// How strongly two texts told `gap` apart are the same story; `SAME` and more is a yes.
    ///
    /// The weights come from a logistic regression over labelled pairs, held near what a reader
    /// would guess; they are rounded, since more digits would only remember those texts.
    #[must_use]
    pub fn evidence(&self, a: &Fingerprint, b: &Fingerprint, gap: Duration) -> f64 {
        let days = days_of(gap);
        let actors = self.alike(&a.actors, &b.actors, 0.7);
        let agree = self.agree(&a.concepts, &b.concepts);
        let mut points = 3.2 * actors
            + 0.8 * self.alike(&a.counts, &b.counts, 0.5)
            + 4.7 * self.alike(&a.days, &b.days, 0.4)
            + 0.6 * self.alike(&a.concepts, &b.concepts, 0.3)
            + 4.5 * agree
            + 4.3 * (actors * agree).sqrt()
            + 1.3 * agree * (-days / 2.0).exp()
            + 0.6 * near(&a.figures, &b.figures).min(3.0);
        points += if a.script == b.script {
            8.7 * self.alike(&a.words, &b.words, 4.0)
                + 3.4 * self.alike(&a.title, &b.title, 1.0)
                + 1.9 * self.alike(&a.proper, &b.proper, 1.0)
        } else {
            // Words cannot be compared, so what can be counts for them.
            2.8 * self.alike(&a.proper, &b.proper, 1.0)
                + 0.6 * self.alike(&a.concepts, &b.concepts, 0.3)
                + 0.6 * actors
        };
        points - against(a, b, days)
    }

    /// Plain overlap of two sets of which every member says something, from 0 to 1.
    fn agree(&self, a: &[u32], b: &[u32]) -> f64 {
        let weight = |key: &u32| self.rarity(*key);
        let sum = |list: &[u32]| list.iter().map(weight).sum::<f64>();
        let both: f64 = a.iter().filter(|key| b.binary_search(key).is_ok()).map(weight).sum();
        both / ((sum(a) * sum(b)).sqrt() + 4.0)
    }

    /// Weighted overlap of two sets, from 0 to 1: rare features count more, and a little shared by
    /// two sets of little says less than the same share of much. `enough` is the weight, in
    /// features of the rarest kind, that counts in half.
    fn alike(&self, a: &[u32], b: &[u32], enough: f64) -> f64 {
        let weight = |key: &u32| self.rarity(*key).powi(2);
        let norm = |list: &[u32]| list.iter().map(weight).sum::<f64>().sqrt();
        let both: f64 = a.iter().filter(|key| b.binary_search(key).is_ok()).map(weight).sum();
        both / (norm(a) * norm(b) + enough * RAREST)
    }
}

/// The weight of a feature that no other text has, in a young index.
const RAREST: f64 = 28.0;

/// The share of the smaller set that both have; nothing when one is empty.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn share(a: &[u32], b: &[u32]) -> f64 {
    let smaller = a.len().min(b.len());
    if smaller == 0 {
        return 0.0;
    }
    a.iter().filter(|key| b.binary_search(key).is_ok()).count() as f64 / smaller as f64
}

/// How many figures of one have a neighbor within about one percent in the other.
fn near(a: &[u32], b: &[u32]) -> f64 {
    let count = a.iter().filter(|x| b.iter().any(|y| x.abs_diff(*y) <= 1)).count();
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn days_of(gap: Duration) -> f64 {
    f64::from(i32::try_from(gap.num_minutes()).unwrap_or(i32::MAX)) / (24.0 * 60.0)
}

/// What speaks against one story: other firms, another stage, other figures, days between.
fn against(a: &Fingerprint, b: &Fingerprint, days: f64) -> f64 {
    let said = |x: &[u32], y: &[u32]| !x.is_empty() && !y.is_empty();
    let absent = |x: &[u32], y: &[u32]| !x.is_empty() && share(x, y) == 0.0;
    let percents =
        |list: &[u32]| list.iter().copied().filter(|code| code >> 24 == PERCENT).collect::<Vec<_>>();
    let (pa, pb) = (percents(&a.figures), percents(&b.figures));
    let no_figure = near(&a.figures, &b.figures) == 0.0;
    let other_figures = a.figures.len() > 1 && b.figures.len() > 1 && no_figure;
    let mut points = 1.1 * (1.0 + (days - 1.0).max(0.0)).ln();
    let mut blame = |holds: bool, weight: f64| {
        if holds {
            points += weight;
        }
    };
    blame(absent(&a.companies, &b.companies) && said(&a.companies, &b.companies), 1.9);
    blame(absent(&a.lead, &b.companies), 1.2);
    blame(absent(&b.lead, &a.companies), 1.2);
    if a.script == b.script {
        blame(absent(&a.key, &b.words), 1.1);
        blame(absent(&b.key, &a.words), 1.1);
    }
    blame(other_figures, 0.6);
    blame(said(&pa, &pb) && near(&pa, &pb) == 0.0, 2.2);
    blame(stages_differ(a, b), 4.4);
    // A report that returns every day, week or month differs in nothing but its figures.
    let series = ["price", "shipment"].iter().any(|what| a.tells(what) && b.tells(what));
    blame(series && other_figures && days > 0.7, 3.0);
    points
}
