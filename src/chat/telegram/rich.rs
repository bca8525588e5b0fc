//! Styled text as Telegram counts and marks it: measured, cut, and written as HTML.
//!
//! Marks are ranges over plain text, so a cut closes and reopens them by itself
//! and no cut can fall into a tag; everything written is escaped.

use unicode_segmentation::UnicodeSegmentation;

use crate::text;

/// What one message may hold. Telegram's own limit is 4096 UTF-16 units after parsing; marks past
/// the hundredth are dropped in silence there, and a body of about 10 KB is refused.
pub(super) const LIMIT: Cost = Cost { units: 4096, bytes: 9000, marks: 100 };

/// Telegram gives bots no longer names.
const LONGEST_NAME: &str = "a_name_of_thirty_two_letters_bot";

/// A cluster of code points longer than this is cut inside: nobody reads it as one character.
const LONGEST_GRAPHEME: usize = 64;

/// What text costs of a message's limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// UTF-16 code units after parsing.
    pub(super) units: usize,
    /// Bytes of HTML, at most.
    pub(super) bytes: usize,
    /// Entities, at most.
    pub(super) marks: usize,
}

/// What a run stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Frame {
    /// Running text.
    #[default]
    None,
    /// A quotation.
    Quote,
    /// Fixed-width text, which can hold no other mark.
    Pre,
}

/// The look of a run of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// What it stands in.
    pub(super) frame: Frame,
    /// Bold.
    pub(super) bold: bool,
    /// Italic.
    pub(super) italic: bool,
    /// Fixed width; holds no other mark.
    pub(super) code: bool,
    /// Where it leads.
    pub(super) link: Option<Target>,
}

/// Where a run of text leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To an absolute web address.
    Address(String),
    /// To the bot itself, with a payload for `/start`. While the bot's name is not known the text
    /// stands without a link; it costs the same, so that a message always falls into the same parts.
    Start(String),
}

/// Text with looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rich {
    text: String,
    /// Where each run ends, in bytes, and its look; in order, none empty.
    runs: Vec<(usize, Style)>,
}

impl Cost {
    /// Both together.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            units: self.units + other.units,
            bytes: self.bytes + other.bytes,
            marks: self.marks + other.marks,
        }
    }

    /// Whether one message can hold it.
    pub(super) fn fits(self) -> bool {
        self.units <= LIMIT.units && self.bytes <= LIMIT.bytes && self.marks <= LIMIT.marks
    }

    fn of_text(text: &str) -> Self {
        let bytes = text.chars().map(|c| escape(c).map_or(c.len_utf8(), str::len)).sum();
        Self { units: text.encode_utf16().count(), bytes, marks: 0 }
    }
}

impl Style {
    fn cost(&self) -> Cost {
        let mut tags = String::new();
        self.open(&mut tags, Some(LONGEST_NAME));
        self.close(&mut tags, Some(LONGEST_NAME));
        let frame = match self.frame {
            Frame::None => 0,
            Frame::Quote => "<blockquote></blockquote>".len(),
            Frame::Pre => "<pre></pre>".len(),
        };
        let marks = [frame > 0, self.bold, self.italic, self.code, self.link.is_some()];
        Cost {
            units: 0,
            bytes: tags.len() + frame,
            marks: marks.into_iter().filter(|mark| *mark).count(),
        }
    }

    /// The link's address, if it can be given.
    fn address(&self, bot: Option<&str>) -> Option<String> {
        match (self.link.as_ref()?, bot) {
            (Target::Address(url), _) => Some(url.clone()),
            (Target::Start(payload), Some(bot)) => {
                Some(format!("https://t.me/{bot}?start={payload}"))
            }
            (Target::Start(_), None) => None,
        }
    }

    fn open(&self, html: &mut String, bot: Option<&str>) {
        if let Some(url) = self.address(bot) {
            html.push_str("<a href=\"");
            push_escaped(html, &url);
            html.push_str("\">");
        }
        for (mark, tag) in [(self.bold, "<b>"), (self.italic, "<i>"), (self.code, "<code>")] {
            if mark {
                html.push_str(tag);
            }
        }
    }

    fn close(&self, html: &mut String, bot: Option<&str>) {
        for (mark, tag) in [(self.code, "</code>"), (self.italic, "</i>"), (self.bold, "</b>")] {
            if mark {
                html.push_str(tag);
            }
        }
        if self.address(bot).is_some() {
            html.push_str("</a>");
        }
    }
}

impl Rich {
    /// Adds a run; joined with the last one when they look alike.
    pub(super) fn push(&mut self, text: &str, style: &Style) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(text);
        let end = self.text.len();
        match self.runs.last_mut() {
            Some((last, look)) if look == style => *last = end,
            _ => self.runs.push((end, style.clone())),
        }
    }

    /// Adds another text after `gap`.
    pub(super) fn append(&mut self, gap: &str, other: &Self) {
        self.push(gap, &Style::default());
        for (text, style) in other.runs() {
            self.push(text, style);
        }
    }

    /// Takes spaces off the end.
    pub(super) fn trim_end(&mut self) {
        let end = self.text.trim_end().len();
        *self = self.slice(0, end);
    }

    /// Whether there is no text at all.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a reader would see nothing.
    pub(super) fn is_blank(&self) -> bool {
        text::width(self.text.trim()) == 0
    }

    /// What it costs, at most.
    pub(super) fn cost(&self) -> Cost {
        self.runs().fold(Cost::default(), |sum, (text, style)| {
            sum.plus(style.cost()).plus(Cost::of_text(text))
        })
    }

    /// The text as Telegram's HTML; `bot` is the bot's name where it is known.
    pub(super) fn html(&self, bot: Option<&str>) -> String {
        let mut html = String::with_capacity(self.text.len() * 2);
        let mut frame = Frame::None;
        for (text, style) in self.runs() {
            if style.frame != frame {
                html.push_str(closing(frame));
                frame = style.frame;
                html.push_str(opening(frame));
            }
            style.open(&mut html, bot);
            push_escaped(&mut html, text);
            style.close(&mut html, bot);
        }
        html.push_str(closing(frame));
        html
    }

    /// The text in pieces that each fit one message: cut between lines, else sentences, else
    /// words, else graphemes.
    pub(super) fn split(&self) -> Vec<Self> {
        let stops = sentence_ends(&self.text);
        let mut pieces = Vec::new();
        let mut from = 0;
        while from < self.text.len() {
            let most = self.reach(from);
            let to = if most == self.text.len() { most } else { self.cut(from, most, &stops) };
            pieces.push(self.slice(from, to));
            from = to;
        }
        pieces.retain(|piece| !piece.is_blank());
        pieces
    }

    fn runs(&self) -> impl Iterator<Item = (&str, &Style)> {
        let mut from = 0;
        self.runs.iter().map(move |(end, style)| {
            let text = &self.text[from..*end];
            from = *end;
            (text, style)
        })
    }

    /// The farthest end of a piece beginning at `from`; always past `from`.
    fn reach(&self, from: usize) -> usize {
        let mut cost = Cost::default();
        let mut at = from;
        let mut start = 0;
        for (end, style) in &self.runs {
            let text = &self.text[from.max(start).min(*end)..*end];
            start = *end;
            if text.is_empty() {
                continue;
            }
            cost = cost.plus(style.cost());
            for atom in atoms(text) {
                cost = cost.plus(Cost::of_text(atom));
                if !cost.fits() && at > from {
                    return at;
                }
                at += atom.len();
            }
        }
        at
    }

    /// Where to cut between `from` and `most`; a cut that would leave less than half is passed by.
    fn cut(&self, from: usize, most: usize, stops: &[usize]) -> usize {
        let next = self.text[most..].chars().next();
        let before = &self.text[from..most];
        let line = match next {
            Some('\n') => Some(most),
            _ => before.rfind('\n').map(|i| from + i),
        };
        let sentence = stops.iter().rev().copied().find(|stop| *stop <= most);
        let word = match next {
            Some(c) if c.is_whitespace() => Some(most),
            _ => before.rfind(char::is_whitespace).map(|i| from + i),
        };
        let half = from + (most - from) / 2;
        [line, sentence, word].into_iter().flatten().find(|cut| *cut > half).unwrap_or(most)
    }

    /// The part between two positions, without white space around it.
    fn slice(&self, from: usize, to: usize) -> Self {
        let part = &self.text[from..to];
        let first = from + (part.len() - part.trim_start().len());
        let last = (from + part.trim_end().len()).max(first);
        let mut slice = Self::default();
        let mut start = 0;
        for (end, style) in &self.runs {
            let range = start.clamp(first, last)..(*end).clamp(first, last);
            slice.push(&self.text[range], style);
            start = *end;
        }
        slice
    }
}

/// HTML without its tags and with its characters unescaped: what is sent when Telegram cannot
/// read the marks. Understands what `Rich::html` writes, no more.
pub(super) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn opening(frame: Frame) -> &'static str {
    match frame {
        Frame::None => "",
        Frame::Quote => "<blockquote>",
        Frame::Pre => "<pre>",
    }
}

fn closing(frame: Frame) -> &'static str {
    match frame {
        Frame::None => "",
        Frame::Quote => "</blockquote>",
        Frame::Pre => "</pre>",
    }
}

fn escape(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        _ => None,
    }
}

fn push_escaped(html: &mut String, text: &str) {
    for c in text.chars() {
        match escape(c) {
            Some(escaped) => html.push_str(escaped),
            None => html.push(c),
        }
    }
}

/// Graphemes; a monstrous one in its code points.
fn atoms(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(|grapheme| {
        let whole = grapheme.len() <= LONGEST_GRAPHEME;
        let chars = grapheme.split_inclusive(move |_: char| !whole);
        chars.filter(|atom| !atom.is_empty())
    })
}

/// Where the text's sentences end, in bytes.
fn sentence_ends(text: &str) -> Vec<usize> {
    let base = text.as_ptr() as usize;
    // The sentences are slices of the text itself.
    text::sentences(text)
        .into_iter()
        .map(|sentence| sentence.as_ptr() as usize - base + sentence.len())
        .collect()
}
