//! A message set in lines of a terminal: wrapped, hung, ruled, with its links.
//!
//! Widths are columns, not characters: a Han character takes two, and a line may
//! break on either side of it. Text of sources is stripped of everything that is
//! not to be seen before it is set.

use unicode_segmentation::UnicodeSegmentation;

use crate::chat::console::{Links, Look};
use crate::model::message::{Action, Block, Button, Choice, Line, Message, Span};
use crate::text::{self, is_han, is_invisible};

/// Fewest columns a line is set in.
const NARROWEST: usize = 20;
/// Widest word of a table's cell that is made of Han characters.
const WORD: usize = 12;
/// Columns between the cells of a table.
const GUTTER: usize = 2;

/// The message for a terminal that looks like `look`; ends without a line break.
#[must_use]
pub fn text(message: &Message, look: &Look) -> String {
    let mut setter = Setter {
        look: Look { width: look.width.max(NARROWEST), ..*look },
        out: Vec::new(),
        notes: Vec::new(),
        before: Before::Nothing,
    };
    for block in &message.blocks {
        setter.block(block);
    }
    setter.buttons(message);
    setter.notes();
    setter.out.join("\n")
}

/// How a run of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Style {
    /// Any of the looks below.
    looks: u8,
    /// A link, by its place in the notes.
    link: Option<usize>,
}

const BOLD: u8 = 1;
const DIM: u8 = 2;
const ITALIC: u8 = 4;
const CODE: u8 = 8;

impl Style {
    fn of(looks: u8) -> Self {
        Self { looks, link: None }
    }

    fn and(self, look: u8) -> Self {
        Self { looks: self.looks | look, ..self }
    }
}

/// Text that a line break must not part, in runs of one look each.
#[derive(Clone, Debug, Default)]
struct Chunk {
    runs: Vec<(String, Style)>,
    width: usize,
    /// The look of the space before it; `None` when there is none.
    space: Option<Style>,
}

/// What stands above, for the space between blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Title,
    Heading,
    Subheading,
    Paragraph,
    Other,
    Footer,
}

struct Setter {
    look: Look,
    out: Vec<String>,
    /// Addresses, in the order of first mention.
    notes: Vec<String>,
    before: Before,
}

impl Setter {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(line) => {
                self.gap();
                self.paragraph(line, Style::of(BOLD), "", "");
                self.rule('━');
                self.before = Before::Title;
            }
            Block::Heading(line) => self.heading(line),
            Block::Subheading(line) => {
                self.gap_below_text();
                self.paragraph(line, Style::of(BOLD), "", "");
                self.before = Before::Subheading;
            }
            Block::Paragraph(line) => {
                self.gap_below_text();
                self.paragraph(line, Style::default(), "", "");
                self.before = Before::Paragraph;
            }
            Block::List(lines) => {
                if self.before != Before::Paragraph {
                    self.gap_below_text();
                }
                for line in lines {
                    self.paragraph(line, Style::default(), "• ", "  ");
                }
                self.before = Before::Other;
            }
            Block::Quote(line) => {
                self.gap_below_text();
                self.paragraph(line, Style::of(ITALIC), "│ ", "│ ");
                self.before = Before::Other;
            }
            Block::Table { head, rows } => {
                self.gap_below_text();
                self.table(head, rows);
                self.before = Before::Other;
            }
            Block::Footer(line) => {
                if !matches!(self.before, Before::Footer | Before::Nothing) {
                    self.gap();
                    self.rule('─');
                }
                self.paragraph(line, Style::of(DIM), "", "");
                self.before = Before::Footer;
            }
        }
    }

    /// An empty line, unless at the top.
    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push(String::new());
        }
    }

    /// An empty line, unless under a heading.
    fn gap_below_text(&mut self) {
        if !matches!(self.before, Before::Title | Before::Heading | Before::Subheading) {
            self.gap();
        }
    }

    fn rule(&mut self, with: char) {
        let rule = with.to_string().repeat(self.look.width);
        self.out.push(self.dimmed(&rule));
    }

    /// `── Highlights ─────────`, or only the words where they leave no room.
    fn heading(&mut self, line: &Line) {
        self.gap();
        let style = Style::of(BOLD);
        let words = self.chunks(line, style);
        let width: usize = words.iter().map(|c| c.width + usize::from(c.space.is_some())).sum();
        if width + 8 > self.look.width {
            self.paragraph(line, style, "", "");
        } else {
            let (before, after) = ("── ", "─".repeat(self.look.width - width - 4));
            let heading =
                format!("{}{} {}", self.dimmed(before), self.painted(&words), self.dimmed(&after));
            self.out.push(heading);
        }
        self.before = Before::Heading;
    }

    /// A line wrapped, `first` before its first row and `rest` before the others.
    fn paragraph(&mut self, line: &Line, style: Style, first: &str, rest: &str) {
        let chunks = self.chunks(line, style);
        let room = self.look.width - text::width(rest);
        for (i, row) in wrap(chunks, room).iter().enumerate() {
            let lead = if i == 0 { first } else { rest };
            let row = format!("{}{}", self.dimmed(lead), self.painted(row));
            self.out.push(row.trim_end().to_owned());
        }
    }

    fn dimmed(&self, mark: &str) -> String {
        if self.look.color && !mark.trim().is_empty() {
            format!("\u{1b}[2m{mark}\u{1b}[0m")
        } else {
            mark.to_owned()
        }
    }

    /// The line's words, with its links noted.
    fn chunks(&mut self, line: &Line, base: Style) -> Vec<Chunk> {
        let mut words = Words::default();
        for span in &line.0 {
            match span {
                Span::Text(text) | Span::Time { text, .. } | Span::Ask { text, .. } => {
                    words.add(text, base);
                }
                Span::Bold(text) => words.add(text, base.and(BOLD)),
                Span::Italic(text) => words.add(text, base.and(ITALIC)),
                Span::Code(text) | Span::Command(text) => {
                    words.add(text, base.and(CODE));
                }
                Span::Link { text, url } => self.link(text, url, base, &mut words),
            }
        }
        words.done
    }

    fn link(&mut self, shown: &str, url: &str, base: Style, words: &mut Words) {
        let Some(url) = address(url) else { return words.add(shown, base) };
        match self.look.links {
            Links::Inline => {
                words.add(shown, base);
                words.add(&format!(" ({url})"), base);
            }
            Links::Hyperlinks | Links::Footnotes => {
                let known = self.notes.iter().position(|note| *note == url);
                let note = known.unwrap_or_else(|| {
                    self.notes.push(url);
                    self.notes.len() - 1
                });
                words.add(shown, Style { link: Some(note), ..base });
                if self.look.links == Links::Footnotes {
                    words.add(&format!("[{}]", note + 1), base.and(DIM));
                }
            }
        }
    }

    /// A row with its looks, as escape sequences where the look has colors or hyperlinks.
    fn painted(&self, row: &[Chunk]) -> String {
        let mut runs: Vec<(String, Style)> = Vec::new();
        let mut push = |text: &str, style: Style| match runs.last_mut() {
            Some((last, known)) if *known == style => last.push_str(text),
            _ => runs.push((text.to_owned(), style)),
        };
        for (i, chunk) in row.iter().enumerate() {
            if let (true, Some(style)) = (i > 0, chunk.space) {
                push(" ", style);
            }
            for (text, style) in &chunk.runs {
                push(text, *style);
            }
        }
        runs.iter().map(|(text, style)| self.run(text, *style)).collect()
    }

    fn run(&self, text: &str, style: Style) -> String {
        let mut codes = Vec::new();
        if self.look.color {
            let looks = [(BOLD, "1"), (DIM, "2"), (ITALIC, "3"), (CODE, "32")];
            codes.extend(looks.iter().filter(|(look, _)| style.looks & look != 0).map(|l| l.1));
            codes.extend(style.link.map(|_| "36"));
        }
        let text = if codes.is_empty() {
            text.to_owned()
        } else {
            format!("\u{1b}[{}m{text}\u{1b}[0m", codes.join(";"))
        };
        match style.link.and_then(|note| self.notes.get(note)) {
            Some(url) if self.look.links == Links::Hyperlinks => {
                format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
            }
            _ => text,
        }
    }

    fn table(&mut self, head: &[String], rows: &[Vec<Line>]) {
        let bold = Style::of(BOLD);
        let head: Vec<Cell> =
            head.iter().map(|cell| self.cell(&Line::text(cell.as_str()), bold)).collect();
        let rows: Vec<Vec<Cell>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| self.cell(cell, Style::default())).collect())
            .collect();
        let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        let widest = |of: &dyn Fn(&Cell) -> usize| -> Vec<usize> {
            let column = |i| {
                let rows = rows.iter().filter(|row| !is_label(row)).chain([&head]);
                rows.filter_map(|row| row.get(i)).map(of).max().unwrap_or(0)
            };
            (0..columns).map(column).collect()
        };
        let longest = |cell: &Cell| cell.iter().map(|chunk| chunk.width).max().unwrap_or(0);
        let (whole, least) = (widest(&|cell| width_of(cell)), widest(&longest));
        let room = self.look.width.saturating_sub(GUTTER * columns.saturating_sub(1));
        let Some(widths) = fitted(&whole, &least, room) else {
            return self.stacked(&head, &rows);
        };
        self.aligned(&head, &widths);
        for row in &rows {
            if is_label(row) {
                self.label(&row[0]);
            } else {
                self.aligned(row, &widths);
            }
        }
    }

    /// A cell's words. A short name in Han characters stays in one piece, since a narrow column would
    /// part it in every row.
    fn cell(&mut self, line: &Line, style: Style) -> Cell {
        let mut words: Cell = Vec::new();
        for chunk in self.chunks(line, style) {
            match words.last_mut() {
                Some(last) if chunk.space.is_none() && last.width + chunk.width <= WORD => {
                    last.width += chunk.width;
                    last.runs.extend(chunk.runs);
                }
                _ => words.push(chunk),
            }
        }
        words
    }

    /// A row side by side, each cell wrapped in its column; what continues the first one is set in,
    /// so that rows are told apart.
    fn aligned(&mut self, row: &[Cell], widths: &[usize]) {
        let cells: Vec<Vec<Vec<Chunk>>> =
            row.iter().zip(widths).map(|(cell, width)| wrap(cell.clone(), *width)).collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
        for n in 0..lines {
            let mut set = String::new();
            let mut used = 0;
            let mut column = 0;
            for (i, (cell, width)) in cells.iter().zip(widths).enumerate() {
                // The gutter has room for it.
                let lead = usize::from(i == 0 && n > 0 && widths.len() > 1);
                if let Some(line) = cell.get(n) {
                    set.push_str(&" ".repeat(column + lead - used));
                    set.push_str(&self.painted(line));
                    used = column + lead + width_of(line);
                }
                column += width + GUTTER;
            }
            self.out.push(set);
        }
    }

    /// A row of which only the first cell says anything: a label for those under it.
    fn label(&mut self, cell: &Cell) {
        self.gap();
        for line in wrap(cell.clone(), self.look.width) {
            let line = self.painted(&line);
            self.out.push(line);
        }
    }

    /// Where a table is too wide: every row as a list of its cells, named by their columns.
    fn stacked(&mut self, head: &[Cell], rows: &[Vec<Cell>]) {
        for row in rows {
            if is_label(row) {
                self.label(&row[0]);
                continue;
            }
            let said = |(i, cell): &(usize, &Cell)| *i == 0 || !cell.is_empty();
            for (i, cell) in row.iter().enumerate().filter(said) {
                let mut chunks = head.get(i).cloned().unwrap_or_default();
                if let Some(last) = chunks.last_mut() {
                    last.runs.push((":".to_owned(), Style::of(BOLD)));
                    last.width += 1;
                }
                let mut cell = cell.clone();
                if let Some(first) = cell.first_mut() {
                    first.space = Some(Style::default());
                }
                chunks.append(&mut cell);
                let (first, rest) = if i == 0 { ("• ", "  ") } else { ("  ", "  ") };
                for (n, line) in wrap(chunks, self.look.width - 2).iter().enumerate() {
                    let lead = if n == 0 { first } else { rest };
                    let line = format!("{}{}", self.dimmed(lead), self.painted(line));
                    self.out.push(line.trim_end().to_owned());
                }
            }
        }
    }

    /// Buttons as what can be typed instead of pressing them, unless the text has it already.
    fn buttons(&mut self, message: &Message) {
        let said = commands(message);
        for row in &message.buttons {
            let mut line = Line::default();
            for button in row {
                let spans = self.button(button, &said);
                if !spans.is_empty() && !line.0.is_empty() {
                    line.0.push(Span::Text(" · ".to_owned()));
                }
                line.0.extend(spans);
            }
            if line.0.is_empty() {
                continue;
            }
            if self.before != Before::Footer {
                self.gap();
            }
            self.paragraph(&line, Style::of(DIM), "", "");
            self.before = Before::Footer;
        }
    }

    fn button(&self, button: &Button, said: &[&str]) -> Vec<Span> {
        match &button.action {
            Action::Open(url) => {
                vec![Span::Link { text: button.label.clone(), url: url.clone() }]
            }
            Action::Edit(command) | Action::Ask(command) => {
                let command = format!("/{command}");
                if said.contains(&command.as_str()) {
                    return Vec::new();
                }
                vec![Span::Text(format!("{}:\u{a0}", button.label)), Span::Command(command)]
            }
            // What can be chosen is typed, with the values named.
            Action::Choose(choose) if !choose.one.contains(char::is_whitespace) => Vec::new(),
            Action::Choose(choose) => {
                let option = |option: &Choice| match option.chosen {
                    true => format!("{} (chosen)", option.value),
                    false => option.value.clone(),
                };
                let values: Vec<String> = choose.options.iter().map(option).collect();
                vec![
                    Span::Command(format!("/{}", choose.one)),
                    Span::Text(format!(": {}", values.join(", "))),
                ]
            }
            Action::Prompt { .. } => Vec::new(),
        }
    }

    fn notes(&mut self) {
        if self.look.links != Links::Footnotes || self.notes.is_empty() {
            return;
        }
        self.gap();
        let digits = self.notes.len().to_string().len();
        for (i, url) in self.notes.iter().enumerate() {
            // Never broken, so that it can be opened and copied.
            let row = format!("{:>width$} {url}", format!("[{}]", i + 1), width = digits + 2);
            self.out.push(self.dimmed(&row));
        }
    }
}

/// A cell's words.
type Cell = Vec<Chunk>;

/// Whether a row of several cells says something in the first one only.
fn is_label(row: &[Cell]) -> bool {
    row.len() > 1 && !row[0].is_empty() && row[1..].iter().all(Vec::is_empty)
}

/// Widths of columns that take at most `room` together: the widest give way first, and none is
/// narrower than its longest word. `None` where that is not possible.
fn fitted(whole: &[usize], least: &[usize], room: usize) -> Option<Vec<usize>> {
    let at = |level: usize| -> Vec<usize> {
        whole.iter().zip(least).map(|(whole, least)| (*whole).min(level.max(*least))).collect()
    };
    let fits = |widths: &Vec<usize>| widths.iter().sum::<usize>() <= room;
    (0..=room).map(at).take_while(fits).last()
}

fn width_of(cell: &[Chunk]) -> usize {
    let space = |(i, chunk): (usize, &Chunk)| usize::from(i > 0 && chunk.space.is_some());
    cell.iter().map(|chunk| chunk.width).sum::<usize>()
        + cell.iter().enumerate().map(space).sum::<usize>()
}

/// Commands that the message's text names.
fn commands(message: &Message) -> Vec<&str> {
    let lines = message.blocks.iter().flat_map(|block| match block {
        Block::Title(line)
        | Block::Heading(line)
        | Block::Subheading(line)
        | Block::Paragraph(line)
        | Block::Quote(line)
        | Block::Footer(line) => std::slice::from_ref(line),
        Block::List(lines) => lines,
        Block::Table { .. } => &[],
    });
    lines.flat_map(|line| line.0.iter().filter_map(command)).collect()
}

fn command(span: &Span) -> Option<&str> {
    match span {
        Span::Command(command) => Some(command),
        _ => None,
    }
}

/// An address that is safe between escape sequences: printable ASCII, the rest in percent form.
fn address(url: &str) -> Option<String> {
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return None;
    }
    let mut safe = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() {
            safe.push(char::from(byte));
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(safe)
}

/// Collects chunks from runs of text.
#[derive(Default)]
struct Words {
    done: Vec<Chunk>,
    /// The look of white space since the last chunk.
    space: Option<Style>,
    /// Whether the next grapheme must stay with the last chunk.
    glue: bool,
}

impl Words {
    fn add(&mut self, text: &str, style: Style) {
        for grapheme in text.graphemes(true) {
            if grapheme.chars().all(|c| c.is_whitespace() && c != '\u{a0}') {
                self.space = Some(style);
                self.glue = false;
                continue;
            }
            let seen: String = grapheme
                .chars()
                .map(|c| if c == '\u{a0}' { ' ' } else { c })
                .filter(|c| !is_invisible(*c))
                .collect();
            if !seen.is_empty() {
                self.place(&seen, style);
            }
        }
    }

    fn place(&mut self, grapheme: &str, style: Style) {
        let first = grapheme.chars().next().unwrap_or(' ');
        let last = self.done.last().and_then(|chunk| chunk.runs.last());
        let after_han = last.and_then(|(text, _)| text.chars().last()).is_some_and(breaks_around);
        let breaks = (breaks_around(first) || after_han) && !closes(first) && !self.glue;
        if self.done.is_empty() || self.space.is_some() || breaks {
            self.done.push(Chunk { space: self.space.take(), ..Chunk::default() });
        }
        self.glue = opens(first);
        let Some(chunk) = self.done.last_mut() else { return };
        chunk.width += text::width(grapheme);
        match chunk.runs.last_mut() {
            Some((text, known)) if *known == style => text.push_str(grapheme),
            _ => chunk.runs.push((grapheme.to_owned(), style)),
        }
    }
}

/// Whether a line may break before and after the character.
fn breaks_around(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}')
}

/// Marks that never begin a line.
fn closes(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '）'
            | '」'
            | '』'
            | '”'
            | '’'
            | '》'
            | '〉'
            | '】'
            | '…'
            | '％'
            | ','
            | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | ')'
            | ']'
            | '"'
            | '\''
    )
}

/// Marks that never end a line.
fn opens(c: char) -> bool {
    matches!(c, '（' | '「' | '『' | '“' | '‘' | '《' | '〈' | '【' | '(' | '[')
}

/// Rows of at most `room` columns; only a chunk wider than that is parted.
fn wrap(chunks: Vec<Chunk>, room: usize) -> Vec<Vec<Chunk>> {
    let mut rows: Vec<Vec<Chunk>> = Vec::new();
    let mut row: Vec<Chunk> = Vec::new();
    let mut used = 0;
    for chunk in chunks.into_iter().flat_map(|chunk| parted(chunk, room)) {
        let space = usize::from(!row.is_empty() && chunk.space.is_some());
        if !row.is_empty() && used + space + chunk.width > room {
            // A dash goes down with the words it leads to.
            let fits = row.len() > 1 && chunk.width + 2 <= room;
            let dash = if fits { row.pop_if(|last| is_dash(last)) } else { None };
            rows.push(std::mem::take(&mut row));
            row.extend(dash);
            used = row.len();
        }
        let space = usize::from(!row.is_empty() && chunk.space.is_some());
        used += space + chunk.width;
        row.push(chunk);
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

fn is_dash(chunk: &Chunk) -> bool {
    matches!(chunk.runs.as_slice(), [(text, _)] if text == "—" || text == "–")
}

/// The chunk, or its pieces where it is wider than a row.
fn parted(chunk: Chunk, room: usize) -> Vec<Chunk> {
    if chunk.width <= room {
        return vec![chunk];
    }
    let mut pieces = vec![Chunk { space: chunk.space, ..Chunk::default() }];
    for (text, style) in &chunk.runs {
        for grapheme in text.graphemes(true) {
            let width = text::width(grapheme);
            if pieces.last().is_some_and(|piece| piece.width + width > room) {
                pieces.push(Chunk::default());
            }
            let Some(piece) = pieces.last_mut() else { continue };
            piece.width += width;
            match piece.runs.last_mut() {
                Some((text, known)) if known == style => text.push_str(grapheme),
                _ => piece.runs.push((grapheme.to_owned(), *style)),
            }
        }
    }
    pieces
}
