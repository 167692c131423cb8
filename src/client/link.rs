//! The way to the endpoint and the device's key, as the client sees them. Holds no logic.

/// One request to the endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRequest {
    /// `POST` when there is a body, else `GET`.
    pub body: Option<Vec<u8>>,
    /// Path with a leading slash, such as `/v1/sync/…`.
    pub path: String,
    /// `Authorization: Bearer …`, when the device is enrolled.
    pub token: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkResponse {
    pub status: u16,
    /// `Content-Type: application/vnd.bianfang` was there: it is the endpoint that answers, not a captive portal.
    pub ours: bool,
    /// Seconds to wait before the next try, when the endpoint says so.
    pub retry_after_s: Option<u32>,
    pub body: Vec<u8>,
}

/// Why there was no response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// No network, or nobody listens.
    #[error("no connection")]
    Offline,
    /// Nothing arrived in time.
    #[error("timed out")]
    Timeout,
    /// The answer broke off.
    #[error("the answer broke off")]
    Cut,
}

impl LinkError {
    /// Stable code for the error record and the translated sentence.
    pub fn code(&self) -> &'static str {
        match self {
            LinkError::Offline => "link_offline",
            LinkError::Timeout => "link_timeout",
            LinkError::Cut => "link_cut",
        }
    }
}

/// One request, one response.
#[allow(
    async_fn_in_trait,
    reason = "used within one thread, on the phone and in the simulation"
)]
pub trait Link {
    /// Sends and waits for the whole response.
    async fn send(&self, request: LinkRequest) -> Result<LinkResponse, LinkError>;
}

/// The device's key could not be made or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the device's key cannot be used: {0}")]
pub struct KeyError(pub String);

/// The device's own key pair, ECDSA P-256, not extractable.
#[allow(
    async_fn_in_trait,
    reason = "used within one thread, on the phone and in the simulation"
)]
pub trait Keys {
    /// Makes the key if there is none and returns the public key: 65 bytes, uncompressed point.
    async fn public_key(&self) -> Result<[u8; 65], KeyError>;
    /// Signs with SHA-256; 64 bytes, r then s.
    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError>;
    /// Forgets the key; the next `public_key` makes another. Used before joining anew.
    async fn forget(&self) -> Result<(), KeyError>;
}
