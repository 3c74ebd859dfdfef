//! `mingbai people`: people as far as recusal needs them.

use domain::problem::Failure;
use domain::recusal::Relation;
use registry::actions::people::{self, NewPerson, tie};

use crate::cli::register::PeopleAct;
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Adds a person, or a relation between two.
///
/// # Errors
/// When a village or person is unknown.
pub fn run(setting: &Setting, act: PeopleAct) -> Outcome {
    match act {
        PeopleAct::Add { desk, name, village, household, native, id } => {
            let office = Office::open(setting, &desk)?;
            // Findings then meet the register: whoever is in one, and his kin, stay out of it.
            let key = id.map(|number| -> Result<i64, Failure> {
                let number = domain::ids::IdNumber::read(&number);
                let key = setting.folder(&desk.dir)?.key_of_id(&number.text);
                Ok(i64::from_ne_bytes(key.to_ne_bytes()))
            });
            let new = NewPerson {
                name,
                household: Some((village, household)),
                native_village: native,
                person_key: key.transpose()?,
                ..NewPerson::default()
            };
            let id = office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, "people").await?;
                let (id, entry) = people::add(&mut tx, &new).await?;
                tx.commit(entry).await?;
                Ok::<_, domain::problem::Failure>(id)
            })?;
            say::result(&id);
        }
        PeopleAct::Relate { desk, first, tie: code, second } => {
            let office = Office::open(setting, &desk)?;
            let relation = Relation { first, second, tie: tie(&code)? };
            office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, "people").await?;
                let entry = people::relate(&mut tx, &relation).await?;
                tx.commit(entry).await
            })?;
            setting.remark("ui-related", &[]);
        }
    }
    Ok(Ending::Done)
}
