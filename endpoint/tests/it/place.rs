//! A folder in which commands are typed, and a server that was started by one of them.

use crate::support::*;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};

pub const ROSTER: &str = "户编号,组,姓名,与户主关系,证件号码,联系电话\n\
4228221042990001,2,王建国,户主,11010519491231002X,15400000001\n\
,,,,,15400000009\n";

pub struct Place {
    pub folder: Folder,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: Folder::new() }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.0.join(name).display().to_string()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bianfang"));
        command
            .args(args)
            .env_remove("BIANFANG_DATA")
            .env_remove("BIANFANG_DATABASE")
            .env("LANG", "zh_CN.UTF-8");
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// With `--data`.
    pub fn data(&self, args: &[&str]) -> Output {
        let data = self.path("data");
        let mut all = args.to_vec();
        all.extend(["--data", &data]);
        self.run(&all)
    }

    /// Succeeds; what it said.
    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.data(args);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{args:?}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        said
    }

    /// Fails; what it said of it.
    pub fn fails(&self, args: &[&str]) -> String {
        let output = self.data(args);
        assert!(!output.status.success(), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    pub fn imported() -> Self {
        let place = Self::new();
        std::fs::write(place.path("白果村.csv"), ROSTER).unwrap();
        place.ok(&[
            "village",
            "import",
            &place.path("白果村.csv"),
            "--village",
            CODE,
            "--name",
            "白果村",
        ]);
        place
    }

    pub fn serve(&self, more: &[&str]) -> Server {
        let data = self.path("data");
        let mut args = vec!["serve", "--data", &data, "--listen", "127.0.0.1:0"];
        args.extend(more);
        let mut child = self
            .command(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let address = line
            .strip_prefix("listening on http://")
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        Server { child, stdout, address }
    }
}

pub struct Server {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    pub address: SocketAddr,
}

impl Server {
    /// Asks it to stop as a service manager does; what it wrote on both outputs after the first line.
    pub fn stop(mut self) -> (String, String) {
        let done = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(done.success());
        let (mut out, mut err) = (String::new(), String::new());
        self.stdout.read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert!(self.child.wait().unwrap().success());
        (out, err)
    }
}
