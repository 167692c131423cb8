//! Answers: frames of the protocol, and refusals with a stable code, so that a phone can tell the endpoint from a page
//! that some network puts in between.

use crate::desk::DeskError;
use crate::join::JoinError;
use crate::store::StoreError;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bianfang::sync::enrol;
use bianfang::sync::frame::FrameError;

/// The type of every answer under `/v1/`.
pub const MEDIA_TYPE: &str = "application/vnd.bianfang";

/// A request that is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// HTTP's word for it.
    pub status: StatusCode,
    /// Ours.
    pub code: &'static str,
    /// Seconds to wait, when waiting helps.
    pub wait_s: u64,
}

impl Refused {
    /// For good.
    pub const fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code,
            wait_s: 0,
        }
    }

    /// For now.
    pub const fn wait(status: StatusCode, code: &'static str, wait_s: u64) -> Self {
        Self { status, code, wait_s }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = enrol::Refused {
            code: self.code.to_owned(),
            wait_s: self.wait_s,
        };
        let mut response = frame(body.encode());
        *response.status_mut() = self.status;
        if self.wait_s > 0 {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(self.wait_s));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// A frame as an answer; nobody keeps it.
pub fn frame(bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from(bytes)).into_response()
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        // The phone has words of its own for its own storage; these codes are the endpoint's.
        match error {
            StoreError::Full(_) => Self::wait(StatusCode::INSUFFICIENT_STORAGE, "endpoint_full", 600),
            StoreError::Busy(_) => Self::wait(StatusCode::SERVICE_UNAVAILABLE, "unavailable", 5),
            other => {
                tracing::error!(code = other.code(), error = %other, "the database failed");
                Self::wait(StatusCode::INTERNAL_SERVER_ERROR, "endpoint_failed", 60)
            }
        }
    }
}

impl From<DeskError> for Refused {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Store(error) => error.into(),
            other => {
                tracing::error!(code = other.code(), "the desk could not write");
                Self::wait(StatusCode::INTERNAL_SERVER_ERROR, "endpoint_failed", 60)
            }
        }
    }
}

impl From<JoinError> for Refused {
    fn from(error: JoinError) -> Self {
        let code = error.code();
        match error {
            JoinError::Desk(error) => error.into(),
            JoinError::Unknown | JoinError::NoSpace => Self::new(StatusCode::NOT_FOUND, code),
            JoinError::Used | JoinError::Expired | JoinError::Revoked => Self::new(StatusCode::GONE, code),
            JoinError::BadSignature | JoinError::BadName => Self::new(StatusCode::BAD_REQUEST, code),
            JoinError::DeviceRevoked | JoinError::NotAllowed => Self::new(StatusCode::FORBIDDEN, code),
            JoinError::DeviceTaken => Self::new(StatusCode::CONFLICT, code),
        }
    }
}

impl From<FrameError> for Refused {
    fn from(error: FrameError) -> Self {
        let status = match error {
            FrameError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            FrameError::Version(_) => StatusCode::UPGRADE_REQUIRED,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.code())
    }
}
