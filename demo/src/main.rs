//! 三部手机: three phones of one village on one page, each on an origin of its own, with a signal that can really be cut.
//!
//! One process: the endpoint, a port for the page, and a port for each phone. The village is made by running the real
//! core, and kept until the day or what it is made of changes. This exists for trying and showing only.

mod cadre;
mod forms;
mod gate;
mod history;
mod kept;
mod options;
mod page;
mod roster;
mod stage;
mod team;
mod trouble;
mod village;

use bianfang::base::date::Date;
use bianfang_endpoint::{App, Clock, Endpoint, Store};
use clap::Parser as _;
use gate::{Gate, listen};
use kept::{Folder, Kept, Ports, backend};
use options::Options;
use stage::{Phone, Stage};
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Instant;
use team::SIZE;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use trouble::Trouble;
use village::Recipe;

fn main() -> ExitCode {
    let options = Options::parse();
    let started = Runtime::new().map_err(Trouble::file("tokio"));
    match started.and_then(|runtime| runtime.block_on(run(&options))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}\n[{}]", trouble.code());
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), Trouble> {
    let app = options.app.clone().map_or(App::Embedded, App::Folder);
    if !app.is_there() {
        return Err(Trouble::NoApp);
    }
    let folder = Folder::open(&options.data)?;
    let recipe = match (&options.roster, options.empty) {
        (Some(file), _) => Recipe::Own(file.clone()),
        (None, true) => Recipe::Empty,
        (None, false) => Recipe::Lived(options.visits),
    };
    let kept = prepare(&folder, &recipe, options.keep).await?;
    let listeners = ports(&folder, options.port).await?;
    let (stage, _page) = open(&folder, &recipe, kept, app, listeners)?;
    announce(&stage, &folder, &recipe, options);
    stop_asked().await;
    println!("\n已停止。 Stopped.");
    Ok(())
}

/// The village as it was kept, or a new one.
async fn prepare(folder: &Folder, recipe: &Recipe, keep: bool) -> Result<Kept, Trouble> {
    let now_ms = Clock::system().now_ms();
    let today = Date::in_china(now_ms).to_string();
    let kept = folder
        .kept(recipe.kind())
        .filter(|kept| kept.version == recipe.version());
    if let Some(kept) = kept {
        let same_day = !recipe.ages() || kept.made_on == today;
        if same_day || keep {
            return Ok(kept);
        }
        println!("演示村是 {} 做的，按今天重做（--keep 可以保留）。", kept.made_on);
        println!(
            "The village is of {}; it is made anew for today (--keep keeps it).",
            kept.made_on
        );
    }
    let begun = Instant::now();
    let workshop = folder.workshop(recipe.kind())?;
    let say = |zh: &str, en: &str| println!("  {zh}  {en}");
    let made = village::make(&workshop, recipe, now_ms, say).await?;
    folder.replace(recipe.kind(), &made)?;
    println!(
        "演示村做好了，用了 {:.0} 秒。 The village is made.",
        begun.elapsed().as_secs_f64()
    );
    Ok(made)
}

/// The port of the page and those of the phones: the same as last time where they are free.
async fn ports(folder: &Folder, asked: u16) -> Result<Vec<TcpListener>, Trouble> {
    let usual = (0..=SIZE as u16).map(|place| if asked == 0 { 0 } else { asked.saturating_add(place) });
    let mut wanted: Vec<u16> = usual.collect();
    if let Some(last) = folder
        .ports()
        .filter(|last| last.asked == asked && last.got.len() == wanted.len())
    {
        // Their storage is bound to these. The page has none, and goes back to where it is expected.
        wanted[1..].copy_from_slice(&last.got[1..]);
    }
    let mut listeners = Vec::new();
    let mut got = Vec::new();
    for port in wanted {
        let failed = |source| Trouble::Port {
            address: format!("127.0.0.1:{port}"),
            source,
        };
        let listener = listen(port).await.map_err(failed)?;
        got.push(listener.local_addr().map_err(failed)?.port());
        listeners.push(listener);
    }
    folder.keep_ports(&Ports { asked, got })?;
    Ok(listeners)
}

/// Opens page and phones.
fn open(
    folder: &Folder,
    recipe: &Recipe,
    kept: Kept,
    app: App,
    listeners: Vec<TcpListener>,
) -> Result<(Arc<Stage>, Gate), Trouble> {
    let data = folder.village(recipe.kind());
    let address = |listener: &TcpListener| {
        let address = listener.local_addr().map_err(Trouble::file(&data))?;
        Ok::<_, Trouble>(format!("http://{address}"))
    };
    let mut addresses = Vec::new();
    for listener in &listeners {
        addresses.push(address(listener)?);
    }
    let mut endpoint = Endpoint::new(Store::open(&backend(&data))?, Clock::system(), app);
    endpoint.framed_by = Some(addresses[0].clone());
    let phones = stage::people(&kept).zip(&addresses[1..]);
    let phones = phones.map(|((person, member), origin)| Phone::new(person, member, origin.clone()));
    let stage = Arc::new(Stage {
        endpoint: Arc::new(endpoint),
        page: addresses[0].clone(),
        import: import_command(&data, &kept),
        phones: phones.collect(),
        kept,
    });
    let mut listeners = listeners.into_iter();
    let failed = |source| Trouble::Port {
        address: stage.page.clone(),
        source,
    };
    let Some(first) = listeners.next() else {
        return Err(failed(io::ErrorKind::AddrNotAvailable.into()));
    };
    let page = Gate::new(first, page::page(Arc::clone(&stage))).map_err(failed)?;
    for (place, listener) in listeners.enumerate() {
        let gate = Gate::new(listener, page::phone(&stage, place)).map_err(failed)?;
        if let Some(phone) = stage.phones.get(place) {
            phone.connect(gate);
        }
    }
    Ok((stage, page))
}

/// How a list of one's own comes into this village while it runs.
fn import_command(data: &Path, kept: &Kept) -> String {
    format!(
        "cargo run -p bianfang-endpoint -- village import FILE.xlsx --data {} --village {}",
        data.display(),
        kept.code
    )
}

/// The one address, and what else one may want to know.
fn announce(stage: &Stage, folder: &Folder, recipe: &Recipe, options: &Options) {
    let data = folder.village(recipe.kind());
    println!();
    println!("  三部手机  Three phones:   {}", stage.page);
    println!();
    println!("  数据  data               {}", data.display());
    match recipe {
        Recipe::Lived(_) => {
            println!("  空村开始  start empty     cargo xtask serve --empty");
            println!("  用自己的名册  your Excel   cargo xtask serve --roster FILE.xlsx");
        }
        Recipe::Empty => println!("  导入名册  import          {}", stage.import),
        Recipe::Own(_) => println!("  演示村  the sample village cargo xtask serve"),
    }
    println!("  停止  stop               Ctrl-C");
    println!();
    if options.open && !open_in_browser(&stage.page) {
        println!("请在浏览器里打开上面的地址。 Open the address above in a browser.");
    }
}

/// Whether a program that shows pages could be started.
fn open_in_browser(address: &str) -> bool {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else {
        // Without a screen there is nobody to show it to.
        if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
            return false;
        }
        Command::new("xdg-open")
    };
    let quiet = command
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.spawn().is_ok()
}

/// Ends at Ctrl-C or SIGTERM.
async fn stop_asked() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => (),
                _ = tokio::signal::ctrl_c() => (),
            }
            return;
        }
    }
    // Where it cannot be waited for, the system ends the program without asking.
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A folder that goes when the test ends.
    pub struct Place(pub PathBuf);

    impl Place {
        pub fn new() -> Self {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("bianfang-demo-{}-{count}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            // Not worth failing a test for.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
