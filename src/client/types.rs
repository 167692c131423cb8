//! Generates the TypeScript declarations of what crosses to the app.

use super::api::{Notice, Reply, Request};
use super::photos::api::{PhotoReply, PhotoRequest};
use ts_rs::{Config, TS, TypeVisitor};

/// Collects declarations of a type and everything it uses, each once, sorted by name.
struct Collector<'a> {
    config: &'a Config,
    declarations: std::collections::BTreeMap<String, String>,
}

impl TypeVisitor for Collector<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            T::visit_dependencies(self);
            return;
        }
        let name = T::ident(self.config);
        if self.declarations.contains_key(&name) {
            return;
        }
        self.declarations.insert(name, T::decl(self.config));
        T::visit_dependencies(self);
    }
}

/// One TypeScript module with every declaration.
pub(super) fn typescript() -> String {
    let config = Config::default();
    let mut collector = Collector {
        config: &config,
        declarations: Default::default(),
    };
    collector.visit::<Request>();
    collector.visit::<Reply>();
    collector.visit::<Notice>();
    collector.visit::<PhotoRequest>();
    collector.visit::<PhotoReply>();
    let mut out = String::from("// Generated from the Rust core by `cargo xtask build`; do not edit.\n");
    for declaration in collector.declarations.values() {
        out.push_str("\nexport ");
        out.push_str(declaration);
        out.push('\n');
    }
    out
}
