//! The brief's Highlights: three to five sentences across the stories, each a source's own.
//!
//! One sentence a story, as long as there are three stories to choose from; a
//! sentence that says what another already said is passed over.

use std::collections::{HashMap, HashSet};

use crate::compose::Candidate;
use crate::compose::tongue::tongue;
use crate::lexicon::{Cue, Lexicon};
use crate::model::article::ArticleId;
use crate::model::story::{Highlight, Story};
use crate::text;

/// Most of them.
const MOST: usize = 5;
/// As many as there should be.
const ENOUGH: usize = 3;
/// Past the third, a story must have this share of the best one's points.
const WORTH: f32 = 0.55;
/// Two sentences that share this much of their words say the same.
const SAME: f32 = 0.55;

/// Chooses among `pool`, best story first.
pub(super) fn choose(
    pool: &[Candidate],
    bodies: &HashMap<ArticleId, String>,
    lexicon: &Lexicon,
) -> Vec<Highlight> {
    let sentences: Vec<(f32, Vec<Highlight>)> = pool
        .iter()
        .map(|candidate| (candidate.score, best_first(&candidate.story, bodies, lexicon)))
        .filter(|(_, sentences)| !sentences.is_empty())
        .collect();
    let best = sentences.first().map_or(0.0, |(score, _)| *score);
    let mut chosen = Chosen::default();
    for (score, of_story) in &sentences {
        if chosen.taken.len() == MOST || (chosen.taken.len() >= ENOUGH && *score < best * WORTH) {
            break;
        }
        chosen.take_one(of_story);
    }
    if sentences.len() < ENOUGH {
        for (_, of_story) in &sentences {
            while chosen.taken.len() < ENOUGH && chosen.take_one(of_story) {}
        }
    }
    chosen.taken
}

#[derive(Default)]
struct Chosen {
    taken: Vec<Highlight>,
    words: Vec<HashSet<String>>,
}

impl Chosen {
    /// Takes the first sentence that says something not yet said; whether there was one.
    fn take_one(&mut self, sentences: &[Highlight]) -> bool {
        for sentence in sentences {
            let mine = words(&sentence.text);
            if self.words.iter().all(|theirs| overlap(&mine, theirs) < SAME) {
                self.words.push(mine);
                self.taken.push(sentence.clone());
                return true;
            }
        }
        false
    }
}

/// The story's sentences, the one that says most first; only the English ones where it has some.
fn best_first(
    story: &Story,
    bodies: &HashMap<ArticleId, String>,
    lexicon: &Lexicon,
) -> Vec<Highlight> {
    let english = |highlight: &Highlight| tongue(&highlight.text).is_none();
    let mut sentences: Vec<Highlight> = story.highlights.clone();
    if !sentences.iter().any(english) {
        sentences.extend(from_english_telling(story, bodies, lexicon));
    }
    if sentences.iter().any(english) {
        sentences.retain(english);
    }
    let mut scored: Vec<(usize, f32, Highlight)> = sentences
        .into_iter()
        .enumerate()
        .map(|(i, highlight)| (i, score(i, &highlight.text, lexicon), highlight))
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scored.into_iter().map(|(_, _, highlight)| highlight).collect()
}

/// Sentences of the first English telling whose body is at hand.
fn from_english_telling(
    story: &Story,
    bodies: &HashMap<ArticleId, String>,
    lexicon: &Lexicon,
) -> Vec<Highlight> {
    let telling = story
        .tellings
        .iter()
        .filter(|telling| telling.language.as_str() == "en")
        .find_map(|telling| bodies.get(&telling.article).map(|body| (telling, body)));
    let Some((telling, body)) = telling else { return Vec::new() };
    text::sentences(body)
        .into_iter()
        .take(12)
        .filter(|sentence| is_whole(sentence) && !lexicon.is_boilerplate(sentence))
        .map(|sentence| Highlight {
            text: text::one_line(sentence),
            url: telling.url.clone(),
            publisher: telling.publisher.clone(),
        })
        .collect()
}

/// Whether an English sentence is complete, of a readable length and can stand alone.
fn is_whole(sentence: &str) -> bool {
    let quotes = sentence.matches('"').count() + sentence.matches(['“', '”']).count();
    (45..=420).contains(&sentence.chars().count())
        && sentence.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        && sentence.trim_end_matches(['"', '”', ')']).ends_with('.')
        && quotes.is_multiple_of(2)
        && !text::leans(sentence)
}

/// Actor, figure, subject, and a little for standing first.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn score(place: usize, sentence: &str, lexicon: &Lexicon) -> f32 {
    let names = lexicon.names(sentence).len().min(3) as f32;
    let figure = if sentence.chars().any(|c| c.is_ascii_digit()) { 1.0 } else { 0.0 };
    let cues = lexicon.cues(sentence);
    let subject = cues.iter().filter(|hit| hit.what != Cue::Boilerplate).count().min(4) as f32;
    let length = text::width(sentence);
    let unwieldy = if length > 320 { 1.0 } else { 0.0 };
    let lead = if place == 0 { 1.2 } else { 0.0 };
    names + figure + 0.4 * subject + lead - unwieldy - 0.1 * place as f32
}

/// The words that carry meaning; pairs of characters in Chinese.
pub(super) fn words(sentence: &str) -> HashSet<String> {
    let simple = text::simplified(sentence);
    let mut set = HashSet::new();
    for run in simple.split(|c: char| !c.is_alphanumeric()) {
        if run.chars().any(text::is_han) {
            let chars: Vec<char> = run.chars().collect();
            set.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
        } else if run.chars().count() > 3 || run.chars().any(|c| c.is_ascii_digit()) {
            set.insert(run.to_lowercase());
        }
    }
    set
}

/// The share of the smaller set that both have.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
pub(super) fn overlap(a: &HashSet<String>, b: &HashSet<String>) -> f32 {
    let smaller = a.len().min(b.len());
    if smaller == 0 {
        return 0.0;
    }
    a.intersection(b).count() as f32 / smaller as f32
}
