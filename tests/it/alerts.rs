//! Alerts: what raises one and how much it matters, and its life from a report to a correction.

use std::fmt::Write as _;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use expect_test::{Expect, expect};
use monazite::alert::watches::{Index, can_watch};
use monazite::alert::{self, Brought, Event, Known, Raised, Recent, Rules};
use monazite::chat::console::{Look, text};
use monazite::compose::alert::{Shown, alert as in_words};
use monazite::config::BUILT_IN;
use monazite::enrich::claims;
use monazite::lexicon::Lexicon;
use monazite::model::alert::{Alert, Severity};
use monazite::model::article::{Article, Tier};
use monazite::model::license::Claim;
use monazite::model::message::Message;
use monazite::model::story::Story;
use monazite::model::subscription::Quiet;
use monazite::query::{self, Facts, Matter};
use monazite::register::{self, Curated, Evidence};
use proptest::prelude::*;

use crate::world::home::{at, told};

fn built_in(file: &str) -> &'static str {
    BUILT_IN.iter().find(|(name, _)| *name == file).unwrap().1
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::parse(built_in("lexicon.toml")).unwrap_or_else(|_| panic!("lexicon"))
});
static CURATED: LazyLock<Curated> =
    LazyLock::new(|| register::curated(built_in("licenses.toml"), Some(&LEXICON)).unwrap());
static CLAIMS: LazyLock<claims::Rules> =
    LazyLock::new(|| claims::Rules::parse(claims::BUILT_IN).unwrap());
static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::parse(built_in("alerts.toml")).unwrap());

/// A story as it grows, with the register and the alert that grow with it.
struct Told {
    evidence: Evidence,
    story: Option<Story>,
    alert: Option<Alert>,
    asked: bool,
    log: String,
}

impl Told {
    fn new() -> Self {
        let evidence = Evidence::default().with(&CURATED, &LEXICON);
        Self { evidence, story: None, alert: None, asked: false, log: String::new() }
    }

    /// Somebody publishes this; what it makes of the alert goes to the log.
    fn by(&mut self, publisher: &str, tier: u8, when: &str, title: &str, body: &str) -> &mut Self {
        let article = article(publisher, tier, at(when), title, body);
        let said = self.said(&article);
        self.take(&article, said, &[], None)
    }

    /// The publisher changes its article.
    fn changed(&mut self, publisher: &str, when: &str, title: &str, body: &str) -> &mut Self {
        let story = self.story.clone().unwrap();
        let telling = story.tellings.iter().find(|t| t.publisher == publisher).unwrap().clone();
        let before: Vec<Claim> =
            self.evidence.claims.iter().filter(|claim| claim.url == telling.url).cloned().collect();
        let mut article = article(publisher, telling.tier.0, at(when), title, body);
        article.url.clone_from(&telling.url);
        let said = self.said(&article);
        let gone: Vec<Claim> =
            before.into_iter().filter(|c| said.claims.iter().all(|o| o.id != c.id)).collect();
        let old = (telling.title != title).then_some(telling.title);
        self.take(&article, said, &gone, old.as_deref())
    }

    fn said(&self, article: &Article) -> claims::Found {
        let told = claims::Told {
            title: &article.title,
            body: &article.body,
            published: article.published,
            dated: true,
            language: &article.language,
            publisher: &article.publisher,
            tier: article.tier,
            url: &article.url,
            now: article.first_seen,
        };
        claims::claims(&told, &LEXICON, &CLAIMS)
    }

    fn take(
        &mut self,
        article: &Article,
        mut said: claims::Found,
        gone: &[Claim],
        retitled: Option<&str>,
    ) -> &mut Self {
        let now = article.first_seen;
        let mut story = self.story.take().unwrap_or_else(|| told("x", now, "licensing").1);
        if story.title == "x" {
            story.tellings.clear();
            story.title.clone_from(&article.title);
        }
        let (_, other) = told(&article.title, now, "licensing");
        let mut telling = other.tellings[0].clone();
        telling.publisher.clone_from(&article.publisher);
        telling.url.clone_from(&article.url);
        telling.tier = article.tier;
        story.tellings.retain(|t| t.url != telling.url);
        story.tellings.push(telling);
        let today = now.date_naive();
        let known = |claim: &Claim| self.evidence.claims.iter().any(|other| other.id == claim.id);
        said.claims.retain(|claim| !known(claim));
        let mut after = self.evidence.clone();
        after.claims.extend(said.claims.iter().cloned());
        let fold =
            |evidence: &Evidence| register::fold(&evidence.claims, &evidence.decisions, today);
        let (before, now_known) = (fold(&self.evidence), fold(&after));
        let listings: Vec<_> = said
            .restrictions
            .iter()
            .filter(|listing| {
                register::is_new_listing(&CURATED, &self.evidence.restrictions, listing, now)
            })
            .cloned()
            .collect();
        let acts: Vec<_> = said
            .regime
            .iter()
            .filter(|act| register::is_new_announcement(&CURATED, &self.evidence.regime, act, now))
            .cloned()
            .collect();
        let brought = Brought {
            article,
            claims: &said.claims,
            restrictions: &listings,
            regime: &acts,
            withdrawn: gone,
            retitled,
        };
        let against = Known { lexicon: &LEXICON, before: &before, after: &now_known };
        let events: Vec<Event> = alert::events(&brought, &against, &RULES);
        for event in &events {
            let severity = event.severity.map_or("-", Severity::as_str);
            writeln!(
                self.log,
                "  {severity} {:?}: {} [{}]",
                event.happening,
                event.what(),
                event.certainty
            )
            .unwrap();
        }
        let raised = Raised { story: &story, article, events: &events, asked: self.asked };
        match alert::advance(self.alert.as_ref(), &raised, now) {
            Some(next) => {
                self.log.push_str(&shown(&next));
                self.alert = Some(next);
            }
            None => self.log.push_str("  nothing to tell\n"),
        }
        self.log.push('\n');
        self.evidence = after;
        self.story = Some(story);
        self
    }

    fn check(&self, expected: &Expect) {
        expected.assert_eq(&self.log);
    }
}

fn shown(alert: &Alert) -> String {
    let message =
        in_words(alert, &Shown { zone: chrono_tz::America::New_York, why: "", updates: 6 });
    let text = text(&Message { buttons: Vec::new(), ..message }, &Look::PLAIN);
    format!("revision {}\n{text}\n", alert.revision)
}

fn article(publisher: &str, tier: u8, when: DateTime<Utc>, title: &str, body: &str) -> Article {
    let (mut article, _) = told(title, when, "licensing");
    article.publisher = publisher.to_owned();
    article.url = format!("https://{}.example/1", publisher.to_lowercase().replace(' ', "-"));
    article.tier = Tier(tier);
    article.body = body.to_owned();
    article
}

const GRANTED: &str = "China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth \
    magnets, Reuters reported on Tuesday, citing a person familiar with the matter.";

#[test]
fn from_a_report_to_a_correction() {
    let mut told = Told::new();
    told.by(
        "The Wire",
        2,
        "2026-11-24T08:00:00Z",
        "China grants Galaxy Magnets a general export license",
        GRANTED,
    );
    for site in ["Metal Daily", "Ore Post", "Mining Mirror", "Magnet News", "Pit Paper"] {
        told.by(
            site,
            3,
            "2026-11-24T09:00:00Z",
            "Galaxy Magnets receives general export license: Reuters",
            GRANTED,
        );
    }
    told.by(
        "Exchange filings",
        1,
        "2026-11-24T10:00:00Z",
        "Galaxy Magnets confirms general export license",
        "Galaxy Magnets confirmed on Tuesday that it has received a general export license for rare-earth magnets from the \
         Ministry of Commerce.",
    );
    told.by(
        "MOFCOM",
        1,
        "2026-11-24T11:00:00Z",
        "Ministry denies report on Galaxy Magnets",
        "The Ministry of Commerce denied that it had granted Galaxy Magnets a general export license.",
    );
    told.changed(
        "The Wire",
        "2026-11-24T12:00:00Z",
        "China weighs a general export license for Galaxy Magnets",
        "China's Ministry of Commerce is weighing export rules for rare-earth magnets, Reuters reported on Tuesday.",
    );
    told.check(&expect![[r#"
          critical Told: Galaxy Magnets (银河磁体): general license granted; magnets [reported by Reuters]
        revision 1
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Reported by Reuters. Source: The Wire[1], Tue 24 Nov 03:00 EST.

        │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
        │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
        │ familiar with the matter.”

        [1] https://the-wire.example/1

          - Also: Galaxy Magnets (银河磁体): general license granted [reported by Reuters]
        revision 2
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Reported by Reuters. Source: The Wire[1], Tue 24 Nov 03:00 EST.

        │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
        │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
        │ familiar with the matter.”

        • Now also reported by Metal Daily[2].

        [1] https://the-wire.example/1
        [2] https://metal-daily.example/1

          - Also: Galaxy Magnets (银河磁体): general license granted [reported by Reuters]
        revision 3
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Reported by Reuters. Source: The Wire[1], Tue 24 Nov 03:00 EST.

        │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
        │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
        │ familiar with the matter.”

        • Now also reported by Metal Daily[2], Ore Post[3].

        [1] https://the-wire.example/1
        [2] https://metal-daily.example/1
        [3] https://ore-post.example/1

          - Also: Galaxy Magnets (银河磁体): general license granted [reported by Reuters]
        revision 4
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Reported by Reuters. Source: The Wire[1], Tue 24 Nov 03:00 EST.

        │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
        │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
        │ familiar with the matter.”

        • Now also reported by Metal Daily[2], Ore Post[3], Mining Mirror[4].

        [1] https://the-wire.example/1
        [2] https://metal-daily.example/1
        [3] https://ore-post.example/1
        [4] https://mining-mirror.example/1

          - Also: Galaxy Magnets (银河磁体): general license granted [reported by Reuters]
        revision 5
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Reported by Reuters. Source: The Wire[1], Tue 24 Nov 03:00 EST.

        │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
        │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
        │ familiar with the matter.”

        • Now also reported by Metal Daily[2], Ore Post[3], Mining Mirror[4], Magnet
          News[5].

        [1] https://the-wire.example/1
        [2] https://metal-daily.example/1
        [3] https://ore-post.example/1
        [4] https://mining-mirror.example/1
        [5] https://magnet-news.example/1

          - Also: Galaxy Magnets (银河磁体): general license granted [reported by Reuters]
        revision 6
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Reported by Reuters. Source: The Wire[1], Tue 24 Nov 03:00 EST.

        │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
        │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
        │ familiar with the matter.”

        • Now also reported by Metal Daily[2], Ore Post[3], Mining Mirror[4], Magnet
          News[5], Pit Paper[6].

        [1] https://the-wire.example/1
        [2] https://metal-daily.example/1
        [3] https://ore-post.example/1
        [4] https://mining-mirror.example/1
        [5] https://magnet-news.example/1
        [6] https://pit-paper.example/1

          high Confirmed: Galaxy Magnets (银河磁体): general license granted [confirmed by the company]
        revision 7
        Critical, confirmed: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Confirmed by the company. First told by The Wire[1], Tue 24 Nov 03:00 EST.

        │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
        │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
        │ familiar with the matter.”

        • Now also reported by Metal Daily[2], Ore Post[3], Mining Mirror[4], Magnet
          News[5], Pit Paper[6].
        • Confirmed by the company: Galaxy Magnets (银河磁体): general license granted.
          Exchange filings[7], Tue 24 Nov 05:00 EST.

        [1] https://the-wire.example/1
        [2] https://metal-daily.example/1
        [3] https://ore-post.example/1
        [4] https://mining-mirror.example/1
        [5] https://magnet-news.example/1
        [6] https://pit-paper.example/1
        [7] https://exchange-filings.example/1

          high Denied: Galaxy Magnets (银河磁体): general license said to be granted, and that is denied [denied by China's Ministry of Commerce]
        revision 8
        Critical, disputed: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Disputed: confirmed by the company; denied by China's Ministry of Commerce.
        First told by The Wire[1], Tue 24 Nov 03:00 EST.

        │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
        │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
        │ familiar with the matter.”

        • Now also reported by Metal Daily[2], Ore Post[3], Mining Mirror[4], Magnet
          News[5], Pit Paper[6].
        • Confirmed by the company: Galaxy Magnets (银河磁体): general license granted.
          Exchange filings[7], Tue 24 Nov 05:00 EST.
        • Denied by China's Ministry of Commerce: Galaxy Magnets (银河磁体): general
          license said to be granted. MOFCOM[8], Tue 24 Nov 06:00 EST.

        [1] https://the-wire.example/1
        [2] https://metal-daily.example/1
        [3] https://ore-post.example/1
        [4] https://mining-mirror.example/1
        [5] https://magnet-news.example/1
        [6] https://pit-paper.example/1
        [7] https://exchange-filings.example/1
        [8] https://mofcom.example/1

          high Corrected: The Wire changed its page, which no longer says: Galaxy Magnets, general license granted [withdrawn by its source]
        revision 9
        Critical, withdrawn: Galaxy Magnets (银河磁体): general license granted; magnets
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Withdrawn by its source. First told by The Wire[1], Tue 24 Nov 03:00 EST.
        • Now also reported by Metal Daily[2], Ore Post[3], Mining Mirror[4], Magnet
          News[5], Pit Paper[6].
        • Confirmed by the company: Galaxy Magnets (银河磁体): general license granted.
          Exchange filings[7], Tue 24 Nov 05:00 EST.
        • Denied by China's Ministry of Commerce: Galaxy Magnets (银河磁体): general
          license said to be granted. MOFCOM[8], Tue 24 Nov 06:00 EST.
        • Corrected: The Wire changed its page, which no longer says: Galaxy Magnets,
          general license granted. The Wire[1], Tue 24 Nov 07:00 EST.

        [1] https://the-wire.example/1
        [2] https://metal-daily.example/1
        [3] https://ore-post.example/1
        [4] https://mining-mirror.example/1
        [5] https://magnet-news.example/1
        [6] https://pit-paper.example/1
        [7] https://exchange-filings.example/1
        [8] https://mofcom.example/1

    "#]]);
}

#[test]
fn who_names_nobody_does_not_tell_the_same() {
    let mut told = Told::new();
    let title = "China grants Galaxy Magnets a general export license";
    told.by("The Wire", 2, "2026-11-24T08:00:00Z", title, GRANTED);
    let title = "China lets more magnets go to Germany";
    let body = "Export licenses for rare-earth magnets come faster, buyers in Germany said on Tuesday. They named no exporter.";
    told.log.clear();
    told.by("Metal Daily", 3, "2026-11-24T09:00:00Z", title, body);
    assert_eq!(told.log.trim(), "nothing to tell");
}

// ---------------------------------------------------------------- inverted matching

fn facts(title: &str, body: &str) -> Facts {
    let article = article("The Wire", 2, at("2026-11-24T08:00:00Z"), title, body);
    Facts::of(&Matter::article(&article), &LEXICON)
}

#[test]
fn an_article_finds_the_watches_that_ask_for_it() {
    let mut index = Index::default();
    let watches = [
        "license news on dysprosium for Europe",
        "镝",
        "company:jl-mag -lynas",
        "\"Galaxy Magnets\"",
        "terbium OR galaxy",
        "source:wire magnets",
        "helium",
    ];
    for (i, line) in watches.iter().enumerate() {
        index.insert(i, &query::parse(line, &LEXICON));
    }
    let now = at("2026-11-24T09:00:00Z");
    let found = |index: &Index<usize>, title: &str, body: &str| {
        let found = index.matching(&facts(title, body), now);
        found.iter().map(|i| watches[*i]).collect::<Vec<_>>().join(" | ")
    };
    let told = "China's ministry approved export licenses for dysprosium magnets to Germany, traders said.";
    expect![[r#"
        "Galaxy Magnets" | terbium OR galaxy | source:wire magnets
        license news on dysprosium for Europe | 镝 | source:wire magnets
        source:wire magnets
        镝
    "#]]
    .assert_eq(
        &[
            found(&index, "China grants Galaxy Magnets a general export license", GRANTED),
            found(&index, "Export licenses for dysprosium", told),
            found(&index, "JL Mag and Lynas talk", "The two firms talked about magnets."),
            found(&index, "商务部批准氧化镝出口许可", "商务部批准氧化镝出口许可。"),
            found(&index, "Weather", "It rains."),
        ]
        .join("\n"),
    );
    index.remove(&1);
    index.insert(0, &query::parse("helium", &LEXICON));
    expect!["source:wire magnets"].assert_eq(&found(
        &index,
        "Export licenses for dysprosium",
        told,
    ));
    assert_eq!(index.len(), 6);
}

proptest! {
    /// The index finds what comparing every query finds.
    #[test]
    fn inverted_matching_is_matching(
        lines in proptest::collection::vec(
            proptest::sample::select(vec![
                "dysprosium", "dysprosium license", "license", "magnets -terbium", "terbium OR magnets", "JL Mag",
                "topic:licensing", "source:wire", "\"general export license\"", "signal:easing dysprosium", "since:2026-11-01 magnets",
                "-terbium", "galaxy magnets", "europe", "ministry", "镝 许可",
            ]), 1..12),
        gone in proptest::collection::vec(0usize..12, 0..6),
        text in proptest::sample::select(vec![
            GRANTED, "Terbium and dysprosium for Europe.", "JL Mag makes magnets.", "商务部 镝 许可", "Nothing.",
        ]),
    ) {
        let mut index = Index::default();
        for (i, line) in lines.iter().enumerate() {
            index.insert(i, &query::parse(line, &LEXICON));
        }
        for i in &gone {
            index.remove(i);
        }
        let (facts, now) = (facts("A title", text), at("2026-11-24T09:00:00Z"));
        let each: Vec<usize> = lines.iter().enumerate().filter(|(i, _)| !gone.contains(i)).filter(|(_, line)| {
            let query = query::parse(line, &LEXICON);
            can_watch(&query) && query.matches(&facts, now)
        }).map(|(i, _)| i).collect();
        prop_assert_eq!(index.matching(&facts, now), each);
    }

    /// What a query printed is read as it was, without a second look.
    #[test]
    fn a_printed_query_is_reread_as_it_was(line in "[a-zA-Z镝欧洲许可 :\"-]{0,60}|(license|news|on|dysprosum|for|Europe|OR|-[a-z]{3}| |company:lynas){1,12}") {
        let query = query::parse(&line, &LEXICON);
        prop_assert_eq!(query::reread(&query.to_string(), &LEXICON), query);
    }
}

/// How many queries each text is compared with, and how many watches ask for it.
fn compared(lines: impl Iterator<Item = String>, texts: &[&str]) -> String {
    let mut index = Index::default();
    for (i, line) in lines.enumerate() {
        let query = query::parse(&line, &LEXICON);
        if can_watch(&query) {
            index.insert(i, &query);
        }
    }
    let now = at("2026-11-24T09:00:00Z");
    let of = |text: &&str| {
        let facts = facts("A title", text);
        format!("{}/{}", index.compared(&facts), index.matching(&facts, now).len())
    };
    format!("{} filed: {}", index.len(), texts.iter().map(of).collect::<Vec<_>>().join(", "))
}

#[test]
fn an_article_costs_what_it_matches_whatever_is_watched() {
    let chain = |from: usize| (from..from + 30).map(|n| format!("w{n}x")).collect::<Vec<_>>();
    let texts = [
        "China speaks of magnets.",
        "China speaks of w7x and w1200x.",
        "Nothing of it, but magnets.",
        "A thing of w7x w8x w9x w10x.",
    ];
    let many = 3_000;
    let kinds: [(&str, Box<dyn Fn(usize) -> String>); 8] = [
        ("one word", Box::new(|_| "china".to_owned())),
        ("a common word and a rare one", Box::new(|n| format!("china w{n}x"))),
        ("a common name and a rare word", Box::new(|n| format!("element:Dy place:china w{n}x"))),
        ("two common words", Box::new(|n| format!("magnets china -w{n}x"))),
        ("long chains", Box::new(move |n| chain(n).join(" OR "))),
        (
            "a common word and long chains",
            Box::new(move |n| format!("china {}", chain(n).join(" OR "))),
        ),
        ("none of these", Box::new(|n| format!("-china -w{n}x"))),
        ("side by side", Box::new(|n| format!("\"china w{n}x\""))),
    ];
    let told = kinds
        .iter()
        .map(|(name, line)| format!("{name}: {}", compared((0..many).map(line), &texts)));
    expect![[r#"
        one word: 3000 filed: 1/3000, 1/3000, 0/0, 0/0
        a common word and a rare one: 3000 filed: 0/0, 2/2, 0/0, 4/0
        a common name and a rare word: 3000 filed: 0/0, 2/0, 0/0, 4/0
        two common words: 3000 filed: 3000/3000, 67/0, 7/0, 0/0
        long chains: 3000 filed: 0/0, 38/38, 0/0, 11/11
        a common word and long chains: 3000 filed: 435/0, 466/38, 0/0, 4/0
        none of these: 0 filed: 0/0, 0/0, 0/0, 0/0
        side by side: 3000 filed: 1/0, 3/0, 0/0, 4/0"#]]
    .assert_eq(&told.collect::<Vec<_>>().join("\n"));
}

/// Crowds under one word do not change what is found.
#[test]
fn a_crowd_finds_what_each_would_find() {
    let words = ["china", "magnets", "ministry", "price", "\"general export license\"", "lynas"];
    let word = |n: usize| words[n % words.len()];
    let line = |n: usize| match n % 4 {
        0 => format!("{} {} -w{n}x", word(n / 4), word(n / 24)),
        1 => format!("{} -{} x{n}x OR {}", word(n / 4), word(n / 24), word(n / 5)),
        2 => format!(
            "{} {} {} since:2026-{:02}-01",
            word(n / 4),
            word(n / 7),
            word(n / 11),
            n % 12 + 1
        ),
        _ => format!("{} OR {} {}", word(n / 4), word(n / 24), word(n / 3)),
    };
    let queries: Vec<_> = (0..2_000).map(|n| query::parse(&line(n), &LEXICON)).collect();
    let mut index = Index::default();
    for (i, query) in queries.iter().enumerate() {
        index.insert(i, query);
    }
    for i in (0..2_000).filter(|i| i % 3 == 0) {
        index.remove(&i);
    }
    let now = at("2026-11-24T09:00:00Z");
    let mut found = Vec::new();
    for text in [
        GRANTED,
        "Prices of Lynas.",
        "China, magnets, price.",
        "The ministry of w8x prices magnets.",
    ] {
        let facts = facts("A title", text);
        let each: Vec<usize> =
            (0..2_000).filter(|i| i % 3 != 0 && queries[*i].matches(&facts, now)).collect();
        assert_eq!(index.matching(&facts, now), each, "{text}");
        found.push(each.len());
    }
    expect!["[506, 133, 269, 295]"].assert_eq(&format!("{found:?}"));
}

#[test]
fn what_nobody_watches_any_longer_is_forgotten() {
    let mut index = Index::default();
    let lines =
        ["galaxy magnets", "\"price floor\" -terbium", "terbium OR helium", "galaxy magnets"];
    for (i, line) in lines.iter().enumerate() {
        index.insert(i, &query::parse(line, &LEXICON));
    }
    let asked = facts("Galaxy Magnets", "Helium and a price floor.");
    let now = at("2026-11-24T09:00:00Z");
    assert_eq!(index.matching(&asked, now), [0, 1, 2, 3]);
    for i in 0..lines.len() {
        index.remove(&i);
    }
    assert!(index.is_empty());
    assert_eq!(index.compared(&asked), 0);
    // What comes in their places is not taken for them.
    index.insert(9, &query::parse("helium -floor", &LEXICON));
    assert!(index.matching(&asked, now).is_empty());
    assert_eq!(index.matching(&facts("Gas", "Helium."), now), [9]);
}

// ---------------------------------------------------------------- severity

/// What one article on its own amounts to.
fn judged(publisher: &str, tier: u8, title: &str, body: &str) -> String {
    let mut told = Told::new();
    told.by(publisher, tier, "2026-11-24T08:00:00Z", title, body);
    let lines = told.log.lines().take_while(|line| line.starts_with("  ")).map(str::trim);
    format!("{title}\n  {}\n", lines.collect::<Vec<_>>().join("\n  "))
}

#[test]
fn the_shipped_rules_say_what_matters() {
    let all = [
        judged(
            "Wire",
            2,
            "Granted",
            "China's Ministry of Commerce granted Galaxy Magnets a general export license for rare-earth magnets.",
        ),
        judged(
            "Wire",
            2,
            "Refused",
            "China's Ministry of Commerce refused Galaxy Magnets an export license for rare-earth magnets.",
        ),
        judged(
            "Wire",
            2,
            "Revoked",
            "China's Ministry of Commerce revoked the general export license of Galaxy Magnets for rare-earth magnets.",
        ),
        judged(
            "Wire",
            2,
            "Suspended",
            "China's Ministry of Commerce suspended the general export license of JL Mag for rare-earth magnets.",
        ),
        judged(
            "Wire",
            2,
            "Applied",
            "Galaxy Magnets has applied for a general export license for rare-earth magnets at the Ministry of Commerce.",
        ),
        judged(
            "Wire",
            2,
            "Unnamed",
            "The Ministry of Commerce has granted some exporters general licenses for rare-earth magnets.",
        ),
        judged(
            "Wire",
            2,
            "Known",
            "JL Mag, Ningbo Yunsheng and Zhong Ke San Huan were granted general export licenses for rare-earth magnets in December 2025.",
        ),
        judged(
            "Wire",
            2,
            "Denied",
            "JL Mag denied that it had received a general export license for rare-earth magnets.",
        ),
        judged(
            "Wire",
            2,
            "Two at once",
            "China granted Galaxy Magnets and Zhenghai Magnetic general export licenses for rare-earth magnets, Reuters reported.",
        ),
        judged(
            "MOFCOM",
            1,
            "商务部公告2026年第90号 公布对钬等物项实施出口管制的决定",
            "商务部 海关总署公告2026年第90号：自2026年12月1日起，对钬、铒相关物项实施出口管制。公告自公布之日起施行。2026年11月24日",
        ),
        judged(
            "MOFCOM",
            1,
            "商务部公告2026年第91号 公布将美国实体列入出口管制管控名单的决定",
            "商务部公告2026年第91号：将Vulcan Elements等5家美国实体列入出口管制管控名单，禁止向其出口两用物项。本公告自公布之日起正式实施。",
        ),
        judged(
            "Wire",
            2,
            "Mining",
            "Lynas reported record output of neodymium oxide for the quarter.",
        ),
    ];
    expect![[r#"
        Granted
          critical Told: Galaxy Magnets (银河磁体): general license granted; magnets [reported by Wire]
        Refused
          critical Told: Galaxy Magnets (银河磁体): license refused; magnets [reported by Wire]
        Revoked
          critical Told: Galaxy Magnets (银河磁体): general license revoked; magnets [reported by Wire]
        Suspended
          critical Told: JL MAG (金力永磁): general license suspended [reported by Wire]
        Applied
          - Told: Galaxy Magnets (银河磁体): general license applied for; magnets [reported by Wire]
          nothing to tell
        Unnamed
          - Also: some exporters: general license granted [reported by Wire]
          nothing to tell
        Known
          - Also: JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general licenses granted in Dec 2025 [reported by Wire]
          nothing to tell
        Denied
          high Denied: JL MAG (金力永磁): general license said to be granted, and that is denied [denied by the company]
        Two at once
          critical Told: Galaxy Magnets (银河磁体) and Zhenghai Magnetic (正海磁材): general licenses granted; magnets [reported by Reuters]
        商务部公告2026年第90号 公布对钬等物项实施出口管制的决定
          critical Told: MOFCOM No. 90 of 2026: in force from 1 Dec 2026 [published by MOFCOM]
        商务部公告2026年第91号 公布将美国实体列入出口管制管控名单的决定
          critical Told: MOFCOM No. 91 of 2026 (export control list): 商务部公告2026年第91号 公布将美国实体列入出口管制管控名单的决定 [published by MOFCOM]
        Mining
          nothing to tell
    "#]].assert_eq(&all.join(""));
}

#[test]
fn every_problem_of_the_rules_is_told() {
    let toml = r#"
[limits]
oldest = "soon"
burst = 0
[[rule]]
what = "license"
days = [7]
severity = "critical"
[[rule]]
what = "calendar"
severity = "notable"
[[rule]]
what = "announcement"
named = true
severity = "high"
[[rule]]
what = "weather"
severity = "high"
"#;
    expect![[r#"
        rule 1: days: only what comes near has days
        rule 2: days: name the days before the date, such as [7, 0]
        rule 3: actions and named are for licenses only
        rule 4: unknown variant `weather`, expected one of `license`, `confirmed`, `denied`, `contradicted`, `corrected`, `announcement`, `restriction`, `license_due`, `suspension_ends`, `takes_effect`, `comments`, `calendar`
        limits.oldest: "soon" is no length of time; write a number and ms, s, m, h or d, such as "30m"
        limits.burst: must be at least 1"#]].assert_eq(&Rules::parse(toml).unwrap_err().join("\n"));
}

#[test]
fn quiet_hours_and_bursts_hold() {
    let quiet = |from: &str, until: &str, critical_passes: bool| {
        let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
        Some((Quiet { from, until, critical_passes }, chrono_tz::America::New_York))
    };
    let now = "2026-11-24T04:00:00Z";
    let recent = |severities: &[Severity], at_: &str| -> Vec<Recent> {
        severities
            .iter()
            .map(|severity| Recent { severity: *severity, at: at(at_), held: None })
            .collect()
    };
    let held = |quiet, severity, recent: &[Recent], now: &str| {
        let held = alert::held(quiet, severity, recent, &RULES.limits, at(now));
        held.map_or("at once".to_owned(), |(until, why)| format!("{why:?} until {until:?}"))
    };
    let five = [Severity::Notable; 5];
    let all = [
        held(quiet("22:00:00", "07:00:00", false), Severity::Critical, &[], now),
        held(quiet("22:00:00", "07:00:00", true), Severity::Critical, &[], now),
        held(quiet("22:00:00", "07:00:00", true), Severity::High, &[], now),
        held(quiet("08:00:00", "17:30:00", false), Severity::High, &[], now),
        held(quiet("09:00:00", "09:00:00", false), Severity::High, &[], "2026-11-24T14:00:00Z"),
        // The night in which clocks go back is an hour longer.
        held(quiet("22:00:00", "07:00:00", false), Severity::High, &[], "2026-11-01T05:30:00Z"),
        held(None, Severity::Notable, &recent(&five[..4], now), now),
        held(None, Severity::Notable, &recent(&five, now), now),
        held(None, Severity::Critical, &recent(&five, now), now),
        held(None, Severity::Notable, &recent(&five, "2026-11-24T03:49:00Z"), now),
    ];
    expect![[r#"
        Quiet until 2026-11-24T12:00:00Z
        at once
        Quiet until 2026-11-24T12:00:00Z
        at once
        at once
        Quiet until 2026-11-01T12:00:00Z
        at once
        Burst until 2026-11-24T04:10:00Z
        at once
        at once"#]]
    .assert_eq(&all.join("\n"));
}
