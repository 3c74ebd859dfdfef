//! `mingbai checks`: findings enter the register, are checked by two, and are told apart.

use domain::supervision::check::{Outcome, Report};
use registry::actions::supervision::{checks, looks, models};
use registry::queries::supervision::findings::{self, Filter};
use registry::queries::supervision::rates::ModelRate;
use registry::queries::supervision::{Reader, funnel, rates};

use super::{Room, known, plain, yuan};
use crate::cli::register::{Desk, Who};
use crate::cli::supervision::CheckAct;
use crate::figures;
use crate::names::Names;
use crate::office::{Office, law, read_day};
use crate::setting::{Ending, Outcome as Ended, Setting};
use crate::{say, system};

/// Takes findings in, gives them to people, and keeps what they find.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: CheckAct) -> Ended {
    match act {
        #[cfg(feature = "screening")]
        CheckAct::TakeIn { desk, only } => take_in::run(setting, &desk, &only),
        CheckAct::List { desk, who, place, state, model } => {
            let filter = Filter { state, model, ..Filter::default() };
            list(setting, (&desk, &who), &place, &filter)
        }
        CheckAct::Show { desk, who, number } => show(setting, (&desk, &who), &number),
        CheckAct::Assign { desk, who, number, first, second } => {
            let room = Room::open(setting, &desk, &who)?;
            let due = room.act(setting, async |tx, bench| {
                checks::assign(tx, bench, &number, (&first, &second)).await
            })?;
            setting.remark("ui-supervision-due", &[("day", &due.to_string())]);
            Ok(Ending::Done)
        }
        CheckAct::Record {
            desk,
            who,
            number,
            outcome,
            reason,
            cause,
            answers,
            recover,
            holds_until,
        } => {
            let recover = recover.as_deref().map(|text| yuan("--recover", text)).transpose()?;
            let until = holds_until.as_deref().map(|text| read_day("--holds-until", text));
            let report = Report {
                outcome: known("OUTCOME", &outcome, Outcome::named)?,
                reason,
                cause,
                answers,
                recover_fen: recover.unwrap_or(0),
                holds_until: until.transpose()?,
            };
            plain(setting, (&desk, &who), async |tx, bench| {
                Ok(((), checks::record(tx, bench, &number, &report).await?))
            })
        }
        CheckAct::Confirm { desk, who, number, object } => {
            plain(setting, (&desk, &who), async |tx, bench| {
                Ok(((), checks::confirm(tx, bench, &number, !object).await?))
            })
        }
        CheckAct::Recover { desk, who, number, amount, waive, note } => {
            let money = (if waive { "waived" } else { "recovered" }, yuan("--amount", &amount)?);
            plain(setting, (&desk, &who), async |tx, bench| {
                Ok(((), checks::recover(tx, bench, &number, money, &note).await?))
            })
        }
        act @ (CheckAct::AskLook { .. } | CheckAct::GrantLook { .. } | CheckAct::Look { .. }) => {
            look(setting, act)
        }
        CheckAct::Models { desk } => list_models(setting, &desk),
        CheckAct::Retire { desk, who, model, reason } => {
            plain(setting, (&desk, &who), async |tx, bench| {
                Ok(((), models::retire(tx, bench, &model, &reason).await?))
            })
        }
        CheckAct::Funnel { desk, place } => count(setting, &desk, &place),
    }
}

/// Looks at names: asked for, granted by another, taken.
fn look(setting: &Setting, act: CheckAct) -> Ended {
    match act {
        CheckAct::AskLook { desk, who, number, purpose } => {
            let room = Room::open(setting, &desk, &who)?;
            let look = room.act(setting, async |tx, _| looks::ask(tx, &number, &purpose).await)?;
            say::result(&look);
            Ok(Ending::Done)
        }
        CheckAct::GrantLook { desk, who, look } => {
            let room = Room::open(setting, &desk, &who)?;
            let until =
                room.act(setting, async |tx, bench| looks::grant(tx, bench, &look).await)?;
            setting.remark("ui-supervision-due", &[("day", &until.to_string())]);
            Ok(Ending::Done)
        }
        CheckAct::Look { desk, who, look } => take_look(setting, (&desk, &who), &look),
        _ => Ok(Ending::Done),
    }
}

fn list(setting: &Setting, (desk, who): (&Desk, &Who), place: &str, filter: &Filter) -> Ended {
    let room = Room::open(setting, desk, who)?;
    let (by, path) = (room.reader(who)?, room.path(place)?);
    let (db, day) = (&room.office.registry.db, room.office.now.day);
    let version = room.law.supervision.on(day)?;
    let lines = room.office.wait(async {
        let reader = Reader::new(db, &by, &room.law.recusal, day).await?;
        findings::list(db, &reader, &path, filter, version).await
    })?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let header = ["number", "model", "village", "period", "amount", "score", "state"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let rows: Vec<Vec<String>> = lines
        .into_iter()
        .map(|f| {
            let period = i32::try_from(f.period).unwrap_or(0);
            vec![
                f.number,
                f.model,
                f.place_name,
                domain::finding::Period(period).to_string(),
                f.amount_fen.map(|fen| figures::yuan(domain::money::Fen(fen))).unwrap_or_default(),
                f.score.to_string(),
                setting.text.get(&format!("ui-finding-{}", f.state)),
            ]
        })
        .collect();
    say::result(&say::table(&header, &rows, &[4, 5]));
    Ok(Ending::Done)
}

fn show(setting: &Setting, (desk, who): (&Desk, &Who), number: &str) -> Ended {
    let room = Room::open(setting, desk, who)?;
    let by = room.reader(who)?;
    let (db, day) = (&room.office.registry.db, room.office.now.day);
    let page = room.office.wait(async {
        // The task of a checker lies in the findings that were given to him.
        let reader = Reader::new(db, &by, &room.law.recusal, day).await?;
        findings::one(db, &reader, number).await
    })?;
    let page = page.ok_or_else(|| unknown(number))?;
    if setting.common.json {
        return setting.print_json(&page);
    }
    let zh = setting.text.language().is_chinese();
    let line = &page.line;
    let state = setting.text.get(&format!("ui-finding-{}", line.state));
    let title = if zh { &line.title_zh } else { &line.title_en };
    say::result(&format!("{}  {}  {}  {state}", line.number, line.place_name, title));
    if let Some(reason) = &page.reason {
        let names = Names::default();
        say::result(&names.reason(if zh { &reason.zh } else { &reason.en }, setting.text));
    }
    for question in &page.questions {
        say::result(&format!("  ? {}", if zh { &question.zh } else { &question.en }));
    }
    for round in &page.rounds {
        let (outcome, reason) = (round.outcome.as_deref(), round.reason.as_deref());
        let outcome = outcome.map(|code| setting.text.get(&format!("ui-outcome-{}", dashed(code))));
        say::result(&format!(
            "  {}  {} / {}  {}  {}",
            round.due_day,
            round.first_name,
            round.second_name,
            outcome.unwrap_or_default(),
            reason.unwrap_or_default(),
        ));
    }
    Ok(Ending::Done)
}

fn unknown(number: &str) -> domain::problem::Failure {
    let place = domain::problem::Place::default();
    let problem = domain::problem::Problem::new("not-registered", place);
    problem.with("what", "finding").with("key", number).into()
}

pub(super) fn dashed(code: &str) -> String {
    code.replace('_', "-")
}

/// Takes a granted look: the access log first, then the vault.
fn take_look(setting: &Setting, (desk, who): (&Desk, &Who), look: &str) -> Ended {
    let room = Room::open(setting, desk, who)?;
    let folder = setting.folder(&desk.dir)?;
    let look = room.act(setting, async |tx, _| Ok(looks::take(tx, look).await?))?;
    let entry = facts::AccessEntry {
        at_ms: system::now_ms(),
        user: system::user(),
        act: "finding".to_owned(),
        purpose: look.purpose,
        people: look.people.len() as u64,
        subjects: look.people.clone(),
        ..facts::AccessEntry::default()
    };
    folder.log_access(&entry)?;
    for (key, identity) in folder.vault()?.identities(&look.people)? {
        let code = crate::names::pseudonym(key);
        say::result(&format!("{code}  {}  {}", identity.name, identity.id_number));
    }
    Ok(Ending::Done)
}

fn list_models(setting: &Setting, desk: &Desk) -> Ended {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let models = office.wait(rates::all(&office.registry.db))?;
    if setting.common.json {
        return setting.print_json(&models);
    }
    let version = law.supervision.on(office.now.day)?;
    let header = ["model", "findings", "excluded", "checked", "confirmed", "share", "state"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let state = |model: &ModelRate| match &model.retired {
        Some(day) => setting.text.with("ui-model-retired", &[("day", day)]),
        None if model.checks.is_to_retire(version) => setting.text.get("ui-model-to-retire"),
        None => String::new(),
    };
    let rows: Vec<Vec<String>> = models
        .iter()
        .map(|model| {
            let counts = [model.hits, model.excluded].map(|n| n.to_string());
            let checks = [model.checks.checked, model.checks.confirmed].map(|n| n.to_string());
            let mut row = vec![model.model.clone()];
            row.extend(counts);
            row.extend(checks);
            row.push(share(model));
            row.push(state(model));
            row
        })
        .collect();
    say::result(&say::table(&header, &rows, &[1, 2, 3, 4]));
    Ok(Ending::Done)
}

/// `31.25% (14.16–55.56%)`.
fn share(model: &ModelRate) -> String {
    let percent = |bp: u32| format!("{}.{:02}", bp / 100, bp % 100);
    let share = model.share;
    share.map_or(String::new(), |s| {
        format!("{}% ({}–{}%)", percent(s.share), percent(s.low), percent(s.high))
    })
}

fn count(setting: &Setting, desk: &Desk, place: &str) -> Ended {
    let office = Office::open(setting, desk)?;
    let funnel = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "list").await?;
        let path = registry::actions::places::path(&mut tx, place).await?;
        drop(tx);
        funnel::funnel(&office.registry.db, &funnel::Cut::of(&path)).await
    })?;
    if setting.common.json {
        return setting.print_json(&funnel);
    }
    let header =
        ["model", "findings", "checked", "confirmed", "clues", "disposed", "due", "recovered"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let row = |name: &str, c: &funnel::Counts| -> Vec<String> {
        let counts = [c.hits, c.checked, c.problems, c.clues, c.disposed].map(|n| n.to_string());
        let money = [c.due_fen, c.recovered_fen].map(|fen| figures::yuan(domain::money::Fen(fen)));
        [name.to_owned()].into_iter().chain(counts).chain(money).collect()
    };
    let mut rows: Vec<Vec<String>> = funnel.models.iter().map(|(model, c)| row(model, c)).collect();
    rows.push(row(&setting.text.get("ui-all"), &funnel.all));
    say::result(&say::table(&header, &rows, &[1, 2, 3, 4, 5, 6, 7]));
    Ok(Ending::Done)
}

/// Findings of the latest run, with the questions of their models.
#[cfg(feature = "screening")]
mod take_in {
    use ::screening::model::Model;

    use crate::cli::register::Desk;
    use crate::commands::{screen, screening as way_in};
    use crate::office::Office;
    use crate::setting::{Ending, Outcome, Setting};

    pub(super) fn run(setting: &Setting, desk: &Desk, only: &[String]) -> Outcome {
        let folder = setting.folder(&desk.dir)?;
        let (run, mut found) = screen::latest(&folder, &desk.dir)?;
        let models = setting.models()?;
        let wanted: Vec<&Model> = screen::wanted(&models, only)?;
        found.retain(|f| wanted.iter().any(|model| model.header.id == f.model));
        let office = Office::open(setting, desk)?;
        let (by, now) = (office.operator(), office.now);
        let asked = (wanted.as_slice(), found.as_slice());
        let taken = way_in::take_in(&office, (&by, now), (&folder, run), asked, async |_| Ok(()));
        let taken = office.wait(taken)?;
        if setting.common.json {
            return setting.print_json(&taken);
        }
        let counts = [taken.new, taken.again, taken.excluded, taken.unplaced];
        let [new, again, excluded, unplaced] = counts.map(|n| n.to_string());
        let args = [
            ("new", new.as_str()),
            ("again", &again),
            ("excluded", &excluded),
            ("unplaced", &unplaced),
        ];
        crate::say::result(&setting.text.with("ui-findings-taken", &args));
        Ok(Ending::Done)
    }
}
