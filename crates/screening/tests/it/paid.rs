//! What was paid in each village.

use screening::paid::by_village;

use crate::support::MadeUp;

#[test]
fn the_money_of_a_year_is_that_of_its_villages() {
    let facts = MadeUp { people: 300, months: 24 };
    let (first, second) = (by_village(&facts, 2024).unwrap(), by_village(&facts, 2025).unwrap());
    assert!(first.len() > 1 && !second.is_empty());
    // Each is paid 100.00 yuan and up in each month.
    let sum = |paid: &[screening::paid::Paid]| paid.iter().map(|one| one.fen).sum::<i64>();
    assert!(sum(&first) >= 300 * 12 * 10_000, "{}", sum(&first));
    assert!(by_village(&facts, 1999).unwrap().is_empty());
    assert!(first.iter().all(|one| one.fen > 0 && !one.village.name.is_empty()));
}
