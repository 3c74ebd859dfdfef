//! Public copies of photos: drawn anew, so that nothing of the camera, the place and the hour stays, and
//! small enough for an old phone.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

/// Longest side of a public copy, in pixels.
const LONGEST: u32 = 1280;
/// Longest side of a photo that proves something: a page of a ledger stays readable.
const LONGEST_PROOF: u32 = 2560;
/// Longest side and most pixels that are read at all: a phone's camera, not a bomb. A picture of one
/// colour is a few kilobytes as a file, whatever its size.
const LARGEST: u32 = 12_000;
const PIXELS: u64 = 50_000_000;
/// Most memory that reading one may take, in bytes.
const MEMORY: u64 = 256 * 1024 * 1024;
const QUALITY: u8 = 72;

/// A JPEG of what a photo shows, upright; none when it is no JPEG or PNG.
#[must_use]
pub fn without_traces(bytes: &[u8]) -> Option<Vec<u8>> {
    drawn_anew(bytes, LONGEST)
}

/// The same, large enough to prove something.
#[must_use]
pub fn proof_without_traces(bytes: &[u8]) -> Option<Vec<u8>> {
    drawn_anew(bytes, LONGEST_PROOF)
}

fn drawn_anew(bytes: &[u8], longest: u32) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST);
    limits.max_image_height = Some(LARGEST);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS || decoder.total_bytes() > MEMORY {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let mut photo = DynamicImage::from_decoder(decoder).ok()?;
    if photo.width().max(photo.height()) > longest {
        photo = photo.thumbnail(longest, longest);
    }
    photo.apply_orientation(orientation);
    let mut copy = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut copy, QUALITY);
    photo.into_rgb8().write_with_encoder(encoder).ok()?;
    Some(copy)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, without_traces};
    use image::codecs::jpeg::JpegEncoder;
    use image::{ExtendedColorType, ImageEncoder, RgbImage};

    /// A photo with an EXIF block that names a place.
    fn photo(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new(&mut bytes);
        encoder.set_exif_metadata(b"Exif\0\0II*\0\x08\0\0\0\0\0GPS 30.1 114.2".to_vec()).unwrap();
        RgbImage::new(width, height).write_with_encoder(encoder).unwrap();
        bytes
    }

    #[test]
    fn nothing_of_the_camera_stays() {
        let original = photo(1600, 900);
        let has = |bytes: &[u8]| bytes.windows(3).any(|part| part == b"GPS");
        assert!(has(&original));
        let copy = without_traces(&original).unwrap();
        assert!(!has(&copy));
        let read = image::load_from_memory(&copy).unwrap();
        assert_eq!((read.width(), read.height()), (LONGEST, LONGEST * 9 / 16));
        assert!(without_traces(b"<svg onload=alert(1)>").is_none());
    }

    /// A picture whose file is small and whose pixels would fill the memory.
    #[test]
    fn a_bomb_is_not_read() {
        use image::codecs::png::{CompressionType, FilterType, PngEncoder};
        let bomb = |width: u32, height: u32| {
            let mut bytes = Vec::new();
            let encoder = PngEncoder::new_with_quality(
                &mut bytes,
                CompressionType::Fast,
                FilterType::NoFilter,
            );
            let pixels = vec![0; (width * height) as usize];
            encoder.write_image(&pixels, width, height, ExtendedColorType::L8).unwrap();
            bytes
        };
        let large = bomb(11_000, 5_000);
        assert!(large.len() < 1024 * 1024, "{}", large.len());
        assert!(without_traces(&large).is_none());
        assert!(without_traces(&bomb(13_000, 1)).is_none());
        assert!(without_traces(&bomb(1_300, 100)).is_some());
        // A head that promises more than the file holds.
        let mut promise = bomb(100, 100);
        promise.truncate(60);
        assert!(without_traces(&promise).is_none());
    }
}
