//! `mingbai reports`: reports from filing to review. Each act is done by a person in his post, with the
//! rights that the post gives him; what the operator may do at the machine does not help here.

mod acts;
mod identity;
mod reader;

use std::path::Path;
use std::sync::Arc;

use domain::problem::{Failure, Place, Problem};
use domain::receipt::Receipt;
use domain::report::{Channel, Facts, Form, Identity};
use registry::actions::Refusal;
use registry::actions::outbox::Way;
use registry::actions::reports::file::{self, Handed};
use registry::actions::reports::open::{self, Opened};
use registry::blobs::Blobs;
use registry::queries::lists::path;
use registry::queries::reports::{self as lists, Filter, Line};
use registry::queries::{accounts, public_reports};
use registry::reports::{Counter, MachineKeys};
use registry::sealer::Age;
use registry::{By, Entry, Law};
use web::Bots;

use crate::cli::register::{Desk, Who};
use crate::cli::reports::{About, ReportsAct, Told};
use crate::office::{Office, law, refused};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Where reports come in: an open register with its rules, keys and documents.
pub struct Window {
    pub office: Office,
    pub law: Arc<Law>,
    keys: MachineKeys,
    blobs: Blobs,
    sealer: Age,
    /// Group bots that are set up.
    pub bots: Bots,
    ways: Vec<Way>,
}

impl Window {
    /// Opens the register of a data folder.
    ///
    /// # Errors
    /// As [`Office::open`].
    pub fn open(setting: &Setting, desk: &Desk) -> Result<Self, Failure> {
        Self::with(setting, desk, Arc::new(law(setting)?))
    }

    /// The same with rules that were read before.
    ///
    /// # Errors
    /// As [`Office::open`].
    pub fn with(setting: &Setting, desk: &Desk, law: Arc<Law>) -> Result<Self, Failure> {
        let office = Office::open(setting, desk)?;
        let bots = Bots::read(office.keys())?;
        Ok(Self {
            ways: bots.ways(),
            bots,
            keys: machine_keys(&office)?,
            blobs: Blobs::at(&office.blobs()),
            sealer: Age::default(),
            law,
            office,
        })
    }

    pub fn counter(&self) -> Counter<'_> {
        Counter {
            law: &self.law,
            keys: &self.keys,
            sealer: &self.sealer,
            blobs: &self.blobs,
            channels: &self.ways,
        }
    }

    /// Somebody in his post.
    pub fn by(&self, who: &Who) -> Result<By, Failure> {
        let db = &self.office.registry.db;
        let held = self.office.wait(accounts::holder(db, &who.person, self.office.now.day))?;
        Ok(By::holder(&self.law.access, held, &who.role)?)
    }

    /// Does something in a transaction of its own.
    pub fn act<T, F>(&self, setting: &Setting, by: By, act: F) -> Result<T, Failure>
    where
        F: AsyncFnOnce(&mut registry::Tx) -> Result<(T, Entry), Refusal>,
    {
        let done = self.office.wait(async {
            let mut tx = self.office.registry.begin(by, self.office.now, "").await?;
            let (value, entry) = act(&mut tx).await?;
            tx.commit(entry).await?;
            Ok(value)
        });
        done.map_err(|refusal| refused(setting, refusal))
    }
}

/// Keys of the machine for reports.
///
/// # Errors
/// A problem when others can read them.
pub fn machine_keys(office: &Office) -> Result<MachineKeys, Failure> {
    let (facts, receipts) =
        (office.seal_key("reports-facts")?, office.seal_key("reports-receipts")?);
    Ok(MachineKeys { facts, receipts })
}

/// Files, lists, opens, handles and answers reports.
///
/// # Errors
/// Every rule that says no, with its basis; a problem for a report that is not there for him.
pub fn run(setting: &Setting, act: ReportsAct) -> Outcome {
    match act {
        ReportsAct::Offer { desk, about } => offer(setting, &desk, &about),
        ReportsAct::File { desk, about, told } => file_report(setting, &desk, &about, &told),
        ReportsAct::List { desk, who, late } => list(setting, &desk, &who, late),
        ReportsAct::Show { desk, number, who } => show(setting, &desk, &number, &who),
        ReportsAct::Open { desk, number, who, purpose, save } => {
            open_report(setting, &desk, (&number, &purpose), &who, save.as_deref())
        }
        ReportsAct::Identity { act } => identity::run(setting, act),
        ReportsAct::Totals { desk } => totals(setting, &desk),
        ReportsAct::Receipt { .. }
        | ReportsAct::Add { .. }
        | ReportsAct::Rate { .. }
        | ReportsAct::Object { .. }
        | ReportsAct::ObjectTransfer { .. }
        | ReportsAct::Forget { .. }
        | ReportsAct::Prove { .. } => reader::run(setting, act),
        act => acts::run(setting, act),
    }
}

fn facts(window: &Window, about: &About) -> Result<Facts, Failure> {
    let place = window.office.wait(path(&window.office.registry.db, &about.place))?;
    Ok(Facts {
        door: about.door.clone(),
        place,
        topic: about.topic.clone(),
        posts: about.post.iter().cloned().collect(),
        named: about.named.iter().cloned().collect(),
    })
}

fn offer(setting: &Setting, desk: &Desk, about: &About) -> Outcome {
    let window = Window::open(setting, desk)?;
    let facts = facts(&window, about)?;
    let (db, day) = (&window.office.registry.db, window.office.now.day);
    let offer = window.office.wait(file::offer(db, &window.counter(), &facts, day))?;
    if setting.common.json {
        return setting.print_json(&offer);
    }
    say::result(&offer.office);
    Ok(Ending::Done)
}

/// Reads files with their names.
fn read_files(paths: &[std::path::PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let unreadable = |_| Problem::new("file-not-readable", crate::office::file(path));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, std::fs::read(path).map_err(unreadable)?));
    }
    Ok(files)
}

fn file_report(setting: &Setting, desk: &Desk, about: &About, told: &Told) -> Outcome {
    let window = Window::open(setting, desk)?;
    let place = || Place { column: Some("--channel".to_owned()), ..Place::default() };
    let channel = Channel::named(&told.channel)
        .ok_or_else(|| Problem::new("value-not-allowed", place()).with("constraint", "channel"))?;
    let contact = told.contact.clone().unwrap_or_default();
    let identity = told.name.clone().map(|name| Identity { name, contact, ..Identity::default() });
    let form = Form {
        facts: facts(&window, about)?,
        text: told.text.clone(),
        attachments: read_files(&told.attach)?,
        identity,
        ..Form::default()
    };
    let by = match (&told.person, &told.role) {
        (Some(person), Some(role)) => {
            window.by(&Who { person: person.clone(), role: role.clone() })?
        }
        _ => By::public(&window.law.access),
    };
    let counter = window.counter();
    let handed = Handed::Clear(form);
    let filed =
        window.act(setting, by, async |tx| file::file(tx, &counter, channel, handed).await)?;
    say::result(&filed.receipt.symbols());
    setting.remark("ui-reports-receipt", &[("words", &filed.receipt.words().join(" "))]);
    let said = if filed.outside { "ui-reports-filed-outside" } else { "ui-reports-filed" };
    setting.remark(said, &[("office", &filed.office)]);
    say_dues(setting, &filed.dues);
    Ok(Ending::Done)
}

/// Says what is due, a line each.
fn say_dues(setting: &Setting, dues: &[(domain::report::handling::DueFor, domain::time::Day)]) {
    for (what, day) in dues {
        let what = setting.text.get(&format!("ui-reports-due-{}", what.code().replace('_', "-")));
        setting.remark("ui-matter-due", &[("what", &what), ("day", &day.to_string())]);
    }
}

fn list(setting: &Setting, desk: &Desk, who: &Who, late: bool) -> Outcome {
    let window = Window::open(setting, desk)?;
    let (by, day) = (window.by(who)?, window.office.now.day);
    let filter = Filter { late, ..Filter::default() };
    let db = &window.office.registry.db;
    let lines = window.office.wait(lists::list(db, &window.counter(), &by, day, &filter))?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let rows: Vec<Vec<String>> = lines.into_iter().map(|line| cells(setting, line)).collect();
    let header = ["number", "state", "office", "filed", "due"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}

fn cells(setting: &Setting, line: Line) -> Vec<String> {
    let state = line.state.map(|state| setting.text.get(&format!("ui-reports-state-{state}")));
    let due = line.next.map(|due| due.day.to_string());
    let filed = line.filed.map(|day| day.to_string());
    vec![
        line.number,
        state.unwrap_or_default(),
        line.office.unwrap_or_default(),
        filed.unwrap_or_default(),
        due.unwrap_or_default(),
    ]
}

fn show(setting: &Setting, desk: &Desk, number: &str, who: &Who) -> Outcome {
    let window = Window::open(setting, desk)?;
    let (by, day) = (window.by(who)?, window.office.now.day);
    let (db, counter) = (&window.office.registry.db, window.counter());
    let history = window.office.wait(lists::history(db, &counter, &by, day, number))?;
    let (line, acts, dues) = history;
    if setting.common.json {
        let all = serde_json::json!({ "report": line, "acts": acts, "dues": dues });
        return setting.print_json(&all);
    }
    say::result(&cells(setting, line).join("  "));
    for act in acts {
        let kind = setting.text.get(&format!("ui-reports-act-{}", act.kind.replace('_', "-")));
        say::result(&format!("  {}  {kind}  {}", act.day, act.office.unwrap_or(act.role)));
    }
    Ok(Ending::Done)
}

fn open_report(
    setting: &Setting,
    desk: &Desk,
    (number, purpose): (&str, &str),
    who: &Who,
    save: Option<&Path>,
) -> Outcome {
    let window = Window::open(setting, desk)?;
    let by = window.by(who)?;
    let unlocked = super::office_key::unlock(setting, &window.office, &who.person)?;
    let counter = window.counter();
    let opened = window.act(setting, by.clone(), async |tx| {
        Ok(open::open(tx, &counter, number, purpose, &unlocked).await?)
    })?;
    if let (Some(folder), Some(content)) = (save, &opened.content) {
        for (part, named) in opened.attachments.iter().zip(&content.attachments) {
            let bytes = window.act(setting, by.clone(), async |tx| {
                Ok(open::attachment(tx, &counter, (number, part), &unlocked).await?)
            })?;
            let fault = |e| domain::problem::Fault::new("save attachment", e);
            std::fs::write(folder.join(&named.name), bytes.expose()).map_err(fault)?;
        }
    }
    if setting.common.json {
        return setting.print_json(&opened);
    }
    say_opened(setting, &opened);
    Ok(Ending::Done)
}

fn say_opened(setting: &Setting, opened: &Opened) {
    match &opened.content {
        None => setting.remark("ui-reports-erased", &[]),
        Some(content) => {
            say::result(&content.text);
            for named in &content.attachments {
                say::result(&format!("  + {}  {}", named.name, named.kind.media_type()));
            }
        }
    }
    for said in &opened.said {
        let kind = setting.text.get(&format!("ui-reports-said-{}", said.kind));
        let text = said.words.as_ref().map(|words| words.text.clone()).unwrap_or_default();
        say::result(&format!("  {}  {kind}: {text}", said.day));
    }
}

/// The receipt of the command line, or of standard input for `-`.
fn receipt(given: &str) -> Result<Receipt, Failure> {
    let text = if given == "-" { super::office_key::line()? } else { given.to_owned() };
    Ok(Receipt::parse(&text)?)
}

fn totals(setting: &Setting, desk: &Desk) -> Outcome {
    let window = Window::open(setting, desk)?;
    let (registry, now) = (&window.office.registry, window.office.now);
    window.office.wait(registry.count_reports(&window.counter(), now))?;
    let totals = window.office.wait(public_reports::totals(&registry.db))?;
    if setting.common.json {
        return setting.print_json(&totals);
    }
    let shown = |figure: Option<i64>| figure.map_or("—".to_owned(), |n| n.to_string());
    let rows: Vec<Vec<String>> = totals
        .iter()
        .map(|row| {
            let figures =
                [row.received, row.in_time, row.overdue, row.satisfied, row.unsatisfied].map(shown);
            [vec![row.quarter.clone(), row.level.clone(), row.door.clone()], figures.to_vec()]
                .concat()
        })
        .collect();
    let header =
        ["quarter", "level", "door", "received", "in-time", "overdue", "satisfied", "unsatisfied"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    say::result(&say::table(&header, &rows, &[3, 4, 5, 6, 7]));
    Ok(Ending::Done)
}
