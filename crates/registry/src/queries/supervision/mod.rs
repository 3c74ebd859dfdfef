//! What supervision shows: findings, clues, rectifications, the funnel. Whoever is in a thing, or close to
//! somebody who is, does not see it (I8).

pub mod cases;
pub mod clues;
pub mod findings;
pub mod funnel;
pub mod handovers;
pub mod letters;
pub mod looks;
pub mod months;
pub mod overdue;
pub mod pages;
pub mod post_duties;
pub mod rates;
pub mod rectifications;
pub mod regulations;
pub mod screenings;
pub mod subjects;

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Act, Subject, View};
use domain::catalogue::on;
use domain::problem::{Failure, Place, Problem};
use domain::recusal::{self, Part, Party, Policy, Relations, Verdict};
use domain::time::Day;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::access::By;
use crate::db::{Db, failure};
use crate::queries::standing;

/// Statements that the pages of supervision ask, for the test that reads their plans.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    let mut all = subjects::statements();
    all.extend(funnel::STATEMENTS);
    all.extend(findings::STATEMENTS);
    all.extend(clues::STATEMENTS);
    all.extend(months::STATEMENTS);
    all.extend(pages::STATEMENTS);
    all.extend(overdue::STATEMENTS);
    all.push(rates::COUNT);
    all.push(PARTIES);
    all
}

/// Whoever reads, and who must not be read about by him.
pub struct Reader<'a> {
    /// Who reads.
    pub by: &'a By,
    policy: Option<&'a Policy>,
    me: Option<Party>,
    relations: Relations,
    parties: BTreeMap<String, Party>,
}

impl<'a> Reader<'a> {
    /// Somebody who reads on a day.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn new(
        db: &Db,
        by: &'a By,
        policies: &'a [Policy],
        day: Day,
    ) -> Result<Self, Failure> {
        let policy = on(policies, day);
        let empty =
            Self { by, policy, me: None, relations: Relations::default(), parties: <_>::default() };
        let Some(person) = by.person.clone() else { return Ok(empty) };
        let mut parties = parties(db, &person).await?;
        let mut me = parties.remove(&person);
        if let (Some(me), Some(policy)) = (&mut me, policy) {
            me.superiors = standing::superiors(&db.read, policy, &person, day).await?;
        }
        Ok(Self { me, relations: standing::relations(&db.read).await?, parties, ..empty })
    }

    /// How much he sees of a thing in which these people are.
    #[must_use]
    pub fn sees(&self, subject: &Subject) -> Option<View> {
        let close = subject.named.iter().any(|person| self.is_close(person));
        (!close).then(|| self.by.may(Act::Read, subject).ok()).flatten()
    }

    /// Whether something stands between him and a person.
    fn is_close(&self, person: &str) -> bool {
        let (Some(me), Some(policy)) = (&self.me, self.policy) else { return false };
        let other = Party { person: person.to_owned(), ..Party::default() };
        let other = self.parties.get(person).cloned().unwrap_or(other);
        let led = me.superiors.iter().any(|superior| superior == person);
        let part = if led { Part::Accused } else { Part::Concerned };
        let subject = recusal::Subject { persons: vec![(part, other)], ..<_>::default() };
        let conflict = recusal::conflicts(policy, me, &subject, &self.relations);
        conflict.verdict == Verdict::Block
    }
}

const PARTIES: &str = "select id, household, unit, native_village from people where id = $1 \
    or id in (select person from clue_people) or (person_key is not null and exists \
    (select 1 from finding_people f where f.person_key = people.person_key))";

/// The reader himself, and everybody who is in a finding or a clue.
async fn parties(db: &Db, reader: &str) -> Result<BTreeMap<String, Party>, Failure> {
    let during = |error| failure("read people", error);
    let rows =
        sqlx::query(PARTIES).bind(reader.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let party = |row: &AnyRow| -> Result<(String, Party), sqlx::Error> {
        let id: String = row.try_get("id")?;
        let party = Party {
            person: id.clone(),
            household: row.try_get("household")?,
            unit: row.try_get("unit")?,
            native_village: row.try_get("native_village")?,
            superiors: Vec::new(),
        };
        Ok((id, party))
    };
    rows.iter().map(party).collect::<Result<_, _>>().map_err(during)
}

/// People of the register by the thing that they are in: pairs of thing and person from a query.
async fn named(
    db: &Db,
    text: &'static str,
    path: &str,
) -> Result<BTreeMap<String, BTreeSet<String>>, Failure> {
    let during = |error| failure("read people", error);
    let rows = sqlx::query(text).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let (thing, person): (String, String) =
            (row.try_get("thing").map_err(during)?, row.try_get("person").map_err(during)?);
        named.entry(thing).or_default().insert(person);
    }
    Ok(named)
}

/// Who may check in a place: id and name of whoever holds a post of supervision there or above.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn staff(db: &Db, path: &str, day: Day) -> Result<Vec<(String, String)>, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select distinct q.id, q.name from posts s join places p on p.id = s.place \
                join people q on q.id = s.person where s.role in ('TDI', 'CJ', 'AR', 'CF') \
                and ($1 = p.path or $1 like p.path || '/%') and s.from_day <= $2 \
                and (s.until_day is null or s.until_day >= $2) order by q.name, q.id";
    let rows = sqlx::query(text).bind(path.to_owned()).bind(day.to_string());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let one = |row: &AnyRow| Ok((row.try_get("id")?, row.try_get("name")?));
    rows.iter().map(one).collect::<Result<_, _>>().map_err(during)
}

/// The people of a place who may be put in charge of something there: id and name of whoever holds a
/// post of the village.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn holders(db: &Db, place: &str, day: Day) -> Result<Vec<(String, String)>, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select distinct q.id, q.name from posts s join people q on q.id = s.person \
                where s.place = $1 and s.from_day <= $2 and (s.until_day is null or s.until_day >= $2) \
                order by q.name, q.id";
    let rows = sqlx::query(text).bind(place.to_owned()).bind(day.to_string());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let one = |row: &AnyRow| Ok((row.try_get("id")?, row.try_get("name")?));
    rows.iter().map(one).collect::<Result<_, _>>().map_err(during)
}

/// Ids of people as somebody types them, by id or by name, of those who live or serve in a place or
/// below it.
///
/// # Errors
/// A problem about the first who is unknown, or whom several are called.
pub async fn people_named(db: &Db, path: &str, typed: &[String]) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read people", error);
    let text = "select distinct q.id from people q left join places v on v.id = q.village \
                left join posts s on s.person = q.id left join places p on p.id = s.place \
                where q.id = $2 or (q.name = $2 and (v.path = $1 or v.path like $1 || '/%' \
                or p.path = $1 or p.path like $1 || '/%'))";
    let mut ids = Vec::new();
    for one in typed {
        let rows = sqlx::query(text).bind(path.to_owned()).bind(one.clone());
        let rows = rows.fetch_all(&db.read).await.map_err(during)?;
        let [row] = rows.as_slice() else {
            let place = Place { column: Some("accused".to_owned()), ..Place::default() };
            let problem = Problem::new("person-not-one", place).with("count", rows.len());
            return Err(problem.into());
        };
        ids.push(row.try_get("id").map_err(during)?);
    }
    Ok(ids)
}
