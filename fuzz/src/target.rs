//! The targets: one function of bytes for each door. What must hold is asserted; what is refused is a good answer.

pub(crate) mod admission;
pub(crate) mod document;
mod frame;
mod inputs;
mod operations;
pub(crate) mod rescue;
pub(crate) mod roster;
mod row;
pub(crate) mod wire;

/// One door that takes bytes from outside.
pub struct Target {
    /// As the command line and the folder of its seeds name it.
    pub name: &'static str,
    /// Bytes that are worth trying; more only cost time.
    pub bytes_max: usize,
    /// How many times longer one run takes than that of a cheap target: tests try as many times fewer.
    pub cost: usize,
    /// Panics when something does not hold.
    pub run: fn(&[u8]),
}

/// Every target, by name.
pub const TARGETS: &[Target] = &[
    Target {
        name: "admission",
        bytes_max: 4096,
        cost: 20,
        run: admission::run,
    },
    Target {
        name: "document",
        bytes_max: 8192,
        cost: 20,
        run: document::run,
    },
    Target {
        name: "frame",
        bytes_max: 4096,
        cost: 4,
        run: frame::run,
    },
    Target {
        name: "inputs",
        bytes_max: 256,
        cost: 1,
        run: inputs::run,
    },
    Target {
        name: "operations",
        bytes_max: 512,
        cost: 20,
        run: operations::run,
    },
    Target {
        name: "rescue",
        bytes_max: 4096,
        cost: 4,
        run: rescue::run,
    },
    Target {
        name: "roster",
        bytes_max: 24 * 1024,
        cost: 20,
        run: roster::run,
    },
    Target {
        name: "row",
        bytes_max: 4096,
        cost: 1,
        run: row::run,
    },
    Target {
        name: "wire",
        bytes_max: 8192,
        cost: 4,
        run: wire::run,
    },
];
