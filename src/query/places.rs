//! Places by their names in English, Chinese and Ukrainian, for a query that says where.
//!
//! A region's name stands for its people and goods as well (`Japanese`). Europe
//! is what its union is called, and a text that names a country of it is about
//! Europe too; a text about Europe is about none of them in particular.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::lexicon;

/// Id and names. Names in capitals are told from words by their capitals; `*` stands for any ending.
const PLACES: &[(&str, &[&str])] = &[
    (
        "eu",
        &[
            "europe",
            "european",
            "europeans",
            "eu",
            "EU",
            "欧洲",
            "欧盟",
            "欧方",
            "європа",
            "європи",
            "європі",
            "європу",
            "європою",
            "європейськ*",
            "єс",
        ],
    ),
    (
        "us",
        &[
            "united states",
            "america",
            "american",
            "US",
            "U.S",
            "U.S.",
            "USA",
            "美国",
            "美方",
            "сша",
            "америк*",
        ],
    ),
    ("china", &["china", "chinese", "PRC", "中国", "中方", "китай*", "китаю", "китаї", "китаєм"]),
    ("japan", &["japan", "japanese", "日本", "日方", "япон*"]),
    (
        "south-korea",
        &[
            "south korea",
            "south korean",
            "korea",
            "korean",
            "韩国",
            "корея",
            "кореї",
            "корею",
            "корейськ*",
        ],
    ),
    ("india", &["india", "indian", "印度", "індія", "індії", "індійськ*"]),
    ("germany", &["germany", "german", "德国", "німеч*", "німецьк*"]),
    ("france", &["france", "french", "法国", "франці*", "французьк*"]),
    (
        "uk",
        &[
            "united kingdom",
            "britain",
            "british",
            "UK",
            "U.K",
            "U.K.",
            "英国",
            "британі*",
            "британськ*",
        ],
    ),
    ("australia", &["australia", "australian", "澳大利亚", "澳洲", "австралі*"]),
    ("canada", &["canada", "canadian", "加拿大", "канад*"]),
    ("brazil", &["brazil", "brazilian", "巴西", "бразил*"]),
    ("vietnam", &["vietnam", "vietnamese", "越南", "в'єтнам*"]),
    ("myanmar", &["myanmar", "burma", "burmese", "缅甸", "м'янм*"]),
    ("malaysia", &["malaysia", "malaysian", "马来西亚", "малайзі*"]),
    ("indonesia", &["indonesia", "indonesian", "印度尼西亚", "印尼", "індонезі*"]),
    ("thailand", &["thailand", "thai", "泰国", "таїланд*"]),
    ("taiwan", &["taiwan", "taiwanese", "台湾", "тайван*"]),
    ("russia", &["russia", "russian", "俄罗斯", "росія", "росії", "росію", "росією", "російськ*"]),
    ("ukraine", &["ukraine", "ukrainian", "乌克兰", "україн*"]),
    ("kazakhstan", &["kazakhstan", "哈萨克斯坦", "казахстан*"]),
    ("greenland", &["greenland", "格陵兰", "гренланді*"]),
    ("estonia", &["estonia", "estonian", "爱沙尼亚", "естоні*"]),
    ("netherlands", &["netherlands", "dutch", "荷兰", "нідерланд*"]),
    ("sweden", &["sweden", "swedish", "瑞典", "швеці*", "шведськ*"]),
    ("norway", &["norway", "norwegian", "挪威", "норвегі*", "норвезьк*"]),
    ("poland", &["poland", "波兰", "польщ*", "польськ*"]),
    ("italy", &["italy", "italian", "意大利", "італі*"]),
    ("spain", &["spain", "spanish", "西班牙", "іспані*"]),
    ("belgium", &["belgium", "belgian", "比利时", "бельгі*"]),
    ("austria", &["austria", "austrian", "奥地利", "австрі*"]),
    ("czechia", &["czech republic", "czechia", "捷克", "чехі*"]),
    ("slovenia", &["slovenia", "slovenian", "斯洛文尼亚", "словені*"]),
    ("hungary", &["hungary", "hungarian", "匈牙利", "угорщ*"]),
    ("finland", &["finland", "finnish", "芬兰", "фінлянді*"]),
    ("denmark", &["denmark", "danish", "丹麦", "данія", "данії", "данію", "данськ*"]),
    ("switzerland", &["switzerland", "swiss", "瑞士", "швейцарі*"]),
    ("saudi-arabia", &["saudi arabia", "saudi", "沙特", "саудівськ*"]),
    ("africa", &["africa", "african", "非洲", "африк*"]),
];

/// Regions, and the countries whose buyers are theirs.
const REGIONS: &[(&str, &[&str])] = &[(
    "eu",
    &[
        "germany",
        "france",
        "uk",
        "estonia",
        "netherlands",
        "sweden",
        "norway",
        "poland",
        "italy",
        "spain",
        "belgium",
        "austria",
        "czechia",
        "slovenia",
        "hungary",
        "finland",
        "denmark",
        "switzerland",
    ],
)];

struct Finder {
    search: AhoCorasick,
    /// What each name stands for, and whether it must end where a word ends.
    ids: Vec<(&'static str, bool)>,
}

impl Finder {
    /// Of names in capitals, or of the others, folded.
    fn of(capitals: bool) -> Option<Self> {
        let all = PLACES.iter().flat_map(|(id, names)| names.iter().map(move |n| (*id, *n)));
        let (ids, names): (Vec<_>, Vec<_>) = all
            .filter(|(_, name)| is_capital(name) == capitals)
            .map(|(id, name)| ((id, !name.ends_with('*')), name.trim_end_matches('*')))
            .unzip();
        let search = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names);
        search.ok().map(|search| Self { search, ids })
    }

    fn find(&self, text: &str, found: &mut Vec<&'static str>) {
        for hit in self.search.find_iter(text) {
            let dense = text[hit.range()].chars().any(crate::text::is_han);
            let joins = |c: char| c.is_alphanumeric() && !crate::text::is_han(c);
            let (id, whole) = self.ids[hit.pattern().as_usize()];
            let joined = text[..hit.start()].ends_with(joins)
                || whole && text[hit.end()..].starts_with(joins);
            if (dense || !joined) && !found.contains(&id) {
                found.push(id);
            }
        }
    }
}

static FOLDED: LazyLock<Option<Finder>> = LazyLock::new(|| Finder::of(false));
static CAPITAL: LazyLock<Option<Finder>> = LazyLock::new(|| Finder::of(true));

/// Whether a folded text is this name.
fn is_name(known: &str, folded: &str) -> bool {
    match known.strip_suffix('*') {
        Some(stem) => folded.starts_with(stem) && !folded.contains(' '),
        None => known == folded,
    }
}

fn is_capital(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The places a text names, by id, and the regions they lie in.
pub(super) fn places(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    if let (Some(folded), Some(capital)) = (&*FOLDED, &*CAPITAL) {
        folded.find(&lexicon::fold(text), &mut found);
        capital.find(text, &mut found);
    }
    for (region, within) in REGIONS {
        if !found.contains(region) && found.iter().any(|place| within.contains(place)) {
            found.push(region);
        }
    }
    found
}

/// Whether one place is the other or lies in it.
fn lies_in(id: &str, region: &str) -> bool {
    let within = REGIONS.iter().find(|(known, _)| *known == region);
    id == region || within.is_some_and(|(_, within)| within.contains(&id))
}

/// The place that is called just so, or has this id.
pub(super) fn place(name: &str) -> Option<&'static str> {
    let folded = lexicon::fold(name);
    let is = |(id, names): &&(&'static str, &[&str])| {
        folded == id.replace('-', " ")
            || names.iter().any(|known| {
                if is_capital(known) { *known == name } else { is_name(known, &folded) }
            })
    };
    // `us` is a pronoun unless it is written as the country is.
    if name.eq_ignore_ascii_case("us") && name != "US" {
        return None;
    }
    PLACES.iter().find(is).map(|(id, _)| *id)
}

/// Whether a word, or two, are a name of this place, or of one in it, as texts write it.
pub(super) fn is_called(id: &str, text: &str) -> bool {
    // English writes places with a capital; most words need no closer look.
    if text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return false;
    }
    let folded = lexicon::fold(text);
    let mut names = PLACES.iter().filter(|(known, _)| lies_in(known, id)).flat_map(|(_, n)| *n);
    names.any(|name| if is_capital(name) { *name == text } else { is_name(name, &folded) })
}

/// The place with this id.
pub(super) fn by_id(id: &str) -> Option<&'static str> {
    PLACES.iter().find(|(known, _)| *known == id).map(|(id, _)| *id)
}

/// Where the first Chinese name of a place stands in a text without spaces.
pub(super) fn within(text: &str) -> Option<(std::ops::Range<usize>, &'static str)> {
    let finder = FOLDED.as_ref()?;
    let mut hits = finder.search.find_iter(text);
    let hit = hits.find(|hit| text[hit.range()].chars().all(crate::text::is_han))?;
    Some((hit.range(), finder.ids[hit.pattern().as_usize()].0))
}
