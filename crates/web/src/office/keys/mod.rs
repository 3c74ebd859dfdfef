//! Keys of people and offices (docs/THREAT-MODEL.md, section 4): one's own with its passphrase, those of
//! one's offices, and for whoever looks after keys all of them. Bringing a key back takes two people at
//! the machine: `mingbai office-key recover`.

mod offices;
mod own;

use domain::access::Act;

use crate::routes::{Right, Routes};

const KEY: &str = "office_key";
const READ: &[Act] = &[Act::Read];
const CREATE: &[Act] = &[Act::Create];
const UPDATE: &[Act] = &[Act::Update];

/// Routes of keys.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/keys", Right::SignedIn, own::show)
        .post("/office/keys", Right::SignedIn, own::make)
        .post("/office/keys/passphrase", Right::SignedIn, own::change)
        .post("/office/keys/unlock", Right::SignedIn, own::unlock)
        .post("/office/keys/lock", Right::SignedIn, own::lock)
        .post("/office/keys/holders", Right::SignedIn, own::share)
        .get("/office/office-keys", Right::May(READ, KEY), offices::list)
        .post("/office/office-keys", Right::May(CREATE, KEY), offices::make)
        .get("/office/office-keys/{office}", Right::May(READ, KEY), offices::one)
        .post("/office/office-keys/{office}/holders", Right::May(UPDATE, KEY), offices::add)
        .post("/office/office-keys/{office}/revocation", Right::May(UPDATE, KEY), offices::revoke)
}
