//! What must hold for any bytes given as a file.

use domain::facts::TABLES;
use domain::problem::Failure;
use exchange::block::Tally;
use exchange::read::{chunks, parse};
use exchange::recognise::recognise;
use exchange::source::{Limits, Source};

/// Small limits, so that the fuzzer meets them.
fn limits() -> Limits {
    Limits {
        max_line_bytes: 1 << 16,
        max_unpacked_bytes: 8 << 20,
        max_held_bytes: 4 << 20,
        max_xls_bytes: 4 << 20,
        max_xls_cells: 1 << 20,
        ..Limits::default()
    }
}

/// The reader library panics on damaged workbooks and the product catches it; the fuzzer's own
/// hook would end the run at every such panic, so it only watches panics of ours.
pub fn watch_only_our_panics() {
    let stop = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let ours = info.location().is_none_or(|place| place.file().contains("crates/exchange"));
        if ours {
            stop(info);
        }
    }));
}

/// Reads bytes as a file to the end and checks that every row and fen is accounted for.
pub fn read_all(name: &str, bytes: &[u8]) {
    let Ok(source) = Source::from_bytes(name, bytes.to_vec(), limits()) else { return };
    for sheet in 0..source.sheets().len().min(3) {
        let guessed = recognise(&source, sheet, None, None);
        let forced = recognise(&source, sheet, TABLES.first(), None);
        for plan in [guessed, forced].into_iter().flatten() {
            let (mut tally, mut kept, mut last) = (Tally::default(), 0, 0);
            let pieces = match chunks(&source, &plan) {
                Ok(pieces) => pieces,
                Err(Failure::Problem(_)) => continue,
                Err(other) => panic!("{other:?}"),
            };
            for piece in pieces {
                let Ok(piece) = piece else { break };
                let rows = piece.rows();
                let block = parse(&piece, &plan);
                let seen = block.tally.read + block.tally.blank + block.tally.totals;
                assert_eq!(seen, rows, "every row is data, blank or passed over");
                for row in &block.rows {
                    assert!(*row > last, "row numbers ascend");
                    last = *row;
                }
                kept += block.rows.len() as u64;
                tally.add(&block.tally);
            }
            assert_eq!(tally.read, kept + tally.refused, "read = kept + refused");
        }
    }
}
