//! From sentences to claims: one per holder and action, with all that the text says of it.
//!
//! Reads the sentences in order, keeps what was spoken of, then folds the
//! events: corrections and denials first, unnamed groups last, because a group
//! that the text goes on to name is not a holder of its own.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;
use sha2::{Digest, Sha256};

use super::Told;
use super::document::{Sentence, Speaker};
use super::names::{self, Names};
use super::parts::{Article, Chunk, Group, Holder, Naming, Theme, ThemeKind};
use super::rules::{Rules, Tongue};
use super::scope::{self, Reach};
use super::talk::{Event, Mood, Talk, firm};
use super::voice::{self, Weight};
use super::{clauses, counts, english, ours};
use crate::lexicon::{Lexicon, Name};
use crate::model::license::{
    Certainty, Claim, ClaimId, DateBasis, LicenseAction, LicenseType, PartialDate, Role,
};
use crate::text;

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
            || sentences.iter().any(|sentence| match &sentence.speaker {
                Speaker::Answer(who) => goods.is_match(&super::document::folded(who)),
                _ => false,
            })
            || exporter())
}

/// Whether an English sentence names a place in China.
fn chinese_place(sentence: &Sentence<'_>, rules: &Rules) -> bool {
    sentence.tongue == Tongue::En
        && sentence
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
        Regex::new(r"(?:\b(?:in|of|for|during|since) |^)(?:19\d\d|200\d|201\d|202[0-4])\b|(?:19\d\d|200\d|201\d|202[0-4])年|\b(?:у|в) (?:200\d|201\d|202[0-4])\b").expect("a constant pattern")
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
        ["本公司", "我公司", "我司", "our company", "наша компанія"]
            .iter()
            .any(|words| sentence.low.contains(words))
    });
    let answers =
        sentences.iter().any(|sentence| sentence.speaker == Speaker::Answer(String::new()));
    if !own && !answers {
        return None;
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
        for (i, sentence) in self.sentences.iter().enumerate() {
            let answering = matches!(sentence.speaker, Speaker::Answer(_));
            talk.voice = if answering && !self.authority
                || voice::voice_text(&sentence.low)
                    && self.voice.is_some()
                    && sentence.low.contains("本公司")
            {
                self.voice
            } else {
                None
            };
            let since = talk.since;
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
            let (chunks, themes, mut events) = if sentence.tongue == Tongue::En {
                let reader = english::Reader::new(sentence, i, &self.names, self.rules, &talk);
                let events = reader.read(&mut talk);
                (reader.chunks, reader.themes, events)
            } else {
                let reader = clauses::Reader::new(sentence, i, &self.names, self.rules, &talk);
                let events = reader.read(&mut talk);
                (reader.chunks, reader.themes, events)
            };
            if sentence.question {
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
                open = if colon && !grouped.is_empty() { Some(grouped) } else { None };
            }
            self.events.extend(events);
            self.read.push(Read { chunks, themes, since });
        }
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
            Regex::new(r"\b(?:recipients?|beneficiaries|licensees|license holders|licence holders)\b[^.;]{0,60}\b(?:are|include|includes|were|included)\s*(?:the )?$|\b(?:companies|firms|exporters|buyers|suppliers|producers|makers|the (?:two|three|four|five|six))\b[^.;]{0,40}\b(?:approved|cleared|licensed|chosen|that (?:got|received|obtained))\b[^.;]{0,60}\b(?:are|were|include|included)\s*(?:the )?$|\bnam(?:ed|es|ing) (?:the|them)\b[^.;]{0,80}\bas\s*(?:the )?$|\bserved first, among them\s*(?:the )?$|\b(?:the )?(?:first|initial) (?:recipients?|licensees?|holders?) (?:are|were|include)\s*(?:the )?$|(?:获批|获证|取得|拿证|获得许可)(?:的)?(?:企业|公司|厂商|者|名单)?[^，。；]{0,10}(?:包括|分别是|分别为|有|为|是|即)(?:了)?$|其余[^，。；]{0,5}(?:为|是|分别是)$|(?:отримувачами|власниками ліцензій|серед отримувачів)[^.;]{0,20}$").expect("a constant pattern")
        });
        let sentence = &self.sentences[i];
        if themes.iter().any(|theme| theme.other) || since > 4 && themes.is_empty() {
            return Vec::new();
        }
        let chunk = chunks.iter().find(|chunk| {
            chunk.naming == Naming::Named && NAMES.is_match(&sentence.low[..chunk.at.start])
        });
        let Some(chunk) = chunk else { return Vec::new() };
        let unreal = self.rules.mood.en_unreal.is_match(&sentence.low)
            || self.rules.mood.undecided.iter().any(|p| p.is_match(&sentence.low));
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
        if named * 10 < sentence.low.trim_end_matches(['.', ';', '。', '；']).len() * 6 {
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

/// A claim in the making.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing the words say, and they combine freely"
)]
struct Draft {
    holder: Holder,
    action: LicenseAction,
    license: LicenseType,
    denied: bool,
    claimed: bool,
    /// Places: sentence and trigger, with the permit.
    spots: Vec<(usize, Range<usize>, usize)>,
    weight: Weight,
    date: Option<(PartialDate, DateBasis)>,
    counted: bool,
    lead: bool,
    import: bool,
    identifies: bool,
    /// Reach taken over from the group that this holder was named for.
    inherited: Reach,
}

impl Reading<'_> {
    /// Events by holder and action.
    fn drafts(&self) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        for event in &self.events {
            if event.mood == Mood::Negated {
                continue;
            }
            let found = drafts.iter().position(|draft| {
                let kinds = [draft.license, event.license];
                let apart = kinds[0] != kinds[1] && !kinds.contains(&LicenseType::Unspecified);
                draft.action == event.action
                    && same(&draft.holder, &event.holder)
                    && !(apart && firm(&draft.holder).is_some())
            });
            let draft = self.draft(event);
            match found {
                Some(i) => merge(&mut drafts[i], draft),
                None => drafts.push(draft),
            }
        }
        one_of_two(&mut drafts);
        decided(&mut drafts);
        self.decisions(&mut drafts);
        self.statements(&mut drafts);
        self.denials(&mut drafts);
        self.carry(&mut drafts);
        self.unnamed(drafts)
    }

    fn draft(&self, event: &Event) -> Draft {
        let sentence = &self.sentences[event.sentence];
        let read = &self.read[event.sentence];
        let mut weight = voice::weigh(
            sentence,
            &event.holder,
            &read.chunks,
            self.voice_at(event.sentence),
            self.authority,
            &self.names,
            self.rules,
        );
        if !weight.said {
            weight = self.continued(event, weight);
        }
        if event.mood == Mood::Claimed
            || weight.certainty == Certainty::Reported && self.rumored(event.sentence)
        {
            weight = Weight { certainty: Certainty::Rumored, said: true };
        }
        let span = self.span(event);
        let context = self.context(event.sentence);
        let exact = self.article.dated;
        let reference = self.article.published.date_naive();
        let crowded = self.events.iter().any(|other| {
            let between = event.at.end.min(other.at.end)..event.at.start.max(other.at.start);
            let apart = other.holder != event.holder
                && sentence.low.get(between).is_some_and(|words| {
                    [" while ", " whereas ", " but ", "而"].iter().any(|turn| words.contains(turn))
                });
            other.sentence == event.sentence
                && other.action != event.action
                && (other.holder == event.holder || apart)
        });
        let date =
            scope::date(sentence, &event.at, &span, event.action, reference, exact, &context)
                .or_else(|| {
                    self.edges(event.sentence)
                        .into_iter()
                        .skip(usize::from(crowded))
                        .find_map(|whole| {
                            scope::date(
                                sentence,
                                &event.at,
                                &whole,
                                event.action,
                                reference,
                                exact,
                                &context,
                            )
                        })
                        .filter(|(_, basis)| !crowded || *basis == DateBasis::Statement)
                });
        let body = self.sentences.iter().filter(|s| !s.title).count();
        let place = self.sentences[..event.sentence].iter().filter(|s| !s.title).count();
        Draft {
            holder: event.holder.clone(),
            action: event.action,
            license: event.license,
            denied: event.mood == Mood::Denied,
            claimed: event.mood == Mood::Claimed,
            spots: vec![(event.sentence, event.at.clone(), event.permit)],
            weight,
            date,
            counted: event.counted,
            lead: sentence.title || place < 2 || body <= 3,
            import: event.import,
            identifies: event.identifies,
            inherited: Reach::default(),
        }
    }

    /// `he wrote`, `他说`: the voice of the sentences before.
    fn continued(&self, event: &Event, weight: Weight) -> Weight {
        static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:he|she) (?:said|says|wrote|added|told|confirmed|explained)\b|^(?:他|她)(?:还|并|又)?(?:说|表示|称|指出|还说|并指出)|(?:за його|за її) словами|(?:додав|додала|зазначив|зазначила) (?:він|вона)").expect("a constant pattern")
        });
        if !GOES_ON.is_match(&self.sentences[event.sentence].low) {
            return weight;
        }
        for i in (event.sentence.saturating_sub(3)..event.sentence).rev() {
            let sentence = &self.sentences[i];
            if voice::official(&sentence.low, self.rules) {
                return Weight { certainty: Certainty::Official, said: true };
            }
            if voice::self_said(&sentence.low) && firm(&event.holder).is_some() {
                return Weight { certainty: Certainty::CompanyConfirmed, said: true };
            }
        }
        weight
    }

    /// Dates with their year in the title and the sentences up to this one.
    fn context(&self, i: usize) -> Vec<PartialDate> {
        let reference = self.article.published.date_naive();
        let from = i.saturating_sub(3);
        self.sentences
            .iter()
            .enumerate()
            .filter(|(at, sentence)| sentence.title || (from..=i).contains(at))
            .flat_map(|(_, sentence)| scope::dated(sentence, reference))
            .collect()
    }

    /// The stretches before the first and after the last event of a sentence: what stands there is
    /// said of all of them.
    fn edges(&self, i: usize) -> [Range<usize>; 2] {
        let here = || self.events.iter().filter(|event| event.sentence == i);
        let first = here().map(|event| event.at.start).min().unwrap_or(0);
        let last = here().map(|event| event.at.end).max().unwrap_or(0);
        [0..first, last..self.sentences[i].low.len()]
    }

    fn voice_at(&self, i: usize) -> Option<usize> {
        let sentence = &self.sentences[i];
        let answers = matches!(sentence.speaker, Speaker::Answer(_)) && !self.authority;
        (answers || voice::voice_text(&sentence.low)).then_some(self.voice).flatten()
    }

    /// Whether the text treats what the sentence says as talk.
    fn rumored(&self, i: usize) -> bool {
        let own = self.rules.voice.rumor.is_match(&self.sentences[i].low);
        let denied =
            self.sentences.iter().any(|sentence| self.rules.voice.denial.is_match(&sentence.low));
        own || !denied
            && self
                .sentences
                .iter()
                .take(3)
                .any(|sentence| self.rules.voice.rumor.is_match(&sentence.low))
    }

    /// The stretch of the event's sentence that is about it and no other.
    fn span(&self, event: &Event) -> Range<usize> {
        let low = &self.sentences[event.sentence].low;
        let from = low[..event.at.start]
            .rfind([';', '；'])
            .map_or(0, |i| i + low[i..].chars().next().map_or(1, char::len_utf8));
        let upto = low[event.at.end..].find([';', '；']).map_or(low.len(), |i| event.at.end + i);
        let mut span = from..upto;
        for other in self.events.iter().filter(|other| {
            other.sentence == event.sentence
                && (other.holder != event.holder || other.action != event.action)
        }) {
            if other.at == event.at {
                continue;
            }
            let chunk = |event: &Event| {
                self.read[event.sentence]
                    .chunks
                    .iter()
                    .find(|chunk| chunk.holders.contains(&event.holder))
                    .map(|chunk| chunk.at.clone())
            };
            if other.at.start > event.at.start {
                let start = chunk(other)
                    .filter(|at| at.start >= event.at.end && at.start < other.at.start)
                    .map_or(other.at.start, |at| at.start);
                span.end = span.end.min(start.max(event.at.end));
            } else {
                let start = chunk(event)
                    .filter(|at| at.start >= other.at.end && at.start < event.at.start)
                    .map_or(event.at.start, |at| at.start);
                span.start = span.start.max(start.min(event.at.start));
            }
        }
        span.start.min(span.end)..span.end
    }

    /// `The decision is dated March 16`: the day of what the sentence before told.
    fn decisions(&self, drafts: &mut [Draft]) {
        static DATED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:decision|notice|order|ruling|letter|notification)s?\b[^.;]{0,24}\b(?:dated|took effect)\b|(?:决定|通知)(?:书)?(?:日期为|落款|于)").expect("a constant pattern")
        });
        let reference = self.article.published.date_naive();
        for (i, sentence) in self.sentences.iter().enumerate() {
            let Some(found) = DATED.find(&sentence.low) else { continue };
            let date = scope::found_dates(sentence, reference, self.article.dated)
                .into_iter()
                .find(|date| date.start >= found.start());
            let Some(date) = date else { continue };
            for draft in drafts.iter_mut() {
                let before = draft
                    .spots
                    .iter()
                    .any(|spot| spot.0 + 1 == i || spot.0 == i && spot.1.end <= found.start());
                if before && !matches!(draft.date, Some((_, DateBasis::Event))) {
                    draft.date = Some((date.date, DateBasis::Event));
                }
            }
        }
    }

    /// An undated official or buyer's word takes the day that the sentence beside it gives to the statement.
    fn statements(&self, drafts: &mut [Draft]) {
        let reference = self.article.published.date_naive();
        for draft in drafts.iter_mut().filter(|draft| draft.date.is_none()) {
            if !matches!(draft.weight.certainty, Certainty::Official | Certainty::CustomerConfirmed)
            {
                continue;
            }
            let Some((spot, ..)) = draft
                .spots
                .iter()
                .find(|spot| !self.sentences[spot.0].title)
                .or(draft.spots.first())
            else {
                continue;
            };
            for i in [spot + 1, spot.wrapping_sub(1)] {
                let Some(sentence) = self.sentences.get(i).filter(|sentence| !sentence.title)
                else {
                    continue;
                };
                let whole = 0..sentence.low.len();
                let date = scope::date(
                    sentence,
                    &(0..0),
                    &whole,
                    draft.action,
                    reference,
                    self.article.dated,
                    &self.context(i),
                );
                let spoken = voice::official(&sentence.low, self.rules)
                    || draft.weight.certainty == Certainty::CustomerConfirmed;
                if let Some((date, DateBasis::Statement)) = date.filter(|_| spoken) {
                    draft.date = Some((date, DateBasis::Statement));
                    break;
                }
            }
        }
    }

    /// Claims that the firm or the authority denies.
    fn denials(&self, drafts: &mut [Draft]) {
        let denying: Vec<usize> = (0..self.sentences.len())
            .filter(|i| self.rules.voice.denial.is_match(&self.sentences[*i].low))
            .collect();
        for draft in drafts.iter_mut() {
            let negated = self.events.iter().find(|event| {
                event.mood == Mood::Negated
                    && event.action == draft.action
                    && same(&event.holder, &draft.holder)
            });
            let first = draft.spots.first().map_or(0, |spot| spot.0);
            if draft.claimed && (negated.is_some() || !denying.is_empty()) {
                draft.denied = true;
            }
            // A report, and later in the text the firm's or authority's own word against it.
            if let Some(event) = negated.filter(|event| event.sentence > first && !self.correction)
            {
                let read = &self.read[event.sentence];
                let weight = voice::weigh(
                    &self.sentences[event.sentence],
                    &event.holder,
                    &read.chunks,
                    self.voice_at(event.sentence),
                    self.authority,
                    &self.names,
                    self.rules,
                );
                let strong =
                    matches!(weight.certainty, Certainty::Official | Certainty::CompanyConfirmed);
                let weak = !matches!(
                    draft.weight.certainty,
                    Certainty::Official | Certainty::CompanyConfirmed
                );
                draft.denied |= strong && weak;
            }
            if draft.denied {
                draft.weight = Weight { certainty: Certainty::Denied, said: true };
                if draft.date.is_none() {
                    draft.date = self.statement_date(&denying);
                }
            }
        }
    }

    /// The first day that a denying sentence, else any, gives.
    fn statement_date(&self, denying: &[usize]) -> Option<(PartialDate, DateBasis)> {
        let reference = self.article.published.date_naive();
        let days = |i: usize| {
            scope::found_dates(&self.sentences[i], reference, self.article.dated)
                .into_iter()
                .map(|found| found.date)
                .find(|date| matches!(date, PartialDate::Day(_)))
        };
        let own = denying.iter().find_map(|i| days(*i));
        own.or_else(|| (0..self.sentences.len()).find_map(days))
            .map(|date| (date, DateBasis::Statement))
    }

    /// An unattributed event of a holder has its neighbor's voice.
    fn carry(&self, drafts: &mut [Draft]) {
        for i in 0..drafts.len() {
            if drafts[i].weight.said || firm(&drafts[i].holder).is_none() {
                continue;
            }
            let strongest = drafts
                .iter()
                .filter(|other| {
                    other.holder == drafts[i].holder
                        && other.weight.said
                        && other.weight.certainty != Certainty::Denied
                })
                .map(|other| other.weight)
                .min_by_key(|weight| weight.certainty);
            if let Some(weight) = strongest {
                drafts[i].weight = weight;
            }
        }
    }

    /// Drops the groups that are nobody's license, or that the text goes on to name.
    fn unnamed(&self, drafts: Vec<Draft>) -> Vec<Draft> {
        let named: Vec<LicenseAction> = drafts
            .iter()
            .filter(|draft| firm(&draft.holder).is_some())
            .map(|draft| draft.action)
            .collect();
        let mut kept: Vec<Draft> = Vec::new();
        let mut absorbed: Vec<Draft> = Vec::new();
        let named_count =
            |action: LicenseAction| named.iter().filter(|known| **known == action).count();
        let identifies = |action: LicenseAction| {
            drafts.iter().any(|draft| draft.action == action && draft.identifies)
        };
        let decisions: Vec<(bool, bool)> = drafts
            .iter()
            .map(|draft| {
                let Holder::Group(group) = &draft.holder else { return (true, false) };
                if self.member_named(draft, group, &drafts) {
                    return (false, true);
                }
                let official = draft.weight.certainty == Certainty::Official;
                let known_by = !group.buyers.is_empty() || !group.described.is_empty();
                let beside = named_count(draft.action);
                // A tally of many applications is not that of the few firms named beside it.
                let tallied =
                    draft.counted && group.count.is_some_and(|count| count as usize > beside);
                if beside > 0
                    && !known_by
                    && !tallied
                    && (!official
                        || identifies(draft.action)
                        || group.count.is_some_and(|n| n as usize == beside))
                {
                    let titled = draft.spots.iter().all(|spot| self.sentences[spot.0].title);
                    let single = group.single && group.place.is_some() && !titled;
                    return (single, !single);
                }
                let foreground = draft.lead && (group.limited || known_by || group.place.is_some());
                let company = self.events.iter().any(|event| {
                    event.sentence == draft.spots[0].0 && firm(&event.holder).is_some()
                });
                let counted = draft.counted || group.words.contains("applications");
                let waits = matches!(draft.action, LicenseAction::Pending | LicenseAction::Applied);
                if waits && !(draft.lead && group.limited) {
                    return (false, false);
                }
                let keep = official
                    || known_by
                    || foreground
                    || group.place.is_some() && group.role == Role::EndUser && !counted
                    || group.single && company;
                (keep, false)
            })
            .collect();
        for (draft, (keep, absorb)) in drafts.into_iter().zip(decisions) {
            if keep {
                kept.push(draft);
            } else if absorb {
                absorbed.push(draft);
            }
        }
        for group in absorbed {
            let reach = self.reach(&group);
            for draft in kept
                .iter_mut()
                .filter(|draft| draft.action == group.action && firm(&draft.holder).is_some())
            {
                draft.date = draft.date.or(group.date);
                draft.inherited.join(&reach);
                draft.import |= group.import;
                if draft.license == LicenseType::Unspecified {
                    draft.license = group.license;
                }
                if let Holder::Group(words) = &group.holder
                    && let Some(place) = words.place.clone().filter(|_| words.role == Role::EndUser)
                    && !draft.inherited.destinations.contains(&place)
                    && self.role(draft) == Role::EndUser
                {
                    draft.inherited.destinations = vec![place];
                }
            }
        }
        kept
    }

    /// Whether the text names the one supplier that a buyer's group stands for: a firm of the same
    /// action in a sentence that speaks of that buyer, under whichever of its names.
    fn member_named(&self, draft: &Draft, group: &Group, drafts: &[Draft]) -> bool {
        if group.buyers.is_empty() {
            return false;
        }
        let buys = |entity: usize| {
            group
                .buyers
                .iter()
                .any(|i| self.names.entities[*i].id == self.names.entities[entity].id)
        };
        let members = drafts
            .iter()
            .filter(|other| other.action == draft.action)
            .filter(|other| firm(&other.holder).is_some_and(|i| !buys(i)))
            .filter(|other| {
                other.spots.iter().any(|spot| {
                    self.names.mentions[spot.0].iter().any(|mention| buys(mention.entity))
                })
            })
            .count();
        let title = draft.spots.iter().all(|spot| self.sentences[spot.0].title);
        let one = group.single || group.count == Some(1);
        members > 0 && (one || title || group.count.is_some_and(|n| n as usize == members))
    }

    /// What the text says of the license's reach where it speaks of it.
    fn reach(&self, draft: &Draft) -> Reach {
        let mut reach = Reach::default();
        let holders: Vec<usize> =
            self.events.iter().filter_map(|event| firm(&event.holder)).collect();
        let permits: Vec<usize> = draft.spots.iter().map(|spot| spot.2).collect();
        for event in self.events.iter().filter(|event| {
            permits.contains(&event.permit)
                && event.holder == draft.holder
                && event.mood != Mood::Negated
                && (!draft.denied || event.action == draft.action)
        }) {
            let at = self.span(event);
            reach.join(&self.reach_at(event.sentence, at, &holders));
        }
        if draft.denied {
            return reach;
        }
        for i in 0..self.sentences.len() {
            if self.continues(i, draft) {
                let at = self.part_about(i, draft);
                let mut more = self.reach_at(i, at, &holders);
                if self.read[i].chunks.iter().all(|chunk| !chunk.holders.contains(&draft.holder)) {
                    more.share = None;
                }
                reach.join(&more);
            }
        }
        reach
    }

    fn reach_at(&self, i: usize, at: Range<usize>, holders: &[usize]) -> Reach {
        scope::reach(
            &self.sentences[i],
            at,
            holders,
            &self.names.mentions[i],
            &self.names,
            self.lexicon,
            self.rules,
        )
    }

    /// Whether a sentence without events of its own goes on about the draft's license.
    fn continues(&self, i: usize, draft: &Draft) -> bool {
        static REACHES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:ships?|shipped|export\w*|sends?|send|cover\w*|deliver\w*|uses?|sell|sells|supply|supplies|buys?|reach|included?|clearances?|consignments?)\b|覆盖|涵盖|出口|客户|供货|销往|运往|постача\p{L}+|експорт\p{L}*|поширю\p{L}+|охоплю\p{L}+|стосу\p{L}+")
                .expect("a constant pattern")
        });
        let sentence = &self.sentences[i];
        let read = &self.read[i];
        if sentence.question
            || sentence.title
            || self.events.iter().any(|event| event.sentence == i)
            || !REACHES.is_match(&sentence.low)
        {
            return false;
        }
        static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:not affected|controls?|still good|another|different|would|will (?:apply|seek|file|need)|control list|customs (?:figures|data)|for the time being|competitors?|rules|lists? buyers|their websites|as a whole)\b|列管|管制|另有|海关|计划|将").expect("a constant pattern")
        });
        if ELSEWHERE.is_match(&sentence.low) {
            return false;
        }
        let strange = read.themes.iter().any(|theme| {
            theme.other
                || theme.negative
                || theme.article == Article::Indefinite
                || theme.license != LicenseType::Unspecified
                    && draft.license != LicenseType::Unspecified
                    && theme.license != draft.license
        });
        if strange {
            return false;
        }
        let about: Vec<&Holder> = read
            .chunks
            .iter()
            .flat_map(|chunk| &chunk.holders)
            .filter(|holder| firm(holder).is_some_and(|i| !self.names.entities[i].foreign()))
            .collect();
        let near = draft
            .spots
            .iter()
            .any(|spot| spot.0 < i && i - spot.0 <= 4 || spot.0 > i && spot.0 - i <= 2);
        let last =
            self.events.iter().rfind(|event| event.sentence < i && event.holder == draft.holder);
        let current =
            last.is_none_or(|event| draft.spots.iter().any(|spot| spot.2 == event.permit));
        match &draft.holder {
            Holder::Firm(_) if about.contains(&&draft.holder) => current,
            Holder::Firm(_) if about.is_empty() => {
                let plural = read.themes.iter().any(|theme| {
                    theme.kind == ThemeKind::License
                        && theme.article == Article::Definite
                        && sentence.low[theme.at.clone()].ends_with('s')
                });
                let only = plural
                    || self.events.iter().all(|event| {
                        event.holder == draft.holder || matches!(event.holder, Holder::Group(_))
                    });
                near && current && read.since <= 2 && only
            }
            _ => false,
        }
    }

    /// Of a sentence that names several holders, the stretch about this one.
    fn part_about(&self, i: usize, draft: &Draft) -> Range<usize> {
        let sentence = &self.sentences[i];
        let whole = 0..sentence.low.len();
        let chunks: Vec<&Chunk> = self.read[i]
            .chunks
            .iter()
            .filter(|chunk| {
                chunk.naming != Naming::Group
                    && chunk.holders.iter().any(|holder| {
                        firm(holder).is_some_and(|i| !self.names.entities[i].foreign())
                    })
            })
            .collect();
        if chunks.len() < 2 {
            return whole;
        }
        let Some(mine) = chunks.iter().position(|chunk| chunk.holders.contains(&draft.holder))
        else {
            return whole;
        };
        let start = if mine == 0 { 0 } else { chunks[mine].at.start };
        let end = chunks.get(mine + 1).map_or(sentence.low.len(), |next| next.at.start);
        start.min(end)..end
    }

    fn role(&self, draft: &Draft) -> Role {
        match &draft.holder {
            Holder::Firm(i) => {
                let entity = &self.names.entities[*i];
                let home = entity.country.as_deref() == Some("CN");
                if entity.foreign() || draft.import && !home {
                    Role::EndUser
                } else {
                    Role::Exporter
                }
            }
            Holder::Group(group) => {
                if draft.import && group.buyers.is_empty() {
                    Role::EndUser
                } else {
                    group.role
                }
            }
        }
    }

    fn claims(&self, drafts: Vec<Draft>) -> Vec<Claim> {
        let terms = self.terms();
        let kinds = self.kinds();
        let mut claims: Vec<Claim> = drafts
            .into_iter()
            .filter(|draft| {
                draft.date.is_none_or(|(date, _)| {
                    date.first_day() >= first_day() || matches!(date, PartialDate::Month(2025, 4))
                })
            })
            .map(|draft| self.claim(&draft, &terms, kinds))
            .collect();
        // Two licenses of one holder told in one sentence differ by their kind only.
        for i in 1..claims.len() {
            let (before, rest) = claims.split_at_mut(i);
            if before.iter().any(|known| known.id == rest[0].id) {
                let kind = format!("{:?}", rest[0].license_type);
                rest[0].id = claim_id(self.article.url, &kind, rest[0].action, &rest[0].quote);
            }
        }
        claims
    }

    /// Terms that the text states, with the kind of license they are of.
    fn terms(&self) -> Vec<(LicenseType, u32)> {
        static UNSURE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"\b(?:would|could|might|may|probably|law|up to three)\b|估计|可能|可望|草案",
            )
            .expect("a constant pattern")
        });
        let mut found = Vec::new();
        for (sentence, read) in self.sentences.iter().zip(&self.read) {
            let themed = read.themes.iter().any(|theme| !theme.other);
            if sentence.question
                || UNSURE.is_match(&sentence.low)
                || !themed && read.since > 0
                || read.themes.iter().any(|theme| theme.other)
            {
                continue;
            }
            if let Some(months) = scope::months(&sentence.low, self.rules) {
                let kind = read
                    .themes
                    .iter()
                    .map(|theme| theme.license)
                    .find(|kind| *kind != LicenseType::Unspecified)
                    .unwrap_or_default();
                found.push((kind, months));
            }
        }
        found
    }

    /// Whether the text speaks of general, and of individual licenses.
    fn kinds(&self) -> (bool, bool) {
        let themes = || self.read.iter().flat_map(|read| &read.themes).filter(|theme| !theme.other);
        (
            themes().any(|t| t.license == LicenseType::General),
            themes().any(|t| t.license == LicenseType::Individual),
        )
    }

    fn claim(&self, draft: &Draft, terms: &[(LicenseType, u32)], kinds: (bool, bool)) -> Claim {
        let role = self.role(draft);
        let mut reach = self.reach(draft);
        let own_share = reach.share;
        reach.join(&draft.inherited);
        reach.share = own_share.or(draft.inherited.share);
        let fresh = matches!(draft.action, LicenseAction::Granted | LicenseAction::Renewed);
        let mut license = draft.license;
        if license == LicenseType::Unspecified {
            let permits: Vec<usize> = draft.spots.iter().map(|spot| spot.2).collect();
            let known = self
                .events
                .iter()
                .filter(|event| permits.contains(&event.permit) && event.holder == draft.holder)
                .map(|event| event.license);
            license = known
                .into_iter()
                .find(|kind| *kind != LicenseType::Unspecified)
                .unwrap_or_default();
        }
        if license == LicenseType::Unspecified && fresh && !draft.denied && kinds == (true, false) {
            license = LicenseType::General;
        }
        let mut months = reach.months;
        if months.is_none() && fresh && !draft.denied {
            let fitting: Vec<u32> = terms
                .iter()
                .filter(|(kind, _)| {
                    *kind == license
                        || *kind == LicenseType::Unspecified
                        || license == LicenseType::Unspecified
                            && !draft.counted
                            && firm(&draft.holder).is_some()
                })
                .map(|(_, months)| *months)
                .collect();
            months =
                fitting.first().copied().filter(|first| fitting.iter().all(|other| other == first));
            if license == LicenseType::Unspecified
                && matches!(&draft.holder, Holder::Group(group) if group.buyers.is_empty() && group.described.is_empty())
            {
                months = None;
            }
        }
        if !fresh
            && draft.action != LicenseAction::Expired
            && draft.action != LicenseAction::Revoked
            && draft.action != LicenseAction::Suspended
        {
            months = None;
        }
        if !fresh {
            months = None;
        }
        if license == LicenseType::Unspecified && months == Some(6) && fresh {
            license = LicenseType::Individual;
        }
        let (name, holder, description, group_buyers) = match &draft.holder {
            Holder::Firm(i) => {
                let entity = &self.names.entities[*i];
                (
                    Some(text::one_line(&entity.name)),
                    Some(entity.id.clone()),
                    String::new(),
                    Vec::new(),
                )
            }
            Holder::Group(group) => (None, None, self.description(group), self.customers(group)),
        };
        let customers = customers_of(&reach, group_buyers, role);
        let destinations = self.destinations(draft, &reach, role);
        let quote = self.quote(draft);
        let (sentence, ..) = draft.spots.first().cloned().unwrap_or_default();
        let count = match &draft.holder {
            Holder::Group(group) => group.count,
            Holder::Firm(_) => None,
        };
        Claim {
            id: claim_id(
                self.article.url,
                name.as_deref().unwrap_or(&description),
                draft.action,
                &quote,
            ),
            name,
            holder,
            description,
            role,
            action: draft.action,
            license_type: license,
            elements: reach.elements,
            items: reach.items,
            destinations,
            customers,
            conditions: reach.conditions,
            validity_months: months,
            count,
            date: draft.date.map(|(date, _)| date),
            date_basis: draft.date.map_or(DateBasis::Article, |(_, basis)| basis),
            certainty: match (draft.weight.certainty, role) {
                (Certainty::CompanyConfirmed, Role::EndUser) => Certainty::CustomerConfirmed,
                (other, _) => other,
            },
            origin: self.origin(sentence),
            publisher: self.article.publisher.to_owned(),
            tier: self.article.tier,
            url: self.article.url.to_owned(),
            published: self.article.published.date_naive(),
            language: self.article.language.clone(),
            quote,
            note: String::new(),
            first_seen: self.article.now,
            last_checked: self.article.now,
        }
    }

    /// A short noun phrase of the text for holders without names, else fixed words.
    fn description(&self, group: &Group) -> String {
        static UNCLEAN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?i)\b(?:said|says|confirms?|confirmed|that|which|who|have|has|had|was|were|are|is|counted|approved|denied|on|as|than|when|while)\b|^(?:of|and|or|the following|that|but|its|their|his|её|його|її) |^\d+(?:件|份|宗|项|张|笔|个|起)|^其|因|以下|下列|[,，;；:：。]").expect("a constant pattern")
        });
        let words = text::one_line(&group.words);
        let words = words.trim_matches(['“', '”', '"', ' ', '‘', '’']);
        let clean = !words.is_empty() && words.chars().count() <= 60 && !UNCLEAN.is_match(words);
        // As the text spells it: what was matched may be folded.
        let folded = super::document::folded(words);
        let spelled = self.sentences.iter().find_map(|sentence| {
            let at = sentence.low.find(&folded).filter(|_| clean)?;
            Some(text::one_line(sentence.cut(at..at + folded.len())))
        });
        if let Some(spelled) = spelled {
            return spelled;
        }
        let buyers = self.customers(group);
        match (buyers.as_slice(), group.role) {
            ([], Role::Exporter) => "unnamed exporters".to_owned(),
            ([], Role::EndUser) => "unnamed buyers".to_owned(),
            ([only], _) => format!("suppliers of {only}"),
            ([first @ .., last], _) => format!("suppliers of {} and {last}", first.join(", ")),
        }
    }

    fn customers(&self, group: &Group) -> Vec<String> {
        let mut seen: Vec<&crate::model::article::CompanyId> = Vec::new();
        let named: Vec<String> = group
            .buyers
            .iter()
            .map(|i| &self.names.entities[*i])
            .filter(|entity| {
                let new = !seen.contains(&&entity.id);
                seen.push(&entity.id);
                new
            })
            .map(|entity| text::one_line(&entity.name))
            .collect();
        if named.is_empty() { group.described.clone() } else { named }
    }

    fn destinations(&self, draft: &Draft, reach: &Reach, role: Role) -> Vec<String> {
        if let (Holder::Group(group), LicenseAction::Suspended, true) =
            (&draft.holder, draft.action, draft.counted)
            && let Some(place) = &group.place
        {
            return vec![place.clone()];
        }
        if role == Role::Exporter {
            return reach.destinations.clone();
        }
        if !draft.inherited.destinations.is_empty() {
            return draft.inherited.destinations.clone();
        }
        if let Holder::Group(group) = &draft.holder
            && let Some(place) = &group.place
        {
            return vec![place.clone()];
        }
        let home = firm(&draft.holder)
            .and_then(|i| self.names.entities[i].country.clone())
            .map(|code| place_of(&code));
        if let Some(place) = home {
            let spoken =
                self.rules.places.iter().find(|known| known.name == place).is_some_and(|known| {
                    self.sentences.iter().any(|sentence| known.nouns.is_match(&sentence.low))
                });
            if spoken {
                return vec![place];
            }
        }
        reach.destinations.clone()
    }

    /// The first sentence of the body that proves it, else of the title.
    fn quote(&self, draft: &Draft) -> String {
        let spot = draft
            .spots
            .iter()
            .find(|spot| !self.sentences[spot.0].title)
            .or_else(|| draft.spots.first());
        spot.map_or_else(String::new, |spot| text::one_line(self.sentences[spot.0].text))
    }

    /// Whose report it is in the end: a wire or paper named in the sentence, or near it.
    fn origin(&self, sentence: usize) -> Option<String> {
        const ORIGINS: &[(&str, &str)] = &[
            ("reuters", "reuters"),
            ("路透", "reuters"),
            ("bloomberg", "bloomberg"),
            ("彭博", "bloomberg"),
            ("asian metal", "asian-metal"),
            ("wall street journal", "wsj"),
            ("华尔街日报", "wsj"),
            ("financial times", "ft"),
            ("金融时报", "ft"),
            ("nikkei", "nikkei"),
            ("日经", "nikkei"),
            ("caixin", "caixin"),
            ("财新", "caixin"),
            ("cailian", "cailian"),
            ("财联社", "cailian"),
            ("上海证券报", "shanghai-securities-news"),
            ("shanghai securities news", "shanghai-securities-news"),
            ("economic times", "economic-times"),
            ("kyodo", "kyodo"),
            ("共同社", "kyodo"),
            ("yonhap", "yonhap"),
            ("xinhua", "xinhua"),
            ("新华社", "xinhua"),
            ("界面新闻", "jiemian"),
            ("央视", "cctv"),
        ];
        let nearest = |i: usize| {
            ORIGINS
                .iter()
                .find(|(word, _)| self.sentences[i].low.contains(word))
                .map(|(_, id)| (*id).to_owned())
        };
        let from = sentence.saturating_sub(2);
        nearest(sentence)
            .or_else(|| (from..sentence).rev().find_map(nearest))
            .or_else(|| (0..self.sentences.len()).find_map(nearest))
    }
}

/// An application that was filed and is undecided is one event, dated by its filing.
fn one_of_two(drafts: &mut Vec<Draft>) {
    let filed: Vec<Holder> = drafts
        .iter()
        .filter(|draft| draft.action == LicenseAction::Pending)
        .map(|draft| draft.holder.clone())
        .collect();
    for holder in filed {
        let Some(applied) = drafts.iter().position(|draft| {
            draft.action == LicenseAction::Applied && same(&draft.holder, &holder)
        }) else {
            continue;
        };
        let applied = drafts.remove(applied);
        if let Some(pending) = drafts
            .iter_mut()
            .find(|draft| draft.action == LicenseAction::Pending && same(&draft.holder, &holder))
        {
            pending.date = applied.date.or(pending.date);
            if pending.license == LicenseType::Unspecified {
                pending.license = applied.license;
            }
        }
    }
}

/// A filing told in the sentence that tells its outcome is no event of its own.
fn decided(drafts: &mut Vec<Draft>) {
    let outcomes: Vec<(Holder, usize)> = drafts
        .iter()
        .filter(|draft| {
            matches!(
                draft.action,
                LicenseAction::Granted | LicenseAction::Refused | LicenseAction::Renewed
            )
        })
        .flat_map(|draft| draft.spots.iter().map(|spot| (draft.holder.clone(), spot.0)))
        .collect();
    drafts.retain(|draft| {
        draft.action != LicenseAction::Applied
            || !draft.spots.iter().all(|spot| {
                outcomes
                    .iter()
                    .any(|(holder, sentence)| same(holder, &draft.holder) && *sentence == spot.0)
            })
    });
}

/// Whether two mentions are of one holder.
fn same(a: &Holder, b: &Holder) -> bool {
    match (a, b) {
        (Holder::Firm(a), Holder::Firm(b)) => a == b,
        (Holder::Group(a), Holder::Group(b)) => {
            let known = |group: &Group| !group.buyers.is_empty() || !group.described.is_empty();
            if known(a) != known(b) || a.role != b.role || a.single != b.single {
                return false;
            }
            if !a.buyers.is_empty()
                && !b.buyers.is_empty()
                && !a.buyers.iter().any(|i| b.buyers.contains(i))
            {
                return false;
            }
            match (&a.place, &b.place) {
                (Some(a), Some(b)) => a == b,
                (None, None) => true,
                _ => !a.single || !a.buyers.is_empty(),
            }
        }
        _ => false,
    }
}

fn merge(draft: &mut Draft, more: Draft) {
    draft.spots.extend(more.spots);
    if let (Holder::Group(mine), Holder::Group(theirs)) = (&mut draft.holder, &more.holder) {
        for buyer in &theirs.buyers {
            if !mine.buyers.contains(buyer) {
                mine.buyers.push(*buyer);
            }
        }
        let length = |list: &[String]| list.iter().map(String::len).sum::<usize>();
        if length(&mine.described) < length(&theirs.described) {
            mine.described.clone_from(&theirs.described);
        }
        mine.place = mine.place.take().or_else(|| theirs.place.clone());
        mine.count = mine.count.or(theirs.count);
        mine.limited |= theirs.limited;
    }
    if draft.license == LicenseType::Unspecified {
        draft.license = more.license;
    }
    let weaker =
        more.weight.said && (!draft.weight.said || more.weight.certainty < draft.weight.certainty);
    if weaker && draft.weight.certainty != Certainty::Denied {
        draft.weight = more.weight;
    }
    let event =
        |date: &Option<(PartialDate, DateBasis)>| matches!(date, Some((_, DateBasis::Event)));
    let exact =
        |date: &Option<(PartialDate, DateBasis)>| matches!(date, Some((PartialDate::Day(_), _)));
    if draft.date.is_none()
        || !event(&draft.date) && event(&more.date)
        || event(&draft.date) == event(&more.date) && !exact(&draft.date) && exact(&more.date)
    {
        draft.date = more.date.or(draft.date);
    }
    draft.claimed &= more.claimed;
    draft.denied |= more.denied;
    draft.counted &= more.counted;
    draft.lead |= more.lead;
    draft.import |= more.import;
    draft.identifies |= more.identifies;
}

fn customers_of(reach: &Reach, group: Vec<String>, role: Role) -> Vec<String> {
    if !group.is_empty() {
        return group;
    }
    if role == Role::EndUser {
        return Vec::new();
    }
    if !reach.buyers.is_empty() {
        return reach.buyers.clone();
    }
    reach.share.map(str::to_owned).into_iter().collect()
}

fn place_of(code: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("US", "US"),
        ("IN", "India"),
        ("JP", "Japan"),
        ("KR", "South Korea"),
        ("DE", "Germany"),
        ("FR", "France"),
        ("GB", "UK"),
        ("EU", "EU"),
        ("CA", "Canada"),
        ("NO", "Norway"),
        ("SE", "Sweden"),
        ("NL", "Netherlands"),
        ("AU", "Australia"),
    ];
    NAMES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or_else(|| code.to_owned(), |(_, name)| (*name).to_owned())
}

/// The same words seen again are the same claim.
fn claim_id(url: &str, name: &str, action: LicenseAction, quote: &str) -> ClaimId {
    let mut hash = Sha256::new();
    for part in [url, name, &format!("{action:?}"), quote] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    ClaimId(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
