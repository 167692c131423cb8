//! The election of the one writer among the tabs of a browser, by Web Locks. Touches no data.

use super::sys::{self, AbortController};
use super::time::{Deferred, deadline};
use crate::client::store::StoreError;
use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

/// How long we wait for the holder. A page that reloads still holds the lock for a moment; another tab for ever.
const WAIT_MS_MAX: u32 = 1_500;

/// Held until dropped, or until another tab takes it over.
pub(super) struct WriterLock {
    hold: Deferred,
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        self.hold.fulfil();
    }
}

/// Becomes the writer, or says `Elsewhere`. With `steal` the holder is robbed; `robbed` runs here when that happens to
/// us.
pub(super) async fn take(name: &str, steal: bool, robbed: impl FnOnce() + 'static) -> Result<WriterLock, StoreError> {
    let locks = sys::scope().navigator().locks().ok_or(StoreError::Absent)?;
    let hold = Deferred::new();
    let granted = Deferred::new();
    let first = granted.promise.clone();
    let on_granted = Closure::<dyn FnMut(JsValue) -> Promise>::new({
        let held = hold.promise.clone();
        move |_lock: JsValue| {
            granted.fulfil();
            held.clone()
        }
    });
    let stop = AbortController::new();
    let options = match steal {
        true => sys::object([("steal", JsValue::TRUE)]),
        false => sys::object([("signal", stop.signal())]),
    };
    let over = locks
        .request(name, &options, &on_granted)
        .map_err(|thrown| StoreError::Failed(sys::thrown_name(&thrown)))?;
    // `over` settles before `granted` only if the lock was refused.
    let decided = Promise::race(&Array::of2(&first, &over));
    let decided = match deadline(WAIT_MS_MAX, JsFuture::from(decided.clone())).await {
        Some(settled) => settled,
        None => {
            // Granted in this very moment, it stays granted: the signal then does nothing.
            stop.abort();
            JsFuture::from(decided).await
        }
    };
    match decided {
        Ok(_) => {
            spawn_local(async move {
                let robbed_of_it = JsFuture::from(over).await.is_err();
                drop(on_granted);
                if robbed_of_it {
                    robbed();
                }
            });
            Ok(WriterLock { hold })
        }
        Err(thrown) => match sys::thrown_name(&thrown).as_str() {
            "AbortError" => Err(StoreError::Elsewhere),
            "SecurityError" | "InvalidStateError" => Err(StoreError::Absent),
            name => Err(StoreError::Failed(String::from(name))),
        },
    }
}
