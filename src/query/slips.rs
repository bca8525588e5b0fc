//! Slips of the pen: which name, or which word of the field, a misspelled word stands for.
//!
//! Only names are corrected unasked, since a word may be a rare word; a near
//! word is at most offered.

use crate::lexicon::{self, Lexicon, Name};
use crate::query::{Term, facts, kin};

/// The name a misspelled word stands for.
pub(super) fn misspelled(word: &str, lexicon: &Lexicon) -> Option<(Term, String)> {
    let letters = word.len() >= 5 && word.chars().all(|c| c.is_ascii_alphabetic());
    // A word that is a cue is a word.
    if !letters || kin::is_known(word) || !lexicon.cues(word).is_empty() {
        return None;
    }
    nearest(word, names(lexicon).filter(|(_, name)| !name.contains(' ')), lexicon)
}

/// The name of two or three words that as many of these stand for, one of them misspelled.
pub(super) fn several(words: &[&str], lexicon: &Lexicon) -> Option<(usize, (Term, String))> {
    (2..=words.len().min(3)).rev().find_map(|count| {
        let text = lexicon::fold(&words[..count].join(" "));
        let alike = |name: &str| name.len() >= 8 && name.split(' ').count() == count;
        if !text.is_ascii() || !alike(&text) {
            return None;
        }
        let found = nearest(&text, names(lexicon).filter(|(_, name)| alike(name)), lexicon)?;
        Some((count, found))
    })
}

/// The same for a value of which the prefix says what it is; there names may be of several words.
pub(super) fn near(
    value: &str,
    lexicon: &Lexicon,
    fits: impl Fn(&Term) -> bool,
) -> Option<(Term, String)> {
    let word = lexicon::fold(value);
    if word.len() < 5 || !word.is_ascii() {
        return None;
    }
    nearest(&word, names(lexicon).filter(|(name, _)| fits(&facts::term(*name, lexicon))), lexicon)
}

/// The word of the field that a misspelled word may stand for.
pub(super) fn word(word: &str) -> Option<&'static str> {
    if kin::is_known(word) {
        return None;
    }
    let near = kin::latin().filter(|known| is_near(word, known).is_some());
    near.min_by_key(|known| is_near(word, known))
}

/// Names in Latin letters with what they stand for, elements first.
fn names(lexicon: &Lexicon) -> impl Iterator<Item = (Name, &str)> {
    let elements = lexicon.elements().iter().enumerate();
    let elements = elements.map(|(i, element)| (Name::Element(i), element.english.as_str()));
    let companies = lexicon.companies().iter().enumerate().flat_map(|(i, company)| {
        company.names.iter().map(move |name| (Name::Company(i), name.as_str()))
    });
    let products = lexicon.products().iter().enumerate().flat_map(|(i, product)| {
        product.names.iter().map(move |name| (Name::Product(i), name.as_str()))
    });
    let agencies = lexicon.agencies().iter().enumerate().flat_map(|(i, agency)| {
        agency.names.iter().map(move |name| (Name::Agency(i), name.as_str()))
    });
    let all = elements.chain(companies).chain(products).chain(agencies);
    all.filter(|(_, name)| name.is_ascii() && name.len() >= 5 && !name.ends_with('*'))
}

fn nearest<'a>(
    word: &str,
    names: impl Iterator<Item = (Name, &'a str)>,
    lexicon: &Lexicon,
) -> Option<(Term, String)> {
    let first = |text: &str| text.bytes().next().map(|byte| byte.to_ascii_lowercase());
    let mut best: Option<(usize, Name, &str)> = None;
    // Most names need no closer look.
    for (what, name) in names.filter(|(_, name)| first(name) == first(word)) {
        let distance = is_near(word, &lexicon::fold(name));
        if let Some(distance) = distance
            && best.is_none_or(|(least, ..)| distance < least)
        {
            best = Some((distance, what, name));
        }
    }
    best.map(|(_, what, name)| (facts::term(what, lexicon), name.to_owned()))
}

/// How many letters are wrong, where so few are that the name may be meant.
fn is_near(word: &str, name: &str) -> Option<usize> {
    let distance = distance(word.as_bytes(), name.as_bytes());
    // The first letter is hardly ever wrong; with two letters wrong, the last one is right.
    let ends = word.as_bytes().last() == name.as_bytes().last();
    let begins = word.as_bytes().first() == name.as_bytes().first();
    let shorter = word.len().min(name.len());
    let near = distance == 1 && shorter >= 5 || distance == 2 && shorter >= 9 && ends;
    (begins && near).then_some(distance)
}

/// How many letters are wrong, missing, too many or swapped with their neighbor; 3 for three or more.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return 3;
    }
    let width = b.len() + 1;
    let mut before = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let same = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()].min(3)
}
