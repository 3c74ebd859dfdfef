//! Clues handed to other organs and from them (监审、监警、监信), with receipts and answers.

use domain::access::Act;
use domain::problem::{Failure, Fault};
use domain::supervision::handover::{self, Act as Doing, Draft, Due, Handover, State};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::clues::{self, NewClue};
use super::following::{self, Of};
use super::{Bench, actor, conflict};
use crate::actions::{Refusal, places, serial, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// A clue to be handed to another organ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewHandover {
    /// Number of the clue.
    pub clue: String,
    /// Code of the organ.
    pub partner: String,
    /// Which office of it.
    pub organ: String,
    /// Codes of what goes along.
    pub papers: Vec<String>,
    /// The covering text.
    pub words: String,
}

/// A clue that another organ hands to us.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incoming {
    /// Code of the organ.
    pub partner: String,
    /// Which office of it.
    pub organ: String,
    /// Its number there.
    pub their_number: String,
    /// Codes of what came along.
    pub papers: Vec<String>,
    /// The clue; its channel is that of the organ.
    pub clue: NewClue,
}

/// Proposes to hand a clue over. Returns the number.
///
/// # Errors
/// Every rule that says no; a problem when clue or organ is unknown.
pub async fn propose(
    tx: &mut Tx,
    bench: Bench<'_>,
    new: &NewHandover,
) -> Result<(String, Entry), Refusal> {
    let partner = bench.following.partner(&new.partner);
    let partner = partner.ok_or_else(|| unknown("partner", &new.partner))?;
    let known = clues::load(tx, &new.clue).await?;
    let subject = known.around.subject("handover", &known.id, Some(&known.office));
    let me = actor(tx, &known.around, &[Act::Propose], &subject).await?;
    let against = conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    let filed = known.clue.record.last_done("transfer_out").is_some();
    let allowed: Vec<&str> = bench.following.papers.iter().map(|p| p.code.as_str()).collect();
    let draft = Draft {
        papers: &new.papers,
        allowed: &allowed,
        words: &new.words,
        is_gone: known.merged || filed || known.clue.state() == "closed",
        is_out: is_out(tx, &known.id, &partner.code).await?,
    };
    let basis = &bench.following(tx)?.basis;
    handover::propose(&draft, (&against, basis)).map_err(Refusal::Rules)?;
    let row = NewRow {
        direction: "out",
        partner: &partner.code,
        organ: &new.organ,
        place: &known.around.place,
        clue: &known.id,
        papers: &new.papers,
        words: &new.words,
        state: State::Proposed,
        their_number: None,
    };
    let (_, number) = insert(tx, &row).await?;
    let payload = json!({ "partner": partner.code });
    Ok((number.clone(), Entry::new("handover-proposed", &number, payload)))
}

/// Writes down a clue that another organ handed to us: it is entered in the ledger under the channel of
/// that organ, and our answer is due. Returns the numbers of the receipt and of the clue.
///
/// # Errors
/// Every rule that says no; a problem when organ, place or person is unknown.
pub async fn receive(
    tx: &mut Tx,
    bench: Bench<'_>,
    new: &Incoming,
) -> Result<([String; 2], Entry), Refusal> {
    let partner = bench.following.partner(&new.partner);
    let partner = partner.ok_or_else(|| unknown("partner", &new.partner))?;
    let version = bench.following(tx)?;
    let allowed: Vec<&str> = bench.following.papers.iter().map(|p| p.code.as_str()).collect();
    let draft = Draft {
        papers: &new.papers,
        allowed: &allowed,
        words: &new.clue.words,
        is_gone: false,
        is_out: false,
    };
    let clue = NewClue { source: partner.source.clone(), ..new.clue.clone() };
    let (clue, entry) = clues::receive(tx, bench, &clue).await?;
    tx.record(entry).await?;
    let known = clues::load(tx, &clue).await?;
    let subject = known.around.subject("handover", &known.id, Some(&known.office));
    let me = actor(tx, &known.around, &[Act::Create], &subject).await?;
    let against = conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    handover::propose(&draft, (&against, &version.basis)).map_err(Refusal::Rules)?;
    let row = NewRow {
        direction: "in",
        partner: &partner.code,
        organ: &new.organ,
        place: &known.around.place,
        clue: &known.id,
        papers: &new.papers,
        words: &new.clue.words,
        state: State::Received,
        their_number: Some(&new.their_number),
    };
    let (id, number) = insert(tx, &row).await?;
    let of = due_of(&id, &known.around.place);
    following::set(tx, bench, of, ("answer", &version.own_answer_rule, tx.now.day)).await?;
    let payload = json!({ "partner": partner.code });
    Ok(([number.clone(), clue], Entry::new("handover-received", &number, payload)))
}

/// One act further: let out, confirmed there, answered. Returns the state.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn act(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (doing, words): (&Doing<'_>, &str),
) -> Result<(&'static str, Entry), Refusal> {
    let (id, clue, known) = load(tx, number).await?;
    let clue = clues::load(tx, &clue).await?;
    let subject = clue.around.subject("handover", &clue.id, Some(&clue.office));
    let right = if matches!(doing, Doing::Approve { .. }) { Act::Approve } else { Act::Update };
    let me = actor(tx, &clue.around, &[right], &subject).await?;
    let against = conflict(tx, bench, &clue.around, (&me.person, Some(&me.role))).await?;
    let version = bench.following(tx)?;
    let done = (me.person.as_str(), words, tx.now.day);
    let next = handover::advance(&known, doing, done, (&against, &version.basis));
    let (state, due) = next.map_err(Refusal::Rules)?;
    keep(tx, (&id, state), doing, (&me.person, words)).await?;
    let of = due_of(&id, &clue.around.place);
    match due {
        Some(Due::Receipt(from)) => {
            following::set(tx, bench, of, ("receipt", &version.receipt_rule, from)).await?;
        }
        Some(Due::Answer(from)) => {
            following::set(tx, bench, of, ("answer", &version.answer_rule, from)).await?;
        }
        None => following::clear(tx, &id).await?,
    }
    let payload = json!({ "act": doing.code(), "state": state.code() });
    Ok((state.code(), Entry::new("handover-step", number, payload)))
}

async fn keep(
    tx: &mut Tx,
    (id, state): (&str, State),
    doing: &Doing<'_>,
    (person, words): (&str, &str),
) -> Result<(), Failure> {
    let today = tx.now.day.to_string();
    let (id, state, person) = (id.to_owned(), state.code(), person.to_owned());
    match doing {
        Doing::Approve { .. } => {
            let text = "update handovers set state = $2, approved_by = $3, approved_day = $4 \
                        where id = $1";
            write!(tx, text, id.clone(), state, person, today)?;
        }
        Doing::Receipt { number, day } => {
            let text = "update handovers set state = $2, their_number = $3, receipt_day = $4 \
                        where id = $1";
            write!(tx, text, id.clone(), state, (*number).to_owned(), day.to_string())?;
        }
        Doing::Answer => {
            let text = "update handovers set state = $2, answer = $3, answered_by = $4, \
                        answered_day = $5 where id = $1";
            write!(tx, text, id.clone(), state, words.to_owned(), person, today)?;
        }
    }
    Ok(tx.touch("handovers", &id)?)
}

/// Case management looks after all of them.
fn due_of<'a>(id: &'a str, place: &'a str) -> Of<'a> {
    Of { kind: "handover", subject: id, place, level: "county" }
}

/// Whether a clue lies with an organ already and is not answered.
async fn is_out(tx: &mut Tx, clue: &str, partner: &str) -> Result<bool, Failure> {
    let during = |error| failure("read handovers", error);
    let text = "select count(*) as n from handovers where clue = $1 and partner = $2 \
                and direction = 'out' and state in ('proposed', 'sent', 'received')";
    let row = sqlx::query(text).bind(clue.to_owned()).bind(partner.to_owned());
    let row = row.fetch_one(tx.connection()).await.map_err(during)?;
    Ok(row.try_get::<i64, _>("n").map_err(during)? > 0)
}

struct NewRow<'a> {
    direction: &'static str,
    partner: &'a str,
    organ: &'a str,
    place: &'a str,
    clue: &'a str,
    papers: &'a [String],
    words: &'a str,
    state: State,
    their_number: Option<&'a str>,
}

async fn insert(tx: &mut Tx, row: &NewRow<'_>) -> Result<(String, String), Refusal> {
    let (id, today) = (tx.new_id()?, tx.now.day);
    let county = places::county(tx).await?;
    let (year, _, _) = today.ymd();
    let number = serial(tx, &format!("handover/{year}")).await?;
    let number = format!("YS{county}-{year}-{number:04}");
    let papers = serde_json::to_string(row.papers).map_err(|e| Fault::new("write papers", e))?;
    let received = row.their_number.map(|_| today.to_string());
    let text = "insert into handovers (id, number, direction, partner, organ, place, clue, papers, words, \
                state, proposed_by, proposed_day, their_number, receipt_day) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    write!(
        tx,
        text,
        id.clone(),
        number.clone(),
        row.direction,
        row.partner.to_owned(),
        row.organ.to_owned(),
        row.place.to_owned(),
        row.clue.to_owned(),
        papers,
        row.words.to_owned(),
        row.state.code(),
        tx.by.person.clone(),
        today.to_string(),
        row.their_number.map(str::to_owned),
        received,
    )?;
    tx.touch("handovers", &id)?;
    Ok((id, number))
}

/// Key, number of its clue, and how it stands.
async fn load(tx: &mut Tx, number: &str) -> Result<(String, String, Handover), Failure> {
    let during = |error| failure("read handover", error);
    let text = "select h.id, h.state, h.direction, h.proposed_by, h.approved_day, c.number as clue \
                from handovers h join clues c on c.id = h.clue where h.number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("handover", number))?;
    let must = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let maybe = |column: &str| row.try_get::<Option<String>, _>(column).map_err(during);
    let known = Handover {
        state: State::named(&must("state")?).unwrap_or_default(),
        incoming: must("direction")? == "in",
        proposed_by: maybe("proposed_by")?.unwrap_or_default(),
        sent: maybe("approved_day")?.as_deref().and_then(Day::parse),
    };
    Ok((must("id")?, must("clue")?, known))
}
