//! `mingbai post`: who holds which role where, from when to when.

use domain::catalogue::Role;
use registry::actions::posts;
use registry::queries::lists;

use crate::cli::register::PostAct;
use crate::office::{Office, law, refused};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Gives, ends or lists posts.
///
/// # Errors
/// When roles exclude each other, or something is unknown.
pub fn run(setting: &Setting, act: PostAct) -> Outcome {
    match act {
        PostAct::Give { desk, place, who } => {
            let (law, office) = (law(setting)?, Office::open(setting, &desk)?);
            let roles: Vec<Role> = law.catalogue.roles.values().cloned().collect();
            let given = office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, "post").await?;
                let (role, person, from) = (&who.role, &who.person, office.now.day);
                let (id, entry) = posts::give(&mut tx, &roles, &place, role, person, from).await?;
                tx.commit(entry).await?;
                Ok(id)
            });
            say::result(&given.map_err(|refusal| refused(setting, refusal))?);
        }
        PostAct::End { desk, post } => {
            let office = Office::open(setting, &desk)?;
            office.wait(async {
                let registry = &office.registry;
                let mut tx = registry.begin(office.operator(), office.now, "post").await?;
                let entry = posts::end(&mut tx, &post, office.now.day).await?;
                tx.commit(entry).await
            })?;
            setting.remark("ui-post-ended", &[]);
        }
        PostAct::List { desk, place } => {
            let office = Office::open(setting, &desk)?;
            let posts = office.wait(lists::posts(&office.registry.db, &place))?;
            if setting.common.json {
                return setting.print_json(&posts);
            }
            let rows: Vec<Vec<String>> = posts
                .into_iter()
                .map(|p| {
                    vec![p.role, p.name, p.from, p.until.unwrap_or_default(), p.person, p.post]
                })
                .collect();
            let header = ["role", "name", "from", "until", "person", "post"];
            let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
            say::result(&say::table(&header, &rows, &[]));
        }
    }
    Ok(Ending::Done)
}
