//! The bilingual lexicon: elements, products, companies, agencies, topics and cues by any spelling.
//!
//! It is data (`config/lexicon.toml`) turned into two automata that read a text
//! once each. It knows names, never events: what a sentence says of a name is
//! the business of `enrich`. A wrong file is refused with all its problems.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use crate::model::article::{CompanyId, Element, Topic};
use crate::text;

/// Everything Monazite knows by name.
pub struct Lexicon {
    elements: Vec<ElementEntry>,
    products: Vec<Product>,
    companies: Vec<Company>,
    agencies: Vec<Agency>,
    topics: Vec<TopicEntry>,
    boilerplate: AhoCorasick,
    negations: Vec<String>,
    names: Automaton<Name>,
    cues: Automaton<Cue>,
    symbols: HashMap<&'static str, usize>,
    by_name: HashMap<String, Name>,
}

/// A chemical element.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElementEntry {
    /// `Dy`.
    pub symbol: String,
    /// `dysprosium`.
    pub english: String,
    /// `镝`.
    pub chinese: String,
    /// Every spelling.
    pub names: Vec<String>,
    /// `light`, `medium`, `heavy` or `other`.
    pub group: String,
}

/// A product with a price.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Id.
    pub id: String,
    /// For readers.
    pub label: String,
    /// Every spelling.
    pub names: Vec<String>,
    /// Elements in it.
    pub elements: Vec<Element>,
    /// Believable prices.
    pub yuan_per_tonne: [f64; 2],
    /// Believable prices.
    pub usd_per_kg: [f64; 2],
}

/// A company.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Canonical id.
    pub id: CompanyId,
    /// Legal name in English.
    pub name: String,
    /// For readers.
    pub short: String,
    /// ISO country code.
    pub country: String,
    /// `magnets`, `mining`, `separation`, `recycling`, `trading`, `buyer`.
    pub sector: String,
    /// Every spelling that means this firm and no other.
    pub names: Vec<String>,
    /// What people ask for it by and no text is read by: `INST` and `Jin Li` are other things too.
    #[serde(default)]
    pub asked: Vec<String>,
    /// Legal name in Chinese, or empty.
    #[serde(default)]
    pub chinese: String,
    /// With exchange (`300748.SZ`, `ASX: LYC`).
    #[serde(default)]
    pub tickers: Vec<String>,
}

/// An agency.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Id.
    pub id: String,
    /// For readers.
    pub name: String,
    /// ISO country code, `EU` or `INT`.
    pub country: String,
    /// Every spelling.
    pub names: Vec<String>,
}

/// A topic and its cues.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicEntry {
    /// Id.
    pub id: Topic,
    /// For readers.
    pub label: String,
    /// What one cue counts.
    pub weight: f32,
    /// Cues.
    cues: Vec<String>,
}

/// What a name stands for: an index into the list of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// An element.
    Element(usize),
    /// A product.
    Product(usize),
    /// A company.
    Company(usize),
    /// An agency.
    Agency(usize),
}

/// What a cue stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// The text is about rare earths.
    Strong,
    /// The text is about critical minerals.
    Mineral,
    /// The text may be about either.
    Weak,
    /// A longer expression that a cue stands in but means nothing by.
    Other,
    /// A topic, by index.
    Topic(usize),
    /// Supply gets easier.
    Easing,
    /// Supply gets harder.
    Tightening,
    /// Never a highlight.
    Boilerplate,
}

/// A hit and where it stands, in bytes of the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit<T> {
    /// What it is.
    pub what: T,
    /// Where.
    pub at: Range<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    element: Vec<ElementEntry>,
    product: Vec<Product>,
    company: Vec<Company>,
    agency: Vec<Agency>,
    topic: Vec<TopicEntry>,
    subject: Subject,
    signal: SignalTable,
    boilerplate: Boilerplate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    strong: Vec<String>,
    minerals: Vec<String>,
    weak: Vec<String>,
    other: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignalTable {
    easing: Vec<String>,
    tightening: Vec<String>,
    negations: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Boilerplate {
    phrases: Vec<String>,
}

impl Lexicon {
    /// Reads the file's text.
    ///
    /// # Errors
    ///
    /// Every problem found, each one sentence.
    pub fn parse(toml: &str) -> Result<Self, Vec<String>> {
        let file: File = toml::from_str(toml).map_err(|error| {
            let line = error.span().map_or(1, |span| text::line_of(toml, span.start));
            vec![format!("line {line}: {}", text::one_line(error.message()))]
        })?;
        let mut problems = Vec::new();
        let mut by_name = HashMap::new();
        let mut patterns = Vec::new();
        for (name, spelling) in all_names(&file) {
            let key = fold(spelling).trim_end_matches('*').to_owned();
            match by_name.insert(key, name) {
                Some(other) if other != name => {
                    problems.push(format!("{spelling:?} names two different things"));
                }
                _ => patterns.push((name, spelling.to_owned())),
            }
        }
        for (i, company) in file.company.iter().enumerate() {
            for ticker in &company.tickers {
                let bare = ticker.split('.').next().unwrap_or_default();
                by_name.entry(fold(ticker)).or_insert(Name::Company(i));
                if bare.chars().all(|c| c.is_ascii_digit()) {
                    by_name.entry(bare.to_owned()).or_insert(Name::Company(i));
                } else if let Some((_, code)) = ticker.split_once(": ") {
                    by_name.entry(fold(code)).or_insert(Name::Company(i));
                }
                if ticker.contains(['.', ':']) {
                    patterns.push((Name::Company(i), ticker.clone()));
                }
            }
            by_name.entry(fold(&company.short)).or_insert(Name::Company(i));
            for asked in &company.asked {
                match by_name.insert(fold(asked), Name::Company(i)) {
                    Some(other) if other != Name::Company(i) => {
                        problems.push(format!("{asked:?} names two different things"));
                    }
                    _ => {}
                }
            }
        }
        let symbols = symbol_table(&file.element, &mut problems);
        check(&file, &mut problems);
        let cues = cue_patterns(&file);
        let furniture = file.boilerplate.phrases.iter().map(|phrase| fold(phrase));
        let furniture = AhoCorasick::new(furniture.map(|p| p.trim_end_matches('*').to_owned()))
            .map_err(|error| format!("the phrases cannot be compiled: {error}"));
        match (Automaton::build(patterns), Automaton::build(cues), furniture) {
            (Ok(names), Ok(cues), Ok(boilerplate)) if problems.is_empty() => Ok(Self {
                elements: file.element,
                products: file.product,
                companies: file.company,
                agencies: file.agency,
                topics: file.topic,
                boilerplate,
                negations: file.signal.negations.iter().map(|n| fold(n)).collect(),
                names,
                cues,
                symbols,
                by_name,
            }),
            (names, cues, furniture) => {
                problems.extend(names.err());
                problems.extend(cues.err());
                problems.extend(furniture.err());
                Err(problems)
            }
        }
    }

    /// Names in the text, leftmost longest, symbols of elements included where a chemical cue
    /// stands beside them; in order, never overlapping.
    #[must_use]
    pub fn names(&self, text: &str) -> Vec<Hit<Name>> {
        let mut hits = self.names.find(&Folded::of(text));
        let symbols = self.symbols_in(text);
        if !symbols.is_empty() {
            hits.extend(symbols);
            hits.sort_by_key(|hit| (hit.at.start, std::cmp::Reverse(hit.at.end)));
            hits.dedup_by(|next, kept| next.at.start < kept.at.end);
        }
        hits
    }

    /// Cues in the text; a place may carry several.
    #[must_use]
    pub fn cues(&self, text: &str) -> Vec<Hit<Cue>> {
        self.cues.find(&Folded::of(text))
    }

    /// Whether a listing's words make its page worth reading: a cheap look before a fetch.
    #[must_use]
    pub fn may_matter(&self, title: &str, summary: &str) -> bool {
        let cues: Vec<Cue> =
            [title, summary].iter().flat_map(|t| self.cues(t)).map(|hit| hit.what).collect();
        let holds = |wanted: &[Cue]| cues.iter().any(|cue| wanted.contains(cue));
        holds(&[Cue::Strong, Cue::Mineral])
            || holds(&[Cue::Weak]) && !holds(&[Cue::Other])
            || [title, summary].iter().any(|text| !self.names(text).is_empty())
    }

    /// The company an id stands for.
    #[must_use]
    pub fn company(&self, id: &CompanyId) -> Option<&Company> {
        self.companies.iter().find(|company| company.id == *id)
    }

    /// The company a name in any spelling or script, or a ticker, stands for.
    #[must_use]
    pub fn find_company(&self, name: &str) -> Option<&Company> {
        match self.find(name) {
            Some(Name::Company(i)) => self.companies.get(i),
            _ => {
                let is = |company: &&Company| company.id.as_str().eq_ignore_ascii_case(name.trim());
                self.companies.iter().find(is)
            }
        }
    }

    /// The element a name or symbol in any script stands for.
    #[must_use]
    pub fn find_element(&self, name: &str) -> Option<&ElementEntry> {
        match self.find(name) {
            Some(Name::Element(i)) => self.elements.get(i),
            _ => self
                .elements
                .iter()
                .find(|element| element.symbol.eq_ignore_ascii_case(name.trim())),
        }
    }

    /// The topic an id or label stands for.
    #[must_use]
    pub fn find_topic(&self, name: &str) -> Option<&TopicEntry> {
        let wanted = fold(name.trim());
        self.topics.iter().find(|topic| {
            topic.id.as_str() == wanted
                || fold(&topic.label) == wanted
                || topic.cues.iter().any(|cue| fold(cue) == wanted)
        })
    }

    /// What a name stands for.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Name> {
        self.by_name.get(&fold(name.trim())).copied()
    }

    /// Elements, by atomic number.
    #[must_use]
    pub fn elements(&self) -> &[ElementEntry] {
        &self.elements
    }

    /// Products.
    #[must_use]
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// Companies.
    #[must_use]
    pub fn companies(&self) -> &[Company] {
        &self.companies
    }

    /// Agencies.
    #[must_use]
    pub fn agencies(&self) -> &[Agency] {
        &self.agencies
    }

    /// Topics, in the order of the file.
    #[must_use]
    pub fn topics(&self) -> &[TopicEntry] {
        &self.topics
    }

    /// A topic's label; its id when unknown.
    #[must_use]
    pub fn topic_label<'a>(&'a self, id: &'a Topic) -> &'a str {
        self.topics.iter().find(|topic| topic.id == *id).map_or(id.as_str(), |topic| &topic.label)
    }

    /// An element's English name; its symbol when unknown.
    #[must_use]
    pub fn element_name<'a>(&'a self, element: &'a Element) -> &'a str {
        let known = self.elements.iter().find(|known| known.symbol == element.0);
        known.map_or(element.as_str(), |known| &known.english)
    }

    /// A company's name for readers; its id when unknown.
    #[must_use]
    pub fn company_name<'a>(&'a self, id: &'a CompanyId) -> &'a str {
        self.company(id).map_or(id.as_str(), |company| &company.short)
    }

    /// Whether a sentence is of a page's furniture.
    #[must_use]
    pub fn is_boilerplate(&self, sentence: &str) -> bool {
        self.boilerplate.is_match(&fold(sentence))
    }

    /// Whether the words right before a cue turn it around. `before` ends where the cue begins.
    #[must_use]
    pub fn is_negated(&self, before: &str) -> bool {
        let folded = fold(before);
        let near: Vec<&str> = folded.split_whitespace().rev().take(3).collect();
        self.negations.iter().any(|negation| {
            if negation.chars().any(text::is_han) {
                let tail: String = folded.chars().rev().take(3).collect();
                tail.chars().rev().collect::<String>().contains(negation.as_str())
            } else {
                near.contains(&negation.as_str())
            }
        })
    }

    /// Symbols of elements that a chemical cue makes certain.
    fn symbols_in(&self, text: &str) -> Vec<Hit<Name>> {
        let found = symbol_tokens(text, &self.symbols);
        let mut hits = Vec::new();
        for (i, token) in found.iter().enumerate() {
            let listed = list_length(&found, i, text) >= 2 && list_is_chemical(&found, i, text);
            if token.formula
                || token.compound
                || listed
                || followed_by_chemistry(&text[token.at.end..])
            {
                hits.push(Hit { what: Name::Element(token.element), at: token.at.clone() });
            }
        }
        hits
    }
}

fn all_names(file: &File) -> impl Iterator<Item = (Name, &str)> {
    let elements = file.element.iter().enumerate().flat_map(|(i, element)| {
        element.names.iter().map(move |name| (Name::Element(i), name.as_str()))
    });
    let products = file.product.iter().enumerate().flat_map(|(i, product)| {
        product.names.iter().map(move |name| (Name::Product(i), name.as_str()))
    });
    let companies = file.company.iter().enumerate().flat_map(|(i, company)| {
        let legal = [company.name.as_str(), company.chinese.as_str()];
        let legal = legal.into_iter().filter(|name| !name.is_empty());
        company
            .names
            .iter()
            .map(String::as_str)
            .chain(legal)
            .map(move |name| (Name::Company(i), name))
    });
    let agencies = file.agency.iter().enumerate().flat_map(|(i, agency)| {
        agency.names.iter().map(move |name| (Name::Agency(i), name.as_str()))
    });
    elements.chain(products).chain(companies).chain(agencies)
}

fn cue_patterns(file: &File) -> Vec<(Cue, String)> {
    let of =
        |cue: Cue, list: &[String]| list.iter().map(move |p| (cue, p.clone())).collect::<Vec<_>>();
    let mut cues = of(Cue::Strong, &file.subject.strong);
    cues.extend(of(Cue::Mineral, &file.subject.minerals));
    cues.extend(of(Cue::Weak, &file.subject.weak));
    cues.extend(of(Cue::Other, &file.subject.other));
    for (i, topic) in file.topic.iter().enumerate() {
        cues.extend(of(Cue::Topic(i), &topic.cues));
    }
    cues.extend(of(Cue::Easing, &file.signal.easing));
    cues.extend(of(Cue::Tightening, &file.signal.tightening));
    cues
}

fn check(file: &File, problems: &mut Vec<String>) {
    let mut ids = std::collections::HashSet::new();
    let companies = file.company.iter().map(|c| format!("company {}", c.id));
    let products = file.product.iter().map(|p| format!("product {}", p.id));
    let agencies = file.agency.iter().map(|a| format!("agency {}", a.id));
    let topics = file.topic.iter().map(|t| format!("topic {}", t.id));
    for id in companies.chain(products).chain(agencies).chain(topics) {
        if ids.contains(&id) {
            problems.push(format!("{id} stands twice"));
        }
        ids.insert(id);
    }
    for product in &file.product {
        for element in &product.elements {
            if !file.element.iter().any(|known| known.symbol == element.0) {
                problems
                    .push(format!("product {}: {element} is no element listed here", product.id));
            }
        }
    }
}

/// The 17 symbols in static form, so that look-ups borrow nothing.
const SYMBOLS: [&str; 17] = [
    "Sc", "Y", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb",
    "Lu",
];

fn symbol_table(
    elements: &[ElementEntry],
    problems: &mut Vec<String>,
) -> HashMap<&'static str, usize> {
    let mut table = HashMap::new();
    for symbol in SYMBOLS {
        match elements.iter().position(|element| element.symbol == symbol) {
            Some(i) => {
                table.insert(symbol, i);
            }
            None => problems.push(format!("element {symbol} is missing")),
        }
    }
    table
}

/// A symbol as it stands in a text.
struct SymbolToken {
    element: usize,
    at: Range<usize>,
    /// `Dy2O3`.
    formula: bool,
    /// One of two in a word such as `NdPr` or `PrNd`.
    compound: bool,
}

fn symbol_tokens(text: &str, symbols: &HashMap<&'static str, usize>) -> Vec<SymbolToken> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_alphanumeric() {
            i += 1;
            continue;
        }
        let start = i;
        while i < bytes.len() && bytes[i].is_ascii_alphanumeric() {
            i += 1;
        }
        let preceded = text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphabetic() && !text::is_han(c));
        if !bytes[start].is_ascii_uppercase() || i - start > 6 || preceded {
            continue;
        }
        read_symbols(&text[start..i], start, symbols, &mut found);
    }
    found
}

fn read_symbols(
    word: &str,
    start: usize,
    symbols: &HashMap<&'static str, usize>,
    found: &mut Vec<SymbolToken>,
) {
    let letters = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
    let (name, tail) = word.split_at(letters);
    if let Some(&element) = symbols.get(name) {
        let formula = matches!(tail, "2O3" | "6O11" | "4O7" | "O2");
        if tail.is_empty() || formula {
            found.push(SymbolToken {
                element,
                at: start..start + word.len(),
                formula,
                compound: false,
            });
        }
    } else if name.len() == 4 && tail.is_empty() {
        let (a, b) = name.split_at(2);
        if let (Some(&a), Some(&b)) = (symbols.get(a), symbols.get(b)) {
            found.push(SymbolToken {
                element: a,
                at: start..start + 2,
                formula: false,
                compound: true,
            });
            found.push(SymbolToken {
                element: b,
                at: start + 2..start + 4,
                formula: false,
                compound: true,
            });
        }
    }
}

/// How many symbols stand in the list that token `i` is part of.
fn list_length(found: &[SymbolToken], i: usize, text: &str) -> usize {
    let joined = |a: &SymbolToken, b: &SymbolToken| {
        let between = text[a.at.end..b.at.start].trim();
        matches!(
            between,
            "," | "/"
                | "、"
                | "，"
                | ", and"
                | "and"
                | "&"
                | "or"
                | ", or"
                | "和"
                | "及"
                | "–"
                | "-"
        )
    };
    let mut length = 1;
    let mut k = i;
    while k > 0 && joined(&found[k - 1], &found[k]) {
        length += 1;
        k -= 1;
    }
    k = i;
    while k + 1 < found.len() && joined(&found[k], &found[k + 1]) {
        length += 1;
        k += 1;
    }
    length
}

/// Symbols that are hardly ever anything else, so that a list of two with one of them is chemical.
const PLAIN_SYMBOLS: [usize; 6] = [8, 9, 10, 11, 14, 15];

fn list_is_chemical(found: &[SymbolToken], i: usize, text: &str) -> bool {
    let from = i.saturating_sub(1);
    let upto = (i + 2).min(found.len());
    list_length(found, i, text) >= 3
        || found[from..upto].iter().any(|token| PLAIN_SYMBOLS.contains(&token.element))
}

/// Whether a chemical word follows, past a hyphen or a bracket.
fn followed_by_chemistry(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '-', '(', '（', ')', '）']);
    const WORDS: [&str; 14] = [
        "oxide",
        "metal",
        "alloy",
        "fluoride",
        "chloride",
        "carbonate",
        "powder",
        "nitrate",
        "target",
        "magnet",
        "氧化",
        "金属",
        "合金",
        "bearing",
    ];
    WORDS
        .iter()
        .any(|word| after.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))
}

/// Text folded for matching: lower case, simplified, hyphens as spaces, full-width forms as ASCII.
/// Every character becomes one character, so places can be mapped back.
struct Folded {
    text: String,
    /// For each byte of `text` that begins a character, the byte where it began in the original;
    /// empty when both are the same.
    origin: Vec<u32>,
    length: usize,
}

impl Folded {
    fn of(original: &str) -> Self {
        if original.is_ascii() {
            let text = String::from_utf8(original.bytes().map(fold_byte).collect());
            // ASCII in, ASCII out.
            let text = text.unwrap_or_default();
            return Self { text, origin: Vec::new(), length: original.len() };
        }
        let simple = text::simplified(original);
        let mut text = String::with_capacity(original.len());
        let mut origin = Vec::with_capacity(original.len());
        for ((at, _), c) in original.char_indices().zip(simple.chars()) {
            let before = text.len();
            text.push(fold_char(c));
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            origin.extend(std::iter::repeat_n(at, text.len() - before));
        }
        Self { text, origin, length: original.len() }
    }

    fn original(&self, at: Range<usize>) -> Range<usize> {
        if self.origin.is_empty() {
            return at;
        }
        let place = |i: usize| self.origin.get(i).map_or(self.length, |&o| o as usize);
        place(at.start)..place(at.end)
    }
}

/// `fold_char` for ASCII, where most text is.
fn fold_byte(byte: u8) -> u8 {
    match byte {
        b'-' | b'_' | b'\n' | b'\t' | b'\r' => b' ',
        _ => byte.to_ascii_lowercase(),
    }
}

fn fold_char(c: char) -> char {
    match c {
        '-' | '‐' | '‑' | '–' | '—' | '_' | '\u{a0}' | '\n' | '\t' | '\r' | '　' => ' ',
        '’' | '‘' | 'ʼ' => '\'',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).map_or(c, |c| c.to_ascii_lowercase())
        }
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

/// A name folded for comparison, white space folded too.
#[must_use]
pub fn fold(name: &str) -> String {
    let simple = text::simplified(name);
    let mut out = String::with_capacity(simple.len());
    for c in simple.chars().map(fold_char) {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// An automaton over folded patterns. One pattern may stand for several things.
struct Automaton<T> {
    search: AhoCorasick,
    meanings: Vec<Vec<Meaning<T>>>,
}

struct Meaning<T> {
    what: T,
    /// Whether it must end at a word's end.
    whole: bool,
}

impl<T: Copy + PartialEq> Automaton<T> {
    fn build(list: Vec<(T, String)>) -> Result<Self, String> {
        let mut stems: Vec<String> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut meanings: Vec<Vec<Meaning<T>>> = Vec::new();
        for (what, spelling) in list {
            for spelling in variants(&spelling) {
                let folded = fold(&spelling);
                let stem = folded.trim_end_matches('*').to_owned();
                if stem.is_empty() {
                    return Err("a pattern is empty".to_owned());
                }
                let place = *places.entry(stem.clone()).or_insert_with(|| {
                    stems.push(stem);
                    meanings.push(Vec::new());
                    meanings.len() - 1
                });
                let whole = !folded.ends_with('*');
                // Two spellings that fold into one say a thing once.
                if !meanings[place].iter().any(|known| known.what == what && known.whole == whole) {
                    meanings[place].push(Meaning { what, whole });
                }
            }
        }
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&stems)
            .map_err(|error| format!("the names cannot be compiled: {error}"))?;
        Ok(Self { search, meanings })
    }

    fn find(&self, folded: &Folded) -> Vec<Hit<T>> {
        let text = &folded.text;
        let mut hits = Vec::new();
        let mut from = 0;
        while let Some(found) = self.search.find(aho_corasick::Input::new(text).range(from..)) {
            let (start, end) = (found.start(), found.end());
            let latin = !text[start..end].chars().any(text::is_han);
            if latin && text[..start].chars().next_back().is_some_and(is_word) {
                from = start + text[start..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
            let rest = &text[end..];
            let word_end = end + rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let plural = rest.strip_prefix('s').unwrap_or(rest);
            let ends_word = !latin || !plural.chars().next().is_some_and(is_word);
            let mut taken = false;
            for meaning in &self.meanings[found.pattern().as_usize()] {
                if meaning.whole && !ends_word {
                    continue;
                }
                let upto = if meaning.whole || !latin { end } else { word_end };
                hits.push(Hit { what: meaning.what, at: folded.original(start..upto) });
                taken = true;
            }
            from = if taken {
                end
            } else {
                start + text[start..].chars().next().map_or(1, char::len_utf8)
            };
        }
        hits
    }
}

/// `licen?e` stands for both spellings.
fn variants(spelling: &str) -> Vec<String> {
    if spelling.contains("licen?e") {
        vec![spelling.replace("licen?e", "license"), spelling.replace("licen?e", "licence")]
    } else {
        vec![spelling.to_owned()]
    }
}

/// Letters and digits of scripts that put spaces between words.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !text::is_han(c)
}
