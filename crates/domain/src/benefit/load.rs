//! Reading catalogue files, with every problem at once.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Benefit, Benefits, Instrument, Pair, recognise};
use crate::catalogue::check::{Lint, read};
use crate::problem::Problem;

const MATRIX: &str = "compatibility.toml";
const INSTRUMENTS: &str = "instruments.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    pairs: Vec<Pair>,
}

/// See [`Benefits::load`].
pub(super) fn load(files: &[(String, String)]) -> (Benefits, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut items: Vec<(&str, Benefit)> = Vec::new();
    let (mut pairs, mut instruments) = (Vec::new(), BTreeMap::new());
    for (path, text) in files {
        if path.starts_with("benefits/") {
            let item = read::<Benefit>(path, text, &mut problems);
            items.extend(item.map(|item| (path.as_str(), item)));
        } else if path == MATRIX {
            let matrix = read::<Matrix>(path, text, &mut problems);
            pairs = matrix.map_or_else(Vec::new, |matrix| matrix.pairs);
        } else if path == INSTRUMENTS {
            let read = read::<BTreeMap<String, Instrument>>(path, text, &mut problems);
            instruments = read.unwrap_or_default();
        }
    }
    items.sort_by(|(a_path, a), (b_path, b)| (&a.code, a_path).cmp(&(&b.code, b_path)));
    let mut lint = Lint { instruments: &instruments, problems: &mut problems };
    instruments.iter().for_each(|(name, one)| lint.instrument(INSTRUMENTS, name, one));
    items.iter().for_each(|(path, item)| lint.item(path, item));
    lint.names(&items);
    lint.pairs(MATRIX, &pairs, &items);
    let items: Vec<Benefit> = items.into_iter().map(|(_, item)| item).collect();
    let names = recognise::index(&items);
    (Benefits { items, pairs, instruments, names }, problems)
}
