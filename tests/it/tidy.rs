//! The shape of the tree: layers, confinements, headers, and tables that must agree.
//!
//! It reads sources as text. The rules are proven by seeded violations, so a
//! rule that stopped biting fails here too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use monazite::commands;

/// A source file of the tree.
struct File {
    /// From the tree's root, with forward slashes.
    path: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folders: &[&str], endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if endings.iter().any(|ending| path.extension().is_some_and(|e| e == *ending)) {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Module → layer, as `src/lib.rs` lists them under `// Layer N` comments.
fn layers(lib: &str) -> BTreeMap<String, u32> {
    let mut layers = BTreeMap::new();
    let mut layer = None;
    for line in lib.lines() {
        if let Some(rest) = line.strip_prefix("// Layer ") {
            layer = rest.split(',').next().and_then(|number| number.trim().parse().ok());
        } else if let Some(rest) = line.strip_prefix("pub mod ") {
            let name = rest.trim_end_matches(';').to_owned();
            layers.insert(name, layer.expect("every module stands under a layer"));
        }
    }
    layers
}

/// The top-level module a file belongs to.
fn module(path: &str) -> &str {
    let rest = path.strip_prefix("src/").unwrap_or(path);
    rest.split(['/', '.']).next().unwrap_or_default()
}

/// The code of a file, without comments and string contents that could look like code.
fn code(text: &str) -> String {
    text.lines()
        .map(|line| match line.find("//") {
            Some(at) if !line[..at].contains('"') => &line[..at],
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Imports of the wrong layer: `crate::<module>` anywhere in the code.
fn layer_violations(file: &File, layers: &BTreeMap<String, u32>) -> Vec<String> {
    let own = module(&file.path);
    let Some(own_layer) = layers.get(own) else { return Vec::new() };
    let mut violations = Vec::new();
    let code = code(&file.text);
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let mut names = Vec::new();
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            names.extend(
                group
                    .split(',')
                    .map(|name| name.trim().split("::").next().unwrap_or_default().to_owned()),
            );
        } else {
            names.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
        for name in names {
            match layers.get(&name) {
                Some(layer) if name != own && layer >= own_layer => {
                    violations.push(format!(
                        "{}: imports {name} (layer {layer}) from layer {own_layer}",
                        file.path
                    ));
                }
                _ => {}
            }
        }
    }
    violations
}

/// A word and the places where it may stand.
struct Confinement {
    words: &'static [&'static str],
    places: &'static [&'static str],
}

const CONFINED: &[Confinement] = &[
    Confinement { words: &["sled::", "tantivy::"], places: &["src/store/"] },
    // ADR 0007: Discord's rate-limit headers are seen by no other way.
    Confinement { words: &["reqwest::"], places: &["src/sources/", "src/chat/discord/"] },
    Confinement { words: &["serenity::"], places: &["src/chat/discord/"] },
    Confinement { words: &["teloxide::"], places: &["src/chat/telegram/"] },
    Confinement {
        words: &[
            "tokio::spawn",
            "spawn_blocking",
            ".spawn(",
            "select!",
            "time::sleep",
            "Utc::now",
            "SystemTime::now",
            "Instant::now",
        ],
        places: &["src/app/"],
    },
    Confinement {
        words: &["anyhow::", "anyhow!"],
        places: &[
            "src/commands/",
            "src/deliver/",
            "src/ingest/",
            "src/publish/",
            "src/config.rs",
            "src/ops.rs",
            "src/app/",
            "src/main.rs",
        ],
    },
];

fn confinement_violations(file: &File) -> Vec<String> {
    let code = code(&file.text);
    let mut violations = Vec::new();
    for confinement in CONFINED {
        let allowed = confinement.places.iter().any(|place| file.path.starts_with(place));
        for word in confinement.words.iter().filter(|word| !allowed && code.contains(**word)) {
            violations.push(format!(
                "{}: {word} belongs to {}",
                file.path,
                confinement.places.join(", ")
            ));
        }
    }
    violations
}

#[test]
fn modules_import_only_from_lower_layers() {
    let sources = files(&["src"], &["rs"]);
    let lib = sources.iter().find(|file| file.path == "src/lib.rs").unwrap();
    let layers = layers(&lib.text);
    assert!(layers.len() > 15, "the layers are read from lib.rs");
    let modules: std::collections::BTreeSet<&str> =
        sources.iter().map(|file| module(&file.path)).collect();
    for name in modules.iter().filter(|name| !matches!(**name, "lib" | "main")) {
        assert!(layers.contains_key(*name), "{name} has no layer in lib.rs");
    }
    let violations: Vec<String> =
        sources.iter().flat_map(|file| layer_violations(file, &layers)).collect();
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn edges_are_confined() {
    let violations: Vec<String> =
        files(&["src"], &["rs"]).iter().flat_map(confinement_violations).collect();
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn the_rules_bite() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let layers = layers(&lib);
    let seeded = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let upward = seeded("src/enrich/bad.rs", "use crate::store::Store;\n");
    assert_eq!(layer_violations(&upward, &layers).len(), 1);
    let sideways = seeded("src/deliver/", "fn f() { crate::publish::step() }\n");
    assert_eq!(layer_violations(&sideways, &layers).len(), 1);
    let grouped = seeded("src/compose/bad.rs", "use crate::{text, register::Curated};\n");
    assert_eq!(layer_violations(&grouped, &layers).len(), 1);
    let downward =
        seeded("src/deliver/", "use crate::store::Store;\nuse crate::model::story::Story;\n");
    assert!(layer_violations(&downward, &layers).is_empty());
    let leak =
        seeded("src/publish/", "fn f() { let now = chrono::Utc::now(); tokio::spawn(g()); }\n");
    assert_eq!(confinement_violations(&leak).len(), 2);
    let told = seeded("src/publish/", "// sled::Db is not used here\n");
    assert!(confinement_violations(&told).is_empty());
}

#[test]
fn every_file_says_what_it_is() {
    for file in files(&["src", "tests", "benches"], &["rs"]) {
        assert!(file.text.starts_with("//! "), "{} opens without saying what it is", file.path);
    }
}

#[test]
fn no_line_ends_in_white_space() {
    let mut all = files(&["src", "benches", "docs"], &["rs", "md"]);
    all.extend(files(&["config"], &["toml"]));
    for file in all {
        for (i, line) in file.text.lines().enumerate() {
            // Two spaces would be a line break in Markdown; this project does not use them.
            assert!(line == line.trim_end(), "{}:{} ends in white space", file.path, i + 1);
        }
    }
}

#[test]
fn commands_keep_the_platforms_rules() {
    let mut names = std::collections::BTreeSet::new();
    for command in commands::ALL {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(
            (1..=32).contains(&command.name.len()) && command.name.chars().all(good),
            "{}",
            command.name
        );
        assert!(
            (3..=100).contains(&command.summary.chars().count()),
            "{}: the summary's length",
            command.name
        );
        assert!(!command.summary.ends_with('.'), "{}: a summary has no full stop", command.name);
        assert!(names.insert(command.name), "{} stands twice", command.name);
    }
}

/// The README's table of commands, as the commands' rows make it.
fn command_table() -> String {
    let mut table = "| Command | What it does | Who may |\n| --- | --- | --- |\n".to_owned();
    for command in commands::ALL {
        let usage =
            if command.usage.is_empty() { String::new() } else { format!(" {}", command.usage) };
        let usage = usage.replace('|', "\\|");
        let who = if command.manage { "who manages the chat" } else { "everyone" };
        table.push_str(&format!("| `/{}{usage}` | {} | {who} |\n", command.name, command.summary));
    }
    table
}

#[test]
fn the_readme_lists_the_commands() {
    let path = root().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once("<!-- commands -->\n").expect("the table's first mark");
    let (table, after) = rest.split_once("<!-- /commands -->").expect("the table's last mark");
    if table != command_table() && std::env::var_os("UPDATE_EXPECT").is_some() {
        let whole =
            format!("{before}<!-- commands -->\n{}<!-- /commands -->{after}", command_table());
        std::fs::write(path, whole).unwrap();
        return;
    }
    assert_eq!(table, command_table(), "run the tests with UPDATE_EXPECT=1 to rewrite the table");
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let mut numbers: Vec<u32> = files(&["docs/adr"], &["md"])
        .iter()
        .filter_map(|file| file.path.strip_prefix("docs/adr/")?.split('-').next()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    let expected: Vec<u32> = (1..).take(numbers.len()).collect();
    assert!(!numbers.is_empty());
    assert_eq!(numbers, expected);
}

#[test]
fn nothing_unfinished_is_left() {
    // In halves, so that a search of the tree for such marks does not find this list.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("unimplem", "ented!"),
        concat!("to", "do!("),
    ];
    for file in files(&["src", "benches"], &["rs"]) {
        for mark in marks {
            assert!(!file.text.contains(mark), "{} holds {mark}", file.path);
        }
    }
}
