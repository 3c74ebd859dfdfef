//! What a telephone or a camera wrote into a file besides what is seen and heard: place, hour, owner. It
//! is left out here for the kinds whose form allows it without drawing or sounding them anew.
//!
//! Deliberately absent: pictures (they are drawn anew), and kinds with texts of a person's own making
//! (PDF, office documents): what is inside those is for the reporter to know, and the page says so.

use super::attachment::{Kind, bare_wav, recognise};

/// Boxes of an MP4 file that say something about it and are not needed to play it.
const TELLING: [&[u8; 4]; 6] = [b"udta", b"meta", b"uuid", b"free", b"skip", b"loci"];
/// Boxes that hold other boxes on the way to those.
const HOLDING: [&[u8; 4]; 4] = [b"moov", b"trak", b"mdia", b"moof"];
/// Boxes that begin with the moment of recording.
const DATED: [&[u8; 4]; 3] = [b"mvhd", b"tkhd", b"mdhd"];
/// Bits of a WebP head that announce Exif and XMP.
const WEBP_TELLS: u8 = 0x0c;
/// How deep boxes lie in each other at most.
const DEEPEST: usize = 8;

/// The same file without what was written beside its sound or film. `None` when it cannot be followed, so
/// that nobody can say what is left in it; kinds that are not cleaned here come back as they are.
#[must_use]
pub fn bare(bytes: Vec<u8>) -> Option<Vec<u8>> {
    match recognise(&bytes)? {
        Kind::Wav => bare_wav(&bytes),
        Kind::Mp4 => bare_mp4(bytes),
        Kind::Mp3 => Some(bare_mp3(&bytes).to_vec()),
        Kind::Webp => bare_webp(&bytes),
        _ => Some(bytes),
    }
}

/// Names, places and moments are overwritten where they stand: nothing moves, so that the tables of the
/// film still point at the right bytes.
fn bare_mp4(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let end = bytes.len();
    boxes(&mut bytes, (0, end), 0)?;
    Some(bytes)
}

fn boxes(bytes: &mut [u8], (mut at, end): (usize, usize), depth: usize) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    while at < end {
        let head: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
        let [a, b, c, d, name @ ..] = head;
        let (body, length) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (at + 8, end - at),
            1 => {
                let long: [u8; 8] = bytes.get(at + 8..at + 16)?.try_into().ok()?;
                (at + 16, usize::try_from(u64::from_be_bytes(long)).ok()?)
            }
            length => (at + 8, usize::try_from(length).ok()?),
        };
        let next = at.checked_add(length).filter(|next| *next <= end && *next >= body)?;
        if TELLING.contains(&&name) {
            bytes.get_mut(at + 4..at + 8)?.copy_from_slice(b"free");
            bytes.get_mut(body..next)?.fill(0);
        } else if DATED.contains(&&name) {
            // Version and flags, then two moments of four or eight bytes.
            let wide = if bytes.get(body) == Some(&1) { 16 } else { 8 };
            bytes.get_mut(body..next)?.get_mut(4..4 + wide)?.fill(0);
        } else if HOLDING.contains(&&name) {
            boxes(bytes, (body, next), depth + 1)?;
        }
        at = next;
    }
    Some(())
}

/// Without place, hour and owner beside the picture; its head no longer says that they are there.
fn bare_webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.get(12..)?;
    let mut kept = Vec::with_capacity(bytes.len());
    while let Some((head, body)) = rest.split_first_chunk::<8>() {
        let (name, length) = head.split_at(4);
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let chunk = body.get(..length)?;
        if ![b"EXIF".as_slice(), b"XMP "].contains(&name) {
            let at = kept.len();
            kept.extend_from_slice(head);
            kept.extend_from_slice(chunk);
            kept.resize(kept.len() + length % 2, 0);
            if name == b"VP8X" {
                *kept.get_mut(at + 8)? &= !WEBP_TELLS;
            }
        }
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
    if rest.len() > 1 {
        return None;
    }
    let length = u32::try_from(kept.len() + 4).ok()?;
    Some([b"RIFF".as_slice(), &length.to_le_bytes(), b"WEBP", &kept].concat())
}

/// Without the tags before and behind the sound.
fn bare_mp3(bytes: &[u8]) -> &[u8] {
    let mut sound = bytes;
    while let Some([b'I', b'D', b'3', _, _, _, a, b, c, d]) = sound.first_chunk::<10>() {
        // Four times seven bits, without the head itself.
        let parts = [*a, *b, *c, *d].map(|part| usize::from(part & 0x7f));
        let length = parts.iter().fold(0, |sum, part| (sum << 7) | part);
        sound = sound.get(length + 10..).unwrap_or_default();
    }
    let tagged = |sound: &[u8]| {
        let at = sound.len().checked_sub(128)?;
        sound.get(at..).filter(|tag| tag.starts_with(b"TAG")).map(|_| at)
    };
    sound.get(..tagged(sound).unwrap_or(sound.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{bare, bare_mp3};
    use proptest::prelude::*;

    fn part(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u32 + 8).to_be_bytes();
        [length.as_slice(), name, body].concat()
    }

    #[test]
    fn a_recording_of_a_telephone_loses_place_hour_and_owner() {
        let dated = [&[0; 4][..], &[0xaa; 8], &[1; 12]].concat();
        let film = [
            part(b"ftyp", b"M4A isom"),
            part(
                b"moov",
                &[
                    part(b"mvhd", &dated),
                    part(b"trak", &part(b"mdia", &part(b"mdhd", &dated))),
                    part(b"udta", b"+30.1+114.2/ owner"),
                ]
                .concat(),
            ),
            part(b"mdat", b"sound"),
            part(b"uuid", b"more about the owner"),
        ]
        .concat();
        let bared = bare(film.clone()).expect("an mp4");
        assert_eq!(bared.len(), film.len(), "tables still point at the right bytes");
        let text = String::from_utf8_lossy(&bared);
        assert!(text.contains("sound") && !text.contains("owner") && !text.contains("114.2"));
        assert!(!bared.contains(&0xaa), "the hour is gone");
        assert_eq!(bare(bared.clone()), Some(bared), "nothing more to take away");
        assert_eq!(bare(film[..film.len() - 3].to_vec()), None, "cut off");
    }

    #[test]
    fn a_picture_of_the_web_loses_place_and_owner() {
        let chunk = |name: &[u8; 4], body: &[u8]| {
            let mut bytes = [name.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat();
            bytes.resize(bytes.len() + body.len() % 2, 0);
            bytes
        };
        let inner = [
            chunk(b"VP8X", &[0x1c, 0, 0, 0, 9, 0, 0, 9, 0, 0]),
            chunk(b"VP8 ", b"drawn"),
            chunk(b"EXIF", b"30.1 114.2 owner"),
            chunk(b"XMP ", b"owner again"),
        ]
        .concat();
        let length = (inner.len() as u32 + 4).to_le_bytes();
        let photo = [b"RIFF".as_slice(), &length, b"WEBP", &inner].concat();
        let bared = bare(photo.clone()).expect("a picture");
        let text = String::from_utf8_lossy(&bared);
        assert!(text.contains("drawn") && !text.contains("owner") && !text.contains("114.2"));
        assert_eq!(bared.get(20), Some(&0x10), "its head announces neither");
        assert_eq!(bare(bared.clone()), Some(bared), "nothing more to take away");
        assert_eq!(bare(photo[..photo.len() - 4].to_vec()), None, "cut off");
    }

    #[test]
    fn a_song_loses_its_tags() {
        let head = [b"ID3\x04\0\0\0\0\x01\x02".as_slice(), &[b'x'; 130]].concat();
        let tail = [b"TAG".as_slice(), &[b'y'; 125]].concat();
        let sound = [0xff, 0xfb, 1, 2, 3];
        assert_eq!(bare_mp3(&[head.as_slice(), &sound, &tail].concat()), sound);
        assert_eq!(bare_mp3(&sound), sound);
        assert_eq!(bare_mp3(&head[..20]), b"", "a tag longer than the file");
    }

    proptest! {
        #[test]
        fn any_bytes_come_back_or_not(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
            let film = [part(b"ftyp", b"isom"), raw.clone()].concat();
            for bytes in [film, raw, [b"ID3".as_slice(), &[0xff; 30]].concat()] {
                let length = bytes.len();
                prop_assert!(bare(bytes).is_none_or(|bared| bared.len() <= length));
            }
        }
    }
}
