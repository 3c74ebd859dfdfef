//! Which encoding a text file is in, told from its first bytes.

use domain::text;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Of a thousand bytes of text so many may be wrong before we say it is no text.
const WRONG_PER_MILLE: usize = 20;

/// Encoding of a text, and the length of its byte-order mark. `None` when it is no text.
pub fn sniff(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    if let Some(found) = Encoding::for_bom(head) {
        return Some(found);
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    // Digits, blanks and separators have a zero byte in UTF-16; Han characters have none.
    if odd * 8 > half && even * 16 < odd {
        return Some((UTF_16LE, 0));
    }
    if even * 8 > half && odd * 16 < even {
        return Some((UTF_16BE, 0));
    }
    let controls = head.iter().filter(|b| is_odd_control(**b)).count();
    if controls * 1000 > head.len() * WRONG_PER_MILLE {
        return None;
    }
    let [utf8, gb18030] = [UTF_8, GB18030].map(|e| wrong_characters(e, head));
    let (encoding, wrong) = if utf8 <= gb18030 { (UTF_8, utf8) } else { (GB18030, gb18030) };
    (wrong * 1000 <= head.len() * WRONG_PER_MILLE).then_some((encoding, 0))
}

fn is_odd_control(b: u8) -> bool {
    b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a)
}

/// How many replacement characters decoding yields; a character cut at the end does not count.
fn wrong_characters(encoding: &'static Encoding, head: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(decoder.max_utf8_buffer_length(head.len()).unwrap_or(0));
    let _progress = decoder.decode_to_string(head, &mut out, false);
    // GB18030 reads most byte pairs as something: private-use characters give a wrong guess away.
    out.chars().filter(|c| *c == '\u{fffd}' || ('\u{e000}'..='\u{f8ff}').contains(c)).count()
}

/// Decodes the head of a file for looking at.
pub fn decode_head(encoding: &'static Encoding, head: &[u8]) -> String {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(decoder.max_utf8_buffer_length(head.len()).unwrap_or(0));
    let _progress = decoder.decode_to_string(head, &mut out, false);
    out
}

/// The delimiter that cuts the first lines into the most columns, evenly.
pub fn sniff_delimiter(head: &str) -> u8 {
    let mut best = (0_usize, b',');
    for delimiter in [b',', b'\t', b';', b'|'] {
        let widths: Vec<usize> =
            crate::records::Records::new(head, delimiter).take_widths(40).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        let even = widths.iter().filter(|w| **w == widest).count();
        let score = if widest > 1 { even * 4 + widest } else { 0 };
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

/// What a file is that is no table, from its first bytes; a word that every reader understands.
pub fn other_kind(head: &[u8]) -> Option<&'static str> {
    let magic: [(&[u8], &str); 10] = [
        (b"%PDF", "PDF"),
        (b"\x89PNG", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF8", "GIF"),
        (b"BM", "BMP"),
        (b"Rar!", "RAR"),
        (b"7z\xbc\xaf", "7z"),
        (b"\x1f\x8b", "GZIP"),
        (b"{\\rtf", "RTF"),
        (b"PAR1", "Parquet"),
    ];
    let binary = head.iter().take(64).any(|b| is_odd_control(*b));
    for (start, kind) in magic {
        // Two letters may begin a header too.
        if head.starts_with(start) && (start.len() > 2 || binary) {
            return Some(kind);
        }
    }
    let start = String::from_utf8_lossy(head.get(..head.len().min(512)).unwrap_or(head));
    let start = text::folded(&start);
    if start.starts_with("<!doctypehtml") || start.starts_with("<html") || start.contains("<table")
    {
        return Some("HTML");
    }
    start.starts_with("<?xml").then_some("XML")
}

#[cfg(test)]
mod tests {
    use super::{other_kind, sniff, sniff_delimiter};
    use encoding_rs::GB18030;

    #[test]
    fn tells_encodings_apart() {
        let text = "姓名,身份证号,金额\n张三,990001199001010031,100\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let gb = GB18030.encode(text).0;
        for (bytes, expect) in [
            (text.as_bytes(), Some("UTF-8")),
            (&gb, Some("gb18030")),
            (&utf16, Some("UTF-16LE")),
            (&utf16be, Some("UTF-16BE")),
            (b"a,b\n1,2\n", Some("UTF-8")),
            (&[0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 0, 0, 9], None),
        ] {
            assert_eq!(sniff(bytes).map(|(e, _)| e.name()), expect);
        }
        assert_eq!(sniff(b"\xef\xbb\xbfa,b").map(|(_, bom)| bom), Some(3));
    }

    #[test]
    fn finds_the_delimiter() {
        for (head, expect) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a\tb\n1,5\t2\n", b'\t'),
            ("a;b;c\n1,5;2,5;3\n", b';'),
            ("a|b\n1|2\n", b'|'),
            ("一个标题\n\na,b,c\n1,2,3\n", b','),
        ] {
            assert_eq!(sniff_delimiter(head), expect, "{head}");
        }
    }

    #[test]
    fn names_what_is_no_table() {
        assert_eq!(other_kind(b"%PDF-1.7"), Some("PDF"));
        assert_eq!(other_kind(b"\r\n<HTML><body>"), Some("HTML"));
        assert_eq!(other_kind("BM编号,姓名".as_bytes()), None);
    }
}
