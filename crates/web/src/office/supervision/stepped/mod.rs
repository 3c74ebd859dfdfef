//! Stepped-up supervision: the list of a quarter with every score told part by part, and a village under
//! supervision from the decision to its end.

mod checks;
mod hub;
mod list;
mod measures;
mod new;
mod village;

use domain::access::Act;
use domain::supervision::stepped::score::Part;
use registry::queries::stepped::villages::{self, VillagePage};

use super::{APPROVE, CREATE, READ, Room, SIGN, UPDATE, act, led};
use crate::error::Error;
use crate::routes::{Right, Routes};
use crate::ui::Ui;

const STEPPED: &str = "stepped";
/// Whoever works with lists of the county.
const LISTS: &[Act] = &[Act::Create, Act::Approve, Act::Propose];
const DECIDE: &[Act] = &[Act::Approve, Act::Propose];
const SUGGEST: &[Act] = &[Act::Propose];

/// Routes of stepped-up supervision.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    village_routes(routes)
        .get("/office/supervision/stepped", Right::May(READ, STEPPED), hub::show)
        .post("/office/supervision/stepped/lists", Right::May(CREATE, STEPPED), list::propose)
        .post("/office/supervision/stepped/figures", Right::May(CREATE, STEPPED), hub::figures)
        .get("/office/supervision/stepped/lists/{number}", Right::May(LISTS, STEPPED), list::show)
        .post(
            "/office/supervision/stepped/lists/{number}/changes",
            Right::May(CREATE, STEPPED),
            list::change,
        )
        .post(
            "/office/supervision/stepped/lists/{number}/approval",
            Right::May(APPROVE, STEPPED),
            list::approve,
        )
        .get("/office/supervision/stepped/new", Right::May(CREATE, STEPPED), new::show)
        .post("/office/supervision/stepped/villages", Right::May(CREATE, STEPPED), new::propose)
}

fn village_routes(routes: Routes) -> Routes {
    routes
        .get(
            "/office/supervision/stepped/villages/{number}",
            Right::May(READ, STEPPED),
            village::show,
        )
        .post(
            "/office/supervision/stepped/villages/{number}/steps",
            Right::May(DECIDE, STEPPED),
            village::step,
        )
        .post(
            "/office/supervision/stepped/villages/{number}/assignments",
            Right::May(UPDATE, STEPPED),
            checks::assign,
        )
        .post(
            "/office/supervision/stepped/villages/{number}/results",
            Right::May(SIGN, STEPPED),
            checks::record,
        )
        .post(
            "/office/supervision/stepped/villages/{number}/agreements",
            Right::May(SIGN, STEPPED),
            checks::confirm,
        )
        .post(
            "/office/supervision/stepped/villages/{number}/measures",
            Right::May(UPDATE, STEPPED),
            measures::order,
        )
        .post(
            "/office/supervision/stepped/villages/{number}/records",
            Right::May(UPDATE, STEPPED),
            measures::record,
        )
}

/// A village as the reader may see it, in whichever of his roles.
async fn one(room: &Room, number: &str) -> Result<VillagePage, Error> {
    for by in room.desk.each(READ, STEPPED)? {
        if let Some(found) = villages::one(room.db(), &by, number).await? {
            return Ok(found);
        }
    }
    Err(Error::NotFound)
}

fn own(number: &str) -> String {
    format!("/office/supervision/stepped/villages/{number}")
}

fn draft(number: &str, form: &str) -> String {
    format!("supervision/stepped/{number}/{form}")
}

impl Ui {
    /// Title of a key item.
    fn item<'a>(&'a self, code: &'a str) -> &'a str {
        let mut items = self.law().stepped.items.iter();
        items.find(|item| item.code == code).map_or(code, |item| self.title(&item.title))
    }

    /// Title of a kind of measure.
    fn measure<'a>(&'a self, code: &'a str) -> &'a str {
        let mut kinds = self.law().stepped.measures.iter();
        kinds.find(|kind| kind.code == code).map_or(code, |kind| self.title(&kind.title))
    }

    /// Title of a factor.
    fn factor<'a>(&'a self, code: &'a str) -> &'a str {
        let mut factors = self.law().stepped.factors.iter();
        factors.find(|one| one.code == code).map_or(code, |one| self.title(&one.title))
    }

    /// The value of a part of a score in words.
    fn part(&self, part: &Part) -> String {
        let factor = self.law().stepped.factors.iter().find(|one| one.code == part.code);
        let (unit, value) = part.told(factor.map_or("", |factor| factor.unit.as_str()));
        self.with(&format!("ui-st-unit-{unit}"), &[("value", &value)])
    }
}
