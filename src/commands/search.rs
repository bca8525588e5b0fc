//! `/search`: stories, claims, restrictions and editions by words, names and dates.
//!
//! One card for each story, with the sentence in which the words stand. A claim
//! is shown as a claim, with who stands behind it. What a line was taken to
//! mean is said; what finds nothing is answered with what near it would.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::commands::{
    Command, CommandError, Desk, Known, bold, matching, page_buttons, paged, plain, time,
};
use crate::model::event::Invocation;
use crate::model::license::{Certainty, Claim, ClaimId, LicenseType};
use crate::model::message::{Action, Block, Button, Card, Cards, Line, Message, Span};
use crate::model::story::{Story, StoryId};
use crate::query::{self, Clause, Kind, Marker, Query, Term};
use crate::register;
use crate::store::{Changes, Hit};
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "search",
    summary: "Stories, licenses and restrictions by words, names and dates, in English and Chinese",
    usage: "words",
    manage: false,
    completes: true,
    run,
};

/// Cards on a page.
const PAGE: usize = 5;
/// Pages that can be turned to.
const MOST_PAGES: usize = 40;
/// Bytes of a button's command line, less what a page adds.
const BUTTON: usize = 62 - " page 99".len();
/// Long queries that buttons can stand for at once; a later one takes the place of an older.
const HANDLES: u32 = 512;
/// Characters of a sentence shown.
const SENTENCE: usize = 300;
/// Offers under an answer that found nothing.
const OFFERS: usize = 4;
/// Results offered at once for sharing in another chat.
const SHARED: usize = 10;
/// Results offered for a line at most, one ten after the other.
const MOST_SHARED: usize = 200;

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let (wanted, page) = paged(asked.args.trim());
    let line = match wanted.strip_prefix('~') {
        Some(handle) => remembered(desk, handle)?,
        None => wanted.to_owned(),
    };
    let query = query::parse(&line, &desk.lexicon);
    if query.is_empty() {
        return Err(CommandError::User(
            "Say what to look for, for example /search dysprosium license Europe, /search \"general license\" since:30d, \
             or /search company:lynas -iluka. Names and words of the field are found in English, Chinese and Ukrainian alike; \
             in quotes a word is only itself."
                .to_owned(),
        ));
    }
    let page = page.min(MOST_PAGES);
    let found = desk.search.find(&query, now, (page - 1) * PAGE, PAGE)?;
    if found.unready {
        return Ok(Message::text("The search index is being made. Please ask again in a minute."));
    }
    if found.total == 0 {
        return nothing(desk, &query, now);
    }
    let zone = desk.subscription(asked.reply.destination())?.map_or(desk.zone, |s| s.zone);
    let known = desk.known(now)?;
    let answer = Answer { desk, query: &query, marker: Marker::of(&query), known: &known, zone };
    let pages = found.total.div_ceil(PAGE).min(MOST_PAGES);
    let mut blocks = vec![Block::Title(Line::text(title(desk, &query)))];
    blocks.extend(query.notes.iter().map(|note| Block::Paragraph(Line::text(note.to_string()))));
    if found.hits.is_empty() {
        blocks.push(Block::Paragraph(Line::text("There is nothing further back.")));
    }
    for hit in &found.hits {
        blocks.extend(answer.card(hit)?);
    }
    blocks.push(Block::Footer(Line::text(footer(found.total, page, pages, &query))));
    let buttons = page_buttons(&button_line(desk, &query)?, page, pages);
    Ok(Message { blocks, buttons, ..Message::default() })
}

fn title(desk: &Desk, query: &Query) -> String {
    format!("Search: {}", text::cut(&query.spoken(&desk.lexicon), 80))
}

fn footer(total: usize, page: usize, pages: usize, query: &Query) -> String {
    let records = if total == 1 { "record" } else { "records" };
    let place = if pages > 1 { format!(", page {page} of {pages}") } else { String::new() };
    format!("{total} {records} found{place}. Read as: {query}")
}

/// The command line that asks the same again, short enough for a button.
fn button_line(desk: &Desk, query: &Query) -> Result<String, CommandError> {
    let line = format!("search {query}");
    if line.len() <= BUTTON && !line.ends_with(" page") {
        return Ok(line);
    }
    let text = query.to_string();
    let handle = handle(&text);
    let note = note(&handle);
    if desk.store.note(&note)?.as_deref() != Some(text.as_str()) {
        desk.store.commit(Changes { notes: vec![(note, text)], ..Changes::default() })?;
    }
    Ok(format!("search ~{handle}"))
}

/// What a handle stands for.
fn remembered(desk: &Desk, handle: &str) -> Result<String, CommandError> {
    let known = desk.store.note(&note(handle))?;
    known.filter(|text| self::handle(text) == handle).ok_or_else(|| {
        CommandError::User("That search is no longer remembered. Please send it again.".to_owned())
    })
}

fn handle(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The place in which a handle's query is kept.
fn note(handle: &str) -> String {
    let number = u32::from_str_radix(handle, 16).unwrap_or_default();
    format!("search:{}", number % HANDLES)
}

struct Answer<'a> {
    desk: &'a Desk,
    query: &'a Query,
    marker: Marker,
    known: &'a Known,
    zone: chrono_tz::Tz,
}

impl Answer<'_> {
    fn card(&self, hit: &Hit) -> Result<Vec<Block>, CommandError> {
        Ok(match hit.kind {
            Kind::Story => match self.desk.store.story(&StoryId(hit.id.clone()))? {
                Some(story) => self.story(&story)?,
                None => Vec::new(),
            },
            Kind::Claim => self.claim(&ClaimId(hit.id.clone())),
            Kind::Restriction => self.restriction(&hit.id),
            Kind::Edition => match self.desk.store.edition_by_id(&hit.id.as_str().into())? {
                Some(edition) => vec![Block::Paragraph(Line(vec![
                    bold(format!("Brief No. {}", edition.number)),
                    plain(" · "),
                    time(edition.closes, self.zone),
                    plain(" · "),
                    Span::Command(format!("/brief {}", edition.date)),
                ]))],
                None => Vec::new(),
            },
        })
    }

    fn story(&self, story: &Story) -> Result<Vec<Block>, CommandError> {
        let Some(primary) = story.primary() else { return Ok(Vec::new()) };
        let title = text::cut(&text::one_line(&story.title), 200);
        let mut line = vec![Span::Link { text: title, url: primary.url.clone() }];
        line.push(plain(format!(" — {}", text::cut(&primary.publisher, 60))));
        let others = others(story);
        if !others.is_empty() {
            line.push(plain(format!(", also reported by {}", register::listed(&others))));
        }
        line.push(plain(" · "));
        line.push(time(primary.published, self.zone));
        let mut blocks = vec![Block::Paragraph(Line(line))];
        blocks.extend(self.sentence(story)?.map(|text| Block::Quote(self.marked(&text))));
        Ok(blocks)
    }

    /// The sentence of a story in which most of what is looked for stands.
    fn sentence(&self, story: &Story) -> Result<Option<String>, CommandError> {
        let mut best: Option<(usize, String)> = None;
        let all = self.query.spoken_of();
        let mut look = |sentence: &str| {
            // Nothing can be better than a sentence with everything in it.
            if best.as_ref().is_some_and(|(most, _)| *most >= all) {
                return;
            }
            let sentence = text::one_line(sentence);
            let (_, terms) = self.marker.marks(&sentence, &self.desk.lexicon);
            if best.as_ref().is_none_or(|(most, _)| terms > *most) {
                best = Some((terms, sentence));
            }
        };
        story.highlights.iter().for_each(|highlight| look(&highlight.text));
        for telling in story.tellings.iter().take(4) {
            let body = self.desk.store.body(&telling.article)?.unwrap_or_default();
            text::sentences(&body).into_iter().take(60).for_each(&mut look);
        }
        Ok(best.map(|(_, sentence)| sentence))
    }

    /// A sentence with what is looked for in bold, cut around it when long.
    fn marked(&self, sentence: &str) -> Line {
        let lexicon = &self.desk.lexicon;
        let (marks, _) = self.marker.marks(sentence, lexicon);
        let first = marks.first().map_or(0, |at| at.start);
        let lead = sentence[..first].chars().count();
        let skip = if sentence.chars().count() > SENTENCE && lead > SENTENCE * 2 / 3 {
            let from = sentence[..first].char_indices().rev().nth(80).map_or(0, |(at, _)| at);
            from + sentence[from..first].find(' ').map_or(0, |at| at + 1)
        } else {
            0
        };
        let head = if skip > 0 { "… " } else { "" };
        let shown = text::cut(&format!("{head}{}", &sentence[skip..]), SENTENCE);
        let (marks, _) = self.marker.marks(&shown, lexicon);
        let mut spans = Vec::new();
        let mut from = 0;
        for at in marks {
            if at.start > from {
                spans.push(plain(&shown[from..at.start]));
            }
            spans.push(bold(&shown[at.clone()]));
            from = at.end;
        }
        if from < shown.len() {
            spans.push(plain(&shown[from..]));
        }
        Line(spans)
    }

    /// A claim as the register judges it; nothing when it no longer counts.
    fn claim(&self, id: &ClaimId) -> Vec<Block> {
        let rows = &self.known.register.rows;
        let entry = rows.iter().find_map(|row| {
            row.history.iter().find(|entry| entry.claim.id == *id).map(|entry| (row, &entry.claim))
        });
        let Some((row, claim)) = entry else { return Vec::new() };
        // Even an authority's word is a word about one license, not an entry in a list.
        let backing = match claim.certainty {
            Certainty::Official => "An official statement".to_owned(),
            other => sentence_case(register::certainty(other)),
        };
        let who = register::named(row, &self.desk.lexicon);
        let what = format!(" — {who}: {}. {backing}, not an official register.", said(claim));
        let mut line = vec![bold("License claim"), plain(what), plain(" ")];
        line.push(link(&claim.publisher, &claim.url));
        line.push(plain(format!(" · {} · ", register::day(claim.published))));
        let command = match &claim.holder {
            Some(holder) => format!("/license {holder}"),
            None => "/licenses".to_owned(),
        };
        line.push(Span::Command(command));
        let mut blocks = vec![Block::Paragraph(Line(line))];
        if !claim.quote.is_empty() {
            blocks.push(Block::Quote(self.marked(&text::one_line(&claim.quote))));
        }
        blocks
    }

    fn restriction(&self, id: &str) -> Vec<Block> {
        let curated = self.desk.curated.restrictions.iter().find(|listing| listing.id == id);
        let stored = || {
            let all = self.known.evidence.restrictions.iter().map(|noted| &noted.record);
            all.into_iter().find(|listing| listing.id == id)
        };
        let Some(listing) = curated.or_else(stored) else { return Vec::new() };
        let mut line = vec![bold("Restriction"), plain(" — ")];
        line.push(plain(format!("{}: {}. ", listing.announcement, listing.what)));
        line.push(link(&listing.publisher, &listing.url));
        if let Some(from) = listing.effective {
            line.push(plain(format!(" · from {}", register::date(from))));
        }
        let mut blocks = vec![Block::Paragraph(Line(line))];
        if !listing.quote.is_empty() {
            blocks.push(Block::Quote(self.marked(&text::one_line(&listing.quote))));
        }
        blocks
    }
}

/// What a claim says happened, with its date.
fn said(claim: &Claim) -> String {
    let kind = match claim.license_type {
        LicenseType::General => "general license ",
        LicenseType::Individual => "individual license ",
        LicenseType::Unspecified => "license ",
    };
    let date = claim.date.map(|date| format!(", {}", register::date(date))).unwrap_or_default();
    format!("{kind}{}{date}", register::action(claim.action))
}

fn sentence_case(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn link(name: &str, url: &str) -> Span {
    let name = text::cut(&text::one_line(name), 60);
    if url.starts_with("http") {
        Span::Link { text: name, url: url.to_owned() }
    } else {
        plain(name)
    }
}

/// Publishers that told a story too, at most three and how many more.
fn others(story: &Story) -> Vec<String> {
    let first = story.primary().map(|telling| telling.publisher.as_str());
    let mut names: Vec<String> = Vec::new();
    for telling in &story.tellings {
        if Some(telling.publisher.as_str()) != first && !names.contains(&telling.publisher) {
            names.push(telling.publisher.clone());
        }
    }
    if names.len() > 4 {
        let more = names.len() - 3;
        names.truncate(3);
        names.push(format!("{more} others"));
    }
    names
}

/// A query near one that finds nothing.
struct Offer {
    label: String,
    query: Query,
}

/// What near the query would find something, with how much: first other words for what is not
/// found, then other days, then fewer words, then each word alone.
fn nothing(desk: &Desk, query: &Query, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let mut offers = near_names(desk, query);
    if query.since.is_some() || query.until.is_some() {
        offers.push(Offer { label: "At any time".to_owned(), query: query.undated() });
    }
    offers.extend(fewer(desk, query));
    offers.extend(alone(desk, query));
    let mut buttons = Vec::new();
    for Offer { label, query: near } in offers {
        if buttons.len() == OFFERS {
            break;
        }
        let count = desk.search.count(&near, now)?;
        if count > 0 {
            let action = Action::Edit(button_line(desk, &near)?);
            buttons.push(vec![Button { label: format!("{label} ({count})"), action }]);
        }
    }
    let hint = if buttons.is_empty() {
        "Fewer or other words may find more; /latest shows what is new."
    } else {
        "Near it:"
    };
    let mut blocks = vec![Block::Title(Line::text(title(desk, query)))];
    blocks.extend(query.notes.iter().map(|note| Block::Paragraph(Line::text(note.to_string()))));
    blocks.push(Block::Paragraph(Line::text(format!("Nothing found. {hint}"))));
    Ok(Message { blocks, buttons, ..Message::default() })
}

/// The query with each of its parts left out, where something to look for is left.
fn fewer(desk: &Desk, query: &Query) -> Vec<Offer> {
    let one = |(i, clause): (usize, &Clause)| {
        let not = if clause.not { "not " } else { "" };
        let label = format!("Without {not}{}", spoken(desk, clause));
        let query = query.without(i);
        (query.spoken_of() > 0).then_some(Offer { label, query })
    };
    query.clauses.iter().enumerate().filter_map(one).collect()
}

/// Each part of a query of three or more by itself, at any time: of two, leaving one out does it.
fn alone(desk: &Desk, query: &Query) -> Vec<Offer> {
    let one = |clause: &Clause| {
        let alone = Query { clauses: vec![clause.clone()], ..Query::default() };
        let label = format!("Only {}", spoken(desk, clause));
        (!clause.not && alone.spoken_of() > 0).then_some(Offer { label, query: alone })
    };
    let parts = if query.clauses.len() > 2 { query.clauses.as_slice() } else { &[] };
    parts.iter().filter_map(one).collect()
}

/// A part of a query as it is said, cut for a button.
fn spoken(desk: &Desk, clause: &Clause) -> String {
    let terms: Vec<String> = clause.any.iter().map(|t| t.spoken(&desk.lexicon)).collect();
    text::cut(&terms.join(" or "), 24)
}

/// The query with its words taken as the beginnings of names, or as slips of the pen.
fn near_names(desk: &Desk, query: &Query) -> Vec<Offer> {
    let mut found = Vec::new();
    for (i, clause) in query.clauses.iter().enumerate() {
        let Some(word) = clause.any.first().and_then(Term::spelled) else { continue };
        if word.chars().count() < 3 || clause.not {
            continue;
        }
        let near = query::near_word(word).map(str::to_owned);
        for name in near.into_iter().chain(matching(&names(desk), word)).take(2) {
            let mut near = query.without(i);
            let meant = query::parse(&name, &desk.lexicon).clauses;
            near.clauses.splice(i..i, meant);
            found.push(Offer { label: text::cut(&name, 30), query: near });
        }
    }
    found
}

fn names(desk: &Desk) -> Vec<String> {
    let elements = desk.lexicon.elements().iter().map(|element| element.english.clone());
    let companies = desk.lexicon.companies().iter().map(|company| company.short.clone());
    let products = desk.lexicon.products().iter().map(|product| product.label.clone());
    elements.chain(companies).chain(products).collect()
}

/// The line with its last word completed to a name.
pub(super) fn complete(desk: &Desk, partial: &str) -> Vec<String> {
    let (before, last) = partial.rsplit_once(' ').unwrap_or(("", partial));
    let gap = if before.is_empty() { "" } else { " " };
    let keys = ["since:7d", "since:30d", "signal:easing", "signal:tightening", "kind:claim"];
    let topics = desk.lexicon.topics().iter().map(|topic| format!("topic:{}", topic.id));
    let sources = desk.sources.iter().map(|source| format!("source:{}", source.id));
    let all: Vec<String> = names(desk)
        .into_iter()
        .chain(topics)
        .chain(keys.map(str::to_owned))
        .chain(sources)
        .collect();
    let found = matching(&all, last).into_iter().map(|name| format!("{before}{gap}{name}"));
    found.filter(|line| line.chars().count() <= 100).collect()
}

/// What can be shared in another chat for a half-typed line: the best stories, the latest ones
/// when nothing is typed; those behind the first `from`.
pub(super) fn shared(
    desk: &Desk,
    line: &str,
    from: usize,
    now: DateTime<Utc>,
) -> Result<Cards, CommandError> {
    let from = from.min(MOST_SHARED);
    let mut query = query::parse(line, &desk.lexicon);
    let mut stories: Vec<Story> = if query.is_empty() {
        let latest = desk.store.latest_stories(from + SHARED + 1, |_| true)?;
        latest.into_iter().skip(from).collect()
    } else {
        let only = Clause { not: false, any: vec![Term::Kind(Kind::Story)] };
        query.clauses.push(only);
        let found = desk.search.find(&query, now, from, SHARED + 1)?;
        let ids = found.hits.into_iter().map(|hit| StoryId(hit.id));
        let stories = ids.map(|id| desk.store.story(&id)).collect::<Result<Vec<_>, _>>()?;
        stories.into_iter().flatten().collect()
    };
    let more = (stories.len() > SHARED).then_some(from + SHARED);
    stories.truncate(SHARED);
    let known = desk.known(now)?;
    let marker = Marker::of(&query);
    let answer = Answer { desk, query: &query, marker, known: &known, zone: desk.zone };
    let mut cards = Vec::new();
    for story in &stories {
        let Some(primary) = story.primary() else { continue };
        let sentence = answer.sentence(story)?.unwrap_or_default();
        let day = register::day(primary.published.date_naive());
        cards.push(Card {
            id: story.id.0.clone(),
            title: text::cut(&text::one_line(&story.title), 120),
            description: text::cut(&format!("{} · {day} · {sentence}", primary.publisher), 200),
            url: primary.url.clone(),
            message: Message { blocks: answer.story(story)?, ..Message::default() },
        });
    }
    Ok(Cards { cards, more: more.filter(|more| *more < MOST_SHARED) })
}
