//! Words of the field that say the same in English, Chinese and Ukrainian.
//!
//! Whoever looks for one of them finds all of them; in quotes a word is only
//! itself. Names (elements, firms, places) are not here: they are told apart
//! before words are. It knows words, never what a text says of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::query::words;

/// Words of one meaning a row. Latin and Cyrillic ones stand for all their forms.
const KIN: &[&[&str]] = &[
    // Licenses and controls.
    &["license", "permit", "许可", "许可证", "牌照", "ліцензія", "дозвіл"],
    &[
        "general license",
        "general export license",
        "通用许可",
        "通用许可证",
        "通用出口许可",
        "通用出口许可证",
        "一般许可证",
        "генеральна ліцензія",
    ],
    &["export", "出口", "експорт", "експортний"],
    &["import", "进口", "імпорт", "імпортний"],
    &["control", "curb", "管制", "管控", "контроль"],
    &["restriction", "限制", "обмеження"],
    &["ban", "prohibition", "禁令", "禁止", "заборона"],
    &["quota", "配额", "指标", "квота"],
    &["dual use", "两用物项", "军民两用", "подвійного призначення"],
    &["entity list", "实体清单"],
    &["control list", "管控名单"],
    &["approval", "批准", "审批", "获批", "схвалення"],
    &["suspension", "suspend", "暂停", "призупинення"],
    &["announcement", "公告", "оголошення"],
    &["smuggling", "走私", "контрабанда"],
    &["sanction", "制裁", "санкція"],
    &["tariff", "关税", "тариф", "мито"],
    &["talks", "negotiation", "谈判", "磋商", "会谈", "переговори"],
    &["stockpile", "收储", "储备"],
    // Goods.
    &["rare earth", "稀土", "рідкісноземельний"],
    &["heavy rare earth", "重稀土", "важкі рідкісноземельні"],
    &["light rare earth", "轻稀土"],
    &["critical mineral", "critical raw material", "关键矿产", "критичні мінерали"],
    &[
        "magnet",
        "permanent magnet",
        "永磁",
        "磁体",
        "磁材",
        "磁铁",
        "磁钢",
        "磁性材料",
        "永磁材料",
        "永磁体",
        "магніт",
    ],
    &["oxide", "氧化物", "оксид"],
    &["metal", "金属", "метал"],
    &["alloy", "合金", "сплав"],
    &["ore", "矿石", "руда"],
    &["concentrate", "精矿", "концентрат"],
    &["motor", "电机", "двигун"],
    &["electric vehicle", "电动汽车", "新能源汽车", "електромобіль"],
    &["semiconductor", "半导体", "напівпровідник"],
    // Making them.
    &["mining", "采矿", "开采", "видобуток"],
    &["deposit", "矿床", "родовище"],
    &["refining", "refinery", "冶炼", "精炼"],
    &["separation", "分离", "розділення"],
    &["recycling", "回收", "переробка"],
    &["production", "output", "生产", "产量", "виробництво"],
    &["capacity", "产能", "потужність"],
    &["factory", "工厂", "завод"],
    &["technology", "技术", "технологія"],
    &["patent", "专利", "патент"],
    &["tailings", "尾矿"],
    // Trade.
    &["price", "价格", "报价", "均价", "ціна"],
    &["supply", "供应", "供给", "постачання"],
    &["supply chain", "供应链", "ланцюг постачання"],
    &["demand", "需求", "попит"],
    &["shortage", "短缺", "紧缺", "дефіцит", "нестача"],
    &["delay", "延误", "推迟", "затримка"],
    &["order", "订单", "замовлення"],
    &["investment", "投资", "інвестиція"],
    &["subsidy", "补贴", "субсидія"],
    &["acquisition", "收购"],
    &["earnings", "results", "业绩"],
    &["profit", "利润", "净利润", "прибуток"],
    &["revenue", "营收", "营业收入"],
    &["market", "市场", "ринок"],
    &["defense", "国防", "军工", "оборона"],
];

/// Rows by a spelling's key.
static ROWS: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let all = KIN.iter().enumerate().flat_map(|(i, row)| row.iter().map(move |word| (i, *word)));
    all.map(|(i, word)| (key(word), i)).collect()
});

/// Characters of the longest Chinese word above.
const LONGEST_DENSE: usize = 7;

/// A word of several scripts: what a text must hold to hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kin {
    /// Any of these, the word itself first.
    pub(crate) any: Vec<String>,
    /// Or of each of these any: the parts of a word that is put together, such as `出口许可证`.
    pub(crate) apart: Vec<Vec<String>>,
}

/// What says the same as a word of a query.
pub(crate) fn kin(word: &str) -> Kin {
    let any = std::iter::once(word.to_owned());
    if let Some(row) = row(word) {
        let own = key(word);
        let others = KIN[row].iter().filter(|other| key(other) != own);
        return Kin { any: any.chain(others.map(|o| (*o).to_owned())).collect(), apart: vec![] };
    }
    let parts = parts(word).filter(|parts| parts.len() > 1).unwrap_or_default();
    let spelled = |row: usize| KIN[row].iter().map(|word| (*word).to_owned()).collect();
    Kin { any: any.collect(), apart: parts.into_iter().map(spelled).collect() }
}

/// Whether it is one of these words, or several that are one of them together.
pub(crate) fn is_known(word: &str) -> bool {
    row(word).is_some()
}

/// All of them, words of one meaning a row.
#[must_use]
pub fn rows() -> &'static [&'static [&'static str]] {
    KIN
}

/// The same for all forms of a word: stems, and Chinese as it stands.
#[must_use]
pub fn key(word: &str) -> String {
    if word.chars().all(words::is_dense) {
        return word.to_owned();
    }
    let stems: Vec<String> = words::words(word).into_iter().map(|word| word.text).collect();
    stems.join(" ")
}

/// All of them in Latin letters.
pub(crate) fn latin() -> impl Iterator<Item = &'static str> {
    KIN.iter().flat_map(|row| row.iter().copied()).filter(|word| word.is_ascii())
}

fn row(word: &str) -> Option<usize> {
    ROWS.get(&key(word)).copied()
}

/// The rows of which a Chinese word is put together, if it is so from its first character to its
/// last; a `的` between them counts for nothing.
fn parts(word: &str) -> Option<Vec<usize>> {
    let dense = !word.is_empty() && word.chars().all(words::is_dense);
    if !dense {
        return word.is_empty().then(Vec::new);
    }
    if let Some(rest) = word.strip_prefix('的') {
        return parts(rest);
    }
    let ends: Vec<usize> =
        word.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST_DENSE).collect();
    ends.into_iter().rev().find_map(|end| {
        let row = ROWS.get(&word[..end])?;
        let mut all = parts(&word[end..])?;
        all.insert(0, *row);
        Some(all)
    })
}
