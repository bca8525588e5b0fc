//! What an operator wants of a store that another process has: a file left beside it, and its answer.
//!
//! One process holds the store, so a command that decides about claims or deliveries leaves
//! its wish in a folder of the store, and whoever holds the store takes it up.
//! A wish is taken away only after what it asked for is done; done twice it is
//! the same as once. Nobody listens on a port for it: who may write into the
//! store's folder may decide.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::app::SystemClock;
use crate::clock::Clock as _;
use crate::register::Decision;
use crate::store::StoreError;

/// The folder of the store in which wishes lie.
const FOLDER: &str = "decisions";
/// What is left of wishes whose asker is gone is kept for this long.
const LEFTOVERS: Duration = Duration::from_secs(3600);

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wish {
    /// The claims that somebody should look at.
    Review,
    /// A decision, to be checked and noted.
    Decide(Decision),
    /// The deliveries that are not done; with one of these only those of that kind.
    List {
        /// Those that were given up.
        dead: bool,
        /// Those that wait.
        waiting: bool,
    },
    /// A delivery to be tried again at once; without an id all that were given up.
    Retry {
        /// Which one.
        id: Option<String>,
    },
    /// A delivery to be given up.
    Drop {
        /// Which one.
        id: String,
        /// Why; empty when it was not said.
        why: String,
        /// Who says so.
        by: String,
    },
}

impl Wish {
    /// Whether it changes nothing, so that without an answer there is nothing to wait for.
    pub(super) fn only_asks(&self) -> bool {
        match self {
            Self::Review | Self::List { .. } => true,
            Self::Decide(_) | Self::Retry { .. } | Self::Drop { .. } => false,
        }
    }
}

/// What came of it: the text to print, or why it was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// It is done.
    Done(String),
    /// It was not done, and will not be.
    Refused(String),
}

/// A wish that was left.
pub(super) struct Left(PathBuf);

/// Leaves a wish in the store's folder.
pub(super) fn leave(store: &Path, wish: &Wish, now: DateTime<Utc>) -> anyhow::Result<Left> {
    let folder = store.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    // The time in front, so that wishes are taken up in the order in which they were left.
    let name = format!("{:015}-{}.json", now.timestamp_millis(), std::process::id());
    let path = folder.join(name);
    write(&path, &serde_json::to_vec(wish)?)?;
    Ok(Left(path))
}

impl Left {
    /// The answer, if it is there; taken away with the reading.
    pub(super) fn answer(&self) -> anyhow::Result<Option<Answer>> {
        let path = answer_to(&self.0);
        match std::fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => {
                let answer = serde_json::from_slice(&read?)?;
                std::fs::remove_file(&path)?;
                Ok(Some(answer))
            }
        }
    }

    /// Takes the wish back, if nobody has taken it up.
    pub(super) fn take_back(&self) {
        // Gone already is as good.
        drop(std::fs::remove_file(&self.0));
    }

    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

/// Takes up every wish that lies there, the oldest first: `answer` does what it asks for. One that
/// the store could not take stays for the next time. Gives how many were taken up.
pub(super) fn take_up(
    store: &Path,
    answer: &dyn Fn(&Wish) -> anyhow::Result<String>,
) -> anyhow::Result<usize> {
    let mut taken = 0;
    for path in files(store, "json")? {
        let Ok(wish) = serde_json::from_slice::<Wish>(&std::fs::read(&path)?) else {
            let aside = path.with_extension("unreadable");
            tracing::warn!(path = %aside.display(), "a decision cannot be read; set aside");
            std::fs::rename(&path, aside)?;
            continue;
        };
        let said = match answer(&wish) {
            Ok(said) => Answer::Done(said),
            Err(error) if error.is::<StoreError>() => return Err(error),
            Err(error) => Answer::Refused(format!("{error:#}")),
        };
        match &wish {
            Wish::Decide(decision) => {
                tracing::info!(decision = ?decision.verdict, ?said, "a decision was taken up");
            }
            Wish::Retry { .. } | Wish::Drop { .. } => {
                tracing::info!(decision = ?wish, ?said, "a decision was taken up");
            }
            Wish::Review | Wish::List { .. } => {}
        }
        write(&answer_to(&path), &serde_json::to_vec(&said)?)?;
        std::fs::remove_file(&path)?;
        taken += 1;
    }
    for path in files(store, "answer")? {
        let age = std::fs::metadata(&path).and_then(|file| file.modified());
        let age = age.map(|written| SystemTime::from(SystemClock.now()).duration_since(written));
        if age.is_ok_and(|age| age.is_ok_and(|age| age > LEFTOVERS)) {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(taken)
}

/// The folder's files of one kind, in the order of their names.
fn files(store: &Path, kind: &str) -> io::Result<Vec<PathBuf>> {
    let folder = match std::fs::read_dir(store.join(FOLDER)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        folder => folder?,
    };
    let mut files: Vec<PathBuf> =
        folder.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == kind));
    files.sort();
    Ok(files)
}

fn answer_to(wish: &Path) -> PathBuf {
    wish.with_extension("answer")
}

/// A file that is whole as soon as it has its name.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    std::fs::write(&fresh, bytes)?;
    std::fs::File::open(&fresh)?.sync_all()?;
    std::fs::rename(&fresh, path)
}
