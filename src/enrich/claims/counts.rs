//! Tallies of applications: `of 141 applications 19 were approved, 121 are pending and 1 was refused`.
//!
//! A tally is of what stands beside each number, so it is read by itself and never
//! by the grammar of single holders; a sentence without a number of applications has none.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::document::Sentence;
use super::parts::{Group, number_word};
use crate::model::license::LicenseAction;

/// One number of a tally.
pub(super) struct Tally {
    /// What became of these applications.
    pub(super) action: LicenseAction,
    /// Whose, and how many.
    pub(super) group: Group,
    /// Where it stands.
    pub(super) at: Range<usize>,
}

/// The tally of a sentence; nothing when it holds no more than one number.
pub(super) fn tally(sentence: &Sentence<'_>) -> Vec<Tally> {
    static BASE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:[\d,]*\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)) (?:[\w-]+ ){0,6}(?:applications?|requests?|filings)\b|(?:applications|requests)[^.;]{0,60}\b\d+\b|^of (?:these|those|them)\b|\bof (?:the |its |some )?\w+ (?:[\w-]+ ){0,5}?(?:makers|firms|companies|exporters|suppliers|producers|members|applicants)\b[^.;]{0,60}\b(?:applied|applying|filed|sought|asked|licen[cs]es?)\b|\d+(?:件|份|宗|项|张|笔)[^，。；]{0,14}申请|申请[^，。；]{0,6}\d+(?:件|份|宗|项|张|笔)|(?:^|[^\d])\d+ (?:\p{L}+ ){0,3}заяв\p{L}+").expect("a constant pattern")
    });
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?P<n>\b\d{1,3}(?:,\d{3})+|\b\d+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?))(?: of (?:them|these)| more| others| (?:[a-z][\w-]* ){0,4}?(?:applications?|requests?)(?: [a-z][\w'’-]*){0,9}?)?(?: (?:had|have|has|were|was|are|is|been|be|being|still|only|now|currently|also|already|yet|remain|remained|waiting))*,? (?P<word>approved|granted|cleared|licensed|authori[sz]ed|pending|outstanding|undecided|unresolved|under (?:review|examination)|(?:in|being) (?:process\w*|review\w*|examin\w*)|without (?:an? |any )?(?:decision|answer|reply|outcome)|unanswered|in limbo|refused|rejected|denied|turned down|declined)\b|(?P<n2>\d+)(?:件|份|宗|项|张|笔|%)?(?:申请)?(?:已经?|均|仍然?|尚|还|正|目前|则|因[^，。；\d]{1,12})*(?:在|处于)?(?P<word2>获批|获准|获得批准|批准|通过|待审|待批|未决|审查|审核|审批|审理|被拒|遭拒|被驳回|遭驳回|拒绝|等待|排队|候批|处理)|(?P<word4>схвален[оіа]|схвалили|відхилен[оіа]|відхилили) (?:лише |тільки |вже )?(?P<n4>\d+|одну|дві|три|чотири|п['’ʼ]ять|шість|сім|вісім|дев['’ʼ]ять|десять)|(?P<n3>\d+) (?:(?:заяв\p{L}+|з них|було|вже|ще|досі|залишаються) )*(?P<word3>схвален\p{L}+|схвалили|на розгляді|розгляда\p{L}+|відхилен\p{L}+|відхилили|відмовлен\p{L}+)").expect("a constant pattern")
    });
    let low = &sentence.low;
    if sentence.question || !BASE.is_match(low) {
        return Vec::new();
    }
    let words = whose(sentence);
    static REST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:remainder|rest|others) (?:(?:is|are|was|were|remains?|being|still|currently|now) )+(?P<word>pending|outstanding|undecided|(?:under |in )?(?:review\w*|examin\w*|process\w*))|(?:решта|інші)(?: \p{L}+){0,3}? (?P<word2>на розгляді|розгляда\p{L}+|чека\p{L}+)|其余[^，。；]{0,8}?(?P<word3>等待|待审|待批|审查|审批|审核|审理|排队|遭拒|被拒|遭驳回|被驳回)").expect("a constant pattern")
    });
    let rest = REST.captures(low).and_then(|captures| {
        ["word", "word2", "word3"].into_iter().find_map(|name| captures.name(name))
    });
    let mut found: Vec<Tally> = PART
        .captures_iter(low)
        .filter_map(|captures| {
            let get = |names: [&str; 4]| names.into_iter().find_map(|name| captures.name(name));
            let number = get(["n", "n2", "n3", "n4"])?;
            let word = get(["word", "word2", "word3", "word4"])?;
            let count = number
                .as_str()
                .replace(',', "")
                .parse()
                .ok()
                .or_else(|| number_word(number.as_str()));
            let group = Group { words: words.clone(), limited: true, count, ..Group::default() };
            Some(Tally { action: became(word.as_str()), group, at: word.range() })
        })
        .collect();
    found.extend(rest.map(|word| Tally {
        action: became(word.as_str()),
        group: Group { words: words.clone(), limited: true, ..Group::default() },
        at: word.range(),
    }));
    if found.len() < 2 { Vec::new() } else { found }
}

/// `The remainder are still being examined`, after a tally.
pub(super) fn remainder(sentence: &Sentence<'_>) -> Option<Tally> {
    static REST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:the )?(?:remainder|rest|others|(?:remaining|other) (?:\w+ )?applications|(?:remaining|other) [\d,]+|all others)(?: (?:is|are|was|were|remains?|being|still|currently|now))+ (?:pending|outstanding|undecided|under (?:review|examination)|(?:in|being )?(?:process\w*|review\w*|examin\w*))|^其余[^，。；]{0,8}(?:审查|审核|审批|待审|审理)|^решта[^.;,]{0,20}(?:на розгляді|розгляда\p{L}+)").expect("a constant pattern")
    });
    static ALSO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?P<n>\d+|one|two|three|four|five|six|seven|eight|nine|ten|some|others|(?:a further|another) \w+)(?: of them| others| more| applications?)? (?:was|were|has been|have been|had been|is|are)(?: also| still)? (?P<word>approved|granted|cleared|pending|refused|rejected|denied|turned down|declined)\b").expect("a constant pattern")
    });
    if let Some(captures) = ALSO.captures(&sentence.low) {
        let word = captures.name("word")?;
        let number = captures.name("n")?.as_str();
        let number = number.rsplit(' ').next().unwrap_or_default();
        let count = number.parse().ok().or_else(|| number_word(number));
        let group = Group { limited: true, count, ..Group::default() };
        return Some(Tally { action: became(word.as_str()), group, at: word.range() });
    }
    let found = REST.find(&sentence.low)?;
    let group = Group { limited: true, ..Group::default() };
    Some(Tally { action: LicenseAction::Pending, group, at: found.range() })
}

/// The applications counted, in the text's words.
fn whose(sentence: &Sentence<'_>) -> String {
    static APPLICATIONS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:rare.earth )?(?:export )?(?:licen[cs]e )?applications?(?: (?:of|by|from|filed by) (?:its |their )?(?:[\w-]+ ){0,2}?(?:members|firms|companies|exporters|suppliers|makers)\b| for (?:rare.earth )?(?:export )?(?:licen[cs]es|permits|exports)\b| for rare.earth(?: magnet)? exports\b)?|(?:会员企业(?:提交)?的?)?(?:稀土)?(?:出口)?(?:许可证?)?申请|заяв\p{L}+ (?:на \p{L}+|членів \p{L}+|компаній)").expect("a constant pattern")
    });
    APPLICATIONS.find(&sentence.low).map_or_else(String::new, |m| m.as_str().trim().to_owned())
}

fn became(word: &str) -> LicenseAction {
    let any = |words: &[&str]| words.iter().any(|known| word.contains(known));
    if any(&["refus", "reject", "denied", "turned", "declin", "拒", "驳回", "відхил", "відмов"])
    {
        LicenseAction::Refused
    } else if any(&["approv", "grant", "clear", "licens", "authori", "获", "通过", "схвал"])
        || word == "批准"
    {
        LicenseAction::Granted
    } else {
        LicenseAction::Pending
    }
}
