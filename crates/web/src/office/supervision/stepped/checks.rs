//! The checklist: an item is given to two people, one writes down what he saw, the other agrees.

use axum::extract::Path;
use axum::response::Response;
use registry::actions::stepped::checks as acts;
use serde::Deserialize;

use super::village::draw;
use super::{Room, SIGN, STEPPED, UPDATE, act, draft, led, one, own};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};

#[derive(Deserialize)]
struct Two {
    item: String,
    first: String,
    second: String,
}

/// Gives an item to two people.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn assign(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "assign");
    let done = async {
        let form: Two = typed.read()?;
        let path = one(&room, &number).await?.line.path;
        act(&room, (UPDATE, STEPPED, &path), &name, async |tx, stepped| {
            let two = (form.first.as_str(), form.second.as_str());
            acts::assign(tx, stepped, &number, &form.item, two).await
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

#[derive(Deserialize)]
struct Seen {
    item: String,
    #[serde(default)]
    problem: String,
    words: String,
}

/// Writes down what the reader saw.
///
/// # Errors
/// As [`assign`].
pub async fn record(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "result");
    let done = async {
        let form: Seen = typed.read()?;
        let path = one(&room, &number).await?.line.path;
        act(&room, (SIGN, STEPPED, &path), &name, async |tx, stepped| {
            let seen = (form.problem == "1", form.words.trim());
            Ok(((), acts::record(tx, stepped, &number, &form.item, seen).await?))
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

#[derive(Deserialize)]
struct Agreed {
    item: String,
    #[serde(default)]
    agreed: String,
}

/// Agrees, or does not.
///
/// # Errors
/// As [`assign`].
pub async fn confirm(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "agree");
    let done = async {
        let form: Agreed = typed.read()?;
        let path = one(&room, &number).await?.line.path;
        act(&room, (SIGN, STEPPED, &path), &name, async |tx, stepped| {
            let agreed = form.agreed != "0";
            Ok(((), acts::confirm(tx, stepped, &number, &form.item, agreed).await?))
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}
