//! The firms a text names: those of the lexicon, and unknown ones by what their names look like.
//!
//! An unknown firm gets a provisional id. A person, place, agency, country or
//! newspaper is never a firm; what might be one counts only where the grammar
//! leaves no other reading (`sure` is false).

mod adopt;
mod chinese;
mod han;
mod latin;
mod ukrainian;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use han::full_suffix;
pub(super) use latin::place_after;
use latin::{of_office, runs};

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
    pub(super) known: bool,
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
}

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
