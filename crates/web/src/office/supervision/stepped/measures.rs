//! What is asked of a village under supervision, and what came of it.

use axum::extract::Path;
use axum::response::Response;
use registry::actions::stepped::measures::{self as acts, NewMeasure};
use serde::Deserialize;

use super::village::draw;
use super::{Room, STEPPED, UPDATE, act, draft, led, one, own};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};

#[derive(Deserialize)]
struct Sent {
    kind: String,
    words: String,
    #[serde(default)]
    rectification: String,
}

/// Asks for something.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn order(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "measure");
    let done = async {
        let form: Sent = typed.read()?;
        let path = one(&room, &number).await?.line.path;
        let rectification = Some(form.rectification.trim().to_owned());
        let new = NewMeasure {
            kind: form.kind,
            words: form.words.trim().to_owned(),
            rectification: rectification.filter(|number| !number.is_empty()),
        };
        act(&room, (UPDATE, STEPPED, &path), &name, async |tx, stepped| {
            acts::order(tx, stepped, &number, &new).await
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

#[derive(Deserialize)]
struct Came {
    measure: String,
    words: String,
}

/// Writes down what came of it.
///
/// # Errors
/// As [`order`].
pub async fn record(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "record");
    let done = async {
        let form: Came = typed.read()?;
        let page = one(&room, &number).await?;
        if !page.measures.iter().any(|measure| measure.id == form.measure) {
            return Err(Error::NotFound);
        }
        act(&room, (UPDATE, STEPPED, &page.line.path), &name, async |tx, stepped| {
            Ok(((), acts::record(tx, stepped, &form.measure, form.words.trim()).await?))
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}
