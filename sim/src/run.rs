//! Runs a future to its end on one thread. Whatever waits for ever was killed: the simulated disk never answers after
//! its power was cut.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// How a future ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended<T> {
    /// With a value.
    Done(T),
    /// The phone died in the middle of it.
    Killed,
}

impl<T> Ended<T> {
    /// The value of a future that was not killed.
    pub fn done(self) -> Option<T> {
        match self {
            Ended::Done(value) => Some(value),
            Ended::Killed => None,
        }
    }
}

/// Polls until the future is ready or nothing can ever wake it.
pub fn run<T>(future: impl Future<Output = T>) -> Ended<T> {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(value) => Ended::Done(value),
        Poll::Pending => Ended::Killed,
    }
}
