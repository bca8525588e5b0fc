//! Chinese names by their suffix: where `磁材` or `有限公司` stands, and what before it belongs to the name.
//!
//! Goods and trades carry such suffixes as well, and are no firms.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::document::Sentence;
use super::{Candidate, ChineseName, Finder};
use crate::text;

impl Finder<'_> {
    pub(super) fn chinese(
        &self,
        sentence: &Sentence<'_>,
        taken: &[&Range<usize>],
        into: &mut Vec<Candidate>,
    ) {
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

    pub(super) fn chinese_name(&self, who: &str) -> Option<Candidate> {
        let low = super::super::document::folded(who);
        let found = self.rules.names.zh_suffixes.find_iter(&low).last()?;
        self.chinese_at(who, &low, found.start(), found.end())
    }

    /// The firm whose suffix stands at `start..end`.
    pub(super) fn chinese_at(
        &self,
        original: &str,
        low: &str,
        start: usize,
        end: usize,
    ) -> Option<Candidate> {
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
    pub(super) fn foreign_place(
        &self,
        low: &str,
        from: usize,
        start: usize,
    ) -> Option<(usize, String)> {
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
    pub(super) fn ordinary(&self, core: &str) -> bool {
        self.rules
            .names
            .zh_ordinary
            .iter()
            .any(|word| core == word || core.ends_with(word.as_str()) && word.chars().count() >= 2)
    }
}

/// Suffixes that are goods as well: `磁铁厂`, `稀土出口` name no firm.
pub(super) static GOODS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:磁铁|磁体|磁钢|金属|合金|稀土|材料|永磁|磁性|磁性材料|新材料|汽车|新能源|矿业)$",
    )
    .expect("a constant pattern")
});

pub(super) static TRADE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:厂|工厂|矿|行业|产业|产品|出口|业务|生意|市场|供应|进口|贸易|原料|价格|电机|车|企业|行)").expect("a constant pattern")
});

/// In how many sentences words stand, counting each time.
pub(super) fn sentences_with(low: &[&str], words: &str) -> usize {
    low.iter().map(|text| text.matches(words).count()).sum()
}

/// Characters that are never inside a firm's Chinese name after its place.
pub(super) const TIGHT: &str =
    "的和与及向对是由称获从给在了而另其该将被让使说指家某这那个已未没曾也均都";

/// How far a Chinese suffix goes on: `磁材` `股份有限公司`.
pub(super) fn full_suffix(low: &str, start: usize, end: usize) -> usize {
    static MORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:新材料|新材|材料|矿山|科技|磁材|磁业|永磁|稀土|金属|功能材料|电子|实业|集团|股份)*(?:[(（](?:集团|中国)[)）])?(?:股份)?(?:有限)?(?:责任)?(?:公司)?")
            .expect("a constant pattern")
    });
    debug_assert!(start <= end);
    MORE.find(&low[end..]).map_or(end, |found| end + found.end())
}

pub(super) fn without_legal(name: &str) -> &str {
    let mut rest = name;
    for tail in ["有限责任公司", "股份有限公司", "有限公司", "公司"] {
        if let Some(short) = rest.strip_suffix(tail).filter(|short| short.chars().count() >= 3) {
            rest = short;
            break;
        }
    }
    rest
}

pub(super) fn chinese_candidate(
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
pub(super) fn country_before_zh(before: &str) -> Option<String> {
    static NEAR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(美国|日本|韩国|印度|德国|法国|英国|越南|泰国|挪威|瑞典|芬兰|意大利|加拿大|墨西哥|荷兰|波兰|捷克|匈牙利|西班牙|丹麦|马来西亚|台湾|巴西|土耳其|奥地利|瑞士)(?:的|客户|买家|车企|厂商|公司)*$")
            .expect("a constant pattern")
    });
    NEAR.captures(before).map(|captures| captures[1].to_owned())
}
