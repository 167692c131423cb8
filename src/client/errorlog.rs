//! 出错记录: codes, places and times, so that a person can share what went wrong. Holds no names, numbers or typed text.

use super::envelope;
use super::store::{Batch, Durability, Store, StoreError, Table};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::date::Date;
use crate::base::limits::ERROR_LOG_MAX;

/// One thing that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedError {
    pub at_ms: i64,
    /// Stable code.
    pub code: String,
    /// Where: a screen, a request, a source line; never content.
    pub place: String,
    pub count: u64,
}

/// The record.
#[derive(Clone, Debug, Default)]
pub struct ErrorLog {
    entries: Vec<LoggedError>,
}

const KEY: &[u8] = b"log";

/// Codes and places are made of these; anything else is left out, so that no content can slip in.
fn harmless(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || "_-./: ".contains(*c))
        .take(120)
        .collect()
}

impl ErrorLog {
    pub(super) async fn read(store: &impl Store) -> Result<Self, StoreError> {
        let stored = store.get(Table::Error, KEY).await?;
        let entries = stored
            .as_deref()
            .and_then(envelope::open)
            .and_then(|bytes| decode(bytes).ok());
        Ok(Self {
            entries: entries.unwrap_or_default(),
        })
    }

    /// Notes an error; the same one again only counts up. Best effort: a full disk must not hide the first error.
    pub(super) async fn note(&mut self, store: &impl Store, at_ms: i64, code: &str, place: &str) {
        let (code, place) = (harmless(code), harmless(place));
        match self.entries.last_mut() {
            Some(last) if last.code == code && last.place == place => {
                last.count += 1;
                last.at_ms = at_ms;
            }
            _ => self.entries.push(LoggedError {
                at_ms,
                code,
                place,
                count: 1,
            }),
        }
        let surplus = self.entries.len().saturating_sub(ERROR_LOG_MAX);
        self.entries.drain(..surplus);
        let mut batch = Batch::default();
        batch.put(Table::Error, KEY, envelope::seal(&encode(&self.entries)));
        let _ = store.commit(batch, Durability::Relaxed).await;
    }

    /// As text to share.
    pub fn text(&self, version: &str, device: &str) -> String {
        let mut out = format!("遍访 {version} · {device}\n");
        for entry in self.entries.iter().rev() {
            let date = Date::in_china(entry.at_ms);
            let minutes = (entry.at_ms + 8 * 3_600_000).rem_euclid(86_400_000) / 60_000;
            let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
            let times = if entry.count > 1 {
                format!(" ×{}", entry.count)
            } else {
                String::new()
            };
            out.push_str(&format!("{date} {time} {} {}{times}\n", entry.code, entry.place));
        }
        out
    }
}

fn encode(entries: &[LoggedError]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.number(entries.len() as u64);
    for entry in entries {
        writer.signed(entry.at_ms);
        writer.text(&entry.code);
        writer.text(&entry.place);
        writer.number(entry.count);
    }
    writer.finish()
}

fn decode(bytes: &[u8]) -> Result<Vec<LoggedError>, DecodeError> {
    let mut reader = Reader::new(bytes);
    (0..reader.count(ERROR_LOG_MAX)?)
        .map(|_| {
            Ok(LoggedError {
                at_ms: reader.signed()?,
                code: reader.text(400)?.to_owned(),
                place: reader.text(400)?.to_owned(),
                count: reader.number()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_codes_and_places_gets_in() {
        assert_eq!(harmless("store_full 罗永山 15400000001?"), "store_full  15400000001");
        let log = ErrorLog {
            entries: decode(&encode(&[])).unwrap(),
        };
        assert_eq!(log.text("1", "phone"), "遍访 1 · phone\n");
    }
}
