//! Handing a report on: to another office, to whoever reviews it, or away from somebody whose name was
//! found in it. Whoever hands it on opens its key with his own and wraps it to the next.

use domain::access;
use domain::problem::{Failure, RuleViolation};
use domain::report::Facts;
use domain::report::handling::Act;
use domain::routing::{To, may_have, office_id, review, route};

use super::super::Refusal;
use super::acts::{Done, acted};
use super::{Line, entry, note, tell};
use crate::actions::holder_keys::Unlocked;
use crate::actions::write;
use crate::queries::organisation::{self, OUTSIDE};
use crate::reports::standing::{Handled, handled};
use crate::reports::texts::{Words, recipient};
use crate::reports::wraps::{self, stage};
use crate::reports::{Counter, not_found};
use crate::sealer::Secret;
use crate::tx::{Entry, Tx};

/// Hands a report to another office (转送, 交办). The office must be free of everybody who must stay out.
///
/// # Errors
/// Rules that say no; a problem for a report that is none of one's own, or that one cannot open.
pub async fn transfer(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    (to, words): (&str, &Words),
    unlocked: &Unlocked,
) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let law = counter.rules(tx.now.day)?;
    let facts = found.known.facts.clone().unwrap_or_default();
    let outside = crate::reports::standing::is_outside(to);
    let free = outside || may_have(&facts, &found.organisation, law, to);
    if !free || to == found.known.office {
        let basis = domain::model::Basis::line(&law.1.basis);
        return Err(RuleViolation::new("petition-office-not-free", basis).into());
    }
    hand(tx, counter, &found, (to, Before::Waits), unlocked).await?;
    let from = found.known.office.clone();
    let moved =
        Handled { known: crate::reports::Known { office: to.to_owned(), ..found.known }, ..found };
    let done =
        acted(tx, counter, &moved, &Act::Transfer { from }, ("transferred", words, None)).await?;
    tell(tx, counter, to, "petition-arrived").await?;
    Ok(done)
}

/// Wraps the content's key to the next office, and to whoever would review that one.
async fn hand(
    tx: &mut Tx,
    counter: &Counter<'_>,
    found: &Handled,
    (to, before): (&str, Before),
    unlocked: &Unlocked,
) -> Result<(), Failure> {
    let known = &found.known;
    let (key, _) = recipient(tx.connection(), &known.id, "content")
        .await?
        .ok_or_else(|| not_found(&known.number))?;
    let office = known.office.clone();
    let stages = [stage::FIRST, stage::REVIEW];
    let secret = wraps::open(tx.connection(), counter, unlocked, (&key, &office), &stages).await?;
    let moves = to != known.office;
    if moves && !wraps::wrap(tx, counter, (&key, &secret), to, stage::FIRST).await? {
        let basis = domain::model::Basis::line(&counter.rules(tx.now.day)?.1.basis);
        return Err(RuleViolation::new("petition-office-not-free", basis).into());
    }
    for_review(tx, counter, found, (to, before), (&key, &secret)).await
}

/// What becomes of whoever would have reviewed it before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// He keeps the key as long as the report could come back.
    Waits,
    /// He may be one of those who are out now.
    Goes,
}

/// Wraps the key to whoever would review what an office decides, and takes it from whom it waited for.
async fn for_review(
    tx: &mut Tx,
    counter: &Counter<'_>,
    found: &Handled,
    (office, before): (&str, Before),
    (key, secret): (&str, &Secret),
) -> Result<(), Failure> {
    let known = &found.known;
    let Some(facts) = known.facts.as_ref() else { return Ok(()) };
    let law = counter.rules(tx.now.day)?;
    let mut decided = known.case.decided.clone();
    decided.insert(office.to_owned());
    let reviewer = reviewer(facts, &found.organisation, law, &decided);
    if known.review_office.as_deref() == Some(reviewer.as_str()) {
        return Ok(());
    }
    if before == Before::Goes {
        wraps::take_away(tx, key, |_, when| when == stage::REVIEW).await?;
    }
    let wrapped = wraps::wrap(tx, counter, (key, secret), &reviewer, stage::REVIEW).await?;
    let reviewer = wrapped.then_some(reviewer);
    let text = "update reports set review_office = $2 where id = $1";
    write!(tx, text, known.id.clone(), reviewer)?;
    tx.touch("reports", &known.id)?;
    Ok(())
}

fn reviewer(
    facts: &Facts,
    organisation: &domain::routing::Organisation,
    law: (&domain::recusal::Policy, &domain::report::rules::ReportRules),
    decided: &std::collections::BTreeSet<String>,
) -> String {
    let county = facts.place.split('/').next().unwrap_or_default();
    match review(facts, organisation, law, decided) {
        To::Office(id) => id,
        To::Outside => office_id(OUTSIDE, county),
    }
}

/// Enters that somebody is meant in it whom the reporter had only named in words. From then on he and
/// his are kept out. When the office is no longer free of them, the report goes on to one that is.
///
/// # Errors
/// As [`transfer`].
pub async fn name_person(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    person: &str,
    unlocked: &Unlocked,
) -> Result<(Option<String>, Entry), Refusal> {
    let mut found = handled(tx, counter, number, access::Act::Update).await?;
    let Some(mut facts) = found.known.facts.clone() else { return Err(not_found(number).into()) };
    facts.named.insert(person.to_owned());
    let day = tx.now.day;
    let organisation = organisation::load(tx.connection(), day, &facts.named).await?;
    if !organisation.parties.contains_key(person) {
        return Err(super::super::unknown("person", person).into());
    }
    let sealed = counter.seal_facts(&found.known.id, &facts)?;
    write!(tx, "update reports set facts = $2 where id = $1", found.known.id.clone(), sealed)?;
    tx.touch("reports", &found.known.id)?;
    let law = counter.rules(tx.now.day)?;
    let stays = may_have(&facts, &organisation, law, &found.known.office);
    let next = (!stays).then(|| route(&facts, &organisation, law).office);
    found.known.facts = Some(facts.clone());
    found.organisation = organisation;
    let to = next.map(|to| match to {
        To::Office(id) => id,
        To::Outside => office_id(OUTSIDE, facts.place.split('/').next().unwrap_or_default()),
    });
    let (known, actor) = (&found.known, &found.actor);
    let (who, of) = (Some(actor.person.as_str()), Some(actor.office.as_str()));
    note(tx, &known.id, Line { kind: "named", person: who, office: of, ..Line::default() }).await?;
    if to.is_none() {
        // It stays, but whoever would review it may be one of those who are out now.
        let to = (found.known.office.as_str(), Before::Goes);
        hand(tx, counter, &found, to, unlocked).await?;
    }
    if let Some(to) = &to {
        hand(tx, counter, &found, (to, Before::Goes), unlocked).await?;
        let (key, _) = recipient(tx.connection(), &found.known.id, "content")
            .await?
            .ok_or_else(|| not_found(number))?;
        // What must not be seen any longer is taken away at once, not at the next acceptance.
        wraps::take_away(tx, &key, |of, when| when == stage::FIRST && of != to).await?;
        let from = found.known.office.clone();
        let moved = Handled {
            known: crate::reports::Known { office: to.clone(), ..found.known.clone() },
            organisation: found.organisation.clone(),
            actor: found.actor.clone(),
        };
        let act = Act::Transfer { from };
        let words = Words::default();
        let done = acted(tx, counter, &moved, &act, ("transferred", &words, None)).await?;
        tx.record(done.entry).await?;
        tell(tx, counter, to, "petition-arrived").await?;
    }
    Ok((to, entry("petition-person-named", &found.known)))
}
