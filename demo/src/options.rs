//! The options of the demonstration.

use clap::Parser;
use std::path::PathBuf;

/// The first port that is tried: the page has it, the phones have those behind it.
const PORT: u16 = 7360;

/// 三部手机：一个网页上的演示村。 Three phones of one village on one page.
#[derive(Debug, Parser)]
#[command(name = "bianfang-demo", version)]
pub struct Options {
    /// Where the made villages are kept between two starts.
    #[arg(long, default_value = "target/demo")]
    pub data: PathBuf,
    /// The port of the page; the phones have the next three. Taken ones are replaced by free ones. 0 = any free ones.
    #[arg(long, default_value_t = PORT)]
    pub port: u16,
    /// A village without a household, to begin from nothing.
    #[arg(long, conflicts_with = "roster")]
    pub empty: bool,
    /// A village from this roster (.xlsx, .xls, .csv), without a history.
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// Keep the village of an earlier day instead of making it anew.
    #[arg(long)]
    pub keep: bool,
    /// How many visits the history holds.
    #[arg(long, default_value_t = 250, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(..=2_000))]
    pub visits: u32,
    /// The folder of the built app, instead of the one inside this program.
    #[arg(long, value_name = "FOLDER")]
    pub app: Option<PathBuf>,
    /// Open the page in the browser.
    #[arg(long)]
    pub open: bool,
}
