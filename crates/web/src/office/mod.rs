//! The office: who signed in, and what he may do in his place.

mod account;
mod admin;
pub mod board;
mod codes;
mod device;
pub mod drafts;
pub mod imports;
pub mod inquiries;
mod keys;
mod leaders;
pub mod matters;
pub mod notices;
pub mod orders;
mod outbox;
pub mod questions;
pub mod reports;
pub mod requests;
mod room;
mod sign_in;
mod start;
pub mod supervision;
pub mod todo;
pub mod topics;

use matters::{MATTER, MOVE, OPEN, READ};
use notices::{CHECK, DRAFT, PREPARE, PUBLISH};
use questions::{CONTACT, QUESTION};
use requests::REQUEST;

use crate::routes::{Right, Routes};
pub use device::Devices;

/// Routes of the office.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    let routes = township_routes(desk_routes(notice_routes(matter_routes(routes))));
    let routes = report_routes(routes);
    let routes = supervision::routes(routes);
    admin::routes(codes::routes(imports::routes(routes)))
        .get("/sign-in", Right::Public, sign_in::show)
        .post("/sign-in", Right::Public, sign_in::password)
        .get("/sign-in/code", Right::Public, sign_in::ask_code)
        .post("/sign-in/code", Right::Public, sign_in::code)
        .get("/sign-in/start", Right::Public, start::show)
        .post("/sign-in/start", Right::Public, start::finish)
        .post("/sign-out", Right::SignedIn, sign_in::out)
        .get("/office/questions", Right::May(questions::READ, QUESTION), questions::list)
        .post(
            "/office/questions/{number}/answer",
            Right::May(questions::ANSWER, QUESTION),
            questions::answer,
        )
        .post(
            "/office/questions/{number}/contact",
            Right::May(questions::READ, CONTACT),
            questions::contact,
        )
        .get("/office/requests", Right::May(requests::READ, REQUEST), requests::list)
        .post(
            "/office/requests/{number}/answer",
            Right::May(requests::ANSWER, REQUEST),
            requests::answer,
        )
        .get("/office/account", Right::SignedIn, account::show)
        .post("/office/account/password", Right::SignedIn, account::change_password)
        .post("/office/account/sessions/end", Right::SignedIn, account::end_session)
}

/// Reports, keys, what leaders do about cases, topics of villagers, notices on their way.
fn report_routes(routes: Routes) -> Routes {
    use topics::{TOPIC, UPDATE};
    leaders::routes(keys::routes(reports::routes(routes)))
        .get("/office/topics", Right::May(UPDATE, TOPIC), topics::list)
        .post("/office/topics/{number}/{act}", Right::May(UPDATE, TOPIC), topics::decide)
        .get("/office/outbox", Right::May(outbox::READ, outbox::OUTBOX), outbox::show)
}

/// What waits, what was left half done, what the supervision committee asks.
fn desk_routes(routes: Routes) -> Routes {
    routes
        .get("/office", Right::SignedIn, todo::home::show)
        .get("/office/checks", Right::May(todo::checks::CHECK, DRAFT), todo::checks::show)
        .post("/office/drafts", Right::SignedIn, drafts::save)
        .post("/office/drafts/discard", Right::SignedIn, drafts::discard)
        .get("/office/inquiries", Right::May(inquiries::READ, MATTER), inquiries::list)
        .post("/office/inquiries/{id}/answer", Right::May(READ, MATTER), inquiries::answer)
}

fn township_routes(routes: Routes) -> Routes {
    routes
        .get("/office/board", Right::May(board::READ, board::ORDER), board::own)
        .get("/office/board/{place}", Right::May(board::READ, board::ORDER), board::of_place)
        .get("/office/orders", Right::May(orders::READ, orders::ORDER), orders::list)
        .post("/office/orders", Right::May(orders::GIVE, orders::ORDER), orders::give)
        .get("/office/orders/new", Right::May(orders::GIVE, orders::ORDER), orders::new)
}

fn matter_routes(routes: Routes) -> Routes {
    routes
        .get("/office/matters", Right::May(READ, MATTER), matters::list::show)
        .post("/office/matters", Right::May(OPEN, MATTER), matters::new::open)
        .get("/office/matters/new", Right::May(OPEN, MATTER), matters::new::show)
        .get("/office/matters/{number}", Right::May(READ, MATTER), matters::one::show)
        .post("/office/matters/{number}/steps", Right::May(MOVE, MATTER), matters::acts::step)
        .post("/office/matters/{number}/meetings", Right::May(MOVE, MATTER), matters::acts::meeting)
        .post("/office/matters/{number}/checks", Right::May(MOVE, MATTER), matters::acts::check)
        .post(
            "/office/matters/{number}/inquiries",
            Right::May(matters::CHECK, MATTER),
            matters::acts::ask,
        )
        .post("/office/matters/{number}/signatures", Right::May(MOVE, MATTER), matters::acts::sign)
        .post(
            "/office/matters/{number}/withdrawal",
            Right::May(MOVE, MATTER),
            matters::acts::withdraw,
        )
        .post("/office/matters/{number}/documents", Right::May(MOVE, MATTER), matters::files::file)
        .get(
            "/office/matters/{number}/documents/{id}",
            Right::May(READ, MATTER),
            matters::files::look,
        )
}

fn notice_routes(routes: Routes) -> Routes {
    routes
        .get("/office/notices", Right::May(notices::READ, DRAFT), notices::list::show)
        .post("/office/notices", Right::May(PREPARE, DRAFT), notices::prepare::send)
        .get("/office/notices/new", Right::May(PREPARE, DRAFT), notices::prepare::show)
        .get("/office/notices/prepared/{id}", Right::May(notices::READ, DRAFT), notices::one::show)
        .post("/office/notices/prepared/{id}/check", Right::May(CHECK, DRAFT), notices::one::check)
        .post(
            "/office/notices/prepared/{id}/inquiries",
            Right::May(CHECK, DRAFT),
            notices::one::ask,
        )
        .post(
            "/office/notices/prepared/{id}/publication",
            Right::May(PUBLISH, DRAFT),
            notices::one::publish,
        )
        .post(
            "/office/notices/prepared/{id}/discard",
            Right::May(PUBLISH, DRAFT),
            notices::one::discard,
        )
        .get("/office/notices/{number}", Right::May(PUBLISH, DRAFT), notices::published::show)
        .post(
            "/office/notices/{number}/correction",
            Right::May(PUBLISH, DRAFT),
            notices::published::correct,
        )
        .post(
            "/office/notices/{number}/withdrawal",
            Right::May(PUBLISH, DRAFT),
            notices::published::withdraw,
        )
        .post(
            "/office/notices/{number}/photos",
            Right::May(PUBLISH, DRAFT),
            notices::published::photo,
        )
}
