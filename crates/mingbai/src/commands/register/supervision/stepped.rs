//! `mingbai stepped`: the list of a quarter, villages under stepped-up supervision, what is looked at there.

use std::collections::BTreeMap;

use domain::disclosure::{Tightened, expected_tightened};
use domain::problem::{Failure, Place, Problem};
use domain::supervision::stepped::score::points;
use domain::supervision::stepped::village::Act;
use domain::time::{Day, Month};
use registry::actions::stepped::figures::{self, NewFigures};
use registry::actions::stepped::measures::{self, NewMeasure};
use registry::actions::stepped::villages::{self, NewVillage};
use registry::actions::stepped::{checks, lists};
use registry::queries::joint::checkers;
use registry::queries::public_stepped;
use registry::queries::stepped::lists as read_lists;
use registry::queries::stepped::villages as read;

use super::{Room, plain, yuan};
use crate::cli::register::{Desk, Who};
use crate::cli::stepped::{SteppedAct, Under, YearFigures};
use crate::office::{Office, law, read_day};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Scores villages, puts them under supervision, keeps what is done there, and ends it.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: SteppedAct) -> Outcome {
    match act {
        SteppedAct::Figures { desk, who, figures } => {
            let new = [new_figures(*figures)?];
            plain(setting, (&desk, &who), async |tx, _| Ok(((), figures::enter(tx, &new).await?)))
        }
        #[cfg(feature = "screening")]
        SteppedAct::Payments { desk, who, year } => payments(setting, (&desk, &who), year),
        SteppedAct::Propose { desk, who } => {
            let room = Room::open(setting, &desk, &who)?;
            let quarter = room.step(setting, lists::propose)?;
            say::result(&quarter);
            Ok(Ending::Done)
        }
        SteppedAct::Scores { desk, quarter, all } => scores(setting, &desk, (&quarter, all)),
        SteppedAct::Change { desk, who, quarter, place, off, reason } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), lists::change(tx, rules, &quarter, (&place, !off), &reason).await?))
            })
        }
        SteppedAct::Approve { desk, who, quarter } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), lists::approve(tx, rules, &quarter).await?))
            })
        }
        SteppedAct::Begin { desk, who, village } => {
            let (room, new) = (Room::open(setting, &desk, &who)?, new_village(*village)?);
            let number =
                room.step(setting, async |tx, rules| villages::propose(tx, rules, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        SteppedAct::Decide { desk, who, number, object, reason } => {
            step(setting, (&desk, &who), &number, (&Act::Decide { agreed: !object }, &reason))
        }
        SteppedAct::End { desk, who, number, reason } => {
            step(setting, (&desk, &who), &number, (&Act::End, &reason))
        }
        SteppedAct::Prolong { desk, who, number, until, reason } => {
            let until = read_day("--until", &until)?;
            step(setting, (&desk, &who), &number, (&Act::Longer { until }, &reason))
        }
        SteppedAct::List { desk, who, place } => list(setting, (&desk, &who), &place),
        SteppedAct::Show { desk, who, number } => show(setting, (&desk, &who), &number),
        SteppedAct::Notices { desk } => notices(setting, &desk),
        SteppedAct::Owed { desk, place, month } => owed(setting, &desk, (&place, &month)),
        SteppedAct::Checkers { desk, place } => who_checks(setting, &desk, &place),
        other => check(setting, other),
    }
}

/// The checklist and measures.
fn check(setting: &Setting, act: SteppedAct) -> Outcome {
    match act {
        SteppedAct::Assign { desk, who, number, first, second, items } => {
            let room = Room::open(setting, &desk, &who)?;
            for item in &items {
                let due = room.step(setting, async |tx, rules| {
                    checks::assign(tx, rules, &number, item, (&first, &second)).await
                })?;
                setting.remark("ui-supervision-due", &[("day", &due.to_string())]);
            }
            Ok(Ending::Done)
        }
        SteppedAct::Record { desk, who, number, items, problem, note } => {
            let room = Room::open(setting, &desk, &who)?;
            for item in &items {
                room.step(setting, async |tx, rules| {
                    let seen = (problem, note.as_str());
                    Ok(((), checks::record(tx, rules, &number, item, seen).await?))
                })?;
            }
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        SteppedAct::Agree { desk, who, number, items, object } => {
            let room = Room::open(setting, &desk, &who)?;
            for item in &items {
                room.step(setting, async |tx, rules| {
                    Ok(((), checks::confirm(tx, rules, &number, item, !object).await?))
                })?;
            }
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        SteppedAct::Measure { desk, who, number, kind, note, rectification } => {
            let new = NewMeasure { kind, words: note, rectification };
            let room = Room::open(setting, &desk, &who)?;
            let (id, due) = room
                .step(setting, async |tx, rules| measures::order(tx, rules, &number, &new).await)?;
            say::result(&id);
            setting.remark("ui-supervision-due", &[("day", &due.to_string())]);
            Ok(Ending::Done)
        }
        SteppedAct::Done { desk, who, measure, note } => {
            stepped(setting, (&desk, &who), async |tx, rules| {
                Ok(((), measures::record(tx, rules, &measure, &note).await?))
            })
        }
        _ => Ok(Ending::Done),
    }
}

/// An act of which nothing is printed.
pub(super) fn stepped(
    setting: &Setting,
    (desk, who): (&Desk, &Who),
    act: impl AsyncFnOnce(
        &mut registry::Tx,
        registry::actions::stepped::Stepped<'_>,
    ) -> Result<((), registry::Entry), registry::actions::Refusal>,
) -> Outcome {
    Room::open(setting, desk, who)?.step(setting, act)?;
    setting.remark("ui-supervision-recorded", &[]);
    Ok(Ending::Done)
}

fn new_figures(figures: YearFigures) -> Result<NewFigures, Failure> {
    let money = |flag, text: Option<String>| text.map(|text| yuan(flag, &text)).transpose();
    Ok(NewFigures {
        place: figures.place,
        year: figures.year,
        income_fen: money("--income", figures.income)?,
        funds_fen: money("--funds", figures.funds)?,
        residents: figures.residents,
        source: figures.source,
    })
}

fn new_village(village: Under) -> Result<NewVillage, Failure> {
    let way = |text: &String| {
        let place = || Place { column: Some("--way".to_owned()), ..Place::default() };
        let unknown = || Problem::new("code-unknown", place()).with("code", text);
        let (code, said) = text.split_once('=').ok_or_else(unknown)?;
        Ok::<_, Problem>((code.to_owned(), said.to_owned()))
    };
    Ok(NewVillage {
        contacts: village.ways.iter().map(way).collect::<Result<_, _>>()?,
        place: village.place,
        leader: village.leader,
        from: read_day("--from", &village.from)?,
        until: read_day("--until", &village.until)?,
        reason: village.reason,
    })
}

/// Sums of the facts become figures of the villages that the register knows.
#[cfg(feature = "screening")]
fn payments(setting: &Setting, (desk, who): (&Desk, &Who), year: i32) -> Outcome {
    let folder = setting.folder(&desk.dir)?;
    let room = Room::open(setting, desk, who)?;
    let db = &room.office.registry.db;
    let places = room.office.wait(registry::queries::public_village::places(db))?;
    let township = |path: &str| {
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        places.iter().find(|place| place.path == above).map_or("", |place| place.name.as_str())
    };
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for place in places.iter().filter(|place| place.level == "village") {
        known.insert(format!("{}{}", township(&place.path), place.name), &place.id);
        known.insert(place.id.clone(), &place.id);
    }
    let figures: Vec<NewFigures> = screening::paid::by_village(&folder, year)?
        .into_iter()
        .filter_map(|paid| {
            let named = format!("{}{}", paid.village.township, paid.village.name);
            let place = paid.village.code.as_ref().and_then(|code| known.get(code));
            Some(NewFigures {
                place: (*place.or_else(|| known.get(&named))?).to_owned(),
                year: i64::from(year),
                funds_fen: Some(paid.fen),
                source: setting.text.get("ui-st-source-payments"),
                ..NewFigures::default()
            })
        })
        .collect();
    room.act(setting, async |tx, _| Ok(((), figures::enter(tx, &figures).await?)))?;
    say::result(&figures.len().to_string());
    Ok(Ending::Done)
}

fn step(
    setting: &Setting,
    (desk, who): (&Desk, &Who),
    number: &str,
    (act, words): (&Act, &str),
) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let state =
        room.step(setting, async |tx, rules| villages::act(tx, rules, number, (act, words)).await)?;
    let state = setting.text.get(&format!("ui-st-state-{}", state.replace('_', "-")));
    setting.remark("ui-clue-now", &[("state", &state)]);
    Ok(Ending::Done)
}

/// The list of a quarter with every part of every score in words.
fn scores(setting: &Setting, desk: &Desk, (quarter, all): (&str, bool)) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let by = office.operator();
    let found = office.wait(read_lists::one(&office.registry.db, &by, ("", quarter)))?;
    let Some((list, lines)) = found else { return Err(unknown("stepped-list", quarter)) };
    let lines: Vec<_> = lines.into_iter().filter(|line| all || line.listed).collect();
    if setting.common.json {
        return setting.print_json(&(list, lines));
    }
    let (text, zh) = (setting.text, setting.text.language().is_chinese());
    for line in &lines {
        let reason = line.reason.as_deref().unwrap_or_default();
        let score = points(line.score);
        say::result(&format!(
            "{}. {} {}  {score}  {reason}",
            line.rank, line.township, line.place_name
        ));
        for part in &line.parts {
            let factor = law.stepped.factors.iter().find(|factor| factor.code == part.code);
            let Some(factor) = factor else { continue };
            let (unit, value) = part.told(&factor.unit);
            let value = text.with(&format!("ui-st-unit-{unit}"), &[("value", &value)]);
            let args = [
                ("factor", if zh { factor.title.zh.as_str() } else { &factor.title.en }),
                ("value", &value),
                ("points", &part.points.to_string()),
                ("weight", &part.weight.to_string()),
                ("adds", &part.adds()),
            ];
            say::result(&format!("    {}", text.with("ui-st-part", &args)));
        }
    }
    Ok(Ending::Done)
}

fn unknown(what: &'static str, key: &str) -> Failure {
    Problem::new("not-registered", Place::default()).with("what", what).with("key", key).into()
}

fn list(setting: &Setting, (desk, who): (&Desk, &Who), place: &str) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let (by, path) = (room.reader(who)?, room.path(place)?);
    let lines = room.office.wait(read::list(&room.office.registry.db, &by, &path))?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    for line in lines {
        let state = setting.text.get(&format!("ui-st-state-{}", line.state.replace('_', "-")));
        let span = format!("{} {}", line.from_day, line.until_day);
        say::result(&format!(
            "{}  {}  {state}  {span}  {}",
            line.number, line.place_name, line.leader_name
        ));
    }
    Ok(Ending::Done)
}

fn show(setting: &Setting, (desk, who): (&Desk, &Who), number: &str) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let by = room.reader(who)?;
    let page = room.office.wait(read::one(&room.office.registry.db, &by, number))?;
    let page = page.ok_or_else(|| unknown("stepped-village", number))?;
    setting.print_json(&page)
}

/// What the public reads.
fn notices(setting: &Setting, desk: &Desk) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let day = office.now.day.to_string();
    let notices = office.wait(public_stepped::list(&office.registry.db, &day))?;
    if setting.common.json {
        return setting.print_json(&notices);
    }
    let zh = setting.text.language().is_chinese();
    for one in notices.iter() {
        let state = setting.text.get(&format!("ui-st-state-{}", one.state));
        let until = one.ended_day.as_deref().unwrap_or(&one.until_day);
        say::result(&format!(
            "{}  {}  {state}  {}  {until}",
            one.number, one.place_name, one.leader_name
        ));
        let said: BTreeMap<String, String> =
            serde_json::from_str(&one.contacts).unwrap_or_default();
        for way in &law.stepped.ways {
            let title = if zh { &way.title.zh } else { &way.title.en };
            let text = said.get(&way.code).map_or("/report", String::as_str);
            say::result(&format!("  {title}  {text}"));
        }
    }
    Ok(Ending::Done)
}

/// What the calendar asks of a village in a month, as the pages count it.
fn owed(setting: &Setting, desk: &Desk, (place, month): (&str, &str)) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let at = || Place { column: Some("--month".to_owned()), ..Place::default() };
    let first = Month::parse(month).and_then(Month::first_day);
    let first = first.ok_or_else(|| Problem::new("day-not-readable", at()))?;
    let spans = office.wait(public_stepped::spans(&office.registry.db))?;
    let tightened = spans.iter().filter(|span| span.place == place).filter_map(|span| {
        let until = span.ended_day.as_deref().unwrap_or(&span.until_day);
        let (from, until) = (Day::parse(&span.from_day)?, Day::parse(until)?);
        Some(Tightened { from, until, duties: law.stepped.on(from).ok()?.tightened.clone() })
    });
    let tightened: Vec<Tightened> = tightened.collect();
    for one in expected_tightened(&law.catalogue, &tightened, first, first) {
        let title = law.catalogue.duties.get(&one.duty).map(|duty| &duty.title);
        let zh = setting.text.language().is_chinese();
        let title = title.map_or("", |title| if zh { &title.zh } else { &title.en });
        say::result(&format!("{}  {}  {}  {title}", one.due, one.duty, one.period));
    }
    Ok(Ending::Done)
}

/// Who had better look at a village, and why.
fn who_checks(setting: &Setting, desk: &Desk, place: &str) -> Outcome {
    let (law, office) = (law(setting)?, Office::open(setting, desk)?);
    let lines = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "list").await?;
        let path = registry::actions::places::path(&mut tx, place).await?;
        drop(tx);
        let (db, day) = (&office.registry.db, office.now.day);
        checkers::of(db, &law.recusal, (place, &path), day).await
    })?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let (text, zh) = (setting.text, setting.text.language().is_chinese());
    for line in lines {
        let standing = text.get(&format!("web-st-checker-{}", line.proposed.standing.code()));
        let mut why = vec![text.get(&format!("web-st-from-{}", line.proposed.from.code()))];
        let grounds = line.proposed.grounds.iter();
        why.extend(
            grounds.map(|ground| law.catalogue.terms.label("recusal", ground, zh).to_owned()),
        );
        if line.proposed.acquainted {
            why.push(text.get("web-st-acquainted"));
        }
        if line.needs_cooperation {
            why.push(text.get("web-st-needs-cooperation"));
        }
        let separator = text.get("ui-list-separator");
        let who = format!("{}  {}", line.proposed.person, line.name);
        say::result(&format!("{who}  {}  {standing}  {}", line.works_in, why.join(&separator)));
    }
    Ok(Ending::Done)
}
