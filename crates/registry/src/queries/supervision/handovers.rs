//! Clues that went to other organs and came from them; whoever may not know of the clue, does not know of it.

use domain::access::{Subject, View};
use domain::problem::Failure;
use serde::Serialize;

use super::{Reader, named};
use crate::db::{Db, failure};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandoverLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// `out` or `in`.
    pub direction: String,
    /// Code of the organ.
    pub partner: String,
    /// Which office of it.
    pub organ: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// Key of the clue.
    #[serde(skip)]
    pub clue_id: String,
    /// Number of the clue.
    pub clue: String,
    /// Office that handles the clue.
    #[serde(skip)]
    pub office: String,
    /// What the clue is about; empty for whoever sees its outline alone.
    pub title: String,
    /// Codes of what goes along, as JSON.
    pub papers: String,
    /// The covering text; empty as the title is.
    pub words: String,
    /// State.
    pub state: String,
    /// Key of who proposed it.
    #[serde(skip)]
    pub proposed_by: Option<String>,
    /// Name of who proposed it or wrote it down.
    pub proposed_name: Option<String>,
    /// When.
    pub proposed_day: String,
    /// Name of who let it out.
    pub approved_name: Option<String>,
    /// When it went out.
    pub approved_day: Option<String>,
    /// Its number there.
    pub their_number: Option<String>,
    /// When it was received.
    pub receipt_day: Option<String>,
    /// What came of it; empty as the title is.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_day: Option<String>,
    /// What is due.
    pub due_step: Option<String>,
    /// By which rule.
    pub due_rule: Option<String>,
    /// Since when.
    pub due_start: Option<String>,
    /// Last day.
    pub due_day: Option<String>,
    /// Level that it was raised to.
    pub raised: Option<String>,
}

impl HandoverLine {
    from_row!(HandoverLine {
        id,
        number,
        direction,
        partner,
        organ,
        place_name,
        path,
        clue_id,
        clue,
        office,
        title,
        papers,
        words,
        state,
        proposed_by,
        proposed_name,
        proposed_day,
        approved_name,
        approved_day,
        their_number,
        receipt_day,
        answer,
        answered_day,
        due_step,
        due_rule,
        due_start,
        due_day,
        raised,
    });

    /// Codes of what goes along.
    #[must_use]
    pub fn papers(&self) -> Vec<String> {
        serde_json::from_str(&self.papers).unwrap_or_default()
    }
}

const LIST: &str = "select h.id, h.number, h.direction, h.partner, h.organ, p.name as place_name, p.path, \
    c.id as clue_id, c.number as clue, c.office, c.title, h.papers, h.words, h.state, h.proposed_by, \
    a.name as proposed_name, h.proposed_day, b.name as approved_name, h.approved_day, h.their_number, \
    h.receipt_day, h.answer, h.answered_day, d.step as due_step, d.rule as due_rule, d.start_day as due_start, d.due_day, \
    case when d.raised_day is null then null else d.level end as raised from handovers h \
    join places p on p.id = h.place join clues c on c.id = h.clue left join people a on a.id = h.proposed_by \
    left join people b on b.id = h.approved_by left join follow_dues d on d.subject = h.id \
    and d.met_day is null where (p.path = $1 or p.path like $1 || '/%') and ($2 = '' or h.number = $2) \
    order by case when h.state in ('refused', 'answered') then 1 else 0 end, coalesce(d.due_day, '9999'), \
    h.number desc limit 300";

/// Those of a place and below it that the reader may know of; what is due first stands first. With a
/// number, that one alone.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(
    db: &Db,
    reader: &Reader<'_>,
    path: &str,
    number: &str,
) -> Result<Vec<HandoverLine>, Failure> {
    let during = |error| failure("read handovers", error);
    let read = sqlx::query(LIST).bind(path.to_owned()).bind(number.to_owned());
    let read = read.fetch_all(&db.read).await.map_err(during)?;
    let named = named(db, super::clues::NAMED, path).await?;
    let mut lines = Vec::new();
    for row in &read {
        let mut line = HandoverLine::from_row(row).map_err(during)?;
        let subject = Subject {
            object: "handover".to_owned(),
            id: line.id.clone(),
            place: line.path.clone(),
            unit: Some(line.office.clone()),
            named: named.get(&line.clue_id).cloned().unwrap_or_default(),
            ..Subject::default()
        };
        match reader.sees(&subject) {
            Some(View::Full) => lines.push(line),
            Some(View::Meta) => {
                line.title.clear();
                line.words.clear();
                line.answer = line.answer.map(|_| String::new());
                lines.push(line);
            }
            _ => {}
        }
    }
    Ok(lines)
}
