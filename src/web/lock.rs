//! The election of the one writer among the tabs of a browser, by Web Locks. Touches no data.

use super::sys::{self, AbortController};
use super::time::{Deferred, deadline};
use crate::client::store::StoreError;
use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

/// How the lock is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Waits so long for the holder, milliseconds. A page that reloads still holds the lock for a moment; another tab
    /// for ever.
    Within(u32),
    /// Robs the holder.
    Steal,
}

/// Held until dropped, or until another tab takes it over.
pub(super) struct WriterLock {
    hold: Deferred,
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        self.hold.fulfil();
    }
}

/// Becomes the writer, or says `Elsewhere`. `robbed` runs when the lock is stolen from us later.
pub(super) async fn take(name: &str, ask: Ask, robbed: impl FnOnce() + 'static) -> Result<WriterLock, StoreError> {
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
    let options = match ask {
        Ask::Within(_) => sys::object([("signal", stop.signal())]),
        Ask::Steal => sys::object([("steal", JsValue::TRUE)]),
    };
    let over = locks
        .request(name, &options, &on_granted)
        .map_err(|thrown| refused(&thrown))?;
    // `over` settles first only if the lock was refused.
    let decided = Promise::race(&Array::of2(&first, &over));
    if let Ask::Within(ms) = ask
        && deadline(ms, JsFuture::from(decided.clone())).await.is_none()
    {
        // Granted in this very moment, it stays granted: the signal then does nothing.
        stop.abort();
    }
    JsFuture::from(decided).await.map_err(|thrown| refused(&thrown))?;
    spawn_local(async move {
        let was_stolen = JsFuture::from(over).await.is_err();
        drop(on_granted);
        if was_stolen {
            robbed();
        }
    });
    Ok(WriterLock { hold })
}

fn refused(thrown: &JsValue) -> StoreError {
    match sys::thrown_name(thrown).as_str() {
        "AbortError" => StoreError::Elsewhere,
        "SecurityError" | "InvalidStateError" => StoreError::Absent,
        name => StoreError::Failed(String::from(name)),
    }
}
