//! The command menu as Discord's application commands.
//!
//! A command takes one optional text, whatever its usage says: the commands
//! themselves read it, so every platform understands the same words.

use serde_json::{Value, json};

use crate::chat::MenuItem;
use crate::chat::discord::line::CommandIds;
use crate::chat::discord::snowflake;
use crate::text;

/// Discord's limits.
const DESCRIPTION: usize = 100;
const OPTION_NAME: usize = 32;
/// "Manage Server".
pub(super) const MANAGE_GUILD: u64 = 1 << 5;

/// The body that registers all commands at once.
pub(super) fn commands(menu: &[MenuItem]) -> Value {
    menu.iter().map(command).collect()
}

/// The ids in Discord's answer to a registration.
pub(super) fn ids(answer: &Value) -> CommandIds {
    let commands = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let id =
        |command: &Value| Some((command["name"].as_str()?.to_owned(), snowflake(&command["id"])?));
    commands.iter().filter_map(id).collect()
}

fn command(item: &MenuItem) -> Value {
    let mut command = json!({
        "type": 1,
        "name": item.name,
        "description": text::cut(item.summary, DESCRIPTION),
        // Server and account installs; servers, the bot's own chats and other private ones.
        "integration_types": [0, 1],
        "contexts": [0, 1, 2],
    });
    if item.manage {
        command["default_member_permissions"] = json!(MANAGE_GUILD.to_string());
    }
    if !item.usage.trim().is_empty() {
        command["options"] = json!([{
            "type": 3,
            "name": option_name(item.usage),
            "description": text::cut(item.usage.trim(), DESCRIPTION),
            "required": false,
            "autocomplete": item.completes,
        }]);
    }
    command
}

/// The usage's first word in the characters an option's name may have.
fn option_name(usage: &str) -> String {
    let word: String = usage
        .trim_start_matches(|c: char| !c.is_ascii_alphanumeric())
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .take(OPTION_NAME)
        .collect();
    if word.is_empty() { "text".to_owned() } else { word.to_ascii_lowercase() }
}
