//! A message as the bodies of Telegram messages: HTML within every limit, buttons under the last.
//!
//! Blocks are kept whole where they fit; nothing written can ping anybody,
//! open a tag or lead anywhere but to a web address.

use serde_json::{Value, json};

use crate::chat::Part;
use crate::chat::telegram::rich::{Cost, Frame, Rich, Style, Target};
use crate::model::message::{Action, Block, Button, Choice, Line, Message, Span, start_payload};
use crate::text;

/// Marks a part that is not the first of its message. It never leaves the bot: `send` takes it
/// off, and by it knows which part of an answer edits the message a button stands under.
pub(super) const CONTINUES: &str = "continues";

/// Columns a phone shows of fixed-width text without wrapping it.
const NARROW: usize = 36;

/// Columns of an item that fills four lines of a phone.
const LONG: usize = 150;

/// Callback data holds no more bytes.
const LONGEST_DATA: usize = 64;

/// Addresses longer than this are not worth their bytes; their text stays.
const LONGEST_ADDRESS: usize = 2000;

/// Said instead of nothing.
const NOTHING: &str = "…";

/// The message in parts, each the body of a `sendMessage` less its chat. With the bot's name, words
/// that ask a command are links to the bot.
pub(super) fn render(message: &Message, bot: Option<&str>) -> Vec<Part> {
    let bot = bot.filter(|name| is_name(name));
    let texts = pack(&units(&message.blocks));
    let last = texts.len() - 1;
    let keyboard = keyboard(&message.buttons);
    texts
        .iter()
        .enumerate()
        .map(|(i, rich)| {
            let mut body = json!({
                "text": rich.html(bot),
                "parse_mode": "HTML",
                "link_preview_options": { "is_disabled": true },
            });
            if i > 0 {
                body[CONTINUES] = json!(true);
            }
            // One message makes one sound.
            if message.silent || i > 0 {
                body["disable_notification"] = json!(true);
            }
            if i == last && !keyboard.is_empty() {
                body["reply_markup"] = json!({ "inline_keyboard": keyboard });
            }
            Part(body)
        })
        .collect()
}

/// Whether a name can stand in an address.
fn is_name(name: &str) -> bool {
    (1..=32).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What stays together, and the gap before it.
struct Unit {
    gap: &'static str,
    rich: Rich,
}

/// The blocks, headings joined with what they head.
fn units(blocks: &[Block]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut before: Option<&Block> = None;
    for block in blocks {
        let rich = block_text(block, before);
        if rich.is_blank() {
            continue;
        }
        let gap = before.map_or("", |before| gap(before, block));
        match (units.last_mut(), before) {
            (Some(unit), Some(Block::Heading(_) | Block::Subheading(_))) => {
                unit.rich.append(gap, &rich);
            }
            _ => units.push(Unit { gap, rich }),
        }
        before = Some(block);
    }
    units
}

/// Quotations and tables bring their own space; a heading belongs to what follows, a title to the
/// words under it, and small print is one piece.
fn gap(before: &Block, after: &Block) -> &'static str {
    let framed = |block: &Block| matches!(block, Block::Quote(_) | Block::Table { .. });
    let close = matches!(
        (before, after),
        (Block::Heading(_) | Block::Subheading(_), _)
            | (Block::Title(_), Block::Paragraph(_))
            | (Block::Footer(_), Block::Footer(_))
    );
    if close || framed(before) || framed(after) { "\n" } else { "\n\n" }
}

/// The units in as few messages as hold them; at least one.
fn pack(units: &[Unit]) -> Vec<Rich> {
    let mut parts = Vec::new();
    let mut current = Rich::default();
    for Unit { gap, rich } in units {
        let together = current.cost().plus(rich.cost()).plus(gap_cost(gap));
        if current.is_empty() {
            current = rich.clone();
        } else if together.fits() {
            current.append(gap, rich);
            continue;
        } else {
            parts.push(std::mem::replace(&mut current, rich.clone()));
        }
        if !current.cost().fits() {
            let mut pieces = current.split();
            current = pieces.pop().unwrap_or_default();
            parts.append(&mut pieces);
        }
    }
    if parts.is_empty() && current.is_empty() {
        current.push(NOTHING, &Style::default());
    }
    if !current.is_empty() {
        parts.push(current);
    }
    parts
}

fn gap_cost(gap: &str) -> Cost {
    Cost { units: gap.len(), bytes: gap.len(), marks: 0 }
}

fn block_text(block: &Block, before: Option<&Block>) -> Rich {
    let mut rich = Rich::default();
    let plain = Style::default();
    let bold = Style { bold: true, ..Style::default() };
    match block {
        Block::Title(line) | Block::Subheading(line) => push_line(&mut rich, "", line, &bold),
        Block::Heading(line) => push_line(&mut rich, "■ ", line, &bold),
        Block::Paragraph(line) => push_line(&mut rich, "", line, &plain),
        Block::List(lines) => {
            let points = matches!(before, Some(Block::Subheading(_)));
            push_list(&mut rich, lines, if points { "\n" } else { between(lines) });
        }
        Block::Quote(line) => {
            push_line(&mut rich, "", line, &Style { frame: Frame::Quote, ..plain });
        }
        Block::Table { head, rows } => push_table(&mut rich, head, rows),
        Block::Footer(line) => {
            push_line(&mut rich, "", line, &Style { italic: true, ..plain });
        }
    }
    rich
}

/// What stands between a list's items: air, where most of them fill several lines of a phone.
fn between(lines: &[Line]) -> &'static str {
    let widths: usize = lines.iter().map(|line| text::width(&line.plain())).sum();
    if widths > LONG * lines.len() { "\n\n" } else { "\n" }
}

fn push_list(rich: &mut Rich, lines: &[Line], between: &str) {
    for line in lines {
        let mut item = Rich::default();
        push_line(&mut item, "• ", line, &Style::default());
        if !item.is_empty() {
            rich.append(if rich.is_empty() { "" } else { between }, &item);
        }
    }
}

/// Adds a line after `mark`, on a line of its own; nothing when it says nothing.
fn push_line(rich: &mut Rich, mark: &str, line: &Line, base: &Style) {
    let mut body = Rich::default();
    let mut fold = Fold::default();
    for span in &line.0 {
        let (text, style) = styled(span, base);
        body.push(&fold.take(text, style.code), &style);
    }
    body.trim_end();
    if body.is_blank() {
        return;
    }
    if !rich.is_empty() {
        rich.push("\n", &Style { frame: base.frame, ..Style::default() });
    }
    rich.push(mark, base);
    rich.append("", &body);
}

/// A span's text and look. Fixed width can hold no other look.
fn styled<'a>(span: &'a Span, base: &Style) -> (&'a str, Style) {
    let style = base.clone();
    let code = Style { code: true, bold: false, italic: false, ..base.clone() };
    match span {
        Span::Bold(text) => (text, Style { bold: true, ..style }),
        Span::Italic(text) => (text, Style { italic: true, ..style }),
        Span::Code(text) => (text, code),
        // Telegram makes a bare command tappable, but a tap would lose its arguments.
        Span::Command(text) if text.trim().contains(char::is_whitespace) => (text, code),
        Span::Text(text) | Span::Time { text, .. } | Span::Command(text) => (text, style),
        Span::Link { text, url } => {
            (text, Style { link: web_address(url).map(Target::Address), ..style })
        }
        Span::Ask { text, line } => {
            (text, Style { link: start_payload(line).map(Target::Start), ..style })
        }
    }
}

/// Folds the spans of one line: as `text::one_line` does, but across them, and with an invisible
/// joiner in what Telegram would take for a mention, so that a headline pings nobody.
#[derive(Default)]
struct Fold {
    last: Option<char>,
    before_last: Option<char>,
}

impl Fold {
    fn take(&mut self, text: &str, code: bool) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            let c = if c.is_whitespace() { ' ' } else { c };
            if text::is_invisible(c) || (c == ' ' && matches!(self.last, None | Some(' '))) {
                continue;
            }
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let mention = self.last == Some('@') && word(c) && !self.before_last.is_some_and(word);
            if mention && !code {
                out.push('\u{2060}');
            }
            out.push(c);
            self.before_last = self.last.replace(c);
        }
        out
    }
}

fn push_table(rich: &mut Rich, head: &[String], rows: &[Vec<Line>]) {
    if rows.iter().flatten().all(|cell| text::one_line(&cell.plain()).is_empty()) {
        return;
    }
    let linked = rows.iter().flatten().any(|cell| {
        cell.0
            .iter()
            .any(|span| matches!(span, Span::Link { url, .. } if web_address(url).is_some()))
    });
    let head: Vec<String> = head.iter().map(|cell| text::one_line(cell)).collect();
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| text::one_line(&cell.plain())).collect())
        .collect();
    let widths = widths(&head, &cells);
    let total = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    if linked || total > NARROW {
        push_records(rich, &head, rows);
        return;
    }
    let pre = Style { frame: Frame::Pre, ..Style::default() };
    let mut lines = Vec::new();
    if head.iter().any(|cell| !cell.is_empty()) {
        lines.push(aligned(&head, &widths));
        lines.push("─".repeat(total));
    }
    lines.extend(cells.iter().map(|row| aligned(row, &widths)));
    rich.push(&lines.join("\n"), &pre);
}

fn widths(head: &[String], cells: &[Vec<String>]) -> Vec<usize> {
    let columns = cells.iter().map(Vec::len).max().unwrap_or(0).max(head.len());
    let width = |row: &[String], i: usize| row.get(i).map_or(0, |cell| text::width(cell));
    (0..columns)
        .map(|i| cells.iter().map(|row| width(row, i)).max().unwrap_or(0).max(width(head, i)))
        .collect()
}

fn aligned(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (i, (cell, width)) in row.iter().zip(widths).enumerate() {
        // Telegram takes spaces off a message's start, and with them a column.
        let cell = if i == 0 && cell.is_empty() { "·" } else { cell };
        line.push_str(cell);
        line.push_str(&" ".repeat(width.saturating_sub(text::width(cell)) + 2));
    }
    line.trim_end().to_owned()
}

/// A table too wide for a phone: each row as lines of "name: value", the first of them bold.
fn push_records(rich: &mut Rich, head: &[String], rows: &[Vec<Line>]) {
    let plain = Style::default();
    for row in rows {
        let mut record = Rich::default();
        for (i, cell) in row.iter().enumerate() {
            let name = head.get(i).map(String::as_str).unwrap_or_default();
            let mark = if name.is_empty() { String::new() } else { format!("{name}: ") };
            let style = Style { bold: i == 0, ..plain.clone() };
            push_line(&mut record, &mark, cell, &style);
        }
        if !record.is_empty() {
            rich.append(if rich.is_empty() { "" } else { "\n\n" }, &record);
        }
    }
}

/// The address as it may stand in a message: absolute, http or https, with a host Telegram takes.
fn web_address(url: &str) -> Option<String> {
    let url = url::Url::parse(url.trim()).ok()?;
    let host = url.host_str()?;
    let web = matches!(url.scheme(), "http" | "https");
    let plain = url.username().is_empty() && url.password().is_none();
    let known = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    let address = url.as_str();
    (web && plain && known && address.len() <= LONGEST_ADDRESS).then(|| address.to_owned())
}

/// The buttons Telegram would take; rows left empty are gone.
fn keyboard(rows: &[Vec<Button>]) -> Vec<Vec<Value>> {
    // Telegram shows no more than eight in a row and takes a hundred altogether.
    let mut made: Vec<Vec<Value>> = Vec::new();
    for row in rows {
        let spread: Vec<Button> = row.iter().flat_map(spread).collect();
        let buttons: Vec<Value> = spread.iter().filter_map(button).collect();
        made.extend(even(&buttons, columns(&spread)));
    }
    made.truncate(12);
    made
}

/// A list to choose from as a button for each; any other button as it is.
fn spread(button: &Button) -> Vec<Button> {
    let Action::Choose(choose) = &button.action else { return vec![button.clone()] };
    let option = |option: &Choice| Button {
        label: if option.chosen { format!("✓ {}", option.label) } else { option.label.clone() },
        action: Action::Edit(format!("{} {}", choose.one, option.value)),
    };
    choose.options.iter().map(option).collect()
}

/// Rows of at most so many, as even as can be: four where three fit are two and two.
fn even(buttons: &[Value], most: usize) -> Vec<Vec<Value>> {
    let rows = buttons.len().div_ceil(most);
    let mut left = buttons;
    let mut made = Vec::with_capacity(rows);
    for row in 0..rows {
        let (these, rest) = left.split_at(left.len().div_ceil(rows - row));
        made.push(these.to_vec());
        left = rest;
    }
    made
}

/// How many buttons stand side by side on a phone without their labels being cut; a long list takes
/// two whatever its labels.
fn columns(buttons: &[Button]) -> usize {
    match buttons.iter().map(|button| text::width(&button.label)).max().unwrap_or(0) {
        0..=3 => 8,
        4..=7 => 4,
        8..=14 => 3,
        15..=24 => 2,
        _ if buttons.len() > 8 => 2,
        _ => 1,
    }
}

fn button(button: &Button) -> Option<Value> {
    let label = text::cut(&text::one_line(&button.label), 40);
    if label.is_empty() {
        return None;
    }
    let data = match &button.action {
        Action::Open(url) => return Some(json!({ "text": label, "url": web_address(url)? })),
        Action::Edit(line) => format!("e:{line}"),
        Action::Ask(line) => format!("a:{line}"),
        // Spread before; and what is to be typed, the text says.
        Action::Choose(_) | Action::Prompt { .. } => return None,
    };
    (data.len() <= LONGEST_DATA).then(|| json!({ "text": label, "callback_data": data }))
}
