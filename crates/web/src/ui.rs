//! What every page needs to be drawn: language, elder mode, where the reader is, words and codes.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, HOST};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use domain::benefit::Benefits;
use domain::catalogue::{DeadlineVersion, Limit, Step, Unit, Versioned};
use domain::deadline::{Due, Line, due};
use domain::model::Bilingual;
use domain::money::{Fen, grouped};
use domain::problem::{Failure, Fault, Place, Problem, RuleViolation};
use domain::time::Day;
use locale::{Language, Text};
use registry::Law;

use crate::error::Error;
use crate::state::App;

/// Cookie of the language.
pub const LANGUAGE: &str = "lang";
/// Cookie of elder mode (长辈版).
pub const ELDER: &str = "elder";

const DAY_MS: i64 = 86_400_000;
/// China has one time all year: eight hours before UTC.
const OFFSET_MS: i64 = 8 * 3_600_000;
const MONTHS: [&str; 12] = [
    "web-month-1",
    "web-month-2",
    "web-month-3",
    "web-month-4",
    "web-month-5",
    "web-month-6",
    "web-month-7",
    "web-month-8",
    "web-month-9",
    "web-month-10",
    "web-month-11",
    "web-month-12",
];

/// The reader's side of a request.
#[derive(Clone)]
pub struct Ui {
    app: Arc<App>,
    /// Language of the page.
    pub language: Language,
    /// Large text and few things on a page (长辈版).
    pub elder: bool,
    /// Still larger text, for readers of elder mode who need it.
    pub larger: bool,
    /// Path of the page, with its query.
    pub path: String,
    /// Address of the site as the reader reaches it.
    pub site: String,
}

impl Ui {
    fn text(&self) -> &Text {
        self.app.text(self.language)
    }

    /// A sentence.
    #[must_use]
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.text().say(key)
    }

    /// A sentence with its arguments.
    #[must_use]
    pub fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.text().with(key, args)
    }

    /// A sentence whose gaps a script fills: `{number}`.
    #[must_use]
    pub fn template(&self, key: &str) -> String {
        let gaps = [("number", "{number}"), ("leaf", "{leaf}"), ("size", "{size}")];
        self.text().with(key, &gaps)
    }

    /// The sentence of a code: `code("web-state-", "on_time")`.
    #[must_use]
    pub fn code(&self, family: &str, code: &str) -> String {
        self.text().get(&format!("{family}{}", code.replace('_', "-")))
    }

    /// The sentence for a failure.
    #[must_use]
    pub fn failure(&self, failure: &Failure) -> String {
        match failure {
            Failure::Rule(rule) => self.rule(rule),
            Failure::Problem(problem) if problem.place.file.is_none() => self.at_field(problem),
            other => self.text().failure(other),
        }
    }

    /// What is wrong with a row of a file, by the code of its problem.
    #[must_use]
    pub fn reason(&self, code: &str) -> String {
        self.with(&format!("problem-{code}"), &[])
    }

    /// The sentence for a problem.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        self.failure(&problem.clone().into())
    }

    /// A problem at a field of a form, which is named as the form names it.
    fn at_field(&self, problem: &Problem) -> String {
        let plain = Problem { place: Place::default(), ..problem.clone() };
        let what = self.text().failure(&plain.into());
        let what = what.trim_start_matches(['：', ':', ' ']);
        match problem.place.column.as_deref().map(|field| self.code("web-form-", field)) {
            Some(label) if !label.starts_with("web-form-") => format!("{label}{what}"),
            _ => what.to_owned(),
        }
    }

    /// The sentence for a rule that says no, with titles in the place of codes.
    #[must_use]
    pub fn rule(&self, rule: &RuleViolation) -> String {
        self.rule_of(rule, &[])
    }

    /// The same for a rule about a process whose steps are known.
    #[must_use]
    pub fn rule_of(&self, rule: &RuleViolation, steps: &[Step]) -> String {
        let (what, basis) = self.said(rule, steps);
        match basis {
            None => what,
            Some(basis) => self.with("web-rule-line", &[("what", &what), ("basis", &basis)]),
        }
    }

    /// What a rule says, and what it rests on: pages that list many tell the basis once.
    #[must_use]
    pub fn said(&self, rule: &RuleViolation, steps: &[Step]) -> (String, Option<String>) {
        let told = self.app.titles.put_into(rule, steps, self.language.is_chinese());
        let args: Vec<(&str, &str)> = told.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let what = self.text().with(&format!("rule-{}", told.rule), &args);
        // A file of ours is no basis that a reader could look up.
        let basis = Some(told.basis).filter(|b| !b.is_empty() && !b.contains(".toml"));
        (what, basis)
    }

    /// A title that data carry in both languages.
    #[must_use]
    pub fn title<'a>(&self, title: &'a Bilingual) -> &'a str {
        if self.language.is_chinese() { &title.zh } else { &title.en }
    }

    /// Title of a role by its code; the code itself where no catalogue knows it.
    #[must_use]
    pub fn role(&self, code: &str) -> String {
        let role = self.law().catalogue.roles.get(code);
        role.map_or_else(|| code.to_owned(), |role| self.title(&role.title).to_owned())
    }

    /// Titles of several roles.
    #[must_use]
    pub fn roles(&self, codes: &[String]) -> String {
        let titles: Vec<String> = codes.iter().map(|code| self.role(code)).collect();
        titles.join(self.t("ui-list-separator"))
    }

    /// A line of the explanation of a due day.
    #[must_use]
    pub fn line(&self, line: &Line) -> String {
        let args: Vec<(&str, &str)> = line.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.text().with(&format!("rule-{}", line.says), &args)
    }

    /// The last day by a rule that is counted from a day.
    #[must_use]
    pub fn due(&self, rule: &str, start: Day) -> Option<Due> {
        let catalogue = &self.law().catalogue;
        let version = catalogue.deadlines.get(rule).and_then(|known| known.on(start))?;
        let basis = catalogue.basis_on(&version.basis, start);
        let version = DeadlineVersion { basis, ..version.clone() };
        due(rule, &version, start, &[], &[], &self.law().calendar).ok()
    }

    /// How a due day was counted, line by line, so that anybody can count along.
    #[must_use]
    pub fn why(&self, rule: &str, start_day: &str) -> Vec<String> {
        let due = Day::parse(start_day).and_then(|start| self.due(rule, start));
        let lines = due.map(|due| due.explanation.iter().map(|line| self.line(line)).collect());
        lines.unwrap_or_default()
    }

    /// Title of a disclosure duty by its code.
    #[must_use]
    pub fn duty<'a>(&'a self, code: &'a str) -> &'a str {
        self.law().catalogue.duties.get(code).map_or(code, |duty| self.title(&duty.title))
    }

    /// Title of a power item by its code.
    #[must_use]
    pub fn power<'a>(&'a self, code: &'a str) -> &'a str {
        self.law().catalogue.powers.get(code).map_or(code, |power| self.title(&power.title))
    }

    /// The benefit catalogue.
    #[must_use]
    pub fn benefits(&self) -> &Benefits {
        &self.app.setup.benefits
    }

    /// Title of a programme of the benefit catalogue by its code.
    #[must_use]
    pub fn benefit(&self, code: &str) -> String {
        let known = self.app.setup.benefits.items.iter().find(|benefit| benefit.code == code);
        known.map_or_else(|| code.to_owned(), |benefit| self.title(&benefit.title).to_owned())
    }

    /// Whether a role is a body that decides together.
    #[must_use]
    pub fn is_body(&self, role: &str) -> bool {
        self.law().catalogue.roles.get(role).is_some_and(|role| role.body)
    }

    /// Bodies that decide: code and title.
    #[must_use]
    pub fn bodies(&self) -> Vec<(&str, &str)> {
        let bodies = self.law().catalogue.bodies.values();
        bodies.map(|body| (body.code.as_str(), self.title(&body.title))).collect()
    }

    /// Label of a code in `terms.toml`.
    #[must_use]
    pub fn term<'a>(&'a self, group: &str, code: &'a str) -> &'a str {
        self.law().catalogue.terms.label(group, code, self.language.is_chinese())
    }

    /// A time limit in words: `60个工作日`.
    #[must_use]
    pub fn limit(&self, limit: &Limit) -> String {
        let unit = match limit.unit {
            Unit::CalendarDay => "web-limit-days",
            Unit::WorkingDay => "web-limit-working-days",
            Unit::Month => "web-limit-months",
        };
        self.with(unit, &[("count", &limit.count.to_string())])
    }

    /// The civil day.
    #[must_use]
    pub fn today(&self) -> Day {
        self.app.now().day
    }

    /// Rules of the county.
    #[must_use]
    pub fn law(&self) -> &Law {
        &self.app.setup.law
    }

    /// Language of HTML.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// Address of a bundled file.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        crate::assets::address(name)
    }

    /// Whether a part of the site is the one that the reader is in.
    #[must_use]
    pub fn is_in(&self, part: &str) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        if part == "/" { path == "/" } else { path.starts_with(part) }
    }

    /// Whether the reader is on this very page.
    #[must_use]
    pub fn is_page(&self, path: &str) -> bool {
        self.path.split('?').next() == Some(path)
    }

    /// Money in yuan: `1,234.50`.
    #[must_use]
    pub fn yuan(&self, fen: &i64) -> String {
        Fen(*fen).grouped()
    }

    /// A count as people read it: `1,234`.
    #[must_use]
    pub fn count(&self, count: &u64) -> String {
        grouped(*count)
    }

    /// A day as people write it: `2026年3月5日`, `5 March 2026`; what is no day stays as it is.
    #[must_use]
    pub fn day(&self, day: &str) -> String {
        let Some(day) = Day::parse(day) else { return day.to_owned() };
        let (year, month, day) = day.ymd();
        let (year, day) = (year.to_string(), day.to_string());
        let month = self.t(MONTHS.get(month as usize - 1).copied().unwrap_or_default());
        self.with("web-day", &[("year", &year), ("month", month), ("day", &day)])
    }

    /// A month in a narrow column: `3月`, `Mar`; January names its year.
    #[must_use]
    pub fn short_month(&self, month: &str) -> String {
        let (year, number) = month.split_once('-').unwrap_or((month, "1"));
        let number = number.trim_start_matches('0');
        let short = match self.language.is_chinese() {
            true => format!("{number}月"),
            false => self.period(month).chars().take(3).collect(),
        };
        if number == "1" { format!("{year} {short}") } else { short }
    }

    /// Whether the reader has just sent a question.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.path.contains("?asked=")
    }

    /// Whether what the reader typed was kept when his session had run out.
    #[must_use]
    pub fn kept(&self) -> bool {
        self.path.contains("?kept=1")
    }

    /// A moment, given in milliseconds since 1970, as people in the county write it.
    #[must_use]
    pub fn moment(&self, ms: &i64) -> String {
        let local = ms + OFFSET_MS;
        let day = Day(i32::try_from(local.div_euclid(DAY_MS)).unwrap_or_default());
        let minutes = local.rem_euclid(DAY_MS) / 60_000;
        let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
        self.with("web-moment", &[("day", &self.day(&day.to_string())), ("time", &time)])
    }

    /// A period as people write it: `2026年3月`, `2026年第1季度`, `2026年`, or a day.
    #[must_use]
    pub fn period(&self, period: &str) -> String {
        if let Some((year, quarter)) = period.split_once('Q') {
            return self.with("web-quarter", &[("year", year), ("quarter", quarter)]);
        }
        match (period.len(), period.split_once('-')) {
            (4, None) => self.with("web-year", &[("year", period)]),
            (7, Some((year, month))) => {
                let at = month.parse().unwrap_or(1_usize).saturating_sub(1);
                let month = self.t(MONTHS.get(at).copied().unwrap_or_default());
                self.with("web-month", &[("year", year), ("month", month)])
            }
            _ => self.day(period),
        }
    }
}

impl FromRequestParts<Arc<App>> for Ui {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let language = query(parts, LANGUAGE).or_else(|| cookie(parts, LANGUAGE));
        let elder = query(parts, ELDER).or_else(|| cookie(parts, ELDER));
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let named = host.filter(|host| is_host(host)).map(|host| format!("http://{host}"));
        let site = app.setup.public_url.clone().or(named).unwrap_or_default();
        Ok(Self {
            app: Arc::clone(app),
            language: language.and_then(Language::named).unwrap_or_default(),
            elder: matches!(elder, Some("1" | "2")),
            larger: elder == Some("2"),
            path,
            site,
        })
    }
}

/// Longest name of a host.
const LONGEST_HOST: usize = 260;

/// Whether a text can be the name of a host and its port. Whoever asks may write anything there.
fn is_host(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST_HOST && text.bytes().all(plain)
}

/// Value of a cookie.
#[must_use]
pub fn cookie<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let lines = parts.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|p| p.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn query<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let mut pairs = parts.uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A drawn page.
///
/// # Errors
/// A fault when a template fails: a mistake of ours.
pub fn page(page: &impl Template) -> Result<Response, Error> {
    let drawn = page.render().map_err(|error| Fault::new("draw page", error))?;
    Ok(Html(drawn).into_response())
}

/// The same where there is nothing left to fail to.
pub fn html(page: &impl Template) -> Response {
    Html(page.render().unwrap_or_default()).into_response()
}
