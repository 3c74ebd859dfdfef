//! Every model of the workspace is well made and finds what its sample says.

use screening::{check, fixture};

use crate::support::{benefits, model, models};

#[test]
fn all_models_are_well_made() {
    let benefits = benefits();
    for model in models() {
        let problems = check::check(&model, &benefits);
        assert!(problems.is_empty(), "{}: {problems:#?}", model.header.id);
    }
}

#[test]
fn all_models_find_what_their_samples_say() {
    let benefits = benefits();
    for model in models() {
        let outcome = fixture::test(&model, &benefits).unwrap();
        assert!(outcome.passed(), "{}: {outcome:#?}", model.header.id);
        for (zh, en) in &outcome.reasons {
            assert!(!zh.contains(['{', '}']) && !en.contains(['{', '}']), "{}", model.header.id);
        }
    }
}

#[test]
fn a_new_model_is_well_made_and_passes() {
    let model = model(&[]);
    assert_eq!(check::check(&model, &benefits()), []);
    let outcome = fixture::test(&model, &benefits()).unwrap();
    assert!(outcome.passed(), "{outcome:?}");
    let reason = &outcome.reasons.first().unwrap().1;
    assert_eq!(reason, "110,000.00 yuan of 1001 in 2024, more than 100,000.00 yuan");
}

#[test]
fn differences_are_told_by_line() {
    let model = model(&[("T1,1,2024,11000000", "T9,1,2024,11000000")]);
    let outcome = fixture::test(&model, &benefits()).unwrap();
    assert_eq!(outcome.missing, ["T9,1,2024,11000000,,10000000"]);
    assert_eq!(outcome.extra, ["T1,1,2024,11000000,,10000000"]);
}

#[test]
fn what_a_sample_cannot_mean_is_told_with_its_place() {
    for (from, to, code, row) in [
        ("N1,1,1001,2024-01", "N1,1,1001,2024-13", "fixture-value", Some(4)),
        ("N1,1,1001,2024-01", "N1,one,1001,2024-01", "fixture-value", Some(4)),
        ("N1,1,1001,2024-01", "ninechars,1,1001,2024-01", "fixture-value", Some(4)),
        (
            "programme,period,amount_fen,returned\n",
            "programme,month,amount_fen,returned\n",
            "fixture-column",
            None,
        ),
        ("people,limit_fen", "people,limit", "fixture-column", None),
        ("T1,1,1001,2024-06,5000000,", "T1,1,1001,2024-06,5000000", "fixture-csv", Some(3)),
    ] {
        let Err(failure) = fixture::test(&model(&[(from, to)]), &benefits()) else {
            panic!("{to} was taken")
        };
        let domain::problem::Failure::Problem(problem) = failure else { panic!("{failure}") };
        assert_eq!((problem.code, problem.place.row), (code, row), "{to}");
    }
}
