//! What a careless model author may get wrong.

use screening::check::check;
use screening::model::ModelSet;

use crate::support::{benefits, model};

fn codes(changes: &[(&str, &str)]) -> Vec<&'static str> {
    check(&model(changes), &benefits()).into_iter().map(|problem| problem.code).collect()
}

#[test]
fn each_fault_has_its_code() {
    for (from, to, expect) in [
        ("from payments", "from payment", "model-plan"),
        ("sum(amount_fen) as amount_fen", "sum(amount) as amount_fen", "model-plan"),
        ("\nselect\n", "\nselct\n", "model-plan"),
        ("sum(amount_fen) > $limit_fen", "sum(amount_fen) > 1; drop table payments", "model-plan"),
        ("sum(amount_fen) > $limit_fen", "sum(amount_fen) > 1; select 1", "model-plan"),
        ("\nselect\n", "\nexplain select\n", "model-plan"),
        ("\nselect\n", "\ncreate table x as select\n", "model-plan"),
        ("\nselect\n", "\ninsert into deaths select\n", "model-plan"),
        ("sum(amount_fen) > $limit_fen", "sum(amount_fen) > $limits", "model-param-undeclared"),
        ("facts = [\"payments\"]", "facts = []", "model-table-undeclared"),
        ("[\"payments\"]", "[\"payments\", \"deaths\"]", "model-table-unused"),
        ("min(village) as village", "min(village) as place", "model-output-missing"),
        ("cast(period / 100 as int) as period", "period / 100 as period", "model-output-type"),
        ("min(village) as village", "cast(min(village) as double) as village", "model-output-type"),
        ("$limit_fen as limit_fen", "$limit_fen / 2.5 as limit_fen", "model-output-unreadable"),
        ("{limit_fen} yuan", "{limit} yuan", "model-template-column"),
        ("{limit_fen} yuan", "{limit_fen yuan", "model-template-brackets"),
        ("## Gaps", "## Holes", "model-readme-section"),
        ("| I1 | I |", "| I1 | N |", "model-case-missing"),
        ("| N1 | N |", "| N1 | T |", "model-case-differs"),
    ] {
        let codes = codes(&[(from, to)]);
        assert!(codes.contains(&expect), "{to}: {codes:?}");
    }
    let unused = [("sum(amount_fen) > $limit_fen", "true"), ("$limit_fen as", "1 as")];
    assert_eq!(codes(&unused), ["model-param-unused"]);
}

#[test]
fn folders_are_read_by_their_names() {
    let mut files = screening::scaffold("one");
    files.extend(screening::scaffold("_retired"));
    files.extend(screening::scaffold("two"));
    files.push(("README.md".to_owned(), "about models".to_owned()));
    let (set, problems) = ModelSet::load(&files);
    let ids: Vec<_> = set.models.iter().map(|model| model.header.id.as_str()).collect();
    assert_eq!((ids, problems), (vec!["one", "two"], vec![]));

    for (path, _) in &mut files {
        *path = path.replace("two/", "three/");
    }
    let (set, problems) = ModelSet::load(&files);
    assert_eq!((set.models.len(), problems.first().map(|p| p.code)), (1, Some("model-id-differs")));

    let only_readme = [("four/README.md".to_owned(), String::new())];
    let (_, problems) = ModelSet::load(&only_readme);
    assert_eq!(problems.first().map(|p| p.code), Some("model-file-missing"));
}
