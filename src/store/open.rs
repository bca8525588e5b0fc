//! Opening the store: lock, generation record, compaction.
//!
//! A deleted data file would reopen empty and silent, and a store that lost
//! its memory would announce everything again: the generation record outside
//! sled notices. Nothing is ever deleted here before its copy is on the disk.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::store::mark::Mark;
use crate::store::{Counts, Inner, Store, StoreError, StoreSettings, codec, keys, trouble};

/// The name of the generation record.
const GENERATION: &str = "GENERATION";

/// The file whose lock says that a process has the store.
const LOCK: &str = "LOCK";

/// Bytes of one of sled's segments. A quarter of it is what one node may hold before sled puts it
/// into a file of its own, which it never syncs and on a full disk waits for without end; nodes
/// here stay far below that.
const SEGMENT: usize = 4 << 20;

/// How often a lock that is held is tried again, ten milliseconds apart.
const TRIES: usize = 30;

impl Store {
    /// Opens the store in `path`, making it if there is none.
    ///
    /// # Errors
    ///
    /// When another process has it, it is damaged or emptied, or the disk refuses.
    pub fn open(path: &Path, settings: &StoreSettings) -> Result<Self, StoreError> {
        // A process that is just being started holds a copy of its parent's locks until it executes:
        // a store closed a moment ago may look taken for some milliseconds.
        for _ in 0..TRIES {
            match Self::open_now(path, settings) {
                Err(StoreError::InUse(_)) => {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                opened => return opened,
            }
        }
        Self::open_now(path, settings)
    }

    fn open_now(path: &Path, settings: &StoreSettings) -> Result<Self, StoreError> {
        let disk = |error: std::io::Error| StoreError::Disk(format!("{}: {error}", path.display()));
        std::fs::create_dir_all(path).map_err(disk)?;
        // Before anything is touched: another process may be exchanging files just now.
        let lock = locked(path)?;
        finish_compaction(path)?;
        let state = open_db(&path.join("state"), path, settings.cache_bytes * 3 / 4)?;
        let bodies = open_db(&path.join("bodies"), path, settings.cache_bytes / 4)?;
        check_generation(path, &state, &bodies)?;
        let last = [last_batch(path, &state)?, last_batch(path, &bodies)?];
        let mark = Mark::open(path, last)?;
        let (state, bodies) = (
            compacted(path, "state", state, settings)?,
            compacted(path, "bodies", bodies, settings)?,
        );
        let file = |name: &str| File::open(path.join(name).join("db")).map_err(disk);
        let files = [file("state")?, file("bodies")?];
        for name in ["state", "bodies"] {
            // sled never syncs its small configuration file; a torn one cannot be opened.
            if let Ok(conf) = File::open(path.join(name).join("conf")) {
                conf.sync_all().map_err(disk)?;
            }
        }
        let counts = match state.get(keys::COUNTS).map_err(|error| trouble(path, error))? {
            Some(bytes) => codec::decode(&bytes, path)?,
            None => Counts::default(),
        };
        let store = Self(Arc::new(Inner {
            path: path.to_owned(),
            spare: settings.spare_bytes,
            state,
            bodies,
            files,
            evidence: std::sync::atomic::AtomicU64::new(0),
            asked: Mutex::new(None),
            agenda: Mutex::new(None),
            applied: std::sync::atomic::AtomicU64::new(last[0]),
            bodies_applied: std::sync::atomic::AtomicU64::new(last[1]),
            synced: Mutex::new(0),
            mark,
            _lock: lock,
            writer: Mutex::new(counts),
        }));
        store.free_claims()?;
        Ok(store)
    }

    /// Bytes on the disk.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn size_on_disk(&self) -> Result<u64, StoreError> {
        let size = |db: &sled::Db| db.size_on_disk().map_err(|error| trouble(&self.0.path, error));
        Ok(size(&self.0.state)? + size(&self.0.bodies)?)
    }
}

fn open_db(place: &Path, path: &Path, cache: u64) -> Result<sled::Db, StoreError> {
    let config = sled::Config::new()
        .path(place)
        .cache_capacity(cache.max(1 << 20))
        .flush_every_ms(Some(500))
        .segment_size(SEGMENT)
        .mode(sled::Mode::HighThroughput);
    // sled may panic on a damaged file; here that is an answer like any other.
    let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| config.open()));
    match opened {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(sled::Error::Io(error))) if error.to_string().contains("lock") => {
            Err(StoreError::InUse(path.to_owned()))
        }
        Ok(Err(error)) => Err(trouble(path, error)),
        Err(_) => Err(StoreError::Damaged {
            path: path.to_owned(),
            reason: "its files cannot be read".to_owned(),
        }),
    }
}

/// The number of the last batch that a database holds; 0 before the first.
fn last_batch(path: &Path, db: &sled::Db) -> Result<u64, StoreError> {
    let bytes = db.get(keys::SEQUENCE).map_err(|error| trouble(path, error))?;
    let number = bytes.and_then(|bytes| bytes.as_ref().try_into().ok());
    Ok(number.map_or(0, u64::from_be_bytes))
}

/// The folder's lock, held until the file is closed.
fn locked(path: &Path) -> Result<File, StoreError> {
    let disk = |error: std::io::Error| StoreError::Disk(format!("{}: {error}", path.display()));
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.join(LOCK))
        .map_err(disk)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(disk(error)),
    }
}

/// The same generation must stand in both databases and beside them.
fn check_generation(path: &Path, state: &sled::Db, bodies: &sled::Db) -> Result<(), StoreError> {
    let sled = |error: sled::Error| trouble(path, error);
    let inside = |db: &sled::Db| db.get(keys::GENERATION).map_err(sled);
    let beside = std::fs::read(path.join(GENERATION)).ok().filter(|bytes| !bytes.is_empty());
    match (inside(state)?, inside(bodies)?, beside) {
        (Some(a), Some(b), Some(c)) if a == b && *a == *c => Ok(()),
        (Some(a), Some(b), None) if a == b => write_record(path, &a),
        // New, or its making was cut short: the state's own record comes last.
        (None, _, None) => {
            let generation = new_generation();
            for db in [bodies, state] {
                db.insert(keys::GENERATION, generation.as_bytes()).map_err(sled)?;
                db.flush().map_err(sled)?;
            }
            for name in ["bodies", "state"] {
                let file = File::open(path.join(name).join("db"));
                let synced = file.and_then(|file| file.sync_all());
                synced.map_err(|error| StoreError::Disk(format!("{}: {error}", path.display())))?;
            }
            write_record(path, generation.as_bytes())
        }
        _ => Err(StoreError::Damaged {
            path: path.to_owned(),
            reason: "its data files were deleted or replaced. To start anew on purpose, delete the whole folder"
                .to_owned(),
        }),
    }
}

/// A name no other store has: the seed of a hasher is random.
fn new_generation() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("monazite {:016x}\n", RandomState::new().hash_one("store"))
}

fn write_record(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let disk = |error: std::io::Error| StoreError::Disk(format!("{}: {error}", path.display()));
    std::fs::write(path.join(GENERATION), bytes).map_err(disk)?;
    File::open(path.join(GENERATION)).and_then(|file| file.sync_all()).map_err(disk)?;
    File::open(path).and_then(|folder| folder.sync_all()).map_err(disk)
}

/// The database, rewritten when it has grown to a multiple of what it was when last rewritten.
fn compacted(
    path: &Path,
    name: &str,
    db: sled::Db,
    settings: &StoreSettings,
) -> Result<sled::Db, StoreError> {
    let size = db.size_on_disk().map_err(|error| trouble(path, error))?;
    let mark = path.join(format!("{name}.size"));
    let before: u64 =
        std::fs::read_to_string(&mark).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    // A young store counts as one of the least size, so that it grows some before its first time.
    let before = before.max(settings.compact_above);
    if size < before.saturating_mul(settings.compact_grown) {
        return Ok(db);
    }
    let disk = |error: std::io::Error| StoreError::Disk(format!("{}: {error}", path.display()));
    let fresh_path = path.join(format!("{name}.new"));
    if fresh_path.exists() {
        std::fs::remove_dir_all(&fresh_path).map_err(disk)?;
    }
    let fresh = open_db(&fresh_path, path, settings.cache_bytes / 2)?;
    fresh.import(db.export());
    fresh.flush().map_err(|error| trouble(path, error))?;
    let now = fresh.size_on_disk().map_err(|error| trouble(path, error))?;
    drop(fresh);
    drop(db);
    for file in ["db", "conf"] {
        File::open(fresh_path.join(file)).and_then(|file| file.sync_all()).map_err(disk)?;
    }
    // From here on the copy is whole: its name says so, and an interrupted exchange is finished
    // at the next start.
    std::fs::rename(&fresh_path, path.join(format!("{name}.whole"))).map_err(disk)?;
    File::open(path).and_then(|folder| folder.sync_all()).map_err(disk)?;
    std::fs::write(&mark, now.to_string()).map_err(disk)?;
    finish_compaction(path)?;
    open_db(&path.join(name), path, settings.cache_bytes / 2)
}

/// Puts a whole copy in the old one's place.
fn finish_compaction(path: &Path) -> Result<(), StoreError> {
    let disk = |error: std::io::Error| StoreError::Disk(format!("{}: {error}", path.display()));
    for name in ["state", "bodies"] {
        let whole = path.join(format!("{name}.whole"));
        if whole.exists() {
            let old = path.join(name);
            if old.exists() {
                std::fs::remove_dir_all(&old).map_err(disk)?;
            }
            std::fs::rename(&whole, &old).map_err(disk)?;
        }
    }
    Ok(())
}
