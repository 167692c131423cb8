//! Whether the browser was killed while it wrote: one byte in a file beside the database. Knows nothing of what is written.
//!
//! Chromium keeps a database as a log. Killed within a record, it opens the log again without a word and appends behind
//! the torn record; the opening after that finds the log damaged and deletes the whole database (google/leveldb#1287).
//! Nothing tells a page that it was so. The byte does: it is set while something may be on its way to the log, and it
//! outlives the browser's processes, as a written file does.

use super::sys::{self, Directory, FileHandle, SyncFile};
use super::time::{deadline, pause};
use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Promise, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// How long the file may take to open; some browsers hang here.
const OPEN_MS_MAX: u32 = 500;
/// How often it is tried while another tab still has the file open, and how long in between.
const TRIES: u32 = 3;
const RETRY_MS: u32 = 50;
/// So long after the last write the browser tidies up behind it, which is writing too.
const QUIET_MS: u32 = 1_000;
/// A write may be on its way.
const WRITING: u8 = 1;
/// Nothing is on its way.
const QUIET: u8 = 0;

/// What the mark said when it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing was on its way when the browser ended.
    Quiet,
    /// It was killed while it wrote; or nobody knows, for this browser has no such files or has lost this one.
    PerhapsTorn,
}

/// The mark of one database. It costs a write of one byte into the memory of the system, some microseconds.
pub(super) struct WriteMark {
    file: RefCell<Option<SyncFile>>,
    /// How many writes have begun.
    begun: Cell<u64>,
    unwritten: Cell<Unwritten>,
}

/// Whether the byte could be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Unwritten {
    #[default]
    Never,
    /// It could not, and nobody was told.
    Untold,
    Told,
}

impl WriteMark {
    /// The mark in the file of this name, made if it is not there, and what it says. Without the file it marks nothing.
    pub async fn open(name: &str) -> (Rc<Self>, Left) {
        let file = deadline(OPEN_MS_MAX, open_file(name)).await.flatten();
        let left = file.as_ref().map_or(Left::PerhapsTorn, read);
        let mark = Self {
            file: RefCell::new(file),
            begun: Cell::new(0),
            unwritten: Cell::default(),
        };
        (Rc::new(mark), left)
    }

    /// Something is about to be written.
    pub fn begin(&self) {
        self.begun.set(self.begun.get() + 1);
        self.write(WRITING);
    }

    /// What was begun is over; when nothing more begins for a while, the mark is taken back.
    pub fn end(self: &Rc<Self>) {
        let mark = self.clone();
        let begun = mark.begun.get();
        spawn_local(async move {
            pause(QUIET_MS).await;
            if mark.begun.get() == begun {
                mark.write(QUIET);
            }
        });
    }

    /// Lets go of the file, and leaves it as it is: another tab marks from here on.
    pub fn close(&self) {
        if let Some(file) = self.file.borrow_mut().take() {
            // A file that does not close is closed with the worker.
            let _ = file.close();
        }
    }

    /// True once when the byte could not be written since the file was opened: a kill in the middle of a write would not
    /// be known of.
    pub fn failed(&self) -> bool {
        let untold = self.unwritten.get() == Unwritten::Untold;
        if untold {
            self.unwritten.set(Unwritten::Told);
        }
        untold
    }

    /// Without the byte records are still written: what a person saves now counts for more than what a kill might tear.
    fn write(&self, said: u8) {
        if let Some(file) = self.file.borrow().as_ref() {
            let written = file.write(&Uint8Array::from([said].as_slice()), &at_begin());
            if written != Ok(1.0) && self.unwritten.get() == Unwritten::Never {
                self.unwritten.set(Unwritten::Untold);
            }
        }
    }
}

fn read(file: &SyncFile) -> Left {
    let said = Uint8Array::new_with_length(1);
    match file.read(&said, &at_begin()) {
        Ok(1.0) if said.get_index(0) == QUIET => Left::Quiet,
        _ => Left::PerhapsTorn,
    }
}

fn at_begin() -> JsValue {
    sys::object([("at", 0.into())])
}

/// Nothing if this browser has no such files, or does not give this one.
async fn open_file(name: &str) -> Option<SyncFile> {
    let storage = sys::scope().navigator().storage()?;
    let directory: Directory = waited(storage.get_directory()).await?;
    let made = sys::object([("create", JsValue::TRUE)]);
    let handle: FileHandle = waited(directory.get_file_handle(name, &made)).await?;
    // The tab from which the records are taken over may still hold it. Browsers that know no modes ignore this one.
    let shared = sys::object([("mode", "readwrite-unsafe".into())]);
    for _ in 0..TRIES {
        if let Some(file) = waited(handle.create_sync_access_handle(&shared)).await {
            return Some(file);
        }
        pause(RETRY_MS).await;
    }
    None
}

async fn waited<T: JsCast>(called: Result<Promise, JsValue>) -> Option<T> {
    let value = JsFuture::from(called.ok()?).await.ok()?;
    Some(value.unchecked_into())
}
