//! `campaign`: sets of campaigns that the desk writes as tables are checked and published.

use super::args::CampaignCommand;
use super::{Problem, Terminal, procedure, publish};
use crate::forms::publish::{Kind, Ready};
use bianfang::indicator::campaign::Set;
use bianfang::ledger::tables::Sheet;
use std::path::Path;

pub(super) fn run(command: &CampaignCommand, terminal: Terminal) -> Result<(), Problem> {
    match command {
        CampaignCommand::Check { file } => {
            let (_, set) = checked(file, terminal)?;
            let (title, version, count) = (&set.title, &set.version, set.campaigns.len());
            terminal.say(
                &format!("{}（版本 {version}）：{count}项，没有要改的。", title.zh),
                &format!("{} (version {version}): {count} campaigns, nothing to mend.", title.en),
            );
            Ok(())
        }
        CampaignCommand::Publish { file, villages, data } => {
            // The set first: a mistake in it is told even where no data are.
            let (sheets, set) = checked(file, terminal)?;
            let ready = Ready::campaign(&set, &sheets)?;
            publish::put(&super::opened(data)?, &ready, villages, terminal)
        }
        CampaignCommand::List { village, data } => {
            publish::list(Kind::Campaign, &super::opened(data)?, village.as_deref(), terminal)
        }
        CampaignCommand::Withdraw(args) => publish::withdraw(Kind::Campaign, args, terminal),
    }
}

/// The sheets and the set, if nothing has to be mended; else every mistake is told.
fn checked(file: &Path, terminal: Terminal) -> Result<(Vec<Sheet>, Set), Problem> {
    let sheets = procedure::sheets(file)?;
    let (set, mistakes) = Set::read(&sheets);
    for mistake in &mistakes {
        let line = procedure::line(mistake, terminal);
        terminal.say(&line, &line);
    }
    if !mistakes.is_empty() {
        let count = mistakes.len();
        return Err(Problem::new(
            "campaign_mistakes",
            format!("专项行动有{count}处要改。"),
            format!("{count} mistakes in the campaigns have to be mended."),
        ));
    }
    Ok((sheets, set))
}
