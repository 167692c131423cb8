//! Writes the JavaScript module around the wasm core: `bianfang-bindgen INPUT.wasm OUTPUT_DIR`.

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [input, output] = args.as_slice() else {
        bail!("usage: bianfang-bindgen INPUT.wasm OUTPUT_DIR");
    };
    Bindgen::new()
        .input_path(input)
        .out_name("bianfang")
        .web(true)?
        .typescript(true)
        // The module finds its wasm beside itself.
        .omit_default_module_path(false)
        // Debug names double the size of the file and do not help a person who reports a fault.
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(output)
        .with_context(|| format!("cannot process {input}"))
}
