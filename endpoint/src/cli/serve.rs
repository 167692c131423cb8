//! `serve`: runs until it is told to stop, and says by which addresses phones can come.

use super::args::{LogFormat, Serve};
use super::{Problem, Terminal};
use crate::app::App;
use crate::server::{self, Config, Running, TlsFiles};
use crate::store::{people, space};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::panic;
use tokio::runtime::Runtime;

/// Megabytes as bytes.
const MB: u64 = 1_000_000;
/// The setting under which the address is kept that invitations name.
pub(super) const BASE_URL: &str = "base_url";

pub(super) fn run(serve: Serve, terminal: Terminal) -> Result<(), Problem> {
    log(serve.log);
    let mut config = Config::new(serve.data.backend()?, serve.listen);
    if let Some(folder) = serve.app {
        config.app = App::Folder(folder);
    }
    if let (Some(certificate), Some(key)) = (serve.tls_cert, serve.tls_key) {
        config.tls = Some(TlsFiles { certificate, key });
    }
    config.base_url = serve.base_url;
    config.behind_proxy = serve.behind_proxy;
    config.framed_by = serve.framed_by;
    config.database_bytes_max = serve.database_max.map(|mb| mb.saturating_mul(MB));
    config.quotas.village_bytes = serve.photos_max.saturating_mul(MB);
    let has_app = config.app.is_there();
    let runtime = Runtime::new().map_err(|error| {
        let text = error.to_string();
        Problem::new(
            "serve_runtime",
            format!("无法启动：{text}"),
            format!("cannot start: {text}"),
        )
    })?;
    runtime.block_on(async {
        let stop = stop_asked()?;
        let running = server::start(config).await?;
        if let Some(base_url) = &running.endpoint.base_url {
            running
                .endpoint
                .store
                .write(|tx| people::put_setting(tx, BASE_URL, base_url.as_bytes()))?;
        }
        let kept = running.endpoint.store.read(|tx| people::setting(tx, BASE_URL))?;
        let base_url = kept.and_then(|bytes| String::from_utf8(bytes).ok());
        announce(&running, has_app, base_url.as_deref(), terminal);
        if running.endpoint.store.read(|tx| space::list(tx))?.is_empty() {
            terminal.note(
                "数据文件夹里还没有村：先用 village import 导入名册，或看看 --data 写得对不对。",
                "There is no village in this folder yet: import a roster with village import, or look whether --data is right.",
            );
        }
        stop.await;
        terminal.note("正在停止……", "Stopping …");
        running.stop().await;
        Ok(())
    })
}

/// Ends at Ctrl-C or SIGTERM.
fn stop_asked() -> Result<impl Future<Output = ()>, Problem> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let failed = |error: std::io::Error| Problem::new("serve_signal", error.to_string(), error.to_string());
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => (),
                _ = interrupt.recv() => (),
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// One line for programs on the standard output, the rest for people on the other.
fn announce(running: &Running, has_app: bool, base_url: Option<&str>, terminal: Terminal) {
    let scheme = if running.endpoint.tls { "https" } else { "http" };
    println!("listening on {scheme}://{}", running.address);
    if !has_app {
        terminal.note(
            "这个程序里没有应用页面：只有接口可用。先运行 cargo xtask build，或用 --app 指定文件夹。",
            "This program has no app inside: only the interface works. Run cargo xtask build first, or name a folder with --app.",
        );
    }
    for line in addresses(running.address, running.endpoint.tls, base_url) {
        terminal.note(&line.0, &line.1);
    }
}

/// By which addresses phones can come, and why not by others, in both languages.
fn addresses(address: SocketAddr, tls: bool, base_url: Option<&str>) -> Vec<(String, String)> {
    let port = address.port();
    let mut lines = Vec::new();
    if let Some(base_url) = base_url {
        lines.push((
            format!("邀请链接用这个网址：{base_url}"),
            format!("Invitations name {base_url}"),
        ));
    } else if tls {
        lines.push((
            "用 --base-url https://域名 说明手机打开的网址，邀请链接就用它；域名要和证书一致。".to_owned(),
            "Say with --base-url https://HOST by which address phones come; it has to be the one in the certificate."
                .to_owned(),
        ));
    }
    let scheme = if tls { "https" } else { "http" };
    if address.ip().is_loopback() {
        lines.push((
            format!("只有这台电脑能打开：{scheme}://localhost:{port}"),
            format!("Only this computer can open it: {scheme}://localhost:{port}"),
        ));
    } else {
        let ip = if address.ip().is_unspecified() {
            own_address().unwrap_or(address.ip())
        } else {
            address.ip()
        };
        let host = SocketAddr::new(ip, port);
        lines.push((
            format!("同一网络里的地址：{scheme}://{host}"),
            format!("Address in this network: {scheme}://{host}"),
        ));
    }
    // Whoever names an https address has a proxy that speaks it.
    if !tls && !base_url.is_some_and(|url| url.starts_with("https://")) {
        lines.push((
            "手机要用 https 才能离线：浏览器只在安全网址（https 或本机 localhost）上给离线存储和密钥。\n\
             用 --tls-cert 和 --tls-key 指定证书，或放在带 https 的反向代理后面（加 --behind-proxy 和 --base-url）。"
                .to_owned(),
            "Phones need https: browsers give offline storage and keys to secure addresses only (https, or localhost).\n\
             Give a certificate with --tls-cert and --tls-key, or put a proxy with https in front (--behind-proxy, --base-url)."
                .to_owned(),
        ));
    }
    lines
}

/// The address of this machine in its network. Nothing is sent: the system only says which way it would take.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

/// Sets up the log on the error output. A panic is logged by its place alone: its words may hold what people wrote.
fn log(format: LogFormat) {
    let builder = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::INFO)
        .with_target(false);
    match format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
        LogFormat::Off => return panic::set_hook(Box::new(|_| ())),
    }
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place, "a panic was caught");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(address: &str, tls: bool) -> String {
        let lines = addresses(address.parse().unwrap(), tls, None);
        lines.into_iter().map(|(zh, en)| format!("{zh}\n{en}\n")).collect()
    }

    #[test]
    fn plain_http_says_why_phones_need_more() {
        let local = said("127.0.0.1:8080", false);
        assert!(local.contains("http://localhost:8080") && local.contains("https") && local.contains("--tls-cert"));
        let network = said("192.0.2.7:8080", false);
        assert!(network.contains("http://192.0.2.7:8080") && network.contains("secure addresses only"));
        let proxied = addresses("127.0.0.1:8080".parse().unwrap(), false, Some("https://bf.example.org"));
        assert!(proxied.iter().all(|(zh, _)| !zh.contains("--tls-cert")));
        let secure = said("192.0.2.7:443", true);
        assert!(secure.contains("https://192.0.2.7:443") && !secure.contains("--tls-cert"));
    }
}
