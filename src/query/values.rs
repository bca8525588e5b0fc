//! What the value behind a prefix stands for, and which topic a word in talk is about.

use crate::lexicon::{self, Cue, Lexicon, TopicEntry};
use crate::model::article::{CompanyId, Element, Topic};
use crate::model::license::{LicenseAction, LicenseType};
use crate::model::story::Direction;
use crate::query::pieces::Key;
use crate::query::{Kind, Term, facts, places, print, words};

/// The topic a word in talk is about: a word of the topic's name, or a Chinese cue of it.
pub(super) fn topic(word: &str, lexicon: &Lexicon) -> Option<Topic> {
    let stem = |word: &str| words::words(word).into_iter().next().map(|word| word.text);
    if word.chars().all(words::is_dense) {
        let whole = |hit: &lexicon::Hit<Cue>| match hit.what {
            Cue::Topic(i) if word.chars().count() <= 6 => Some(i),
            _ => None,
        };
        let tail = |count: usize| word.char_indices().rev().nth(count - 1).map_or(0, |(at, _)| at);
        // A cue of another kind may hide the topic's at the end.
        let looks = [word, &word[tail(3)..], &word[tail(2)..]];
        let topic = looks.iter().find_map(|part| lexicon.cues(part).iter().find_map(whole))?;
        return lexicon.topics().get(topic).map(|topic| topic.id.clone());
    }
    let wanted = stem(word)?;
    let named = |topic: &&TopicEntry| {
        let label = topic.label.split_whitespace().chain([topic.id.as_str()]);
        label.filter_map(stem).any(|known| known == wanted)
    };
    lexicon.topics().iter().find(named).map(|topic| topic.id.clone())
}

pub(super) fn known(key: Key, value: &str, lexicon: &Lexicon) -> Vec<Term> {
    let word = lexicon::fold(value);
    let one = match key {
        Key::Source => {
            let text = words::canonical(value);
            (!words::sought(&text).is_empty()).then_some(Term::Source(text))
        }
        Key::Element => {
            let group: Vec<Term> = lexicon
                .elements()
                .iter()
                .filter(|element| element.group == word && word != "other")
                .map(|element| Term::Element(Element(element.symbol.clone())))
                .collect();
            if !group.is_empty() {
                return group;
            }
            lexicon.find_element(value).map(|e| Term::Element(Element(e.symbol.clone())))
        }
        Key::Company => company(value, lexicon).map(Term::Company),
        Key::Topic => lexicon
            .find_topic(value)
            .map(|topic| topic.id.clone())
            .or_else(|| topic(&words::canonical(value), lexicon))
            .map(Term::Topic),
        Key::Signal => Direction::ALL.into_iter().find(|d| d.word() == word).map(Term::Signal),
        Key::License => license(&word),
        Key::Place => {
            places::by_id(&value.to_lowercase()).or_else(|| places::place(value)).map(Term::Place)
        }
        Key::Product => lexicon
            .products()
            .iter()
            .find(|product| product.id == value)
            .map(|product| Term::Product(product.id.clone()))
            .or_else(|| named(value, lexicon).filter(|term| matches!(term, Term::Product(_)))),
        Key::Agency => lexicon
            .agencies()
            .iter()
            .find(|agency| agency.id == value)
            .map(|agency| Term::Agency(agency.id.clone()))
            .or_else(|| named(value, lexicon).filter(|term| matches!(term, Term::Agency(_)))),
        Key::Kind => Kind::ALL
            .into_iter()
            .find(|kind| kind.word() == word || kind.many() == word)
            .map(Term::Kind),
        Key::Since | Key::Until => None,
    };
    one.into_iter().collect()
}

fn named(value: &str, lexicon: &Lexicon) -> Option<Term> {
    lexicon.find(value).map(|name| facts::term(name, lexicon))
}

/// A company of the lexicon, or one that claims gave a provisional id.
fn company(value: &str, lexicon: &Lexicon) -> Option<CompanyId> {
    let slug = value.strip_prefix("x-").is_some_and(|rest| {
        !rest.is_empty()
            && rest.chars().all(|c| c == '-' || c.is_alphanumeric() && !c.is_uppercase())
    });
    let provisional = slug.then(|| CompanyId(value.to_owned()));
    lexicon.find_company(value).map(|company| company.id.clone()).or(provisional)
}

fn license(word: &str) -> Option<Term> {
    use LicenseAction::{Applied, Expired, Granted, Pending, Refused, Renewed, Revoked, Suspended};
    let actions = [Granted, Applied, Refused, Revoked, Suspended, Expired, Renewed, Pending];
    let kinds = [LicenseType::General, LicenseType::Individual, LicenseType::Unspecified];
    let action = actions.into_iter().find(|action| print::action_word(*action) == word);
    let kind = kinds.into_iter().find(|kind| print::license_word(*kind) == word);
    action.map(Term::Action).or(kind.map(Term::License))
}
