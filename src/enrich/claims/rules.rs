//! The extractor's words and patterns: `config/claims.toml`, compiled and checked.
//!
//! Data only: what a trigger, a license noun or a place looks like in each
//! language. How they are put together is the business of the other files.

use std::collections::{BTreeMap, HashSet};

use regex::Regex;
use serde::Deserialize;

use crate::model::license::LicenseAction;
use crate::text;

/// The file as shipped.
pub const BUILT_IN: &str = include_str!("../../../config/claims.toml");

/// A script the rules know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tongue {
    En,
    Zh,
    Uk,
}

/// How a trigger's arguments stand to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Frame {
    Receive,
    Hold,
    Give,
    Reach,
    Cover,
    Barred,
    End,
    Lose,
    File,
    Wait,
    Noun,
}

/// The form of an English verb; `Fixed` for patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Base,
    Present,
    Past,
    Participle,
    Gerund,
    Fixed,
}

/// A pattern that may stand for an event.
pub(super) struct Trigger {
    pub(super) tongue: Tongue,
    pub(super) action: LicenseAction,
    pub(super) frame: Frame,
    pub(super) form: Form,
    pub(super) pattern: Regex,
}

/// License nouns of a language.
pub(super) struct LicenseWords {
    pub(super) head: Regex,
    pub(super) weak: Option<Regex>,
    pub(super) general: Regex,
    pub(super) individual: Regex,
    pub(super) other: Regex,
    pub(super) other_after: Regex,
    pub(super) application: Regex,
    pub(super) application_other: Regex,
    /// English words that end a noun phrase to the left.
    pub(super) stops: Vec<String>,
    /// English participles that stand inside one.
    pub(super) inner: Vec<String>,
}

/// A place with its patterns.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) nouns: Regex,
    pub(super) adjectives: Option<Regex>,
}

/// Who says so.
pub(super) struct Voice {
    pub(super) official: Vec<Regex>,
    pub(super) silent: Regex,
    pub(super) company: Vec<Regex>,
    pub(super) sources: Regex,
    pub(super) rumor: Regex,
    pub(super) claimed: Regex,
    pub(super) denial: Regex,
    pub(super) denies: Regex,
}

/// What shows whose licenses a text speaks of.
pub(super) struct Ours {
    /// A license, or a word for granting one.
    pub(super) license: Regex,
    pub(super) goods: Regex,
    /// A kind of license that only ours come in.
    pub(super) kind: Regex,
    pub(super) others: Regex,
    /// Other goods right beside the license.
    pub(super) beside: Regex,
    /// Another state's license.
    pub(super) foreign: Regex,
    /// Another state acts on a license.
    pub(super) abroad: Regex,
    pub(super) china: Regex,
    /// In Chinese: a license or a word for granting one.
    pub(super) zh_license: Regex,
    pub(super) zh_goods: Regex,
    pub(super) zh_others: Regex,
    /// Other goods right beside the license.
    pub(super) zh_beside: Regex,
}

/// What makes a trigger no fact.
pub(super) struct Mood {
    pub(super) en_negators: Vec<String>,
    pub(super) en_modals: Vec<String>,
    pub(super) en_factual_to: Regex,
    pub(super) en_unreal: Regex,
    pub(super) zh_unreal: Regex,
    /// Governments of other countries that give or take licenses of theirs.
    pub(super) zh_elsewhere: Regex,
    /// What else is applied for and approved.
    pub(super) zh_matter: Regex,
    pub(super) uk_elsewhere: Regex,
    pub(super) zh_generic: Regex,
    pub(super) zh_negators: Regex,
    pub(super) uk_negators: Regex,
    pub(super) uk_unreal: Regex,
    pub(super) undecided: Vec<Regex>,
    /// The sentence speaks of words, not of events.
    pub(super) meta: Regex,
}

/// Names.
pub(super) struct NameWords {
    /// Foreign firms and their country.
    pub(super) buyers: Vec<(String, String)>,
    /// Their names in Latin and Cyrillic script, and in Chinese.
    pub(super) buyers_latin: Regex,
    pub(super) buyers_han: Regex,
    pub(super) en_cues: Vec<String>,
    /// Words that open a sentence and are no part of a name.
    pub(super) en_openers: Vec<String>,
    /// Months and days.
    pub(super) calendar: Vec<String>,
    pub(super) en_orgs: Vec<String>,
    pub(super) not_names: Vec<String>,
    pub(super) chinese_places: Vec<String>,
    pub(super) chinese_places_zh: Vec<String>,
    /// Chinese places in Latin and Cyrillic script, lower case: looked up for every word.
    pub(super) place_words: HashSet<String>,
    /// Any place of `chinese_places_zh`.
    pub(super) zh_places: Regex,
    pub(super) zh_suffixes: Regex,
    pub(super) zh_strong: Regex,
    /// Words before a name that are no part of it.
    pub(super) zh_before: Regex,
    /// What follows a firm that does or says something.
    pub(super) zh_after: Regex,
    /// Words that are no one's name.
    pub(super) zh_ordinary: Vec<String>,
    pub(super) zh_stop: String,
    pub(super) uk_cues: Regex,
    pub(super) uk_heads: Regex,
    pub(super) uk_not: Vec<String>,
}

/// Unnamed groups.
pub(super) struct Groups {
    /// Group 1 is a noun for exporters, group 2 one for buyers.
    pub(super) en_heads: Regex,
    pub(super) en_quantities: Vec<String>,
    pub(super) zh_groups: Regex,
    pub(super) zh_suppliers: Regex,
    pub(super) uk_groups: Regex,
}

/// References back.
pub(super) struct References {
    pub(super) one: BTreeMap<&'static str, Regex>,
    pub(super) both: BTreeMap<&'static str, Regex>,
    pub(super) all: BTreeMap<&'static str, Regex>,
}

/// Scope fields.
pub(super) struct Scope {
    pub(super) reach_all: Regex,
    pub(super) reach_some: Regex,
    pub(super) validity: Vec<Regex>,
    pub(super) items: Vec<String>,
    pub(super) conditions: Regex,
}

/// Announcements and lists.
pub(super) struct RegimeWords {
    pub(super) announcement: Regex,
    pub(super) control_list: Regex,
    pub(super) watch_list: Regex,
    pub(super) listed: Regex,
    pub(super) country_ban: Regex,
    pub(super) code: Regex,
}

/// Everything the extractor reads by.
pub struct Rules {
    pub(super) gate: [Regex; 3],
    /// What makes up for goods that a text does not name: a license to export, by that name.
    pub(super) gate_export: Regex,
    pub(super) licenses: BTreeMap<Tongue, LicenseWords>,
    pub(super) triggers: Vec<Trigger>,
    pub(super) ours: Ours,
    pub(super) voice: Voice,
    pub(super) mood: Mood,
    pub(super) correction_marks: Regex,
    pub(super) correction_earlier: Regex,
    pub(super) names: NameWords,
    pub(super) groups: Groups,
    pub(super) references: References,
    pub(super) places: Vec<Place>,
    /// Any country's name or adjective as a whole: one look for all of `places`.
    pub(super) country: Regex,
    pub(super) scope: Scope,
    pub(super) regime: RegimeWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sets: BTreeMap<String, String>,
    gate: GateTable,
    license: Vec<LicenseTable>,
    trigger: Vec<TriggerTable>,
    ours: OursTable,
    mood: MoodTable,
    voice: VoiceTable,
    correction: CorrectionTable,
    groups: GroupsTable,
    references: BTreeMap<String, String>,
    names: NamesTable,
    place: Vec<PlaceTable>,
    scope: ScopeTable,
    regime: RegimeTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GateTable {
    license: Vec<String>,
    goods: Vec<String>,
    export: Vec<String>,
    named: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LicenseTable {
    language: Tongue,
    head: String,
    weak: String,
    general: String,
    individual: String,
    other: String,
    other_after: String,
    application: String,
    application_other: String,
    #[serde(default)]
    stops: Vec<String>,
    #[serde(default)]
    inner: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TriggerTable {
    language: Tongue,
    action: LicenseAction,
    frame: Frame,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    patterns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OursTable {
    license: String,
    goods: String,
    kind: String,
    others: String,
    foreign: String,
    states: String,
    acts: String,
    china: String,
    zh_license: String,
    zh_goods: String,
    zh_others: String,
    zh_beside: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoodTable {
    en_negators: Vec<String>,
    en_modals: Vec<String>,
    en_factual_to: String,
    en_unreal: String,
    zh_unreal: String,
    zh_elsewhere: String,
    zh_matter: String,
    uk_elsewhere: String,
    zh_generic: String,
    zh_negators: String,
    uk_negators: String,
    uk_unreal: String,
    undecided: Vec<String>,
    meta: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VoiceTable {
    official: Vec<String>,
    silent: String,
    company: Vec<String>,
    sources: String,
    rumor: String,
    claimed: String,
    denial: String,
    denies: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectionTable {
    marks: String,
    earlier: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupsTable {
    en_exporters: String,
    en_buyers: String,
    en_quantities: String,
    zh_groups: String,
    zh_suppliers: String,
    uk_groups: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesTable {
    buyers: Vec<String>,
    en_cues: Vec<String>,
    en_openers: Vec<String>,
    calendar: Vec<String>,
    en_orgs: Vec<String>,
    not_names: Vec<String>,
    chinese_places: Vec<String>,
    chinese_places_zh: Vec<String>,
    chinese_places_uk: Vec<String>,
    zh_suffixes: String,
    zh_strong: String,
    zh_before: String,
    zh_after: String,
    zh_ordinary: Vec<String>,
    zh_stop: String,
    uk_cues: String,
    uk_heads: String,
    uk_not: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceTable {
    name: String,
    nouns: Vec<String>,
    adjectives: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeTable {
    general_reach_all: String,
    general_reach_some: String,
    validity: Vec<String>,
    items: Vec<String>,
    conditions: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegimeTable {
    announcement: String,
    control_list: String,
    watch_list: String,
    listed: String,
    country_ban: String,
    code: String,
}

impl Rules {
    /// Reads the file's text.
    ///
    /// # Errors
    ///
    /// Every problem found, each one sentence.
    pub fn parse(toml: &str) -> Result<Self, Vec<String>> {
        let file: File =
            toml::from_str(toml).map_err(|error| vec![text::one_line(&error.to_string())])?;
        let mut compiler = Compiler { sets: &file.sets, problems: Vec::new() };
        let rules = compiler.rules(&file);
        match rules {
            Some(rules) if compiler.problems.is_empty() => Ok(rules),
            _ => Err(compiler.problems),
        }
    }

    /// The words of a language.
    pub(super) fn license(&self, tongue: Tongue) -> Option<&LicenseWords> {
        self.licenses.get(&tongue)
    }

    /// Whether words in lower case are never a firm's name.
    pub(super) fn not_a_name(&self, lower: &str) -> bool {
        self.names.not_names.iter().any(|known| known == lower)
    }
}

struct Compiler<'a> {
    sets: &'a BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Compiler<'_> {
    fn pattern(&mut self, pattern: &str) -> Option<Regex> {
        let mut expanded = pattern.to_owned();
        for (name, set) in self.sets {
            expanded = expanded.replace(&format!("{{{name}}}"), set);
        }
        match Regex::new(&expanded) {
            Ok(regex) => Some(regex),
            Err(error) => {
                self.problems.push(format!("{pattern:?}: {}", text::one_line(&error.to_string())));
                None
            }
        }
    }

    /// Alternatives as whole words.
    fn words(&mut self, alternatives: &str) -> Option<Regex> {
        self.pattern(&format!(r"\b(?:{alternatives})\b"))
    }

    fn all(&mut self, patterns: &[String]) -> Option<Vec<Regex>> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }

    fn rules(&mut self, file: &File) -> Option<Rules> {
        let mut licenses = BTreeMap::new();
        for table in &file.license {
            licenses.insert(table.language, self.license(table)?);
        }
        let mut triggers = Vec::new();
        for table in &file.trigger {
            self.triggers(table, &mut triggers)?;
        }
        let places =
            file.place.iter().map(|table| self.place(table)).collect::<Option<Vec<_>>>()?;
        let gate = [&file.gate.license, &file.gate.goods, &file.gate.export];
        let named = self.pattern(&file.gate.named.join("|"));
        let [license, goods, export] = gate.map(|list| self.pattern(&list.join("|")));
        Some(Rules {
            gate: [license?, goods?, export?],
            gate_export: named?,
            licenses,
            triggers,
            ours: self.ours(&file.ours)?,
            voice: self.voice(&file.voice)?,
            mood: self.mood(&file.mood)?,
            correction_marks: self.pattern(&file.correction.marks)?,
            correction_earlier: self.pattern(&file.correction.earlier)?,
            names: self.names(&file.names)?,
            groups: self.groups(&file.groups)?,
            references: self.references(&file.references)?,
            country: self.pattern(&format!("^(?:{})$", country_patterns(&places)))?,
            places,
            scope: self.scope(&file.scope)?,
            regime: self.regime(&file.regime)?,
        })
    }

    fn license(&mut self, table: &LicenseTable) -> Option<LicenseWords> {
        let whole = |words: &str| {
            if table.language == Tongue::Zh {
                format!("(?:{words})")
            } else {
                format!(r"\b(?:{words})\b")
            }
        };
        let weak = match table.weak.as_str() {
            "" => None,
            words => Some(self.pattern(&whole(words))?),
        };
        Some(LicenseWords {
            head: self.pattern(&whole(&table.head))?,
            weak,
            general: self.pattern(&whole(&table.general.replace('"', "")))?,
            individual: self.pattern(&whole(&table.individual))?,
            other: self.pattern(&whole(&table.other))?,
            other_after: self.pattern(&table.other_after)?,
            application: self.pattern(&whole(&table.application))?,
            application_other: self.pattern(&whole(&table.application_other))?,
            stops: table.stops.clone(),
            inner: table.inner.clone(),
        })
    }

    fn triggers(&mut self, table: &TriggerTable, into: &mut Vec<Trigger>) -> Option<()> {
        let mut forms: [Vec<String>; 5] = Default::default();
        for verb in &table.verbs {
            for (list, form) in forms.iter_mut().zip(inflected(verb)) {
                list.push(form);
            }
        }
        const FORMS: [Form; 5] =
            [Form::Base, Form::Present, Form::Past, Form::Participle, Form::Gerund];
        let mut found = Vec::new();
        if !table.verbs.is_empty() {
            // A regular verb's past and participle look alike; the participle is read from context.
            let irregular: Vec<String> =
                forms[3].iter().filter(|form| !forms[2].contains(form)).cloned().collect();
            forms[3] = irregular;
            for (list, form) in forms.iter().zip(FORMS) {
                if !list.is_empty() {
                    found.push((form, self.words(&list.join("|"))?));
                }
            }
        }
        if !table.patterns.is_empty() {
            let joined = table.patterns.join("|");
            let pattern = if table.language == Tongue::Zh {
                self.pattern(&joined)?
            } else {
                self.words(&joined)?
            };
            found.push((Form::Fixed, pattern));
        }
        for (form, pattern) in found {
            into.push(Trigger {
                tongue: table.language,
                action: table.action,
                frame: table.frame,
                form,
                pattern,
            });
        }
        Some(())
    }

    fn place(&mut self, table: &PlaceTable) -> Option<Place> {
        let whole = |list: &[String]| {
            let one = |word: &String| {
                if word.starts_with("\\b") || !word.is_ascii() && word.chars().any(text::is_han) {
                    word.clone()
                } else if word.ends_with('.') {
                    format!(r"\b{word}")
                } else {
                    format!(r"\b{word}\b")
                }
            };
            list.iter().map(one).collect::<Vec<_>>().join("|")
        };
        let adjectives = if table.adjectives.is_empty() {
            None
        } else {
            Some(self.pattern(&whole(&table.adjectives))?)
        };
        Some(Place {
            name: table.name.clone(),
            nouns: self.pattern(&whole(&table.nouns))?,
            adjectives,
        })
    }

    fn ours(&mut self, table: &OursTable) -> Option<Ours> {
        let license = r"(?:licen[cs]es?|permits?|approvals?|clearances?)";
        let others = &table.others;
        Some(Ours {
            license: self.words(&table.license)?,
            goods: self.words(&table.goods)?,
            kind: self.words(&table.kind)?,
            others: self.words(others)?,
            beside: self.words(&format!(
                r"(?:{others})(?:{{q}}s)?(?: [\w-]+){{0,2}} {license}|{license}(?: [\w-]+)? (?:for|to|of|on|covering)(?: [\w'’-]+){{0,5}}? (?:{others})"
            ))?,
            foreign: self.pattern(&format!(
                r"\b(?:{})(?: (?:export|import|operating|mining|trade|government|federal|state|new|temporary|environmental|technology|plant|processing|re-?export))* (?:licen[cs]es?|permits?|approvals?|clearances?|authori[sz]ations?)\b",
                table.foreign
            ))?,
            abroad: self.pattern(&format!(
                r"\b(?:{states})(?: (?:has|have|had|also|then|since|on \w+)){{0,3}} (?:{acts})\b|\b(?:{acts})(?: [\w-]+){{0,4}} by (?:the )?(?:{states})\b",
                states = table.states,
                acts = table.acts
            ))?,
            china: self.words(&table.china)?,
            zh_license: self.pattern(&table.zh_license)?,
            zh_goods: self.pattern(&table.zh_goods)?,
            zh_others: self.pattern(&table.zh_others)?,
            zh_beside: self.pattern(&table.zh_beside)?,
        })
    }

    fn voice(&mut self, table: &VoiceTable) -> Option<Voice> {
        Some(Voice {
            official: self.all(&table.official)?,
            silent: self.pattern(&table.silent)?,
            company: self.all(&table.company)?,
            sources: self.pattern(&table.sources)?,
            rumor: self.pattern(&table.rumor)?,
            claimed: self.pattern(&table.claimed)?,
            denial: self.pattern(&table.denial)?,
            denies: self.pattern(&table.denies)?,
        })
    }

    fn mood(&mut self, table: &MoodTable) -> Option<Mood> {
        Some(Mood {
            en_negators: table.en_negators.clone(),
            en_modals: table.en_modals.clone(),
            en_factual_to: self.pattern(&table.en_factual_to)?,
            en_unreal: self.pattern(&table.en_unreal)?,
            zh_unreal: self.pattern(&table.zh_unreal)?,
            zh_elsewhere: self.pattern(&table.zh_elsewhere)?,
            zh_matter: self.pattern(&table.zh_matter)?,
            uk_elsewhere: self.pattern(&table.uk_elsewhere)?,
            zh_generic: self.pattern(&table.zh_generic)?,
            zh_negators: self.pattern(&table.zh_negators)?,
            uk_negators: self.pattern(&table.uk_negators)?,
            uk_unreal: self.pattern(&table.uk_unreal)?,
            undecided: self.all(&table.undecided)?,
            meta: self.pattern(&table.meta)?,
        })
    }

    fn names(&mut self, table: &NamesTable) -> Option<NameWords> {
        let mut buyers = Vec::new();
        for entry in &table.buyers {
            match entry.split_once('=') {
                Some((name, country)) => buyers.push((name.to_owned(), country.to_owned())),
                None => self
                    .problems
                    .push(format!("buyer {entry:?} lacks its country (`Name=Country`)")),
            }
        }
        buyers.sort_by_key(|(name, _): &(String, String)| std::cmp::Reverse(name.len()));
        let any = |han: bool| {
            let fitting = buyers.iter().map(|(name, _)| name);
            let fitting = fitting.filter(|name| name.chars().any(text::is_han) == han);
            fitting.map(|name| regex::escape(name)).collect::<Vec<String>>().join("|")
        };
        let (latin, han) = (any(false), any(true));
        Some(NameWords {
            buyers,
            buyers_latin: self.pattern(&latin)?,
            buyers_han: self.pattern(&han)?,
            en_cues: table.en_cues.clone(),
            en_openers: table.en_openers.clone(),
            calendar: table.calendar.clone(),
            en_orgs: table.en_orgs.clone(),
            not_names: table.not_names.clone(),
            chinese_places: table.chinese_places.clone(),
            chinese_places_zh: table.chinese_places_zh.clone(),
            place_words: table
                .chinese_places
                .iter()
                .chain(&table.chinese_places_uk)
                .map(|place| place.to_lowercase())
                .collect(),
            zh_places: self.pattern(&table.chinese_places_zh.join("|"))?,
            zh_suffixes: self.pattern(&table.zh_suffixes)?,
            zh_strong: self.pattern(&format!("(?:{})$", table.zh_strong))?,
            zh_before: self.pattern(&table.zh_before)?,
            zh_after: self.pattern(&format!("^(?:{})", table.zh_after))?,
            zh_ordinary: table.zh_ordinary.clone(),
            zh_stop: table.zh_stop.clone(),
            uk_cues: self.words(&table.uk_cues)?,
            uk_heads: self.words(&table.uk_heads)?,
            uk_not: table.uk_not.clone(),
        })
    }

    fn groups(&mut self, table: &GroupsTable) -> Option<Groups> {
        Some(Groups {
            en_heads: self
                .pattern(&format!(r"\b(?:({})|({}))\b", table.en_exporters, table.en_buyers))?,
            en_quantities: table.en_quantities.split('|').map(str::to_owned).collect(),
            zh_groups: self.pattern(&table.zh_groups)?,
            zh_suppliers: self.pattern(&table.zh_suppliers)?,
            uk_groups: self.words(&table.uk_groups)?,
        })
    }

    fn references(&mut self, table: &BTreeMap<String, String>) -> Option<References> {
        let mut lists = [BTreeMap::new(), BTreeMap::new(), BTreeMap::new()];
        for language in ["en", "zh", "uk"] {
            for (list, kind) in lists.iter_mut().zip(["one", "both", "all"]) {
                let key = format!("{language}_{kind}");
                let Some(words) = table.get(&key) else {
                    self.problems.push(format!("[references] lacks {key}"));
                    continue;
                };
                let regex =
                    if language == "zh" { self.pattern(words)? } else { self.words(words)? };
                list.insert(language, regex);
            }
        }
        let [one, both, all] = lists;
        Some(References { one, both, all })
    }

    fn scope(&mut self, table: &ScopeTable) -> Option<Scope> {
        Some(Scope {
            reach_all: self.pattern(&table.general_reach_all)?,
            reach_some: self.pattern(&table.general_reach_some)?,
            validity: self.all(&table.validity)?,
            items: table.items.clone(),
            conditions: self.pattern(&table.conditions)?,
        })
    }

    fn regime(&mut self, table: &RegimeTable) -> Option<RegimeWords> {
        Some(RegimeWords {
            announcement: self.pattern(&table.announcement)?,
            control_list: self.pattern(&table.control_list)?,
            watch_list: self.pattern(&table.watch_list)?,
            listed: self.pattern(&table.listed)?,
            country_ban: self.pattern(&table.country_ban)?,
            code: self.pattern(&table.code)?,
        })
    }
}

/// Base, present, past, participle and gerund of `base [past participle] [/ particle]`.
fn inflected(entry: &str) -> [String; 5] {
    let (verb, particle) = match entry.split_once(" / ") {
        Some((verb, particle)) => (verb, format!(" {particle}")),
        None => (entry, String::new()),
    };
    let words: Vec<&str> = verb.split(' ').collect();
    let forms = match words.as_slice() {
        [base, past, participle] => [
            (*base).to_owned(),
            third(base),
            (*past).to_owned(),
            (*participle).to_owned(),
            gerund(base, past),
        ],
        [base, ..] => {
            [(*base).to_owned(), third(base), regular(base), regular(base), gerund(base, "")]
        }
        [] => Default::default(),
    };
    forms.map(|form| format!("{form}{particle}"))
}

fn third(base: &str) -> String {
    match base {
        "have" => "has".to_owned(),
        _ if base.ends_with('y') && !base.ends_with("ay") => {
            format!("{}ies", base.trim_end_matches('y'))
        }
        _ if base.ends_with('s') || base.ends_with("sh") || base == "go" => format!("{base}es"),
        _ => format!("{base}s"),
    }
}

fn regular(base: &str) -> String {
    if base.ends_with('e') { format!("{base}d") } else { format!("{base}ed") }
}

fn gerund(base: &str, past: &str) -> String {
    let doubled = past.strip_suffix("ed").filter(|stem| stem.len() == base.len() + 1);
    match (base.strip_suffix('e'), doubled) {
        (_, Some(stem)) => format!("{stem}ing"),
        (Some(stem), None) if !base.ends_with("ee") => format!("{stem}ing"),
        _ => match base {
            "win" | "get" | "run" => {
                format!("{base}{}ing", base.chars().last().unwrap_or_default())
            }
            _ => format!("{base}ing"),
        },
    }
}

fn country_patterns(places: &[Place]) -> String {
    let all =
        places.iter().flat_map(|place| std::iter::once(&place.nouns).chain(&place.adjectives));
    all.map(|pattern| format!("(?:{})", pattern.as_str())).collect::<Vec<_>>().join("|")
}
