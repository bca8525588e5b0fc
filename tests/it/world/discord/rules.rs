//! What Discord takes and refuses in the bodies of requests, as its API description says.

use serde_json::{Map, Value, json};

/// Where a message body is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Create,
    /// The first message of a forum's post.
    Post,
    Answer,
    FollowUp,
    Edit,
}

/// Everything wrong with a body, as `(path, words)`.
type Problems = Vec<(String, String)>;

const EMBED_KEYS: &[&str] = &[
    "title",
    "type",
    "description",
    "url",
    "timestamp",
    "color",
    "footer",
    "image",
    "thumbnail",
    "provider",
    "author",
    "fields",
];
const SUPPRESS_EMBEDS: u64 = 1 << 2;
const EPHEMERAL: u64 = 1 << 6;
const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;

/// A message's body. The error is the body of Discord's 400.
pub(super) fn message(body: &Value, of: Use) -> Result<(), Value> {
    let mut wrong = Problems::new();
    let Some(map) = body.as_object() else {
        return Err(form_error(vec![(String::new(), "Only dictionaries may be used".to_owned())]));
    };
    let keys: &[&str] = match of {
        Use::Create => &[
            "content",
            "embeds",
            "allowed_mentions",
            "components",
            "flags",
            "nonce",
            "enforce_nonce",
            "tts",
            "message_reference",
        ],
        Use::Answer | Use::FollowUp => {
            &["content", "embeds", "allowed_mentions", "components", "flags", "tts"]
        }
        Use::Edit | Use::Post => &["content", "embeds", "allowed_mentions", "components", "flags"],
    };
    unknown(map, keys, "", &mut wrong);
    longest(&body["content"], 2000, "content", &mut wrong);
    longest(&body["nonce"], 25, "nonce", &mut wrong);
    flags(&body["flags"], of, &mut wrong);
    mentions(&body["allowed_mentions"], &mut wrong);
    embeds(&body["embeds"], &mut wrong);
    components(&body["components"], &mut wrong);
    if !wrong.is_empty() {
        return Err(form_error(wrong));
    }
    let empty = body["content"].as_str().unwrap_or_default().trim().is_empty()
        && body["embeds"].as_array().is_none_or(Vec::is_empty);
    if empty {
        return Err(json!({ "code": 50006, "message": "Cannot send an empty message" }));
    }
    Ok(())
}

/// The commands of a bulk registration.
pub(super) fn commands(body: &Value) -> Result<(), Value> {
    let mut wrong = Problems::new();
    let commands = body.as_array().cloned().unwrap_or_default();
    if !body.is_array() || commands.len() > 100 {
        wrong.push((String::new(), "Must be 100 or fewer in length.".to_owned()));
    }
    for (i, command) in commands.iter().enumerate() {
        let at = i.to_string();
        let keys = &[
            "type",
            "name",
            "description",
            "options",
            "default_member_permissions",
            "contexts",
            "integration_types",
        ];
        unknown(command.as_object().unwrap(), keys, &at, &mut wrong);
        named(command, &at, &mut wrong);
        let twice = commands[..i].iter().any(|other| other["name"] == command["name"]);
        if twice {
            wrong.push((format!("{at}.name"), "Application command names must be unique".into()));
        }
        let options = command["options"].as_array().cloned().unwrap_or_default();
        if options.len() > 25 {
            wrong.push((format!("{at}.options"), "Must be 25 or fewer in length.".to_owned()));
        }
        for (j, option) in options.iter().enumerate() {
            let at = format!("{at}.options.{j}");
            named(option, &at, &mut wrong);
            if !(1..=11).contains(&option["type"].as_u64().unwrap_or_default()) {
                wrong.push((format!("{at}.type"), "Value must be one of 1 to 11.".to_owned()));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(form_error(wrong)) }
}

/// The data of an autocomplete answer.
pub(super) fn choices(data: &Value) -> Result<(), Value> {
    let mut wrong = Problems::new();
    let choices = data["choices"].as_array().cloned().unwrap_or_default();
    if !data["choices"].is_array() || choices.len() > 25 {
        wrong.push(("data.choices".to_owned(), "Must be 25 or fewer in length.".to_owned()));
    }
    for (i, choice) in choices.iter().enumerate() {
        for key in ["name", "value"] {
            let length = choice[key].as_str().map_or(0, |text| text.chars().count());
            if !(1..=100).contains(&length) {
                let words = "Must be between 1 and 100 in length.".to_owned();
                wrong.push((format!("data.choices.{i}.{key}"), words));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(form_error(wrong)) }
}

/// Whether the body would ping somebody.
pub(super) fn pings(body: &Value) -> Option<String> {
    let closed = body["allowed_mentions"]["parse"].as_array().is_some_and(Vec::is_empty);
    let text = body.to_string();
    let pings = ["@everyone", "@here", "<@"].iter().any(|mark| text.contains(mark));
    (!closed && pings).then_some(text)
}

/// Discord's 400 for a body with errors.
pub(super) fn form_error(wrong: Problems) -> Value {
    let mut errors = json!({});
    for (path, words) in wrong {
        let mut at = &mut errors;
        for key in path.split('.').filter(|key| !key.is_empty()) {
            at = &mut at[key];
        }
        at["_errors"] = json!([{ "code": "BASE_TYPE_BAD", "message": words }]);
    }
    json!({ "code": 50035, "message": "Invalid Form Body", "errors": errors })
}

fn unknown(map: &Map<String, Value>, keys: &[&str], at: &str, wrong: &mut Problems) {
    for key in map.keys().filter(|key| !keys.contains(&key.as_str())) {
        wrong.push((format!("{at}.{key}"), "This field has no place here.".to_owned()));
    }
}

fn longest(value: &Value, most: usize, at: &str, wrong: &mut Problems) {
    if value.as_str().is_some_and(|text| text.chars().count() > most) {
        wrong.push((at.to_owned(), format!("Must be {most} or fewer in length.")));
    }
}

fn flags(value: &Value, of: Use, wrong: &mut Problems) {
    let allowed = match of {
        Use::Create | Use::Post => SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS,
        Use::Answer | Use::FollowUp => SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | EPHEMERAL,
        Use::Edit => SUPPRESS_EMBEDS,
    };
    if value.as_u64().unwrap_or_default() & !allowed != 0 {
        wrong.push(("flags".to_owned(), "Invalid flags.".to_owned()));
    }
}

fn mentions(value: &Value, wrong: &mut Problems) {
    for kind in value["parse"].as_array().into_iter().flatten() {
        if !matches!(kind.as_str(), Some("roles" | "users" | "everyone")) {
            let words = "Value must be one of ('roles', 'users', 'everyone').".to_owned();
            wrong.push(("allowed_mentions.parse".to_owned(), words));
        }
    }
}

fn embeds(value: &Value, wrong: &mut Problems) {
    let embeds = value.as_array().cloned().unwrap_or_default();
    if embeds.len() > 10 {
        wrong.push(("embeds".to_owned(), "Must be 10 or fewer in length.".to_owned()));
    }
    let mut total = 0;
    for (i, embed) in embeds.iter().enumerate() {
        let at = format!("embeds.{i}");
        unknown(embed.as_object().unwrap(), EMBED_KEYS, &at, wrong);
        longest(&embed["title"], 256, &format!("{at}.title"), wrong);
        longest(&embed["description"], 4096, &format!("{at}.description"), wrong);
        longest(&embed["url"], 2048, &format!("{at}.url"), wrong);
        longest(&embed["footer"]["text"], 2048, &format!("{at}.footer.text"), wrong);
        let fields = embed["fields"].as_array().cloned().unwrap_or_default();
        if fields.len() > 25 {
            wrong.push((format!("{at}.fields"), "Must be 25 or fewer in length.".to_owned()));
        }
        for (j, field) in fields.iter().enumerate() {
            longest(&field["name"], 256, &format!("{at}.fields.{j}.name"), wrong);
            longest(&field["value"], 1024, &format!("{at}.fields.{j}.value"), wrong);
        }
        if embed["url"].is_string() && !web(&embed["url"]) {
            wrong.push((format!("{at}.url"), "Not a well formed URL.".to_owned()));
        }
        if embed["color"].as_u64().is_some_and(|color| color > 0xFF_FFFF) {
            wrong.push((format!("{at}.color"), "int value should be less.".to_owned()));
        }
        let shown = text_of(&embed["title"]) + text_of(&embed["description"]);
        if shown == 0 && fields.is_empty() {
            wrong.push((format!("{at}.description"), "This field is required".to_owned()));
        }
        total += embed_size(embed);
    }
    if total > 6000 {
        let words = "Embed size exceeds maximum size of 6000".to_owned();
        wrong.push(("embeds".to_owned(), words));
    }
}

fn text_of(value: &Value) -> usize {
    value.as_str().unwrap_or_default().trim().chars().count()
}

fn embed_size(embed: &Value) -> usize {
    let fields = embed["fields"].as_array().into_iter().flatten();
    let fields = fields.map(|field| text_of(&field["name"]) + text_of(&field["value"]));
    text_of(&embed["title"])
        + text_of(&embed["description"])
        + text_of(&embed["footer"]["text"])
        + text_of(&embed["author"]["name"])
        + fields.sum::<usize>()
}

fn components(value: &Value, wrong: &mut Problems) {
    let rows = value.as_array().cloned().unwrap_or_default();
    if rows.len() > 5 {
        wrong.push(("components".to_owned(), "Must be 5 or fewer in length.".to_owned()));
    }
    let mut ids = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let at = format!("components.{i}");
        let buttons = row["components"].as_array().cloned().unwrap_or_default();
        if buttons.iter().any(|component| component["type"] == 3) {
            // A menu fills its row.
            if buttons.len() > 1 || row["type"] != 1 {
                wrong.push((at.clone(), "A menu must be alone in its row.".to_owned()));
            }
            menu(&buttons[0], &format!("{at}.components.0"), &mut ids, wrong);
            continue;
        }
        if row["type"] != 1 || !(1..=5).contains(&buttons.len()) {
            wrong.push((at.clone(), "Must be a row of 1 to 5 buttons.".to_owned()));
        }
        for (j, button) in buttons.iter().enumerate() {
            self::button(button, &format!("{at}.components.{j}"), &mut ids, wrong);
        }
    }
}

/// A menu of strings.
fn menu(menu: &Value, at: &str, ids: &mut Vec<String>, wrong: &mut Problems) {
    let keys =
        &["type", "custom_id", "options", "placeholder", "min_values", "max_values", "disabled"];
    unknown(menu.as_object().unwrap(), keys, at, wrong);
    longest(&menu["custom_id"], 100, &format!("{at}.custom_id"), wrong);
    longest(&menu["placeholder"], 150, &format!("{at}.placeholder"), wrong);
    let options = menu["options"].as_array().cloned().unwrap_or_default();
    if !(1..=25).contains(&options.len()) {
        let words = "Must be between 1 and 25 in length.".to_owned();
        wrong.push((format!("{at}.options"), words));
    }
    let (least, most) = (menu["min_values"].as_u64(), menu["max_values"].as_u64());
    let (least, most) = (least.unwrap_or(1), most.unwrap_or(1));
    let count = u64::try_from(options.len()).unwrap();
    if least > most || most == 0 || most > count {
        wrong.push((format!("{at}.max_values"), "Must fit the options.".to_owned()));
    }
    let chosen = options.iter().filter(|option| option["default"] == true).count();
    if u64::try_from(chosen).unwrap() > most {
        wrong.push((format!("{at}.options"), "Too many are chosen.".to_owned()));
    }
    for (i, option) in options.iter().enumerate() {
        let at = format!("{at}.options.{i}");
        unknown(
            option.as_object().unwrap(),
            &["label", "value", "description", "default"],
            &at,
            wrong,
        );
        for key in ["label", "value"] {
            let length = option[key].as_str().map_or(0, |text| text.chars().count());
            if !(1..=100).contains(&length) {
                let words = "Must be between 1 and 100 in length.".to_owned();
                wrong.push((format!("{at}.{key}"), words));
            }
        }
        longest(&option["description"], 100, &format!("{at}.description"), wrong);
        if options[..i].iter().any(|other| other["value"] == option["value"]) {
            wrong
                .push((format!("{at}.value"), "The specified option value is already used".into()));
        }
    }
    once(menu["custom_id"].as_str(), at, ids, wrong);
}

fn once(id: Option<&str>, at: &str, ids: &mut Vec<String>, wrong: &mut Problems) {
    let id = id.unwrap_or_default();
    if id.is_empty() {
        wrong.push((format!("{at}.custom_id"), "This field is required".to_owned()));
    }
    if ids.iter().any(|used| used == id) {
        let words = "Component custom id cannot be duplicated".to_owned();
        wrong.push((format!("{at}.custom_id"), words));
    }
    ids.push(id.to_owned());
}

/// A form: a title, and rows of one text field each.
pub(super) fn form(data: &Value) -> Result<(), Value> {
    let mut wrong = Problems::new();
    unknown(data.as_object().unwrap(), &["custom_id", "title", "components"], "data", &mut wrong);
    longest(&data["custom_id"], 100, "data.custom_id", &mut wrong);
    longest(&data["title"], 45, "data.title", &mut wrong);
    if text_of(&data["title"]) == 0 || text_of(&data["custom_id"]) == 0 {
        wrong.push(("data.title".to_owned(), "This field is required".to_owned()));
    }
    let rows = data["components"].as_array().cloned().unwrap_or_default();
    if !(1..=5).contains(&rows.len()) {
        wrong.push(("data.components".to_owned(), "Must be 1 to 5 rows.".to_owned()));
    }
    let mut ids = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let at = format!("data.components.{i}");
        let fields = row["components"].as_array().cloned().unwrap_or_default();
        let [field] = fields.as_slice() else {
            wrong.push((at, "Must be one text field.".to_owned()));
            continue;
        };
        let keys = &[
            "type",
            "custom_id",
            "style",
            "label",
            "placeholder",
            "max_length",
            "min_length",
            "required",
            "value",
        ];
        unknown(field.as_object().unwrap(), keys, &at, &mut wrong);
        longest(&field["label"], 45, &format!("{at}.label"), &mut wrong);
        longest(&field["placeholder"], 100, &format!("{at}.placeholder"), &mut wrong);
        longest(&field["custom_id"], 100, &format!("{at}.custom_id"), &mut wrong);
        let right = field["type"] == 4
            && matches!(field["style"].as_u64(), Some(1 | 2))
            && text_of(&field["label"]) > 0
            && field["max_length"].as_u64().is_none_or(|most| (1..=4000).contains(&most));
        if !right {
            wrong.push((at.clone(), "A text field needs a style and a label.".to_owned()));
        }
        once(field["custom_id"].as_str(), &at, &mut ids, &mut wrong);
    }
    if wrong.is_empty() { Ok(()) } else { Err(form_error(wrong)) }
}

/// A thread to be opened under a message.
pub(super) fn thread(body: &Value) -> Result<(), Value> {
    let mut wrong = Problems::new();
    let keys = &["name", "auto_archive_duration", "rate_limit_per_user"];
    unknown(body.as_object().unwrap(), keys, "", &mut wrong);
    named_thread(body, &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(form_error(wrong)) }
}

/// A post to be opened in a forum.
pub(super) fn post(body: &Value) -> Result<(), Value> {
    let mut wrong = Problems::new();
    let keys = &["name", "auto_archive_duration", "rate_limit_per_user", "message", "applied_tags"];
    unknown(body.as_object().unwrap(), keys, "", &mut wrong);
    named_thread(body, &mut wrong);
    if body["applied_tags"].as_array().is_some_and(|tags| tags.len() > 5) {
        wrong.push(("applied_tags".to_owned(), "Must be 5 or fewer in length.".to_owned()));
    }
    if !wrong.is_empty() {
        return Err(form_error(wrong));
    }
    message(&body["message"], Use::Post)
}

fn named_thread(body: &Value, wrong: &mut Problems) {
    let length = body["name"].as_str().map_or(0, |name| name.chars().count());
    if !(1..=100).contains(&length) {
        wrong.push(("name".to_owned(), "Must be between 1 and 100 in length.".to_owned()));
    }
    let minutes = body["auto_archive_duration"].as_u64();
    if minutes.is_some_and(|minutes| ![60, 1440, 4320, 10080].contains(&minutes)) {
        let words = "Value must be one of {60, 1440, 4320, 10080}.".to_owned();
        wrong.push(("auto_archive_duration".to_owned(), words));
    }
}

fn button(button: &Value, at: &str, ids: &mut Vec<String>, wrong: &mut Problems) {
    let keys = &["type", "style", "label", "custom_id", "url", "disabled", "emoji"];
    unknown(button.as_object().unwrap(), keys, at, wrong);
    longest(&button["label"], 80, &format!("{at}.label"), wrong);
    longest(&button["custom_id"], 100, &format!("{at}.custom_id"), wrong);
    longest(&button["url"], 512, &format!("{at}.url"), wrong);
    let style = button["style"].as_u64().unwrap_or_default();
    let id = button["custom_id"].as_str();
    let right = match style {
        1..=4 => id.is_some_and(|id| !id.is_empty()) && button["url"].is_null(),
        5 => id.is_none() && web(&button["url"]),
        _ => false,
    };
    if !right || button["type"] != 2 || text_of(&button["label"]) == 0 {
        wrong.push((at.to_owned(), "A button needs a label and an id or a URL.".to_owned()));
    }
    if id.is_some() {
        once(id, at, ids, wrong);
    }
}

fn web(value: &Value) -> bool {
    value.as_str().is_some_and(|url| url.starts_with("http://") || url.starts_with("https://"))
}

/// A command's or option's name and description.
fn named(value: &Value, at: &str, wrong: &mut Problems) {
    let name = value["name"].as_str().unwrap_or_default();
    let length = name.chars().count();
    let letters = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '\''));
    if !(1..=32).contains(&length) || !letters || name.to_lowercase() != name {
        wrong.push((format!("{at}.name"), "Command name is invalid".to_owned()));
    }
    let length = value["description"].as_str().map_or(0, |text| text.chars().count());
    if !(1..=100).contains(&length) {
        let words = "Must be between 1 and 100 in length.".to_owned();
        wrong.push((format!("{at}.description"), words));
    }
}
