//! Opening `state/`: told apart are a new one, a good one, a newer one and a damaged one.

use std::path::Path;

use heed::CommitOrAbort;
use heed::types::Bytes;

use super::env::{self, DATA_FILE, Env};
use super::records::SchemaRecord;
use super::state::{SCHEMA, SCHEMA_KEY, StateOptions, create_tables};
use super::tables::{StateReader, Table, Tables};
use super::{DataFolder, StoreError, check, copies, record};

/// The folder of the state within the data folder.
pub(super) const STATE: &str = "state";

/// Lies in the state's folder after a record was met that cannot be read.
const SUSPECT: &str = "suspect";

/// Has the next [`open`] read every record.
pub(super) fn suspect(folder: &Path) {
    let _ = std::fs::write(folder.join(STATE).join(SUSPECT), "");
}

/// Opens or makes the state; a damaged one is moved aside and noted.
pub(super) fn open(
    folder: &DataFolder,
    options: &StateOptions,
) -> Result<(Env, Tables, Option<String>), StoreError> {
    let path = folder.path().join(STATE);
    let newest = copies::newest(folder.path());
    // An empty file is what some file systems leave after a power cut.
    let existed = std::fs::metadata(path.join(DATA_FILE)).is_ok_and(|file| file.len() > 0);
    // Written after every opening, so a folder that has one had a memory too.
    let was_used = newest.is_some() || DataFolder::read_status(folder.path()).is_some();
    match try_open(&path, options) {
        Ok((env, tables)) => {
            let note = (!existed && was_used).then(|| {
                let copy = newest.map_or_else(
                    || "There is no copy of it.".to_owned(),
                    |copy| format!("A copy lies at {}.", copy.display()),
                );
                format!(
                    "Syncslate's memory of what it wrote was gone, so a new one was begun. Plex was not changed. {copy}"
                )
            });
            Ok((env, tables, note))
        }
        Err(StoreError::Damaged { reason } | StoreError::Decode { reason, .. }) => {
            let aside = env::move_aside(&path)?;
            let (env, tables) = try_open(&path, options)?;
            let copy = newest.map_or_else(
                || "There is no copy of it yet.".to_owned(),
                |copy| format!("Its newest copy is {}.", copy.display()),
            );
            let note = format!(
                "Syncslate's memory of what it wrote was damaged ({reason}). Plex was not changed. It was put aside whole as {}, and a new one was begun. {copy}",
                aside.display()
            );
            Ok((env, tables, Some(note)))
        }
        Err(error) => Err(error),
    }
}

fn try_open(path: &Path, options: &StateOptions) -> Result<(Env, Tables), StoreError> {
    std::fs::create_dir_all(path).map_err(|error| StoreError::io(path, &error))?;
    check::file(&path.join(DATA_FILE))?;
    let tables = u32::try_from(Table::ALL.len()).unwrap_or(u32::MAX);
    // A few more than known, so that a newer schema's tables do not stand in the way of saying that it is newer.
    let env = env::open(path, options.map_size, tables + 8, options.durable)?;
    match schema(&env)? {
        Some(found) if found > SCHEMA => {
            return Err(StoreError::Newer {
                found,
                known: SCHEMA,
            });
        }
        _ => {}
    }
    let tables = loop {
        match create_tables(&env) {
            Err(error) if error.is_map_full() => {
                if !env::grow(&env, usize::MAX)? {
                    return Err(error);
                }
            }
            other => break other?,
        }
    };
    let mark = path.join(SUSPECT);
    look_over(&env, &tables, mark.exists())?;
    match std::fs::remove_file(&mark) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io(path, &error))
        }
        _ => Ok((env, tables)),
    }
}

/// The schema that the file was written with; `None` for a new file. Writes nothing.
fn schema(env: &Env) -> Result<Option<u32>, StoreError> {
    let transaction = env.read_txn()?;
    let found = env.open_databases_and_commit(transaction, |opener, transaction| {
        let name = Table::Meta.name();
        let Some(meta) = opener.open_database::<Bytes, Bytes>(transaction, Some(name))? else {
            return Ok(CommitOrAbort::<(), _>::Abort(None));
        };
        let Some(bytes) = meta.get(transaction, SCHEMA_KEY)? else {
            return Err(StoreError::Damaged {
                reason: "it has tables and no schema".into(),
            });
        };
        let record: SchemaRecord = record::decode(name, SCHEMA_KEY, bytes)?;
        Ok(CommitOrAbort::Abort(Some(record.schema)))
    })?;
    Ok(found.abort().flatten())
}

/// Reads the first and last record of every table, or all of them: enough to tell a file that is not ours.
fn look_over(env: &Env, tables: &Tables, all: bool) -> Result<(), StoreError> {
    let reader = StateReader::new(env.read_txn()?, tables);
    for table in Table::ALL {
        if table.is_index() {
            continue;
        }
        reader.each_raw(table, all, |key, bytes| {
            record::look(bytes).map_err(|reason| StoreError::Decode {
                table: table.name(),
                key: record::hex(key),
                reason: format!("table {}: {reason}", table.name()),
            })
        })?;
    }
    Ok(())
}
