//! `mingbai matter`: a village matter from proposal to archive.

use domain::catalogue::Titles;
use domain::money::Fen;
use domain::problem::{Failure, Place, Problem};
use domain::procedure::{Actor, Event, Meeting};
use domain::recusal::Override;
use registry::Tx;
use registry::actions::matters::{self, NewMatter, Recorded};
use registry::actions::questions::{About, NewQuestion};
use registry::actions::{Refusal, documents, overrides, questions};
use registry::blobs::Blobs;
use registry::queries::lists;

use crate::cli::register::{Desk, MatterAct, Minutes, Who, Words};
use crate::office::{Office, law, read_day, refused};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Opens, lists, shows and advances matters.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: MatterAct) -> Outcome {
    match act {
        MatterAct::Open { desk, power, place, title, subject, amount, names_confirmed } => {
            let amount_fen = amount.as_deref().map(yuan).transpose()?;
            let new = NewMatter { power, place, title, subject, amount_fen };
            open(setting, &desk, &new, names_confirmed)
        }
        MatterAct::List { desk, place } => list(setting, &desk, &place),
        MatterAct::Show { desk, number } => show(setting, &desk, &number),
        MatterAct::Do { desk, number, step, who, amount, words } => {
            let amount_fen = amount.as_deref().map(yuan).transpose()?;
            record(setting, &desk, &number, &who, &words, |office| Event::Step {
                code: step.clone(),
                actor: actor(&who),
                day: office.now.day,
                amount_fen,
                meeting: None,
            })
        }
        MatterAct::Meet { desk, number, step, minutes } => {
            meet(setting, &desk, &number, &step, &minutes)
        }
        MatterAct::Check { desk, number, step, who, object } => {
            record(setting, &desk, &number, &who, &Words::default(), |office| Event::Check {
                step: step.clone(),
                actor: actor(&who),
                day: office.now.day,
                agreed: !object,
            })
        }
        MatterAct::Sign { desk, number, step, who } => {
            record(setting, &desk, &number, &who, &Words::default(), |office| Event::Sign {
                step: step.clone(),
                actor: actor(&who),
                day: office.now.day,
            })
        }
        MatterAct::Override { desk, number, person, ground, approver, reason } => {
            allow(setting, &desk, &number, &person, (&ground, &approver, &reason))
        }
        MatterAct::File { desk, number, code, file } => {
            file_document(setting, &desk, &number, &code, &file)
        }
        MatterAct::Ask { desk, number, text } => ask(setting, &desk, &number, &text),
        MatterAct::Answer { desk, question, text, who, names_confirmed } => {
            let words = Words { note: text, names_confirmed };
            answer(setting, &desk, &question, &words, &who)
        }
    }
}

/// Yuan from the command line.
fn yuan(text: &str) -> Result<i64, Failure> {
    let place = || Place { column: Some("--amount".to_owned()), ..Place::default() };
    let parsed = Fen::parse(text, domain::money::MoneyUnit::Yuan);
    Ok(parsed.map_err(|_| Problem::new("amount-not-a-number", place()))?.0)
}

fn actor(who: &Who) -> Actor {
    Actor { person: who.person.clone(), role: who.role.clone() }
}

fn open(setting: &Setting, desk: &Desk, new: &NewMatter, names_confirmed: bool) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let number = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "open").await?;
        tx.names_confirmed = names_confirmed;
        let (number, entry) = matters::open(&mut tx, law.rules(), new).await?;
        tx.commit(entry).await?;
        Ok(number)
    });
    say::result(&number.map_err(|refusal| refused(setting, refusal))?);
    Ok(Ending::Done)
}

fn list(setting: &Setting, desk: &Desk, place: &str) -> Outcome {
    let office = Office::open(setting, desk)?;
    let matters = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "list").await?;
        let path = registry::actions::places::path(&mut tx, place).await?;
        drop(tx);
        lists::matters(&office.registry.db, &office.operator(), &path).await
    })?;
    if setting.common.json {
        return setting.print_json(&matters);
    }
    let rows: Vec<Vec<String>> = matters
        .into_iter()
        .map(|m| {
            let state = setting.text.get(&format!("ui-matter-{}", m.state));
            vec![m.number, m.power, state, m.opened, m.title]
        })
        .collect();
    let header = ["number", "power", "state", "opened", "title"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}

/// What was done, and what can be done next with what is missing for it.
fn show(setting: &Setting, desk: &Desk, number: &str) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let (loaded, next) = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "show").await?;
        matters::next(&mut tx, law.rules(), number).await
    })?;
    if setting.common.json {
        return setting.print_json(&serde_json::json!({
            "number": loaded.number, "power": loaded.power, "title": loaded.title,
            "state": loaded.state, "record": loaded.matter, "next": next,
        }));
    }
    let state = setting.text.get(&format!("ui-matter-{}", loaded.state));
    say::result(&format!("{}  {}  {}  {state}", loaded.number, loaded.power, loaded.title));
    let steps = law.catalogue.steps_of(&loaded.power, loaded.opened)?;
    let zh = setting.text.language() == locale::Language::Chinese;
    let title = |code: &str| {
        let step = steps.iter().find(|step| step.code == code);
        step.map_or(code.to_owned(), |s| if zh { s.title.zh.clone() } else { s.title.en.clone() })
    };
    for done in &loaded.matter.done {
        say::result(&format!(
            "  ✓ {}  {} ({})  {}",
            done.day,
            title(&done.step),
            done.step,
            done.actor.role
        ));
    }
    let titles = Titles::of(&law.catalogue);
    for open in next {
        let actors = open.actors.join(" / ");
        say::result(&format!("  → {} ({})  {actors}", title(&open.code), open.code));
        for missing in open.missing {
            let missing = titles.put_beside(&missing, steps, zh);
            say::result(&format!("      {}", setting.text.failure(&missing.into())));
        }
    }
    Ok(Ending::Done)
}

fn record(
    setting: &Setting,
    desk: &Desk,
    number: &str,
    who: &Who,
    words: &Words,
    event: impl Fn(&Office) -> Event,
) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let by = office.by(&who.person, &who.role);
    let event = event(&office);
    let done = office.wait(async {
        let mut tx = office.registry.begin(by, office.now, "").await?;
        tx.names_confirmed = words.names_confirmed;
        let recorded = matters::record(&mut tx, law.rules(), number, &event, &words.note).await?;
        commit(tx, recorded).await
    });
    said(setting, done.map_err(|refusal| refused(setting, refusal))?)
}

async fn commit(tx: Tx, recorded: Recorded) -> Result<Recorded, Refusal> {
    tx.commit(recorded.entry.clone()).await?;
    Ok(recorded)
}

/// What follows from an event: notices made, days set.
fn said(setting: &Setting, recorded: Recorded) -> Outcome {
    setting.remark("ui-matter-recorded", &[]);
    if let Some(notice) = recorded.notice {
        setting.remark("ui-matter-published", &[]);
        say::result(&notice);
    }
    for (of, day) in recorded.dues {
        let what = match of {
            domain::procedure::DueOf::Step(code) | domain::procedure::DueOf::Question(code) => code,
        };
        setting.remark("ui-matter-due", &[("what", &what), ("day", &day.to_string())]);
    }
    Ok(Ending::Done)
}

fn meet(setting: &Setting, desk: &Desk, number: &str, step: &str, minutes: &Minutes) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let called_on = minutes.called.as_deref().map(|day| read_day("--called", day)).transpose()?;
    let held = minutes.held.as_deref().map(|day| read_day("--held", day)).transpose()?;
    let meeting = Meeting {
        body: minutes.body.clone(),
        called_on,
        held_on: held.unwrap_or(office.now.day),
        should_attend: minutes.members,
        present: minutes.present,
        households_total: minutes.households,
        households_present: minutes.households_present,
        votes_for: minutes.votes_for,
        votes_against: minutes.against,
        abstentions: minutes.abstained,
        head_spoke_last: minutes.head_last,
        ballots_recorded: minutes.ballots,
        attendees: Vec::new(),
    };
    let (step, day) = (step.to_owned(), office.now.day);
    let event = Event::Meeting { step, day, meeting: Box::new(meeting) };
    let done = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "meeting").await?;
        let recorded = matters::record(&mut tx, law.rules(), number, &event, "").await?;
        commit(tx, recorded).await
    });
    said(setting, done.map_err(|refusal| refused(setting, refusal))?)
}

fn file_document(
    setting: &Setting,
    desk: &Desk,
    number: &str,
    code: &str,
    file: &std::path::Path,
) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let unreadable = |_| Problem::new("file-not-readable", crate::office::file(file));
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let blob = Blobs::at(&office.blobs()).keep(&bytes)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let new = documents::NewDocument { code: code.to_owned(), name, blob, bytes: bytes.len() };
    let done = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "document").await?;
        let recorded = documents::file(&mut tx, law.rules(), number, &new).await?;
        commit(tx, recorded).await
    });
    said(setting, done.map_err(|refusal| refused(setting, refusal))?)
}

/// Lets a person act in spite of a conflict, on somebody else's responsibility.
fn allow(
    setting: &Setting,
    desk: &Desk,
    number: &str,
    person: &str,
    (ground, approver, reason): (&str, &str, &str),
) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let unknown = || {
        let place = Place { column: Some("--ground".to_owned()), ..Place::default() };
        Problem::new("not-registered", place).with("what", "ground").with("key", ground)
    };
    let code = serde_json::Value::String(ground.to_owned());
    let ground = serde_json::from_value(code).map_err(|_| unknown())?;
    let (approver, reason) = (approver.to_owned(), reason.to_owned());
    let given = Override { ground, approver, reason, day: office.now.day };
    let done = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "override").await?;
        let entry = overrides::grant(&mut tx, law.rules(), number, person, &given).await?;
        Ok(tx.commit(entry).await?)
    });
    done.map_err(|refusal| refused(setting, refusal))?;
    setting.remark("ui-matter-recorded", &[]);
    Ok(Ending::Done)
}

fn ask(setting: &Setting, desk: &Desk, number: &str, text: &str) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let by = registry::By::public(&law.access);
    let done = office.wait(async {
        let mut tx = office.registry.begin(by, office.now, "").await?;
        let new = NewQuestion {
            about: About::Matter(number.to_owned()),
            asker_kind: "villager".to_owned(),
            text: text.to_owned(),
            contact: None,
        };
        let (question, recorded) = questions::ask(&mut tx, law.rules(), &new).await?;
        Ok((question, commit(tx, recorded).await?))
    });
    let (question, recorded) = done.map_err(|refusal| refused(setting, refusal))?;
    say::result(&question);
    said(setting, recorded)
}

fn answer(setting: &Setting, desk: &Desk, question: &str, words: &Words, who: &Who) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let by = office.by(&who.person, &who.role);
    let done = office.wait(async {
        let mut tx = office.registry.begin(by, office.now, "").await?;
        tx.names_confirmed = words.names_confirmed;
        let (rules, actor) = (law.rules(), actor(who));
        let recorded = questions::answer(&mut tx, rules, question, &actor, &words.note).await?;
        commit(tx, recorded).await
    });
    said(setting, done.map_err(|refusal| refused(setting, refusal))?)
}
