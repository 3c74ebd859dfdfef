//! A person with two accounts is one person: what two people must do, or one may not hold, is asked of
//! the person.

use domain::catalogue::Role;
use registry::actions::accounts;
use registry::actions::imports::{self, NewImport};
use registry::queries::accounts::asker;
use registry::{By, Entry};
use serde_json::json;

use crate::access::matrix;
use crate::suite::{VILLAGE, Village, village};
use crate::support::{at, block_on, by};

const COUNTY: &str = "990001";

/// An account of somebody, with a role where the rules let him have it.
async fn account(village: &Village, login: &str, person: &str, role: &str, place: &str) -> bool {
    let roles: Vec<Role> = village.rules.catalogue.roles.values().cloned().collect();
    let now = at("2026-02-01");
    let mut tx = village.registry.begin(by("SYS"), now, "").await.unwrap();
    let hash = accounts::hash("ten letters").unwrap();
    let (_, entry) = accounts::add_hashed(&mut tx, login, Some(person), hash).await.unwrap();
    tx.commit(entry).await.unwrap();
    let mut tx = village.registry.begin(by("SEC"), now, "").await.unwrap();
    let granted = accounts::grant(&mut tx, &roles, login, role, place, now.day).await;
    let given = granted.is_ok();
    tx.commit(granted.unwrap_or_else(|_| Entry::new("none", "-", json!({})))).await.unwrap();
    given
}

async fn user(village: &Village, login: &str, role: &str) -> By {
    let db = &village.registry.db;
    let now = at("2026-02-02");
    let list = registry::queries::accounts::list(db, &by("SYS"), now.day).await.unwrap();
    let account = &list.iter().find(|line| line.login == login).unwrap().account;
    By::user(&matrix(), account, asker(db, account, now.day).await.unwrap(), role).unwrap()
}

#[test]
fn a_second_account_leads_past_no_rule_on_two_people() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let village = village(&dir.path().join("register.db").display().to_string()).await;
        let (clerk, head) = (village.clerk.clone(), village.head.clone());
        assert!(account(&village, "clerk", &clerk, "VAC", VILLAGE).await);
        assert!(account(&village, "clerk-above", &clerk, "TG", "990001101").await);
        assert!(account(&village, "town", &head, "TG", "990001101").await);
        let limit = matrix().second_person[0].above_fen;
        let new = NewImport {
            place: VILLAGE.to_owned(),
            batch: "000001".to_owned(),
            sum_fen: limit + 1,
            ..NewImport::default()
        };
        let now = at("2026-02-02");
        let begin = async |by: By| village.registry.begin(by, now, "").await.unwrap();
        let mut tx = begin(user(&village, "clerk", "VAC").await).await;
        let (id, entry) = imports::record(&mut tx, &new).await.unwrap();
        tx.commit(entry).await.unwrap();
        for (login, role, may) in
            [("clerk", "VAC", false), ("clerk-above", "TG", false), ("town", "TG", true)]
        {
            let mut tx = begin(user(&village, login, role).await).await;
            let accepted = imports::accept(&mut tx, &matrix(), &id).await;
            assert_eq!(accepted.is_ok(), may, "{login}: {accepted:?}");
        }
        // The three administrators are three people, whatever the accounts are called, and none of them
        // works with what the system holds.
        let (third, fourth) = (village.member.clone(), village.villager.clone());
        assert!(!account(&village, "system-clerk", &clerk, "SYS", COUNTY).await);
        assert!(account(&village, "system", &third, "SYS", COUNTY).await);
        assert!(!account(&village, "audit", &third, "AUD", COUNTY).await);
        assert!(account(&village, "audit-other", &fourth, "AUD", COUNTY).await);
    });
}
