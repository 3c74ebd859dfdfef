//! What leaders do about cases: visits at which they receive people (下访), and cases in their own charge
//! (包案) with promises that are followed up.

mod charges;
mod visits;

use domain::access::Act;

use crate::routes::{Right, Routes};

const CHARGE: &str = "charge";
const VISIT: &str = "visit";
const READ: &[Act] = &[Act::Read];
const CREATE: &[Act] = &[Act::Create];
const UPDATE: &[Act] = &[Act::Update];

/// Routes of leaders.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/charges", Right::May(READ, CHARGE), charges::list)
        .post("/office/charges/{id}/steps", Right::May(UPDATE, CHARGE), charges::step)
        .post("/office/charges/{id}/end", Right::May(UPDATE, CHARGE), charges::end)
        .get("/office/visits", Right::May(READ, VISIT), visits::list)
        .post("/office/visits", Right::May(CREATE, VISIT), visits::plan)
        .post("/office/visits/{number}/record", Right::May(UPDATE, VISIT), visits::hold)
}
