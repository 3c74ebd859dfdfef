//! The office: who signed in, and what he may do in his place.

mod account;
mod home;
mod sign_in;

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
        .get("/office/account", Right::SignedIn, account::show)
        .post("/office/account/sessions/end", Right::SignedIn, account::end_session)
}
