//! `mingbai notice`: what was made public, in all its versions.

use registry::actions::notices;
use registry::queries::lists;

use crate::cli::register::{Desk, NoticeAct};
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Lists, corrects or withdraws notices.
///
/// # Errors
/// When the notice is unknown.
pub fn run(setting: &Setting, act: NoticeAct) -> Outcome {
    match act {
        NoticeAct::List { desk, place } => {
            let office = Office::open(setting, &desk)?;
            let notices = office.wait(lists::notices(&office.registry.db, &place))?;
            if setting.common.json {
                return setting.print_json(&notices);
            }
            let rows: Vec<Vec<String>> = notices
                .into_iter()
                .map(|n| {
                    let state = setting.text.get(&format!("ui-notice-{}", n.state));
                    vec![n.number, n.version.to_string(), n.duty, state, n.published, n.title]
                })
                .collect();
            let header = ["number", "version", "duty", "state", "published", "title"];
            let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
            say::result(&say::table(&header, &rows, &[1]));
            Ok(Ending::Done)
        }
        NoticeAct::Correct { desk, number, text, reason, names_confirmed } => {
            replace(setting, &desk, &number, &reason, Some((&text, names_confirmed)))
        }
        NoticeAct::Erase { desk, number, reason } => {
            let office = Office::open(setting, &desk)?;
            office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, &reason).await?;
                let entry = notices::erase(&mut tx, &number, &reason).await?;
                tx.commit(entry).await
            })?;
            setting.remark("ui-notice-erased-done", &[("number", &number)]);
            Ok(Ending::Done)
        }
        NoticeAct::Withdraw { desk, number, reason } => {
            replace(setting, &desk, &number, &reason, None)
        }
    }
}

fn replace(
    setting: &Setting,
    desk: &Desk,
    number: &str,
    reason: &str,
    new: Option<(&str, bool)>,
) -> Outcome {
    let office = Office::open(setting, desk)?;
    office.wait(async {
        let registry = &office.registry;
        let mut tx = registry.begin(office.operator(), office.now, reason).await?;
        tx.names_confirmed = new.is_some_and(|(_, confirmed)| confirmed);
        let change = new.map(|(text, _)| notices::new_text(text));
        let entry = notices::replace(&mut tx, number, reason, change.as_ref()).await?;
        tx.commit(entry).await
    })?;
    let key = if new.is_some() { "ui-notice-corrected-done" } else { "ui-notice-withdrawn-done" };
    setting.remark(key, &[("number", number)]);
    Ok(Ending::Done)
}
