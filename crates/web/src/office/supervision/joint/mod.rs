//! Joint work: areas and who leads them, requests for cooperation, campaigns.

mod areas;
mod campaign;
mod campaigns;
mod cooperations;

use domain::access::Act;
use domain::supervision::stepped::rules::Kind;

use super::{APPROVE, CREATE, READ, Room, SIGN, UPDATE, act, led};
use crate::routes::{Right, Routes};
use crate::ui::Ui;

const AREA: &str = "area";
const COOPERATION: &str = "cooperation";
const CAMPAIGN: &str = "campaign";
/// Whoever asked may end it, and whoever approved.
const END: &[Act] = &[Act::Update, Act::Approve];

/// Routes of joint work.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    campaign_routes(routes)
        .get("/office/supervision/areas", Right::May(READ, AREA), areas::show)
        .post("/office/supervision/areas", Right::May(CREATE, AREA), areas::lead)
        .get("/office/supervision/cooperations", Right::May(READ, COOPERATION), cooperations::list)
        .post(
            "/office/supervision/cooperations",
            Right::May(CREATE, COOPERATION),
            cooperations::ask,
        )
        .post(
            "/office/supervision/cooperations/{number}/decision",
            Right::May(APPROVE, COOPERATION),
            cooperations::decide,
        )
        .post(
            "/office/supervision/cooperations/{number}/end",
            Right::May(END, COOPERATION),
            cooperations::end,
        )
}

/// Whether somebody is in the team, the rules ask: no role has that right by itself.
fn campaign_routes(routes: Routes) -> Routes {
    routes
        .get("/office/supervision/campaigns", Right::May(READ, CAMPAIGN), campaigns::list)
        .post("/office/supervision/campaigns", Right::May(CREATE, CAMPAIGN), campaigns::propose)
        .get("/office/supervision/campaigns/{number}", Right::May(READ, CAMPAIGN), campaign::show)
        .post(
            "/office/supervision/campaigns/{number}/decision",
            Right::May(APPROVE, CAMPAIGN),
            campaign::decide,
        )
        .post(
            "/office/supervision/campaigns/{number}/points",
            Right::May(READ, CAMPAIGN),
            campaign::record,
        )
        .post(
            "/office/supervision/campaigns/{number}/findings",
            Right::May(UPDATE, CAMPAIGN),
            campaign::link,
        )
        .post(
            "/office/supervision/campaigns/{number}/closing",
            Right::May(APPROVE, CAMPAIGN),
            campaign::close,
        )
}

impl Ui {
    /// Title of a kind of cooperation or campaign.
    fn kind<'a>(&'a self, kinds: &'a [Kind], code: &'a str) -> &'a str {
        let kind = kinds.iter().find(|kind| kind.code == code);
        kind.map_or(code, |kind| self.title(&kind.title))
    }
}

/// Codes and names that somebody types, one after the other.
fn parts(text: &str) -> Vec<String> {
    let cut = text.split([',', '，', '、', ';', '；', '\n']);
    cut.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}
