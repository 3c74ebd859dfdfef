//! Cars, firms and houses of people on aid.

use super::super::people::{FIRST, LAST, day, day_in};
use super::super::registers::{Firm, House, Vehicle};
use super::super::world::World;
use super::{always_poor, other_member, poor};

/// `vehicle-owner-on-aid`
pub fn vehicles(world: &mut World) {
    const MODEL: &str = "vehicle-owner-on-aid";
    let car = |person, yuan| Vehicle {
        person,
        kind: "小型轿车",
        usage: "非营运",
        yuan,
        bought: day(2021, 5, 8),
        scrapped: None,
    };
    for at in 0..world.cases {
        let Some(person) = always_poor(world, at) else { return };
        let vehicle = match at % 4 {
            0 => car(person, Some(186_800)),
            1 => Vehicle { kind: "小型普通客车", ..car(person, None) },
            2 => Vehicle { bought: day_in(FIRST + 6, 3), ..car(person, Some(239_900)) },
            _ => Vehicle {
                kind: "重型半挂牵引车", usage: "货运", ..car(person, Some(312_000))
            },
        };
        world.registers.vehicles.push(vehicle);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        // Aid ends early or begins late where the time of ownership makes the difference.
        let (from, until) = if at % 7 == 5 { (FIRST, FIRST + 8) } else { (FIRST, LAST) };
        let Some(person) = poor(world, at, from, until) else { return };
        let rich = car(person, Some(165_000));
        let vehicle = match at % 7 {
            0 => Vehicle { usage: "残疾人专用", ..rich },
            1 => Vehicle { kind: "轮式拖拉机", ..rich },
            2 => Vehicle { scrapped: Some(day(2023, 11, 20)), ..rich },
            3 => Vehicle { yuan: Some(38_000), ..rich },
            4 => Vehicle { kind: "普通二轮摩托车", yuan: None, ..rich },
            5 => Vehicle { bought: day_in(FIRST + 12, 6), ..rich },
            _ => {
                let Some(other) = other_member(world, person) else { return };
                Vehicle { person: other, ..rich }
            }
        };
        world.registers.vehicles.push(vehicle);
        world.innocent(MODEL);
    }
}

fn firm(world: &World, person: u32) -> Firm {
    let number = u32::try_from(world.registers.firms.len()).unwrap_or(0) + 1;
    Firm {
        person,
        name: format!("清源源泰{number}号商贸有限公司"),
        number,
        kind: "有限责任公司",
        role: "法定代表人",
        status: "存续",
        yuan: Some(1_000_000),
        founded: day(2020, 3, 16),
        closed: None,
    }
}

/// `firm-owner-on-aid`
pub fn firms(world: &mut World) {
    const MODEL: &str = "firm-owner-on-aid";
    for at in 0..world.cases {
        let Some(person) = always_poor(world, at) else { return };
        let plain = firm(world, person);
        let firm = match at % 4 {
            0 => plain,
            1 => Firm { kind: "个体工商户", role: "经营者", yuan: Some(300_000), ..plain },
            2 => Firm { role: "股东", yuan: Some(2_000_000), ..plain },
            _ => Firm { founded: day_in(FIRST + 5, 9), yuan: None, ..plain },
        };
        world.registers.firms.push(firm);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let until = if at % 7 == 6 { FIRST + 9 } else { LAST };
        let Some(person) = poor(world, at, FIRST, until) else { return };
        let plain = firm(world, person);
        let firm = match at % 7 {
            0 => Firm { status: "注销", closed: Some(day(2022, 8, 2)), ..plain },
            1 => Firm {
                name: format!("清源兴民{}种植农民专业合作社", plain.number),
                kind: "农民专业合作社",
                role: "成员",
                ..plain
            },
            2 => Firm { kind: "个体工商户", role: "经营者", yuan: Some(20_000), ..plain },
            3 => Firm { role: "股东", yuan: Some(300_000), ..plain },
            4 => Firm { status: "吊销", ..plain },
            5 => Firm { role: "监事", ..plain },
            _ => Firm { founded: day_in(FIRST + 13, 1), ..plain },
        };
        world.registers.firms.push(firm);
        world.innocent(MODEL);
    }
}

/// `house-owner-on-aid`
pub fn houses(world: &mut World) {
    const MODEL: &str = "house-owner-on-aid";
    let home = |person| House {
        person,
        usage: "住宅",
        area_e2: 11_864,
        from: day(2019, 4, 1),
        closed: None,
    };
    for at in 0..world.cases {
        let Some(person) = always_poor(world, at) else { return };
        let second = match at % 3 {
            0 => House { area_e2: 9_250, from: day(2022, 7, 19), ..home(person) },
            1 => House { usage: "商业服务(门面)", area_e2: 4_530, ..home(person) },
            _ => House { area_e2: 13_377, from: day_in(FIRST + 4, 22), ..home(person) },
        };
        world.registers.houses.extend([home(person), second]);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let until = if at % 5 == 3 { FIRST + 7 } else { LAST };
        let Some(person) = poor(world, at, FIRST, until) else { return };
        let second = match at % 5 {
            0 => House { usage: "车库", area_e2: 2_410, ..home(person) },
            1 => House { closed: Some(day(2023, 10, 10)), area_e2: 8_800, ..home(person) },
            2 => home(person),
            3 => House { from: day_in(FIRST + 14, 5), area_e2: 9_900, ..home(person) },
            _ => {
                let Some(other) = other_member(world, person) else { return };
                House { area_e2: 10_120, ..home(other) }
            }
        };
        world.registers.houses.extend([home(person), second]);
        world.innocent(MODEL);
    }
}
