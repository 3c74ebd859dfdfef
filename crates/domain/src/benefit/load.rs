//! Reading catalogue files, with every problem at once.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::lint::Lint;
use super::{Benefit, Benefits, Instrument, Pair, recognise};
use crate::problem::{Place, Problem};

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
    lint.instruments(INSTRUMENTS);
    items.iter().for_each(|(path, item)| lint.item(path, item));
    lint.names(&items);
    lint.pairs(MATRIX, &pairs, &items);
    let items: Vec<Benefit> = items.into_iter().map(|(_, item)| item).collect();
    let names = recognise::index(&items);
    (Benefits { items, pairs, instruments, names }, problems)
}

fn read<T: DeserializeOwned>(path: &str, text: &str, problems: &mut Vec<Problem>) -> Option<T> {
    let failed = |error: toml::de::Error| {
        let before = error.span().map(|span| text.bytes().take(span.start));
        let row = before.map(|bytes| 1 + bytes.filter(|b| *b == b'\n').count() as u64);
        let place = Place { row, ..Place::file(path) };
        problems.push(Problem::new("catalogue-toml", place).with("detail", error.message()));
    };
    toml::from_str(text).map_err(failed).ok()
}
