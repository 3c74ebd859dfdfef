//! Labels of codes: `catalogues/terms.toml`, zh and en for every code that `domain` stores.

use std::collections::BTreeMap;

use crate::model::Bilingual;
use crate::problem::{Place, Problem};

/// Labels by group and code, e.g. `violation` / `false_claim`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Group, then code.
    pub groups: BTreeMap<String, BTreeMap<String, Bilingual>>,
}

impl Terms {
    /// Reads the file's text.
    ///
    /// # Errors
    /// One problem with its line when the text is not of the form `[group]` / `code = { zh, en }`.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map(|groups| Self { groups }).map_err(|error| {
            Problem::new("catalogue-toml", Place::file(file)).with("detail", error.message())
        })
    }

    /// The label of a code, or the code itself where it has none.
    #[must_use]
    pub fn label<'a>(&'a self, group: &str, code: &'a str, zh: bool) -> &'a str {
        let term = self.groups.get(group).and_then(|g| g.get(code));
        term.map_or(code, |t| if zh { &t.zh } else { &t.en })
    }
}

/// Group of the sentences of flow charts, which are no words of the field.
pub(crate) const FLOWCHART: &str = "flowchart";

/// `GLOSSARY.md`: every code with its labels, by group.
#[must_use]
pub fn glossary(terms: &Terms) -> String {
    let mut page = String::from(
        "# Glossary\n\nWords of the field and the codes that stand for them. \
         Made from `catalogues/terms.toml` by `make docs`; edit there.\n",
    );
    for (group, codes) in terms.groups.iter().filter(|(group, _)| *group != FLOWCHART) {
        page.push_str(&format!("\n## {group}\n\n| code | 中文 | English |\n| --- | --- | --- |\n"));
        for (code, label) in codes {
            page.push_str(&format!("| `{code}` | {} | {} |\n", label.zh, label.en));
        }
    }
    page
}
