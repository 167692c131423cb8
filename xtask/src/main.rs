//! Every chore, one command each: `cargo xtask COMMAND`.

mod audit;
mod bench;
mod browser;
mod bugs;
mod build;
mod command;
mod crash;
mod debian;
mod fuzz;
mod licences;
mod node;
mod project;
mod rust;
mod serve;
mod setup;
mod shots;
mod sim;
mod stamp;
mod steps;
mod suite;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  setup             look for everything that building and testing need, and install what can be installed
  serve [--help]    three phones of one village on one page: installs, builds, starts, opens it
  build [--release] the wasm core, its TypeScript declarations and the app, into www/dist; with --release also the
                    endpoint with the app inside, target/release/bianfang
  test [NAME…]      every test there is, or only the named steps (test --list names them)
  shots [--help]    pictures of every screen, in three sizes, three type sizes and both languages, into target/shots
  bench [ROW…]      size, bytes, round trips and times against their budgets, beside other libraries in the same run
  sim [--seeds N] [--from S] [--only SEED]   seeded stories with every fault; what breaks is shrunk and printed
  sim --bugs [NAME…]   deliberate bugs in a copy of the tree: how soon the stories find each
  fuzz [TARGET…] [--minutes N]   hostile bytes at every door, guided by what they reach; 10 minutes for each target
  crash [--rounds N]   kills real browsers and endpoints at random moments: nothing acknowledged may be missing
  tidy              the rules of the code: who may use whom, what the core must not do, shapes and words
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.as_slice() {
        [] | ["help" | "-h" | "--help", ..] => {
            print!("{HELP}");
            Ok(true)
        }
        ["setup"] => setup::run(),
        ["serve", options @ ..] => serve::run(options),
        ["build"] => build::run(build::Profile::Quick),
        ["build", "--release"] => build::run(build::Profile::Release),
        ["test", names @ ..] => suite::run(names),
        ["shots", args @ ..] => shots::run(args),
        ["bench", rows @ ..] => bench::run(rows),
        ["sim", options @ ..] => sim::run(options),
        ["fuzz", options @ ..] => fuzz::run(options),
        ["crash", options @ ..] => crash::run(options),
        ["tidy"] => tidy::run(),
        _ => {
            eprintln!("unknown command: {}\n\n{HELP}", args.join(" "));
            Ok(false)
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
