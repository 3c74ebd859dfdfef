//! Villages and programmes by the numbers that stored facts hold.

use std::collections::BTreeMap;

use domain::place::Village;

/// Villages and programmes of a data folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionaries {
    /// Places by number.
    pub villages: BTreeMap<i32, Village>,
    /// Programmes that the catalogue did not know, by number, under their own names.
    pub programmes: BTreeMap<i32, String>,
    /// What was said later: number of such a programme, and of the catalogue's.
    pub mapped: BTreeMap<i32, i32>,
}

impl Dictionaries {
    /// The programme that a stored number means by now.
    #[must_use]
    pub fn programme(&self, number: i32) -> i32 {
        self.mapped.get(&number).copied().unwrap_or(number)
    }

    /// How a place is printed; empty for an unknown number.
    #[must_use]
    pub fn village_path(&self, number: i32) -> String {
        self.villages.get(&number).map(Village::path).unwrap_or_default()
    }
}
