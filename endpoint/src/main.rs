//! Command line of the endpoint; see `cli` for its parts.

fn main() -> std::process::ExitCode {
    bianfang_endpoint::cli::run()
}
