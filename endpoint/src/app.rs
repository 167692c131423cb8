//! The files that people see: inside the program, or in a folder while developing. Every navigation gets the one page.

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Path, bytes, and the same compressed with brotli.
type Embedded = (&'static str, &'static [u8], Option<&'static [u8]>);

const EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/app.rs"));
const PAGE: &str = "index.html";
/// Files whose name changes with their content.
const HASHED: &str = "assets/";

/// Where the files come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum App {
    /// Inside this program.
    #[default]
    Embedded,
    /// In a folder, read at every request.
    Folder(PathBuf),
}

struct File {
    bytes: Vec<u8>,
    brotli: bool,
}

impl App {
    /// Whether there is anything to show.
    pub fn is_there(&self) -> bool {
        self.find(PAGE, false).is_some()
    }

    fn find(&self, path: &str, brotli: bool) -> Option<File> {
        match self {
            Self::Embedded => {
                let (_, plain, small) = EMBEDDED.iter().find(|(name, ..)| *name == path)?;
                let small = small.filter(|_| brotli);
                Some(File {
                    bytes: small.unwrap_or(plain).to_vec(),
                    brotli: small.is_some(),
                })
            }
            Self::Folder(folder) => {
                let plain = folder.join(inside(path)?);
                let small = folder.join(format!("{path}.br"));
                if brotli && plain.is_file() && small.is_file() {
                    return Some(File {
                        bytes: fs::read(small).ok()?,
                        brotli: true,
                    });
                }
                let bytes = fs::read(plain).ok()?;
                Some(File { bytes, brotli: false })
            }
        }
    }

    /// Answers a request for a file or for a page of the app.
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        if method != Method::GET && method != Method::HEAD {
            return StatusCode::METHOD_NOT_ALLOWED.into_response();
        }
        let accepts = |name: header::HeaderName, word: &str| {
            let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            values.any(|value| value.split([',', ';']).any(|part| part.trim() == word))
        };
        let brotli = accepts(header::ACCEPT_ENCODING, "br");
        let path = path.trim_start_matches('/');
        let name = if path.is_empty() { PAGE } else { path };
        if let Some(file) = self.find(name, brotli) {
            return served(name, file, headers);
        }
        // Every page of the app is the one file; a missing script is not.
        if accepts(header::ACCEPT, "text/html") {
            return match self.find(PAGE, brotli) {
                Some(file) => served(PAGE, file, headers),
                None => (StatusCode::NOT_FOUND, NOT_BUILT).into_response(),
            };
        }
        StatusCode::NOT_FOUND.into_response()
    }
}

const NOT_BUILT: &str = "这个程序里没有应用页面，只有接口。\n\
    This program was built without the app; it answers the interface only. Build the app first, or name its folder with --app.\n";

/// A path that stays inside its folder.
fn inside(path: &str) -> Option<&Path> {
    let path = Path::new(path);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && path.extension().is_none_or(|extension| extension != "br")).then_some(path)
}

fn served(name: &str, file: File, headers: &HeaderMap) -> Response {
    let hash = crate::entropy::to_text(&crate::entropy::hash(&file.bytes)[..12]);
    let tag = format!("\"{hash}\"");
    // A name that holds the content's hash never means anything else; all others are asked for again each time.
    let caching = if name.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|part| part.trim() == tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, media_type(name))], Body::from(file.bytes)).into_response()
    };
    let set = response.headers_mut();
    let mut put = |name: header::HeaderName, value: &str| {
        if let Ok(value) = value.parse() {
            set.insert(name, value);
        }
    };
    put(header::CACHE_CONTROL, caching);
    put(header::ETAG, &tag);
    put(header::VARY, "accept-encoding");
    if file.brotli && !known {
        put(header::CONTENT_ENCODING, "br");
    }
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::Folder;
    use axum::http::HeaderValue;

    fn app(folder: &Folder) -> App {
        fs::create_dir_all(folder.0.join("assets")).unwrap();
        fs::write(folder.0.join("index.html"), "<!doctype html>").unwrap();
        fs::write(folder.0.join("sw.js"), "self").unwrap();
        fs::write(folder.0.join("assets/a-1234.js"), "one()").unwrap();
        fs::write(folder.0.join("assets/a-1234.js.br"), "small").unwrap();
        App::Folder(folder.0.clone())
    }

    fn get(app: &App, path: &str, headers: &[(&'static str, &str)]) -> (u16, HeaderMap) {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        let response = app.answer(&Method::GET, path, &all);
        (response.status().as_u16(), response.headers().clone())
    }

    #[test]
    fn pages_and_files_are_told_apart() {
        let folder = Folder::new();
        let app = app(&folder);
        assert!(app.is_there());
        let html = [("accept", "text/html,application/xhtml+xml;q=0.9")];
        for path in ["/", "/households/1", "/visit"] {
            let (status, headers) = get(&app, path, &html);
            assert_eq!(
                (status, &headers["content-type"]),
                (200, &HeaderValue::from_static("text/html; charset=utf-8"))
            );
            assert_eq!(headers["cache-control"], "no-cache");
        }
        assert_eq!(get(&app, "/assets/gone-1.js", &[("accept", "*/*")]).0, 404);
        assert_eq!(get(&app, "/sw.js", &[]).1["cache-control"], "no-cache");
        assert_eq!(app.answer(&Method::POST, "/", &HeaderMap::new()).status(), 405);
    }

    #[test]
    fn hashed_files_are_compressed_and_kept() {
        let folder = Folder::new();
        let app = app(&folder);
        let (status, headers) = get(&app, "/assets/a-1234.js", &[("accept-encoding", "gzip, br")]);
        assert_eq!(
            (status, &headers["content-encoding"]),
            (200, &HeaderValue::from_static("br"))
        );
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        let (_, plain) = get(&app, "/assets/a-1234.js", &[("accept-encoding", "gzip")]);
        assert!(plain.get("content-encoding").is_none());
        let tag = plain["etag"].to_str().unwrap().to_owned();
        assert_eq!(get(&app, "/assets/a-1234.js", &[("if-none-match", &tag)]).0, 304);
    }

    #[test]
    fn nothing_outside_of_the_folder_is_served() {
        let folder = Folder::new();
        let app = app(&folder);
        fs::write(folder.0.with_extension("secret"), "x").unwrap();
        let outside = format!("/../{}.secret", folder.0.file_name().unwrap().to_str().unwrap());
        assert_eq!(get(&app, &outside, &[]).0, 404);
        assert_eq!(get(&app, "/assets/../sw.js", &[]).0, 404);
        assert_eq!(get(&app, "/assets/a-1234.js.br", &[]).0, 404);
        fs::remove_file(folder.0.with_extension("secret")).unwrap();
    }

    #[test]
    fn without_the_app_it_says_so() {
        let folder = Folder::new();
        let app = App::Folder(folder.0.clone());
        assert!(!app.is_there());
        assert_eq!(get(&app, "/", &[("accept", "text/html")]).0, 404);
    }
}
