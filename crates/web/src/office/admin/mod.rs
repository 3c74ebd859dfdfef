//! Administration: places, posts, accounts, the catalogues, and who looked at whom. Who may do which of it,
//! the matrix says: the three administrators of the system have each a part, and none of them the whole.

mod accounts;
mod catalogue;
mod home;
mod looks;
mod places;
mod posts;
mod users;

use domain::access::Act;

use crate::routes::{Right, Routes};

const PLACE: &str = "place";
const POST: &str = "post";
const USER: &str = "user";
const LOG: &str = "audit_log";
const CATALOGUE: &str = "catalogue";
const READ: &[Act] = &[Act::Read];
const CREATE: &[Act] = &[Act::Create];
const UPDATE: &[Act] = &[Act::Update];
const APPROVE: &[Act] = &[Act::Approve];

/// Parts of administration: address, key of the title, kind of thing, and what one must be able to do.
const PARTS: [(&str, &str, &str, &[Act]); 7] = [
    ("/office/posts", "web-posts", POST, READ),
    ("/office/places", "web-places", PLACE, UPDATE),
    ("/office/users", "web-users", USER, READ),
    ("/office/catalogue", "web-catalogue", CATALOGUE, READ),
    ("/office/access-log", "web-looks", LOG, READ),
    ("/office/office-keys", "web-office-keys", "office_key", READ),
    ("/office/outbox", "web-outbox", "outbox", READ),
];

/// Routes of administration.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = place_routes(user_routes(routes));
    routes
        .get("/office/admin", Right::SignedIn, home::show)
        .get("/office/catalogue", Right::May(READ, CATALOGUE), catalogue::list::show)
        .get("/office/catalogue/{kind}/{code}", Right::May(READ, CATALOGUE), catalogue::one::show)
        .get("/office/access-log", Right::May(READ, LOG), looks::show)
        .post("/office/access-log", Right::May(READ, LOG), looks::ask)
}

fn place_routes(routes: Routes) -> Routes {
    routes
        .get("/office/places", Right::May(UPDATE, PLACE), places::list)
        .get("/office/places/{code}", Right::May(UPDATE, PLACE), places::one)
        .post("/office/places/{code}/below", Right::May(CREATE, PLACE), places::add)
        .post("/office/places/{code}/name", Right::May(UPDATE, PLACE), places::rename)
        .post("/office/places/{code}/area", Right::May(UPDATE, PLACE), places::move_to_area)
        .post("/office/places/{code}/closure", Right::May(UPDATE, PLACE), places::close)
        .get("/office/posts", Right::May(READ, POST), posts::list)
        .get("/office/posts/{place}", Right::May(READ, POST), posts::one)
        .post("/office/posts/{place}", Right::May(CREATE, POST), posts::appoint)
        .post("/office/posts/{place}/people", Right::May(CREATE, POST), posts::seek)
        .post("/office/posts/{place}/end", Right::May(UPDATE, POST), posts::end)
}

fn user_routes(routes: Routes) -> Routes {
    routes
        .get("/office/users", Right::May(READ, USER), users::list)
        .post("/office/users", Right::May(CREATE, USER), users::add)
        .post("/office/users/people", Right::May(CREATE, USER), users::seek)
        .get("/office/users/{id}", Right::May(READ, USER), accounts::show)
        .post("/office/users/{id}/roles", Right::May(APPROVE, USER), accounts::grant)
        .post("/office/users/{id}/roles/end", Right::May(APPROVE, USER), accounts::revoke)
        .post("/office/users/{id}/unlock", Right::May(CREATE, USER), accounts::unlock)
        .post("/office/users/{id}/sessions/end", Right::May(CREATE, USER), accounts::end_sessions)
        .post("/office/users/{id}/password", Right::May(CREATE, USER), accounts::new_password)
        .post("/office/users/{id}/closure", Right::May(CREATE, USER), accounts::close)
}
