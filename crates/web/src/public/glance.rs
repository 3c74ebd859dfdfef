//! A village at a glance: its money month by month, which powers were used and for how much, who holds
//! which post.

use std::collections::BTreeMap;

use domain::problem::Failure;
use domain::time::Day;
use registry::Db;
use registry::queries::public_village::{MatterHead, Officer, accounts};
use serde_json::{Value, json};

use crate::board::first_day;
use crate::ui::Ui;

/// Posts in the order in which people think of them; others follow.
const POSTS: [&str; 9] = ["VPS", "VPB", "VCH", "VC", "VSC", "VDI", "VAC", "RB", "RS"];

/// Published accounts of a month, in fen.
pub struct Month {
    /// `2026-03`.
    pub period: String,
    /// Number of the notice that says so.
    pub notice: String,
    /// What came in.
    pub income: i64,
    /// What went out.
    pub expense: i64,
    /// What was left.
    pub closing: i64,
}

/// Accounts of twelve months, the first first. Of two about one month the later counts.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn months(db: &Db, village: &str, today: Day) -> Result<Vec<Month>, Failure> {
    let since = first_day(today).to_string();
    let since = since.get(..7).unwrap_or(&since);
    let mut months: Vec<Month> = Vec::new();
    for one in accounts(db, village, since).await?.iter() {
        let stored: Value = serde_json::from_str(&one.body).unwrap_or_default();
        let Some(body) = stored.pointer("/public/body") else { continue };
        let lines = body.get("lines").and_then(Value::as_array).into_iter().flatten();
        let sum = |part: &str| -> i64 {
            let of_part =
                lines.clone().filter(|l| l.get("part").and_then(Value::as_str) == Some(part));
            of_part.filter_map(|line| line.get("amount_fen")?.as_i64()).sum()
        };
        let month = Month {
            period: one.period.clone(),
            notice: one.number.clone(),
            income: sum("income"),
            expense: sum("expense"),
            closing: body.get("closing_fen").and_then(Value::as_i64).unwrap_or_default(),
        };
        months.retain(|known| known.period != month.period);
        months.push(month);
    }
    Ok(months)
}

/// What `charts.ts` draws of them: yuan in and out.
#[must_use]
pub fn chart_of_months(ui: &Ui, months: &[Month]) -> String {
    let labels: Vec<String> = months.iter().map(|one| ui.short_month(&one.period)).collect();
    let series = |key, fen: fn(&Month) -> i64| {
        let yuan: Vec<i64> = months.iter().map(|one| fen(one) / 100).collect();
        json!({ "name": ui.t(key), "values": yuan })
    };
    let both = [series("web-accounts-in", |m| m.income), series("web-accounts-out", |m| m.expense)];
    inside(
        &json!({ "kind": "bar", "labels": labels, "series": both, "unit": ui.t("web-money-yuan") }),
    )
}

/// Matters of a power item.
pub struct Used {
    /// Code of the item.
    pub power: String,
    /// Under way.
    pub open: usize,
    /// Done.
    pub done: usize,
    /// What they cost, in fen.
    pub fen: i64,
}

/// Which powers were used, those with most money first. What was given up costs nothing.
#[must_use]
pub fn used(matters: &[MatterHead]) -> Vec<Used> {
    let mut by_power: BTreeMap<&str, Used> = BTreeMap::new();
    for matter in matters.iter().filter(|matter| matter.state != "stopped") {
        let used = by_power.entry(&matter.power).or_insert_with(|| Used {
            power: matter.power.clone(),
            open: 0,
            done: 0,
            fen: 0,
        });
        used.open += usize::from(matter.state == "open");
        used.done += usize::from(matter.state != "open");
        used.fen = used.fen.saturating_add(matter.amount_fen.unwrap_or(0));
    }
    let mut list: Vec<Used> = by_power.into_values().collect();
    list.sort_by_key(|used| std::cmp::Reverse(used.fen));
    list
}

/// What `charts.ts` draws of them: yuan by power item.
#[must_use]
pub fn chart_of_powers(ui: &Ui, list: &[Used]) -> String {
    let paid: Vec<&Used> = list.iter().filter(|used| used.fen > 0).collect();
    let labels: Vec<&str> = paid.iter().map(|used| ui.power(&used.power)).collect();
    let yuan: Vec<i64> = paid.iter().map(|used| used.fen / 100).collect();
    let unit = ui.t("web-money-yuan");
    let series = [json!({ "name": unit, "values": yuan })];
    inside(&json!({ "kind": "row", "labels": labels, "series": series, "unit": unit }))
}

/// Inside a script element, nothing may end it.
fn inside(chart: &Value) -> String {
    chart.to_string().replace('<', "\\u003c")
}

/// Posts with the names of those who hold them; bodies hold no post.
#[must_use]
pub fn posts(ui: &Ui, officers: &[Officer]) -> Vec<(String, Vec<String>)> {
    let place = |role: &str| POSTS.iter().position(|known| *known == role).unwrap_or(POSTS.len());
    let mut by_role: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
    for officer in officers.iter().filter(|officer| !ui.is_body(&officer.role)) {
        let key = (place(&officer.role), officer.role.as_str());
        by_role.entry(key).or_default().push(officer.name.clone());
    }
    by_role.into_iter().map(|((_, role), names)| (ui.role(role), names)).collect()
}

#[cfg(test)]
mod tests {
    use super::used;
    use registry::queries::public_village::MatterHead;

    fn matter(power: &str, state: &str, fen: Option<i64>) -> MatterHead {
        let text = str::to_owned;
        MatterHead {
            number: text("1"),
            place: text("990001101201"),
            power: text(power),
            title: text("修路"),
            state: text(state),
            opened_day: text("2026-01-05"),
            amount_fen: fen,
        }
    }

    #[test]
    fn money_is_of_what_was_not_given_up() {
        let matters = [
            matter("B07", "open", Some(100)),
            matter("B07", "archived", Some(50)),
            matter("B07", "stopped", Some(7)),
            matter("E25", "open", None),
            matter("B08", "archived", Some(900)),
        ];
        let told = used(&matters);
        let told: Vec<_> =
            told.iter().map(|one| (one.power.as_str(), one.open, one.done, one.fen)).collect();
        assert_eq!(told, [("B08", 0, 1, 900), ("B07", 1, 1, 150), ("E25", 1, 0, 0)]);
    }
}
