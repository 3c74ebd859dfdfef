//! Which villages owe which disclosures more strictly, and from when to when: those under stepped-up
//! supervision, by the catalogue of the day on which it began.

use std::collections::BTreeMap;

use domain::disclosure::{Expected, Tightened, expected_tightened};
use domain::problem::Failure;
use domain::time::Day;
use registry::queries::public_stepped::{Span, spans};
use registry::{Db, Law};

/// What is tighter, by code of the village.
#[derive(Debug, Default)]
pub struct Spans(BTreeMap<String, Vec<Tightened>>);

impl Spans {
    /// As the register has them now.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn read(db: &Db, law: &Law) -> Result<Self, Failure> {
        let mut all: BTreeMap<String, Vec<Tightened>> = BTreeMap::new();
        for span in spans(db).await?.iter() {
            if let Some(tightened) = tightened(span, law) {
                all.entry(span.place.clone()).or_default().push(tightened);
            }
        }
        Ok(Self(all))
    }

    /// Those of a village.
    #[must_use]
    pub fn of(&self, place: &str) -> &[Tightened] {
        self.0.get(place).map_or(&[], Vec::as_slice)
    }

    /// All that is due of a village from the first of a month to the end of another.
    #[must_use]
    pub fn expected(&self, law: &Law, place: &str, (from, until): (Day, Day)) -> Vec<Expected> {
        expected_tightened(&law.catalogue, self.of(place), from, until)
    }
}

fn tightened(span: &Span, law: &Law) -> Option<Tightened> {
    let from = Day::parse(&span.from_day)?;
    let until = span.ended_day.as_deref().unwrap_or(&span.until_day);
    let duties = law.stepped.on(from).ok()?.tightened.clone();
    Some(Tightened { from, until: Day::parse(until)?, duties })
}
