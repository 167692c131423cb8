//! The command line. Every command works beside a running server, says what it does in the person's language, and
//! returns 0 only on success.

mod args;
mod campaign;
mod care;
mod device;
mod export;
mod file;
mod form;
mod group;
mod import;
mod invite;
mod problem;
mod procedure;
mod progress;
mod publish;
mod quality;
mod rescue;
mod serve;
mod village;

pub use problem::Problem;

use crate::store::Store;
use args::{Command, DeviceCommand, GroupCommand, VillageCommand};
use bianfang::register::words::Language;
use clap::Parser as _;
use std::io::{ErrorKind, Write as _, stdout};
use std::process::ExitCode;

/// Where a command says things: results on the standard output, everything else on the error output.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// The person's language.
    pub language: Language,
}

impl Terminal {
    /// One of the two, by the person's language.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// A result.
    pub fn say(self, zh: &str, en: &str) {
        print(self.pick(zh, en));
    }

    /// A remark, which is no result.
    pub fn note(self, zh: &str, en: &str) {
        eprintln!("{}", self.pick(zh, en));
    }
}

/// A line of a result. A reader that has seen enough (`… | head`) ends nothing: the work goes on to its end.
fn print(line: &str) {
    let Err(error) = writeln!(stdout(), "{line}") else {
        return;
    };
    if error.kind() != ErrorKind::BrokenPipe {
        eprintln!("{error}");
        // What was asked for is not where it was to go.
        std::process::exit(1);
    }
}

/// Reads the arguments and does what they say.
pub fn run() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Asking for help is no mistake.
            let _ = error.print();
            if !error.use_stderr() {
                return ExitCode::SUCCESS;
            }
            if let Some(sentence) = args::mistake(&error) {
                eprintln!("{sentence}");
            }
            return ExitCode::from(2);
        }
    };
    let terminal = Terminal {
        language: arguments.language(),
    };
    match dispatch(arguments.command, terminal) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            problem.print(terminal);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command, terminal: Terminal) -> Result<(), Problem> {
    match command {
        Command::Serve(serve) => serve::run(serve, terminal),
        Command::Village { command } => match command {
            VillageCommand::Import(import) => import::run(&import, terminal),
            VillageCommand::ImportRescue { file, data } => rescue::import(&opened(&data)?, &file, terminal),
            VillageCommand::List { data } => village::list(&opened(&data)?, terminal),
            VillageCommand::Set(set) => village::set(&opened(&set.data)?, &set, terminal),
        },
        Command::Group { command } => match command {
            GroupCommand::Create(create) => group::create(&opened(&create.data)?, &create, terminal),
            GroupCommand::List { data } => group::list(&opened(&data)?, terminal),
        },
        Command::Invite(invite) => invite::run(&opened(&invite.data)?, &invite, terminal),
        Command::Device { command } => match command {
            DeviceCommand::List { data } => device::list(&opened(&data)?, terminal),
            DeviceCommand::Accept { file, yes, data } => rescue::accept(&opened(&data)?, &file, yes, terminal),
            DeviceCommand::Revoke { id, data } => device::revoke(&opened(&data)?, &id, terminal),
        },
        Command::Export(export) => export::run(&opened(&export.data)?, &export, terminal),
        Command::Form { command } => form::run(&command, terminal),
        Command::Procedure { command } => procedure::run(&command, terminal),
        Command::Campaign { command } => campaign::run(&command, terminal),
        Command::Quality(args) => quality::run(&opened(&args.data)?, &args, terminal),
        Command::Backup(backup) => care::backup(&opened(&backup.data)?, &backup, terminal),
        Command::Restore(restore) => care::restore(&restore, terminal),
        Command::Check { data } => care::check(&opened(&data)?, terminal),
    }
}

/// A database that is there already: a mistyped folder is an error, not an empty database.
fn opened(data: &args::Data) -> Result<Store, Problem> {
    let backend = data.backend()?;
    if !Store::exists(&backend) {
        let crate::store::Backend::Sqlite(folder) = &backend;
        let folder = folder.display();
        return Err(Problem::new(
            "data_missing",
            format!("{folder} 里没有数据。先用 village import 导入名册。"),
            format!("There are no data in {folder}. Import a roster first: village import."),
        ));
    }
    // A database that was ever opened is longer; an empty file is what a full disk or a mishap left of one.
    let file = Store::file_in(&backend);
    if std::fs::metadata(&file).is_ok_and(|file| file.len() == 0) {
        let file = file.display();
        return Err(Problem::new(
            "store_empty",
            format!("{file} 是空文件（0 字节），原来的数据不在了。用 restore 恢复最近的备份。"),
            format!("{file} is an empty file: what was in it is gone. Bring the latest copy back with restore."),
        ));
    }
    Ok(Store::open(&backend)?)
}
