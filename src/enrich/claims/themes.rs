//! Licenses and applications spoken of: of which kind, whose, and whether of another sort.
//!
//! Only the noun phrase and what it binds; what becomes of the license is for the verbs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::document::Sentence;
use super::parts::{Article, Chunk, Naming, Theme, ThemeKind, after_chars, before_chars};
use super::rules::{Rules, Tongue};
use crate::model::license::LicenseType;

/// Licenses and applications spoken of.
pub(super) fn themes(sentence: &Sentence<'_>, chunks: &[Chunk], rules: &Rules) -> Vec<Theme> {
    let tongue = sentence.tongue;
    let Some(words) = rules.license(tongue) else { return Vec::new() };
    let low = &sentence.low;
    let mut found: Vec<Theme> = Vec::new();
    let mut push = |at: Range<usize>, kind: ThemeKind| {
        // `不予许可` is a verb.
        let verb = tongue == Tongue::Zh
            && ["不予", "未予", "予以", "准予"].iter().any(|word| low[..at.start].ends_with(word));
        if verb {
            return;
        }
        let inside = chunks.iter().any(|chunk| {
            chunk.naming == Naming::Named && chunk.at.start <= at.start && at.end <= chunk.at.end
        });
        if !inside
            && found
                .iter()
                .all(|known: &Theme| known.at.end <= at.start || at.end <= known.at.start)
        {
            found.push(bare_theme(at, kind));
        }
    };
    words.head.find_iter(low).for_each(|m| push(m.range(), ThemeKind::License));
    words.application.find_iter(low).for_each(|m| push(m.range(), ThemeKind::Application));
    if let Some(weak) = &words.weak {
        static DEAL: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:purchase|acquisition|merger|takeover|deal|shareholders?|securities|bonds?|listing|ipo|shares|board|antitrust|cabinet|planning)\b").expect("a constant pattern")
        });
        if !DEAL.is_match(low) {
            // `approval` is of exports only where that stands beside it.
            static EXPORTS: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"\b(?:export|ship|import|magnet|rare.earth|dysprosium|terbium|beijing|china|chinese|mofcom)").expect("a constant pattern")
            });
            weak.find_iter(low)
                .filter(|m| {
                    EXPORTS.is_match(before_chars(&low[..m.start()], 30))
                        || EXPORTS.is_match(after_chars(&low[m.end()..], 60))
                })
                .for_each(|m| push(m.range(), ThemeKind::License));
        }
    }
    if tongue == Tongue::En {
        static STAND: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:that|those) (?:of|held by)\b|\b(?:the|a|an|its) (?:old|new|fresh|previous|earlier|current|second|first|other|broader|wider|longer|general|individual|bigger|simpler|temporary) ones?\b|^(?:one|the first|the second|the third|the other(?: one)?|another|a second|a third)(?:, | was | has been | had been | were )|\bthe one\b|\b(?:got|received|obtained|has|have|had) (?:its|their) (?:paper|papers|stamp)\b|\b(?:have|has|had|saw|seen|got|received) (?:its|their) own\b|\b(?:have|hold|got|received|has|had|saw|seen) theirs\b|\b(?:received|obtained|got|won|secured|holds?) (?:one|two|three|four)(?:, for|;|\.|,| for| in| on| last| this| too| as well| earlier)|\bsome (?:were|have been|had been)\b|\b(?:granted|gave|issued|given|refused|denied|awarded) (?:it|them) (?:one|another)\b")
                .expect("a constant pattern")
        });
        for m in STAND.find_iter(low) {
            let at = stand_at(m.as_str());
            let at = m.start() + at.start..m.start() + at.end;
            push(at, ThemeKind::Stand);
        }
    }
    found.sort_by_key(|theme| theme.at.start);
    for theme in &mut found {
        match tongue {
            Tongue::En => describe_english(theme, low, chunks, rules),
            Tongue::Zh => describe_chinese(theme, low, chunks, rules),
            Tongue::Uk => describe_ukrainian(theme, low, chunks, rules),
        }
    }
    joined(found, low)
}

/// The word that stands for the license, within what was matched.
fn stand_at(words: &str) -> Range<usize> {
    const LAST: &[(&str, &str)] = &[
        (" papers", "papers"),
        (" paper", "paper"),
        (" stamp", "stamp"),
        (" own", "own"),
        (" it one", "one"),
        (" them one", "one"),
        (" another", "another"),
        (" theirs", "theirs"),
    ];
    if words.ends_with(" of") || words.starts_with("some ") {
        return 0..4;
    }
    let number = ["one", "two", "three", "four"]
        .iter()
        .find_map(|number| words.find(&format!(" {number}")))
        .filter(|_| !words.contains(" ones") && !words.starts_with("the "));
    if let Some(at) = number {
        return at + 1..at + 4;
    }
    // `One, for X, was approved`: the sentence's first words.
    if let Some(at) = [",", " was ", " has ", " had ", " were "]
        .iter()
        .filter(|end| words.ends_with(' ') && words.contains(**end))
        .find_map(|end| words.find(end))
    {
        return 0..at;
    }
    LAST.iter()
        .find(|(end, _)| words.ends_with(end))
        .map_or(0..words.len(), |(_, word)| words.len() - word.len()..words.len())
}

fn bare_theme(at: Range<usize>, kind: ThemeKind) -> Theme {
    Theme {
        at,
        kind,
        license: LicenseType::Unspecified,
        other: false,
        article: Article::Bare,
        pronoun: false,
        negative: false,
        owner: None,
        weak_owner: None,
        import: false,
    }
}

/// `application` + `for a general licence` are one theme.
fn joined(themes: Vec<Theme>, low: &str) -> Vec<Theme> {
    static FOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^ (?:for|of|to (?:get|obtain|renew|extend)|на|щодо|про)(?: [\p{L}'-]+){0,3}? ?$",
        )
        .expect("a constant pattern")
    });
    let mut out: Vec<Theme> = Vec::new();
    for theme in themes {
        if let Some(last) = out.last_mut() {
            let between = &low[last.at.end.min(theme.at.start)..theme.at.start];
            let forth = last.kind == ThemeKind::Application
                && theme.kind == ThemeKind::License
                && FOR.is_match(between);
            // 通用许可申请, 许可证申请
            let back = last.kind == ThemeKind::License
                && theme.kind == ThemeKind::Application
                && matches!(
                    between,
                    "" | "的"
                        | " "
                        | "续期"
                        | "延续"
                        | "变更"
                        | "换发"
                        | "展期"
                        | "延期"
                        | "续展"
                        | "展延"
                        | "续证"
                );
            if forth || back {
                last.kind = ThemeKind::Application;
                if last.license == LicenseType::Unspecified {
                    last.license = theme.license;
                }
                last.other |= theme.other;
                last.at.end = theme.at.end;
                last.owner = last.owner.or(theme.owner);
                last.weak_owner = last.weak_owner.or(theme.weak_owner);
                last.pronoun |= theme.pronoun && forth;
                continue;
            }
        }
        out.push(theme);
    }
    out
}

fn describe_english(theme: &mut Theme, low: &str, chunks: &[Chunk], rules: &Rules) {
    let Some(words) = rules.license(Tongue::En) else { return };
    let mut start = theme.at.start;
    let mut left: Vec<&str> = Vec::new();
    while left.len() < 8 && theme.kind != ThemeKind::Stand {
        let before = low[..start].trim_end_matches([' ', '"', '“', '”', '\'', '‘', '’']);
        if before.ends_with([',', ';', ':', '.', ')', '(', '—', '–']) || before.is_empty() {
            break;
        }
        let from = before
            .rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '(' | '‘'))
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let word = &before[from..];
        let owning = word.ends_with("'s")
            || word.ends_with("’s")
            || word.ends_with("s'")
            || word.ends_with("s’");
        if chunks.iter().any(|chunk| {
            (owning || chunk.naming != Naming::Reference)
                && from < chunk.at.end
                && chunk.at.start < before.len()
        }) {
            break;
        }
        let determiner = DETERMINERS.contains(&word)
            || word.ends_with("'s")
            || word.ends_with("’s")
            || word.ends_with("s'");
        let verb = word.ends_with("ed")
            && !words.inner.iter().any(|inner| inner == word)
            && !word.contains("related");
        let gerund = word.ends_with("ing")
            && word.len() > 5
            && !matches!(
                word,
                "pending"
                    | "existing"
                    | "remaining"
                    | "outstanding"
                    | "mining"
                    | "operating"
                    | "processing"
                    | "fishing"
                    | "banking"
                    | "building"
                    | "driving"
                    | "manufacturing"
                    | "parking"
                    | "planning"
                    | "logging"
                    | "refining"
                    | "smelting"
                    | "zoning"
                    | "gambling"
            );
        if (words.stops.iter().any(|stop| stop == word) || verb || gerund) && !determiner
            || word == "and"
            || word == "or"
        {
            break;
        }
        left.push(word);
        start = from;
        if determiner {
            break;
        }
    }
    let determiner = left.last().copied().unwrap_or_default();
    theme.pronoun = matches!(determiner, "its" | "their" | "his" | "her" | "our" | "whose");
    theme.negative = matches!(determiner, "no" | "any" | "neither" | "none");
    theme.article = match determiner {
        "a" | "an" | "another" | "any" | "one" => Article::Indefinite,
        "the" | "this" | "that" | "these" | "those" | "its" | "their" | "his" | "her" | "our"
        | "whose" | "both" => Article::Definite,
        _ => Article::Bare,
    };
    if theme.kind == ThemeKind::Stand {
        let stand = &low[theme.at.clone()];
        theme.article = if stand.starts_with("a ") || stand.starts_with("an ") {
            Article::Indefinite
        } else {
            Article::Definite
        };
        theme.pronoun = stand == "theirs";
    }
    let phrase = &low[start..theme.at.end];
    let modifiers = &low[start..theme.at.start];
    theme.license = kind_of(phrase, &words.general, &words.individual);
    if theme.kind == ThemeKind::Application {
        static ELSE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^ (?:to|for) (?:transfer|amend|change|meet|comment|information|interviews?|data|delay|documents|help|talks|a meeting|clarification|more time|details)\b").expect("a constant pattern")
        });
        // `a bid for a magnet plant`, `a request for payment`
        static FOR_WHAT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^ (?:for|to) ([^,.;:]{1,60})").expect("a constant pattern")
        });
        static RELEVANT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"licen|permi|export|ship|sell|deliver|send|suppl|import|bring|buy|procure|approv|clear|renew|exten|goods|\bits\b|their|customer|compan|firm|maker|\bone\b|\bboth\b|second|third|same|first|civil|\buse\b|end.us|\bmore\b|\bothers?\b|another|the ministry|mofcom|commerce|beijing|authorit").expect("a constant pattern")
        });
        let after = &low[theme.at.end..];
        let elsewhere = FOR_WHAT.captures(after).is_some_and(|captures| {
            let span = theme.at.end..theme.at.end + captures[0].len();
            let named = chunks
                .iter()
                .any(|chunk| chunk.naming == Naming::Named && span.contains(&chunk.at.start));
            let plant = captures[1].contains(" plant") || captures[1].contains(" project");
            !RELEVANT.is_match(&captures[1]) && !named && (plant || !GOODS.is_match(&captures[1]))
        });
        theme.other = elsewhere
            || ELSE.is_match(&low[theme.at.end..])
            || words.application_other.is_match(modifiers)
            || words.other.is_match(&modifiers.replace("brand-new", "new"));
    } else {
        theme.other = words.other.is_match(&modifiers.replace("brand-new", "new"));
    }
    let after = &low[theme.at.end..];
    let after = DUAL_USE.find(after).map_or(after, |m| &after[m.end()..]);
    // Goods may be named here too: `a licence for its magnet design software`.
    static PAPER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^ (?:for|to use|to|on|covering)(?: [\w'-]+){0,5}? (?:software|apps?|programs?|patents?|technology|technologies|know.how|trademarks?)\b").expect("a constant pattern")
    });
    // Whatever goods a patent is about: `a license by X for 23 patents on diffusion of terbium`.
    static PATENTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^ (?:from|by|to|under|for|of|on)(?: [\w.&'-]+){0,6}? (?:patents?|trademarks?)\b",
        )
        .expect("a constant pattern")
    });
    // `approval for a rare earth plant`
    static PROJECT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^ (?:for|to|of)(?: [\w'.-]+){0,6}? (?:plants?|projects?|mines?|expansion|facility|facilities|refiner(?:y|ies)|factor(?:y|ies)|mergers?|takeover|acquisition|listing|financing|loans?|grants?|bonds?|shares|stock|budgets?|buildings?|build|construct|acquire|merge|issue new|hydrometallurg\w+)\b").expect("a constant pattern")
    });
    static CONSIGNED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:export|ship|sell|send|deliver|suppl)").expect("a constant pattern")
    });
    // `its export license for our Slovak plant`: that is where the goods go.
    theme.other |= !modifiers.contains("export")
        && PROJECT.find(after).is_some_and(|m| !CONSIGNED.is_match(m.as_str()));
    theme.other |= words.other_after.find(after).is_some_and(|m| {
        // `its export license for our Slovak plant`: that is where the goods go.
        let place = modifiers.contains("export")
            && ["plant", "smelter", "refinery", "tore"]
                .iter()
                .any(|word| m.as_str().ends_with(word));
        !place && !super::ours::names_a_buyer(&after[m.end()..])
    }) && !GOODS.is_match(clause_head(after))
        || after.starts_with(" agreement")
        || PAPER.is_match(after)
        || PATENTS.is_match(after);
    static BRIEF: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^ (?:of a (?:temporary|provisional) (?:kind|sort|nature)|of limited duration|on a temporary basis|from [a-z]+ for a limited time)").expect("a constant pattern")
    });
    if BRIEF.is_match(after) && theme.license == LicenseType::Unspecified {
        theme.license = LicenseType::Individual;
    }
    static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?: (?:by|from) (?:china|beijing|the chinese [\w ]{2,20}?|chinese authorities))? (?:to|for)(?: \w+){0,2}? (?:import|importing|bring|buy|procure|purchase|source)\b",
        )
        .expect("a constant pattern")
    });
    let imports = modifiers.contains("import");
    theme.import = IMPORT.is_match(after) || imports;
    theme.owner = owner_before(start, low, chunks).or_else(|| {
        // `X's` may stand inside the phrase, before the adjectives.
        chunks.iter().position(|chunk| {
            chunk.at.end <= start
                && low[chunk.at.end..start].trim_start_matches(['\'', '’']).trim() == "s"
        })
    });
    let (owner, weak) = owner_after(theme.at.end, low, chunks);
    theme.owner = theme.owner.or(owner);
    theme.weak_owner = weak;
    theme.at.start = start;
}

/// The license's full name, whose `technologies` are no know-how.
static DUAL_USE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^ (?:for|of) dual.use items(?: and technologies)?(?: of the [\w' ]+?china\b)?")
        .expect("a constant pattern")
});

static GOODS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"rare.earth|magnet|dysprosium|terbium|yttrium|samarium|scandium|gadolinium|lutetium",
    )
    .expect("a constant pattern")
});

fn clause_head(after: &str) -> &str {
    let end = after.find([',', ';', '.']).unwrap_or(after.len());
    &after[..end]
}

const DETERMINERS: &[&str] = &[
    "the", "a", "an", "its", "their", "his", "her", "our", "no", "any", "this", "these", "those",
    "another", "some", "all", "each", "every", "whose", "both", "one", "neither", "certain",
    "several", "few",
];

pub(super) fn kind_of(phrase: &str, general: &Regex, individual: &Regex) -> LicenseType {
    match (general.is_match(phrase), individual.is_match(phrase)) {
        (true, false) => LicenseType::General,
        (false, true) => LicenseType::Individual,
        _ => LicenseType::Unspecified,
    }
}

/// The chunk whose `'s` stands right before the phrase.
fn owner_before(start: usize, low: &str, chunks: &[Chunk]) -> Option<usize> {
    chunks.iter().position(|chunk| {
        chunk.at.end <= start && {
            let between = &low[chunk.at.end..start];
            matches!(between, "'s " | "’s " | "' " | "’ ")
                || between == " " && low[..chunk.at.end].ends_with(['\'', '’'])
                || matches!(between, " " | "")
                    && (low[..chunk.at.end].ends_with("'s") || low[..chunk.at.end].ends_with("’s"))
        }
    })
}

/// The chunk that `of`, `from`, `held by` bind after the noun, and the one that `for` may bind.
fn owner_after(end: usize, low: &str, chunks: &[Chunk]) -> (Option<usize>, Option<usize>) {
    static BOND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?: certificates?)? (?:already )?(of(?: (?:the|its|both|all))?(?: [\w-]+){0,3} (?:holders|recipients),|of|from|held by|that (?:lets?|allow(?:s|ed)|enable[sd]?|permit(?:s|ted))|under which|belonging to|owned by|filed by|submitted by|lodged by|made by|(?:granted|issued|given|awarded)(?: in error| by mistake| earlier)? to|for|by)(?: (?:the|a|an|both|magnet|rare.earth|maker|producer|exporter|supplier|company|firm|chinese|[\w-]+.based|[\w-]+))*? $")
            .expect("a constant pattern")
    });
    let next = chunks
        .iter()
        .enumerate()
        .filter(|(_, chunk)| chunk.at.start >= end)
        .min_by_key(|(_, chunk)| chunk.at.start);
    let Some((i, chunk)) = next else { return (None, None) };
    let between = &low[end..chunk.at.start];
    if between.len() > 60 || between.split_whitespace().count() > 6 {
        return (None, None);
    }
    // `of a sales agent in X`: X owns nothing; a doubtful name needs its `'s`.
    static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^ (?:granted|issued|given|awarded)(?: in error| by mistake| earlier)? to\b")
            .expect("a constant pattern")
    });
    let past = GIVEN.find(between).map_or(0, |m| m.end());
    let past = between[..past].split_whitespace().count().max(1);
    let strays = !between.starts_with(" under which")
        && between.split_whitespace().skip(past).any(|word| {
            matches!(
                word,
                "in" | "at" | "to" | "with" | "on" | "that" | "which" | "where" | "than" | "near"
            )
        });
    if strays || chunk.doubtful {
        return (None, None);
    }
    match BOND.captures(between) {
        Some(captures) if captures[1] == *"for" => (None, Some(i)),
        Some(_) => (Some(i), None),
        None => (None, None),
    }
}

fn describe_chinese(theme: &mut Theme, low: &str, chunks: &[Chunk], rules: &Rules) {
    let Some(words) = rules.license(Tongue::Zh) else { return };
    let before = before_chars(&low[..theme.at.start], 9);
    let before = before
        .rsplit(['，', '。', '；', '：', ',', '与', '和', '及', '、', '或', '证'])
        .next()
        .unwrap_or_default();
    let phrase_start = theme.at.start - before.len();
    let phrase = &low[phrase_start..theme.at.end];
    theme.license = kind_of(phrase, &words.general, &words.individual);
    let near = before_chars(before, 6);
    // `《两用物项和技术出口许可证》` is what the license is called.
    let titled = low[..theme.at.start].ends_with("物项和技术");
    let issued = theme_issued(near);
    theme.other = words.other.is_match(near) && !near.ends_with("出口") && !titled && !issued
        || words.other_after.is_match(&low[theme.at.end..]);
    if theme.kind == ThemeKind::Application {
        let buys = ["从中国进口", "自中国进口", "从大陆进口", "自大陆进口"]
            .iter()
            .any(|words| low[..theme.at.start].contains(words));
        theme.other = words.application_other.is_match(near)
            || words.other.is_match(near) && !near.contains("出口") && !buys;
    }
    let none = ["没有任何", "没有一张", "并无", "无任何", "没有哪", "从无"]
        .iter()
        .any(|words| before.contains(words));
    theme.negative = none;
    let own = before.ends_with('其')
        || before.contains("其") && !before.contains("其他")
        || before.contains("本公司")
        || before.contains("我司");
    theme.pronoun = own;
    let head = &low[theme.at.clone()];
    theme.article = if own
        || head.starts_with(['该', '此', '旧', '原'])
        || before.ends_with("该")
        || before.ends_with("这张")
    {
        Article::Definite
    } else {
        Article::Bare
    };
    theme.owner = chunks.iter().position(|chunk| {
        chunk.at.end <= theme.at.start && {
            let between = &low[chunk.at.end..theme.at.start];
            between.chars().count() <= 14
                && !between.contains(['，', '、', '；', '。', '：'])
                && bound_zh(between)
        }
    });
}

/// `中国颁发的进口`: a license of the exporter's country, seen from the buyer's.
fn theme_issued(near: &str) -> bool {
    ["发的进口", "准的进口"].iter().any(|words| near.ends_with(words))
}

/// Between a firm and its license: `的通用`, `所持`, nothing; never a verb.
fn bound_zh(between: &str) -> bool {
    static BOND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:公司|集团|股份)?(?:[(（][^)）]*[)）])?(?:的|持有的|所持的?|所持有的|名下的?|递交的|提交的|提出的)?(?:一张|一份|首张|另一张|这张|那张|两张)?(?:[钇钆镝铽钐钪镥、和与及氧化物粉磁体磁铁产品含稀土合金钕铁硼]{0,12}的?)?(?:通用|一般|单项|出口|稀土|磁材|续期|临时|相关|新|旧|原|半年期|此类|上述|该|六个月|个别)*$")
            .expect("a constant pattern")
    });
    BOND.is_match(between)
}

fn describe_ukrainian(theme: &mut Theme, low: &str, chunks: &[Chunk], rules: &Rules) {
    let Some(words) = rules.license(Tongue::Uk) else { return };
    let before: Vec<&str> = low[..theme.at.start].split_whitespace().rev().take(4).collect();
    let mut start = theme.at.start;
    let mut phrase = String::new();
    for word in &before {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if word.ends_with([',', '.', ';', ':']) || bare.chars().count() < 3 {
            break;
        }
        let adjective = [
            "ну",
            "на",
            "ні",
            "них",
            "ної",
            "ною",
            "ний",
            "ний",
            "ого",
            "ому",
            "ську",
            "ська",
            "ські",
            "ської",
            "ового",
            "ову",
            "ова",
            "ве",
            "ові",
            "ових",
            "ний",
            "їй",
            "її",
            "цю",
            "ця",
            "свою",
        ]
        .iter()
        .any(|tail| bare.ends_with(tail));
        if !adjective {
            break;
        }
        if let Some(at) = low[..start].rfind(bare) {
            start = at;
        }
        phrase.push_str(bare);
        phrase.push(' ');
    }
    theme.license = kind_of(&phrase, &words.general, &words.individual);
    theme.other = words.other.is_match(&phrase) || words.other_after.is_match(&low[theme.at.end..]);
    if theme.kind == ThemeKind::Application {
        theme.other |= words.application_other.is_match(&phrase);
    }
    theme.pronoun = phrase.contains("її")
        || phrase.contains("свою")
        || low[..start].ends_with("її ")
        || low[..start].ends_with("їхні ")
        || low[..start].ends_with("його ");
    if theme.pronoun
        || ["цю", "ця", "перш", "нову", "нова", "новий"].iter().any(|word| phrase.contains(word))
        || low[..start].ends_with("перший ")
        || low[..start].ends_with("новий ")
    {
        theme.article = Article::Definite;
    }
    theme.negative =
        low[..start].trim_end().ends_with("жодної") || low[..start].trim_end().ends_with("жодну");
    static BOND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^ (?:(?:від|для|на експорт|рідкісноземельних|магнітів|металів|компанії|компаній|компанією|фірми|виробника|виробникові|виробнику|постачальника|експортера|підприємства|групи|китайської|китайського|заводу|на вивезення)\s*)*[«“]?$")
            .expect("a constant pattern")
    });
    theme.owner = chunks.iter().position(|chunk| {
        chunk.at.start >= theme.at.end && BOND.is_match(&low[theme.at.end..chunk.at.start])
    });
    theme.at.start = start;
}
