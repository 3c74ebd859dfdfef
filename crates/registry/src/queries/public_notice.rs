//! A notice as anybody may see it: every version, what changed, what was asked, where it stands in
//! the public log.

use domain::problem::{Failure, Fault};
use domain::time::Day;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::Row;

use super::public_matter::Asked;
use crate::db::{Db, failure};
use crate::public::Public;

/// A version of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// From 1.
    pub version: i64,
    /// `published`, `corrected`, `withdrawn`.
    pub state: String,
    /// Title.
    pub title: String,
    /// Content by the codes of its fields.
    pub body: Map<String, Value>,
    /// Personal fields, as long as the notice must hang; afterwards they are not shown any more.
    pub personal: Map<String, Value>,
    /// There were personal fields, and their time is over.
    pub personal_over: bool,
    /// When it came out.
    pub published_day: String,
    /// When it should have.
    pub due_day: Option<String>,
    /// Until when it must hang, and questions are taken.
    pub until_day: String,
    /// Codes of channels.
    pub channels: Vec<String>,
    /// Why it was changed.
    pub reason: Option<String>,
    /// Leaf in the public log.
    pub leaf: Option<i64>,
}

/// A photo of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Photo {
    /// SHA-256 of the public copy, in hex.
    pub public_sha256: String,
    /// When it was taken.
    pub taken_day: String,
    /// What it shows.
    pub caption: String,
}

impl Photo {
    from_row!(Photo { public_sha256, taken_day, caption });
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Public number.
    pub number: String,
    /// Code of the village.
    pub place: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// Period.
    pub period: String,
    /// Number of the matter that it comes from.
    pub matter: Option<String>,
    /// Versions, the first first.
    pub versions: Vec<Version>,
    /// Photos of the board, as long as all that they show is public.
    pub photos: Vec<Photo>,
    /// Questions, the first first.
    pub questions: Vec<Asked>,
}

const HEAD: &str = "select n.number, n.place, n.duty, n.period, m.number as matter from notices n \
    left join matters m on m.id = n.matter where n.number = $1";
const VERSIONS: &str = "select v.version, v.state, v.title, v.body, v.published_day, v.due_day, v.until_day, \
    v.channels, v.reason from notices n join notice_versions v on v.notice = n.id \
    where n.number = $1 order by v.version";
const LEAVES: &str = "select e.idx from entries e where e.log = 'public' and e.subject = $1 \
    and e.kind in ('notice-published', 'notice-corrected', 'notice-withdrawn', 'step-done') order by e.idx";
const PHOTOS: &str = "select p.public_sha256, p.taken_day, p.caption from notices n \
    join notice_photos p on p.notice = n.id where n.number = $1 order by p.taken_day, p.public_sha256";
const QUESTIONS: &str = "select q.number, q.text, q.asked_day, q.due_day, a.text as answer, \
    a.day as answered_day from questions q join notices n on n.id = q.notice \
    left join answers a on a.question = q.id where n.number = $1 order by q.asked_day, q.number";

/// A notice by its number, as it may be shown on a day.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn notice(db: &Db, number: &str, today: Day) -> Result<Option<Public<Notice>>, Failure> {
    let during = |error| failure("read notice", error);
    let head = sqlx::query(HEAD).bind(number.to_owned()).fetch_optional(&db.read).await;
    let Some(head) = head.map_err(during)? else { return Ok(None) };
    let read = async |text: &'static str| {
        let rows = sqlx::query(text).bind(number.to_owned()).fetch_all(&db.read).await;
        rows.map_err(during)
    };
    let leaves = read(LEAVES).await?;
    let leaves: Vec<i64> =
        leaves.iter().map(|row| row.try_get("idx")).collect::<Result<_, _>>().map_err(during)?;
    let mut versions = Vec::new();
    for (at, row) in read(VERSIONS).await?.iter().enumerate() {
        versions.push(version(row, leaves.get(at).copied(), today)?);
    }
    let gone = hide(&mut versions);
    let photos = if gone { Vec::new() } else { read(PHOTOS).await? };
    let photos = photos.iter().map(Photo::from_row).collect::<Result<_, _>>();
    let questions = read(QUESTIONS).await?.iter().map(Asked::from_row).collect::<Result<_, _>>();
    let text = |column: &str| head.try_get::<String, _>(column).map_err(during);
    Ok(Some(Public::new(Notice {
        number: text("number")?,
        place: text("place")?,
        duty: text("duty")?,
        period: text("period")?,
        matter: head.try_get("matter").map_err(during)?,
        versions,
        photos: photos.map_err(during)?,
        questions: questions.map_err(during)?,
    })))
}

/// Takes out what is public no more: of a withdrawn notice all that any version said. Returns whether its
/// photos are gone too: they show what the notice said, and names for as long as names may hang.
fn hide(versions: &mut [Version]) -> bool {
    let withdrawn = versions.last().is_some_and(|last| last.state == "withdrawn");
    let over = versions.iter().any(|version| version.personal_over);
    if withdrawn {
        for version in versions {
            version.body.clear();
            version.personal.clear();
        }
    }
    withdrawn || over
}

/// Whether there is a notice of this number.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn exists(db: &Db, number: &str) -> Result<bool, Failure> {
    let head = sqlx::query(HEAD).bind(number.to_owned()).fetch_optional(&db.read).await;
    Ok(head.map_err(|error| failure("read notice", error))?.is_some())
}

fn version(row: &sqlx::any::AnyRow, leaf: Option<i64>, today: Day) -> Result<Version, Failure> {
    let during = |error| failure("read notice", error);
    let text = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let stored: Value =
        serde_json::from_str(&text("body")?).map_err(|e| Fault::new("read notice", e))?;
    let map = |at: &str| stored.pointer(at).and_then(Value::as_object).cloned().unwrap_or_default();
    let personal = map("/personal");
    let until_day = text("until_day")?;
    let hangs = Day::parse(&until_day).is_some_and(|until| today <= until);
    Ok(Version {
        version: row.try_get("version").map_err(during)?,
        state: text("state")?,
        title: text("title")?,
        body: map("/public/body"),
        personal_over: !hangs && !personal.is_empty(),
        personal: if hangs { personal } else { Map::new() },
        published_day: text("published_day")?,
        due_day: row.try_get("due_day").map_err(during)?,
        until_day,
        channels: text("channels")?.split(',').map(str::to_owned).collect(),
        reason: row.try_get("reason").map_err(during)?,
        leaf,
    })
}
