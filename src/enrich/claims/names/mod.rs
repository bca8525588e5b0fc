//! The firms a text names: those of the lexicon, and unknown ones by what their names look like.
//!
//! An unknown firm gets a provisional id. A person, place, agency, country or
//! newspaper is never a firm; what might be one counts only where the grammar
//! leaves no other reading (`sure` is false).

mod chinese;
mod ukrainian;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use ukrainian::{cyrillic, declined};

use super::document::{Sentence, Speaker};
use super::rules::{Rules, Tongue};
use crate::lexicon::{Lexicon, Name};
use crate::model::article::CompanyId;
use crate::text;

/// A firm of this text.
#[derive(Clone, Debug)]
pub(super) struct Entity {
    /// As the text spells it, in its fullest form without what follows `Co.`'s Chinese kin.
    pub(super) name: String,
    /// Canonical or provisional.
    pub(super) id: CompanyId,
    /// ISO code where known, or a place of the rules.
    pub(super) country: Option<String>,
    /// Whether it certainly is a firm.
    pub(super) sure: bool,
    /// Other spellings to look for.
    aliases: Vec<String>,
    /// Whether it stands in the lexicon.
    known: bool,
}

impl Entity {
    /// Whether it is a firm outside China.
    pub(super) fn foreign(&self) -> bool {
        self.country.as_deref().is_some_and(|country| country != "CN")
    }
}

/// Where a sentence names a firm.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// Index into the entities.
    pub(super) entity: usize,
    /// Where, in bytes.
    pub(super) at: Range<usize>,
}

/// All firms and where they stand.
pub(super) struct Names {
    /// The firms.
    pub(super) entities: Vec<Entity>,
    /// For each sentence.
    pub(super) mentions: Vec<Vec<Mention>>,
}

/// Finds them.
pub(super) fn names(sentences: &[Sentence<'_>], lexicon: &Lexicon, rules: &Rules) -> Names {
    let mut finder = Finder {
        rules,
        entities: Vec::new(),
        lower: lower_words(sentences),
        low: sentences.iter().map(|sentence| sentence.low.as_str()).collect(),
        within: within(sentences),
    };
    let mut known: Vec<Vec<Mention>> = Vec::new();
    let mut agencies = Vec::new();
    for sentence in sentences {
        let mut mentions = Vec::new();
        let mut offices = Vec::new();
        for hit in lexicon.names(sentence.text) {
            match hit.what {
                Name::Company(i) => {
                    let mut at = grown(sentence.text, hit.at, rules);
                    if sentence.text[at.clone()].ends_with(text::is_han) {
                        at.end = full_suffix(&sentence.low, at.start, at.end);
                        let (start, _) = finder.wider(&sentence.low, at.start, 0);
                        if !sentence.low[start..].starts_with("北京") {
                            at.start = start;
                        }
                    }
                    if mentions.last().is_some_and(|last: &Mention| at.start < last.at.end) {
                        continue;
                    }
                    let company = &lexicon.companies()[i];
                    let entity =
                        finder.known(&company.id, &company.country, &sentence.text[at.clone()]);
                    mentions.push(Mention { entity, at });
                }
                Name::Agency(_) => offices.push(hit.at),
                Name::Element(_) | Name::Product(_) => {}
            }
        }
        known.push(mentions);
        agencies.push(offices);
    }
    let mut candidates = finder.buyers(sentences);
    for ((sentence, taken), offices) in sentences.iter().zip(&known).zip(&agencies) {
        let taken: Vec<&Range<usize>> = taken.iter().map(|m| &m.at).chain(offices).collect();
        finder.unknown(sentence, &taken, &mut candidates);
    }
    let people = people(sentences);
    candidates
        .retain(|candidate| !(candidate.words.len() == 1 && people.contains(&candidate.words[0])));
    finder.adopt(candidates);
    finder.distinguish();
    finder.initials(sentences);
    let mut mentions = known;
    for ((sentence, found), offices) in sentences.iter().zip(&mut mentions).zip(&agencies) {
        finder.mentions(sentence, offices, found);
    }
    let listed = finder.listed(sentences, &mentions);
    if !listed.is_empty() {
        finder.adopt(listed);
        for ((sentence, found), offices) in sentences.iter().zip(&mut mentions).zip(&agencies) {
            finder.mentions(sentence, offices, found);
        }
    }
    Names { entities: finder.entities, mentions }
}

/// Last names of people whom the text introduces: `plant head Ana Brandt` makes `Brandt` no firm.
fn people(sentences: &[Sentence<'_>]) -> HashSet<String> {
    static PERSON: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:[Hh]ead|[Bb]oss|[Ff]ounder|[Oo]wner|[Mm]anager|[Dd]irector|[Cc]hief|[Cc]hair(?:man|woman)?|[Mm]inister|[Aa]nalyst|[Tt]rader|[Bb]roker|[Ll]awyer|[Ss]pokes(?:man|woman|person)|[Pp]resident|[Ee]ngineer|[Bb]uyer|CEO|CFO|COO|M(?:r|s|rs)\.?|Dr\.?)(?: of [a-z]+)?,? (?:[A-Z][\w'’-]+ )?([A-Z][\w'’-]+)\b")
            .expect("a constant pattern")
    });
    sentences
        .iter()
        .filter(|sentence| sentence.tongue == Tongue::En && !sentence.title)
        .flat_map(|sentence| PERSON.captures_iter(sentence.text))
        .map(|captures| captures[1].trim_end_matches("'s").trim_end_matches("’s").to_lowercase())
        .collect()
}

/// Words that stand in the text without a capital: such a word is no name at a sentence's start.
fn lower_words(sentences: &[Sentence<'_>]) -> HashSet<String> {
    let mut found = HashSet::new();
    for sentence in sentences.iter().filter(|sentence| sentence.tongue != Tongue::Zh) {
        for word in WORD.find_iter(sentence.text) {
            if word.as_str().starts_with(char::is_lowercase) {
                found.insert(word.as_str().to_owned());
            }
        }
    }
    found
}

/// Words that begin with a capital inside a sentence that is no headline in capitals: names, even where
/// they open one.
fn within(sentences: &[Sentence<'_>]) -> HashSet<String> {
    let mut found = HashSet::new();
    for sentence in sentences.iter().filter(|sentence| sentence.tongue == Tongue::En) {
        if sentence.title_case() {
            continue;
        }
        for word in WORD.find_iter(sentence.text).skip(1) {
            let bare = word.as_str().trim_end_matches("'s").trim_end_matches("’s");
            let opens = sentence.text[..word.start()].trim_end().ends_with(['.', ':', '"', '“']);
            if bare.starts_with(char::is_uppercase) && !opens {
                found.insert(bare.trim_end_matches('.').to_lowercase());
            }
        }
    }
    found
}

static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{N}]+(?:[&.'’ʼ‑-][\p{L}\p{N}]+)*\.?").expect("a constant pattern")
});

/// A lexicon's hit with the words that belong to the same name: `JL Mag` `Rare Earth Co., Ltd.`
fn grown(text: &str, at: Range<usize>, rules: &Rules) -> Range<usize> {
    if text[at.clone()].chars().any(text::is_han) {
        let rest = &text[at.end..];
        for suffix in [
            "磁材科技股份有限公司",
            "磁材",
            "科技股份有限公司",
            "股份有限公司",
            "集团有限公司",
            "有限公司",
        ] {
            if text::simplified(rest).starts_with(suffix) {
                return at.start..at.end + suffix.len().min(rest.len());
            }
        }
        return at;
    }
    let mut end = at.end;
    let abbreviated =
        ["Co", "Ltd", "Inc", "Corp"].iter().any(|tail| text[at.clone()].ends_with(tail));
    if abbreviated && text[end..].starts_with('.') && end + 1 < text.len() {
        end += 1;
    }
    while let Some(found) = WORD.find_at(text, end) {
        let between = &text[end..found.start()];
        let word = found.as_str();
        let lower = word.trim_end_matches('.').to_lowercase();
        let joined = between == " " || between == ", " && matches!(lower.as_str(), "ltd" | "inc");
        let cue = rules.names.en_cues.contains(&lower)
            || matches!(lower.as_str(), "rare" | "earth" | "earths" | "india" | "motor");
        if !joined || !cue || !word.starts_with(char::is_uppercase) {
            break;
        }
        end = found.end();
    }
    // `Hengdian Group` `DMEGC`
    static SEAT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"([A-Z][\w']+)(?: Group)? $").expect("a constant pattern"));
    let start = SEAT
        .captures(&text[..at.start])
        .and_then(|captures| captures.get(1))
        .filter(|place| rules.names.place_words.contains(&place.as_str().to_lowercase()))
        .map_or(at.start, |place| place.start());
    let at = start..at.end;
    // A full stop that ends the sentence is not the name's.
    if end == text.len()
        && text[..end].ends_with('.')
        && !text[..end].ends_with("Ltd.")
        && end > at.end
    {
        end -= 1;
    }
    at.start..end
}

/// A name that may be a firm's.
struct Candidate {
    words: Vec<String>,
    text: String,
    sure: bool,
    chinese: Option<ChineseName>,
    country: Option<String>,
}

/// `赣州` `红丘` `磁材`.
struct ChineseName {
    place: String,
    core: String,
    suffix: String,
}

struct Finder<'a> {
    rules: &'a Rules,
    entities: Vec<Entity>,
    lower: HashSet<String>,
    low: Vec<&'a str>,
    /// Words that are names wherever they stand.
    within: HashSet<String>,
}

impl Finder<'_> {
    fn known(&mut self, id: &CompanyId, country: &str, name: &str) -> usize {
        if let Some(i) = self.entities.iter().position(|entity| entity.id == *id) {
            let entity = &mut self.entities[i];
            if fuller(name, &entity.name) {
                name.clone_into(&mut entity.name);
            }
            return i;
        }
        self.entities.push(Entity {
            name: name.to_owned(),
            id: id.clone(),
            country: Some(country.to_owned()).filter(|country| !country.is_empty()),
            sure: true,
            aliases: Vec::new(),
            known: true,
        });
        self.entities.len() - 1
    }

    /// Foreign firms of the rules that the text names.
    fn buyers(&self, sentences: &[Sentence<'_>]) -> Vec<Candidate> {
        let names = &self.rules.names;
        let mut found: Vec<Candidate> = Vec::new();
        for sentence in sentences {
            let latin = names.buyers_latin.find_iter(sentence.text);
            let han = names.buyers_han.find_iter(&sentence.low);
            for m in latin.chain(han) {
                let known = |entity: &Entity| entity.known && entity.name.contains(m.as_str());
                let listed = names.buyers.iter().find(|(name, _)| name == m.as_str());
                let Some((name, country)) = listed else { continue };
                let words: Vec<String> = name.split(' ').map(str::to_lowercase).collect();
                if stands_alone(sentence, &m.range())
                    && !self.entities.iter().any(known)
                    && found.iter().all(|other| other.words != words)
                {
                    found.push(Candidate {
                        words,
                        text: sentence.cut(m.range()).to_owned(),
                        sure: true,
                        chinese: None,
                        country: Some(country.clone()),
                    });
                }
            }
        }
        found
    }

    fn unknown(&self, sentence: &Sentence<'_>, taken: &[&Range<usize>], into: &mut Vec<Candidate>) {
        if let Speaker::Answer(who) = &sentence.speaker {
            self.speaker(who, into);
        }
        if sentence.text.chars().any(text::is_han) {
            self.chinese(sentence, taken, into);
            self.suffixless(sentence, taken, into);
            self.subsidiary(sentence, taken, into);
            self.rowed(sentence, taken, into);
            self.enumerated(sentence, taken, into);
        }
        if sentence.tongue == Tongue::Zh || !sentence.item && sentence.title_case() {
            return;
        }
        self.quoted(sentence, into);
        for run in runs(sentence.text, &self.rules.names.calendar) {
            if taken.iter().any(|at| run.at().start < at.end && at.start < run.at().end)
                || of_office(&sentence.text[..run.at().start])
            {
                continue;
            }
            into.extend(self.western(sentence, run));
        }
    }

    /// `компанія «Сірий кінь»`: what stands in quotes after a word for a firm.
    fn quoted(&self, sentence: &Sentence<'_>, into: &mut Vec<Candidate>) {
        static QUOTED: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"[«“]([^«»“”]{3,60})[»”]").expect("a constant pattern"));
        for captures in
            QUOTED.captures_iter(sentence.text).filter(|_| sentence.tongue == Tongue::Uk)
        {
            let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
            let words: Vec<String> =
                name.as_str().split_whitespace().map(super::document::folded).collect();
            let capital = name.as_str().starts_with(char::is_uppercase);
            let all =
                name.as_str().split_whitespace().all(|word| word.starts_with(char::is_uppercase));
            let cue = words.iter().any(|word| {
                let whole = |m: regex::Match<'_>| m.len() == word.len();
                self.rules.names.uk_heads.find(word).is_some_and(whole)
                    || self.rules.names.uk_cues.find(word).is_some_and(whole)
            });
            let headed = self.headed(sentence.text, whole.start());
            let least = if headed && all { 1 } else { 2 };
            let known = words
                .iter()
                .any(|word| self.rules.names.uk_not.iter().any(|not| not.to_lowercase() == *word));
            if capital
                && (least..=5).contains(&words.len())
                && (headed || all || cue)
                && !known
                && !words.iter().any(|word| self.is_org(word) || PAPERS.contains(&word.as_str()))
            {
                into.push(Candidate {
                    words,
                    text: name.as_str().to_owned(),
                    sure: true,
                    chinese: None,
                    country: None,
                });
            }
        }
    }

    fn speaker(&self, who: &str, into: &mut Vec<Candidate>) {
        for run in runs(who, &self.rules.names.calendar) {
            let at = run.at();
            let words = lower_of(who, &run);
            if words.len() >= 2 && !words.iter().any(|word| self.is_org(word)) {
                into.push(Candidate {
                    words,
                    text: who[at].to_owned(),
                    sure: true,
                    chinese: None,
                    country: None,
                });
            }
        }
        if let Some(name) = who.chars().any(text::is_han).then(|| self.chinese_name(who)).flatten()
        {
            into.push(name);
        }
    }

    fn is_org(&self, word: &str) -> bool {
        self.rules.names.en_orgs.iter().any(|org| org == word)
    }

    fn is_cue(&self, word: &str) -> bool {
        self.rules.names.en_cues.iter().any(|cue| cue == word)
            || matches!(word, "rare" | "earth" | "earths")
    }

    fn is_place(&self, word: &str) -> bool {
        self.rules.names.place_words.contains(word) || matches!(word, "inner" | "mongolia")
    }

    fn is_country(&self, words: &str) -> bool {
        self.rules.country.is_match(words) || matches!(words, "china" | "prc" | "beijing")
    }

    fn western(&self, sentence: &Sentence<'_>, mut run: Run) -> Option<Candidate> {
        let text = sentence.text;
        let uk = sentence.tongue == Tongue::Uk;
        let initial = text[..run.at().start].trim_matches(['"', '“', '«', '(', ' ']).is_empty();
        while let Some(first) = run.words.first() {
            let word = text[first.clone()].to_lowercase();
            let opener = self.rules.names.en_openers.contains(&word)
                || self.rules.names.uk_not.iter().any(|known| known.to_lowercase() == word) && uk
                || initial
                    && run.words.len() > 1
                    && self.lower.contains(&word)
                    && !self.is_cue(&word);
            let alone = initial
                && run.words.len() == 1
                && !acts_as_a_firm(text, &run.at())
                && (self.lower.contains(&word)
                    || !self.within.contains(&word) && !self.repeated(text, &word));
            let head = uk
                && run.words.len() > 1
                && self.rules.names.uk_heads.find(&word).is_some_and(|m| m.len() == word.len());
            let next_latin = run.words.get(1).is_some_and(|next| {
                text[next.clone()].starts_with(|c: char| c.is_ascii_uppercase())
            });
            let whence = uk && next_latin && self.whence(&word);
            let based = run.words.len() > 1
                && ["-based", "-listed", "-backed", "-owned"]
                    .iter()
                    .any(|tail| word.ends_with(tail));
            if opener || alone || head || whence || based {
                run.words.remove(0);
            } else {
                break;
            }
        }
        // `У Anhui Wanci Magnet 10 травня`: a day follows the name.
        while uk
            && run
                .words
                .last()
                .is_some_and(|last| text[last.clone()].chars().all(|c| c.is_ascii_digit()))
        {
            run.words.pop();
        }
        let words = lower_of(text, &run);
        if words.is_empty()
            || words.len() > 8
            || words.iter().any(|word| {
                [
                    "-based",
                    "-made",
                    "-bound",
                    "-owned",
                    "-backed",
                    "-led",
                    "-listed",
                    "-controlled",
                    "-invested",
                    "-registered",
                ]
                .iter()
                .any(|tail| word.ends_with(tail))
            })
            || words.iter().any(|word| self.is_org(word))
        {
            return None;
        }
        // `МОЗ`, `МЗС`: an office by its initials.
        let initials = |word: &Range<usize>| {
            let word = &text[word.clone()];
            cyrillic(word) && word.chars().count() <= 4 && word.chars().all(char::is_uppercase)
        };
        if run.words.iter().all(initials) {
            return None;
        }
        let joined = words.join(" ");
        if self.rules.not_a_name(&joined) || self.is_country(&joined) || joined.len() < 3 {
            return None;
        }
        // No firm's name ends in a nationality.
        if words.last().is_some_and(|word| {
            self.rules.places.iter().any(|p| {
                p.adjectives
                    .as_ref()
                    .is_some_and(|a| a.find(word).is_some_and(|m| m.len() == word.len()))
            }) || word == "chinese"
        }) {
            return None;
        }
        if words.iter().all(|word| {
            self.rules.not_a_name(word)
                || self.is_country(word)
                || self.is_place(word)
                || uk && self.place_in_case(word)
        }) {
            return None;
        }
        let distinct = words.iter().filter(|word| self.distinct(word)).count();
        let cue = words.iter().skip(1).any(|word| self.is_cue(word))
            || uk && self.rules.names.uk_cues.is_match(&joined);
        let place = self.is_place(&words[0]);
        let headed =
            uk && self.headed(text, run.at().start) || called_a_firm(&sentence.low, &run.at());
        let headed = headed
            || run.words.len() == 1
                && (sentence.tongue == Tongue::En)
                && acts_as_a_firm(text, &run.at());
        let sure = distinct > 0 && (cue || headed || place && words.len() > 1)
            || place && cue && words.len() > 1
            // `Advanced Magnetics of Dongguan Co., Ltd.`
            || uk
                && words.len() > 3
                && words.iter().any(|word| self.is_place(word))
                && words.last().is_some_and(|word| word.trim_end_matches('.') == "ltd");
        // `Murata Manufacturing` is the buyer known as `Murata`.
        let buyer = self.rules.names.buyers.iter().find(|(name, _)| {
            let name = name.to_lowercase();
            uk && joined.strip_prefix(&name).is_some_and(|rest| rest.starts_with(' '))
        });
        if let Some((_, country)) = buyer {
            let text = text[run.at()].to_owned();
            let country = Some(country.clone());
            return Some(Candidate { words, text, sure: true, chinese: None, country });
        }
        if !sure && (distinct == 0 || self.person(text, &run)) {
            return None;
        }
        let country = self.country_of(sentence, &run.at(), place);
        Some(Candidate { words, text: text[run.at()].to_owned(), sure, chinese: None, country })
    }

    /// Whether the word stands with a capital somewhere else than here.
    fn repeated(&self, text: &str, word: &str) -> bool {
        text.to_lowercase().matches(word).count() > 1
            || self.entities.iter().any(|entity| entity.name.to_lowercase().contains(word))
    }

    fn distinct(&self, word: &str) -> bool {
        word.chars().count() >= 2
            && !self.is_cue(word)
            && !self.is_place(word)
            && !self.is_country(word)
            && !self.rules.names.en_openers.iter().any(|opener| opener == word)
            && self.rules.names.uk_cues.find(word).is_none_or(|m| m.len() != word.len())
            && word.chars().any(char::is_alphabetic)
    }

    /// Whether a word for a firm stands right before.
    fn headed(&self, text: &str, start: usize) -> bool {
        let before = text[..start].trim_end_matches(['«', '"', '“', ' ']).to_lowercase();
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        self.rules
            .names
            .uk_heads
            .find(word)
            .is_some_and(|m| m.len() == word.len() && !word.is_empty())
    }

    /// Whether what stands around the run says that it is a person.
    fn person(&self, text: &str, run: &Run) -> bool {
        let before = text[..run.at().start].trim_end().to_lowercase();
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        const TITLES: &[&str] = &[
            "minister",
            "president",
            "spokesperson",
            "spokesman",
            "spokeswoman",
            "analyst",
            "head",
            "boss",
            "founder",
            "owner",
            "manager",
            "director",
            "chief",
            "cfo",
            "ceo",
            "chairman",
            "chairwoman",
            "secretary",
            "mr",
            "ms",
            "mrs",
            "dr",
            "lawyer",
            "commissioner",
            "chancellor",
            "premier",
            "professor",
            "economist",
            "envoy",
            "ambassador",
            "officer",
            "речник",
            "речниця",
            "міністр",
            "президент",
            "аналітик",
            "директор",
            "посол",
            "експерт",
        ];
        if TITLES.contains(&word) {
            return true;
        }
        let after = text[run.at().end..].trim_start_matches(['.', ' ']);
        let after = after.trim_start_matches(',').trim_start().to_lowercase();
        let head: Vec<&str> =
            after.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(6).collect();
        head.iter().any(|word| TITLES.contains(word)) && text[run.at().end..].starts_with(',')
    }

    /// Where the text says a firm is: `Norwegian motor maker X`, `X in Norway`, `X (South Korea)`.
    fn country_of(
        &self,
        sentence: &Sentence<'_>,
        at: &Range<usize>,
        chinese: bool,
    ) -> Option<String> {
        if chinese {
            return Some("CN".to_owned());
        }
        place_after(&sentence.low[at.end..], self.rules)
            .or_else(|| place_before(&sentence.low[..at.start], self.rules))
    }

    fn chinese(&self, sentence: &Sentence<'_>, taken: &[&Range<usize>], into: &mut Vec<Candidate>) {
        let low = &sentence.low;
        let mut from = 0;
        while let Some(found) = self.rules.names.zh_suffixes.find_at(low, from) {
            from = found.end();
            if taken.iter().any(|at| found.start() < at.end && at.start < found.end()) {
                continue;
            }
            if let Some(candidate) = self.chinese_at(sentence.text, low, found.start(), found.end())
            {
                into.push(candidate);
            }
        }
    }

    fn chinese_name(&self, who: &str) -> Option<Candidate> {
        let low = super::document::folded(who);
        let found = self.rules.names.zh_suffixes.find_iter(&low).last()?;
        self.chinese_at(who, &low, found.start(), found.end())
    }

    /// The firm whose suffix stands at `start..end`.
    fn chinese_at(&self, original: &str, low: &str, start: usize, end: usize) -> Option<Candidate> {
        let names = &self.rules.names;
        let before: Vec<(usize, char)> = low[..start]
            .char_indices()
            .rev()
            .take(10)
            .take_while(|(_, c)| text::is_han(*c))
            .collect();
        let from = before.last().map_or(start, |(i, _)| *i);
        let window = &low[from..start];
        let suffix = full_suffix(low, start, end);
        let place = names
            .chinese_places_zh
            .iter()
            .filter_map(|place| window.rfind(place.as_str()).map(|at| (from + at, place.len())))
            .max();
        if let Some((at, length)) = place {
            let place_at = at;
            let (at, length) = self.wider(low, at, length);
            // `湖北大同磁材`: of two places the second may be the name.
            if at + length == start
                && let Some(wide) = names
                    .chinese_places_zh
                    .iter()
                    .filter(|known| low[..place_at].ends_with(known.as_str()))
                    .map(String::len)
                    .max()
                && start - place_at <= 9
                && names.zh_strong.is_match(&low[start..end])
            {
                let at = place_at - wide;
                return Some(chinese_candidate(original, low, at..suffix, place_at, start, true));
            }
            let core = &low[at + length..start];
            let core = core.strip_prefix(['市', '省', '区', '县']).unwrap_or(core);
            // `江西省首张稀土许可证`
            const COUNTS: &[&str] =
                &["首张", "首家", "首批", "首份", "全省", "全市", "各地", "一张", "一批"];
            if COUNTS.iter().any(|word| core.contains(word)) {
                return None;
            }
            let odd = core
                .chars()
                .any(|c| TIGHT.contains(c) && !(c == '和' && core.chars().count() == 2))
                || core.chars().count() > 6;
            let known_suffix = &low[start..suffix];
            let goods = GOODS.is_match(known_suffix)
                && (TRADE.is_match(&low[suffix..]) || core.chars().count() == 1);
            let bare = core.is_empty()
                && !known_suffix.contains("集团")
                && !known_suffix.contains("股份")
                && !known_suffix.contains("有限");
            if odd && !bare && !goods {
                // `在东阳的迈拓磁业`: the place is not the name's.
                return self.bounded(low, start, suffix).map(|(left, _)| {
                    chinese_candidate(original, low, left..suffix, left, start, true)
                });
            }
            if odd || bare || goods {
                return None;
            }
            return Some(chinese_candidate(original, low, at..suffix, at + length, start, true));
        }
        if let Some((at, country)) = self.foreign_place(low, from, start) {
            let core = &low[at..start];
            let spoken =
                ["客户", "出口", "企业", "买家", "供应", "销售", "市场", "车企", "用户", "进口"]
                    .iter()
                    .any(|word| core.contains(word));
            let fits = !spoken
                && (2..=8).contains(&core.chars().count())
                && !core.chars().any(|c| TIGHT.contains(c))
                && !self.ordinary(core);
            return fits.then(|| {
                let mut candidate = chinese_candidate(original, low, at..suffix, at, start, true);
                candidate.country = Some(country);
                candidate
            });
        }
        if let Some((left, _)) = self.bounded(low, start, suffix) {
            return Some(chinese_candidate(original, low, left..suffix, left, start, true));
        }
        let mut left = start;
        let mut count = 0;
        for (i, c) in &before {
            if names.zh_stop.contains(*c) {
                break;
            }
            left = *i;
            count += 1;
            if count == 6 {
                break;
            }
        }
        // Without a boundary in reach the usual two characters are taken.
        if count >= 6 {
            left = before.get(1).map_or(start, |(i, _)| *i);
            count = 2;
        }
        let core = &low[left..start];
        let strong = names.zh_strong.is_match(&low[start..suffix]);
        let repeated = sentences_with(&self.low, &low[left..suffix]) > 1;
        let ordinary = self.ordinary(core);
        if count < 2 || ordinary || !strong && !repeated || names.zh_suffixes.is_match(core) {
            return None;
        }
        Some(chinese_candidate(original, low, left..suffix, left, start, strong))
    }

    /// Where a name begins after a foreign country, and that country: `挪威的` `哈沃森`.
    fn foreign_place(&self, low: &str, from: usize, start: usize) -> Option<(usize, String)> {
        let window = &low[from..start];
        let (end, name) = self
            .rules
            .places
            .iter()
            .filter_map(|place| {
                place.nouns.find_iter(window).last().map(|m| (m.end(), &place.name))
            })
            .max_by_key(|(end, _)| *end)?;
        let rest = &window[end..];
        let core = rest.trim_start_matches('的');
        Some((from + end + (rest.len() - core.len()), name.clone()))
    }

    /// Words that are no one's name before `公司` or `电机`.
    fn ordinary(&self, core: &str) -> bool {
        self.rules
            .names
            .zh_ordinary
            .iter()
            .any(|word| core == word || core.ends_with(word.as_str()) && word.chars().count() >= 2)
    }

    /// A spelling that two firms could share means neither.
    fn distinguish(&mut self) {
        let shared: HashSet<String> = self
            .entities
            .iter()
            .enumerate()
            .flat_map(|(i, entity)| entity.aliases.iter().map(move |alias| (i, alias)))
            .filter(|(i, alias)| {
                alias.is_ascii()
                    && self.entities.iter().enumerate().any(|(other, entity)| {
                        other != *i && !entity.known && entity.aliases.contains(alias)
                    })
            })
            .map(|(_, alias)| alias.clone())
            .collect();
        for entity in self.entities.iter_mut().filter(|entity| !entity.known) {
            let full = entity.name.to_lowercase();
            entity.aliases.retain(|alias| !shared.contains(alias) || *alias == full);
        }
    }

    /// `Fuzhou Bellgrove Rare-Earth (BGR)`: what stands in brackets is short for it.
    fn initials(&mut self, sentences: &[Sentence<'_>]) {
        static SHORT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r#"^(?:,? (?:Co|Ltd|Inc|Corp)\.?,?)* \((?:["“]|the ["“])?([A-Z][A-Z&]{1,5}|[A-Z][a-z]{3,}(?: [A-Z][a-z]+)?)["”]?\)"#).expect("a constant pattern")
        });
        let places = |rules: &Rules, word: &str| rules.country.is_match(&word.to_lowercase());
        for entity in self.entities.iter_mut().filter(|entity| entity.sure && !entity.known) {
            for sentence in sentences.iter().filter(|sentence| sentence.tongue == Tongue::En) {
                let Some(at) = sentence.text.find(&entity.name) else { continue };
                let Some(short) = SHORT
                    .captures(&sentence.text[at + entity.name.len()..])
                    .map(|captures| captures[1].to_owned())
                else {
                    continue;
                };
                let lower = short.to_lowercase();
                // Of a ticker or an abbreviation the first letters are the name's.
                let letters = entity.name.to_lowercase();
                let fits = short.chars().all(char::is_uppercase)
                    && lower.chars().all(|c| letters.contains(c))
                    || letters.contains(&lower);
                if fits && !places(self.rules, &short) && !entity.aliases.contains(&lower) {
                    entity.aliases.push(lower);
                }
            }
        }
    }

    /// Makes entities of the candidates: the fullest spelling first, shorter ones as its aliases.
    fn adopt(&mut self, candidates: Vec<Candidate>) {
        // Of one Ukrainian name in several cases the first is kept.
        let mut firsts: Vec<Candidate> = Vec::new();
        for candidate in candidates {
            let again = candidate.chinese.is_none()
                && candidate.words.iter().all(|word| cyrillic(word))
                && firsts.iter().any(|known| declined(&known.words, &candidate.words));
            if !again {
                firsts.push(candidate);
            }
        }
        let mut candidates = firsts;
        candidates.sort_by(|a, b| {
            (b.sure, b.words.len(), b.text.len()).cmp(&(a.sure, a.words.len(), a.text.len()))
        });
        for candidate in candidates {
            match &candidate.chinese {
                Some(name) => self.adopt_chinese(name, &candidate),
                None => self.adopt_western(&candidate),
            }
        }
    }

    fn adopt_western(&mut self, candidate: &Candidate) {
        let joined = candidate.words.join(" ");
        // `村田` after `村田制作所` is the same firm.
        if joined.chars().any(text::is_han)
            && let Some(entity) = self.entities.iter_mut().find(|entity| {
                !entity.known && entity.aliases.iter().any(|alias| alias.starts_with(&joined))
            })
        {
            entity.aliases.push(joined);
            return;
        }
        let known = self.entities.iter_mut().find(|entity| {
            entity.aliases.contains(&joined)
                || entity.known && entity.name.to_lowercase().contains(&joined)
        });
        if let Some(entity) = known {
            if entity.country.is_none() {
                entity.country.clone_from(&candidate.country);
            }
            return;
        }
        let mut aliases = vec![joined];
        let words = &candidate.words;
        for from in 0..words.len() {
            for upto in from + 1..=words.len() {
                let part = &words[from..upto];
                let telling =
                    part.iter().any(|word| self.distinct(word) && word.chars().count() >= 3);
                if telling && part.len() < words.len() {
                    aliases.push(part.join(" "));
                }
            }
        }
        aliases.sort_by_key(|alias| std::cmp::Reverse(alias.len()));
        aliases.dedup();
        self.entities.push(Entity {
            name: candidate.text.trim_end_matches(['.', ',']).to_owned(),
            id: provisional(&candidate.text),
            country: candidate.country.clone(),
            sure: candidate.sure,
            aliases,
            known: false,
        });
    }

    fn adopt_chinese(&mut self, name: &ChineseName, candidate: &Candidate) {
        let full = format!("{}{}{}", name.place, name.core, name.suffix);
        // Two full legal names are two firms: `丰瑞稀土集团有限公司`, `江西丰瑞磁业有限公司`.
        let legal = |words: &str| words.ends_with("有限公司");
        let other = |entity: &Entity| {
            legal(&full)
                && entity.aliases.iter().any(|alias| legal(alias) && *alias != full)
                && !entity.aliases.contains(&full)
        };
        let known = self.entities.iter_mut().filter(|entity| !other(entity)).find(|entity| {
            entity.aliases.iter().any(|alias| {
                *alias == full || name.core.chars().count() >= 2 && *alias == name.core
            })
        });
        if let Some(entity) = known {
            if entity.country.is_none() {
                entity.country.clone_from(&candidate.country);
            }
            if !entity.aliases.contains(&full) {
                entity.aliases.insert(0, full);
            }
            return;
        }
        let bare = without_legal(&full);
        let kind = without_legal(&name.suffix);
        let mut aliases = vec![full.clone(), bare.to_owned()];
        if name.core.chars().count() >= 2 && !self.ordinary(&name.core) {
            aliases.push(format!("{}{}", name.place, name.core));
            aliases.push(format!("{}{kind}", name.core));
            aliases.push(name.core.clone());
        }
        aliases.sort_by_key(|alias| std::cmp::Reverse(alias.len()));
        aliases.dedup();
        let spelled = without_legal(&candidate.text);
        self.entities.push(Entity {
            name: spelled.to_owned(),
            id: provisional(spelled),
            country: candidate.country.clone(),
            sure: candidate.sure,
            aliases,
            known: false,
        });
    }

    /// Finds every spelling of the unknown firms in a sentence.
    fn mentions(
        &self,
        sentence: &Sentence<'_>,
        offices: &[Range<usize>],
        found: &mut Vec<Mention>,
    ) {
        // A name may hold another's core: the longest spelling is the one meant.
        let mut spelled: Vec<(usize, &String)> = self
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entity)| !entity.known)
            .flat_map(|(i, entity)| entity.aliases.iter().map(move |alias| (i, alias)))
            .collect();
        if sentence.tongue != Tongue::En {
            spelled.sort_by_key(|(_, alias)| std::cmp::Reverse(alias.len()));
        }
        for (i, alias) in spelled {
            for (at, _) in sentence.low.match_indices(alias.as_str()) {
                let range = at..at + alias.len();
                let free =
                    |other: &Range<usize>| range.end <= other.start || other.end <= range.start;
                if found.iter().all(|mention| free(&mention.at))
                    && offices.iter().all(free)
                    && stands_alone(sentence, &range)
                {
                    found.push(Mention { entity: i, at: range });
                }
            }
        }
        if sentence.tongue == Tongue::Uk {
            self.in_cases(sentence, found);
        }
        found.sort_by_key(|mention| mention.at.start);
    }
}

/// Papers that stand in quotes as firms do.
const PAPERS: &[&str] =
    &["таймс", "пост", "джорнел", "ньюс", "вісник", "газета", "правда", "дейлі", "морнінг"];

/// `Ministry of Industry and` before `Trade`: the rest of an office's name.
fn of_office(before: &str) -> bool {
    static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:Ministry|Ministries|Department|Bureau|Agency|Commission|Council|Directorate|Secretary|Minister|Committee|Institute|Chamber|Association)(?: General)?(?: (?:of|for|on|and|the|in|[A-Z][\w'-]+)|,){1,8} $").expect("a constant pattern")
    });
    before.ends_with(' ') && OFFICE.is_match(before)
}

/// `magnet maker X`, `X, a producer of …`.
fn called_a_firm(low: &str, at: &Range<usize>) -> bool {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:maker|producer|exporter|manufacturer|supplier|company|firm|processor|smelter|trader|start-?up|carmaker|automaker|refiner|conglomerate|vendor) $").expect("a constant pattern")
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^, (?:an?|the|one of) (?:[\w'’.-]+ ){0,6}?(?:maker|producer|exporter|manufacturer|supplier|company|firm|processor|smelter|trader|unit|subsidiary)\b").expect("a constant pattern")
    });
    BEFORE.is_match(&low[..at.start]) || AFTER.is_match(&low[at.end..])
}

/// A single word that sounds Chinese where a firm stands: `Tianhe's license`, `Tianhe said it`, `- Tianhe`.
fn acts_as_a_firm(text: &str, at: &Range<usize>) -> bool {
    static SOUND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?i:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uan|uai|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|a|e|i|o|u)|e?an?|ao|er){2,4}$").expect("a constant pattern")
    });
    static WORDS: &[&str] = &[
        "china",
        "canada",
        "panama",
        "manila",
        "mining",
        "pending",
        "sending",
        "ruling",
        "rulings",
        "mailing",
        "women",
        "change",
        "range",
        "change",
        "here",
        "made",
        "take",
        "make",
        "like",
        "huge",
        "some",
        "same",
        "more",
        "there",
        "where",
        "none",
        "line",
        "note",
        "none",
        "gains",
        "rate",
        "rates",
        "siemens",
        "tokyo",
        "reuters",
        "people",
        "media",
        "japan",
        "taiwan",
        "seoul",
        "delhi",
        "nikkei",
        "xinhua",
        "caixin",
        "yonhap",
        "beijing",
        "shanghai",
        "shenzhen",
        "hanoi",
        "toyota",
        "honda",
        "mazda",
        "suzuki",
        "nidec",
        "while",
        "time",
        "hence",
        "lenders",
        "house",
        "guangdong",
        "jinping",
        "yadong",
        "wentao",
        "yongqian",
        "linjian",
        "lifeng",
        "keqiang",
        "xuetong",
        "yinan",
        "mainland",
        "nanjing",
    ];
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:(?:shares|stock|investors|stake) (?:in|of)|as (?:did|does|has|had)|so (?:did|does|has|had)|^like|,? (?:and|while)|licen[cs]es? (?:to|for)) $")
            .expect("a constant pattern")
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:['’]s? (?:[\w-]+ ){0,4}(?:licen[cs]es?|permits?|applications?|requests?|paperwork|approvals?|bid|plants?|factory|magnets?|shares|stock|exports?|shipments)\b|(?: said| says| told \w+| disclosed| confirmed| announced| reported)(?: (?:on|in|last|late|yesterday|today) ?\w*)?(?: that)? (?:it|its|the ministry|mofcom|beijing)\b|,? (?:now |also |finally |already |then )?(?:has|had|was|is|got|received|won|obtained|secured|holds|lost|applied|filed|submitted|lodged)\b|, (?:based|headquartered|an?|one of|which|whose)\b|\s*(?:–|—|-|\|) |\s*$)").expect("a constant pattern")
    });
    let word = &text[at.clone()];
    let lower = word.to_lowercase();
    let item = at.start == 0 && text.len() == at.end;
    word.len() >= 5
        && SOUND.is_match(word)
        && !WORDS.contains(&lower.as_str())
        && (item
            || AFTER.is_match(&text[at.end..]) && text.len() > at.end
            || BEFORE.is_match(&text[..at.start]))
}

/// Suffixes that are goods as well: `磁铁厂`, `稀土出口` name no firm.
static GOODS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:磁铁|磁体|磁钢|金属|合金|稀土|材料|永磁|磁性|磁性材料|新材料|汽车|新能源|矿业)$",
    )
    .expect("a constant pattern")
});
static TRADE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:厂|工厂|矿|行业|产业|产品|出口|业务|生意|市场|供应|进口|贸易|原料|价格|电机|车|企业|行)").expect("a constant pattern")
});

/// In how many sentences words stand, counting each time.
fn sentences_with(low: &[&str], words: &str) -> usize {
    low.iter().map(|text| text.matches(words).count()).sum()
}

/// Characters that are never inside a firm's Chinese name after its place.
const TIGHT: &str = "的和与及向对是由称获从给在了而另其该将被让使说指家某这那个已未没曾也均都";

/// Whether the place in the sentence is a whole name and not part of a word.
fn stands_alone(sentence: &Sentence<'_>, at: &Range<usize>) -> bool {
    let original = &sentence.text[at.clone()];
    if original.chars().any(text::is_han) {
        return true;
    }
    let word = |c: char| c.is_alphanumeric() && !text::is_han(c);
    let before = sentence.text[..at.start].chars().next_back().is_some_and(word);
    let after = sentence.text[at.end..].chars().next().is_some_and(word);
    !before && !after && original.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
}

/// How far a Chinese suffix goes on: `磁材` `股份有限公司`.
fn full_suffix(low: &str, start: usize, end: usize) -> usize {
    static MORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:新材料|新材|材料|矿山|科技|磁材|磁业|永磁|稀土|金属|功能材料|电子|实业|集团|股份)*(?:[(（](?:集团|中国)[)）])?(?:股份)?(?:有限)?(?:责任)?(?:公司)?")
            .expect("a constant pattern")
    });
    debug_assert!(start <= end);
    MORE.find(&low[end..]).map_or(end, |found| end + found.end())
}

fn without_legal(name: &str) -> &str {
    let mut rest = name;
    for tail in ["有限责任公司", "股份有限公司", "有限公司", "公司"] {
        if let Some(short) = rest.strip_suffix(tail).filter(|short| short.chars().count() >= 3) {
            rest = short;
            break;
        }
    }
    rest
}

fn chinese_candidate(
    original: &str,
    low: &str,
    at: Range<usize>,
    core: usize,
    suffix: usize,
    sure: bool,
) -> Candidate {
    let country =
        if core > at.start { Some("CN".to_owned()) } else { country_before_zh(&low[..at.start]) };
    Candidate {
        words: vec![low[at.clone()].to_owned()],
        text: original[at.clone()].to_owned(),
        sure,
        chinese: Some(ChineseName {
            place: low[at.start..core].to_owned(),
            core: low[core..suffix].to_owned(),
            suffix: low[suffix..at.end].to_owned(),
        }),
        country,
    }
}

/// `挪威的`, `德国客户`.
fn country_before_zh(before: &str) -> Option<String> {
    static NEAR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(美国|日本|韩国|印度|德国|法国|英国|越南|泰国|挪威|瑞典|芬兰|意大利|加拿大|墨西哥|荷兰|波兰|捷克|匈牙利|西班牙|丹麦|马来西亚|台湾|巴西|土耳其|奥地利|瑞士)(?:的|客户|买家|车企|厂商|公司)*$")
            .expect("a constant pattern")
    });
    NEAR.captures(before).map(|captures| captures[1].to_owned())
}

/// `in Norway`, `(South Korea)`, `of Germany` right after a name.
pub(super) fn place_after(after: &str, rules: &Rules) -> Option<String> {
    static APPOSED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^,? an? (?:[a-z-]+ ){0,4}?(?:maker|firm|company|producer|manufacturer|supplier|group|buyer|workshop) ").expect("a constant pattern")
    });
    let after = APPOSED.find(after).map_or(after, |m| &after[m.end()..]);
    let after = after.trim_start_matches(['.', ',']).trim_start();
    let rest = ["in ", "of ", "(", "（", "у ", "в ", "з ", "based in "]
        .iter()
        .find_map(|word| after.strip_prefix(word))?;
    rules
        .places
        .iter()
        .find(|place| place.nouns.find(rest).is_some_and(|m| m.start() == 0))
        .map(|place| place.name.clone())
}

/// `Norwegian motor maker`, `Germany's` right before a name.
fn place_before(before: &str, rules: &Rules) -> Option<String> {
    let tail: Vec<&str> = before.split_whitespace().rev().take(4).collect();
    // A comma or a verb-like break ends the noun phrase.
    for word in tail {
        if word.ends_with([',', ';', ':', '.'])
            || matches!(word, "and" | "to" | "for" | "by" | "of" | "from" | "said")
        {
            return None;
        }
        let word = word.trim_end_matches("'s").trim_end_matches("’s");
        let hit = rules.places.iter().find(|place| {
            place.adjectives.as_ref().is_some_and(|adjective| {
                adjective.find(word).is_some_and(|m| m.len() == word.len())
            })
        });
        if let Some(place) = hit {
            return Some(place.name.clone());
        }
    }
    None
}

/// A provisional id: `x-` and the name with hyphens.
fn provisional(name: &str) -> CompanyId {
    let mut slug = String::from("x-");
    let mut gap = false;
    for c in super::document::folded(name).chars() {
        if c.is_alphanumeric() {
            if gap && slug.len() > 2 {
                slug.push('-');
            }
            gap = false;
            slug.push(c);
        } else if c != '.' && c != '\'' {
            gap = true;
        }
    }
    CompanyId(slug)
}

/// Whether a spelling is fuller than the one known. A ticker is not.
fn fuller(name: &str, known: &str) -> bool {
    let ticker = |name: &str| name.contains(char::is_numeric) || name.contains(':');
    // `AT&M` is short for a name that says more.
    let initials = |name: &str| {
        name.len() <= 6 && !name.chars().any(|c| c.is_lowercase() || c.is_whitespace())
    };
    initials(known) && name.contains(' ')
        || ticker(known) && !ticker(name)
        || !ticker(name)
            && name.len() > known.len()
            && super::document::folded(name).contains(&super::document::folded(known))
}

/// Capitalized words that follow each other.
struct Run {
    words: Vec<Range<usize>>,
}

impl Run {
    fn at(&self) -> Range<usize> {
        let start = self.words.first().map_or(0, |word| word.start);
        let end = self.words.last().map_or(start, |word| word.end);
        start..end
    }
}

fn lower_of(text: &str, run: &Run) -> Vec<String> {
    run.words.iter().map(|word| text[word.clone()].trim_end_matches('.').to_lowercase()).collect()
}

fn runs(text: &str, calendar: &[String]) -> Vec<Run> {
    let mut found = Vec::new();
    let mut current: Vec<Range<usize>> = Vec::new();
    let mut broken = false;
    for word in WORD.find_iter(text) {
        let mut at = word.range();
        let mut token = word.as_str();
        let mut ends = false;
        for tail in ["'s", "’s", "s'", "s’"] {
            if let Some(short) = token.strip_suffix(tail) {
                at.end -= tail.len();
                if tail.starts_with('s') {
                    at.end += 1;
                }
                token = short;
                ends = true;
                break;
            }
        }
        let lower = token.trim_end_matches('.').to_lowercase();
        let corporate = matches!(lower.as_str(), "co" | "ltd" | "inc" | "corp" | "bros" | "st");
        if token.ends_with('.') && !corporate {
            at.end -= 1;
            ends = true;
        }
        let previous = current.last().map(|last| last.end);
        let between = previous.map_or("", |end| &text[end..at.start]);
        let joined = between == " "
            || between == " & "
            || corporate && matches!(between, ", " | "., " | ".,");
        if previous.is_some() && (!joined || broken) {
            found.push(Run { words: std::mem::take(&mut current) });
        }
        broken = ends;
        let capital = token.starts_with(char::is_uppercase)
            || !current.is_empty() && token.starts_with(char::is_numeric) && token.len() < 4;
        if capital && !calendar.contains(&lower) && !token.chars().any(text::is_han) {
            current.push(at);
        } else if !current.is_empty() {
            found.push(Run { words: std::mem::take(&mut current) });
        }
    }
    if !current.is_empty() {
        found.push(Run { words: current });
    }
    found.retain(|run| !run.words.is_empty());
    found
}
