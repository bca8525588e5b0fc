//! What a query looks at: a record's words and names, in the form in which terms are compared.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::lexicon::{Lexicon, Name};
use crate::model::article::{CompanyId, Element, Topic};
use crate::model::license::{LicenseAction, LicenseType};
use crate::model::story::Direction;
use crate::query::{Term, kin, places, words};

/// What kind of record is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A story with all its articles.
    #[default]
    Story,
    /// An edition of the brief.
    Edition,
    /// A license claim.
    Claim,
    /// A listing of those who are barred.
    Restriction,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Story, Self::Edition, Self::Claim, Self::Restriction];

    /// The word for one.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Story => "story",
            Self::Edition => "edition",
            Self::Claim => "claim",
            Self::Restriction => "restriction",
        }
    }

    /// The word for several.
    #[must_use]
    pub fn many(self) -> &'static str {
        match self {
            Self::Story => "stories",
            Self::Edition => "editions",
            Self::Claim => "claims",
            Self::Restriction => "restrictions",
        }
    }
}

/// A record as it comes, before its words are read.
#[derive(Clone, Debug)]
pub struct Matter {
    /// What kind.
    pub kind: Kind,
    /// Its title, or titles, one a line.
    pub title: String,
    /// Everything else it says.
    pub text: String,
    /// Elements known to be meant.
    pub elements: Vec<Element>,
    /// Companies known to be meant.
    pub companies: Vec<CompanyId>,
    /// Its topics.
    pub topics: Vec<Topic>,
    /// Names and ids of those who say it.
    pub sources: Vec<String>,
    /// Where it points, if it says.
    pub signal: Option<Direction>,
    /// What happened to a license.
    pub action: Option<LicenseAction>,
    /// The kind of license.
    pub license: Option<LicenseType>,
    /// When it was published first.
    pub at: DateTime<Utc>,
    /// When it was published last.
    pub latest: DateTime<Utc>,
}

impl Matter {
    /// Everything it is about that has a name of its own, each as the term for it prints.
    #[must_use]
    pub fn names(&self, lexicon: &Lexicon) -> BTreeSet<String> {
        let mut terms: Vec<Term> = vec![Term::Kind(self.kind)];
        terms.extend(self.elements.iter().cloned().map(Term::Element));
        terms.extend(self.companies.iter().cloned().map(Term::Company));
        terms.extend(self.topics.iter().cloned().map(Term::Topic));
        terms.extend(self.signal.map(Term::Signal));
        terms.extend(self.action.map(Term::Action));
        terms.extend(self.license.map(Term::License));
        for text in [&self.title, &self.text] {
            terms.extend(places::places(text).into_iter().map(Term::Place));
            for hit in lexicon.names(text) {
                named(hit.what, lexicon, &mut terms);
            }
        }
        terms.iter().map(ToString::to_string).collect()
    }

    /// Everything it is about by the names in its title.
    #[must_use]
    pub fn title_names(&self, lexicon: &Lexicon) -> BTreeSet<String> {
        let mut terms = Vec::new();
        terms.extend(places::places(&self.title).into_iter().map(Term::Place));
        for hit in lexicon.names(&self.title) {
            named(hit.what, lexicon, &mut terms);
        }
        terms.iter().map(ToString::to_string).collect()
    }
}

/// What a name in a text stands for; a product stands for its elements as well.
pub(super) fn named(name: Name, lexicon: &Lexicon, terms: &mut Vec<Term>) {
    match name {
        Name::Element(i) => {
            terms.push(Term::Element(Element(lexicon.elements()[i].symbol.clone())));
        }
        Name::Product(i) => {
            let product = &lexicon.products()[i];
            terms.push(Term::Product(product.id.clone()));
            terms.extend(product.elements.iter().cloned().map(Term::Element));
        }
        Name::Company(i) => terms.push(Term::Company(lexicon.companies()[i].id.clone())),
        Name::Agency(i) => terms.push(Term::Agency(lexicon.agencies()[i].id.clone())),
    }
}

/// The term for a name of the lexicon.
pub(super) fn term(name: Name, lexicon: &Lexicon) -> Term {
    match name {
        Name::Element(i) => Term::Element(Element(lexicon.elements()[i].symbol.clone())),
        Name::Product(i) => Term::Product(lexicon.products()[i].id.clone()),
        Name::Company(i) => Term::Company(lexicon.companies()[i].id.clone()),
        Name::Agency(i) => Term::Agency(lexicon.agencies()[i].id.clone()),
    }
}

/// A record's words and names, ready to be compared.
#[derive(Clone, Debug)]
pub struct Facts {
    at: DateTime<Utc>,
    latest: DateTime<Utc>,
    words: HashMap<String, Vec<u32>>,
    sources: HashMap<String, Vec<u32>>,
    names: BTreeSet<String>,
}

impl Facts {
    /// Reads a record.
    #[must_use]
    pub fn of(matter: &Matter, lexicon: &Lexicon) -> Self {
        Self {
            at: matter.at,
            latest: matter.latest,
            words: places_of([matter.title.as_str(), matter.text.as_str()], words::words),
            sources: places_of(matter.sources.iter().map(String::as_str), words::begun),
            names: matter.names(lexicon),
        }
    }

    /// When the record was published first.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// When it was published last.
    #[must_use]
    pub fn latest(&self) -> DateTime<Utc> {
        self.latest
    }

    /// Every key that an anchor of a query may be.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let words = self.words.keys().map(|word| format!("word:{word}"));
        let sources = self.sources.keys().map(|word| format!("source:{word}"));
        words.chain(sources).chain(self.names.iter().cloned())
    }

    pub(super) fn holds(&self, sought: &Sought) -> bool {
        match sought {
            Sought::Words { any, apart } => {
                let here = |words: &SideBySide| side_by_side(words, &self.words);
                any.iter().any(here)
                    || !apart.is_empty() && apart.iter().all(|any| any.iter().any(here))
            }
            Sought::Source(words) => side_by_side(words, &self.sources),
            Sought::Name(name) => self.names.contains(name),
        }
    }
}

/// A term by the keys of what holds it: all of one of `any`, or all of one of each of `apart`.
/// Whatever holds the term has them; what has them may hold the words elsewhere than side by side.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Any of these.
    pub any: Vec<Vec<String>>,
    /// Or any of each of these.
    pub apart: Vec<Vec<Vec<String>>>,
}

impl Keys {
    fn one(keys: Vec<String>) -> Self {
        Self { any: vec![keys], apart: Vec::new() }
    }

    /// Keys of which whatever holds the term has one: of words side by side the one that comes
    /// first by `order`.
    #[must_use]
    pub fn anchors<T: Ord>(&self, order: impl Fn(&str) -> T) -> Vec<String> {
        let parts = self.apart.iter().min_by_key(|any| any.len());
        let all = self.any.iter().chain(parts.into_iter().flatten());
        let first = |keys: &Vec<String>| keys.iter().min_by_key(|key| order(key)).cloned();
        all.map(|keys| first(keys).unwrap_or_default()).collect()
    }
}

/// Words and their places from the first one.
pub(super) type SideBySide = Vec<(u32, String)>;

/// A term taken apart, to be looked for in many texts.
#[derive(Clone, Debug)]
pub(super) enum Sought {
    /// Any of these in the text, or any of each of those.
    Words { any: Vec<SideBySide>, apart: Vec<Vec<SideBySide>> },
    /// Words side by side in the source's name.
    Source(SideBySide),
    /// A name, as its term prints.
    Name(String),
}

impl Sought {
    pub(super) fn of(term: &Term) -> Self {
        match term {
            Term::Word(text) => {
                let kin = kin(text);
                let all = |words: &Vec<String>| words.iter().map(|w| words::sought(w)).collect();
                Self::Words { any: all(&kin.any), apart: kin.apart.iter().map(all).collect() }
            }
            Term::Phrase(text) => Self::Words { any: vec![words::sought(text)], apart: Vec::new() },
            Term::Source(text) => Self::Source(words::sought_begun(text)),
            _ => Self::Name(term.to_string()),
        }
    }
}

/// The keys of a term, by which it is looked for without its text.
pub(super) fn keys(term: &Term) -> Keys {
    let words = |words: &SideBySide| -> Vec<String> {
        words.iter().map(|(_, word)| format!("word:{word}")).collect()
    };
    match Sought::of(term) {
        Sought::Words { any, apart } => Keys {
            any: any.iter().map(words).collect(),
            apart: apart.iter().map(|any| any.iter().map(words).collect()).collect(),
        },
        Sought::Source(words) => {
            Keys::one(words.iter().map(|(_, word)| format!("source:{word}")).collect())
        }
        Sought::Name(name) => Keys::one(vec![name]),
    }
}

/// Keys of which whatever holds a term has one.
pub(super) fn anchors(term: &Term) -> Vec<String> {
    keys(term).anchors(|key| std::cmp::Reverse(key.len()))
}

/// Words and where they stand. Texts are a gap apart, so that no phrase reaches from one into the next.
fn places_of<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    read: fn(&str) -> Vec<words::Word>,
) -> HashMap<String, Vec<u32>> {
    let mut map: HashMap<String, Vec<u32>> = HashMap::new();
    let mut from = 0;
    for text in texts {
        let mut last = from;
        for word in read(text) {
            last = from + word.place;
            map.entry(word.text).or_default().push(last);
        }
        from = last + 10;
    }
    map
}

fn side_by_side(sought: &[(u32, String)], words: &HashMap<String, Vec<u32>>) -> bool {
    let Some(((lead, first), rest)) = sought.split_first() else { return false };
    let Some(starts) = words.get(first) else { return false };
    let Some(rest) = rest
        .iter()
        .map(|(place, word)| words.get(word).map(|at| (place - lead, at)))
        .collect::<Option<Vec<_>>>()
    else {
        return false;
    };
    starts
        .iter()
        .any(|start| rest.iter().all(|(offset, at)| at.binary_search(&(start + offset)).is_ok()))
}
