//! The money of a village, month by month: what one month ends with, the next begins with.

use serde_json::{Map, Value, json};

use super::super::rng::Rng;

/// A kind of entry: what, least and most in yuan, how many in a thousand months have it.
type Kind = (&'static str, &'static str, i32, i32, usize);

const INCOME: [Kind; 8] = [
    ("村级组织运转经费补助", "县财政局", 8_000, 12_000, 900),
    ("光伏电站发电收入", "供电所", 1_200, 4_200, 700),
    ("门面房租金", "承租户", 2_000, 6_000, 350),
    ("鱼塘承包费", "承包户", 3_000, 15_000, 90),
    ("土地流转服务费", "农业合作社", 800, 3_600, 150),
    ("村内道路维修专项补助", "县交通运输局", 10_000, 40_000, 60),
    ("社会捐赠", "在外乡亲", 500, 8_000, 50),
    ("存款利息", "农商银行", 30, 260, 330),
];
const EXPENSE: [Kind; 12] = [
    ("保洁员工资", "保洁员3人", 2_400, 3_600, 1_000),
    ("村组干部误工补贴", "村民小组长", 1_500, 3_200, 850),
    ("办公水电费", "供电所", 260, 980, 950),
    ("办公用品", "便民超市", 90, 680, 600),
    ("路灯维修", "电工服务部", 200, 1_800, 250),
    ("垃圾清运费", "环卫服务公司", 800, 2_200, 500),
    ("渠道清淤用工", "务工村民", 600, 4_800, 150),
    ("慰问困难户", "困难户", 500, 3_000, 200),
    ("会议和培训", "便民超市", 120, 900, 300),
    ("打印、宣传栏制作", "广告部", 180, 1_600, 300),
    ("防汛、森林防火物资", "五金店", 300, 2_600, 180),
    ("水泵维修", "农机服务站", 240, 1_900, 140),
];

/// A month of accounts, in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    opening: i64,
    income: Vec<Value>,
    expense: Vec<Value>,
}

impl Month {
    fn closing(&self) -> i64 {
        self.opening + sum(&self.income) - sum(&self.expense)
    }

    /// Everything: from the opening balance to the closing one.
    pub fn accounts(&self) -> Map<String, Value> {
        let part = |part: &'static str| {
            move |line: &Value| {
                let mut line = line.clone();
                if let Some(row) = line.as_object_mut() {
                    row.insert("part".to_owned(), json!(part));
                }
                line
            }
        };
        let income = self.income.iter().map(part("income"));
        let lines: Vec<Value> = income.chain(self.expense.iter().map(part("expense"))).collect();
        let body = json!({
            "opening_fen": self.opening, "lines": lines, "closing_fen": self.closing(),
        });
        object(body)
    }

    /// What came in.
    pub fn received(&self) -> Map<String, Value> {
        object(json!({ "lines": self.income, "total_fen": sum(&self.income) }))
    }
}

/// Accounts of so many months, given as year and month.
pub fn months(labels: &[String], rng: &mut Rng) -> Vec<Month> {
    let mut opening = i64::from(rng.between(300, 2_600)) * 10_000;
    let mut months = Vec::with_capacity(labels.len());
    for label in labels {
        let (income, mut expense) = (draw(&INCOME, label, rng), draw(&EXPENSE, label, rng));
        while sum(&expense) > opening + sum(&income) {
            expense.pop();
        }
        let month = Month { opening, income, expense };
        opening = month.closing();
        months.push(month);
    }
    months
}

fn draw(kinds: &[Kind], label: &str, rng: &mut Rng) -> Vec<Value> {
    let mut lines = Vec::new();
    for (item, payee, least, most, often) in kinds {
        if !rng.per_mille(*often) {
            continue;
        }
        // Half of the sums are round, as in life.
        let yuan = rng.between(*least, *most);
        let fen = match rng.below(2) {
            0 => i64::from(yuan / 10 * 10) * 100,
            _ => i64::from(yuan) * 100 + i64::from(rng.between(0, 99)),
        };
        let date = format!("{label}-{:02}", rng.between(2, 27));
        lines.push(json!({ "item": item, "payee": payee, "date": date, "amount_fen": fen }));
    }
    lines
}

/// Sum of lines.
pub fn sum(lines: &[Value]) -> i64 {
    lines.iter().filter_map(|line| line.get("amount_fen")?.as_i64()).sum()
}

/// The members of an object.
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// The same content with a slip of the pen in one of its sums, as it is published by mistake. Totals
/// follow the slip.
pub fn mistaken(body: &Map<String, Value>, rng: &mut Rng) -> Option<Map<String, Value>> {
    let mut slipped = body.clone();
    let lines = slipped.get_mut("lines")?.as_array_mut()?;
    let at = rng.below(lines.len());
    let line = lines.get_mut(at)?;
    let expense = line.get("part").and_then(Value::as_str) == Some("expense");
    let sign = if expense { -1 } else { 1 };
    let amount = line.get_mut("amount_fen")?;
    let right = amount.as_i64()?;
    // One digit too high.
    let over = [20_000, 9_000, 100_000].get(rng.below(3)).copied().unwrap_or(20_000);
    *amount = json!(right + over);
    for (total, change) in [("total_fen", over), ("closing_fen", sign * over)] {
        if let Some(sum) = slipped.get_mut(total) {
            *sum = json!(sum.as_i64()? + change);
        }
    }
    Some(slipped)
}
