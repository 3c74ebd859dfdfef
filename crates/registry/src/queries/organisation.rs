//! Who is who on a day: what routing and recusal need to know.

use std::collections::{BTreeMap, BTreeSet};

use domain::problem::Failure;
use domain::recusal::{Party, Relation, Relations};
use domain::report::rules::Level;
use domain::routing::{Office, Organisation, Post, office_id};
use domain::time::Day;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::actions::people::tie;
use crate::db::failure;

/// Role of an office key that stands for the next level up.
pub const OUTSIDE: &str = "OUTSIDE";

/// The organisation on a day. `named` are persons that matter though they hold no post.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn load(
    connection: &mut AnyConnection,
    day: Day,
    named: &BTreeSet<String>,
) -> Result<Organisation, Failure> {
    let posts = posts(connection, day).await?;
    let mut offices: BTreeMap<String, Office> = BTreeMap::new();
    let areas = areas(connection).await?;
    for post in &posts {
        office(&mut offices, &areas, &post.role, &post.place).members.insert(post.person.clone());
    }
    keys(connection, &mut offices, &areas, day).await?;
    load_of_offices(connection, &mut offices).await?;
    let mut persons: BTreeSet<String> = named.clone();
    persons.extend(posts.iter().map(|post| post.person.clone()));
    persons.extend(offices.values().flat_map(|office| office.members.iter().cloned()));
    Ok(Organisation {
        offices: offices.into_values().collect(),
        parties: parties(connection, &persons).await?,
        relations: relations(connection).await?,
        posts,
        areas,
        interested: Vec::new(),
    })
}

fn office<'a>(
    offices: &'a mut BTreeMap<String, Office>,
    areas: &BTreeMap<String, String>,
    role: &str,
    place: &str,
) -> &'a mut Office {
    let id = office_id(role, place.rsplit('/').next().unwrap_or_default());
    offices.entry(id.clone()).or_insert_with(|| Office {
        id,
        role: role.to_owned(),
        place: place.to_owned(),
        area: areas.get(place).cloned(),
        members: BTreeSet::new(),
        keyed: false,
        open: 0,
    })
}

async fn rows(
    connection: &mut AnyConnection,
    text: &'static str,
    day: Option<Day>,
) -> Result<Vec<AnyRow>, Failure> {
    let mut query = sqlx::query(text);
    if let Some(day) = day {
        query = query.bind(day.to_string());
    }
    query.fetch_all(connection).await.map_err(|error| failure("read organisation", error))
}

fn text(row: &AnyRow, column: &str) -> Result<String, Failure> {
    row.try_get(column).map_err(|error| failure("read organisation", error))
}

async fn posts(connection: &mut AnyConnection, day: Day) -> Result<Vec<Post>, Failure> {
    let query = "select s.person, s.role, p.path from posts s join places p on p.id = s.place \
                 where s.from_day <= $1 and (s.until_day is null or s.until_day >= $1) \
                 order by p.path, s.role, s.person";
    let rows = rows(connection, query, Some(day)).await?;
    let post = |row: &AnyRow| {
        let (person, role) = (text(row, "person")?, text(row, "role")?);
        Ok(Post { person, role, place: text(row, "path")? })
    };
    rows.iter().map(post).collect()
}

async fn areas(connection: &mut AnyConnection) -> Result<BTreeMap<String, String>, Failure> {
    let query = "select path, area from places where area is not null and level = 'township'";
    let rows = rows(connection, query, None).await?;
    rows.iter().map(|row| Ok((text(row, "path")?, text(row, "area")?))).collect()
}

/// Offices with a live key; whoever holds one belongs to the office, also without a post in it.
async fn keys(
    connection: &mut AnyConnection,
    offices: &mut BTreeMap<String, Office>,
    areas: &BTreeMap<String, String>,
    day: Day,
) -> Result<(), Failure> {
    let query = "select k.role, p.path, h.person from office_keys k join places p on p.id = k.place \
                 left join office_key_holders h on h.office_key = k.id and h.sealed is not null \
                 where k.made_day <= $1 and k.ended_day is null";
    for row in rows(connection, query, Some(day)).await? {
        let role = text(&row, "role")?;
        if role == OUTSIDE {
            continue;
        }
        let office = office(offices, areas, &role, &text(&row, "path")?);
        office.keyed = true;
        let person = row.try_get("person").map_err(|error| failure("read organisation", error))?;
        let person: Option<String> = person;
        office.members.extend(person);
    }
    Ok(())
}

async fn load_of_offices(
    connection: &mut AnyConnection,
    offices: &mut BTreeMap<String, Office>,
) -> Result<(), Failure> {
    let query = "select office, count(*) as open from reports \
                 where state in ('received', 'contested', 'accepted') group by office";
    for row in rows(connection, query, None).await? {
        let open: i64 = row.try_get("open").map_err(|error| failure("read organisation", error))?;
        if let Some(office) = offices.get_mut(&text(&row, "office")?) {
            office.open = u32::try_from(open).unwrap_or(u32::MAX);
        }
    }
    Ok(())
}

async fn parties(
    connection: &mut AnyConnection,
    persons: &BTreeSet<String>,
) -> Result<BTreeMap<String, Party>, Failure> {
    let during = |error| failure("read people", error);
    let officers = "select p.id, p.household, p.unit, l.path from people p \
                    left join places l on l.id = p.native_village \
                    where p.id in (select s.person from posts s) \
                    or p.id in (select h.person from office_key_holders h)";
    let mut parties = BTreeMap::new();
    for row in rows(connection, officers, None).await? {
        let party = party(&row).map_err(during)?;
        parties.insert(party.person.clone(), party);
    }
    let one = "select p.id, p.household, p.unit, l.path from people p \
               left join places l on l.id = p.native_village where p.id = $1";
    for person in persons.iter().filter(|person| !parties.contains_key(*person)).collect::<Vec<_>>()
    {
        let row = sqlx::query(one).bind(person.clone()).fetch_optional(&mut *connection).await;
        if let Some(row) = row.map_err(during)? {
            parties.insert(person.clone(), party(&row).map_err(during)?);
        }
    }
    Ok(parties)
}

fn party(row: &AnyRow) -> Result<Party, sqlx::Error> {
    Ok(Party {
        person: row.try_get("id")?,
        household: row.try_get("household")?,
        unit: row.try_get("unit")?,
        native_village: row.try_get("path")?,
        superiors: Vec::new(),
    })
}

async fn relations(connection: &mut AnyConnection) -> Result<Relations, Failure> {
    let rows = rows(connection, "select person, other, relation from kinships", None).await?;
    let relation = |row: &AnyRow| {
        let (first, second) = (text(row, "person")?, text(row, "other")?);
        Ok(Relation { first, second, tie: tie(&text(row, "relation")?)? })
    };
    let list: Vec<Relation> = rows.iter().map(relation).collect::<Result<_, Failure>>()?;
    Ok(Relations::with_siblings(&list))
}

/// The level of an office, by the path of its place.
///
/// # Errors
/// A problem when its place is unknown.
pub async fn place_of(
    connection: &mut AnyConnection,
    office: &str,
) -> Result<(String, Level), Failure> {
    let code = office.split_once('@').map_or(office, |(_, code)| code);
    let row = sqlx::query("select path from places where id = $1").bind(code.to_owned());
    let row = row.fetch_optional(connection).await;
    let row = row.map_err(|error| failure("read place", error))?;
    let path = text(&row.ok_or_else(|| crate::actions::unknown("office", office))?, "path")?;
    let level = Level::of_path(&path);
    Ok((path, level))
}
