//! Every refusal, reason and line of an explanation has its sentence in both languages, and no
//! sentence of `rules.ftl` is left over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const FAMILIES: [&str; 14] = [
    "due-",
    "deadline-",
    "event-",
    "matter-",
    "step-",
    "amount-",
    "gate-",
    "question-",
    "publication-",
    "withdraw-",
    "duties-",
    "roles-",
    "override-",
    "deny-",
];

fn rust(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            rust(&path, text);
        } else {
            text.push_str(&std::fs::read_to_string(&path).expect("text"));
        }
    }
}

/// Codes in quotes of the families above.
fn codes() -> BTreeSet<String> {
    let mut text = String::new();
    rust(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    text.split('"')
        .filter(|word| FAMILIES.iter().any(|family| word.starts_with(family)))
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .map(str::to_owned)
        .collect()
}

/// Sentences with the arguments that they name.
fn sentences(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../locales/{language}/rules.ftl"));
    let text = std::fs::read_to_string(path).expect("sentences");
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| key.starts_with("rule-")) {
            current = key.trim_start_matches("rule-").to_owned();
            assert!(found.insert(current.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
        }
        let names = line.split('$').skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>()
        });
        if let Some(arguments) = found.get_mut(&current) {
            arguments.extend(names);
        }
    }
    found
}

#[test]
fn every_code_has_its_sentence_and_every_sentence_its_code() {
    let (zh, en, codes) = (sentences("zh-CN"), sentences("en"), codes());
    assert_eq!(zh, en, "other sentences or arguments");
    assert_eq!(zh.into_keys().collect::<BTreeSet<_>>(), codes);
}

/// What a sentence names, the code hands over somewhere.
#[test]
fn arguments_are_handed_over() {
    let mut text = String::new();
    rust(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    for (code, arguments) in sentences("en") {
        for argument in arguments {
            let handed = [format!(".with(\"{argument}\""), format!("(\"{argument}\",")];
            assert!(handed.iter().any(|h| text.contains(h)), "{code}: {argument}");
        }
    }
}
