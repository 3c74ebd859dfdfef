//! Files of a reporter, without what his telephone wrote into them: photos are drawn anew, sound and film
//! lose what stands beside them. A file in which something might be left is refused with the reason, or
//! is of a kind whose inside is for the reporter to know.

use std::sync::Arc;

use domain::problem::{Failure, Fault, Place, Problem};
use domain::report::attachment::{Kind, recognise};
use domain::report::bare::bare;

use crate::error::Error;
use crate::photo;
use crate::state::{App, blocking};

/// Cleans files. Names are given anew, by their place in the form: `IMG_20260303_081200` tells the hour.
///
/// # Errors
/// A problem with the number of the file that cannot be cleaned, or is of no kind that is taken.
pub async fn clean(app: &Arc<App>, files: Vec<Vec<u8>>) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut cleaned = Vec::with_capacity(files.len());
    for (at, bytes) in files.into_iter().enumerate() {
        let problem = |code| {
            let row = u64::try_from(at + 1).ok();
            Problem::new(code, Place { column: Some("files".into()), row, ..Place::default() })
        };
        let kind =
            recognise(&bytes).ok_or_else(|| Failure::from(problem("petition-attachment-kind")))?;
        let bytes = without_traces(app, kind, bytes).await?;
        let bytes = bytes.ok_or_else(|| Failure::from(problem("petition-attachment-unclean")))?;
        cleaned.push((format!("{}.{}", at + 1, end(kind)), bytes));
    }
    Ok(cleaned)
}

async fn without_traces(
    app: &Arc<App>,
    kind: Kind,
    bytes: Vec<u8>,
) -> Result<Option<Vec<u8>>, Error> {
    if !matches!(kind, Kind::Jpeg | Kind::Png) {
        return Ok(bare(bytes));
    }
    let place = app.photos.acquire().await;
    let _place = place.map_err(|error| Fault::new("draw photo", error))?;
    Ok(blocking(move || Ok(photo::proof_without_traces(&bytes))).await?)
}

/// How the name of a kind ends.
const fn end(kind: Kind) -> &'static str {
    match kind {
        // PNG is drawn anew as JPEG.
        Kind::Jpeg | Kind::Png => "jpg",
        Kind::Webp => "webp",
        Kind::Pdf => "pdf",
        Kind::Wav => "wav",
        Kind::Ogg => "ogg",
        Kind::Webm => "webm",
        Kind::Mp4 => "mp4",
        Kind::Mp3 => "mp3",
        Kind::Amr => "amr",
        Kind::Zip => "zip",
    }
}
