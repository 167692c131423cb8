//! Workbooks for the desk in its browser: what the endpoint holds of one village, for those who answer for it.

use super::{Format, Options, What, dispatch, encode, table};
use crate::answer::{self, Refused};
use crate::api::{space_of, within_budget};
use crate::endpoint::Endpoint;
use crate::guard::{self, Claim};
use crate::store::space;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bianfang::base::date::Date;
use bianfang::base::id::SpaceId;
use bianfang::indicator::{Cadence, Period};
use bianfang::register::words::Language;
use bianfang::sync::log::Role;
use std::sync::Arc;

const UNKNOWN: Refused = Refused::new(StatusCode::NOT_FOUND, "not_found");

/// What is asked for.
struct Asked {
    what: String,
    language: Language,
    period: Period,
    on: Date,
}

impl Asked {
    fn read(what: String, language: &str, cadence: &str, on: &str) -> Option<Self> {
        let on = on.parse().ok()?;
        let language = match language {
            "zh" => Language::Zh,
            "en" => Language::En,
            _ => return None,
        };
        Some(Self {
            what,
            language,
            period: Period::around(Cadence::from_code(cadence)?, on),
            on,
        })
    }
}

/// `GET /v1/export/{space}/{what}/{language}/{cadence}/{on}`: a workbook.
///
/// # Errors
/// Nobody who leads the team or sits at a desk; nothing of that name.
pub async fn get(
    State(endpoint): State<Arc<Endpoint>>,
    Path((space, what, language, cadence, on)): Path<(String, String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let space = space_of(&space)?;
    let claim = guard::claim(&headers)?;
    let asked = Asked::read(what, &language, &cadence, &on).ok_or(UNKNOWN)?;
    let work = move |endpoint: &Endpoint| made(endpoint, &claim, space, &asked);
    Ok(answer::frame(endpoint.work(work).await?))
}

fn made(endpoint: &Endpoint, claim: &Claim, space: SpaceId, asked: &Asked) -> Result<Vec<u8>, Refused> {
    let now_s = endpoint.clock.now_s();
    let granted = endpoint.store.read(|tx| guard::granted(tx, claim, space, now_s))?;
    within_budget(endpoint, claim)?;
    // Whose phone was quiet for how long is for those who lead, and for nobody else.
    if !matches!(granted.role, Role::Leader | Role::Desk | Role::Township) {
        return Err(Refused::new(StatusCode::FORBIDDEN, "not_allowed"));
    }
    let store = &endpoint.store;
    let made = match asked.what.as_str() {
        "dispatch" => {
            let village = store.read(|tx| space::get(tx, space))?.ok_or(UNKNOWN)?;
            let sheets = dispatch::sheets(store, &[village], asked.period, asked.on, |_, _| ())?;
            dispatch::table(&sheets, asked.language)
        }
        "findings" => {
            let options = Options {
                language: asked.language,
                full_id: false,
                today: asked.on,
            };
            table(store, space, What::Findings, options, |_, _| ())?
        }
        _ => return Err(UNKNOWN),
    };
    encode(&made, Format::Xlsx).map_err(|error| {
        tracing::error!(error = %error, "a workbook could not be made");
        Refused::wait(StatusCode::INTERNAL_SERVER_ERROR, "endpoint_failed", 60)
    })
}
