//! Words of a text as the search sees them: lower case, simplified, without accents, by their stems.
//!
//! The index and the watches read texts by this one function, so they never
//! disagree about what a word is. Chinese, Japanese and Korean have no spaces:
//! every character and every pair of neighbors counts as a word.

use std::ops::Range;

use crate::text;

/// Characters in the longest word kept; longer ones are no words.
const LONGEST: usize = 40;

/// Letters of the shortest and the longest part of a name that it is found by.
const LEAST_PART: usize = 3;
const LONGEST_PART: usize = 16;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is compared.
    pub text: String,
    /// Its place among the words; a pair of characters stands where its first one does.
    pub place: u32,
    /// Where it stands, in bytes of the original text.
    pub at: Range<usize>,
}

/// A stretch of one kind of writing.
struct Run {
    /// Folded characters, each with its place in the original.
    letters: Vec<(usize, char)>,
    end: usize,
    dense: bool,
}

/// The words of a text, in order.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut place = 0;
    let stemmer = frostem::Stemmer::new(frostem::Algorithm::English);
    for run in runs(text) {
        if run.dense {
            dense(&run, &mut place, &mut found);
            continue;
        }
        let spelled: String = run.letters.iter().map(|(_, c)| *c).collect();
        if run.letters.len() <= LONGEST {
            let at = run.letters[0].0..run.end;
            let text = match run.letters.iter().all(|(_, c)| is_cyrillic(*c)) {
                true => ukrainian(&spelled).to_owned(),
                false => american(stemmer.stem(&spelled).into_owned()),
            };
            found.push(Word { text, place, at });
        }
        place += 1;
    }
    found
}

/// One stem for words that are spelled with `c` in Britain.
fn american(stem: String) -> String {
    match stem.as_str() {
        "licenc" => "licens".to_owned(),
        "defenc" => "defens".to_owned(),
        _ => stem,
    }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}' | '\'')
}

/// Endings of cases and numbers, longest first; those of adjectives end in the vowel only, so that
/// `експортний` and `експортного` meet as `експортн`.
const ENDINGS: &[&str] = &[
    "ями", "ами", "ими", "іми", "ого", "ому", "ові", "еві", "єві", "ією", "иця", "ів", "їв", "ей",
    "ах", "ях", "ам", "ям", "ом", "ем", "єм", "ий", "ій", "их", "іх", "им", "ім", "ою", "ею", "єю",
    "ої", "ія", "ії", "ію", "ьо", "а", "я", "о", "е", "є", "и", "і", "ї", "у", "ю", "ь", "й",
];

/// A Ukrainian word without its ending: coarse, but the same for all cases of most nouns and adjectives.
fn ukrainian(word: &str) -> &str {
    let cut = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
    cut.filter(|stem| stem.chars().count() >= 3).unwrap_or(word)
}

/// The words of a name as they are spelled, and what each of them begins with, for whoever knows
/// a part of it.
#[must_use]
pub fn begun(name: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for word in words(name) {
        let spelled: Vec<char> = canonical(&name[word.at.clone()]).chars().collect();
        if spelled.iter().any(|c| is_dense(*c)) {
            found.push(word);
            continue;
        }
        let upto = (LEAST_PART..=LONGEST_PART).take_while(|length| *length < spelled.len());
        for length in upto.chain([spelled.len()]) {
            let text = spelled[..length].iter().collect();
            found.push(Word { text, ..word.clone() });
        }
    }
    found
}

/// As `sought`, in a name whose words `begun` reads.
#[must_use]
pub fn sought_begun(name: &str) -> Vec<(u32, String)> {
    let all = words(name);
    let spelled = |place: u32| all.iter().find(|word| word.place == place);
    let one = |(place, text): (u32, String)| {
        let word = spelled(place).map(|word| canonical(&name[word.at.clone()]));
        (place, word.filter(|word| !word.chars().any(is_dense)).unwrap_or(text))
    };
    sought(name).into_iter().map(one).collect()
}

/// Every character and every pair.
fn dense(run: &Run, place: &mut u32, found: &mut Vec<Word>) {
    for (i, (at, c)) in run.letters.iter().enumerate() {
        let end = |i: usize| run.letters.get(i + 1).map_or(run.end, |(at, _)| *at);
        found.push(Word { text: c.to_string(), place: *place, at: *at..end(i) });
        if let Some((_, next)) = run.letters.get(i + 1) {
            let pair = [*c, *next].iter().collect();
            found.push(Word { text: pair, place: *place, at: *at..end(i + 1) });
        }
        *place += 1;
    }
}

/// What a text must hold for these words to stand in it side by side: each word and its place
/// from the first one. Of dense writing only pairs, unless a character stands alone.
#[must_use]
pub fn sought(text: &str) -> Vec<(u32, String)> {
    let all = words(text);
    let pair = |word: &Word| word.text.chars().count() == 2 && word.text.chars().all(is_dense);
    let beside_pair =
        |place: u32| all.iter().any(|w| pair(w) && (w.place == place || w.place + 1 == place));
    let single = |word: &Word| word.text.chars().count() == 1 && word.text.chars().all(is_dense);
    let mut list: Vec<(u32, String)> = all
        .iter()
        .filter(|word| !(single(word) && beside_pair(word.place)))
        .map(|word| (word.place, word.text.clone()))
        .collect();
    list.dedup();
    list
}

/// The words as they are typed, folded but not stemmed, one space between: the form in which a
/// query keeps them.
#[must_use]
pub fn canonical(text: &str) -> String {
    let mut out = String::new();
    let mut left = 100;
    for run in runs(text) {
        if left == 0 {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        let room = left.min(LONGEST);
        out.extend(run.letters.iter().take(room).map(|(_, c)| *c));
        left = left.saturating_sub(run.letters.len() + 1);
    }
    while out.ends_with(['\'', ' ']) {
        out.pop();
    }
    out
}

/// Whether a script puts no spaces between words.
#[must_use]
pub fn is_dense(c: char) -> bool {
    text::is_han(c) || matches!(c, '\u{3041}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}' | '々')
}

fn runs(original: &str) -> Vec<Run> {
    let simple = text::simplified(original);
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    let mut chars = original.char_indices().zip(simple.chars()).peekable();
    while let Some(((at, was), c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let apostrophe = matches!(c, '\'' | '’')
            && open
            && runs.last().is_some_and(|run| !run.dense)
            && next.is_some_and(|next| next.is_alphanumeric() && !is_dense(next));
        let dense = is_dense(c) && c.is_alphanumeric();
        if !c.is_alphanumeric() && !apostrophe {
            open = false;
            continue;
        }
        let same = open && runs.last().is_some_and(|run| run.dense == dense);
        if !same {
            runs.push(Run { letters: Vec::new(), end: at, dense });
        }
        open = true;
        if let Some(run) = runs.last_mut() {
            run.end = at + was.len_utf8();
            if apostrophe {
                run.letters.push((at, '\''));
            } else {
                fold(c, |c| run.letters.push((at, c)));
            }
        }
    }
    runs.retain(|run| !run.letters.is_empty());
    // `China's` is a word about China.
    for run in runs.iter_mut().filter(|run| !run.dense) {
        let length = run.letters.len();
        if length > 2 && run.letters[length - 2].1 == '\'' && run.letters[length - 1].1 == 's' {
            run.end = run.letters[length - 2].0;
            run.letters.truncate(length - 2);
        }
    }
    runs
}

/// Lower case without accents; full-width letters as ASCII.
fn fold(c: char, mut take: impl FnMut(char)) {
    if c.is_ascii() || is_dense(c) {
        return take(c.to_ascii_lowercase());
    }
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    c.to_lowercase().filter(|c| c.is_alphanumeric()).map(plain).for_each(take);
}

/// A Latin letter without its accent.
fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        _ => c,
    }
}
