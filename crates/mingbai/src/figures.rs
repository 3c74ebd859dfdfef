//! How figures and codes are written for people.

use domain::money::Fen;

/// The stored code of an enum of `domain`.
#[cfg(feature = "screening")]
#[must_use]
pub fn code(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

/// A count with thousands separators.
#[must_use]
pub fn grouped(count: usize) -> String {
    domain::money::grouped(count as u64)
}

/// Yuan with thousands separators and two decimals.
#[must_use]
pub fn yuan(amount: Fen) -> String {
    amount.grouped()
}
