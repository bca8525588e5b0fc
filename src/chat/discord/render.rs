//! A message as Discord's embeds: cards of one color, split into few messages.
//!
//! Every part keeps within every limit of Discord's, pings nobody and shows
//! all text as it was written. A block is split only when it alone is too long.

use serde_json::{Value, json};
use url::Url;

use crate::chat::Part;
use crate::chat::discord::escape::{address, clean, escape, size};
use crate::chat::discord::line::{CommandIds, markdown, plain, split, strong};
use crate::model::message::{Action, Block, Button, Choice, Choose, Line, Message, Span};
use crate::text;

/// The color of every card.
const COLOR: u32 = 0x002E_7D6B;
/// Discord's limits.
const TITLE: usize = 256;
const DESCRIPTION: usize = 4096;
const MESSAGE: usize = 6000;
const EMBEDS: usize = 10;
const ROWS: usize = 5;
const ROW: usize = 5;
const LABEL: usize = 80;
const CUSTOM_ID: usize = 100;
const BUTTON_URL: usize = 512;
const OPTIONS: usize = 25;
const OPTION: usize = 100;
const PLACEHOLDER: usize = 150;
/// Longest title of a form and longest label of its field.
const FORM_TITLE: usize = 45;
/// Longest text that a form's field takes.
const TYPED: u32 = 200;
/// A longer heading does not stay with what follows it.
const HEADING: usize = 1000;
/// Discord's own list mark: it hangs the lines under an item's first.
const BULLET: &str = "- ";
/// Columns of the widest table that a telephone shows without breaking lines.
const NARROW: usize = 42;

/// Message flags.
pub(super) const EPHEMERAL: u64 = 1 << 6;
const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;

/// The message's parts: bodies of Create Message without a nonce. Never empty.
pub(super) fn parts(message: &Message, ids: &CommandIds) -> Vec<Part> {
    let mut sent = packed(units(&message.blocks, ids));
    if sent.is_empty() {
        sent.push(vec![Embed { title: None, description: "…".to_owned() }]);
    }
    let mut flags = 0;
    if message.private {
        flags |= EPHEMERAL;
    }
    if message.silent {
        flags |= SUPPRESS_NOTIFICATIONS;
    }
    let last = sent.len() - 1;
    let body = |(i, embeds): (usize, Vec<Embed>)| {
        let embeds: Vec<Value> = embeds.iter().map(Embed::json).collect();
        let mut body = json!({ "embeds": embeds, "allowed_mentions": { "parse": [] } });
        if flags != 0 {
            body["flags"] = json!(flags);
        }
        let rows = if i == last { rows(&message.buttons) } else { Vec::new() };
        if !rows.is_empty() {
            body["components"] = json!(rows);
        }
        Part(body)
    };
    sent.into_iter().enumerate().map(body).collect()
}

/// A card's title, escaped, and where it leads.
struct Title {
    text: String,
    url: Option<String>,
}

/// What is never torn apart: a block with the headings above it, and the title that opens a card.
struct Unit {
    title: Option<Title>,
    text: String,
}

struct Embed {
    title: Option<Title>,
    description: String,
}

impl Embed {
    fn size(&self) -> usize {
        size(&self.description) + title_size(self.title.as_ref())
    }

    fn json(&self) -> Value {
        let mut embed = json!({ "color": COLOR });
        if let Some(title) = &self.title {
            embed["title"] = json!(title.text);
            if let Some(url) = &title.url {
                embed["url"] = json!(url);
            }
        }
        if !self.description.is_empty() {
            embed["description"] = json!(self.description);
        }
        embed
    }
}

fn title_size(title: Option<&Title>) -> usize {
    title.map_or(0, |title| size(&title.text))
}

fn units(blocks: &[Block], ids: &CommandIds) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut title = None;
    let mut headings = String::new();
    for block in blocks {
        if let Block::Title(line) = block {
            flush(&mut units, &mut title, &mut headings);
            title = card_title(line);
            if title.is_some() {
                continue;
            }
        }
        let heads = matches!(block, Block::Title(_) | Block::Heading(_) | Block::Subheading(_));
        let above = if headings.is_empty() { 0 } else { size(&headings) + 1 };
        for piece in pieces(block, DESCRIPTION - above, ids) {
            if size(&headings) + 1 + size(&piece) > DESCRIPTION {
                flush(&mut units, &mut title, &mut headings);
            }
            if !headings.is_empty() {
                headings.push('\n');
            }
            headings.push_str(&piece);
            if !heads || size(&headings) > HEADING {
                flush(&mut units, &mut title, &mut headings);
            }
        }
    }
    flush(&mut units, &mut title, &mut headings);
    units
}

fn flush(units: &mut Vec<Unit>, title: &mut Option<Title>, text: &mut String) {
    let (title, text) = (title.take(), std::mem::take(text));
    if title.is_some() || !text.trim().is_empty() {
        units.push(Unit { title, text });
    }
}

/// The line as a card's title; `None` when it is blank or too long for one, or holds more links
/// than a title can carry.
fn card_title(line: &Line) -> Option<Title> {
    let text = plain(line);
    let text = escape(text.trim(), true);
    let mut links = line.0.iter().filter_map(|span| match span {
        Span::Link { url, .. } => address(url),
        _ => None,
    });
    let (url, more) = (links.next(), links.next());
    let fits = !text.is_empty() && size(&text) <= TITLE && more.is_none();
    fits.then_some(Title { text, url })
}

/// The block in markdown, in as few pieces as `room` allows.
fn pieces(block: &Block, room: usize, ids: &CommandIds) -> Vec<String> {
    let lines = |line: &Line, first: &str, next: &str| prefixed(line, first, next, room, ids);
    match block {
        Block::Title(line) => joined(lines(line, "## ", "## "), room),
        Block::Heading(line) => joined(lines(line, "### ", "### "), room),
        Block::Subheading(line) => match strong(line, ids) {
            Some(whole) if size(&whole) <= room => vec![whole],
            _ => joined(lines(line, "", ""), room),
        },
        Block::Paragraph(line) => joined(lines(line, "", ""), room),
        Block::List(items) => {
            joined(items.iter().flat_map(|item| lines(item, BULLET, "")).collect(), room)
        }
        Block::Quote(line) => joined(lines(line, "> ", "> "), room),
        Block::Table { head, rows } => match monospace(head, rows) {
            Some((top, rows)) => fenced(&top, &rows, room),
            None => {
                let named = rows.iter().map(|row| named_row(head, row));
                joined(named.flat_map(|row| lines(&row, BULLET, "")).collect(), room)
            }
        },
        Block::Footer(line) => joined(lines(line, "-# ", "-# "), room),
    }
}

/// The line with its mark, as several lines where one would be too long. A blank line is none.
fn prefixed(line: &Line, first: &str, next: &str, room: usize, ids: &CommandIds) -> Vec<String> {
    let whole = markdown(line, ids);
    if whole.trim().is_empty() {
        return Vec::new();
    }
    if size(&whole) + size(first) <= room {
        return vec![format!("{first}{whole}")];
    }
    split(line, room - size(first).max(size(next)))
        .iter()
        .map(|line| markdown(line, ids))
        .filter(|line| !line.trim().is_empty())
        .enumerate()
        .map(|(i, line)| format!("{}{line}", if i == 0 { first } else { next }))
        .collect()
}

/// Lines joined as long as they stay within `room`.
fn joined(lines: Vec<String>, room: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        match out.last_mut() {
            Some(piece) if size(piece) + 1 + size(&line) <= room => {
                piece.push('\n');
                piece.push_str(&line);
            }
            _ => out.push(line),
        }
    }
    out
}

/// The table's head and rows in columns, when all of it is plain and narrow enough to line up.
fn monospace(head: &[String], rows: &[Vec<Line>]) -> Option<(String, Vec<String>)> {
    let bare = |span: &Span| matches!(span, Span::Text(_) | Span::Bold(_) | Span::Italic(_));
    if rows.is_empty() || !rows.iter().flatten().flat_map(|cell| &cell.0).all(bare) {
        return None;
    }
    let cells = |row: &Vec<Line>| row.iter().map(|cell| plain(cell).trim().to_owned()).collect();
    let mut table: Vec<Vec<String>> = vec![head.iter().map(|name| clean(name)).collect()];
    table.extend(rows.iter().map(cells));
    // Wide characters do not line up in Discord's font, and a backtick could end the block.
    let lines_up = |cell: &String| text::width(cell) == cell.chars().count();
    if table.iter().flatten().any(|cell| cell.contains('`') || !lines_up(cell)) {
        return None;
    }
    let columns = table.iter().map(Vec::len).max()?;
    let width =
        |i: usize| table.iter().filter_map(|row| row.get(i)).map(|cell| text::width(cell)).max();
    let widths: Vec<usize> = (0..columns).filter_map(width).collect();
    let total = widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1);
    if columns == 0 || total > NARROW {
        return None;
    }
    let laid = |row: &Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let top = format!("{}\n{}", laid(&table[0]), "─".repeat(total));
    Some((top, table[1..].iter().map(laid).collect()))
}

/// The rows in code blocks, each under the head.
fn fenced(top: &str, rows: &[String], room: usize) -> Vec<String> {
    let frame = size(top) + size("```\n\n\n```");
    joined(rows.to_vec(), room.saturating_sub(frame))
        .iter()
        .map(|rows| format!("```\n{top}\n{rows}\n```"))
        .collect()
}

/// A row in words: its first cell, then each of the others with its column's name.
fn named_row(head: &[String], row: &[Line]) -> Line {
    let mut line = Line::default();
    for (i, cell) in row.iter().enumerate() {
        if i == 0 {
            line.0.extend(cell.0.iter().map(|span| match span {
                Span::Text(text) => Span::Bold(text.clone()),
                other => other.clone(),
            }));
            continue;
        }
        line.0.push(Span::Text(if i == 1 { " — " } else { " · " }.to_owned()));
        if let Some(name) = head.get(i).filter(|name| !name.trim().is_empty()) {
            line.0.push(Span::Text(format!("{name}: ")));
        }
        line.0.extend(cell.0.iter().cloned());
    }
    line
}

/// Units in as few cards and messages as the limits allow, in order.
fn packed(units: Vec<Unit>) -> Vec<Vec<Embed>> {
    let mut sent: Vec<Vec<Embed>> = Vec::new();
    for unit in units {
        let wanted = size(&unit.text) + title_size(unit.title.as_ref());
        let message = sent.last_mut().filter(|embeds| {
            let used: usize = embeds.iter().map(Embed::size).sum();
            used + wanted + WIDEST_GAP <= MESSAGE
        });
        let Some(message) = message else {
            sent.push(vec![Embed { title: unit.title, description: unit.text }]);
            continue;
        };
        let room = message.len() < EMBEDS;
        match message.last_mut() {
            Some(embed) if unit.title.is_none() && joins(embed, &unit.text) => {
                if !embed.description.is_empty() {
                    let gap = gap(&embed.description, &unit.text);
                    embed.description.push_str(gap);
                }
                embed.description.push_str(&unit.text);
            }
            _ if room => {
                message.push(Embed { title: unit.title, description: unit.text });
            }
            _ => sent.push(vec![Embed { title: unit.title, description: unit.text }]),
        }
    }
    sent
}

fn joins(embed: &Embed, text: &str) -> bool {
    size(&embed.description) + WIDEST_GAP + size(text) <= DESCRIPTION
}

/// The longest that `gap` gives.
const WIDEST_GAP: usize = 2;

/// What stands between a unit and the text above it: headings bring their own space, and small
/// print is one piece.
fn gap(above: &str, text: &str) -> &'static str {
    let small = |line: &str| line.starts_with("-# ");
    let one_piece = small(text) && above.lines().next_back().is_some_and(small);
    if text.starts_with("##") || one_piece { "\n" } else { "\n\n" }
}

/// Rows of buttons within Discord's limits. A button that could not do its work is left out.
fn rows(buttons: &[Vec<Button>]) -> Vec<Value> {
    let mut used = Vec::new();
    let mut rows = Vec::new();
    for row in buttons {
        let menus = row.iter().filter_map(|button| match &button.action {
            Action::Choose(choose) => Some((button, choose)),
            _ => None,
        });
        for (button, choose) in menus {
            let menu = menu(&button.label, choose, &mut used);
            rows.extend(menu.map(|menu| json!({ "type": 1, "components": [menu] })));
        }
        let made: Vec<Value> = row.iter().filter_map(|made| button(made, &mut used)).collect();
        for row in made.chunks(ROW) {
            rows.push(json!({ "type": 1, "components": row }));
        }
    }
    rows.truncate(ROWS);
    rows
}

/// A list to choose from as a menu; it fills a row. `c:` takes one value, `m:` all that are chosen.
fn menu(label: &str, choose: &Choose, used: &mut Vec<String>) -> Option<Value> {
    let several = choose.all.as_ref();
    let id = match several {
        Some(line) => format!("m:{}", line.trim()),
        None => format!("c:{}", choose.one.trim()),
    };
    let mut values = Vec::new();
    let option = |option: &Choice| {
        let fits = (1..=OPTION).contains(&option.value.chars().count());
        // The same value twice makes Discord refuse the whole message.
        if !fits || values.contains(&option.value) {
            return None;
        }
        values.push(option.value.clone());
        let label = text::cut(&text::one_line(&option.label), OPTION);
        let label = if label.is_empty() { option.value.clone() } else { label };
        let mut made = json!({ "label": label, "value": option.value });
        let note = text::cut(&text::one_line(&option.note), OPTION);
        if !note.is_empty() {
            made["description"] = json!(note);
        }
        if option.chosen {
            made["default"] = json!(true);
        }
        Some(made)
    };
    let options: Vec<Value> = choose.options.iter().filter_map(option).take(OPTIONS).collect();
    if options.is_empty() || id.chars().count() > CUSTOM_ID || used.contains(&id) {
        return None;
    }
    used.push(id.clone());
    let (least, most) = if several.is_some() { (0, options.len()) } else { (1, 1) };
    Some(json!({
        "type": 3,
        "custom_id": id,
        "placeholder": text::cut(&text::one_line(label), PLACEHOLDER),
        "min_values": least,
        "max_values": most,
        "options": options,
    }))
}

fn button(button: &Button, used: &mut Vec<String>) -> Option<Value> {
    let label = text::one_line(&button.label);
    let label = if label.is_empty() { "…".to_owned() } else { text::cut(&label, LABEL / 2) };
    let id = match &button.action {
        Action::Open(url) => {
            let url =
                Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
            let fits = url.as_str().chars().count() <= BUTTON_URL;
            return fits
                .then(|| json!({ "type": 2, "style": 5, "label": label, "url": url.as_str() }));
        }
        Action::Edit(line) => format!("e:{}", line.trim()),
        Action::Ask(line) => format!("a:{}", line.trim()),
        Action::Prompt { command, placeholder } => form_id(command, placeholder),
        Action::Choose(_) => return None,
    };
    // The same id twice makes Discord refuse the whole message.
    if id.len() <= 2 || id.chars().count() > CUSTOM_ID || used.contains(&id) {
        return None;
    }
    used.push(id.clone());
    let style = if matches!(button.action, Action::Ask(_)) { 1 } else { 2 };
    Some(json!({ "type": 2, "style": style, "label": label, "custom_id": id }))
}

/// The id of a button that opens a form: it holds all that the form needs but its title, so that
/// a restart forgets none.
fn form_id(command: &str, placeholder: &str) -> String {
    let command = command.trim();
    let room = CUSTOM_ID.saturating_sub(command.chars().count() + 3);
    format!("p:{command}|{}", text::cut(&text::one_line(placeholder), room))
}

/// The form that the button with this id opens; `None` when it opens none. `label` is the
/// button's.
pub(super) fn form(id: &str, label: &str) -> Option<Value> {
    let (command, placeholder) = id.strip_prefix("p:")?.split_once('|')?;
    let title = text::cut(&text::one_line(label), FORM_TITLE);
    let title = if title.is_empty() { "Settings".to_owned() } else { title };
    Some(json!({
        "custom_id": format!("f:{command}"),
        "title": title,
        "components": [{ "type": 1, "components": [{
            "type": 4,
            "custom_id": "typed",
            "style": 1,
            "label": title,
            "placeholder": placeholder,
            "max_length": TYPED,
            "required": true,
        }] }],
    }))
}
