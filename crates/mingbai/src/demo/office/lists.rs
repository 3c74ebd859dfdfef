//! Lists of people who get something. The same people stay on the list of a village, and a few come
//! and go.

use serde_json::{Map, Value, json};

use super::super::names::Name;
use super::super::rng::Rng;
use super::ledger::sum;

/// What a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Subsistence and destitute recipients.
    Subsistence,
    /// Emergency aid and gifts.
    Relief,
    /// Farm subsidies.
    Farm,
    /// Public posts.
    Posts,
    /// Pay for lost working time.
    LostTime,
    /// Allowances for disabled people.
    Disabled,
    /// Veterans and families of the fallen.
    Veterans,
    /// Medical aid.
    Medical,
    /// Family-planning rewards.
    Family,
    /// Homesteads.
    Homesteads,
    /// Land contracts.
    Contracts,
}

/// A person of the village as lists name him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    name: String,
    group: i32,
    size: i32,
}

/// People of a village who stand on its lists.
pub fn neighbours(rng: &mut Rng) -> Vec<Neighbour> {
    let one = |rng: &mut Rng| {
        let male = rng.per_mille(500);
        let name = Name::draw(rng, male, None).text();
        Neighbour { name, group: rng.between(1, 9), size: rng.between(1, 5) }
    };
    (0..64).map(|_| one(rng)).collect()
}

impl List {
    /// Where its people begin in the list of the village, and how many there are.
    fn people(self) -> (usize, usize) {
        match self {
            Self::Subsistence => (0, 9),
            Self::Relief => (9, 3),
            Self::Farm => (12, 14),
            Self::Posts => (26, 5),
            Self::LostTime => (31, 6),
            Self::Disabled => (37, 6),
            Self::Family => (43, 5),
            Self::Homesteads => (48, 2),
            Self::Contracts => (50, 4),
            Self::Veterans => (54, 3),
            Self::Medical => (57, 3),
        }
    }

    /// The list of a period.
    pub fn content(
        self,
        village: &[Neighbour],
        round: usize,
        rng: &mut Rng,
    ) -> (Map<String, Value>, Vec<(String, Value)>) {
        let (first, many) = self.people();
        // Somebody leaves the list after a year, somebody comes.
        let shown = village.iter().skip(first + round / 12).take(many - rng.below(2));
        let (mut names, mut lines) = (Vec::new(), Vec::new());
        for (at, neighbour) in shown.enumerate() {
            names.push(json!(neighbour.name));
            lines.push(self.line(neighbour, at, rng));
        }
        let mut body = Map::new();
        if self != Self::Homesteads {
            body.insert("total_fen".to_owned(), json!(sum(&lines)));
        }
        body.insert("lines".to_owned(), Value::Array(lines));
        (body, vec![("name".to_owned(), Value::Array(names))])
    }

    fn line(self, of: &Neighbour, at: usize, rng: &mut Rng) -> Value {
        let (group, size) = (format!("{}组", of.group), format!("{}人", of.size));
        let choose = |list: &[&'static str]| list.get(at % list.len()).copied().unwrap_or_default();
        match self {
            Self::Subsistence => {
                let kind = choose(&["农村低保", "农村低保", "特困供养（分散）"]);
                let each = if kind == "农村低保" { 38_000 } else { 95_000 };
                let fen = each * i64::from(of.size);
                json!({ "group": group, "household_size": size, "category": kind, "amount_fen": fen })
            }
            Self::Relief => {
                let kind = choose(&["临时救助", "春节慰问", "受灾补助"]);
                let fen = i64::from(rng.between(3, 30)) * 10_000;
                json!({ "group": group, "category": kind, "amount_fen": fen })
            }
            Self::Farm => {
                // Tenths of a mu.
                let area = i64::from(of.size * 14 + of.group);
                let area_text = format!("{}.{}亩", area / 10, area % 10);
                json!({
                    "group": group, "crop": choose(&["水稻", "玉米", "油菜"]), "area": area_text,
                    "standard_fen": 8_200, "amount_fen": area * 820,
                })
            }
            Self::Posts => {
                let kind = choose(&["保洁员", "护林员", "水管员", "公路养护员", "网格员"]);
                json!({ "group": group, "category": kind, "standard_fen": 60_000, "amount_fen": 180_000 })
            }
            Self::LostTime => {
                let days = rng.between(2, 12);
                json!({
                    "group": group, "category": format!("误工{days}天"), "standard_fen": 8_000,
                    "amount_fen": i64::from(days) * 8_000,
                })
            }
            Self::Disabled => {
                let kind = choose(&["困难残疾人生活补贴", "重度残疾人护理补贴"]);
                json!({ "group": group, "category": kind, "amount_fen": 30_000 })
            }
            Self::Veterans => {
                json!({ "group": group, "category": "定期抚恤补助", "amount_fen": 240_000 })
            }
            Self::Medical => {
                let fen = i64::from(rng.between(8, 60)) * 10_000;
                json!({ "group": group, "category": "医疗救助", "amount_fen": fen })
            }
            Self::Family => json!({ "group": group, "amount_fen": 24_000 }),
            Self::Homesteads => {
                json!({
                    "group": group, "household_size": size, "place": "本组空闲地",
                    "area": format!("{}平方米", 90 + of.group * 3),
                })
            }
            Self::Contracts => {
                let item = choose(&["鱼塘承包", "荒山承包", "机动地承包", "门面房出租"]);
                let fen = i64::from(of.size * 1_800 + of.group * 150) * 100;
                let area = format!("{}亩", of.size * 4 + of.group);
                json!({ "item": item, "group": group, "area": area, "amount_fen": fen })
            }
        }
    }
}
