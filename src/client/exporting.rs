//! Workbooks that the endpoint makes of what it holds: it has the writer, and what every phone handed over.

use super::error::ClientError;
use super::link::{Keys, Link};
use super::phone::Client;
use super::store::Store;
use super::view::MadeFile;
use crate::base::host::Host;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

impl<S: Store, L: Link, K: Keys, H: Host> Client<S, L, K, H> {
    /// Asks for one. The name says no more than what it is, of which village and day.
    pub(super) async fn export(&self, what: &str, period: &str, language: &str) -> Result<MadeFile, ClientError> {
        let words = [what, period, language];
        let plain = |word: &&str| {
            word.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-/".contains(&byte))
        };
        if !words.iter().all(plain) {
            return Err(ClientError::NotFound);
        }
        let (space, village, today) = {
            let book = self.book().await?;
            (book.space()?, book.village_view().name, book.today().to_string())
        };
        let week = format!("week/{today}");
        let period = if period.is_empty() { week.as_str() } else { period };
        let path = format!("/v1/export/{space}/{what}/{language}/{period}");
        let bytes = self.fetch(&path).await?;
        let on = period.split_once('/').map_or(today.as_str(), |(_, on)| on);
        let kind = match what {
            "dispatch" => "调度表",
            _ => "问题台账",
        };
        Ok(MadeFile {
            name: format!("{village}{kind}{on}.xlsx"),
            bytes: STANDARD.encode(bytes),
        })
    }
}
