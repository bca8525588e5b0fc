//! Holders that a Chinese or Ukrainian sentence speaks of without their names.
//!
//! Groups (`部分出口商`, `кілька експортерів`), suppliers of a buyer, and words
//! that refer back (`该公司`, `обидві компанії`), which mean only firms the text has named.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::document::Sentence;
use super::super::names::Names;
use super::super::parts::{self, Chunk, Group, Holder, Naming};
use super::super::rules::{Rules, Tongue};
use super::super::talk::{Talk, firm};
use crate::model::license::Role;

/// `部分出口商`, `福特的供应商`, `一家福建企业`.
pub(super) fn groups_zh(
    sentence: &Sentence<'_>,
    chunks: &mut Vec<Chunk>,
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) {
    let low = &sentence.low;
    let mut found: Vec<Chunk> = Vec::new();
    let mut used: Vec<usize> = Vec::new();
    own_suppliers(sentence, chunks, &mut found, names, talk);
    // `X、Y两家公司` is X and Y.
    for chunk in chunks.iter_mut() {
        // `包括X在内的四家企业`
        let within = low[chunk.at.end..].strip_prefix("在内的").map_or(0, |_| "在内的".len());
        if within > 0
            && let Some(m) = rules
                .groups
                .zh_groups
                .find(&low[chunk.at.end + within..])
                .filter(|m| m.start() == 0)
        {
            chunk.at.end += within + m.end();
            continue;
        }
        // `X、Y及另外三家企业`: those that are named count.
        let others =
            ["及另外", "和另外", "以及另外", "与另外", "及其他", "和其他", "以及其他", "等"]
                .iter()
                .find(|word| low[chunk.at.end..].starts_with(**word))
                .map_or(0, |word| word.len());
        if others > 0
            && let Some(m) = rules
                .groups
                .zh_groups
                .find(&low[chunk.at.end + others..])
                .filter(|m| m.start() == 0)
        {
            chunk.at.end += others + m.end();
            continue;
        }
        if let Some(m) =
            rules.groups.zh_groups.find(&low[chunk.at.end..]).filter(|m| m.start() == 0)
        {
            chunk.at.end += m.end();
        }
    }
    for (i, chunk) in chunks.iter().enumerate() {
        let foreign = chunk.holders.iter().all(|holder| {
            firm(holder).is_some_and(|i| names.entities[i].country.as_deref() != Some("CN"))
        });
        let rest = &low[chunk.at.end..];
        if let Some(m) = rules.groups.zh_suppliers.find(rest).filter(|m| m.start() == 0 && foreign)
        {
            let at = chunk.at.start..chunk.at.end + m.end();
            let group = Group {
                words: sentence.cut(at.clone()).to_owned(),
                buyers: chunk.holders.iter().filter_map(firm).collect(),
                ..Group::default()
            };
            found.push(Chunk::of_group(at, group));
            used.push(i);
        }
    }
    for m in rules.groups.zh_groups.find_iter(low) {
        let clear = |chunk: &Chunk| chunk.at.end <= m.start() || m.end() <= chunk.at.start;
        if !chunks.iter().all(clear) || !found.iter().all(clear) {
            continue;
        }
        // `另一家磁材厂包头英思特` is that firm.
        let apposed = |chunk: &Chunk| {
            chunk.naming == Naming::Named
                && chunk.at.start == m.end()
                && chunk
                    .holders
                    .iter()
                    .all(|holder| firm(holder).is_some_and(|i| !names.entities[i].foreign()))
        };
        if chunks.iter().any(apposed) {
            continue;
        }
        let words = m.as_str();
        let mut group =
            Group { words: sentence.cut(m.range()).to_owned(), limited: true, ..Group::default() };
        if words.ends_with("供应商") {
            group.buyers = speaker(low, chunks, m.start(), names).into_iter().collect();
        }
        let first: String = words.chars().take(1).collect();
        group.single = matches!(first.as_str(), "一" | "另" | "某")
            && !words.starts_with("一些")
            && !words.starts_with("一批");
        let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
        group.count = digits.parse().ok().or_else(|| parts::number_word(&first));
        let place = rules.places.iter().find(|place| {
            place.adjectives.as_ref().is_some_and(|a| a.is_match(words))
                || place.nouns.is_match(words)
        });
        if let Some(place) = place {
            group.place = Some(place.name.clone());
            group.role = Role::EndUser;
        } else if !group.buyers.is_empty() {
        } else if let Some(place) = rules.places.iter().find(|place| {
            let before = &low[..m.start()];
            place.nouns.find_iter(before).last().is_some_and(|m| m.end() == before.len())
        }) {
            group.place = Some(place.name.clone());
            group.role = Role::EndUser;
        }
        if let Some(city) =
            rules.names.chinese_places_zh.iter().find(|city| words.contains(city.as_str()))
        {
            group.place = Some(city.clone());
            group.role = Role::Exporter;
        }
        found.push(Chunk::of_group(m.range(), group));
    }
    retain_unused(chunks, &used);
    chunks.extend(found);
}

/// The firm that speaks before a place in the sentence: `福特证实，…`.
fn speaker(low: &str, chunks: &[Chunk], upto: usize, names: &Names) -> Option<usize> {
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"表示|说|称|证实|确认|透露|指出|介绍|宣布|坦言|补充|披露|告诉|回应|提到|повідом\p{L}+|підтверд\p{L}+|сказа\p{L}+|заяв\p{L}+|розпов\p{L}+").expect("a constant pattern")
    });
    chunks.iter().filter(|chunk| chunk.at.end <= upto && chunk.naming == Naming::Named).find_map(
        |chunk| match chunk.holders.as_slice() {
            [Holder::Firm(i)] if names.entities[*i].country.as_deref() != Some("CN") => {
                SAYS.is_match(&low[chunk.at.end..upto]).then_some(*i)
            }
            _ => None,
        },
    )
}

/// `其中国磁材供应商`: suppliers of the buyer just named.
fn own_suppliers(
    sentence: &Sentence<'_>,
    chunks: &[Chunk],
    found: &mut Vec<Chunk>,
    names: &Names,
    talk: &Talk,
) {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"其(?:[^，。；其]{0,10})?(?:供应商|供货商)(?:中(?:已)?有[一两二三四五六七八九十多几数\d]+家)?|(?:本|该)?(?:公司|集团|我们)(?:的)?(?:[^，。；其]{0,8})?(?:供应商|供货商)(?:中(?:已)?有[一两二三四五六七八九十多几数\d]+家)?|旗下(?:的)?(?:[^，。；其]{0,8})?(?:供应商|供货商)|постачальник\p{L}* (?:концерну|компанії|групи|автовиробника|корпорації|фірми|холдингу)(?:$|[ ,.])|(?:його|її|їхні|їхніх|їхнім|свої|своїм|своїх|наші|наших|нашим|його власн\p{L}+) (?:\p{L}+ ){0,2}?постачальник\p{L}*").expect("a constant pattern")
    });
    for m in OWN.find_iter(&sentence.low) {
        let followed = |chunk: &Chunk| {
            chunk.at.start >= m.end()
                && sentence.low[m.end()..chunk.at.start]
                    .trim_matches(['«', '"', '“', ' '])
                    .is_empty()
        };
        if chunks.iter().any(followed) {
            continue;
        }
        let buyer = chunks
            .iter()
            .filter(|chunk| chunk.at.end <= m.start())
            .flat_map(|chunk| chunk.holders.iter().filter_map(firm))
            .rfind(|i| names.entities[*i].foreign())
            .or(talk.buyer);
        let Some(buyer) = buyer else { continue };
        let group = Group {
            words: sentence.cut(m.range()).to_owned(),
            buyers: vec![buyer],
            ..Group::default()
        };
        found.push(Chunk::of_group(m.range(), group));
    }
}

fn retain_unused(chunks: &mut Vec<Chunk>, used: &[usize]) {
    let mut index = 0;
    chunks.retain(|_| {
        index += 1;
        !used.contains(&(index - 1))
    });
}

/// `кілька експортерів`, `постачальники Ford`.
pub(super) fn groups_uk(
    sentence: &Sentence<'_>,
    chunks: &mut Vec<Chunk>,
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) {
    static SUPPLIERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:(?:деяк\p{L}+|кільк\p{L}+|окрем\p{L}+|китайськ\p{L}+) )*постачальник\p{L}* (?:(?:магніт|матеріал|детал|компонент|ротор|двигун|рідкіснозем|рідкісн|земель|метал|сплав|постійн|неодимов)\p{L}* ){0,3}(?:для |компанії |компаній |автовиробника |автоконцерну |концерну |групи |корпорації |фірми )*[«“]?$").expect("a constant pattern")
    });
    let low = &sentence.low;
    let mut found: Vec<Chunk> = Vec::new();
    let mut used: Vec<usize> = Vec::new();
    own_suppliers(sentence, chunks, &mut found, names, talk);
    for (i, chunk) in chunks.iter().enumerate() {
        let foreign = chunk.holders.iter().all(|holder| {
            firm(holder).is_some_and(|i| names.entities[i].country.as_deref() != Some("CN"))
        });
        if let Some(m) = SUPPLIERS.find(&low[..chunk.at.start]).filter(|_| foreign) {
            let at = m.start()..chunk.at.end;
            let group = Group {
                words: sentence.cut(at.clone()).to_owned(),
                buyers: chunk.holders.iter().filter_map(firm).collect(),
                ..Group::default()
            };
            found.push(Chunk::of_group(at, group));
            used.push(i);
        }
    }
    for m in rules.groups.uk_groups.find_iter(low) {
        let clear = |chunk: &Chunk| chunk.at.end <= m.start() || m.end() <= chunk.at.start;
        if !chunks.iter().all(clear) || !found.iter().all(clear) {
            continue;
        }
        // A name right after is the company meant.
        let rest = &low[m.end()..];
        if chunks.iter().any(|chunk| {
            chunk.naming == Naming::Named
                && chunk.at.start >= m.end()
                && low[m.end()..chunk.at.start].trim_matches(['«', '"', '“', ' ']).is_empty()
        }) && !rest.starts_with(',')
        {
            continue;
        }
        let words = m.as_str();
        let mut group = Group { words: words.to_owned(), limited: true, ..Group::default() };
        group.single = words.starts_with("одн") || words.starts_with("інш");
        group.count = words.split_whitespace().find_map(|word| word.parse().ok());
        if words.contains("постачальник") {
            group.buyers = speaker(low, chunks, m.start(), names).into_iter().collect();
        }
        let place = rules
            .places
            .iter()
            .find(|place| place.adjectives.as_ref().is_some_and(|a| a.is_match(words)));
        if let Some(place) = place.filter(|_| group.buyers.is_empty()) {
            group.place = Some(place.name.clone());
            group.role = Role::EndUser;
        }
        found.push(Chunk::of_group(m.range(), group));
    }
    retain_unused(chunks, &used);
    chunks.extend(found);
}

pub(super) fn references(
    sentence: &Sentence<'_>,
    chunks: &mut Vec<Chunk>,
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) {
    let language = if sentence.tongue == Tongue::Zh { "zh" } else { "uk" };
    let mut suppliers: Vec<(Range<usize>, Group)> = Vec::new();
    let low = &sentence.low;
    let mut found: Vec<Chunk> = Vec::new();
    let mut add = |at: Range<usize>, firms: Vec<usize>| {
        parts::refer(&mut found, chunks, at, firms);
    };
    if let Some(pattern) = rules.references.all.get(language) {
        for m in pattern.find_iter(low) {
            let count = [("三", 3), ("四", 4), ("五", 5), ("六", 6), ("тр", 3), ("чотир", 4)]
                .iter()
                .find(|(word, _)| m.as_str().contains(word))
                .map_or(0, |(_, n)| *n);
            let firms = if count > 0 { talk.several(count, names) } else { talk.focus.clone() };
            add(m.range(), firms);
        }
    }
    for (word, last) in
        [("前者", false), ("后者", true), ("перша з них", false), ("друга з них", true)]
    {
        let pair = talk.several(2, names);
        for (at, _) in low.match_indices(word) {
            let own = chunks.iter().rfind(|chunk| {
                chunk.at.end <= at && chunk.naming == Naming::Named && chunk.holders.len() == 2
            });
            let own: Vec<usize> = own
                .map(|chunk| chunk.holders.iter().filter_map(firm).collect())
                .unwrap_or_default();
            let list = if own.len() == 2 { &own } else { &pair };
            let firm = if last { list.last() } else { list.first() };
            add(at..at + word.len(), firm.copied().into_iter().collect());
        }
    }
    if let Some(pattern) = rules.references.both.get(language) {
        for m in pattern.find_iter(low) {
            add(m.range(), talk.several(2, names));
        }
    }
    if let Some(pattern) = rules.references.one.get(language) {
        for m in pattern.find_iter(low) {
            let named = chunks.iter().any(|chunk| {
                chunk.at.start >= m.end()
                    && low[m.end()..chunk.at.start].trim_matches(['«', '"', '“', ' ']).is_empty()
            });
            let part = language == "zh"
                && m.as_str() == "公司"
                && low[..m.start()].ends_with(|c: char| {
                    crate::text::is_han(c) && !"，。；：的向对由与和即".contains(c)
                });
            if named || part {
                continue;
            }
            let nearest = parts::named_before(chunks, m.start(), |i| !names.entities[i].foreign());
            let meant = nearest.or_else(|| talk.one(names));
            // `постачальник` is not the buyer that was spoken of.
            let sells = m.as_str().contains("постачальник") || m.as_str().contains("експортер");
            if let Some(buyer) = meant.filter(|i| sells && names.entities[*i].foreign()) {
                let group = Group {
                    words: sentence.cut(m.range()).to_owned(),
                    buyers: vec![buyer],
                    single: true,
                    ..Group::default()
                };
                suppliers.push((m.range(), group));
                continue;
            }
            add(m.range(), meant.into_iter().collect());
        }
    }
    chunks.extend(found);
    for (at, group) in suppliers {
        if chunks.iter().all(|chunk| chunk.at.end <= at.start || at.end <= chunk.at.start) {
            chunks.push(Chunk::of_group(at, group));
        }
    }
}
