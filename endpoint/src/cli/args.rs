//! The arguments of every command, with their help.

use super::Problem;
use crate::store::Backend;
use bianfang::base::date::Date;
use bianfang::register::words::Language;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// 遍访：走访全村，没信号也能记。Bianfang: visits to every household, with or without signal.
#[derive(Debug, Parser)]
#[command(name = "bianfang", version, propagate_version = true, arg_required_else_help = true)]
pub(super) struct Arguments {
    /// 语言（默认中文；环境变量 LANG 以 en 开头时为英文）/ Language (default: Chinese, or English if LANG says so)
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

impl Arguments {
    /// The language asked for, else the machine's, else Chinese.
    pub fn language(&self) -> Language {
        let system = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|name| std::env::var(name).ok())
        };
        match self.lang {
            Some(Lang::Zh) => Language::Zh,
            Some(Lang::En) => Language::En,
            None if system().is_some_and(|value| value.starts_with("en")) => Language::En,
            None => Language::Zh,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 运行：提供应用和接口 / Serve the app and the interface
    Serve(Serve),
    /// 村：导入名册、列出 / Villages: import a roster, list
    Village {
        #[command(subcommand)]
        command: VillageCommand,
    },
    /// 督查组（暗访、督战、巡视、信访）：建立、列出 / Inspectors' groups: make, list
    Group {
        #[command(subcommand)]
        command: GroupCommand,
    },
    /// 邀请一个人：链接、邀请码、二维码 / Invite one person: link, code, QR
    Invite(Invite),
    /// 手机：列出、停用 / Telephones: list, revoke
    Device {
        #[command(subcommand)]
        command: DeviceCommand,
    },
    /// 导出台账 / Export ledgers
    Export(Export),
    /// 表单：检查、试填、转换、发布 / Forms: check, try out, convert, publish
    Form {
        #[command(subcommand)]
        command: FormCommand,
    },
    /// 办理程序：检查 / Procedures: check
    Procedure {
        #[command(subcommand)]
        command: ProcedureCommand,
    },
    /// 专项行动：检查、发布、列出、停用 / Campaigns: check, publish, list, withdraw
    Campaign {
        #[command(subcommand)]
        command: CampaignCommand,
    },
    /// 数据质量：按规则查一个村 / The quality of the data of a village, rule by rule
    Quality(Quality),
    /// 备份（服务运行时也可以）/ Make a copy, also beside a running server
    Backup(Backup),
    /// 恢复备份（服务运行时也可以）/ Bring a copy back, also beside a running server
    Restore(Restore),
    /// 检查全部数据 / Check all data
    Check {
        #[command(flatten)]
        data: Data,
    },
}

/// Where the data are; the same for every command.
#[derive(Clone, Debug, Args)]
pub(super) struct Data {
    /// 数据文件夹 / Folder of the data
    #[arg(
        long,
        value_name = "DIR",
        env = "BIANFANG_DATA",
        required_unless_present = "database"
    )]
    data: Option<PathBuf>,
    /// 数据库地址，代替 --data：sqlite:DIR（postgres://… 以后支持）/ Database address instead of --data
    #[arg(long, value_name = "URL", env = "BIANFANG_DATABASE", conflicts_with = "data")]
    database: Option<String>,
}

impl Data {
    /// The database that is meant.
    pub fn backend(&self) -> Result<Backend, Problem> {
        match (&self.database, &self.data) {
            (Some(url), _) => Ok(url.parse()?),
            (None, folder) => Ok(Backend::Sqlite(folder.clone().unwrap_or_default())),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    pub data: Data,
    /// 监听地址；端口 0 取空闲端口 / Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = listen)]
    pub listen: SocketAddr,
    /// 应用页面所在的文件夹，代替程序里自带的 / Folder of the app instead of the one inside the program
    #[arg(long, value_name = "DIR")]
    pub app: Option<PathBuf>,
    /// 手机打开的网址，写进邀请链接 / Address by which phones come, for the links of invitations
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,
    /// TLS 证书（PEM，含中间证书）/ TLS certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// TLS 私钥（PEM）/ TLS private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// 前面有反向代理：来访地址取自 X-Forwarded-For / Behind a proxy: take addresses from X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,
    /// 只允许这个网址的页面内嵌本应用（演示用）/ The one address whose pages may frame the app (demonstrations)
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub framed_by: Option<String>,
    /// 数据库最多占多少兆 / Megabytes that the database may take
    #[arg(long, value_name = "MB")]
    pub database_max: Option<u64>,
    /// 每个村的照片最多占多少兆 / Megabytes that the photos of one village may take
    #[arg(long, value_name = "MB", default_value_t = 20_000)]
    pub photos_max: u64,
    /// 日志格式 / Format of the log
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log: LogFormat,
}

/// An address to listen on; a port alone is one of this machine.
fn listen(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let port = text
        .strip_prefix("localhost:")
        .or(text.strip_prefix(':'))
        .unwrap_or(text);
    match port.parse::<u16>() {
        Ok(port) => Ok(SocketAddr::from(([127, 0, 0, 1], port))),
        Err(_) => text
            .parse()
            .map_err(|_| "应写成 IP:端口 / IP:PORT is expected: 0.0.0.0:8443, 127.0.0.1:8080".to_owned()),
    }
}

/// `https://host:port/path`, as it stands in a link.
fn base_url(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/');
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '#' | '?' | '"' | '<' | '>' | '\\');
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with(['/', ':']) && !rest.contains(odd) => Ok(text.to_owned()),
        _ => Err("应写成 https://域名 / https://HOST is expected".to_owned()),
    }
}

/// `http://host:port`, nothing that could add to a header.
fn origin(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let fits = |rest: &str| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".-:[]*".contains(&b))
    };
    if rest.is_some_and(fits) {
        Ok(text.to_owned())
    } else {
        Err("http://HOST:PORT".to_owned())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
    Off,
}

#[derive(Debug, Subcommand)]
pub(super) enum VillageCommand {
    /// 导入名册（.xlsx、.xls、.csv）：先预览再写入 / Import a roster: previews, then applies
    Import(Import),
    /// 导入手机的备份文件 / Take the rescue file of a telephone
    ImportRescue {
        /// 手机上“备份”做的文件 / The file that a telephone made
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// 列出各村 / List the villages
    List {
        #[command(flatten)]
        data: Data,
    },
    /// 定下县里对村的规定 / Set what the county decides for villages
    Set(VillageSet),
}

#[derive(Debug, Args)]
pub(super) struct VillageSet {
    #[command(flatten)]
    pub villages: Villages,
    /// 饮水标准按哪类地区：wet 丰水区、dry 缺水区；留空（--region ""）就由填表的人选
    /// / Which amount of water is enough: wet or dry; empty, whoever fills in the form says
    #[arg(long, value_name = "wet|dry", required_unless_present = "sweep_blocks")]
    pub region: Option<String>,
    /// 举一反三没有清零，原来的问题不得销号：yes 不得销号、no 只提示（不写就是 no）
    /// / While a sweep for the same problem is open, the sign-off is refused: yes or no; unset, it only shows
    #[arg(long, value_name = "yes|no")]
    pub sweep_blocks: Option<String>,
    #[command(flatten)]
    pub data: Data,
}

#[derive(Debug, Subcommand)]
pub(super) enum GroupCommand {
    /// 建立一个组，或给已有的组改名、加村。组里的问题交办以后村里才看得到
    /// / Make a group, or rename one and add villages; a village sees its findings once they are assigned
    Create(GroupCreate),
    /// 列出各组 / List the groups
    List {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Args)]
pub(super) struct GroupCreate {
    /// 组的代号，以后代替村编码来写，例如 暗访一组 / Code of the group, written where the code of a village stands
    pub code: String,
    /// 组的名称，手机上显示 / Its name, as phones show it
    pub name: String,
    #[command(flatten)]
    pub villages: Villages,
    #[command(flatten)]
    pub data: Data,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// 名册文件 / The roster
    pub file: PathBuf,
    #[command(flatten)]
    pub data: Data,
    /// 村编码：文件里没有时，或只导入其中一个村。几个村都没有编码时每村写一次：--village 村名=编码
    /// / Code of the village: where the file has none, or to take one of several; NAME=CODE for each of several
    #[arg(long, value_name = "CODE|NAME=CODE")]
    pub village: Vec<String>,
    /// 村名（只导入一个村时）/ Name of the village, where one is imported
    #[arg(long)]
    pub name: Option<String>,
    /// 只预览，不写入 / Only preview, write nothing
    #[arg(long)]
    pub preview: bool,
    /// 批注后的名册写到哪里 / Where to write the annotated roster
    #[arg(long, value_name = "FILE")]
    pub result: Option<PathBuf>,
    /// 演示数据：每一页都会标明 / Made-up people: every page says so
    #[arg(long)]
    pub demonstration: bool,
}

#[derive(Debug, Args)]
pub(super) struct Invite {
    #[command(flatten)]
    pub data: Data,
    /// 村编码 / Code of the village
    #[arg(long, value_name = "CODE")]
    pub village: String,
    /// 姓名 / Name
    #[arg(long)]
    pub name: String,
    /// 权限：leader 班长、member 队员、doctor 村医、township 乡镇、inspector 督查员、desk 县办 / Role
    #[arg(long, default_value = "member")]
    pub role: String,
    /// 电话 / Telephone
    #[arg(long, default_value = "")]
    pub phone: String,
    /// 手机打开的网址；以后的命令会记住 / Address by which phones come; remembered
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,
    /// 就是已有的这个人（换手机、第二部手机）/ The same person as this member (a second telephone)
    #[arg(long, value_name = "ID", conflicts_with = "new")]
    pub same_as: Option<String>,
    /// 同名的另一个人 / Another person of the same name
    #[arg(long)]
    pub new: bool,
    /// 由谁邀请：写在邀请上，作废后找这个人 / Who invites: shown on the invitation
    #[arg(long, value_name = "NAME")]
    pub from: Option<String>,
    /// 邀请人电话 / Telephone of whoever invites
    #[arg(long, value_name = "PHONE")]
    pub from_phone: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum DeviceCommand {
    /// 列出手机 / List the telephones
    List {
        #[command(flatten)]
        data: Data,
    },
    /// 接收已停用手机的备份文件：先看是谁的、多少条、哪天的 / Accept the rescue file of a revoked telephone
    Accept {
        /// 手机上“备份”做的文件 / The file that the telephone made
        file: PathBuf,
        /// 不再问 / Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        data: Data,
    },
    /// 停用一部手机：丢失、离队 / Revoke a telephone: lost, or its owner left
    Revoke {
        /// 手机编号，见 device list / Its id, see device list
        id: String,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum FormCommand {
    /// 检查表单：每处错误的表、行、列和改法 / Check a form: every mistake with its sheet, row, column and remedy
    Check(FormCheck),
    /// 用答案文件试填，不用手机 / Fill a form from a file of answers, without a phone
    Run(FormRun),
    /// 转成 XForm、工作簿或文本表格 / Turn a form into XForm XML, a workbook or tables of text
    Convert(FormConvert),
    /// 发布到村：手机下次同步就有 / Publish a form: phones get it at their next sync
    Publish(FormPublish),
    /// 列出已发布的表单 / List the published forms
    List {
        /// 村编码；不写就是所有村 / Code of the village, else all of them
        #[arg(long, value_name = "CODE")]
        village: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// 停用表单：不再提供填写，已填的都在 / Withdraw a form: no longer offered, its records stay
    Withdraw(FormWithdraw),
}

/// One village, or all.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Villages {
    /// 村编码，可以写几次 / Code of the village; may be given several times
    #[arg(long, value_name = "CODE")]
    pub village: Vec<String>,
    /// 所有村 / All villages
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Args)]
pub(super) struct FormPublish {
    #[command(flatten)]
    pub form: FormFile,
    #[command(flatten)]
    pub villages: Villages,
    #[command(flatten)]
    pub data: Data,
}

#[derive(Debug, Args)]
pub(super) struct FormWithdraw {
    /// 名称（表单是 form_id），见 list / Its name (of a form its form_id), see list
    pub form: String,
    #[command(flatten)]
    pub villages: Villages,
    #[command(flatten)]
    pub data: Data,
}

#[derive(Debug, Subcommand)]
pub(super) enum CampaignCommand {
    /// 检查：每处错误的表、行、列和改法 / Check a set: every mistake with its sheet, row, column and remedy
    Check {
        /// 专项行动：.xlsx、.xls，或写成表格的 .md / The set: .xlsx, .xls, or .md with its tables
        file: PathBuf,
    },
    /// 发布到村：手机下次同步就有 / Publish a set: phones get it at their next sync
    Publish {
        /// 专项行动：.xlsx、.xls，或写成表格的 .md / The set: .xlsx, .xls, or .md with its tables
        file: PathBuf,
        #[command(flatten)]
        villages: Villages,
        #[command(flatten)]
        data: Data,
    },
    /// 列出已发布的专项行动 / List the published sets
    List {
        /// 村编码；不写就是所有村 / Code of the village, else all of them
        #[arg(long, value_name = "CODE")]
        village: Option<String>,
        #[command(flatten)]
        data: Data,
    },
    /// 停用 / Withdraw a set
    Withdraw(FormWithdraw),
}

#[derive(Debug, Args)]
pub(super) struct Quality {
    /// 村编码 / Code of the village
    #[arg(long, value_name = "CODE")]
    pub village: String,
    /// 写成表：.xlsx、.csv 或 .json；不写就打印 / Write a table: .xlsx, .csv or .json; else print
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub data: Data,
}

#[derive(Debug, Subcommand)]
pub(super) enum ProcedureCommand {
    /// 检查程序：每处错误的表、行、列和改法 / Check a procedure: every mistake with its sheet, row, column and remedy
    Check {
        /// 程序：.xlsx、.xls，或写成表格的 .md / The procedure: .xlsx, .xls, or .md with its tables
        file: PathBuf,
        /// 输出 JSON / Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// A form and the lists beside it.
#[derive(Debug, Args)]
pub(super) struct FormFile {
    /// 表单：.xlsx、.xls，或写成表格的 .md / The form: .xlsx, .xls, or .md with its tables
    pub file: PathBuf,
    /// 选项文件（.csv）所在的文件夹；默认是表单所在的文件夹 / Folder of its lists (.csv), else its own
    #[arg(long, value_name = "DIR")]
    pub media: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct FormCheck {
    #[command(flatten)]
    pub form: FormFile,
    /// 输出 JSON / Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct FormRun {
    #[command(flatten)]
    pub form: FormFile,
    /// 答案（JSON）/ The answers (JSON)
    #[arg(long, value_name = "FILE")]
    pub answers: PathBuf,
    /// 当作哪一天，例如 2019-08-15 / The day that it is, such as 2019-08-15
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
    /// 输出 JSON / Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub(super) struct FormConvert {
    #[command(flatten)]
    pub form: FormFile,
    /// 转成什么 / Into what
    #[arg(long, value_enum)]
    pub to: FormFormat,
    /// 写到哪里；不写就打印 / Where to; printed otherwise
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormFormat {
    /// ODK XForms 1.0
    Xform,
    Xlsx,
    Md,
}

#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    pub data: Data,
    /// 备份文件 / The copy
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// 备份文件 / The copy
    pub file: PathBuf,
    #[command(flatten)]
    pub data: Data,
    /// 只要备份里的内容，备份之后的不保留（停用的手机仍然停用）/ Only what the copy holds (revoked phones stay revoked)
    #[arg(long, conflicts_with = "replace")]
    pub exactly: bool,
    /// 现有数据库已损坏打不开：换成备份（先停止服务）/ The database cannot be opened any more: replace it (stop the server first)
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    pub data: Data,
    /// 村编码；表单记录和调度表可以不写，就是所有村 / Code of the village; for records and the sheet it may be left out: all
    #[arg(
        long,
        value_name = "CODE",
        required_if_eq_any([
            ("what", "households"), ("what", "people"), ("what", "visits"), ("what", "findings"), ("what", "documents"),
        ])
    )]
    pub village: Option<String>,
    /// 导出什么：农户、家庭成员、走访、问题台账、调度表、表单记录（写明 --form），或全部文档（标准 Automerge 文件，--out 写文件夹）
    /// / What; dispatch: the sheet of a period; records: those of --form; documents: every document as an Automerge file
    #[arg(long, value_enum)]
    pub what: ExportWhat,
    /// 调度表的周期：week 本周、half-month 半月（1–15、16–月底）、month 本月 / The period of the sheet
    #[arg(long, value_enum, default_value_t = ExportPeriod::Week)]
    pub period: ExportPeriod,
    /// 调度表和问题台账统计到哪一天，默认今天 / The day up to which the sheet and the ledger count; today otherwise
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// 哪张表单的记录（form_id，见 form list）/ The form whose records are wanted, see form list
    #[arg(long, value_name = "FORM_ID", required_if_eq("what", "records"))]
    pub form: Option<String>,
    /// 表单记录：连同手机自己记的（开始、结束、日期、设备）/ Records: with what phones note by themselves
    #[arg(long, requires = "form")]
    pub meta: bool,
    /// 文件格式 / Kind of file
    #[arg(long, value_enum, default_value_t = ExportFormat::Xlsx)]
    pub format: ExportFormat,
    /// 写到哪里 / Where to
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 写出完整的证件号码（默认遮住中间）/ ID numbers in full (masked otherwise)
    #[arg(long)]
    pub full_id: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportWhat {
    Households,
    People,
    Visits,
    Findings,
    /// 调度表 / The sheet of a period
    Dispatch,
    Records,
    Documents,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportPeriod {
    /// 周一到周日 / Monday to Sunday
    Week,
    /// 1–15日、16日–月底 / The 1st to the 15th, the 16th to the end
    HalfMonth,
    Month,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    Xlsx,
    Csv,
    Json,
    /// 可以贴到群里的文字，只用于调度表 / Words to paste into a group; of the sheet only
    Text,
}

/// What is wrong with a command as it was typed, in Chinese beside the words of the argument parser; nothing where
/// those are the help itself.
pub(super) fn mistake(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let about = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(list)) => list.join("、"),
        _ => String::new(),
    };
    let argument = about(ContextKind::InvalidArg);
    Some(match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("少了：{argument}。加 --help 看说明。"),
        ErrorKind::UnknownArgument => format!("没有这个参数：{argument}。加 --help 看说明。"),
        ErrorKind::InvalidSubcommand => {
            format!(
                "没有这个命令：{}。加 --help 看说明。",
                about(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!(
                "{argument} 写得不对：{}。加 --help 看说明。",
                about(ContextKind::InvalidValue)
            )
        }
        ErrorKind::ArgumentConflict => format!("{argument} 不能和 {} 一起用。", about(ContextKind::PriorArg)),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        _ => "命令写得不对。加 --help 看说明。".to_owned(),
    })
}
