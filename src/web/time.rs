//! Waiting in the browser: pauses and deadlines. Decides nothing about data.

use super::sys;
use js_sys::futures::JsFuture;
use js_sys::{Function, Promise};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use wasm_bindgen::JsValue;

/// A promise with the function that fulfils it.
pub(super) struct Deferred {
    pub(super) promise: Promise,
    fulfil: Function,
}

impl Deferred {
    pub(super) fn new() -> Self {
        let mut fulfil = None;
        let promise = Promise::new(&mut |resolve, _| fulfil = Some(resolve));
        Self {
            promise,
            fulfil: fulfil.expect("a promise runs its executor at once"),
        }
    }

    /// Fulfils the promise; a second time does nothing.
    pub(super) fn fulfil(&self) {
        // A promise's own function does not throw.
        let _ = self.fulfil.call0(&JsValue::UNDEFINED);
    }
}

/// A timer; dropped, it rings at once, so that whoever still listens is freed.
struct Timer {
    id: JsValue,
    rings: Deferred,
}

impl Timer {
    fn new(ms: u32) -> Self {
        let rings = Deferred::new();
        let id = sys::scope().set_timeout(&rings.fulfil, ms);
        Self { id, rings }
    }

    fn listen(&self) -> JsFuture {
        JsFuture::from(self.rings.promise.clone())
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        sys::scope().clear_timeout(&self.id);
        self.rings.fulfil();
    }
}

/// Waits.
pub(super) async fn pause(ms: u32) {
    let timer = Timer::new(ms);
    // A timer's promise is never rejected.
    let _ = timer.listen().await;
}

/// What the work brought within the time, or nothing.
pub(super) async fn deadline<T>(ms: u32, work: impl Future<Output = T>) -> Option<T> {
    let timer = Timer::new(ms);
    let mut late = timer.listen();
    let mut work = pin!(work);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => Pin::new(&mut late).poll(context).map(|_| None),
    })
    .await
}
