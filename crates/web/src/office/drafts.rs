//! What is typed into a form is not lost: it is kept as a draft when the register refuses, when the
//! session has run out in between, on "save draft", and quietly while somebody types; and the form comes
//! back filled, with the sentence at its place.
//!
//! A form names its draft in the hidden field `draft`; what the name may be, and which page it belongs
//! to, stands here alone.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::Step;
use domain::problem::Failure;
use registry::actions::drafts::{self, Draft, Fields};
use serde::de::DeserializeOwned;

use super::room::Room;
use crate::error::{Error, lines};
use crate::request::{Guard, SESSION, TOKEN, from_pairs, is_from_here, pairs};
use crate::routes::encoded;
use crate::state::App;
use crate::ui::cookie;

/// Field that names the draft.
const NAME: &str = "draft";
/// Longest name of a draft.
const LONGEST: usize = 120;
/// Field in which a writer confirms the names in his text, and the problem that asks for it.
const NAMES: &str = "names_confirmed";
const NAMED: &str = "text-names-person";
/// Code of the problem that nobody knows a thing.
const UNKNOWN: &str = "not-registered";
/// Header of a script that saves quietly.
const QUIET: &str = "x-quiet";

/// The page that a draft belongs to; none for a name that no form has.
#[must_use]
pub fn page_of(name: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
    if name.len() > LONGEST || !name.chars().all(plain) || name.contains("..") {
        return None;
    }
    let parts: Vec<&str> = name.split('/').collect();
    Some(match parts.as_slice() {
        ["matter"] => "/office/matters/new".to_owned(),
        ["notice"] => "/office/notices/new".to_owned(),
        ["notice", place, duty, period] => {
            format!("/office/notices/new?place={place}&duty={duty}&period={period}")
        }
        ["order", place, duty, period] => {
            format!("/office/orders/new?place={place}&duty={duty}&period={period}")
        }
        ["matter", number, "step" | "meeting" | "check" | "ask", step] => {
            format!("/office/matters/{number}#{step}")
        }
        ["matter", number, "withdraw"] => format!("/office/matters/{number}#withdraw"),
        ["prepared", id, "check" | "ask"] => format!("/office/notices/prepared/{id}"),
        ["published", number, "correct" | "withdraw"] => format!("/office/notices/{number}"),
        ["question", number] => format!("/office/questions#{number}"),
        ["request", number] => format!("/office/requests#{number}"),
        ["inquiry", id] => format!("/office/inquiries#{id}"),
        ["supervision", rest @ ..] => return supervision_page(rest),
        _ => return None,
    })
}

fn supervision_page(parts: &[&str]) -> Option<String> {
    let page = match parts {
        ["finding", number, _] => format!("findings/{number}"),
        ["clue"] => "clues".to_owned(),
        ["clue", number, _] => format!("clues/{number}"),
        ["fix"] => "rectifications".to_owned(),
        ["fix", number] => format!("rectifications/{number}"),
        ["case"] => "cases".to_owned(),
        ["stepped" | "area" | "cooperation" | "campaign", ..] => return joint_page(parts),
        ["handover" | "handover-in"] => "handovers".to_owned(),
        ["handover", number] => format!("handovers#{number}"),
        ["letter"] => "letters".to_owned(),
        ["letter", number] => format!("letters/{number}"),
        ["duty"] => "duties".to_owned(),
        ["duty", number] => format!("duties/{number}"),
        ["regulation"] => "regulations".to_owned(),
        ["regulation", number, _] => format!("regulations/{number}"),
        ["asked", _] => return Some("/office/asked".to_owned()),
        _ => return None,
    };
    Some(format!("/office/supervision/{page}"))
}

fn joint_page(parts: &[&str]) -> Option<String> {
    let page = match parts {
        ["stepped"] => "stepped".to_owned(),
        ["stepped", "new"] => "stepped/new".to_owned(),
        ["stepped", "list", quarter] => format!("stepped/lists/{quarter}"),
        ["stepped", number, _] => format!("stepped/villages/{number}"),
        ["area"] => "areas".to_owned(),
        ["cooperation"] => "cooperations".to_owned(),
        ["campaign"] => "campaigns".to_owned(),
        ["campaign", number, _] => format!("campaigns/{number}"),
        _ => return None,
    };
    Some(format!("/office/supervision/{page}"))
}

/// What kind of form a draft is of, for its title.
#[must_use]
pub fn kind_of(name: &str) -> &str {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        ["matter", _, kind, ..] | ["prepared" | "published", _, kind] => kind,
        [kind, ..] => kind,
        [] => "",
    }
}

/// A form as it was sent.
pub struct Typed {
    /// Name of its draft, where it has one that is known.
    name: Option<String>,
    fields: Fields,
    /// The page is of another session: what it holds is kept, nothing is done.
    stale: bool,
}

impl Typed {
    /// The fields as a form has them.
    ///
    /// # Errors
    /// A stale form when it is of another session, or a field is missing.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.fresh()?;
        self.read_for_draft()
    }

    /// The fields of a form whose draft is named by one of them, whatever session it is of.
    ///
    /// # Errors
    /// A stale form when a field is missing.
    pub fn read_for_draft<T: DeserializeOwned>(&self) -> Result<T, Error> {
        from_pairs(self.fields.clone())
    }

    /// Whether the writer says that the names in his text are meant to be public.
    #[must_use]
    pub fn confirms_names(&self) -> bool {
        self.fields.get(NAMES).is_some_and(|value| value == "1")
    }

    /// What was sent in a field; empty where nothing was.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }

    /// Name of the draft, where the form has one that is known.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether the form is of this session, so that something may be done by it.
    ///
    /// # Errors
    /// A stale form when it is of another one.
    pub fn fresh(&self) -> Result<(), Error> {
        if self.stale { Err(Error::StaleForm) } else { Ok(()) }
    }
}

impl FromRequest<Arc<App>> for Typed {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let guard = Guard::of(&parts)?;
        let here = is_from_here(&parts.headers);
        let pairs = pairs(Request::from_parts(parts, body), app).await?;
        let token = pairs.iter().find(|(name, _)| name == TOKEN).map(|(_, value)| value.as_str());
        let checked = guard.check(token);
        let typed = Self { stale: checked.is_err(), ..Self::of(pairs) };
        // Another sign-in in between: the browser vouches for the page, and a draft changes nothing.
        match checked {
            Err(error) if !here || typed.name.is_none() => Err(error),
            _ => Ok(typed),
        }
    }
}

impl Typed {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut fields = Fields::new();
        for (name, value) in pairs {
            fields.entry(name).or_insert(value);
        }
        fields.remove(TOKEN);
        let name = fields.remove(NAME).filter(|name| page_of(name).is_some());
        Self { name, fields, stale: false }
    }
}

/// A form as it is shown: with what was typed before, and what was wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    name: String,
    fields: Fields,
    saved_ms: Option<i64>,
    wrong: Vec<String>,
    wrong_field: Option<(String, String)>,
    asks_names: bool,
}

impl Filled {
    /// A form with the draft of an earlier try, where there is one.
    #[must_use]
    pub fn new(name: String, kept: &[Draft]) -> Self {
        let kept = kept.iter().find(|draft| draft.form == name);
        let fields = kept.map(|draft| draft.fields.clone()).unwrap_or_default();
        Self { name, fields, saved_ms: kept.map(|draft| draft.saved_ms), ..Self::default() }
    }

    /// The same, or the form that was just refused when it is this one.
    #[must_use]
    pub fn or(self, refused: Option<&Self>) -> Self {
        refused.filter(|refused| refused.name == self.name).cloned().unwrap_or(self)
    }

    /// With a value for a field that nobody has typed into.
    #[must_use]
    pub fn preset(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.fields.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        self
    }

    /// Name of its draft.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as a part of ids in the page.
    #[must_use]
    pub fn id(&self) -> String {
        self.name.replace(['/', '.'], "-")
    }

    /// What stands in a field.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Whether a box or an option is chosen.
    #[must_use]
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.value(name) == value
    }

    /// When the draft was kept; none in a fresh form and in one that was just refused.
    #[must_use]
    pub fn saved(&self) -> Option<&i64> {
        self.saved_ms.as_ref().filter(|_| !self.is_wrong())
    }

    /// Whether it was just refused.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        !self.wrong.is_empty() || self.wrong_field.is_some()
    }

    /// What was wrong with the whole of it.
    #[must_use]
    pub fn wrong(&self) -> &[String] {
        &self.wrong
    }

    /// What was wrong with a field; empty where nothing was.
    #[must_use]
    pub fn wrong_at(&self, field: &str) -> &str {
        let wrong = self.wrong_field.as_ref().filter(|(name, _)| name == field);
        wrong.map_or("", |(_, sentence)| sentence)
    }

    /// Whether to ask if the names in the text are meant.
    #[must_use]
    pub fn asks_names(&self) -> bool {
        self.asks_names || self.is(NAMES, "1")
    }

    /// Whether there is something to show besides an empty form.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.is_wrong() || self.saved_ms.is_some()
    }
}

/// A form that was refused, kept as a draft and ready to be shown again; what nobody can mend in the
/// form is an error still.
pub struct Refused {
    /// The form.
    pub form: Filled,
    status: StatusCode,
}

impl Refused {
    /// Puts the status of the refusal on the page that shows the form again.
    #[must_use]
    pub fn on(&self, mut page: Response) -> Response {
        *page.status_mut() = self.status;
        page
    }
}

impl Room {
    /// Drafts of the reader.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn drafts(&self) -> Result<Vec<Draft>, Error> {
        Ok(drafts::all(self.db(), &self.desk.by(&[], "", "")?).await?)
    }

    /// Keeps what was refused. A sentence about a field that the form does not have stands above it.
    ///
    /// # Errors
    /// The refusal itself, when typing otherwise would not help.
    pub async fn keep(
        &self,
        name: &str,
        typed: &Typed,
        error: Error,
        steps: &[Step],
    ) -> Result<Refused, Error> {
        let status = error.status();
        if let Error::Failed(Failure::Problem(problem)) = &error
            && problem.code == UNKNOWN
        {
            return Err(Error::NotFound);
        }
        if !matches!(status.as_u16(), 409 | 422) && !typed.stale {
            return Err(error);
        }
        self.save(name, &typed.fields).await?;
        let field = match &error {
            Error::Failed(Failure::Problem(problem)) => problem.place.column.as_deref(),
            _ => None,
        };
        let mut form =
            Filled { name: name.to_owned(), fields: typed.fields.clone(), ..Filled::default() };
        let sentences = lines(&self.ui, &error, steps);
        form.asks_names =
            matches!(&error, Error::Failed(Failure::Problem(problem)) if problem.code == NAMED);
        // What the register calls the body of a notice is its text in the form.
        let field = field.map(|field| if field == "body" { "text" } else { field });
        match field.filter(|field| typed.fields.contains_key(*field)) {
            Some(field) => form.wrong_field = Some((field.to_owned(), sentences.concat())),
            None => form.wrong = sentences,
        }
        Ok(Refused { form, status })
    }

    /// Keeps what was typed, for a page that shows it once more before it is sent.
    ///
    /// # Errors
    /// A fault when the register cannot be written.
    pub async fn keep_typed(&self, name: &str, typed: &Typed) -> Result<(), Error> {
        self.save(name, &typed.fields).await
    }

    async fn save(&self, name: &str, fields: &Fields) -> Result<(), Error> {
        let mut tx = self.desk.begin(&[], "", "").await?;
        // What was confirmed of this text says nothing of the next one.
        let mut fields = fields.clone();
        fields.remove(NAMES);
        let entry = drafts::save(&mut tx, name, &fields).await?;
        tx.commit(entry).await?;
        Ok(())
    }
}

/// "Save draft", by hand or quietly by a script.
///
/// # Errors
/// A stale form when it has no draft.
pub async fn save(room: Room, headers: HeaderMap, typed: Typed) -> Result<Response, Error> {
    let name = typed.name.as_deref().ok_or(Error::StaleForm)?;
    let page = page_of(name).ok_or(Error::StaleForm)?;
    room.save(name, &typed.fields).await?;
    match headers.contains_key(QUIET) {
        true => Ok(StatusCode::NO_CONTENT.into_response()),
        false => Ok(Redirect::to(&page).into_response()),
    }
}

/// Throws a draft away.
///
/// # Errors
/// A stale form when it has no draft.
pub async fn discard(room: Room, typed: Typed) -> Result<Response, Error> {
    if typed.stale {
        return Err(Error::StaleForm);
    }
    let name = typed.name.as_deref().ok_or(Error::StaleForm)?;
    let page = page_of(name).ok_or(Error::StaleForm)?;
    let mut tx = room.desk.begin(&[], "", "").await?;
    let entry = drafts::discard(&mut tx, name).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&page).into_response())
}

/// Keeps a form whose session has run out, and leads to the door. A form without a draft, or of a session
/// that nobody knows, is told to sign in.
pub async fn keep_late(app: &Arc<App>, parts: &Parts, body: Body) -> Response {
    match late(app, parts, body).await {
        Ok(Some(page)) => {
            Redirect::to(&format!("/sign-in?kept=1&back={}", encoded(&page))).into_response()
        }
        Ok(None) => Error::SignIn.into_response(),
        Err(error) => error.into_response(),
    }
}

async fn late(app: &Arc<App>, parts: &Parts, body: Body) -> Result<Option<String>, Error> {
    let kind = parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let Some(session) = cookie(parts, SESSION) else { return Ok(None) };
    let Ok(guard) = Guard::of(parts) else { return Ok(None) };
    if !kind.starts_with(b"application/x-www-form-urlencoded") {
        return Ok(None);
    }
    let mut request = Request::new(body);
    *request.method_mut() = parts.method.clone();
    *request.headers_mut() = parts.headers.clone();
    let Ok(pairs) = pairs(request, app).await else { return Ok(None) };
    let token = pairs.iter().find(|(name, _)| name == TOKEN).map(|(_, value)| value.as_str());
    if guard.check(token).is_err() {
        return Ok(None);
    }
    let typed = Typed::of(pairs);
    let Some(name) = typed.name else { return Ok(None) };
    let register = &app.setup.registry;
    let kept = register.keep_late_draft(session, &name, &typed.fields, app.now()).await?;
    Ok(page_of(&name).filter(|_| kept))
}

#[cfg(test)]
mod tests {
    use super::{Filled, kind_of, page_of};

    #[test]
    fn a_draft_belongs_to_one_page_or_to_none() {
        for (name, page) in [
            ("matter", Some("/office/matters/new")),
            ("matter/9900-1/step/decide", Some("/office/matters/9900-1#decide")),
            (
                "notice/9900/F3.1/2026-03",
                Some("/office/notices/new?place=9900&duty=F3.1&period=2026-03"),
            ),
            ("question/Q9900-1", Some("/office/questions#Q9900-1")),
            ("matter/9900-1/other/decide", None),
            ("matter/../../x/step/decide", None),
            ("//evil.test", None),
            ("question/a b", None),
            ("", None),
        ] {
            assert_eq!(page_of(name).as_deref(), page, "{name}");
        }
        assert_eq!(kind_of("matter/9900-1/meeting/decide"), "meeting");
        assert_eq!((kind_of("matter"), kind_of("question/Q1")), ("matter", "question"));
    }

    #[test]
    fn nobody_types_over_a_preset() {
        let form = Filled::new("notice".to_owned(), &[]).preset("place", "9900").preset("x", "");
        let again = form.clone().preset("place", "other");
        assert_eq!((again.value("place"), again.is_begun()), ("9900", false));
        assert!(!form.fields.contains_key("x"));
    }
}
