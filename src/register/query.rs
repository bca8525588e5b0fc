//! What somebody asks the register for, in one line, in any script: filters that all must hold.
//!
//! Words are read against the lexicon, a small list of places and the rows
//! themselves. A word that means nothing here is said back, never ignored.

use crate::lexicon::{Lexicon, fold};
use crate::model::article::{CompanyId, Element};
use crate::model::license::{LicenseType, PartialDate, Role};
use crate::register::fold::Register;
use crate::register::row::{Row, State, last_day};
use crate::text;

/// Filters, all of which must hold; within one kind any may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Holders, or buyers that a row names.
    pub companies: Vec<CompanyId>,
    /// Names of provisional holders, folded.
    pub names: Vec<String>,
    /// Elements.
    pub elements: Vec<Element>,
    /// Types.
    pub types: Vec<LicenseType>,
    /// States.
    pub states: Vec<State>,
    /// Goods, folded.
    pub items: Vec<String>,
    /// Places, in English short form.
    pub destinations: Vec<String>,
    /// Only rows whose term ends within 60 days or is over.
    pub due: bool,
    /// Only unnamed holders.
    pub unnamed: bool,
    /// Only end users.
    pub end_users: bool,
    /// Only rows with a statement since then.
    pub since: Option<PartialDate>,
}

/// Words that mean nothing to the register.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "I know no {} here. Possible are a holder (JL Mag, 金力永磁, 300748), an element (dysprosium, Dy, 镝), a type \
     (general, individual), a state (granted, official, confirmed, reported, disputed, due, applied, pending, refused, \
     revoked, suspended, expired, renewed), a place (Europe, 日本), a customer (Ford), unnamed, end users, or since 2025-12",
    quoted(.0)
)]
pub struct UnknownWords(pub Vec<String>);

fn quoted(words: &[String]) -> String {
    let short: Vec<String> = words
        .iter()
        .take(3)
        .map(|word| format!("“{}”", text::cut(&text::one_line(word), 40)))
        .collect();
    short.join(", ")
}

/// Words for types.
const TYPES: [(&str, LicenseType); 18] = [
    ("general", LicenseType::General),
    ("general license", LicenseType::General),
    ("general licence", LicenseType::General),
    ("通用", LicenseType::General),
    ("通用许可", LicenseType::General),
    ("通用许可证", LicenseType::General),
    ("一般许可", LicenseType::General),
    ("individual", LicenseType::Individual),
    ("single", LicenseType::Individual),
    ("单项", LicenseType::Individual),
    ("单项许可", LicenseType::Individual),
    ("单项许可证", LicenseType::Individual),
    ("генеральна", LicenseType::General),
    ("загальна", LicenseType::General),
    ("індивідуальна", LicenseType::Individual),
    ("unspecified", LicenseType::Unspecified),
    ("type not said", LicenseType::Unspecified),
    ("untyped", LicenseType::Unspecified),
];

/// Words for states.
const STATES: [(&str, &[State]); 35] = [
    ("granted", HELD),
    ("held", HELD),
    ("active", HELD),
    ("获批", HELD),
    ("已获批", HELD),
    ("reported", &[State::Reported]),
    ("rumored", &[State::Rumored]),
    ("rumoured", &[State::Rumored]),
    ("official", &[State::Official]),
    ("官方", &[State::Official]),
    ("confirmed", &[State::CompanyConfirmed, State::CustomerConfirmed, State::Official]),
    ("company confirmed", &[State::CompanyConfirmed]),
    ("customer confirmed", &[State::CustomerConfirmed]),
    ("disputed", &[State::Disputed]),
    ("contradicted", &[State::Disputed]),
    ("denied", &[State::Disputed]),
    ("争议", &[State::Disputed]),
    ("past due", &[State::PastDue]),
    ("overdue", &[State::PastDue]),
    ("逾期", &[State::PastDue]),
    ("expired", &[State::Expired]),
    ("失效", &[State::Expired]),
    ("renewed", &[State::Renewed]),
    ("续期", &[State::Renewed]),
    ("suspended", &[State::Suspended]),
    ("暂停", &[State::Suspended]),
    ("revoked", &[State::Revoked]),
    ("吊销", &[State::Revoked]),
    ("refused", &[State::Refused]),
    ("拒绝", &[State::Refused]),
    ("applied", &[State::Applied]),
    ("申请", &[State::Applied]),
    ("已申请", &[State::Applied]),
    ("pending", &[State::Pending]),
    ("待批", &[State::Pending]),
];

const HELD: &[State] = &[
    State::Rumored,
    State::Reported,
    State::CustomerConfirmed,
    State::CompanyConfirmed,
    State::Official,
    State::Due,
    State::PastDue,
    State::Renewed,
];

/// Places in English short form, with other names.
const PLACES: [(&str, &[&str]); 39] = [
    ("US", &["us", "usa", "u.s.", "united states", "america", "american", "美国", "сша"]),
    ("Europe", &["europe", "european", "欧洲", "європа"]),
    ("EU", &["eu", "european union", "欧盟", "єс"]),
    ("Germany", &["germany", "german", "德国", "німеччина"]),
    ("France", &["france", "french", "法国", "франція"]),
    ("UK", &["uk", "united kingdom", "britain", "british", "英国", "британія"]),
    ("Japan", &["japan", "japanese", "日本", "японія"]),
    ("South Korea", &["south korea", "korea", "korean", "韩国", "南韩", "корея"]),
    ("India", &["india", "indian", "印度", "індія"]),
    ("Vietnam", &["vietnam", "viet nam", "越南", "вєтнам", "в єтнам"]),
    ("Southeast Asia", &["southeast asia", "south east asia", "se asia", "东南亚"]),
    ("Malaysia", &["malaysia", "马来西亚", "малайзія"]),
    ("Thailand", &["thailand", "泰国", "таїланд"]),
    ("Indonesia", &["indonesia", "印尼", "印度尼西亚", "індонезія"]),
    ("Philippines", &["philippines", "菲律宾"]),
    ("Singapore", &["singapore", "新加坡"]),
    ("Taiwan", &["taiwan", "台湾"]),
    ("Canada", &["canada", "canadian", "加拿大", "канада"]),
    ("Australia", &["australia", "澳大利亚", "澳洲", "австралія"]),
    ("Mexico", &["mexico", "墨西哥", "мексика"]),
    ("Brazil", &["brazil", "巴西", "бразилія"]),
    ("Turkey", &["turkey", "türkiye", "turkiye", "土耳其", "туреччина"]),
    ("Israel", &["israel", "以色列", "ізраїль"]),
    ("Russia", &["russia", "俄罗斯", "росія"]),
    ("Ukraine", &["ukraine", "乌克兰", "україна"]),
    ("Norway", &["norway", "挪威", "норвегія"]),
    ("Switzerland", &["switzerland", "瑞士", "швейцарія"]),
    ("Netherlands", &["netherlands", "dutch", "荷兰", "нідерланди"]),
    ("Italy", &["italy", "italian", "意大利", "义大利", "італія"]),
    ("Spain", &["spain", "西班牙", "іспанія"]),
    ("Poland", &["poland", "波兰", "польща"]),
    ("Czech Republic", &["czech republic", "czechia", "捷克", "чехія"]),
    ("Hungary", &["hungary", "匈牙利", "угорщина"]),
    ("Austria", &["austria", "奥地利", "австрія"]),
    ("Sweden", &["sweden", "瑞典", "швеція"]),
    ("Finland", &["finland", "芬兰", "фінляндія"]),
    ("Denmark", &["denmark", "丹麦", "данія"]),
    ("Estonia", &["estonia", "爱沙尼亚", "естонія"]),
    ("Slovenia", &["slovenia", "斯洛文尼亚", "словенія"]),
];

/// The union's members among them.
const MEMBERS: &[&str] = &[
    "Germany",
    "France",
    "Netherlands",
    "Italy",
    "Spain",
    "Poland",
    "Czech Republic",
    "Hungary",
    "Austria",
    "Sweden",
    "Finland",
    "Denmark",
    "Estonia",
    "Slovenia",
];

/// Regions and what lies in them, so that asking for one finds the other.
const REGIONS: [(&str, &[&str]); 4] = [
    ("Europe", &["EU", "UK", "Norway", "Switzerland"]),
    ("Europe", MEMBERS),
    ("EU", MEMBERS),
    (
        "Southeast Asia",
        &["Vietnam", "Malaysia", "Thailand", "Indonesia", "Philippines", "Singapore"],
    ),
];

/// Words that carry no wish.
const FILLERS: [&str; 16] = [
    "license",
    "licenses",
    "licence",
    "licences",
    "for",
    "to",
    "in",
    "of",
    "and",
    "with",
    "the",
    "holder",
    "customer",
    "许可证",
    "许可",
    "all",
];

impl Filter {
    /// Reads a line; empty gives a filter that takes everything.
    ///
    /// # Errors
    ///
    /// With the words that mean nothing here.
    pub fn read(line: &str, lexicon: &Lexicon, register: &Register) -> Result<Self, UnknownWords> {
        let mut filter = Self::default();
        let folded = fold(&filter.without_since(line));
        let words: Vec<&str> = folded
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、' | '；'))
            .filter(|word| !word.is_empty())
            .collect();
        let mut unknown = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let taken = (1..=words.len() - at)
                .rev()
                .find(|n| filter.take(&words[at..at + n].join(" "), lexicon, register));
            if taken.is_none() && !filter.take_joined(words[at], lexicon, register) {
                unknown.push(words[at].to_owned());
            }
            at += taken.unwrap_or(1);
        }
        if unknown.is_empty() { Ok(filter) } else { Err(UnknownWords(unknown)) }
    }

    /// Takes `since 2025-12` out of a line, before folding makes blanks of its hyphens.
    fn without_since(&mut self, line: &str) -> String {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        let dated = words.iter().enumerate().find_map(|(at, word)| match *word {
            word if is_since(word) => {
                // As many words as make a date, two at most.
                let date =
                    |n: usize| words.get(at + 1..=at + n).and_then(|said| date(&said.join(" ")));
                [2, 1].into_iter().find_map(|n| Some((at, n + 1, date(n)?)))
            }
            // Chinese leaves no space: 自2025年12月以来.
            word => Some((at, 1, date(word.strip_prefix('自')?)?)),
        });
        if let Some((at, taken, since)) = dated {
            self.since = Some(since);
            words.drain(at..at + taken);
        }
        // Folded, the union and europium's symbol would be one word.
        let told_apart = words.into_iter().map(|word| {
            if word.eq_ignore_ascii_case("eu") && word != "Eu" { "european union" } else { word }
        });
        told_apart.collect::<Vec<_>>().join(" ")
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes a phrase if it means something.
    fn take(&mut self, phrase: &str, lexicon: &Lexicon, register: &Register) -> bool {
        if FILLERS.contains(&phrase) {
            return true;
        }
        match phrase {
            "due" | "到期" | "即将到期" => self.due = true,
            "unnamed" | "未具名" => self.unnamed = true,
            "end user" | "end users" | "customers" | "最终用户" => self.end_users = true,
            _ => return self.take_name(phrase, lexicon, register),
        }
        true
    }

    fn take_name(&mut self, phrase: &str, lexicon: &Lexicon, register: &Register) -> bool {
        if let Some((_, kind)) = TYPES.iter().find(|(word, _)| *word == phrase) {
            self.types.push(*kind);
        } else if let Some((_, states)) = STATES.iter().find(|(word, _)| *word == phrase) {
            self.states.extend_from_slice(states);
        } else if let Some(element) = lexicon.find_element(phrase) {
            self.elements.push(Element(element.symbol.clone()));
        } else if let Some(company) = lexicon.find_company(phrase) {
            self.companies.push(company.id.clone());
        } else if let Some(place) = place(phrase) {
            self.destinations.push(place.to_owned());
        } else if let Some(id) = holder_like(phrase, lexicon, register) {
            self.companies.push(id);
        } else if is_customer(phrase, register) {
            self.names.push(phrase.to_owned());
        } else if register.rows.iter().any(|row| has_item(row, phrase)) {
            self.items.push(phrase.to_owned());
        } else {
            return false;
        }
        true
    }

    /// Takes a word without spaces in which several names stand one after another.
    fn take_joined(&mut self, word: &str, lexicon: &Lexicon, register: &Register) -> bool {
        if !word.chars().any(text::is_han) {
            return false;
        }
        let mut read = self.clone();
        let mut rest = word;
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(i, c)| i + c.len_utf8()).rev();
            let Some(end) =
                ends.into_iter().find(|end| read.take(&rest[..*end], lexicon, register))
            else {
                return false;
            };
            rest = &rest[end..];
        }
        *self = read;
        true
    }

    /// Whether a row is asked for. Elements are asked of what claims name; see `may_cover`.
    #[must_use]
    pub fn takes(&self, row: &Row, lexicon: &Lexicon) -> bool {
        self.takes_but_elements(row, lexicon) && self.takes_elements(row)
    }

    /// Whether a row is asked for but for its elements, which no claim names.
    #[must_use]
    pub fn may_cover(&self, row: &Row, lexicon: &Lexicon) -> bool {
        !self.elements.is_empty()
            && row.scope.elements.is_empty()
            && self.takes_but_elements(row, lexicon)
    }

    fn takes_elements(&self, row: &Row) -> bool {
        self.elements.is_empty() || self.elements.iter().any(|e| row.scope.elements.contains(e))
    }

    fn takes_but_elements(&self, row: &Row, lexicon: &Lexicon) -> bool {
        let any = |empty: bool, holds: bool| empty || holds;
        any(self.companies.is_empty() && self.names.is_empty(), self.takes_who(row, lexicon))
            && any(self.types.is_empty(), self.types.contains(&row.license_type))
            && any(self.states.is_empty(), self.states.contains(&row.state))
            && any(self.destinations.is_empty(), self.takes_place(row))
            && any(self.items.is_empty(), self.items.iter().any(|item| has_item(row, item)))
            && any(!self.due, matches!(row.state, State::Due | State::PastDue))
            && any(!self.unnamed, row.holder.is_none())
            && any(!self.end_users, row.role == Role::EndUser)
            && self.since.is_none_or(|since| {
                row.newest().is_some_and(|newest| newest >= since.first_day())
                    || last_day(row.since) >= since.first_day()
            })
    }

    fn takes_who(&self, row: &Row, lexicon: &Lexicon) -> bool {
        let is_customer = |id: &CompanyId| {
            row.scope.customers.iter().any(|customer| {
                lexicon.find_company(customer).is_some_and(|company| company.id == *id)
            })
        };
        self.companies.iter().any(|id| row.holder.as_ref() == Some(id) || is_customer(id))
            || self
                .names
                .iter()
                .any(|name| row.scope.customers.iter().any(|customer| fold(customer) == *name))
    }

    fn takes_place(&self, row: &Row) -> bool {
        let named: Vec<&str> = row
            .scope
            .destinations
            .iter()
            .map(|named| place(&fold(named)).unwrap_or(named))
            .collect();
        let described = if row.holder.is_none() { fold(&row.name) } else { String::new() };
        self.destinations.iter().any(|asked| {
            let meets =
                |named: &str| named == asked || lies_in(named, asked) || lies_in(asked, named);
            named.iter().any(|named| meets(named))
                || described.split_whitespace().any(|word| word == fold(asked))
        })
    }
}

/// Whether two places, as claims name them, are one or lie one in the other.
pub(super) fn same_place(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let (one, other) = (place(&one).unwrap_or(&one), place(&other).unwrap_or(&other));
    one == other || lies_in(one, other) || lies_in(other, one)
}

/// Whether a place lies in a region.
fn lies_in(place: &str, region: &str) -> bool {
    REGIONS.iter().any(|(name, places)| *name == region && places.contains(&place))
}

fn is_since(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "since" | "from" | "自" | "з" | "від")
}

/// A day, a month or a year as somebody types it: `2025-12-02`, `2025-12`, `2025`, `Dec 2025`, `2025年12月`.
fn date(text: &str) -> Option<PartialDate> {
    let text = text.trim_end_matches("以来").trim_end_matches(['起', '以', '後', '后', '月', '日']);
    let text = text.trim_end_matches('年').replace(['年', '月'], "-");
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let number = |text: &str| text.parse::<u32>().ok();
    let parts: Vec<&str> = text.split([' ', '-', ',']).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts[..] {
        [year] => (year, 1, None),
        [month, year] if month.chars().all(char::is_alphabetic) => {
            let begins = |name: &&str| {
                let month = month.to_lowercase();
                month.len() >= 3 && name.starts_with(&month)
            };
            let at = text::MONTHS.iter().position(begins)?;
            (year, u32::try_from(at).ok()? + 1, None)
        }
        [year, month] => (year, number(month)?, None),
        [year, month, day] => (year, number(month)?, Some(number(day)?)),
        _ => return None,
    };
    let year = year.parse().ok().filter(|year| (2000..2100).contains(year))?;
    match day {
        Some(day) => chrono::NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::Day),
        None => (1..=12).contains(&month).then_some(PartialDate::Month(year, month)),
    }
}

fn place(phrase: &str) -> Option<&'static str> {
    PLACES.iter().find(|(_, names)| names.contains(&phrase)).map(|(place, _)| *place)
}

/// A firm that a phrase means without being a full name: a provisional name, an id, or the
/// beginning of the names of one firm only, whether the register has it or not.
fn holder_like(phrase: &str, lexicon: &Lexicon, register: &Register) -> Option<CompanyId> {
    let holders = register.rows.iter().filter_map(|row| Some((row.holder.as_ref()?, &row.name)));
    let exact =
        |(id, name): &(&CompanyId, &String)| fold(name) == phrase || fold(id.as_str()) == phrase;
    if let Some((id, _)) = holders.clone().find(exact) {
        return Some(id.clone());
    }
    let length = phrase.chars().count();
    let is_han = phrase.chars().all(text::is_han);
    if length < 2 {
        return None;
    }
    let means = |name: &String| {
        let name = fold(name);
        if is_han { name.contains(phrase) } else { name.starts_with(phrase) }
    };
    let known = lexicon.companies().iter().filter(|company| company.names.iter().any(means));
    let others = holders.filter(|(_, name)| means(name)).map(|(id, _)| id);
    let mut found = known.map(|company| &company.id).chain(others);
    let first = found.next()?;
    found.all(|other| other == first).then(|| first.clone())
}

fn has_item(row: &Row, phrase: &str) -> bool {
    row.scope.items.iter().any(|item| fold(item) == phrase)
}

fn is_customer(phrase: &str, register: &Register) -> bool {
    let mut customers = register.rows.iter().flat_map(|row| &row.scope.customers);
    customers.any(|customer| fold(customer) == phrase)
}

/// Words worth suggesting: holders of the register, controlled elements, types and states.
#[must_use]
pub fn known_words(lexicon: &Lexicon, register: &Register) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for id in register.rows.iter().filter_map(|row| row.holder.as_ref()) {
        let name = lexicon.company_name(id).to_owned();
        if !words.contains(&name) {
            words.push(name);
        }
    }
    words.extend(lexicon.elements().iter().map(|element| element.english.clone()));
    words.extend(
        ["general", "individual", "due", "disputed", "applied", "unnamed"].map(str::to_owned),
    );
    words
}
