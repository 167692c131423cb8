//! The schema: numbered migrations that only go forward, each in one transaction.

use super::StoreError;
use rusqlite::{Connection, TransactionBehavior};

const MIGRATIONS: [&str; 3] = [
    include_str!("0001.sql"),
    include_str!("0002.sql"),
    include_str!("0003.sql"),
];

/// The newest schema that this release knows.
pub(super) const NEWEST: i64 = MIGRATIONS.len() as i64;

/// Brings an older database up to date.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    if version(connection)? == NEWEST {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = version(&transaction)?;
    if found > NEWEST {
        return Err(StoreError::Newer { found, known: NEWEST });
    }
    for (number, sql) in (1..).zip(MIGRATIONS) {
        if number > found {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", number)?;
        }
    }
    transaction.commit()?;
    Ok(())
}

/// The schema of an open database; 0 for an empty file.
pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
