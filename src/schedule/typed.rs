//! Hours and zones as people type them: `7:30 Shanghai`, `7.30am CET`, `19h`, `noon Kyiv`, `UTC+8`.
//!
//! A word that means several zones is never guessed at: it comes back with all
//! it may mean. Nothing here fails on any text; what was not understood is said
//! in a sentence that tells what was.

use chrono::NaiveTime;
use chrono_tz::Tz;

use crate::clock;
use crate::schedule::places::{NAMES, SEVERAL};
use crate::text;

/// Most characters of what was typed that an answer repeats.
const SHOWN: usize = 40;

/// Parts of the world whose zones go by the name of a city.
const CONTINENTS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Names of the tz database that end like words of direction, not like a city.
const NO_CITIES: &[&str] = &["north", "south", "west", "act"];

/// Zones an odd number of minutes from UTC that never change their clocks.
const ODD_OFFSETS: &[(i32, Tz)] = &[
    (-570, Tz::Pacific__Marquesas),
    (210, Tz::Asia__Tehran),
    (270, Tz::Asia__Kabul),
    (330, Tz::Asia__Kolkata),
    (345, Tz::Asia__Kathmandu),
    (390, Tz::Asia__Yangon),
    (525, Tz::Australia__Eucla),
    (570, Tz::Australia__Darwin),
];

/// Why a typed hour or zone leads nowhere yet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// A word that means several zones: to be asked, never guessed.
    #[error("{} may mean {}.", .word, listed(.zones))]
    Several {
        /// The word as it is written.
        word: String,
        /// The hour that stood before it.
        at: Option<NaiveTime>,
        /// What it may mean, each with its zone.
        zones: &'static [(&'static str, Tz)],
    },
    /// Not understood: a sentence or two on what was, and what to write instead.
    #[error("{0}")]
    Unknown(String),
}

fn listed(zones: &[(&str, Tz)]) -> String {
    let names: Vec<&str> = zones.iter().map(|(name, _)| *name).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// An hour and its zone as they can be typed again: `07:30 Asia/Shanghai`.
#[must_use]
pub fn typed(at: NaiveTime, zone: Tz) -> String {
    format!("{} {}", at.format("%H:%M"), clock::zone_name(zone))
}

/// Reads a zone as people write it: an IANA name, a city, a country of one zone, a common
/// abbreviation, a distance from UTC.
///
/// # Errors
///
/// When it means several zones, or none that is known.
pub fn parse_zone(text: &str) -> Result<Tz, Unclear> {
    let typed = tidy(text);
    let wanted = stripped(&typed);
    let first = wanted.split(',').next().unwrap_or_default().trim();
    zone(wanted).or_else(|unclear| zone(first).map_err(|second| unclear.or(second))).map_err(
        |unclear| match unclear {
            Some(several) => several,
            None => {
                Unclear::Unknown(format!("I know no city or zone {}. {EXAMPLES}", quoted(text)))
            }
        },
    )
}

const EXAMPLES: &str = "Write a large city (Shanghai), a name such as Europe/Berlin, or UTC+8.";

/// Reads `7:30 Shanghai`, `07:30 Asia/Shanghai`, `7.30am CET`, `19h`, `noon Kyiv`, `0730`.
///
/// # Errors
///
/// When the zone means several, or when hour or zone are not understood.
pub fn parse_time(text: &str) -> Result<(NaiveTime, Option<Tz>), Unclear> {
    let line = tidy(text);
    let Some((at, zone)) = scan(&line).or_else(|| scan_end(&line)) else {
        let known = parse_zone(&line).ok().map(|zone| {
            format!(
                "I read {} as the zone {}, but find no hour. ",
                quoted(text),
                clock::zone_name(zone)
            )
        });
        let lead = known.unwrap_or_else(|| format!("{} is no time of day. ", quoted(text)));
        return Err(Unclear::Unknown(format!(
            "{lead}Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai."
        )));
    };
    let zone = stripped(zone);
    if zone.is_empty() {
        return Ok((at, None));
    }
    match parse_zone(zone) {
        Ok(zone) => Ok((at, Some(zone))),
        Err(Unclear::Several { word, zones, .. }) => {
            Err(Unclear::Several { word, at: Some(at), zones })
        }
        Err(Unclear::Unknown(_)) => Err(Unclear::Unknown(format!(
            "I read the hour as {}, but know no city or zone {}. {EXAMPLES}",
            at.format("%H:%M"),
            quoted(zone)
        ))),
    }
}

fn quoted(text: &str) -> String {
    format!("{:?}", text::cut(&text::one_line(text), SHOWN))
}

/// One line in lower case, with the digits and marks of wide scripts as the common ones.
fn tidy(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '−' | '–' => '-',
        '、' => ',',
        _ => c,
    };
    text::one_line(text).chars().map(narrow).flat_map(char::to_lowercase).collect()
}

/// What is left of a zone without the small words around it.
fn stripped(zone: &str) -> &str {
    let mut zone =
        zone.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | ';'));
    for word in ["in ", "at ", "for ", "the "] {
        zone = zone.strip_prefix(word).unwrap_or(zone).trim_start();
    }
    for word in [" local time", " standard time", " time", "时间"] {
        zone = zone.strip_suffix(word).unwrap_or(zone).trim_end();
    }
    zone
}

/// An hour at the start of a tidy line, and what follows it.
fn scan(line: &str) -> Option<(NaiveTime, &str)> {
    let line = line.trim_start();
    for (word, hour) in [("noon", 12), ("midday", 12), ("midnight", 0), ("中午", 12)] {
        if let Some(rest) = line.strip_prefix(word).filter(|rest| !glued(rest)) {
            return Some((NaiveTime::from_hms_opt(hour, 0, 0)?, rest));
        }
    }
    let (digits, rest) = leading_digits(line);
    let (hour, minute, rest) = match (digits.len(), separated(rest)) {
        (1 | 2, Some((minute, rest))) => (digits, minute, rest),
        (1 | 2, None) => (digits, "0", rest),
        (3 | 4, None) => {
            let (hour, minute) = digits.split_at(digits.len() - 2);
            (hour, minute, rest)
        }
        _ => return None,
    };
    let (half, rest) = half_of_day(rest);
    let rest = worded(rest);
    // `7:30:15` and `7-8` are something else than an hour of the day.
    if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '-' | '+' | '/')) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("pm") if hour < 12 => hour + 12,
        Some("am") if hour == 12 => 0,
        None if (hour, minute) == (24, 0) => 0,
        _ => hour,
    };
    Some((NaiveTime::from_hms_opt(hour, minute, 0)?, rest))
}

/// An hour at the end of a line, and what precedes it: `Shanghai 7:30`.
fn scan_end(line: &str) -> Option<(NaiveTime, &str)> {
    let starts = line.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    starts.into_iter().find_map(|at| {
        let (zone, hour) = line.split_at(at);
        let (time, rest) = scan(hour)?;
        rest.trim().is_empty().then_some((time, zone))
    })
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// The two digits of minutes behind a mark, and the rest. `19h` has the mark alone.
fn separated(text: &str) -> Option<(&str, &str)> {
    let mark = [':', '.', 'h', '点', '时'].into_iter().find(|mark| text.starts_with(*mark))?;
    let after = &text[mark.len_utf8()..];
    let (digits, rest) = leading_digits(after);
    match digits.len() {
        2 => Some((digits, rest.strip_prefix('分').unwrap_or(rest))),
        0 if matches!(mark, 'h' | '点' | '时') && !glued(rest) => Some(("0", rest)),
        _ => None,
    }
}

/// `am` or `pm`, however it is written, and the rest.
fn half_of_day(text: &str) -> (Option<&'static str>, &str) {
    let trimmed = text.trim_start();
    let marks = [("a.m.", "am"), ("p.m.", "pm"), ("am", "am"), ("pm", "pm")];
    let found = marks.into_iter().find_map(|(mark, half)| {
        trimmed.strip_prefix(mark).filter(|rest| !glued(rest)).map(|rest| (half, rest))
    });
    found.map_or((None, text), |(half, rest)| (Some(half), rest))
}

/// The rest without words that only say that an hour was meant.
fn worded(text: &str) -> &str {
    let trimmed = text.trim_start();
    let words = ["o'clock", "oclock", "uhr", "hours", "hrs"];
    let after = words.into_iter().find_map(|word| trimmed.strip_prefix(word));
    after.filter(|rest| !glued(rest)).unwrap_or(text)
}

/// Whether a word goes on here.
fn glued(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// A zone by any of its names; `Err(None)` when there is none, `Err(Some)` when there are several.
fn zone(wanted: &str) -> Result<Tz, Option<Unclear>> {
    if let Some(zone) = offset(wanted) {
        return Ok(zone);
    }
    let name = folded(wanted);
    if let Some((_, zones)) = SEVERAL.iter().find(|(word, _)| *word == name) {
        let word = if name.len() <= 4 { name.to_uppercase() } else { capitalized(&name) };
        return Err(Some(Unclear::Several { word, at: None, zones }));
    }
    if let Some((zone, _)) = NAMES.iter().find(|(_, names)| names.contains(&name.as_str())) {
        return Ok(*zone);
    }
    let whole = chrono_tz::TZ_VARIANTS.iter().find(|zone| folded(zone.name()) == name);
    let city = || {
        chrono_tz::TZ_VARIANTS.iter().find(|zone| {
            let Some((part, _)) = zone.name().split_once('/') else { return false };
            let city = zone.name().rsplit('/').next().map(folded).unwrap_or_default();
            CONTINENTS.contains(&part) && city == name && !NO_CITIES.contains(&name.as_str())
        })
    };
    whole.or_else(city).copied().ok_or(None)
}

/// `utc+8`, `gmt-5:30`, `+08:00`.
fn offset(text: &str) -> Option<Tz> {
    let named = ["utc", "gmt"].into_iter().find_map(|name| text.strip_prefix(name));
    let rest = named.unwrap_or(text).trim_start();
    let (ahead, rest) = match rest.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, rest.strip_prefix('-')?),
    };
    let (digits, tail) = leading_digits(rest.trim());
    let (hours, minutes) = match (digits.len(), tail.strip_prefix(':')) {
        (1 | 2, None) if tail.is_empty() => (digits, "0"),
        (1 | 2, Some(minutes)) if minutes.len() == 2 => (digits, minutes),
        (4, None) if tail.is_empty() => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let whole = ahead * (hours * 60 + minutes);
    match (whole, minutes) {
        (0, _) => Some(Tz::UTC),
        (-720..=840, 0) => format!("Etc/GMT{:+}", -whole / 60).parse().ok(),
        _ => ODD_OFFSETS.iter().find(|(odd, _)| *odd == whole).map(|(_, zone)| *zone),
    }
}

/// A name as it is compared: no accents, dots or apostrophes, one kind of space.
fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ė' => out.push('e'),
            'í' | 'ì' | 'î' | 'ï' | 'ı' => out.push('i'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => out.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => out.push('u'),
            'ç' => out.push('c'),
            'ñ' | 'ń' => out.push('n'),
            'ł' => out.push('l'),
            'ş' | 'š' => out.push('s'),
            'ğ' => out.push('g'),
            '.' | '\'' | '’' | '\u{307}' => {}
            '_' | '-' | ',' => out.push(' '),
            _ => out.push(c),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capitalized(name: &str) -> String {
    let upper = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|c| c.to_uppercase().chain(letters).collect::<String>())
    };
    name.split(' ').filter_map(upper).collect::<Vec<_>>().join(" ")
}
