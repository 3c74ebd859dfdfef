//! What waits on the pages of the demo county: a list that nobody has accepted yet, and looks at people
//! in the access log.

use domain::problem::{Failure, Fault};
use facts::intake::Intake;
use facts::{AccessEntry, Folder};
use registry::By;
use registry::actions::imports::record_of;
use registry::queries::accounts;

use crate::demo::county::{COUNTY, DIVISION};
use crate::demo::handed_in::{List, list};
use crate::demo::{DemoOptions, names};
use crate::office::Office;
use crate::setting::Setting;

/// Who has handed the list in.
const BUREAU: &str = "cb-ca";
const DAY_MS: i64 = 86_400_000;
/// Looks: days ago, account, what was done, why.
const LOOKS: [(i64, &str, &str, &str); 5] = [
    (26, "tdi-101", "person", "核查：与死亡信息比对命中，入户前核对本人发放记录"),
    (19, "tca-101", "person", "办理本人临时救助申请，核对已享受的补贴"),
    (12, "cf", "findings", "10月份模型命中清单，交乡镇核查"),
    (6, "tdi-102", "person", "群众反映没有收到高龄津贴，核对发放账户"),
    (2, "tg-101", "person", "答复村民关于补贴金额的疑问"),
];

/// Hands the list in and writes the looks down.
///
/// # Errors
/// A failure when register or facts refuse what the demo does: a fault of ours.
pub fn fill(
    setting: &Setting,
    folder: &Folder,
    office: &Office,
    options: &DemoOptions,
) -> Result<(), Failure> {
    let made = list(options, office.now.day);
    let intake = Intake::new(folder.clone());
    office.wait(hand_in(setting, office, &intake, &made))?;
    for ((ago, user, act, purpose), at) in LOOKS.into_iter().zip(0..) {
        let of_several = act == "findings";
        let ids = made.ids.iter().skip(at).take(if of_several { 12 } else { 1 });
        let keys: Vec<u64> = ids.map(|id| folder.key_of_id(id)).collect();
        let office_name = match user.rsplit_once('-') {
            Some((_, "102")) => names::township(1),
            Some(_) => names::township(0),
            None => COUNTY.to_owned(),
        };
        folder.log_access(&AccessEntry {
            at_ms: office.now.ms - ago * DAY_MS,
            user: user.to_owned(),
            office: office_name,
            act: act.to_owned(),
            purpose: purpose.to_owned(),
            people: keys.len() as u64,
            subject: keys.first().copied().filter(|_| !of_several),
            subjects: if of_several { keys } else { Vec::new() },
        })?;
    }
    Ok(())
}

async fn hand_in(
    setting: &Setting,
    office: &Office,
    intake: &Intake,
    made: &List,
) -> Result<(), Failure> {
    let (registry, now) = (&office.registry, office.now);
    let all = accounts::list(&registry.db, &By::system(), now.day).await?;
    let account = all.into_iter().find(|line| line.login == BUREAU).map(|line| line.account);
    let account = account.ok_or_else(|| Fault::new("hand in", "no such account"))?;
    let mut file = intake.receive((&account, DIVISION), &made.name, now.ms)?;
    file.write(&made.bytes)?;
    let (id, _) = file.finish()?;
    let upload = intake.upload(&id, &account)?;
    let upload = upload.ok_or_else(|| Fault::new("hand in", "no such upload"))?;
    let taken = intake.take(&upload, None, &setting.benefits()?, now.ms)?;
    intake.discard(&upload)?;
    let new = web::new_import(&taken.name, &taken.manifest, DIVISION);
    let mut tx = registry.begin(By::system(), now, "demo county").await?;
    let (_, entry) = record_of(&mut tx, &new, Some(account)).await?;
    tx.commit(entry).await?;
    Ok(())
}
