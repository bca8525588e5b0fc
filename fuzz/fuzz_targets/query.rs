//! Lines of any kind: reading one never panics, and what was understood reads back.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use monazite::config::BUILT_IN;
use monazite::lexicon::Lexicon;
use monazite::query::{self, Facts, Kind, Matter};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let (_, text) = BUILT_IN.iter().find(|(name, _)| *name == "lexicon.toml").expect("it is built in");
    Lexicon::parse(text).expect("the built-in lexicon is right")
});

fuzz_target!(|line: &str| {
    let query = query::parse(line, &LEXICON);
    let printed = query.to_string();
    assert_eq!(query::parse(&printed, &LEXICON), query, "{line:?} printed as {printed:?}");
    assert!(printed.chars().count() <= query::LONGEST);
    let mut matter = Matter::new(Kind::Story, chrono::DateTime::UNIX_EPOCH);
    line.clone_into(&mut matter.text);
    let _matches = query.matches(&Facts::of(&matter, &LEXICON), matter.at);
});
