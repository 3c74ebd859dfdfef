//! The one spelling of a JSON value: keys sorted by code point, no white space, integers only,
//! the shortest escapes. Python's `json.dumps` with `sort_keys`, `separators=(",", ":")` and
//! `ensure_ascii=False` writes the same, so others can check us without our code.
//!
//! Deliberately absent: fractions. Money is counted in fen (I6), and no two languages agree on the
//! spelling of a fraction.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use crate::error::Refused;

/// Largest integer that JavaScript holds exactly: the verifier page must read what we wrote.
const LARGEST_INTEGER: u64 = (1 << 53) - 1;
/// Deepest nesting: what is read by recursion has a limit.
const DEEPEST: usize = 64;

/// The canonical text of a value.
///
/// # Errors
/// [`Refused::Json`] for a fraction, an integer beyond 2^53 - 1, or nesting deeper than 64.
pub fn canonical_json(value: &Value) -> Result<String, Refused> {
    let mut out = String::new();
    write(&mut out, value, 0)?;
    Ok(out)
}

fn write(out: &mut String, value: &Value, depth: usize) -> Result<(), Refused> {
    if depth > DEEPEST {
        return Err(Refused::Json("nested too deeply"));
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => {
            let integer = number.as_i64().ok_or(Refused::Json("a fraction or a huge number"))?;
            if integer.unsigned_abs() > LARGEST_INTEGER {
                return Err(Refused::Json("an integer beyond 2^53 - 1"));
            }
            out.push_str(&integer.to_string());
        }
        Value::String(text) => write_text(out, text)?,
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(out, item, depth + 1)?;
            }
            out.push(']');
        }
        Value::Object(map) => {
            // Sorted here, whatever order the map keeps in this build.
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (at, (key, item)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(out, key)?;
                out.push(':');
                write(out, item, depth + 1)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_text(out: &mut String, text: &str) -> Result<(), Refused> {
    let quoted = serde_json::to_string(text).map_err(|_| Refused::Json("a text"))?;
    out.push_str(&quoted);
    Ok(())
}

/// Reads a value and demands that its bytes are the canonical ones, which also refuses keys that
/// stand twice.
///
/// # Errors
/// [`Refused::Json`].
pub(crate) fn parse_canonical(bytes: &[u8]) -> Result<Value, Refused> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| Refused::Json("not JSON"))?;
    if canonical_json(&value)?.as_bytes() != bytes {
        return Err(Refused::Json("another spelling than the canonical one"));
    }
    Ok(value)
}

/// A member that must be text.
pub(crate) fn text(value: Value) -> Result<String, Refused> {
    value.as_str().map(ToOwned::to_owned).ok_or(Refused::Leaf("a text is expected"))
}
