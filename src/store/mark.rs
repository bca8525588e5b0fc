//! The mark beside the data files: up to which batch they were kept by the disk.
//!
//! A file that lost its end opens with less, and says nothing: what was told to
//! have happened would be told again. The mark is written after each sync and
//! never before, so whatever a power cut leaves of it, it promises no more than
//! the files hold.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use crate::store::StoreError;

/// Its name.
const NAME: &str = "SYNCED";
/// Digits of each number: the file never changes its length, and lies in one sector.
const DIGITS: usize = 20;

/// The file, open for as long as the store.
pub(super) struct Mark(File);

impl Mark {
    /// Opens it, and compares it with what the two databases hold.
    pub(super) fn open(path: &Path, held: [u64; 2]) -> Result<Self, StoreError> {
        let place = path.join(NAME);
        let disk = |error: std::io::Error| StoreError::Disk(format!("{}: {error}", path.display()));
        let kept = std::fs::read_to_string(&place).ok().and_then(|text| read(&text));
        for (i, name) in ["state", "bodies"].into_iter().enumerate() {
            let (kept, held) = (kept.map_or(0, |kept| kept[i]), held[i]);
            if held < kept {
                return Err(StoreError::Damaged {
                    path: path.to_owned(),
                    reason: format!(
                        "{name}/db has lost its end: it was kept up to change {kept} and holds {held}. To go on \
                         without the rest, delete the file {NAME} there"
                    ),
                });
            }
        }
        let file = File::options().create(true).truncate(false).write(true).open(place);
        Ok(Self(file.map_err(disk)?))
    }

    /// Notes up to which batches the databases are on the disk.
    pub(super) fn put(&self, [state, bodies]: [u64; 2]) -> Result<(), StoreError> {
        let text = format!("{state:0DIGITS$} {bodies:0DIGITS$}\n");
        let written = self.0.write_all_at(text.as_bytes(), 0);
        written.map_err(|error| StoreError::Disk(error.to_string()))
    }
}

/// The two numbers, if the file is whole.
fn read(text: &str) -> Option<[u64; 2]> {
    let (state, bodies) = text.strip_suffix('\n')?.split_once(' ')?;
    let number = |text: &str| text.parse().ok().filter(|_| text.len() == DIGITS);
    Some([number(state)?, number(bodies)?])
}
