//! Every route, on one page.

use crate::answer::Refused;
use crate::endpoint::Endpoint;
use crate::{api, blob, export, guard};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use std::sync::Arc;

/// The whole service.
pub fn routes(endpoint: Arc<Endpoint>) -> Router {
    Router::new()
        // One round trip: hands over, receives.
        .route("/v1/sync/{space}", post(api::sync))
        // First load: what it consists of, and its blocks.
        .route("/v1/pack/{space}", get(api::manifest))
        .route("/v1/pack/{space}/{sha256}", get(api::block))
        // Photos and signatures, resumable both ways.
        .route(
            "/v1/blobs/{space}/{sha256}",
            get(blob::api::get).head(blob::api::head).put(blob::api::put),
        )
        // Workbooks for those who lead.
        .route(
            "/v1/export/{space}/{what}/{language}/{cadence}/{on}",
            get(export::api::get),
        )
        // Joining.
        .route("/v1/look", post(api::look))
        .route("/v1/enrol", post(api::enrol))
        .route("/v1/invite/{space}", post(api::invite))
        // Nothing else is of the protocol.
        .route("/v1/{*other}", any(unknown))
        // For whoever watches over the machine.
        .route("/healthz", get(api::health))
        // The app.
        .fallback(app)
        .layer(middleware::from_fn_with_state(Arc::clone(&endpoint), guard::around))
        .method_not_allowed_fallback(wrong_method)
        .with_state(endpoint)
}

async fn unknown() -> Refused {
    Refused::new(StatusCode::NOT_FOUND, "not_found")
}

async fn wrong_method() -> Refused {
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
}

async fn app(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    endpoint
        .app
        .answer(&parts.method, parts.uri.path(), &parts.headers)
        .into_response()
}
