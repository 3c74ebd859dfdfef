//! Places below the county: township and village.
//!
//! Village names do not identify villages (620,573 villages share 371,189 names), so a village is
//! its 12-digit code where a file has one, else its full path. No national code list is shipped:
//! a county's places are those that its own files name.

use serde::{Deserialize, Serialize};

use crate::text;

/// A village as files name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Village {
    /// 12-digit code, when a file gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Township name, empty when no file said it.
    pub township: String,
    /// Village name.
    pub name: String,
}

impl Village {
    /// Reads the cells of a row: any of code, township and village, where the village cell may
    /// itself hold a code or a path such as `柳溪镇青石村`.
    #[must_use]
    pub fn read(township: &str, village: &str) -> Option<Self> {
        let (township, village) = (text::folded(township), text::folded(village));
        if village.is_empty() {
            return None;
        }
        if village.len() == 12 && village.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self { code: Some(village.clone()), township, name: village });
        }
        if township.is_empty()
            && let Some((head, tail)) = split_path(&village)
        {
            return Some(Self { code: None, township: head.to_owned(), name: tail.to_owned() });
        }
        let name =
            village.strip_prefix(&township).filter(|rest| !rest.is_empty()).unwrap_or(&village);
        Some(Self { code: None, township, name: name.trim_matches('/').to_owned() })
    }

    /// `柳溪镇青石村`: how a place is printed.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}{}", self.township, self.name)
    }
}

/// Splits `柳溪镇青石村`, `白马乡/河口村` or `城关街道东门社区` behind its township.
fn split_path(path: &str) -> Option<(&str, &str)> {
    if let Some((head, tail)) = path.split_once(['/', '>', '-']) {
        return (!head.is_empty() && !tail.is_empty()).then_some((head, tail));
    }
    for end in ["街道", "镇", "乡"] {
        // At least one character before the word and a name behind it: 镇江村 is a village.
        if let Some((head, tail)) = path.split_once(end)
            && !head.is_empty()
            && tail.chars().count() >= 2
        {
            return Some((path.get(..head.len() + end.len())?, tail));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Village;

    #[test]
    fn reads_villages_as_files_name_them() {
        for (township, village, expect) in [
            ("柳溪镇", "青石村", Some((None, "柳溪镇", "青石村"))),
            ("", "柳溪镇青石村", Some((None, "柳溪镇", "青石村"))),
            ("柳溪镇", "柳溪镇 青石村", Some((None, "柳溪镇", "青石村"))),
            ("", "白马乡/河口村", Some((None, "白马乡", "河口村"))),
            ("", "镇江村", Some((None, "", "镇江村"))),
            ("", "青石村", Some((None, "", "青石村"))),
            ("", "990001101201", Some((Some("990001101201"), "", "990001101201"))),
            ("柳溪镇", " ", None),
        ] {
            let read = Village::read(township, village);
            let expect = expect.map(|(code, t, n)| Village {
                code: code.map(str::to_owned),
                township: t.to_owned(),
                name: n.to_owned(),
            });
            assert_eq!(read, expect, "{township}|{village}");
        }
    }
}
