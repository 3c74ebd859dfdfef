//! The public API says what it gives, and gives what it says: its description is held against answers.

use serde_json::Value;

use crate::county::{County, VILLAGE, block_on};

/// Values that somebody may write in the place of any parameter.
const ODD: [&str; 12] = [
    "",
    "0",
    "-1",
    "99999999999999999999",
    "null",
    "%27%20or%201=1--",
    "%F0%9F%98%80",
    "%FF",
    "%00",
    "..%2F..%2Fetc",
    "990001101201",
    "%3Cscript%3E",
];

fn described() -> Value {
    serde_json::from_str(include_str!("../../src/public/openapi.json")).unwrap()
}

/// Whether a value is what a schema says; where it is not, why.
fn fits(whole: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let schema = whole.pointer(name.trim_start_matches('#')).ok_or("no such schema")?;
        return fits(whole, schema, value, at);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let may = |name: &Value| name.as_str() == Some(kind);
    let known =
        may(&schema["type"]) || schema["type"].as_array().is_some_and(|all| all.iter().any(may));
    if !known || schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        return Err(format!("{at} is {value}"));
    }
    for one in value.as_array().into_iter().flatten() {
        fits(whole, &schema["items"], one, at)?;
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        value.get(name.as_str().unwrap()).ok_or(format!("{at} has no {name}"))?;
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let other = &schema["additionalProperties"];
        let own = schema["properties"].get(name).or(Some(other).filter(|o| o.is_object()));
        fits(whole, own.ok_or(format!("{at} has {name}"))?, inner, name)?;
    }
    Ok(())
}

#[test]
fn answers_are_what_the_description_says() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let number = county.publish("公示,\"甲\"", "内容").await;
        crate::objects::matter(&county, "vc").await;
        let whole = described();
        let mut rows = 0;
        for (path, item) in whole["paths"].as_object().unwrap() {
            let path = path.replace("{code}", VILLAGE).replace("{number}", &number);
            let answer = county.get(&path, "").await;
            let status = answer.status.as_u16().to_string();
            let promised = &item["get"]["responses"][&status];
            assert!(promised.is_object(), "{path} answers {status}");
            let Some(content) = promised["content"].as_object() else { continue };
            let (kind, content) = content.iter().next().unwrap();
            assert!(answer.header("content-type").starts_with(kind.as_str()), "{path}");
            if path.starts_with("/api/") {
                assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            }
            if content["schema"].is_object() {
                let value: Value = serde_json::from_str(&answer.body).unwrap();
                let fits = fits(&whole, &content["schema"], &value, "the answer");
                assert_eq!(fits, Ok(()), "{path}: {}", answer.body);
                rows += value["rows"].as_array().unwrap().len();
            }
        }
        assert!(rows >= 4 + 1 + 1 + 2, "{rows}");
        let own = county.get("/api/v1/openapi.json", "").await;
        assert_eq!(serde_json::from_str::<Value>(&own.body).unwrap(), whole);
    });
}

#[test]
fn odd_parameters_get_an_answer_that_is_described() {
    block_on(async {
        let county = County::new(None).await;
        county.publish("公示", "内容").await;
        let mut asked = 0;
        for (path, item) in described()["paths"].as_object().unwrap() {
            for parameter in item["get"]["parameters"].as_array().unwrap() {
                let name = parameter["name"].as_str().unwrap();
                for odd in ODD {
                    let path = match parameter["in"].as_str() {
                        Some("path") if odd.is_empty() => continue,
                        Some("path") => path.replace(&format!("{{{name}}}"), odd),
                        _ => format!("{path}?{name}={odd}"),
                    };
                    let status = county.get(&path, "").await.status.as_u16();
                    let promised = item["get"]["responses"].get(status.to_string());
                    // An address that no text can be is not one of the site's.
                    let none = [400, 404].contains(&status) && ["%00", "%FF"].contains(&odd);
                    assert!(promised.is_some() || none, "{path} answers {status}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 100, "{asked}");
    });
}
