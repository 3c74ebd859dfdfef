//! Everything that the register knows about one person, household, account, firm, village or post, in time
//! order, and what each of them leads to. Only what the reader may know of on its own: a look at a subject
//! shows no finding and no clue that he could not open.

use std::collections::BTreeSet;

use domain::access::{Subject, View};
use domain::problem::Failure;
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Reader, clues, named};
use crate::actions::supervision::findings::signed;
use crate::db::{Db, failure};

/// What a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody.
    Person,
    /// A household.
    Household,
    /// A bank account.
    Account,
    /// A firm.
    Firm,
    /// A village.
    Village,
    /// A post in a place.
    Post,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Person, Self::Household, Self::Account, Self::Firm, Self::Village, Self::Post];

    /// Code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Household => "household",
            Self::Account => "account",
            Self::Firm => "firm",
            Self::Village => "village",
            Self::Post => "post",
        }
    }

    /// By its code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A subject: its kind and its key. Keys are those of findings (16 hex digits of the facts, codes of
/// places), `role@place` of a post, the name of a firm, and `=id` for a person of the register whom no
/// file of the facts knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Of {
    /// Kind.
    pub kind: Kind,
    /// Key.
    pub key: String,
}

impl Of {
    /// A subject.
    #[must_use]
    pub fn new(kind: Kind, key: impl Into<String>) -> Self {
        Self { kind, key: key.into() }
    }

    /// The key in the facts, where it has one.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        match self.kind {
            Kind::Person | Kind::Household | Kind::Account if self.key.len() == 16 => {
                u64::from_str_radix(&self.key, 16).ok()
            }
            _ => None,
        }
    }
}

/// A line between two subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Where it leads.
    pub to: Of,
    /// Code of what it is: `kin`, `household`, `account`, `firm`, `post`, `village`, `contract`, `finding`.
    pub relation: &'static str,
    /// More about it, such as the code of a relationship or of a role.
    pub more: String,
    /// Days that it holds, where they are known.
    pub from_day: Option<String>,
    /// Last day.
    pub until_day: Option<String>,
}

impl Tie {
    /// A line without days.
    #[must_use]
    pub fn new(to: Of, relation: &'static str, more: impl Into<String>) -> Self {
        Self { to, relation, more: more.into(), from_day: None, until_day: None }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// When.
    pub day: String,
    /// `asked`, `assigned`, `recorded`, `money`, `clue`, `fix`, `fixed`, `post`, `post_end`, `matter`.
    pub kind: String,
    /// Number of the finding, clue, rectification or matter that it belongs to.
    pub number: String,
    /// Key of that.
    #[serde(skip)]
    pub thing: String,
    /// Path of its place.
    #[serde(skip)]
    pub path: String,
    /// A code: state, result, step, kind of money, role.
    pub code: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Money.
    pub amount_fen: Option<i64>,
}

impl Moment {
    from_row!(Moment { day, kind, number, thing, path, code, title_zh, title_en, amount_fen });
}

/// Most moments that a page shows, the latest ones.
const SHOWN: usize = 300;

/// Statements about the findings of a subject; `f` is the finding.
struct Texts {
    moments: &'static str,
    people: &'static str,
}

macro_rules! texts {
    ($of:literal) => {
        Texts {
            moments: concat!(
                "select f.first_day as day, 'asked' as kind, f.number, f.id as thing, p.path, f.state as code, \
                 m.title_zh, m.title_en, f.amount_fen from findings f join finding_models m on m.id = f.model \
                 join places p on p.id = f.place where ", $of, " union all \
                 select c.assigned_day, 'assigned', f.number, f.id, p.path, '', m.title_zh, m.title_en, \
                 cast(null as bigint) from findings f join finding_checks c on c.finding = f.id \
                 join finding_models m on m.id = f.model join places p on p.id = f.place where ", $of,
                " union all select c.recorded_day, 'recorded', f.number, f.id, p.path, c.outcome, m.title_zh, \
                 m.title_en, c.recover_fen from findings f join finding_checks c on c.finding = f.id \
                 join finding_models m on m.id = f.model join places p on p.id = f.place \
                 where c.recorded_day is not null and ", $of,
                " union all select r.day, 'money', f.number, f.id, p.path, r.kind, m.title_zh, m.title_en, \
                 r.amount_fen from findings f join recoveries r on r.finding = f.id \
                 join finding_models m on m.id = f.model join places p on p.id = f.place where ", $of,
                " union all select e.day, 'clue', c.number, c.id, p.path, e.step, '', '', \
                 cast(null as bigint) from findings f join clue_findings l on l.finding = f.id \
                 join clues c on c.id = l.clue join clue_events e on e.clue = c.id \
                 join places p on p.id = c.place where ", $of,
                " union all select r.issued_day, 'fix', r.number, r.id, p.path, r.state, '', '', \
                 cast(null as bigint) from findings f join rectifications r on r.finding = f.id \
                 join places p on p.id = r.place where ", $of,
                " union all select r.closed_day, 'fixed', r.number, r.id, p.path, r.state, '', '', \
                 cast(null as bigint) from findings f join rectifications r on r.finding = f.id \
                 join places p on p.id = r.place where r.closed_day is not null and ", $of,
            ),
            people: concat!(
                "select distinct x.person_key, f.grain, f.subject from findings f \
                 join finding_people x on x.finding = f.id where ", $of, " order by 1, 2, 3 limit 60"
            ),
        }
    };
}

const OF_PERSON: Texts =
    texts!("f.id in (select y.finding from finding_people y where y.person_key = $1)");
const OF_SUBJECT: Texts = texts!("f.subject = $1");
const OF_PLACE: Texts = texts!("f.place = $1");

/// All statements.
pub(super) fn statements() -> Vec<&'static str> {
    let of = [&OF_PERSON, &OF_SUBJECT, &OF_PLACE];
    let mut all: Vec<&str> = of.into_iter().flat_map(|text| [text.moments, text.people]).collect();
    all.extend([ID, POSTS, MATTERS, CLUES, KIN, HELD, NAMED, CHOICES, CLUE_CHOICES]);
    all
}

/// What the register knows of a subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// What happened, the latest first.
    pub moments: Vec<Moment>,
    /// Where it leads.
    pub ties: Vec<Tie>,
    /// Ids of the register of whoever it is about.
    pub known: Vec<String>,
}

/// The story of a subject, as far as the reader may know it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn story(db: &Db, reader: &Reader<'_>, of: &Of) -> Result<Story, Failure> {
    let mut story = Story::default();
    match of.kind {
        Kind::Person => person(db, of, &mut story).await?,
        Kind::Post => post(db, of, &mut story).await?,
        Kind::Household | Kind::Account | Kind::Firm | Kind::Village => {}
    }
    let texts = match (of.kind, of.number()) {
        (Kind::Person, Some(_)) => Some(&OF_PERSON),
        (Kind::Household | Kind::Account, _) => Some(&OF_SUBJECT),
        (Kind::Village, _) => Some(&OF_PLACE),
        _ => None,
    };
    if let Some(texts) = texts {
        findings(db, texts, of, &mut story).await?;
    }
    if of.kind == Kind::Village {
        holders(db, &of.key, &mut story).await?;
    }
    readable(db, reader, &mut story).await?;
    story.moments.sort_by(|a, b| b.day.cmp(&a.day).then(a.number.cmp(&b.number)));
    story.moments.truncate(SHOWN);
    Ok(story)
}

async fn findings(db: &Db, texts: &Texts, of: &Of, story: &mut Story) -> Result<(), Failure> {
    let during = |error| failure("read subject", error);
    let ask = |text: &'static str| {
        let query = sqlx::query(text);
        match of.number().filter(|_| of.kind == Kind::Person) {
            Some(key) => query.bind(signed(key)),
            None => query.bind(of.key.clone()),
        }
    };
    let rows = ask(texts.moments).fetch_all(&db.read).await.map_err(during)?;
    for row in &rows {
        story.moments.push(Moment::from_row(row).map_err(during)?);
    }
    if of.kind == Kind::Village {
        return Ok(());
    }
    let rows = ask(texts.people).fetch_all(&db.read).await.map_err(during)?;
    for row in &rows {
        let key: i64 = row.try_get("person_key").map_err(during)?;
        let (grain, subject): (String, String) =
            (row.try_get("grain").map_err(during)?, row.try_get("subject").map_err(during)?);
        let person = Of::new(Kind::Person, format!("{key:016x}"));
        let whole = Kind::named(&grain).map(|kind| Of::new(kind, subject));
        for to in whole.into_iter().filter(|whole| whole.number().is_some()).chain([person]) {
            let tie = Tie::new(to, "finding", "");
            if tie.to != *of && !story.ties.contains(&tie) {
                story.ties.push(tie);
            }
        }
    }
    Ok(())
}

const ID: &str = "select id from people where person_key = $1";
const POSTS: &str = "select s.role, s.place, p.path, p.name, s.from_day, s.until_day from posts s \
    join places p on p.id = s.place where s.person = $1 order by s.from_day desc limit 60";
const MATTERS: &str = "select max(e.day) as day, 'matter' as kind, m.number, m.id as thing, p.path, m.power as code, \
    m.title as title_zh, m.title as title_en, cast(null as bigint) as amount_fen from events e \
    join matters m on m.id = e.matter join places p on p.id = m.place where e.person = $1 \
    group by m.number, m.id, p.path, m.power, m.title order by 1 desc limit 40";
const CLUES: &str = "select e.day, 'clue' as kind, c.number, c.id as thing, p.path, e.step as code, '' as title_zh, \
    '' as title_en, cast(null as bigint) as amount_fen from clue_people l join clues c on c.id = l.clue \
    join clue_events e on e.clue = c.id join places p on p.id = c.place where l.person = $1";
const KIN: &str = "select q.id, q.person_key, k.relation, case when k.person = $1 then 1 else 0 end as first \
    from kinships k join people q on q.id = case when k.person = $1 then k.other else k.person end \
    where k.person = $1 or k.other = $1 order by q.id limit 60";

/// Somebody of the register: posts, matters, clues about him, kin.
async fn person(db: &Db, of: &Of, story: &mut Story) -> Result<(), Failure> {
    let during = |error| failure("read person", error);
    let id: Option<String> = match of.number() {
        Some(key) => {
            let row = sqlx::query(ID).bind(signed(key)).fetch_optional(&db.read).await;
            row.map_err(during)?.map(|row| row.try_get("id")).transpose().map_err(during)?
        }
        None => of.key.strip_prefix('=').map(str::to_owned),
    };
    let Some(id) = id else { return Ok(()) };
    let read = async |text: &'static str| {
        sqlx::query(text).bind(id.clone()).fetch_all(&db.read).await.map_err(during)
    };
    for row in &read(POSTS).await? {
        let text = |column: &str| row.try_get::<String, _>(column).map_err(during);
        let (role, place) = (text("role")?, text("place")?);
        let until: Option<String> = row.try_get("until_day").map_err(during)?;
        let moment = |day: &str, kind: &str| Moment {
            day: day.to_owned(),
            kind: kind.to_owned(),
            number: String::new(),
            thing: String::new(),
            path: String::new(),
            code: role.clone(),
            title_zh: String::new(),
            title_en: String::new(),
            amount_fen: None,
        };
        let from = text("from_day")?;
        let name = text("name")?;
        let told =
            |moment: Moment| Moment { title_zh: name.clone(), title_en: name.clone(), ..moment };
        story.moments.push(told(moment(&from, "post")));
        story.moments.extend(until.as_deref().map(|day| told(moment(day, "post_end"))));
        let to = Of::new(Kind::Post, format!("{role}@{place}"));
        let tie = Tie::new(to, "post", role.clone());
        story.ties.push(Tie { from_day: Some(from), until_day: until, ..tie });
    }
    for text in [MATTERS, CLUES] {
        for row in &read(text).await? {
            story.moments.push(Moment::from_row(row).map_err(during)?);
        }
    }
    for row in &read(KIN).await? {
        let (relation, first): (String, i64) =
            (row.try_get("relation").map_err(during)?, row.try_get("first").map_err(during)?);
        let more = match (relation.as_str(), first) {
            ("parent", 1) => "child",
            ("parent", _) => "parent",
            ("spouse", _) => "spouse",
            _ => "sibling",
        };
        story.ties.push(Tie::new(who(row).map_err(during)?, "kin", more));
    }
    story.known.push(id);
    Ok(())
}

/// Whoever a row names: by the key of the facts, or by the id of the register.
fn who(row: &AnyRow) -> Result<Of, sqlx::Error> {
    let key: Option<i64> = row.try_get("person_key")?;
    let id: String = row.try_get("id")?;
    Ok(match key {
        Some(key) => Of::new(Kind::Person, format!("{key:016x}")),
        None => Of::new(Kind::Person, format!("={id}")),
    })
}

const HELD: &str = "select q.id, q.person_key, s.from_day, s.until_day, s.role, s.place, p.name from posts s \
    join people q on q.id = s.person join places p on p.id = s.place \
    where s.place = $1 and ($2 = '' or s.role = $2) order by s.from_day desc, q.id limit 60";

/// A post: whoever held it, the last first.
async fn post(db: &Db, of: &Of, story: &mut Story) -> Result<(), Failure> {
    let during = |error| failure("read post", error);
    let Some((role, place)) = of.key.split_once('@') else { return Ok(()) };
    let rows = sqlx::query(HELD).bind(place.to_owned()).bind(role.to_owned());
    for row in &rows.fetch_all(&db.read).await.map_err(during)? {
        let tie = Tie::new(who(row).map_err(during)?, "post", role);
        let from: String = row.try_get("from_day").map_err(during)?;
        let until = row.try_get("until_day").map_err(during)?;
        story.ties.push(Tie { from_day: Some(from), until_day: until, ..tie });
    }
    story.ties.push(Tie::new(Of::new(Kind::Village, place), "village", ""));
    Ok(())
}

/// Posts of a village.
async fn holders(db: &Db, place: &str, story: &mut Story) -> Result<(), Failure> {
    let during = |error| failure("read posts", error);
    let rows = sqlx::query(HELD).bind(place.to_owned()).bind(String::new());
    let mut seen = BTreeSet::new();
    for row in &rows.fetch_all(&db.read).await.map_err(during)? {
        let role: String = row.try_get("role").map_err(during)?;
        if seen.insert(role.clone()) {
            let to = Of::new(Kind::Post, format!("{role}@{place}"));
            story.ties.push(Tie::new(to, "post", role));
        }
    }
    Ok(())
}

const NAMED: &str = "select f.finding as thing, q.id as person from finding_people f \
    join people q on q.person_key = f.person_key where f.finding = $1";

/// Leaves out what the reader may not know of.
async fn readable(db: &Db, reader: &Reader<'_>, story: &mut Story) -> Result<(), Failure> {
    let (mut open, mut shut) = (BTreeSet::new(), BTreeSet::new());
    for at in &story.moments {
        if at.thing.is_empty() || open.contains(&at.thing) || shut.contains(&at.thing) {
            continue;
        }
        let may = match at.kind.as_str() {
            "clue" => clues::one(db, reader, &at.number).await?.is_some_and(|page| page.is_full),
            "fix" | "fixed" => reader.by.sees("rectification", &at.path),
            "matter" => reader.by.sees("matter", &at.path),
            _ => {
                let people = named(db, NAMED, &at.thing).await?;
                let people = people.into_values().next().unwrap_or_default();
                let subject = Subject {
                    object: "hit".to_owned(),
                    id: at.thing.clone(),
                    place: at.path.clone(),
                    named: people,
                    ..Subject::default()
                };
                reader.sees(&subject).is_some_and(|view| view >= View::Meta)
            }
        };
        if may {
            open.insert(at.thing.clone())
        } else {
            shut.insert(at.thing.clone())
        };
    }
    story.moments.retain(|at| !shut.contains(&at.thing));
    Ok(())
}

const CHOICES: &str = "select f.grain, f.subject, f.place, x.person_key from findings f \
    left join finding_people x on x.finding = f.id where f.number = $1 order by x.person_key limit 60";
const CLUE_CHOICES: &str = "select q.id, q.person_key, c.place from clues c left join clue_people l on l.clue = c.id \
    left join people q on q.id = l.person where c.number = $1 order by q.id limit 60";

/// What a look that begins with a finding may be about: its subject, the people in it, its village.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn of_finding(db: &Db, number: &str) -> Result<Vec<Of>, Failure> {
    let during = |error| failure("read finding", error);
    let rows = sqlx::query(CHOICES).bind(number.to_owned()).fetch_all(&db.read).await;
    let mut all: Vec<Of> = Vec::new();
    let mut place = String::new();
    for row in &rows.map_err(during)? {
        let grain: String = row.try_get("grain").map_err(during)?;
        let subject: String = row.try_get("subject").map_err(during)?;
        place = row.try_get("place").map_err(during)?;
        let key: Option<i64> = row.try_get("person_key").map_err(during)?;
        let whole = Kind::named(&grain).map(|kind| Of::new(kind, subject));
        let person = key.map(|key| Of::new(Kind::Person, format!("{key:016x}")));
        all.extend(whole.filter(|whole| whole.number().is_some()));
        all.extend(person);
    }
    all.push(Of::new(Kind::Village, place));
    let mut seen = BTreeSet::new();
    all.retain(|one| !one.key.is_empty() && seen.insert(one.clone()));
    Ok(all)
}

/// The same for a look that begins with a clue.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn of_clue(db: &Db, number: &str) -> Result<Vec<Of>, Failure> {
    let during = |error| failure("read clue", error);
    let rows = sqlx::query(CLUE_CHOICES).bind(number.to_owned()).fetch_all(&db.read).await;
    let mut all: Vec<Of> = Vec::new();
    for row in &rows.map_err(during)? {
        let id: Option<String> = row.try_get("id").map_err(during)?;
        if id.is_some() {
            all.push(who(row).map_err(during)?);
        }
        let place: String = row.try_get("place").map_err(during)?;
        let village = Of::new(Kind::Village, place);
        all.retain(|one| *one != village);
        all.push(village);
    }
    Ok(all)
}
