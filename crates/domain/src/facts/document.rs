//! `docs/FACTS.md`, made from the contracts.

use super::{COMMON, ColumnSpec, Kind, TABLES, Visibility};

/// The page: every table with its columns and the header words that are understood.
#[must_use]
pub fn document() -> String {
    let mut page = String::from(
        "# Fact tables\n\nWhat models can ask, and which header words of agency files are \
         understood. Made from `crates/domain/src/facts/` by `make docs`; edit there.\n\n\
         Who may see a column: `public` may leave the office in lists whose profile allows it, \
         `internal` stays in the office, `identity` is kept as a key and shown only with a \
         purpose that is logged.\n",
    );
    for table in TABLES {
        page.push_str(&format!("\n## {}\n\n{}\n\n", table.name, table.meaning));
        page.push_str(&format!("Recognised by the words: {}.\n\n", table.words.join("、")));
        page.push_str("| column | holds | who | meaning | header words |\n");
        page.push_str("| --- | --- | --- | --- | --- |\n");
        table.columns.iter().for_each(|column| page.push_str(&line(column)));
    }
    page.push_str("\n## Columns of every table\n\n| column | holds | who | meaning |\n");
    page.push_str("| --- | --- | --- | --- |\n");
    for column in COMMON {
        let (holds, who) = (holds(column.kind), who(column.visibility));
        page.push_str(&format!("| `{}` | {holds} | {who} | {} |\n", column.name, column.meaning));
    }
    page
}

fn line(column: &ColumnSpec) -> String {
    let needed = if column.required { ", needed" } else { "" };
    format!(
        "| `{}` | {}{needed} | {} | {} | {} |\n",
        column.name,
        holds(column.kind),
        who(column.visibility),
        column.meaning,
        column.synonyms.join("、")
    )
}

const fn who(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Internal => "internal",
        Visibility::Identity => "identity",
    }
}

const fn holds(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person key (u64)",
        Kind::Name => "name key (u64)",
        Kind::Account => "account key (u64)",
        Kind::Household => "household key (u64)",
        Kind::Township => "township, joined to the village",
        Kind::Village => "village number (i32)",
        Kind::Programme => "programme number (i32)",
        Kind::Day => "day (date32)",
        Kind::Month => "month yyyymm (i32)",
        Kind::Fen => "fen (i64)",
        Kind::Count => "count (i64)",
        Kind::Mu => "1/10,000 mu (i64)",
        Kind::SquareMetres => "1/100 m2 (i64)",
        Kind::Flag => "yes or no",
        Kind::Text => "text",
    }
}
