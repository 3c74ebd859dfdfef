//! What kind of file it is, by its content alone: a name may say anything.

use memchr::memmem;

/// A kind of file that a matter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// A photo.
    Jpeg,
    /// A picture.
    Png,
    /// OFD (GB/T 33190), Word or Excel: archives with a list of their parts.
    Package,
    /// Word or Excel as before 2007.
    Compound,
}

/// Names that stand in archives of documents, and in no others.
const PARTS: [&[u8]; 2] = [b"[Content_Types].xml", b"OFD.xml"];

/// The kind of some bytes; none for what is not taken, such as pages with scripts and programs.
#[must_use]
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Kind::Pdf),
        [0xff, 0xd8, 0xff, ..] => Some(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Kind::Png),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Some(Kind::Compound),
        [b'P', b'K', 3, 4, ..] => {
            let document = PARTS.iter().any(|part| memmem::find(bytes, part).is_some());
            document.then_some(Kind::Package)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};

    #[test]
    fn a_file_is_what_it_holds() {
        for (bytes, expect) in [
            (b"%PDF-1.7 ...".as_slice(), Some(Kind::Pdf)),
            (&[0xff, 0xd8, 0xff, 0xe1, 0], Some(Kind::Jpeg)),
            (b"\x89PNG\r\n\x1a\n....", Some(Kind::Png)),
            (b"PK\x03\x04....[Content_Types].xml....", Some(Kind::Package)),
            (b"PK\x03\x04....OFD.xml....", Some(Kind::Package)),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", Some(Kind::Compound)),
            (b"PK\x03\x04....classes.dex....", None),
            (b"<html><script>alert(1)</script>", None),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", None),
            (b"MZ\x90\x00", None),
            (b"\x7fELF", None),
            (b" %PDF-1.7", None),
            (b"", None),
        ] {
            assert_eq!(kind(bytes), expect, "{}", bytes.escape_ascii());
        }
    }
}
