//! Serving the built page on this machine, and one local trace beside it.

use std::fs::File;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Component, Path, PathBuf};
use std::thread;

use anyhow::{Context, anyhow, bail};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tiny_http::{Header, Method, Request, Response, Server};

/// Requests answered at the same time; a long trace keeps one of them busy.
const THREADS: usize = 6;

/// The trace that the page opens with, served under `/local/`.
pub(crate) struct Local {
    path: PathBuf,
    name: String,
}

impl Local {
    /// Checks now that the file can be read, before anything long is started.
    pub(crate) fn open(path: PathBuf) -> anyhow::Result<Self> {
        let path = path.canonicalize().with_context(|| path.display().to_string())?;
        let file = File::open(&path).with_context(|| path.display().to_string())?;
        if !file.metadata()?.is_file() {
            bail!("{}: not a file", path.display());
        }
        let name = path.file_name().context("the trace has no file name")?;
        let name = name.to_str().context("the trace's name is not UTF-8")?.to_owned();
        Ok(Self { path, name })
    }

    /// Its address relative to the page.
    fn url(&self) -> String {
        format!("local/{}", utf8_percent_encode(&self.name, NON_ALPHANUMERIC))
    }
}

/// Serves `dist`, and `trace` if there is one, until the process is stopped.
pub(crate) fn serve(dist: &Path, trace: Option<Local>, port: u16) -> anyhow::Result<()> {
    let server = Server::http((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        anyhow!("cannot serve on port {port}: {error}. Take another one with --port")
    })?;
    let address = server.server_addr().to_ip().context("the server has no address")?;
    let fragment = trace.as_ref().map_or_else(String::new, |t| format!("#trace={}", t.url()));
    println!("\nkvscope is at\n\n    http://{address}/{fragment}\n\nCtrl-C stops it.");
    let site = Site { dist, trace: trace.as_ref(), port: address.port() };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Ok(request) = server.recv() {
                    // The browser may have gone away in the middle: nothing to do about it.
                    let _ = site.answer(request);
                }
            });
        }
    });
    Ok(())
}

struct Site<'a> {
    dist: &'a Path,
    trace: Option<&'a Local>,
    port: u16,
}

impl Site<'_> {
    fn answer(&self, request: Request) -> io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return request.respond(Response::from_string("only GET").with_status_code(405));
        }
        // Another site's name may be pointed at this address to read the trace from there.
        if !self.is_own_host(&request) {
            return request.respond(Response::from_string("wrong host").with_status_code(403));
        }
        let file = self.file_for(request.url()).and_then(|path| {
            let file = File::open(&path).ok()?;
            let length = file.metadata().ok().filter(|meta| meta.is_file())?.len();
            Some((path, file, usize::try_from(length).ok()))
        });
        let Some((path, file, length)) = file else {
            return request.respond(Response::from_string("not found").with_status_code(404));
        };
        let headers = vec![
            header("Content-Type", content_type(&path)),
            header("Cache-Control", "no-cache"),
            header("X-Content-Type-Options", "nosniff"),
        ];
        // With a length and not in chunks, so that the page can show progress.
        let response = Response::new(200.into(), headers, file, length, None);
        request.respond(response.with_chunked_threshold(usize::MAX))
    }

    fn is_own_host(&self, request: &Request) -> bool {
        let host = request.headers().iter().find(|header| header.field.equiv("Host"));
        host.and_then(|host| host.value.as_str().rsplit_once(':')).is_some_and(|(name, port)| {
            matches!(name, "127.0.0.1" | "localhost") && port.parse() == Ok(self.port)
        })
    }

    /// The file behind an address; never one outside `dist` but the trace.
    fn file_for(&self, url: &str) -> Option<PathBuf> {
        let path = url.split(['?', '#']).next().unwrap_or_default().strip_prefix('/')?;
        let path = percent_decode_str(path).decode_utf8().ok()?;
        if let Some(name) = path.strip_prefix("local/") {
            return self.trace.filter(|trace| trace.name == name).map(|trace| trace.path.clone());
        }
        let inside = Path::new(&*path);
        if !inside.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let path = self.dist.join(inside);
        Some(if path.is_dir() { path.join("index.html") } else { path })
    }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("headers here are plain ASCII")
}

/// Browsers insist on these: wasm is compiled while it arrives only with its own type.
fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "jsonl" | "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(trace: Option<&Local>) -> Site<'_> {
        Site { dist: Path::new("dist"), trace, port: 1 }
    }

    #[test]
    fn addresses_stay_inside_the_page() {
        let site = site(None);
        let found = |url| site.file_for(url);
        assert_eq!(found("/assets/a.js?v=1"), Some(PathBuf::from("dist/assets/a.js")));
        assert_eq!(found("/%61.js"), Some(PathBuf::from("dist/a.js")));
        for url in ["/../secret", "/%2e%2e/secret", "//etc/passwd", "/local/t.jsonl", "x"] {
            assert_eq!(found(url), None, "{url}");
        }
    }

    #[test]
    fn only_the_given_trace_is_served_under_local() {
        let path = PathBuf::from("elsewhere/a trace#1.jsonl");
        let local = Local { path: path.clone(), name: "a trace#1.jsonl".into() };
        let url = local.url();
        assert_eq!(url, "local/a%20trace%231%2Ejsonl");
        let site = site(Some(&local));
        assert_eq!(site.file_for(&format!("/{url}")), Some(path));
        assert_eq!(site.file_for("/local/other.jsonl"), None);
        assert_eq!(site.file_for("/local/../a.js"), None);
    }

    #[test]
    fn wasm_and_scripts_have_the_types_that_browsers_insist_on() {
        assert_eq!(content_type(Path::new("a/b_bg.wasm")), "application/wasm");
        assert!(content_type(Path::new("b.js")).starts_with("text/javascript"));
    }
}
