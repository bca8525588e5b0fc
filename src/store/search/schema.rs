//! The index's fields, its words, and a record as its document.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{Index, TantivyDocument, Term};

use crate::lexicon::Lexicon;
use crate::query::{self, Kind, Matter, words};

/// The names of our tokenizers.
const WORDS: &str = "words";
const BEGUN: &str = "begun";

/// The fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The record's kind and id.
    pub(super) name: Field,
    /// Words of its titles.
    pub(super) title: Field,
    /// Words of everything else.
    pub(super) text: Field,
    /// Words of who says it, and what they begin with.
    pub(super) source: Field,
    /// What it is about, as terms print.
    pub(super) names: Field,
    /// What its titles name.
    pub(super) title_names: Field,
    /// The day it was published first, counted from 1970.
    pub(super) first: Field,
    /// The day it was published last.
    pub(super) last: Field,
    /// What it counts among others, in percent.
    pub(super) weight: Field,
    /// When it was published last, in seconds from 1970.
    pub(super) moment: Field,
    /// What decides between records that answer equally well, the same at every making.
    pub(super) tie: Field,
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let text = |norms: bool, option: IndexRecordOption, tokenizer: &str| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_fieldnorms(norms)
            .set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let mut builder = Schema::builder();
    let words = |norms, tokenizer| text(norms, IndexRecordOption::WithFreqsAndPositions, tokenizer);
    let exact = || text(false, IndexRecordOption::Basic, "raw");
    let fields = Fields {
        name: builder.add_text_field("name", STRING | STORED),
        title: builder.add_text_field("title", words(true, WORDS)),
        text: builder.add_text_field("text", words(true, WORDS)),
        source: builder.add_text_field("source", words(false, BEGUN)),
        names: builder.add_text_field("names", exact()),
        title_names: builder.add_text_field("title_names", exact()),
        first: builder.add_i64_field("first", FAST | INDEXED),
        last: builder.add_i64_field("last", FAST | INDEXED),
        weight: builder.add_u64_field("weight", FAST),
        moment: builder.add_i64_field("moment", FAST),
        tie: builder.add_u64_field("tie", FAST),
    };
    (builder.build(), fields)
}

/// Tells the index what words are.
pub(super) fn register(index: &Index) {
    index.tokenizers().register(WORDS, Words(words::words));
    index.tokenizers().register(BEGUN, Words(words::begun));
}

impl Fields {
    /// The term that finds a record by its name.
    pub(super) fn by_name(&self, name: &str) -> Term {
        Term::from_field_text(self.name, name)
    }

    /// The term that finds all records of a kind.
    pub(super) fn by_kind(&self, kind: Kind) -> Term {
        Term::from_field_text(self.names, &query::Term::Kind(kind).to_string())
    }

    /// A record as its document.
    pub(super) fn document(
        &self,
        name: &str,
        matter: &Matter,
        lexicon: &Lexicon,
    ) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.name, name);
        document.add_text(self.title, &matter.title);
        document.add_text(self.text, &matter.text);
        matter.sources.iter().for_each(|source| document.add_text(self.source, source));
        matter.names(lexicon).iter().for_each(|name| document.add_text(self.names, name));
        for name in matter.title_names(lexicon) {
            document.add_text(self.title_names, name);
        }
        document.add_i64(self.first, day(matter.at.date_naive()));
        document.add_i64(self.last, day(matter.latest.date_naive()));
        // An edition repeats what stories say, and says nearly everything.
        let weight = match matter.kind {
            Kind::Edition => 30,
            Kind::Story | Kind::Claim | Kind::Restriction => 100,
        };
        document.add_u64(self.weight, weight);
        document.add_i64(self.moment, matter.latest.timestamp());
        document.add_u64(self.tie, tie(name));
        document
    }
}

/// A small number that is another one for most other names.
fn tie(name: &str) -> u64 {
    name.bytes().fold(7, |tie: u64, byte| (tie * 31 + u64::from(byte)) % 65_521)
}

/// Days since 1970.
pub(super) fn day(day: chrono::NaiveDate) -> i64 {
    day.signed_duration_since(chrono::NaiveDate::default()).num_days()
}

/// The query language's words, for the index.
#[derive(Clone)]
struct Words(fn(&str) -> Vec<words::Word>);

struct Stream {
    words: std::vec::IntoIter<words::Word>,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream { words: (self.0)(text).into_iter(), token: Token::default() }
    }
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        self.token.text = word.text;
        self.token.position = word.place as usize;
        self.token.offset_from = word.at.start;
        self.token.offset_to = word.at.end;
        self.token.position_length = 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
