//! Cutting text into records and fields.
//!
//! Not the `csv` crate: that skips blank lines silently, and rows must keep the numbers that a
//! spreadsheet program shows. One rule holds for both functions here, so that a chunk cut by
//! [`scan`] has exactly the records that [`Records`] finds: a quote counts only at the start of
//! a field, and there until the quote that is not doubled.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// How far whole records reach in some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan {
    /// End of the last whole record.
    pub cut: usize,
    /// Whole records before it.
    pub records: u32,
    /// The rest stands inside quotes.
    pub quote_open: bool,
}

/// Finds the end of the last whole record, or of record number `most`.
pub fn scan(bytes: &[u8], delimiter: u8, most: u32) -> Scan {
    let mut found = Scan { cut: 0, records: 0, quote_open: false };
    let mut at = 0;
    while found.records < most {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(place) = memchr2(b'"', b'\n', rest).map(|i| at + i) else { break };
        at = place + 1;
        if bytes.get(place) == Some(&b'\n') {
            found = Scan { cut: at, records: found.records + 1, quote_open: false };
            continue;
        }
        let before = place.checked_sub(1).and_then(|i| bytes.get(i));
        if before.is_none_or(|b| *b == b'\n' || *b == delimiter) {
            match closing_quote(bytes, at) {
                Some(close) => at = close + 1,
                None => return Scan { quote_open: true, ..found },
            }
        }
    }
    found
}

/// The quote that closes a field whose content starts at a place.
fn closing_quote(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The records of a text.
pub struct Records<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
}

impl<'a> Records<'a> {
    /// Records of a text whose fields are cut by an ASCII character.
    pub fn new(text: &'a str, delimiter: u8) -> Self {
        Self { text, at: 0, delimiter }
    }

    /// Reads the next record into `fields`; false at the end. A blank line is a record of one empty
    /// field.
    pub fn read(&mut self, fields: &mut Vec<Cow<'a, str>>) -> bool {
        fields.clear();
        if self.at >= self.text.len() {
            return false;
        }
        loop {
            let quoted = self.text.as_bytes().get(self.at) == Some(&b'"');
            let field = if quoted { self.quoted() } else { Cow::Borrowed(self.until_end()) };
            fields.push(field);
            let end = self.text.as_bytes().get(self.at).copied();
            self.at += 1;
            if end != Some(self.delimiter) {
                break;
            }
        }
        if let Some(last) = fields.last_mut()
            && let Some(kept) = last.strip_suffix('\r')
        {
            *last = Cow::Owned(kept.to_owned());
        }
        true
    }

    /// How many fields each of the first records has; blank ones are left out.
    pub fn take_widths(mut self, most: usize) -> impl Iterator<Item = usize> + use<'a> {
        let mut fields = Vec::new();
        std::iter::from_fn(move || self.read(&mut fields).then_some(fields.len()))
            .filter(|w| *w > 0)
            .take(most)
    }

    /// From here to the next delimiter or line end; carriage returns at a line end are not part of
    /// it.
    fn until_end(&mut self) -> &'a str {
        let start = self.at;
        let bytes = self.text.as_bytes().get(start..).unwrap_or_default();
        // Fields are short: a plain loop beats a search that first has to set itself up.
        let ends = |b: &u8| *b == self.delimiter || *b == b'\n';
        let end = bytes.iter().position(ends).unwrap_or(bytes.len());
        self.at = start + end;
        let cr = bytes.get(end) != Some(&self.delimiter)
            && end > 0
            && bytes.get(end - 1) == Some(&b'\r');
        self.text.get(start..self.at - usize::from(cr)).unwrap_or_default()
    }

    fn quoted(&mut self) -> Cow<'a, str> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let close = closing_quote(bytes, start).unwrap_or(bytes.len());
        self.at = (close + 1).min(bytes.len());
        let inner = self.text.get(start..close).unwrap_or_default();
        let tail = self.until_end();
        if tail.is_empty() && memchr(b'"', inner.as_bytes()).is_none() {
            return Cow::Borrowed(inner);
        }
        Cow::Owned(inner.replace("\"\"", "\"") + tail)
    }
}

#[cfg(test)]
mod tests {
    use super::{Records, scan};
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<Vec<String>> {
        let mut records = Records::new(text, b',');
        let (mut fields, mut out) = (Vec::new(), Vec::new());
        while records.read(&mut fields) {
            out.push(fields.iter().map(|f| f.to_string()).collect());
        }
        out
    }

    #[test]
    fn cuts_records_and_keeps_blank_lines() {
        let expect: [(&str, &[&[&str]]); 9] = [
            ("a,b\r\n1,2\r\n", &[&["a", "b"], &["1", "2"]]),
            ("a,b\n\n1,2", &[&["a", "b"], &[""], &["1", "2"]]),
            ("\"a,\"\"x\"\"\",b\n", &[&["a,\"x\"", "b"]]),
            ("\"two\nlines\",b\n", &[&["two\nlines", "b"]]),
            ("5\" pipe,b\n", &[&["5\" pipe", "b"]]),
            ("\"a\"b,c\n", &[&["ab", "c"]]),
            ("a,\n", &[&["a", ""]]),
            ("\"open,b\n", &[&["open,b\n"]]),
            ("", &[]),
        ];
        for (text, rows) in expect {
            assert_eq!(all(text), rows, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn scan_and_records_agree(text in "[ab,\"\n\r]{0,60}") {
            let found = scan(text.as_bytes(), b',', u32::MAX);
            let (head, rest) = text.split_at(found.cut);
            prop_assert_eq!(all(head).len(), found.records as usize);
            let mut both = all(head);
            both.extend(all(rest));
            prop_assert_eq!(both, all(&text));
        }
    }
}
