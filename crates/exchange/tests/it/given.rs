//! What tests read and what they see of it.

use domain::problem::Failure;
use exchange::block::{Block, Column, NONE, Tally};
use exchange::mapping::Mapping;
use exchange::read;
use exchange::recognise::{Plan, recognise};
use exchange::source::{Limits, Source};

pub const OK_ID: &str = "990001198501010031";
pub const OTHER_ID: &str = "990001194910010042";

/// All blocks of a sheet as one list of kept rows, shown as texts.
pub struct Seen {
    pub plan: Plan,
    pub rows: Vec<u32>,
    pub problems: Vec<(u32, String, &'static str, bool)>,
    pub tally: Tally,
    blocks: Vec<Block>,
}

impl Seen {
    /// Values of a column by its name; missing ones empty.
    pub fn column(&self, name: &str) -> Vec<String> {
        let at = self.plan.table.columns.iter().position(|c| c.name == name).unwrap();
        self.blocks.iter().flat_map(|block| texts(&block.columns[at], block.rows.len())).collect()
    }

    pub fn codes(&self) -> Vec<&'static str> {
        self.problems.iter().map(|p| p.2).collect()
    }
}

fn texts(column: &Column, rows: usize) -> Vec<String> {
    match column {
        Column::Absent => vec![String::new(); rows],
        Column::Ids(ids, qualities) => {
            ids.iter().zip(qualities).map(|(id, q)| format!("{id} {}", q.code())).collect()
        }
        Column::Texts(texts) => texts.iter().map(str::to_owned).collect(),
        Column::Numbers(numbers) => {
            let text = |n: &i64| if *n == NONE { String::new() } else { n.to_string() };
            numbers.iter().map(text).collect()
        }
    }
}

pub fn open(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Source, Failure> {
    Source::from_bytes(name, bytes.into(), Limits::default())
}

/// Reads one sheet to its end.
pub fn read_sheet(
    source: &Source,
    sheet: usize,
    mapping: Option<&Mapping>,
) -> Result<Seen, Failure> {
    let plan = recognise(source, sheet, None, mapping)?;
    let (mut blocks, mut tally, mut bytes) = (Vec::new(), Tally::default(), 0);
    for chunk in read::chunks(source, &plan)? {
        let chunk = chunk?;
        bytes += chunk.bytes();
        let block = read::parse(&chunk, &plan);
        assert_eq!(block.rows.len() as u64, block.tally.read - block.tally.refused);
        tally.add(&block.tally);
        blocks.push(block);
    }
    if !blocks.is_empty() {
        assert_eq!(bytes, source.bytes(), "progress reaches the end of {}", source.name());
    }
    Ok(Seen {
        rows: blocks.iter().flat_map(|b| b.rows.clone()).collect(),
        problems: blocks
            .iter()
            .flat_map(|b| &b.problems)
            .map(|p| (p.row, p.column.clone(), p.code, p.refused))
            .collect(),
        plan,
        tally,
        blocks,
    })
}

pub fn read_bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Seen, Failure> {
    read_sheet(&open(name, bytes)?, 0, None)
}

pub fn read_text(text: &str) -> Seen {
    read_bytes("补贴发放.csv", text).unwrap()
}

/// The code of a failure that must be a problem.
pub fn code<T>(result: Result<T, Failure>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(Failure::Problem(problem)) => problem.code,
        Err(other) => panic!("{other:?}"),
    }
}
