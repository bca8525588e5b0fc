//! Who stands behind a sentence: the authority, the holder, the buyer, the press or talk.
//!
//! An authority or a firm that is only named, or that did not answer, has said nothing.

use std::sync::LazyLock;

use regex::Regex;

use super::document::{Sentence, Speaker};
use super::names::Names;
use super::parts::{Chunk, Group, Holder, Naming};
use super::rules::{Rules, Tongue};
use super::talk::firm;
use crate::model::license::Certainty;

/// How certain one sentence makes an event, and whether it says so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weight {
    pub(super) certainty: Certainty,
    pub(super) said: bool,
}

/// Reads who says a sentence's event about a holder.
pub(super) fn weigh(
    sentence: &Sentence<'_>,
    holder: &Holder,
    chunks: &[Chunk],
    voice: Option<usize>,
    authority: bool,
    names: &Names,
    rules: &Rules,
) -> Weight {
    let low = &sentence.low;
    let said = |certainty| Weight { certainty, said: true };
    if let Speaker::Answer(_) = sentence.speaker {
        if authority {
            return said(Certainty::Official);
        }
        if voice.is_some() && firm(holder) == voice {
            return said(Certainty::CompanyConfirmed);
        }
    }
    // `Ford said that its suppliers …, while a minister said …`
    let turn = [" while ", " whereas ", "; "].iter().filter_map(|word| low.find(word)).min();
    let mine = |to: usize| {
        matches!(holder, Holder::Group(group)
            if customer_says(&low[..to], group, chunks, names, rules))
    };
    if turn.is_some_and(|to| !official(&low[..to], rules) && mine(to)) {
        return said(Certainty::CustomerConfirmed);
    }
    let speaks_for = speaks_for(sentence, chunks);
    static STATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:ministry|mofcom|government|authorit\w+|beijing said|regulators?)\b")
            .expect("a constant pattern")
    });
    if let Some(chunk) = speaks_for.filter(|_| !STATE.is_match(low)) {
        let foreign = chunk
            .holders
            .iter()
            .any(|holder| firm(holder).is_some_and(|i| names.entities[i].foreign()));
        let own = chunk.holders.contains(holder);
        let buyer = match holder {
            Holder::Group(group) => chunk
                .holders
                .iter()
                .any(|holder| firm(holder).is_some_and(|i| group.buyers.contains(&i))),
            Holder::Firm(_) => low.contains("supplier"),
        };
        if own && !foreign {
            return said(Certainty::CompanyConfirmed);
        }
        if foreign && (own || buyer) {
            return said(Certainty::CustomerConfirmed);
        }
    }
    if official(low, rules) && (speaks_for.is_none() || STATE.is_match(low)) {
        return said(Certainty::Official);
    }
    let sources = rules.voice.sources.is_match(low);
    // `X confirmed that the license of its supplier Y …`
    let supplied =
        low.contains("supplier") || low.contains("供应商") || low.contains("постачальник");
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:said|says|confirmed|confirms|announced)\b (?:[\w]+ )?(?:that )?its (?:[\w-]+ ){0,3}suppliers?\b").expect("a constant pattern")
    });
    let theirs = firm(holder).is_some()
        && OWN.find(low).is_some_and(|m| {
            chunks.iter().any(|chunk| chunk.holders.contains(holder) && chunk.at.end > m.end())
        });
    if theirs {
        return said(Certainty::CustomerConfirmed);
    }
    let buyer_says = supplied
        && says(
            low,
            chunks,
            |holder| firm(holder).is_some_and(|i| names.entities[i].foreign()),
            rules,
        );
    if buyer_says && firm(holder).is_some_and(|i| !names.entities[i].foreign()) {
        return said(Certainty::CustomerConfirmed);
    }
    if let Some(i) = firm(holder) {
        if names.entities[i].foreign() && says(low, chunks, |holder| firm(holder) == Some(i), rules)
        {
            return said(Certainty::CustomerConfirmed);
        }
        if voice == Some(i) && sentence.speaker == Speaker::Text && voice_text(low) {
            return said(Certainty::CompanyConfirmed);
        }
        // `X has applied, managing director Y said`
        static HEAD: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r", (?:its |the company['’]s |the firm['’]s )?(?:managing director|chief executive(?: officer)?|ceo|cfo|chairman|chairwoman|president|vice.president|finance chief|sales chief|general manager|board secretary|chief (?:financial|operating) officer|head of [\w -]{2,24}|director)(?: [\w.'’-]+){0,4} (?:said|says|told|wrote|added|confirmed)\b").expect("a constant pattern")
        });
        let alone = chunks.iter().filter(|chunk| chunk.naming == Naming::Named).count() == 1;
        if HEAD.is_match(low) && alone {
            return said(if names.entities[i].foreign() {
                Certainty::CustomerConfirmed
            } else {
                Certainty::CompanyConfirmed
            });
        }
        if self_family(low, i, chunks, names, rules) {
            return said(Certainty::CompanyConfirmed);
        }
        if says(low, chunks, |holder| firm(holder) == Some(i), rules)
            && !(sources && sentence.tongue == Tongue::Zh)
            || self_said(low)
        {
            return said(Certainty::CompanyConfirmed);
        }
    }
    if let Holder::Group(group) = holder
        && customer_says(low, group, chunks, names, rules)
    {
        return said(Certainty::CustomerConfirmed);
    }
    if rules.voice.rumor.is_match(low) {
        return said(Certainty::Rumored);
    }
    Weight { certainty: Certainty::Reported, said: sources }
}

/// The firm for which somebody speaks: `said Y, sales director at X`, `a spokesman for X said`.
fn speaks_for<'a>(sentence: &Sentence<'_>, chunks: &'a [Chunk]) -> Option<&'a Chunk> {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:said|says|told|confirmed|wrote|added|announced|disclosed|stated)\b")
            .expect("a constant pattern")
    });
    static OF: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:spokes(?:man|woman|person)|representative|executive|manager|director|chairman|chairwoman|chief executive|ceo|cfo|president|founder|head|boss) (?:for|of|at|from) (?:[\w-]+ ){0,2}$").expect("a constant pattern")
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:['’]s?)? (?:[\w-]+ ){0,2}?(?:spokes(?:man|woman|person)|chairman|chairwoman|chief executive|ceo|cfo|president|founder|sales director|export manager|board secretary)\b").expect("a constant pattern")
    });
    let low = &sentence.low;
    if sentence.tongue != Tongue::En || !SAID.is_match(low) {
        return None;
    }
    chunks.iter().find(|chunk| {
        chunk.naming == Naming::Named
            && (OF.is_match(&low[..chunk.at.start]) || AFTER.is_match(&low[chunk.at.end..]))
    })
}

/// Whether an authority or a government speaks in the sentence.
pub(super) fn official(low: &str, rules: &Rules) -> bool {
    static HEDGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"spokes\w+ (?:for|of) (?:the |its )?(?:company|firm|group|exporter|producer|maker)|company spokes\w+|first (?:word|reports?|signs?|signals?) |reports? (?:coming|from industry)|sources? (?:close|said)|(?:close to|familiar with|contacts? (?:in|at)|briefed by) the (?:commerce )?(?:ministry|government|authorities)|消息人士|知情人士|(?:公司|集团|企业|车厂|厂方)(?:新闻)?发言人").expect("a constant pattern")
    });
    // `granted by the ministry, the company said`
    static COMPANY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r", the (?:company|firm|exporter|producer|magnet maker) (?:said|says|told|announced|added|stated|confirmed)$")
            .expect("a constant pattern")
    });
    !HEDGE.is_match(low)
        && rules.voice.official.iter().any(|pattern| {
            pattern
                .find_iter(low)
                .any(|m| !rules.voice.silent.is_match(m.as_str()) && !COMPANY.is_match(m.as_str()))
        })
}

/// Whether a chunk with such a holder is followed by a verb of saying.
fn says(low: &str, chunks: &[Chunk], is: impl Fn(&Holder) -> bool, rules: &Rules) -> bool {
    chunks
        .iter()
        .filter(|chunk| chunk.naming != Naming::Group && chunk.holders.iter().any(&is))
        .any(|chunk| {
            let after = super::parts::after_chars(&low[chunk.at.end..], 28);
            let clause = after.split([',', '，', ';', '；', '。']).next().unwrap_or_default();
            let verb = rules.voice.company.iter().any(|pattern| {
                pattern
                    .find(clause)
                    .is_some_and(|m| clause[..m.start()].split_whitespace().count() <= 4)
            });
            let before = super::parts::before_chars(&low[..chunk.at.start], 26);
            let reversed = before.trim_end().ends_with("said")
                || before.trim_end().ends_with("according to")
                || [
                    "повідомила",
                    "повідомив",
                    "заявила",
                    "підтвердила",
                    "за словами",
                    "经向",
                    "повідомили в",
                    "повідомили у",
                ]
                .iter()
                .any(|verb| {
                    before.trim_end_matches(['«', ' ']).ends_with(verb)
                        || before.contains("повідомили")
                });
            verb || reversed
        })
}

/// `the company said`, `in a filing`, `told the exchange`: the issuer's own words.
pub(super) fn self_said(low: &str) -> bool {
    static ISSUER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:the (?:company|firm|producer|exporter|manufacturer|magnet maker)|its (?:board secretary|chairman|chief executive|ceo|export manager|spokes\w+|management)|board secretary|export manager|company spokes\w+|spokes\w+ for the (?:company|firm))\b(?: [a-z]+ly| also| later| on \w+day| had| has)*\b ?(?:said|says|told|wrote|confirmed|announced|disclosed|added|reported|stated|answered|replied)\b|\b(?:in|in an?|through an?|according to (?:an?|its|the)) (?:\w+ ){0,2}(?:exchange filing|filing to|stock.exchange (?:filing|notice|statement)|exchange announcement)|investor(?:s'|s’)? (?:relations )?platform|(?:公司|董秘|企业)(?:一位|有关|相关)?(?:负责人|人士|高管|发言人)?(?:今|昨|[(（]\d+[)）]|日)*(?:说|表示|称|回复|披露|公告|确认|证实)|在(?:互动|投资者)[^，。；]{0,8}平台|发布公告|公告(?:称|显示|披露)|向该公司核实|у (?:повідомленні|заяві) (?:для )?бірж\p{L}+|(?:її|його) (?:представни\p{L}+|директор\p{L}*|речни\p{L}+|голов\p{L}+)|повідоми\p{L}+ вон[аи] біржі|компані\p{L}+ (?:повідоми\p{L}+|підтверди\p{L}+|заяви\p{L}+)")
            .expect("a constant pattern")
    });
    ISSUER.is_match(low)
}

/// `X透露，旗下子公司Y`, `розповів директор підприємства`: the parent or the head speaks.
fn self_family(low: &str, holder: usize, chunks: &[Chunk], names: &Names, rules: &Rules) -> bool {
    static OF: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:子公司|孙公司|附属公司|旗下|下属企业|дочірн\p{L}+ (?:компані|підприємств|фірм)\p{L}+ ?[«“]?)(?:企业|工厂)?$").expect("a constant pattern")
    });
    static HEAD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:розпові|повідоми|сказа|підтверди|заяви|каже|визна)\p{L}* (?:[\p{L}\d.]+ ){0,3}?(?:директор|керівник|голова|речни|представник|менеджер|власник)\p{L}* (?:\p{L}+ )?(?:підприємства|компанії|фірми|заводу|фабрики)").expect("a constant pattern")
    });
    let home = |i: usize| !names.entities[i].foreign();
    let parent =
        chunks.iter().any(|chunk| {
            chunk.holders.iter().any(|known| firm(known) == Some(holder))
                && OF.is_match(&low[..chunk.at.start])
        }) && says(low, chunks, |known| firm(known).is_some_and(|i| i != holder && home(i)), rules);
    let alone = chunks.iter().filter(|chunk| chunk.naming == Naming::Named).count() <= 2;
    parent || home(holder) && alone && HEAD.is_match(low)
}

/// Whether an issuer speaks of itself.
pub(super) fn voice_text(low: &str) -> bool {
    [
        "本公司",
        "我公司",
        "我司",
        "our company",
        "our application",
        "our licen",
        "our permit",
        "our request",
        "公司",
    ]
    .iter()
    .any(|words| low.contains(words))
}

/// The buyer a group is known by speaks.
fn customer_says(low: &str, group: &Group, chunks: &[Chunk], names: &Names, rules: &Rules) -> bool {
    static BUYER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:the )?(?:[\w.]+ )?(?:carmaker|automaker|buyer|customer|company|group)s? (?:\w+ )?(?:said|says|confirmed|confirms|told|announced|disclosed|acknowledged)|(?:车企|买家|客户|汽车公司)[^，。；]{0,8}(?:表示|证实|确认|称)")
            .expect("a constant pattern")
    });
    if group.buyers.is_empty() {
        return false;
    }
    if BUYER.is_match(low) {
        return true;
    }
    let spoke =
        says(low, chunks, |holder| firm(holder).is_some_and(|i| group.buyers.contains(&i)), rules);
    // The buyer's name may be inside the group's words: `Ford said its suppliers`.
    spoke
        || group.buyers.iter().any(|i| {
            let name = super::document::folded(&names.entities[*i].name);
            let short = name.split(' ').next().unwrap_or_default().to_owned();
            rules.voice.company.iter().any(|pattern| {
                low.match_indices(short.as_str()).any(|(at, _)| {
                    let after = super::parts::after_chars(&low[at + short.len()..], 22);
                    pattern.find(after).is_some_and(|m| {
                        after[..m.start()].split_whitespace().count() <= 3
                            && !after[..m.start()].contains([',', '\'', '’'])
                    })
                })
            })
        })
}
