//! Kinds of attachments, recognised by their first bytes: what a file is called proves nothing.

use serde::{Deserialize, Serialize};

/// A kind of file that a report may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Photo.
    Jpeg,
    /// Photo or screen shot.
    Png,
    /// Photo.
    Webp,
    /// Document.
    Pdf,
    /// Sound.
    Wav,
    /// Sound.
    Ogg,
    /// Sound or film, as browsers record it.
    Webm,
    /// Sound or film, as telephones record it.
    Mp4,
    /// Sound.
    Mp3,
    /// Sound.
    Amr,
    /// Document of an office program.
    Zip,
}

impl Kind {
    /// Media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Wav => "audio/wav",
            Self::Ogg => "audio/ogg",
            Self::Webm => "video/webm",
            Self::Mp4 => "video/mp4",
            Self::Mp3 => "audio/mpeg",
            Self::Amr => "audio/amr",
            Self::Zip => "application/zip",
        }
    }
}

/// The kind of a file, if it may be attached.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<Kind> {
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    let later = |at: usize, mark: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(mark));
    Some(match bytes {
        _ if starts(&[0xff, 0xd8, 0xff]) => Kind::Jpeg,
        _ if starts(b"\x89PNG\r\n\x1a\n") => Kind::Png,
        _ if starts(b"RIFF") && later(8, b"WEBP") => Kind::Webp,
        _ if starts(b"RIFF") && later(8, b"WAVE") => Kind::Wav,
        _ if starts(b"%PDF-") => Kind::Pdf,
        _ if starts(b"OggS") => Kind::Ogg,
        _ if starts(&[0x1a, 0x45, 0xdf, 0xa3]) => Kind::Webm,
        _ if later(4, b"ftyp") => Kind::Mp4,
        _ if starts(b"ID3") || starts(&[0xff, 0xfb]) || starts(&[0xff, 0xf3]) => Kind::Mp3,
        _ if starts(b"#!AMR") => Kind::Amr,
        _ if starts(b"PK\x03\x04") => Kind::Zip,
        _ => return None,
    })
}

/// A WAV file with its format and its sound alone: names, places and times that a recorder wrote beside
/// them are left out. `None` when it is not a whole one.
#[must_use]
pub fn bare_wav(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.get(12..).filter(|_| recognise(bytes) == Some(Kind::Wav))?;
    let mut kept = Vec::with_capacity(bytes.len());
    while let Some((head, body)) = rest.split_first_chunk::<8>() {
        let (name, length) = head.split_at(4);
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let chunk = body.get(..length)?;
        if [b"fmt ".as_slice(), b"data"].contains(&name) {
            kept.extend_from_slice(head);
            kept.extend_from_slice(chunk);
            kept.resize(kept.len() + length % 2, 0);
        }
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
    if rest.len() > 1 {
        return None;
    }
    let length = u32::try_from(kept.len() + 4).ok()?;
    Some([b"RIFF".as_slice(), &length.to_le_bytes(), b"WAVE", &kept].concat())
}

#[cfg(test)]
mod tests {
    use super::{Kind, bare_wav, recognise};

    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = [name.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat();
        bytes.resize(bytes.len() + body.len() % 2, 0);
        bytes
    }

    #[test]
    fn files_are_known_by_their_first_bytes() {
        for (bytes, kind) in [
            (&[0xff, 0xd8, 0xff, 0xe0][..], Some(Kind::Jpeg)),
            (b"RIFF\x04\0\0\0WAVE", Some(Kind::Wav)),
            (b"RIFF\x04\0\0\0WEBPVP8 ", Some(Kind::Webp)),
            (b"\0\0\0\x20ftypM4A ", Some(Kind::Mp4)),
            (b"#!AMR\n", Some(Kind::Amr)),
            (b"MZ\x90\0", None),
            (b"<html>", None),
            (b"", None),
        ] {
            assert_eq!(recognise(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn a_recording_keeps_its_sound_and_nothing_else() {
        let inner = [
            chunk(b"fmt ", &[1; 16]),
            chunk(b"LIST", b"INFOIARTname of the owner"),
            chunk(b"data", b"sound"),
            chunk(b"id3 ", b"place"),
        ]
        .concat();
        let length = (inner.len() as u32 + 4).to_le_bytes();
        let wav = [b"RIFF".as_slice(), &length, b"WAVE", &inner].concat();
        let bare = bare_wav(&wav).expect("a wav");
        assert_eq!(recognise(&bare), Some(Kind::Wav));
        let text = String::from_utf8_lossy(&bare);
        assert!(text.contains("sound") && !text.contains("owner") && !text.contains("place"));
        assert_eq!(bare_wav(&bare), Some(bare.clone()), "nothing more to take away");
        assert_eq!(bare_wav(&wav[..wav.len() - 8]), None, "cut off");
        assert_eq!(bare_wav(b"OggS"), None);
    }
}
