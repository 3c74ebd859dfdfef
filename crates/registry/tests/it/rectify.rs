//! Who may judge what others put right.

use domain::supervision::rectify::Act as Doing;
use registry::actions::supervision::rectifications::{self, NewProblem};

use crate::suite::{VILLAGE, village};
use crate::supervision::World;
use crate::support::block_on;

const DAY: &str = "2026-03-06";

/// One act on the rectification, and which rules refuse it.
async fn act(
    world: &World,
    number: &str,
    (role, name): (&str, &str),
    doing: Doing,
) -> Result<(), Vec<&'static str>> {
    let words = "见现场照片";
    world
        .act(role, name, DAY, async |tx, bench| {
            Ok(rectifications::act(tx, bench, number, (&doing, words)).await?.1)
        })
        .await
}

/// The clerk of the village is in charge; his brother works at the township.
#[test]
fn kin_of_who_put_it_right_neither_agree_nor_verify() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        let problem = NewProblem {
            place: VILLAGE.to_owned(),
            problem: "没有停发".to_owned(),
            ..NewProblem::default()
        };
        let mut number = String::new();
        let issue = world.act("TDI", "first", DAY, async |tx, bench| {
            let (issued, entry) = rectifications::issue(tx, bench, &problem).await?;
            number = issued;
            Ok(entry)
        });
        issue.await.unwrap();
        let plan = Doing::Plan {
            cause: "没有核对".to_owned(),
            measure: "每月比对".to_owned(),
            owner: world.id("clerk"),
        };
        act(&world, &number, ("VC", "member"), plan).await.unwrap();

        let agree = || Doing::Approve { agreed: true };
        let refused = act(&world, &number, ("TDI", "brother"), agree()).await;
        assert_eq!(refused, Err(vec!["supervision-recused"]));
        act(&world, &number, ("TDI", "first"), agree()).await.unwrap();
        act(&world, &number, ("VC", "member"), Doing::Finish).await.unwrap();
        let verify = || Doing::Verify { agreed: true };
        let refused = act(&world, &number, ("TDI", "brother"), verify()).await;
        assert_eq!(refused, Err(vec!["supervision-recused"]));
        act(&world, &number, ("TDI", "second"), verify()).await.unwrap();
    });
}
