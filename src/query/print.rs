//! A query as a line that reads back as the same query, and as words for readers.

use std::fmt::{Display, Formatter, Result};

use crate::lexicon::Lexicon;
use crate::model::license::{LicenseAction, LicenseType};
use crate::query::{Clause, Note, Query, Term, When, days};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut first = true;
        let mut space = |f: &mut Formatter<'_>| {
            let gap = if std::mem::take(&mut first) { "" } else { " " };
            f.write_str(gap)
        };
        for clause in &self.clauses {
            space(f)?;
            write!(f, "{clause}")?;
        }
        for (key, when) in [("since", self.since), ("until", self.until)] {
            if let Some(when) = when {
                space(f)?;
                write!(f, "{key}:{when}")?;
            }
        }
        Ok(())
    }
}

impl Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.not {
            f.write_str("-")?;
        }
        for (i, term) in self.any.iter().enumerate() {
            if i > 0 {
                f.write_str(" OR ")?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            // Joined, so that it reads back as one word.
            Self::Word(word) => f.write_str(&word.replace(' ', "-")),
            Self::Phrase(words) => write!(f, "\"{words}\""),
            Self::Element(element) => write!(f, "element:{element}"),
            Self::Company(company) => write!(f, "company:{company}"),
            Self::Topic(topic) => write!(f, "topic:{topic}"),
            Self::Product(product) => write!(f, "product:{product}"),
            Self::Agency(agency) => write!(f, "agency:{agency}"),
            Self::Place(place) => write!(f, "place:{place}"),
            Self::Source(words) if words.contains(' ') => write!(f, "source:\"{words}\""),
            Self::Source(word) => write!(f, "source:{word}"),
            Self::Signal(direction) => write!(f, "signal:{}", direction.word()),
            Self::Action(action) => write!(f, "license:{}", action_word(*action)),
            Self::License(kind) => write!(f, "license:{}", license_word(*kind)),
            Self::Kind(kind) => write!(f, "kind:{}", kind.word()),
        }
    }
}

impl Display for When {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::DaysAgo(days) => write!(f, "{days}d"),
            Self::Weekday(weekday) => f.write_str(days::weekday_word(*weekday)),
            Self::Month { month, .. } => f.write_str(days::month_word(*month)),
        }
    }
}

impl Display for Note {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Corrected { typed, name } => {
                write!(
                    f,
                    "Showing results for {name}; \"{typed}\" in quotes looks for the word itself."
                )
            }
            Self::Unknown { what, value, words: true } => {
                write!(f, "I know no {what} {value:?}, so I looked for the words.")
            }
            Self::Unknown { what, value, words: false } => {
                write!(f, "I do not understand {what}:{value}, so I left it out.")
            }
            Self::TooLong => {
                write!(f, "That is more than I can look for at once; I left out the end.")
            }
        }
    }
}

/// The word for what happened to a license.
pub(super) fn action_word(action: LicenseAction) -> &'static str {
    match action {
        LicenseAction::Granted => "granted",
        LicenseAction::Applied => "applied",
        LicenseAction::Refused => "refused",
        LicenseAction::Revoked => "revoked",
        LicenseAction::Suspended => "suspended",
        LicenseAction::Expired => "expired",
        LicenseAction::Renewed => "renewed",
        LicenseAction::Pending => "pending",
    }
}

/// The word for a kind of license.
pub(super) fn license_word(kind: LicenseType) -> &'static str {
    match kind {
        LicenseType::General => "general",
        LicenseType::Individual => "individual",
        LicenseType::Unspecified => "unspecified",
    }
}

impl Query {
    /// The query in words for readers: names as people call them.
    #[must_use]
    pub fn spoken(&self, lexicon: &Lexicon) -> String {
        let mut parts: Vec<String> = Vec::new();
        for clause in &self.clauses {
            let any: Vec<String> = clause.any.iter().map(|term| term.spoken(lexicon)).collect();
            let not = if clause.not { "not " } else { "" };
            parts.push(format!("{not}{}", any.join(" or ")));
        }
        if let Some(since) = self.since {
            parts.push(match since {
                When::DaysAgo(0) => "of today".to_owned(),
                When::DaysAgo(1) => "since yesterday".to_owned(),
                When::DaysAgo(days) => format!("of the last {days} days"),
                other => format!("since {}", other.spoken()),
            });
        }
        if let Some(until) = self.until {
            parts.push(match until {
                When::DaysAgo(0) => "until today".to_owned(),
                When::DaysAgo(1) => "until yesterday".to_owned(),
                When::DaysAgo(days) => format!("at least {days} days old"),
                other => format!("until {}", other.spoken()),
            });
        }
        parts.join(", ")
    }
}

impl When {
    /// A day in words, names of days with their capitals.
    fn spoken(self) -> String {
        let word = self.to_string();
        let mut chars = word.chars();
        chars
            .next()
            .map(|c| c.to_ascii_uppercase().to_string() + chars.as_str())
            .unwrap_or_default()
    }
}

impl Term {
    /// The term in words for readers.
    #[must_use]
    pub fn spoken(&self, lexicon: &Lexicon) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Phrase(words) => format!("“{words}”"),
            Self::Element(element) => lexicon.element_name(element).to_owned(),
            Self::Company(company) => lexicon.company_name(company).to_owned(),
            Self::Topic(topic) => lexicon.topic_label(topic).to_owned(),
            Self::Product(id) => lexicon
                .products()
                .iter()
                .find(|product| product.id == *id)
                .map_or_else(|| id.clone(), |product| product.label.clone()),
            Self::Agency(id) => lexicon
                .agencies()
                .iter()
                .find(|agency| agency.id == *id)
                .map_or_else(|| id.clone(), |agency| agency.name.clone()),
            Self::Place("eu") => "Europe".to_owned(),
            Self::Place(id) if id.len() < 3 => id.to_uppercase(),
            Self::Place(id) => {
                let words = id.split('-').map(|word| {
                    let (head, tail) = word.split_at(1);
                    format!("{}{tail}", head.to_uppercase())
                });
                words.collect::<Vec<_>>().join(" ")
            }
            Self::Source(words) => format!("source {words}"),
            Self::Signal(direction) => format!("signal {}", direction.word()),
            Self::Action(action) => format!("license {}", action_word(*action)),
            Self::License(kind) => format!("{} license", license_word(*kind)),
            Self::Kind(kind) => format!("only {}", kind.many()),
        }
    }
}
