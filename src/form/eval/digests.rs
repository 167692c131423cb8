//! Digests and base64.

use super::{EvalError, Evaluation, Focus, Said};
use crate::form::expr::{Expr, Function};
use crate::form::value::Value;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest as _;

impl Evaluation<'_> {
    pub(super) fn digests(&self, function: Function, arguments: &[Expr], focus: &Focus) -> Said {
        match function {
            Function::Digest => Some(self.digest(arguments, focus)),
            Function::Base64Decode => Some(self.text(&arguments[0], focus).and_then(|text| {
                let bytes = STANDARD.decode(text.trim()).map_err(|_| EvalError::Base64)?;
                Ok(Value::Text(String::from_utf8_lossy(&bytes).into_owned()))
            })),
            _ => None,
        }
    }

    fn digest(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let data = self.text(&arguments[0], focus)?;
        let way = self.text(&arguments[1], focus)?;
        self.step(data.len())?;
        let data = data.as_bytes();
        let bytes = match way.to_ascii_uppercase().as_str() {
            "MD5" => md5::Md5::digest(data).to_vec(),
            "SHA-1" => sha1::Sha1::digest(data).to_vec(),
            "SHA-256" => sha2::Sha256::digest(data).to_vec(),
            "SHA-384" => sha2::Sha384::digest(data).to_vec(),
            "SHA-512" => sha2::Sha512::digest(data).to_vec(),
            _ => return Err(EvalError::Digest(way)),
        };
        let written = match arguments.get(2) {
            Some(written) => self.text(written, focus)?,
            None => String::from("base64"),
        };
        match written.to_ascii_lowercase().as_str() {
            "base64" => Ok(Value::Text(STANDARD.encode(bytes))),
            "hex" => Ok(Value::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect())),
            _ => Err(EvalError::Digest(written)),
        }
    }
}
