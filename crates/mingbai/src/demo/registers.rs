//! Rows of the registers that other agencies hand over.

use domain::time::Day;

/// A death in one of three sources.
#[derive(Debug, Clone, Copy)]
pub struct Death {
    /// Who died.
    pub person: u32,
    /// When.
    pub day: Day,
    /// Police, funeral parlour or hospital: 0, 1, 2.
    pub source: u8,
}

/// A post on the public payroll.
#[derive(Debug, Clone, Copy)]
pub struct Post {
    /// Who.
    pub person: u32,
    /// Kind of staff.
    pub kind: &'static str,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Option<Day>,
}

/// A village cadre.
#[derive(Debug, Clone, Copy)]
pub struct Cadre {
    /// Who.
    pub person: u32,
    /// Village of the post.
    pub village: u16,
    /// Post held.
    pub post: &'static str,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Option<Day>,
}

/// A relative declared by a cadre.
#[derive(Debug, Clone, Copy)]
pub struct Kin {
    /// The cadre.
    pub cadre: u32,
    /// The relative.
    pub person: u32,
    /// Relation.
    pub relation: &'static str,
}

/// A vehicle.
#[derive(Debug, Clone, Copy)]
pub struct Vehicle {
    /// Owner.
    pub person: u32,
    /// Kind.
    pub kind: &'static str,
    /// Use.
    pub usage: &'static str,
    /// Price in yuan, where known.
    pub yuan: Option<i32>,
    /// First registration.
    pub bought: Day,
    /// Scrapped or sold.
    pub scrapped: Option<Day>,
}

/// A person's part in a firm.
#[derive(Debug, Clone)]
pub struct Firm {
    /// Who.
    pub person: u32,
    /// Name of the firm.
    pub name: String,
    /// Number from which its credit code is made.
    pub number: u32,
    /// Kind of firm.
    pub kind: &'static str,
    /// Part of the person.
    pub role: &'static str,
    /// State of registration.
    pub status: &'static str,
    /// Registered capital in yuan, where known.
    pub yuan: Option<i32>,
    /// Registered.
    pub founded: Day,
    /// Deregistered.
    pub closed: Option<Day>,
}

/// A registered house.
#[derive(Debug, Clone, Copy)]
pub struct House {
    /// Owner.
    pub person: u32,
    /// Use.
    pub usage: &'static str,
    /// Floor space in 1/100 m2.
    pub area_e2: i32,
    /// Registered.
    pub from: Day,
    /// Sold or pulled down.
    pub closed: Option<Day>,
}

/// Land of a household, in 1/10,000 mu.
#[derive(Debug, Clone, Copy)]
pub struct Land {
    /// Representative of the household.
    pub person: u32,
    /// Contracted.
    pub area: i64,
    /// Taken over from others.
    pub taken: i64,
    /// Handed to others.
    pub handed: i64,
}

/// A disability card.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// Holder.
    pub person: u32,
    /// 1 to 7.
    pub category: u8,
    /// 1 to 4.
    pub grade: u8,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub until: Option<Day>,
}

/// All registers beside the household register.
#[derive(Debug, Default)]
pub struct Registers {
    /// Deaths.
    pub deaths: Vec<Death>,
    /// Public payroll.
    pub payroll: Vec<Post>,
    /// Village cadres.
    pub cadres: Vec<Cadre>,
    /// Their relatives.
    pub kin: Vec<Kin>,
    /// Vehicles.
    pub vehicles: Vec<Vehicle>,
    /// Firms.
    pub firms: Vec<Firm>,
    /// Houses.
    pub houses: Vec<House>,
    /// Land contracts.
    pub land: Vec<Land>,
    /// Disability cards.
    pub cards: Vec<Card>,
    /// Second rows in the household register: people who moved out and came back.
    pub returned_home: Vec<u32>,
}

/// A social credit code of the made-up division (GB 32100-2015), with right check characters.
pub fn credit_code(number: u32) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const BODY: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    const WHOLE: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let mut code = format!("91{}{number:08}", super::county::DIVISION);
    let digit = |b: u8| ALPHABET.iter().position(|a| *a == b).unwrap_or(0) as u32;
    let sum = |text: &str, weights: &[u32]| -> u32 {
        text.bytes().zip(weights).map(|(b, w)| digit(b) * w).sum()
    };
    let inner = 11 - sum(code.get(8..).unwrap_or_default(), &BODY) % 11;
    code.push_str(&match inner {
        10 => "X".to_owned(),
        11 => "0".to_owned(),
        n => n.to_string(),
    });
    let check = (31 - sum(&code, &WHOLE) % 31) % 31;
    code.push(ALPHABET.get(check as usize).copied().map_or('0', char::from));
    code
}

#[cfg(test)]
mod tests {
    use super::credit_code;

    #[test]
    fn credit_codes_carry_both_check_characters() {
        // 07-standards, section 2: body 12345678-8.
        let code = credit_code(12_345_678);
        assert!(code.starts_with("91990426123456788"), "{code}");
        assert_eq!(code.len(), 18);
        assert_ne!(credit_code(1), credit_code(2));
    }
}
