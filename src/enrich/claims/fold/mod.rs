//! From sentences to claims: one per holder and action, with all that the text says of it.
//!
//! Reads the sentences in order and keeps what was spoken of; `drafts` puts the
//! events of one holder and action together, `tell` makes claims of them.

mod drafts;
mod tell;

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use super::Told;
use super::document::{Sentence, Speaker};
use super::names::{self, Names};
use super::parts::{Chunk, Group, Holder, Naming, Theme, ThemeKind};
use super::rules::{Rules, Tongue};
use super::talk::{Event, Mood, Talk, firm};
use super::voice;
use super::{clauses, counts, english, ours};
use crate::lexicon::{Lexicon, Name};
use crate::model::license::{Claim, LicenseAction, LicenseType};

/// The day the rules came into force: nothing before it is one of our licenses.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 4, 4).unwrap_or(NaiveDate::MIN)
}

/// Whether the text may hold a claim at all: a cheap look.
pub(super) fn worth_reading(
    sentences: &[Sentence<'_>],
    article: &Told<'_>,
    lexicon: &Lexicon,
    rules: &Rules,
) -> bool {
    let day = article.published.date_naive();
    // A month or year without its day stands at its first.
    let early = day < first_day()
        && (article.dated || day < NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or(day));
    let any = |gate: &Regex| sentences.iter().any(|sentence| gate.is_match(&sentence.low));
    let [license, goods, export] = &rules.gate;
    // A Chinese exporter's license is one to export.
    let exporter = || sentences.iter().any(|sentence| names_exporter(sentence.text, lexicon));
    let placed = || sentences.iter().take(8).any(|sentence| chinese_place(sentence, rules));
    !early
        && any(license)
        && (any(export) || placed() || exporter())
        && (any(goods)
            || any(&rules.gate_export)
            || sentences.iter().any(|sentence| match &sentence.speaker {
                Speaker::Answer(who) => goods.is_match(&super::document::folded(who)),
                _ => false,
            })
            || exporter())
}

/// Whether a sentence names a place in China.
fn chinese_place(sentence: &Sentence<'_>, rules: &Rules) -> bool {
    if sentence.tongue == Tongue::Zh {
        return rules.names.zh_places.is_match(&sentence.low);
    }
    sentence
        .low
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| rules.names.place_words.contains(word))
}

/// Whether the text names a Chinese firm of the field.
fn names_exporter(text: &str, lexicon: &Lexicon) -> bool {
    lexicon.names(text).iter().any(|hit| match hit.what {
        Name::Company(i) => lexicon.companies()[i].country == "CN",
        _ => false,
    })
}

/// A sentence, read.
struct Read {
    chunks: Vec<Chunk>,
    themes: Vec<Theme>,
    /// Sentences since a license was spoken of, before this one.
    since: usize,
}

/// All that was read.
struct Reading<'a> {
    article: &'a Told<'a>,
    sentences: &'a [Sentence<'a>],
    lexicon: &'a Lexicon,
    rules: &'a Rules,
    names: Names,
    read: Vec<Read>,
    events: Vec<Event>,
    voice: Option<usize>,
    authority: bool,
    correction: bool,
}

/// The claims of the text.
pub(super) fn read(
    article: &Told<'_>,
    sentences: &[Sentence<'_>],
    lexicon: &Lexicon,
    rules: &Rules,
) -> Vec<Claim> {
    let names = names::names(sentences, lexicon, rules);
    let correction = sentences.iter().any(|sentence| {
        rules.correction_marks.is_match(&sentence.low)
            && (sentence.title || sentence.low.len() < 160)
    }) || sentences.iter().any(|sentence| wrong(&sentence.low));
    let mut reading = Reading {
        article,
        sentences,
        lexicon,
        rules,
        voice: issuer(sentences, &names),
        authority: authority(article, sentences),
        names,
        read: Vec::new(),
        events: Vec::new(),
        correction,
    };
    reading.sentences();
    let drafts = reading.drafts();
    reading.claims(drafts)
}

/// Whether a sentence tells of years before the rules, or of the quotas of that time.
fn of_old(low: &str) -> bool {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\b(?:in|of|for|during) |^)(?:19\d\d|200\d|201\d|202[0-4])\b|(?:19\d\d|200\d|201\d|202[0-4])年|\b(?:у|в) (?:200\d|201\d|202[0-4])\b").expect("a constant pattern")
    });
    static NOW: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"202[5-9]|20[3-9]\d").expect("a constant pattern"));
    static FOUNDED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"found|establish|set up|listed|成立|创立|上市|заснован")
            .expect("a constant pattern")
    });
    let quota = low.contains("export quota") || low.contains("出口配额");
    quota || YEAR.is_match(low) && !NOW.is_match(low) && !FOUNDED.is_match(low)
}

/// For each sentence, whether it tells of those years: by itself, or going on from one that does.
fn old(sentences: &[Sentence<'_>]) -> Vec<bool> {
    static NOW: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"202[5-9]|20[3-9]\d|\b(?:has|have|now|today|this (?:week|month|year)|on \w+day)\b",
        )
        .expect("a constant pattern")
    });
    let titled = sentences.iter().any(|sentence| sentence.title && of_old(&sentence.low));
    let mut before: Option<(usize, bool)> = None;
    let mut found = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let goes_on = before.is_some_and(|(paragraph, old)| old && paragraph == sentence.paragraph);
        let inherits = sentence.tongue == Tongue::En && (titled || goes_on);
        let old = of_old(&sentence.low) || inherits && !NOW.is_match(&sentence.low);
        before = Some((sentence.paragraph, old));
        found.push(old);
    }
    found
}

fn wrong(low: &str) -> bool {
    static WRONG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:that was wrong|was incorrect|was in error|in error|wrongly|mistakenly|erroneously|incorrectly|we regret|misstated|misreported)\b|有误|误报|误写|致歉|помилк\p{L}+").expect("a constant pattern")
    });
    WRONG.is_match(low)
}

/// The firm that answers questions or issues the text in its own name.
fn issuer(sentences: &[Sentence<'_>], names: &Names) -> Option<usize> {
    for sentence in sentences {
        let Speaker::Answer(who) = &sentence.speaker else { continue };
        let who = super::document::folded(who);
        let known = names.entities.iter().position(|entity| {
            let name = super::document::folded(&entity.name);
            !who.is_empty() && (who.contains(&name) || name.contains(&who))
        });
        if known.is_some() {
            return known;
        }
    }
    let own = sentences.iter().any(|sentence| {
        [
            "本公司",
            "我公司",
            "我司",
            "our company",
            "наша компанія",
            "(далі — «компанія»",
            "(далі – «компанія»",
            "yours faithfully",
            "yours sincerely",
            "yours truly",
            "kind regards",
            "best regards",
        ]
        .iter()
        .any(|words| sentence.low.contains(words))
    });
    let answers =
        sentences.iter().any(|sentence| sentence.speaker == Speaker::Answer(String::new()));
    if !own && !answers {
        return None;
    }
    // Who signs a letter writes it.
    let signed = signature(sentences)
        .and_then(|from| names.mentions[from..].iter().flatten().map(|m| m.entity).next());
    if signed.is_some() {
        return signed;
    }
    // The title's firm, else the only one, else the signature.
    let titled = sentences
        .iter()
        .zip(&names.mentions)
        .filter(|(sentence, _)| sentence.title)
        .flat_map(|(_, mentions)| mentions)
        .map(|m| m.entity)
        .next();
    titled.or_else(|| {
        names
            .mentions
            .iter()
            .rev()
            .flatten()
            .map(|m| m.entity)
            .find(|i| !names.entities[*i].foreign())
    })
}

/// Where a letter's signature begins.
fn signature(sentences: &[Sentence<'_>]) -> Option<usize> {
    const CLOSING: &[&str] =
        &["yours faithfully", "yours sincerely", "yours truly", "kind regards", "best regards"];
    sentences.iter().rposition(|sentence| CLOSING.iter().any(|words| sentence.low.contains(words)))
}

/// Whether whoever answers is an authority.
fn authority(article: &Told<'_>, sentences: &[Sentence<'_>]) -> bool {
    const WORDS: &[&str] = &[
        "ministry",
        "mofcom",
        "he yadong",
        "he yongqian",
        "wang wentao",
        "spokes",
        "商务部",
        "发言人",
        "міністерств",
        "мінторг",
        "речни",
    ];
    let answered = sentences.iter().any(|sentence| match &sentence.speaker {
        Speaker::Answer(who) => {
            WORDS.iter().any(|word| super::document::folded(who).contains(word))
        }
        _ => false,
    });
    let bare = sentences.iter().any(|sentence| sentence.speaker == Speaker::Answer(String::new()));
    let publisher = super::document::folded(article.publisher);
    let head = sentences
        .iter()
        .take(3)
        .any(|sentence| WORDS.iter().any(|word| sentence.low.contains(word)));
    answered || bare && (head || WORDS.iter().any(|word| publisher.contains(word)))
}

impl Reading<'_> {
    fn sentences(&mut self) {
        let mut talk = Talk { since: 99, ..Talk::default() };
        let mut open: Option<Vec<Event>> = None;
        let mut paragraph = usize::MAX;
        let alien = ours::alien(self.sentences, &self.names, self.rules);
        let old = old(self.sentences);
        let letter = signature(self.sentences).is_some();
        for (i, sentence) in self.sentences.iter().enumerate() {
            let answering = matches!(sentence.speaker, Speaker::Answer(_));
            talk.voice = if answering && !self.authority
                || voice::voice_text(&sentence.low)
                    && self.voice.is_some()
                    && sentence.low.contains("本公司")
                || letter && sentence.speaker == Speaker::Text && !sentence.title
            {
                self.voice
            } else {
                self.quoted(i)
            };
            let since = talk.since;
            talk.goods = self.sentences[i.saturating_sub(3)..=i]
                .iter()
                .any(|near| self.rules.ours.goods.is_match(&near.low));
            // A bullet speaks of the firm it begins with.
            if sentence.item && sentence.paragraph != paragraph {
                let topic = self.names.mentions[i]
                    .first()
                    .filter(|m| m.at.start < 3)
                    .map(|m| Holder::Firm(m.entity));
                if let Some(Holder::Firm(firm)) = topic {
                    talk.focus = vec![firm];
                    talk.licensed = vec![Holder::Firm(firm)];
                    talk.since = talk.since.min(1);
                }
            }
            paragraph = sentence.paragraph;
            let mut announced = None;
            let (chunks, themes, mut events) = if sentence.tongue == Tongue::En {
                let reader = english::Reader::new(sentence, i, &self.names, self.rules, &talk);
                let events = reader.read(&mut talk);
                (reader.chunks, reader.themes, events)
            } else {
                let reader = clauses::Reader::new(sentence, i, &self.names, self.rules, &talk);
                let events = reader.read(&mut talk);
                announced = reader.announced().filter(|_| !sentence.question);
                (reader.chunks, reader.themes, events)
            };
            if sentence.question && self.refuted(i) {
                for event in &mut events {
                    event.mood = Mood::Claimed;
                }
            } else if sentence.question {
                events.clear();
            }
            self.tallied(i, &themes, &mut events, &mut talk);
            if old[i] || alien[i] || self.rules.mood.meta.is_match(&sentence.low) {
                events.clear();
            }
            self.corrected(i, &mut events);
            if events.is_empty() && !sentence.question {
                events = self.identified(i, &chunks, &themes, since, &mut talk);
            }
            if sentence.item {
                if let Some(rows) = open.as_ref().filter(|_| events.is_empty()) {
                    events = self.row(i, &chunks, rows, &mut talk);
                }
            } else {
                let colon = sentence.text.trim_end().ends_with([':', '：']);
                let grouped: Vec<Event> = events
                    .iter()
                    .filter(|event| {
                        matches!(event.holder, Holder::Group(_)) && event.mood == Mood::Fact
                    })
                    .cloned()
                    .collect();
                open = if colon && !grouped.is_empty() {
                    Some(grouped)
                } else {
                    let group = Holder::Group(Group { limited: true, ..Group::default() });
                    announced.map(|(action, license)| {
                        self.listed(i, &[group], action, license, 0..0, &mut talk)
                    })
                };
            }
            self.events.extend(events);
            self.read.push(Read { chunks, themes, since });
        }
    }

    /// Who says `我们`, `нам` in quotes: the firm whose person speaks in the next sentence or the last.
    fn quoted(&self, i: usize) -> Option<usize> {
        static OURS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"我们|我厂|我司|我公司|(?:^|[^\p{L}])(?:ми|нам|наш\p{L}*)(?:[^\p{L}]|$)")
                .expect("a constant pattern")
        });
        static SAYS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[^，。；,;]{0,24}(?:说|表示|称|介绍|透露|坦言|告诉|回忆)|(?:сказа|розпов|каже|пояс|зазнач|пригаду|відповіда)").expect("a constant pattern")
        });
        let sentence = &self.sentences[i];
        if !OURS.is_match(&sentence.low) || !self.names.mentions[i].is_empty() {
            return None;
        }
        [Some(i + 1), i.checked_sub(1)].into_iter().flatten().find_map(|near| {
            let other = self.sentences.get(near).filter(|other| !other.title)?;
            let mention = self.names.mentions[near].first()?;
            let after = &other.low[mention.at.end..];
            let says = match other.tongue {
                Tongue::Zh => SAYS.is_match(after),
                Tongue::Uk | Tongue::En => SAYS.is_match(&other.low),
            };
            (says
                && !self.names.entities[mention.entity].foreign()
                && other.paragraph == sentence.paragraph)
                .then_some(mention.entity)
        })
    }

    /// `有媒体称…。请问是否属实？`, and the answer begins with its denial.
    fn refuted(&self, i: usize) -> bool {
        static REPORTED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:有|据)[^，。；]{0,12}(?:媒|报道|报导|消息|传闻|人)[^，。；]{0,6}(?:称|说|指|，)|网传|传闻|市场传|(?:змі|преса|медіа|пишуть|повідомля\p{L}+|чутк\p{L}+)").expect("a constant pattern")
        });
        static REFUTES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"不实|不属实|并非事实|不是事实|不符合事实|与事实不符|谣言|没有此事|无此事|不存在|失实|не відповіда\p{L}+ дійсності|неправд|вигадк|спростову").expect("a constant pattern")
        });
        let answer = self.sentences[i..]
            .iter()
            .find(|sentence| matches!(sentence.speaker, Speaker::Answer(_)));
        REPORTED.is_match(&self.sentences[i].low)
            && answer.is_some_and(|answer| REFUTES.is_match(&answer.low))
    }

    /// A tally of applications instead of what the grammar of holders made of it.
    fn tallied(&self, i: usize, themes: &[Theme], events: &mut Vec<Event>, talk: &mut Talk) {
        let sentence = &self.sentences[i];
        let named = events.iter().any(|event| firm(&event.holder).is_some());
        if named || themes.iter().any(|theme| theme.other) {
            return;
        }
        let mut tally = counts::tally(sentence);
        let after = self.events.iter().any(|event| {
            let several = matches!(&event.holder, Holder::Group(group) if group.limited && group.count != Some(1));
            (event.counted || several) && event.sentence + 1 == i && event.mood == Mood::Fact
        });
        tally.extend(counts::remainder(sentence).filter(|_| after));
        if tally.is_empty() {
            return;
        }
        events.clear();
        for part in tally {
            let holder = Holder::Group(part.group);
            let (permit, license) = talk.permit(&holder, LicenseType::Unspecified, false);
            events.push(Event {
                holder,
                action: part.action,
                license,
                mood: Mood::Fact,
                sentence: i,
                at: part.at,
                permit,
                counted: true,
                import: false,
                identifies: false,
            });
        }
    }

    /// In a correction the version that was wrong does not count.
    fn corrected(&self, i: usize, events: &mut Vec<Event>) {
        if !self.correction {
            return;
        }
        let sentence = &self.sentences[i];
        let Some(earlier) = self.rules.correction_earlier.find(&sentence.low) else { return };
        static TURN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r";|；|\bin fact\b|\bit was\b|\brather\b|\bactually\b|\binstead\b|实为|而是|应为|насправді|, not |\bshould have\b|正确").expect("a constant pattern")
        });
        let from = earlier.start();
        let upto =
            TURN.find_at(&sentence.low, earlier.end()).map_or(sentence.low.len(), |m| m.start());
        events.retain(|event| {
            event.at.start < from && sentence.low[event.at.end.min(from)..from].len() > 40
                || event.at.start >= upto
        });
    }

    /// `The recipients are X and Y`.
    fn identified(
        &self,
        i: usize,
        chunks: &[Chunk],
        themes: &[Theme],
        since: usize,
        talk: &mut Talk,
    ) -> Vec<Event> {
        static NAMES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:exporters|companies|firms|producers|makers|suppliers) with (?:general |individual |export |an? )*(?:licen[cs]es?|permits?) (?:now |so far |already )?(?:include|are)\s*(?:the )?$|\bholders of (?:[\w-]+ ){0,3}(?:licen[cs]es?|permits?)[^.;:]{0,30}(?:are|include|:)\s*(?:the )?$|\b(?:approved|cleared|licensed|got (?:general )?licen[cs]es)(?: for (?:an? )?(?:general |export |individual )*licen[cs]es?)?(?: so far| this (?:week|month)| too)?:\s*$|\b(?:recipients?|beneficiaries|licensees|license holders|licence holders)\b[^.;]{0,60}\b(?:is|was|are|include|includes|were|included)\s*(?:the )?$|\b(?:companies|firms|exporters|buyers|suppliers|producers|makers|the (?:two|three|four|five|six))\b[^.;]{0,40}\b(?:approved|cleared|licensed|chosen|that (?:got|received|obtained))\b[^.;]{0,60}\b(?:are|were|include|included)\s*(?:the )?$|\bnam(?:ed|es|ing) (?:the|them)\b[^.;]{0,80}\bas\s*(?:the )?$|\bserved first, among them\s*(?:the )?$|\b(?:the )?(?:first|initial) (?:recipients?|licensees?|holders?) (?:are|were|include)\s*(?:the )?$|(?:获批|获证|取得|拿证|获得许可)(?:的)?(?:企业|公司|厂商|用户|买家|者|名单)?[^，。；]{0,10}(?:包括|分别是|分别为|有|为|是|即)(?:了)?$|其余[^，。；]{0,5}(?:为|是|分别是)$|(?:(?:отримувач|власник)\p{L}+|тих, хто (?:уже |вже )?(?:отрима|одержа)\p{L}+)(?: (?:загальн|генеральн|індивідуальн|експортн|нов|перш)\p{L}+)* (?:ліценз|дозв)\p{L}+[^.;]{0,40}$").expect("a constant pattern")
        });
        let sentence = &self.sentences[i];
        if themes.iter().any(|theme| theme.other) || since > 4 && themes.is_empty() {
            return Vec::new();
        }
        // `Серед них — X та Y`, after a sentence on what a group was given.
        static AMONG: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:серед|поміж|з-поміж|між) (?:них|отримувачів|щасливців)[ ,]*(?:є|були|зокрема|опинилися)?[ ,:—–-]*[«“]?$|^(?:其中|当中|名单|他们)(?:中)?(?:包括|有|分别是|分别为|为)(?:了)?$").expect("a constant pattern")
        });
        let grouped = self.events.iter().any(|event| {
            event.sentence + 1 == i
                && event.action == LicenseAction::Granted
                && event.mood == Mood::Fact
                && !event.counted
                && firm(&event.holder).is_none()
        });
        let chunk = chunks.iter().find(|chunk| {
            let before = &sentence.low[..chunk.at.start];
            chunk.naming == Naming::Named
                && (NAMES.is_match(before) || grouped && AMONG.is_match(before))
        });
        let Some(chunk) = chunk else { return Vec::new() };
        let unreal = self.rules.mood.en_unreal.is_match(&sentence.low)
            || self.rules.mood.undecided.iter().any(|p| p.is_match(&sentence.low));
        let unreal =
            unreal || [" будуть ", " стануть "].iter().any(|word| sentence.low.contains(word));
        let refused = sentence.low.contains("refus")
            || sentence.low.contains("reject")
            || sentence.low.contains("suspend")
            || sentence.low.contains(" not ");
        let granted_before = self
            .events
            .iter()
            .any(|event| event.action == LicenseAction::Granted && event.mood == Mood::Fact)
            || themes.iter().any(|theme| theme.kind == ThemeKind::License)
            || since <= 2;
        if unreal || refused || !granted_before {
            return Vec::new();
        }
        let license = self
            .events
            .iter()
            .rev()
            .find(|event| event.action == LicenseAction::Granted)
            .map_or(LicenseType::Unspecified, |event| event.license);
        let at = chunk.at.start.saturating_sub(1)..chunk.at.start;
        let at = if sentence.low.is_char_boundary(at.start) {
            at
        } else {
            chunk.at.start..chunk.at.start
        };
        self.listed(i, &chunk.holders, LicenseAction::Granted, license, at, talk)
    }

    fn listed(
        &self,
        i: usize,
        holders: &[Holder],
        action: LicenseAction,
        license: LicenseType,
        at: Range<usize>,
        talk: &mut Talk,
    ) -> Vec<Event> {
        holders
            .iter()
            .map(|holder| {
                let (permit, kind) = talk.permit(holder, license, false);
                Event {
                    holder: holder.clone(),
                    action,
                    license: kind,
                    mood: Mood::Fact,
                    sentence: i,
                    at: at.clone(),
                    permit,
                    counted: false,
                    import: false,
                    identifies: true,
                }
            })
            .collect()
    }

    /// A row that only names firms, under a sentence that announced them.
    fn row(&self, i: usize, chunks: &[Chunk], open: &[Event], talk: &mut Talk) -> Vec<Event> {
        let sentence = &self.sentences[i];
        let named: usize = chunks
            .iter()
            .filter(|chunk| chunk.naming == Naming::Named)
            .map(|chunk| chunk.at.len())
            .sum();
        static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"[(（][^)）]*[)）]|[—–:：-]|загальн\p{L}+|генеральн\p{L}+|індивідуальн\p{L}+|ліценз\p{L}+|дозв\p{L}+|(?:通用|单项|一般|个别)(?:出口)?(?:许可证?)?|[.;。；]$").expect("a constant pattern")
        });
        let beside: usize = BESIDE.find_iter(&sentence.low).map(|m| m.len()).sum();
        if named * 10 < sentence.low.len().saturating_sub(beside) * 6 {
            return Vec::new();
        }
        let Some(event) = open.first() else { return Vec::new() };
        let holders: Vec<Holder> = chunks
            .iter()
            .filter(|chunk| chunk.naming == Naming::Named)
            .flat_map(|chunk| chunk.holders.clone())
            .collect();
        let mut events = self.listed(i, &holders, event.action, event.license, 0..0, talk);
        for row in &mut events {
            row.import = event.import;
        }
        events
    }
}
