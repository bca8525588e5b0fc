//! A text as the extractor reads it: title and sentences, folded for matching, with who speaks.
//!
//! Folding keeps every byte's place, so that what is found in the folded text
//! can be cut from the original.

use std::sync::LazyLock;

use regex::Regex;

use super::rules::Tongue;
use crate::text;

/// Sentences read at most: news says its news early, and time stays linear.
const MOST_SENTENCES: usize = 160;

/// Whose words a sentence is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    /// The text's own.
    Text,
    /// Somebody asks.
    Question,
    /// Somebody answers; the words before the colon.
    Answer(String),
}

/// One sentence.
pub(super) struct Sentence<'a> {
    /// As it stands.
    pub(super) text: &'a str,
    /// Lower case and simplified, byte for byte in place.
    pub(super) low: String,
    /// Whether it is the title.
    pub(super) title: bool,
    /// Its paragraph.
    pub(super) paragraph: usize,
    /// Whether it stands in a list or table row.
    pub(super) item: bool,
    /// Whose words it is.
    pub(super) speaker: Speaker,
    /// Its script.
    pub(super) tongue: Tongue,
    /// Whether it asks.
    pub(super) question: bool,
}

impl Sentence<'_> {
    /// What stands at a place of the folded text, as it is spelled; nothing when the place is inside a
    /// character (a hard space folds to two).
    pub(super) fn cut(&self, at: std::ops::Range<usize>) -> &str {
        self.text.get(at).unwrap_or_default()
    }

    /// Whether every longer word begins with a capital, as in a headline.
    pub(super) fn title_case(&self) -> bool {
        // `X got one in May, Y in June.` is a sentence by its verb, short as that is.
        const LINKS: &[&str] = &[
            "a", "an", "and", "as", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with",
        ];
        let mut plain = self.text.split_whitespace().filter(|word| {
            word.starts_with(|c: char| c.is_ascii_lowercase()) && !LINKS.contains(word)
        });
        if !self.title && self.text.ends_with('.') && plain.next().is_some() {
            return false;
        }
        let words = self.text.split_whitespace().filter(|word| word.len() > 3);
        let (mut capital, mut all) = (0, 0);
        for word in words {
            all += 1;
            capital += usize::from(word.chars().next().is_some_and(char::is_uppercase));
        }
        // `X Magnetics supplies Y.` is a sentence, short as it is.
        let whole = !self.title && self.text.ends_with('.');
        all >= 3 && if whole { capital == all } else { capital * 10 >= all * 8 }
    }
}

/// The text's sentences, the title first.
pub(super) fn sentences<'a>(title: &'a str, body: &'a str) -> Vec<Sentence<'a>> {
    let mut found = Vec::new();
    for part in text::sentences(title) {
        found.push(sentence(part, true, 0, false, Speaker::Text));
    }
    let mut speaker = Speaker::Text;
    for (i, line) in body.lines().enumerate() {
        let (line, item) = without_bullet(line.trim());
        if line.is_empty() {
            continue;
        }
        let line = without_dateline(line);
        let (line, said) = spoken(line, speaker == Speaker::Question);
        if let Some(said) = said {
            speaker = said;
        }
        for part in text::sentences(line) {
            if found.len() >= MOST_SENTENCES {
                return found;
            }
            found.push(sentence(part, false, i + 1, item, speaker.clone()));
        }
    }
    found
}

fn sentence(
    part: &str,
    title: bool,
    paragraph: usize,
    item: bool,
    speaker: Speaker,
) -> Sentence<'_> {
    let low = folded(part);
    let tongue = tongue(&low);
    let question = speaker == Speaker::Question
        || part.trim_end_matches(['"', '”', '」', '’', ')', '）']).ends_with(['?', '？']);
    Sentence { text: part, low, title, paragraph, item, speaker, tongue, question }
}

static BULLET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[-–—•*·▪●■◆◼▶►✓]\s+|[🔹🔸🔺🔻✅❌⛔⚡📌📍👉🟢🔴🟡🟠⚠➡]\u{fe0f}?\s*|\|\s*|\d{1,2}[.)]\s+|[(（][一二三四五六七八九十\d]+[)）]\s*|[一二三四五六七八九十]+、)")
        .expect("a constant pattern")
});

fn without_bullet(line: &str) -> (&str, bool) {
    match BULLET.find(line) {
        Some(bullet) => (&line[bullet.end()..], true),
        None => (line, line.contains(['|', '｜', '\t']) || labelled(line)),
    }
}

/// `【获批】甲公司：…`: a row under its label.
fn labelled(line: &str) -> bool {
    line.strip_prefix('【')
        .and_then(|rest| rest.find('】').map(|end| (&rest[..end], &rest[end..])))
        .is_some_and(|(label, rest)| {
            label.chars().count() <= 6 && rest.contains(['：', ':', '｜', '|'])
        })
}

/// The line past `HANOI, Feb 6 (Reuters) -`, whose capitals name nobody.
fn without_dateline(line: &str) -> &str {
    static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[A-Z][A-Z.'’]+(?:[ /-][A-Z.'’]+){0,3}|(?:Beijing|Shanghai|Berlin|Tokyo|Seoul|Brussels|New Delhi|Delhi|Mumbai|Washington|London|Paris|Hong Kong|Taipei|Hanoi|Sydney|Singapore|Frankfurt|Munich|Detroit|New York|Shenzhen|Guangzhou|Ganzhou|Baotou|Ningbo)|[A-Z][a-z]+(?: [A-Z][a-z]+)?(?:, [A-Z][a-z]+\.? \d{1,2})? \([A-Z][A-Za-z ]{1,20}\))(?:, [A-Z][a-z]+)?(?:, (?:[A-Z][a-z]+\.? \d{1,2}|\d{1,2} [A-Z][a-z]+\.?))?(?:, \d{4})?(?:,? \([A-Z][A-Za-z ]{1,20}\))? ?(?:--?|–|—) ").expect("a constant pattern")
    });
    DATELINE.find(line).map_or(line, |m| &line[m.end()..])
}

static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:q|question|investor|reporter|journalist|问|問|投资者|投資者|提问|记者|記者|记者问|питання|запитання|інвестор|журналіст|журналістка|кореспондент|кореспондентка)\s*\d*$")
        .expect("a constant pattern")
});
static ANSWERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:a|answer|reply|spokes(?:person|man|woman)|答|答复|回复|发言人|發言人|відповідь|речник|речниця)\s*\d*$")
        .expect("a constant pattern")
});

/// The line past its speaker, and the speaker, when it begins with one.
fn spoken(line: &str, asked: bool) -> (&str, Option<Speaker>) {
    let Some((at, colon)) = line.char_indices().take(60).find(|(_, c)| matches!(c, ':' | '：'))
    else {
        return (line, None);
    };
    let (head, rest) = (line[..at].trim(), line[at + colon.len_utf8()..].trim_start());
    if ASKS.is_match(head) {
        return (rest, Some(Speaker::Question));
    }
    if ANSWERS.is_match(head) {
        return (rest, Some(Speaker::Answer(String::new())));
    }
    // After a question whoever's name stands before a colon answers.
    if asked && is_name(head) && rest.len() > 20 {
        return (rest, Some(Speaker::Answer(head.to_owned())));
    }
    let answer = head.strip_suffix(['答']).or_else(|| head.strip_suffix("回复"));
    if let Some(who) = answer.filter(|who| who.chars().count() >= 3) {
        return (rest, Some(Speaker::Answer(who.to_owned())));
    }
    // Whoever speaks after a question answers it.
    if asked && (2..=24).contains(&head.chars().count()) && !head.contains(['，', ',', '。']) {
        return (rest, Some(Speaker::Answer(head.to_owned())));
    }
    // `Ganzhou Redhill Magnet Materials: Thank you for your attention.`
    let greets = folded(rest);
    let polite = [
        "thank you",
        "thanks",
        "dear investor",
        "hello",
        "您好",
        "尊敬的",
        "你好",
        "感谢",
        "дякуємо",
        "шановн",
    ];
    if polite.iter().any(|word| greets.starts_with(word)) && head.chars().count() >= 3 {
        return (rest, Some(Speaker::Answer(head.to_owned())));
    }
    let named =
        head.split_whitespace().count() <= 6 && !head.contains(|c: char| c.is_ascii_digit());
    if rest.len() > 20 && head.len() >= 6 && named && starts_answer(&greets) {
        return (rest, Some(Speaker::Answer(head.to_owned())));
    }
    (line, None)
}

/// Whether it is one to six words in Latin letters, each with a capital.
fn is_name(head: &str) -> bool {
    let words = head.split_whitespace().count();
    let capital = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase() || c == '&');
    (1..=6).contains(&words) && head.split_whitespace().all(capital)
}

fn starts_answer(low: &str) -> bool {
    ["the company ", "our company ", "we ", "公司", "компанія "]
        .iter()
        .any(|word| low.starts_with(word))
}

/// Lower case and simplified where that keeps the length.
pub(super) fn folded(original: &str) -> String {
    let simple = text::simplified(original);
    let mut out = String::with_capacity(original.len());
    for (was, c) in original.chars().zip(simple.chars()) {
        let mut lower = c.to_lowercase();
        let c = match (lower.next(), lower.next()) {
            (Some(one), None) if one.len_utf8() == was.len_utf8() => one,
            _ if c.len_utf8() == was.len_utf8() => c,
            _ => was,
        };
        if c == '\u{a0}' {
            out.push_str("  ");
        } else {
            out.push(c);
        }
    }
    out
}

fn tongue(low: &str) -> Tongue {
    let (mut han, mut cyrillic, mut latin) = (0usize, 0usize, 0usize);
    for c in low.chars() {
        match c {
            'а'..='я' | 'і' | 'ї' | 'є' | 'ґ' => cyrillic += 1,
            'a'..='z' => latin += 1,
            c if text::is_han(c) => han += 1,
            _ => {}
        }
    }
    if han * 3 >= latin && han > 0 && han >= cyrillic {
        Tongue::Zh
    } else if cyrillic * 2 >= latin && cyrillic > 0 {
        Tongue::Uk
    } else {
        Tongue::En
    }
}
