//! Receiving a file: straight to the disk, never as a whole in memory.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::problem::{Failure, Fault, Place, Problem};
use facts::intake::Intake;
use registry::access::at;
use registry::queries::lists;
use tokio::sync::mpsc::{Receiver, channel};

use super::{CREATE, IMPORT, intake};
use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::request::{Guard, TOKEN};
use crate::session::Signed;
use crate::state::App;

/// Pieces that may wait for the disk.
const WAITING: usize = 4;
/// Longest value of a field that is no file.
const FIELD_BYTES: usize = 4096;

/// What goes to the thread that writes.
enum Piece {
    Bytes(Bytes),
    /// The file is whole. Without it, it was broken off, and is removed.
    End,
}

/// Receives a file; the form's other fields come before it.
///
/// # Errors
/// A stale form; rules that say no; a problem when the file is empty, too large or broken off.
pub async fn receive(
    State(app): State<Arc<App>>,
    desk: Signed,
    request: Request,
) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let guard = Guard::of(&parts)?;
    let form = Multipart::from_request(Request::from_parts(parts, body), &app).await;
    let mut form = form.map_err(|_| Error::StaleForm)?;
    let (mut token, mut place) = (None, String::new());
    while let Some(field) = form.next_field().await.map_err(|e| broken(&app, e.status()))? {
        match field.name().unwrap_or_default() {
            TOKEN => token = Some(short(&app, field).await?),
            "place" => place = short(&app, field).await?,
            "file" => {
                guard.check(token.as_deref())?;
                let id = store(&app, &desk, &place, field).await?;
                return Ok(Redirect::to(&format!("/office/imports/uploads/{id}")).into_response());
            }
            _ => {}
        }
    }
    guard.check(token.as_deref())?;
    Err(at_field("upload-empty", "file"))
}

fn broken(app: &App, status: StatusCode) -> Error {
    if status != StatusCode::PAYLOAD_TOO_LARGE {
        return at_field("upload-broken", "file");
    }
    let place = Place { column: Some("file".to_owned()), ..Place::default() };
    let problem = Problem::new("upload-too-large", place).with("most", app.setup.upload_mb);
    Error::Failed(problem.into())
}

async fn short(app: &App, mut field: Field<'_>) -> Result<String, Error> {
    let mut value = Vec::new();
    while let Some(part) = field.chunk().await.map_err(|e| broken(app, e.status()))? {
        value.extend_from_slice(&part);
        if value.len() > FIELD_BYTES {
            return Err(Error::StaleForm);
        }
    }
    let value = String::from_utf8(value).map_err(|_| Error::StaleForm)?;
    // PostgreSQL cannot keep this letter, and nobody types it.
    Ok(value.replace('\0', ""))
}

async fn store(
    app: &Arc<App>,
    desk: &Signed,
    place: &str,
    mut field: Field<'_>,
) -> Result<String, Error> {
    let intake = intake(app)?;
    let path = lists::path(&app.setup.registry.db, place).await?;
    let by = desk.by(CREATE, IMPORT, &path)?;
    by.may(Act::Create, &at(IMPORT, &path)).map_err(|rule| Error::Rules(vec![rule]))?;
    let name = field.file_name().unwrap_or_default().to_owned();
    let (account, place, now) = (desk.session.account.clone(), place.to_owned(), app.now().ms);
    let (send, receive) = channel(WAITING);
    let work = move || write(&intake, (&account, &place), &name, now, receive);
    let writing = tokio::task::spawn_blocking(work);
    let received = loop {
        match field.chunk().await {
            // When nobody takes it, the thread has come to grief, and says why.
            Ok(Some(bytes)) => {
                if send.send(Piece::Bytes(bytes)).await.is_err() {
                    break Ok(());
                }
            }
            Ok(None) => {
                let _gone = send.send(Piece::End).await;
                break Ok(());
            }
            Err(error) => break Err(broken(app, error.status())),
        }
    };
    drop(send);
    let fault = |e| Fault::new("receive file", e);
    let written = writing.await.map_err(fault)?;
    received?;
    match written? {
        Some((id, bytes)) if bytes > 0 => Ok(id),
        Some(_) => Err(at_field("upload-empty", "file")),
        None => Err(at_field("upload-broken", "file")),
    }
}

/// Writes what comes; none when it was broken off.
fn write(
    intake: &Intake,
    whose: (&str, &str),
    name: &str,
    now_ms: i64,
    mut pieces: Receiver<Piece>,
) -> Result<Option<(String, u64)>, Failure> {
    let mut receiving = intake.receive(whose, name, now_ms)?;
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::Bytes(bytes) => receiving.write(&bytes)?,
            Piece::End => return Ok(Some(receiving.finish()?)),
        }
    }
    Ok(None)
}
