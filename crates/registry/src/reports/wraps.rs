//! Keys of reports, wrapped to offices: what lets an office read, and what takes it away again.

use domain::problem::{Failure, Place, Problem};
use sqlx::{AnyConnection, Row};

use super::Counter;
use crate::actions::holder_keys::Unlocked;
use crate::actions::{office_keys, write};
use crate::db::failure;
use crate::sealer::Secret;
use crate::tx::Tx;

/// When an office may have the key.
pub(crate) mod stage {
    /// It handles the report.
    pub const FIRST: &str = "first";
    /// It would review it: handed out once a review is asked for.
    pub const REVIEW: &str = "review";
    /// It grants looks at the identity.
    pub const IDENTITY: &str = "identity";
}

/// Notes the public half of a key of a report. Returns the key of the row.
pub(crate) async fn note_key(
    tx: &mut Tx,
    report: &str,
    part: &str,
    recipient: &str,
) -> Result<String, Failure> {
    let id = crate::ids::random_id()?;
    let text = "insert into report_keys (id, report, part, recipient) values ($1, $2, $3, $4)";
    let (report, part, recipient) = (report.to_owned(), part.to_owned(), recipient.to_owned());
    write!(tx, text, id.clone(), report, part, recipient)?;
    tx.touch("report_keys", &id)?;
    Ok(id)
}

/// Wraps the secret of a report to an office. Says whether the office has a key.
pub(crate) async fn wrap(
    tx: &mut Tx,
    counter: &Counter<'_>,
    (report_key, secret): (&str, &Secret),
    office: &str,
    stage: &str,
) -> Result<bool, Failure> {
    let Some((office_key, recipient)) = office_keys::live(tx.connection(), office).await? else {
        return Ok(false);
    };
    let sealed = counter.sealer.seal(&[&recipient], secret.expose())?;
    keep(tx, report_key, (&office_key, office), stage, sealed).await?;
    Ok(true)
}

/// Keeps a wrap that was made elsewhere, in a browser.
pub(crate) async fn keep(
    tx: &mut Tx,
    report_key: &str,
    (office_key, office): (&str, &str),
    stage: &str,
    sealed: Vec<u8>,
) -> Result<(), Failure> {
    let (id, day) = (crate::ids::random_id()?, tx.now.day.to_string());
    let text = "insert into report_wraps (id, report_key, office_key, office, stage, sealed, from_day) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (key, of) = (report_key.to_owned(), office_key.to_owned());
    write!(tx, text, id.clone(), key, of, office.to_owned(), stage.to_owned(), sealed, day)?;
    Ok(tx.touch("report_wraps", &id)?)
}

/// The secret of a report, opened by a holder of an office's key.
pub(crate) async fn open(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    unlocked: &Unlocked,
    (report_key, office): (&str, &str),
    stages: &[&str],
) -> Result<Secret, Failure> {
    let during = |error| failure("read wraps", error);
    let text = "select office_key, stage, sealed from report_wraps where report_key = $1 \
                and office = $2 and sealed is not null";
    let rows = sqlx::query(text).bind(report_key.to_owned()).bind(office.to_owned());
    let rows = rows.fetch_all(&mut *connection).await.map_err(during)?;
    let mut last = Problem::new("sealed-for-others", Place::default()).into();
    for row in rows {
        let stage: String = row.try_get("stage").map_err(during)?;
        if !stages.contains(&stage.as_str()) {
            continue;
        }
        let office_key: String = row.try_get("office_key").map_err(during)?;
        let sealed: Vec<u8> = row.try_get("sealed").map_err(during)?;
        match office_keys::secret(connection, counter.sealer, unlocked, &office_key).await {
            Ok(secret) => return counter.sealer.open(&secret, &sealed),
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

/// Whether an office has the key of a report, at a stage.
pub(crate) async fn has(
    connection: &mut AnyConnection,
    report_key: &str,
    (office, stage): (&str, &str),
) -> Result<bool, Failure> {
    let during = |error| failure("read wraps", error);
    let text = "select count(*) as wraps from report_wraps where report_key = $1 and office = $2 \
                and stage = $3 and sealed is not null";
    let row = sqlx::query(text).bind(report_key.to_owned()).bind(office.to_owned());
    let row = row.bind(stage.to_owned());
    let row = row.fetch_one(connection).await.map_err(during)?;
    Ok(row.try_get::<i64, _>("wraps").map_err(during)? > 0)
}

/// Takes the key away from an office, or from all but one.
pub(crate) async fn take_away(
    tx: &mut Tx,
    report_key: &str,
    from: impl Fn(&str, &str) -> bool,
) -> Result<(), Failure> {
    let during = |error| failure("read wraps", error);
    let text =
        "select id, office, stage from report_wraps where report_key = $1 and sealed is not null";
    let rows = sqlx::query(text).bind(report_key.to_owned()).fetch_all(tx.connection()).await;
    for row in rows.map_err(during)? {
        let (office, stage): (String, String) =
            (row.try_get("office").map_err(during)?, row.try_get("stage").map_err(during)?);
        if from(&office, &stage) {
            let id: String = row.try_get("id").map_err(during)?;
            let day = tx.now.day.to_string();
            let text = "update report_wraps set sealed = null, until_day = $2 where id = $1";
            write!(tx, text, id.clone(), day)?;
            tx.touch("report_wraps", &id)?;
        }
    }
    Ok(())
}
