//! Three phones on one page: installs what is missing, builds, and starts the demonstration in this very place.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build::{self, Profile};
use crate::project;
use crate::setup;
use crate::steps::Steps;

const HELP: &str = "\
cargo xtask serve [OPTIONS]    三部手机：一个演示村 / three phones of one village on one page

  --empty          没有农户的空村 / a village without a household
  --roster FILE    用自己的名册 (.xlsx .xls .csv) / a village from a roster of your own
  --keep           保留前几天的演示村 / keep the village of an earlier day
  --port NUMBER    网页的端口 (7360) / the port of the page
";

/// The command.
pub fn run(args: &[&str]) -> Result<bool> {
    if args.iter().any(|arg| ["-h", "--help"].contains(arg)) {
        print!("{HELP}");
        return Ok(true);
    }
    // A slip of the pen is told now, not after minutes of building.
    check(args)?;
    let mut steps = Steps::new(setup::STEPS_FOR_BUILD + build::STEPS + 1);
    let toolchain = setup::for_build(&mut steps)?;
    build::app(&mut steps, toolchain, Profile::Quick)?;
    let program = steps.attempt("endpoint and demonstration", "3 min", || {
        Ok((String::new(), build::demonstration()?))
    })?;
    start(program, args)
}

/// Whether every argument is an option, or the value of one.
fn check(args: &[&str]) -> Result<()> {
    let mut left = args.iter();
    while let Some(arg) = left.next() {
        match *arg {
            "--empty" | "--keep" => {}
            "--port" => {
                let port = left.next().context("--port needs a number")?;
                port.parse::<u16>().with_context(|| format!("{port} is no port"))?;
            }
            "--roster" => {
                let file = left.next().context("--roster needs a file")?;
                if !PathBuf::from(file).is_file() {
                    bail!("there is no file {file}");
                }
            }
            unknown => bail!("unknown option {unknown}\n\n{HELP}"),
        }
    }
    Ok(())
}

/// Starts the program; it takes the place of this one where the system can do that, so that Ctrl-C reaches it alone.
fn start(program: PathBuf, args: &[&str]) -> Result<bool> {
    let options: [OsString; 5] = [
        "--data".into(),
        project::target().join("demo").into(),
        "--app".into(),
        project::www().join("dist").into(),
        "--open".into(),
    ];
    let mut command = Command::new(&program);
    command.args(options).args(args);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(command.exec()).with_context(|| format!("cannot start {}", program.display()))
    }
    #[cfg(not(unix))]
    {
        let ended = command.status();
        let ended = ended.with_context(|| format!("cannot start {}", program.display()))?;
        Ok(ended.success())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_before_anything_is_built() {
        assert!(check(&[]).is_ok());
        assert!(check(&["--empty", "--port", "8000"]).is_ok());
        for wrong in [
            &["--emtpy"][..],
            &["--port"],
            &["--port", "x"],
            &["--roster", "/nowhere/x.xlsx"],
        ] {
            assert!(check(wrong).is_err(), "{wrong:?}");
        }
    }
}
