//! The office: who signed in, and what he may do in his place.

mod account;
mod home;
pub mod matters;
mod sign_in;

use matters::{MATTER, MOVE, OPEN, READ};

use crate::routes::{Right, Routes};

/// Routes of the office.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/sign-in", Right::Public, sign_in::show)
        .post("/sign-in", Right::Public, sign_in::password)
        .get("/sign-in/code", Right::Public, sign_in::ask_code)
        .post("/sign-in/code", Right::Public, sign_in::code)
        .post("/sign-out", Right::SignedIn, sign_in::out)
        .get("/office", Right::SignedIn, home::show)
        .get("/office/matters", Right::May(READ, MATTER), matters::list::show)
        .post("/office/matters", Right::May(OPEN, MATTER), matters::new::open)
        .get("/office/matters/new", Right::May(OPEN, MATTER), matters::new::show)
        .get("/office/matters/{number}", Right::May(READ, MATTER), matters::one::show)
        .post("/office/matters/{number}/steps", Right::May(MOVE, MATTER), matters::acts::step)
        .post("/office/matters/{number}/meetings", Right::May(MOVE, MATTER), matters::acts::meeting)
        .post("/office/matters/{number}/checks", Right::May(MOVE, MATTER), matters::acts::check)
        .post("/office/matters/{number}/signatures", Right::May(MOVE, MATTER), matters::acts::sign)
        .post(
            "/office/matters/{number}/withdrawal",
            Right::May(MOVE, MATTER),
            matters::acts::withdraw,
        )
        .post("/office/matters/{number}/documents", Right::May(MOVE, MATTER), matters::files::file)
        .get("/office/account", Right::SignedIn, account::show)
        .post("/office/account/password", Right::SignedIn, account::change_password)
        .post("/office/account/sessions/end", Right::SignedIn, account::end_session)
}
