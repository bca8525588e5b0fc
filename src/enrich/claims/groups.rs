//! Who an English sentence speaks of without a name: groups of suppliers and references back.
//!
//! `suppliers to X` hides X, who is a buyer and no holder; `the company`
//! stands for a firm the text has named, and for nothing when it has not.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::document::Sentence;
use super::names::{Names, place_after};
use super::parts::{self, Chunk, Group, Holder, Naming};
use super::rules::Rules;
use super::talk::{Talk, firm};
use crate::model::license::Role;

/// Unnamed groups: `suppliers to X`, `several Chinese exporters`, `a Fujian company`.
pub(super) fn groups(
    sentence: &Sentence<'_>,
    chunks: &mut Vec<Chunk>,
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) {
    let low = &sentence.low;
    let mut found: Vec<Chunk> = Vec::new();
    let mut used: Vec<usize> = Vec::new();
    for captures in rules.groups.en_heads.captures_iter(low) {
        let Some(head) = captures.get(0) else { continue };
        let buyers = captures.get(2).is_some();
        let taken = |at: &Range<usize>| at.start < head.end() && head.start() < at.end;
        if chunks.iter().any(|chunk| taken(&chunk.at)) || found.iter().any(|chunk| taken(&chunk.at))
        {
            continue;
        }
        if let Some((chunk, customers)) =
            group(sentence, head.range(), buyers, chunks, names, rules, talk)
        {
            used.extend(customers);
            found.push(chunk);
        }
    }
    let mut index = 0;
    chunks.retain(|_| {
        index += 1;
        !used.contains(&(index - 1))
    });
    chunks.extend(found);
}

/// The group whose head noun stands at `head`, and the chunks that name its buyers.
fn group(
    sentence: &Sentence<'_>,
    head: Range<usize>,
    buyers: bool,
    chunks: &[Chunk],
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) -> Option<(Chunk, Vec<usize>)> {
    let low = &sentence.low;
    let mut group =
        Group { role: if buyers { Role::EndUser } else { Role::Exporter }, ..Group::default() };
    let mut used = Vec::new();
    let mut start = head.start;
    let mut definite = false;
    let mut negative = false;
    let mut own = false;
    let noun = &low[head.clone()];
    let lead = low[..head.start].trim_end();
    // Other trades have licenses of their own.
    if ["chip", "semiconductor", "oil", "mining", "bank", "software", "drone", "crypto", "tech"]
        .iter()
        .any(|trade| lead.ends_with(trade))
    {
        return None;
    }
    // `its Chinese source`, never `a source said`.
    let loose = noun.starts_with("partner") || noun.starts_with("source");
    let theirs =
        lead.split_whitespace().rev().take(4).any(|word| matches!(word, "its" | "their" | "our"));
    if loose && !(theirs && lead.ends_with(|c: char| c.is_alphanumeric())) {
        return None;
    }
    if lead.ends_with("and other") || lead.ends_with("or other") {
        return None;
    }
    group.single = matches!(
        noun,
        "supplier"
            | "exporter"
            | "producer"
            | "maker"
            | "manufacturer"
            | "company"
            | "firm"
            | "vendor"
            | "enterprise"
            | "shipper"
            | "plant"
            | "processor"
            | "smelter"
            | "partner"
            | "source"
            | "refiner"
            | "specialist"
            | "start-up"
            | "startup"
            | "giant"
    );
    for _ in 0..9 {
        let before = low[..start].trim_end();
        // `"a limited number" of its suppliers`
        let before = if low[start..].starts_with("of ") {
            before.trim_end_matches(['"', '”'])
        } else {
            before
        };
        if before.ends_with([',', ';', ':', '.', ')', '"', '”']) && !before.ends_with("u.s.")
            || before.is_empty()
        {
            break;
        }
        if let Some(i) = chunks.iter().position(|chunk| {
            chunk.naming == Naming::Named
                && chunk.at.start < before.len()
                && matches!(
                    &low[chunk.at.end.min(before.len())..before.len()],
                    "'s" | "’s" | "'" | "’" | ""
                )
                && before.len() >= chunk.at.end
        }) {
            let possessive = before.len() > chunks[i].at.end;
            let firms = chunks[i].holders.iter().filter_map(firm);
            if possessive {
                group.buyers.extend(firms);
                used.push(i);
                start = chunks[i].at.start;
                continue;
            }
            // `Ford suppliers`, but also `magnet maker X companies`: only buyers lend their name.
            if firms.clone().all(|f| names.entities[f].foreign()) && noun.starts_with("supplier") {
                group.buyers.extend(firms);
                used.push(i);
                start = chunks[i].at.start;
                continue;
            }
            return None;
        }
        let from = before
            .rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '“'))
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let word = &before[from..];
        if !word.chars().any(char::is_alphanumeric) {
            break;
        }
        // `at least two suppliers`
        let bound = [("least", "at"), ("most", "at"), ("than", "more")]
            .iter()
            .find(|(last, first)| word == *last && low[..from].trim_end().ends_with(first));
        if let Some((_, first)) = bound {
            start = low[..from].trim_end().len() - first.len();
            break;
        }
        let quantity = rules.groups.en_quantities.iter().any(|q| q == word)
            || word.chars().all(|c| c.is_ascii_digit());
        if rules.names.calendar.iter().any(|day| day == word) {
            break;
        }
        if matches!(word, "the" | "these" | "those" | "both") {
            definite = true;
            start = from;
            if low[from..].starts_with("the following ") {
                definite = false;
                group.limited = true;
            }
            if !low[..from].trim_end().ends_with(" of") {
                break;
            }
            continue;
        }
        if matches!(word, "no" | "neither" | "none") {
            negative = true;
            start = from;
            break;
        }
        // `the company's vendor`
        let theirs = matches!(
            word.trim_end_matches("'s").trim_end_matches("’s"),
            "company"
                | "group"
                | "carmaker"
                | "automaker"
                | "firm"
                | "manufacturer"
                | "buyer"
                | "customer"
        ) && (word.ends_with("'s") || word.ends_with("’s"))
            && low[..from].trim_end().ends_with("the")
            && group.role == Role::Exporter;
        if theirs {
            own = true;
            start = low[..from].trim_end().len() - "the".len();
            break;
        }
        if matches!(word, "its" | "their" | "his" | "our") {
            own = true;
            start = from;
            if !low[..from].trim_end().ends_with(" of") {
                break;
            }
            continue;
        }
        let owning = (word.ends_with("'s") || word.ends_with("’s"))
            && !matches!(word.len(), 0..=2)
            && sentence.cut(from..from + 1).starts_with(char::is_uppercase);
        if owning
            && noun.starts_with("supplier")
            && !word.starts_with("china")
            && !word.starts_with("beijing")
        {
            group.limited = true;
        }
        if word == "of" {
            let head = low[..from].trim_end();
            let q = head.rsplit(' ').next().unwrap_or_default();
            let counts = rules.groups.en_quantities.iter().any(|known| known == q)
                || matches!(
                    q,
                    "number"
                        | "handful"
                        | "group"
                        | "set"
                        | "couple"
                        | "majority"
                        | "dozens"
                        | "batch"
                );
            if !counts {
                break;
            }
            // `one of six` is one.
            group.count = None;
            start = from;
            continue;
        }
        if quantity
            || matches!(
                word,
                "number"
                    | "small"
                    | "handful"
                    | "set"
                    | "group"
                    | "couple"
                    | "first"
                    | "few"
                    | "more"
            )
        {
            if quantity && !matches!(word, "all" | "most" | "many") {
                group.limited = true;
            }
            group.limited |= matches!(word, "number" | "handful" | "couple");
            group.count =
                group.count.or_else(|| word.parse().ok()).or_else(|| parts::number_word(word));
            start = from;
            continue;
        }
        let stop = matches!(
            word,
            "to" | "for"
                | "from"
                | "by"
                | "with"
                | "in"
                | "on"
                | "at"
                | "that"
                | "which"
                | "who"
                | "was"
                | "were"
                | "is"
                | "are"
                | "has"
                | "have"
                | "had"
                | "been"
                | "and"
                | "or"
                | "told"
                | "said"
                | "as"
                | "than"
                | "give"
                | "gave"
                | "given"
                | "granted"
                | "issued"
                | "among"
                | "after"
                | "when"
                | "if"
                | "but"
                | "while"
                | "because"
                | "where"
                | "every"
                | "each"
                | "any"
                | "other"
                | "all"
                | "reach"
                | "under"
                | "into"
                | "between"
                | "not"
                | "only"
                | "what"
                | "whether"
                | "bought"
                | "sold"
                | "built"
                | "lost"
                | "won"
                | "got"
                | "left"
        );
        if stop {
            if matches!(word, "every" | "each" | "any" | "all") {
                definite = true;
            }
            break;
        }
        let adjective = rules.places.iter().find(|place| {
            let bare = word.trim_end_matches("'s").trim_end_matches("’s");
            place
                .adjectives
                .as_ref()
                .is_some_and(|a| a.find(bare).is_some_and(|m| m.len() == bare.len()))
                || (bare.len() < word.len() || word.len() <= 4)
                    && place.nouns.find(bare).is_some_and(|m| m.len() == bare.len())
        });
        if let Some(place) = adjective.filter(|_| !noun.starts_with("supplier")) {
            group.place = Some(place.name.clone());
            group.role = Role::EndUser;
        }
        let chinese = rules.names.chinese_places.iter().any(|place| {
            let place = place.to_lowercase();
            word == place
                || word.strip_prefix(place.as_str()).is_some_and(|rest| rest.starts_with('-'))
        });
        if chinese {
            group.place = Some(word.to_owned());
        }
        if matches!(word, "chinese" | "china's" | "china’s" | "domestic") {
            group.role = Role::Exporter;
            group.place = None;
        }
        if word.ends_with("ed")
            && !word.contains('-')
            && !matches!(
                word,
                "unnamed"
                    | "unidentified"
                    | "listed"
                    | "qualified"
                    | "related"
                    | "approved"
                    | "selected"
                    | "chosen"
            )
        {
            break;
        }
        start = from;
    }
    if group.place.is_none()
        && group.buyers.is_empty()
        && !buyers
        && start == head.start
        && matches!(noun, "companies" | "firms")
    {
        // `from European industry … that companies are being given`
        let industry = rules.places.iter().find(|place| {
            place.adjectives.as_ref().is_some_and(|adjective| {
                adjective.find_iter(&low[..start]).any(|m| {
                    let after = low[m.end()..].trim_start();
                    ["industry", "companies", "firms", "manufacturers", "business"]
                        .iter()
                        .any(|word| after.starts_with(word))
                })
            })
        });
        if let Some(place) = industry {
            group.place = Some(place.name.clone());
            group.role = Role::EndUser;
        }
    }
    // A plant is its owner's; a foreign owner's is an exporter without a name.
    let owned =
        ["plant", "joint venture", "factor", "subsidiar"].iter().any(|word| noun.starts_with(word));
    let home = |i: &usize| !names.entities[*i].foreign();
    let ownerless = group.buyers.is_empty() && !noun.starts_with("plant");
    if owned && (ownerless || group.buyers.iter().any(home)) {
        return None;
    }
    let mut end = head.end;
    customers(sentence, &mut end, &mut group, chunks, &mut used);
    let after = &low[end..];
    if let Some(city) = chinese_city_after(after, rules).filter(|_| group.place.is_none()) {
        group.place = Some(city);
    }
    if let Some(place) = place_after(after, rules).filter(|_| !noun.starts_with("supplier")) {
        group.place = Some(place);
        group.role = Role::EndUser;
    }
    // `a Chinese supplier of magnets for its e-axle business`
    static FOR_ITS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^ of (?:[\w-]+ ){1,4}(?:for|to|in|used in|that go into) (?:its|their)\b")
            .expect("a constant pattern")
    });
    let serves = group.role == Role::Exporter && FOR_ITS.is_match(after);
    if own && (noun.starts_with("supplier") || loose || noun.starts_with("vendor"))
        || serves
        || after.starts_with(" of its own")
    {
        let speaker = buyer_before(start, chunks, names).or(talk.buyer);
        group.buyers.extend(speaker);
        group.limited = true;
        own = false;
    }
    // `another supplier's request`, after a buyer was spoken of
    let another = ["another ", "a second ", "a third ", "the other "];
    if group.single
        && group.buyers.is_empty()
        && (noun == "supplier" || noun == "vendor")
        && another.iter().any(|word| low[start..].starts_with(word))
    {
        group.buyers.extend(talk.buyer);
    }
    // `the exporter that serves it`, `the Chinese vendor of its sensors`
    static SERVES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?: (?:that|which|who) (?:serves?|suppl(?:y|ies)|feeds?|delivers? to|sells? to|makes? [\w -]{2,30} for) (?:it|its|the|them|their|both)\b| of (?:its|their) )").expect("a constant pattern")
    });
    if definite && group.role == Role::Exporter && SERVES.is_match(after) {
        group.buyers.extend(buyer_before(start, chunks, names).or(talk.buyer));
        group.limited = true;
    }
    // `the Chinese exporter`, where the text names none
    let stranger = definite
        && group.single
        && group.role == Role::Exporter
        && low[start..end].contains("chinese ")
        && talk.seen.iter().all(|i| names.entities[*i].foreign())
        && chunks
            .iter()
            .flat_map(|chunk| chunk.holders.iter().filter_map(firm))
            .all(|i| names.entities[i].foreign());
    group.limited |= stranger;
    sentence.cut(start..end).trim().clone_into(&mut group.words);
    let known_by = !group.buyers.is_empty() || !group.described.is_empty();
    if (definite || own) && !known_by && !group.limited {
        return None;
    }
    Some((
        Chunk {
            at: start..end,
            holders: vec![Holder::Group(group)],
            naming: Naming::Group,
            negative,
            doubtful: false,
        },
        used,
    ))
}

/// `in Ganzhou` right after.
fn chinese_city_after(after: &str, rules: &Rules) -> Option<String> {
    let rest = after.strip_prefix(" in ").or_else(|| after.strip_prefix(" from "))?;
    let places = rules.names.chinese_places.iter().map(|place| place.to_lowercase());
    places.into_iter().find(|place| rest.starts_with(place.as_str()))
}

/// The foreign firm named last before a place.
fn buyer_before(start: usize, chunks: &[Chunk], names: &Names) -> Option<usize> {
    chunks
        .iter()
        .filter(|chunk| chunk.at.end <= start)
        .flat_map(|chunk| chunk.holders.iter().filter_map(firm))
        .rfind(|i| names.entities[*i].country.as_deref() != Some("CN") && names.entities[*i].sure)
}

/// `to General Motors, Ford and Stellantis`, `that sell rare earths to the three biggest carmakers`.
fn customers(
    sentence: &Sentence<'_>,
    end: &mut usize,
    group: &mut Group,
    chunks: &[Chunk],
    used: &mut Vec<usize>,
) {
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?: of (?:rare.earths?|permanent|magnets?|[\w-]+ magnets?|[\w-]+ [\w-]+ magnets?)(?: magnets?)?)?(?: (?:to|of|for|serving|supplying|selling to)| (?:that|which|who|whose magnets) (?:sells?|suppl(?:y|ies)|works?|delivers?|furnish(?:es)?|ships?|serves?|provides?|feeds?|go|also (?:supplies|supply))(?: (?:[\w-]+ ){0,4}?(?:to|for))?| on (?:which|whom))? (?:the |both |u\.s\. |us |american |german |european |japanese |indian |carmakers? |automakers? |companies |car giant |the carmaker |carmaker )*")
            .expect("a constant pattern")
    });
    static DESCRIBED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?: (?:to|of|for|serving|supplying)| (?:that|which|who) (?:sells?|suppl(?:y|ies)|works?|delivers?|furnish(?:es)?|ships?|serves?|provides?|feeds?)(?: (?:[\w-]+ ){0,4}?(?:to|for))?) (?:the )?((?:(?:wind turbine|wind|turbine|motor|car|medical device|medical|appliance|robot|electronics|aircraft|auto|car parts|loudspeaker|speaker|pump|elevator|three|two|four|big|biggest|largest|large|major|leading|top|other|several|some|u\.s\.|us|american|european|german|japanese|south korean|korean|indian|french|detroit's|detroit’s) ?)+(?:carmakers|automakers|car companies|customers|carmaker|automaker|chipmakers|manufacturers|companies|buyers|makers|builders|producers))")
            .expect("a constant pattern")
    });
    let rest = &sentence.low[*end..];
    if let Some(link) = LINK.find(rest) {
        let linked = link.as_str().trim();
        let start = *end + link.end();
        let next = chunks
            .iter()
            .position(|chunk| chunk.naming == Naming::Named && chunk.at.start == start);
        let related = linked.starts_with("to")
            || linked.starts_with("on")
            || linked.starts_with("of")
            || linked.starts_with("for")
            || linked.starts_with("that")
            || linked.starts_with("which")
            || linked.starts_with("who")
            || linked.starts_with("serving")
            || linked.starts_with("supplying")
            || linked.starts_with("selling");
        if let Some(i) = next.filter(|_| related) {
            group.buyers.extend(chunks[i].holders.iter().filter_map(firm));
            group.role = Role::Exporter;
            used.push(i);
            *end = chunks[i].at.end;
            return;
        }
    }
    if let Some(found) = DESCRIBED.captures(rest) {
        let (Some(whole), Some(words)) = (found.get(0), found.get(1)) else { return };
        let original = sentence.cut(*end + words.start()..*end + words.end());
        group.described.push(original.trim().to_owned());
        group.role = Role::Exporter;
        *end += whole.end();
    }
}

/// `X and two other firms` counts as X: the others have no names.
pub(super) fn with_others(chunks: &mut Vec<Chunk>, low: &str) {
    let mut i = 1;
    while i < chunks.len() {
        let between = &low[chunks[i - 1].at.end.min(chunks[i].at.start)..chunks[i].at.start];
        let others = chunks[i].naming == Naming::Group
            && chunks[i - 1].naming == Naming::Named
            && matches!(between, " and " | ", and " | " and the ");
        // `X and Y, three companies in India, have been given …`
        let apposed = chunks[i].naming == Naming::Group
            && chunks[i - 1].naming == Naming::Named
            && between == ", "
            && low[chunks[i].at.end..]
                .split(',')
                .next()
                .is_some_and(|rest| rest.split_whitespace().count() <= 6)
            && low[chunks[i].at.end..].contains(',');
        if apposed {
            chunks.remove(i);
            continue;
        }
        // `its supplier, X, …` is X.
        let named_after = chunks[i].naming == Naming::Named
            && chunks[i - 1].naming == Naming::Group
            && between == ", "
            && low[chunks[i].at.end..].starts_with(',')
            && matches!(chunks[i - 1].holders.as_slice(), [Holder::Group(group)] if group.single || group.count == Some(1));
        // `its supplier X`, `its supplier of powder, X.`
        let ends = low[chunks[i].at.end..].trim_start().starts_with(['.', ',', ';', ')'])
            || low[chunks[i].at.end..].trim().is_empty();
        let names_it = chunks[i].naming == Naming::Named
            && chunks[i - 1].naming == Naming::Group
            && matches!(chunks[i - 1].holders.as_slice(), [Holder::Group(group)]
                if group.single && group.role == Role::Exporter)
            && (between == " "
                || between == ", " && ends
                || between.starts_with(" of ")
                    && between.ends_with(", ")
                    && !between.trim_end_matches(", ").contains([',', ';'])
                    && between.split_whitespace().count() <= 7
                    && ends);
        if named_after || names_it {
            let start = chunks[i - 1].at.start;
            chunks[i].at.start = start;
            chunks.remove(i - 1);
            continue;
        }
        if others && low[chunks[i].at.clone()].contains("other") {
            chunks[i - 1].at.end = chunks[i].at.end;
            chunks.remove(i);
        } else {
            i += 1;
        }
    }
}
