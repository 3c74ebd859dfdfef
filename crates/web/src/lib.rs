//! What people see: the public site, the office, the public API. Server-rendered pages that work
//! without scripts; nothing is loaded from other hosts.
//!
//! A handler reads through `registry::queries`, writes through `registry::actions`, and shows a page
//! struct; it knows no SQL and no rule. Deliberately absent: clock and environment (handed in), TLS
//! (a proxy in front ends it), and any look at a person without a purpose and an entry.

mod assets;
mod basis;
mod board;
mod channels;
mod codes;
mod error;
mod headers;
mod kept;
mod kind;
mod metrics;
mod my;
mod office;
mod photo;
mod places;
mod public;
mod qr;
mod report;
mod request;
mod router;
mod routes;
mod server;
mod session;
mod shelf;
mod state;
mod ui;
mod unlocked;

pub use channels::{Bots, Wechat};
pub use codes::{CodeChannel, Counter, HandedOver};
pub use metrics::Metrics;
pub use office::imports::{new_import, settle as settle_imports};
pub use router::{router, routes, watch_router};
pub use routes::{Right, Route};
pub use server::{Burden, serve};
pub use state::{App, Clock, Setup};
