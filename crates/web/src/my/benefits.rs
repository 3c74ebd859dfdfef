//! What was paid, by year; what may be asked for besides; who looked and why; own requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::benefit::{Benefit, BenefitVersion};
use facts::own::{Look, OwnFacts, OwnPayment};
use registry::queries::office::{self, RequestState};

use super::desk::Own;
use super::sign::reader;
use crate::basis;
use crate::error::Error;
use crate::request::FormToken;
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "my/benefits.html")]
struct Shown<'a> {
    ui: &'a Ui,
    token: &'a str,
    years: Vec<Year>,
    open: Vec<(&'a Benefit, &'a BenefitVersion)>,
    looks: Vec<Look>,
    requests: Vec<(String, RequestState)>,
}

/// Payments of a year.
struct Year {
    year: String,
    sum: i64,
    payments: Vec<Line>,
}

/// A payment as the page shows it.
struct Line {
    key: String,
    programme: String,
    period: String,
    day: String,
    fen: i64,
    village: String,
    card: String,
    returned: bool,
    basis: String,
}

/// The page. The look is on disk before anything is shown.
///
/// # Errors
/// Not recognised; a fault when the facts cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    own: Own,
    token: FormToken,
) -> Result<Response, Error> {
    let (reader, person, now) = (reader(&app)?, own.person, app.now());
    let read = move || {
        reader.log_own_look(person, now.ms)?;
        Ok((reader.payments(person)?, reader.facts(person)?, reader.looks(person)?))
    };
    let (payments, facts, looks) = blocking(read).await?;
    let db = &app.setup.registry.db;
    let mut requests = Vec::new();
    for number in office::own_requests(db, signed(own.person.number())).await? {
        if let Some(state) = office::request(db, &number).await? {
            requests.push((number, state));
        }
    }
    let open = open(&app, &facts, &payments, now.day);
    let years = years(&app, &ui, &payments);
    page(&Shown { ui: &ui, token: &token.value, years, open, looks, requests })
}

/// A person key as the register keeps it.
pub fn signed(key: u64) -> i64 {
    i64::from_ne_bytes(key.to_ne_bytes())
}

/// A payment's place in the facts, as forms name it.
pub fn place_of(payment: &OwnPayment) -> String {
    format!("{}-{}", payment.batch, payment.row)
}

fn open<'a>(
    app: &'a App,
    facts: &OwnFacts,
    payments: &[OwnPayment],
    today: domain::time::Day,
) -> Vec<(&'a Benefit, &'a BenefitVersion)> {
    let Some(birth) = facts.birth_day.filter(|_| facts.death_day.is_none()) else {
        return Vec::new();
    };
    let received: Vec<&str> = payments.iter().map(|one| one.programme.as_str()).collect();
    app.setup.benefits.open_at_age(birth, today, &received)
}

fn years(app: &App, ui: &Ui, payments: &[OwnPayment]) -> Vec<Year> {
    let mut years: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for payment in payments {
        let day = payment.day.map(|day| day.to_string());
        let period = payment.period.map(|month| month.to_string());
        let year = day.as_deref().or(period.as_deref()).and_then(|text| text.get(..4));
        years.entry(year.unwrap_or("-").to_owned()).or_default().push(line(app, ui, payment));
    }
    let year = |(year, payments): (String, Vec<Line>)| {
        let kept = payments.iter().filter(|line| !line.returned);
        Year { year, sum: kept.map(|line| line.fen).sum(), payments }
    };
    years.into_iter().rev().map(year).collect()
}

fn line(app: &App, ui: &Ui, payment: &OwnPayment) -> Line {
    let known = app.setup.benefits.items.iter().find(|b| b.code == payment.programme);
    let version = known.and_then(|benefit| domain::catalogue::on(&benefit.versions, ui.today()));
    Line {
        key: place_of(payment),
        programme: ui.benefit(&payment.programme),
        period: payment.period.map_or(String::new(), |month| ui.period(&month.to_string())),
        day: payment.day.map_or(String::new(), |day| ui.day(&day.to_string())),
        fen: payment.amount.0,
        village: payment.village.as_ref().map_or(String::new(), |village| village.name.clone()),
        card: payment.account.as_str().to_owned(),
        returned: payment.returned,
        basis: version.map_or(String::new(), |version| basis::line(ui, &version.basis)),
    }
}
