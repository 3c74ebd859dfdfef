//! Notices on their way, for whoever looks after the machine: which channel delivers, and what failed and
//! is tried again. No notice has any content.

use askama::Template;
use axum::response::Response;
use domain::access::Act;
use registry::actions::outbox::{DESK, Undelivered, undelivered};
use registry::queries::report_desk::{ChannelLine, channels};

use super::reports::names::office;
use super::room::Room;
use crate::error::Error;
use crate::places::Places;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// To see it.
pub const READ: &[Act] = &[Act::Read];
/// Beginning of the codes of group bots, and of what is noted when one fails.
const BOT: &str = "wecom-";
const DELIVER: &str = "deliver: ";
/// What went wrong, as bots tell it.
const KNOWN: [&str; 6] = ["unreachable", "silent", "no-answer", "unreadable", "too-many", "no-bot"];
/// The kind of thing.
pub const OUTBOX: &str = "outbox";

#[derive(Template)]
#[template(path = "office/outbox.html")]
struct Outbox<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    places: &'a Places,
    channels: Vec<ChannelLine>,
    failed: Vec<Undelivered>,
}

impl Outbox<'_> {
    fn office(&self, id: &str) -> String {
        office(self.ui, self.places, id)
    }

    fn channel(&self, code: &str) -> String {
        match code.strip_prefix(BOT) {
            Some(name) => self.ui.with("web-outbox-bot", &[("name", name)]),
            None if code == DESK => self.ui.t("web-outbox-desk").to_owned(),
            None => code.to_owned(),
        }
    }

    /// What went wrong, in words where it is known.
    fn why(&self, failed: &str) -> String {
        let code = failed.strip_prefix(DELIVER).unwrap_or(failed);
        match code.strip_prefix("refused-") {
            Some(number) => self.ui.with("web-outbox-why-refused", &[("code", number)]),
            None if KNOWN.contains(&code) => self.ui.code("web-outbox-why-", code),
            None => failed.to_owned(),
        }
    }
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    let places = room.app.places().await?;
    let county = places.county().map_or("", |county| county.path.as_str());
    let by = room.desk.by(READ, OUTBOX, county)?;
    page(&Outbox {
        channels: channels(room.db(), &by, county).await?,
        failed: undelivered(room.db(), &by).await?,
        ui: &room.ui,
        desk: &room.desk,
        places: &places,
    })
}
