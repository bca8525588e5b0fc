//! Power cuts: of what was written after the last sync, any part may be on the disk, torn anywhere.
//!
//! The store's files are copied as a sync leaves them and again some writes
//! later; what a cut leaves is put together from both, sector by sector. It must
//! open, and hold all that was told to have happened. Whether a sync reaches the
//! disk itself cannot be seen from here: that is the kernel's word.

use std::collections::BTreeMap;
use std::path::Path;

use monazite::model::article::SourceId;
use monazite::model::brief::EditionId;
use monazite::model::delivery::{Cause, Delivery, Receipt, State};
use monazite::model::source::SourceState;
use monazite::store::{Changes, Store, StoreSettings};

use crate::world::home::{at, chat};

/// What a disk writes whole.
const SECTOR: usize = 512;
const CUTS: usize = 40;

/// The files of a folder and those below it, by their place in it.
pub(crate) type Image = BTreeMap<std::path::PathBuf, Vec<u8>>;

pub(crate) fn image(folder: &Path) -> Image {
    fn add(folder: &Path, root: &Path, files: &mut Image) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(&path, root, files);
            } else if let Ok(bytes) = std::fs::read(&path) {
                files.insert(path.strip_prefix(root).unwrap().to_owned(), bytes);
            }
        }
    }
    let mut files = Image::new();
    add(folder, folder, &mut files);
    files
}

/// What may stand on the disk when `synced` was synced and `later` was still being written.
fn cut(synced: &Image, later: &Image, dice: &mut Dice) -> Image {
    let mut left = synced.clone();
    for (path, new) in later {
        let Some(old) = left.get_mut(path) else {
            // A file that nobody synced: there, or not.
            if dice.below(2) == 0 {
                left.insert(path.clone(), new.clone());
            }
            continue;
        };
        if dice.below(2) == 0 && new.len() > old.len() {
            old.resize(new.len(), 0);
        }
        for (old, new) in old.chunks_mut(SECTOR).zip(new.chunks(SECTOR)) {
            if dice.below(2) == 0 && old.len() == new.len() {
                old.copy_from_slice(new);
            }
        }
    }
    left
}

pub(crate) fn write(image: &Image, folder: &Path) {
    for (path, bytes) in image {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn delivery(number: usize) -> Delivery {
    let (cause, to) =
        (Cause::Edition(EditionId::from("2026-11-23T12:00Z")), chat(&format!("telegram:{number}")));
    Delivery::new(cause, to, at("2026-11-23T12:00:00Z"))
}

#[test]
fn what_was_told_outlasts_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &StoreSettings::default()).unwrap();
    let mut dice = Dice(7);
    for round in 0..CUTS {
        let mut sent = delivery(round);
        let filler = "x".repeat(1 + dice.below(24_000));
        store
            .commit(Changes {
                new_deliveries: vec![sent.clone()],
                notes: vec![(format!("note{}", round % 9), format!("{round} {filler}"))],
                ..Changes::default()
            })
            .unwrap();
        sent.sent.push(Receipt { message: i64::try_from(round).unwrap() });
        sent.state = State::Sent { at: at("2026-11-23T12:00:05Z") };
        store.commit(Changes { deliveries: vec![sent], ..Changes::default() }).unwrap();
        let synced = image(folder.path());
        // Nobody is told of these.
        for number in 0..dice.below(40) {
            let state = SourceState {
                last_error: Some("y".repeat(1 + dice.below(3_000))),
                last_ok: Some(at("2026-11-22T12:00:00Z")),
                ..SourceState::default()
            };
            let sources = vec![(SourceId::from(format!("s{number}").as_str()), state)];
            store.commit(Changes { sources, ..Changes::default() }).unwrap();
        }
        let left = cut(&synced, &image(folder.path()), &mut dice);
        let after = tempfile::tempdir().unwrap();
        write(&left, after.path());
        let reopened = Store::open(after.path(), &StoreSettings::default())
            .unwrap_or_else(|error| panic!("cut {round}: {error}"));
        for told in 0..=round {
            let id = delivery(told).id;
            let known = reopened.delivery(&id).unwrap();
            let arrived = known.is_some_and(|known| matches!(known.state, State::Sent { .. }));
            assert!(arrived, "cut {round} lost that delivery {told} was sent");
        }
        for told in (0..=round).rev().take(9) {
            let note = reopened.note(&format!("note{}", told % 9)).unwrap().unwrap();
            assert!(note.starts_with(&format!("{told} ")), "cut {round} lost note {told}");
        }
        assert_eq!(reopened.counts().sent, u64::try_from(round + 1).unwrap());
    }
}

/// Random enough, and the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(limit).unwrap()).unwrap()
    }
}
