//! Reports of villagers (求助, 投诉, 检举控告): three doors, a form that works without script and without
//! sign-in, and the receipt to come back with. Every step is sent, never linked to: no address, and so no
//! history of a browser and no log of a proxy, says what somebody is about to report.
//!
//! Deliberately absent: any use of who is signed in, of the address or of the device. Whoever files here
//! is "whoever came".

mod about;
mod act;
mod clean;
mod gate;
mod mode;
mod poster;
mod receipt;
mod send;
mod sheet;
mod start;
mod window;
mod write;

pub use gate::Gate;

use crate::routes::{Right, Routes};

/// Routes of report pages.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/report", Right::Public, start::show)
        .post("/report/about", Right::Public, about::show)
        .post("/report/write", Right::Public, write::show)
        .post("/report/send", Right::Public, send::send)
        .post("/report/end", Right::Public, mode::end)
        .get("/report/receipt", Right::Public, receipt::enter)
        .post("/report/receipt", Right::Public, receipt::show)
        .post("/report/receipt/add", Right::Public, act::add)
        .post("/report/receipt/rate", Right::Public, act::rate)
        .post("/report/receipt/review", Right::Public, act::ask_review)
        .post("/report/receipt/transfer", Right::Public, act::object_transfer)
        .post("/report/receipt/forget", Right::Public, act::forget)
        .post("/report/receipt/proof", Right::Public, act::prove)
        .get("/villages/{code}/report", Right::Public, poster::show)
}
