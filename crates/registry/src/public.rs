//! What may be shown to anybody (invariant I4).

use std::ops::Deref;

use serde::Serialize;

/// A value made of public columns, and of profile columns as far as their field profile allows. Only
/// the `queries::public_*` modules make one; public pages, exports and the API take nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Public<T>(T);

impl<T> Public<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value)
    }
}

impl<T> Deref for Public<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
