//! The benefit programmes that the county pays, as its files name them.

use super::people::{FIRST, LAST, Person, day_in};
use super::rng::mix;

/// When a programme pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Every month.
    Month,
    /// In the last month of each quarter.
    Quarter,
    /// In May and November.
    Term,
    /// In this month of the year, 0 to 11; from the first year on.
    Year(u8),
    /// Once, when it is granted.
    Once,
}

/// What fixes the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// So much in fen per person or household and period, before and from January of the last year.
    Fixed(i64, i64),
    /// So much in fen per mu.
    PerMu(i64),
    /// By age: from 80, 90 and 100 years.
    ByAge([i64; 3]),
    /// What each spell says.
    Own,
    /// What each spell says, and a little more or less in each period.
    Varying,
}

/// The department that pays and hands over the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Department {
    /// 民政
    Civil,
    /// 人社
    Labour,
    /// 农业农村
    Farming,
    /// 林业
    Forestry,
    /// 卫健
    Health,
    /// 退役军人
    Veterans,
    /// 水利
    Water,
    /// 教育
    Education,
    /// 住建
    Housing,
    /// 乡村振兴
    Revival,
    /// 组织
    Party,
}

impl Department {
    /// As file names have it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Civil => "民政局",
            Self::Labour => "人社局",
            Self::Farming => "农业农村局",
            Self::Forestry => "林业局",
            Self::Health => "卫健局",
            Self::Veterans => "退役军人事务局",
            Self::Water => "水利局",
            Self::Education => "教育局",
            Self::Housing => "住建局",
            Self::Revival => "乡村振兴局",
            Self::Party => "组织部",
        }
    }
}

/// A programme.
#[derive(Debug, Clone, Copy)]
pub struct Programme {
    /// Number in the benefit catalogue; 61 and up for the county's own.
    pub number: u8,
    /// As the county's files call it.
    pub title: &'static str,
    /// Who pays.
    pub department: Department,
    /// When.
    pub every: Every,
    /// How much.
    pub rate: Rate,
    /// 人, 户, 亩.
    pub unit: &'static str,
    /// Youngest and oldest recipients, in full years.
    pub ages: (i32, i32),
}

const fn programme(
    number: u8,
    title: &'static str,
    department: Department,
    every: Every,
    rate: Rate,
    unit: &'static str,
    ages: (i32, i32),
) -> Programme {
    Programme { number, title, department, every, rate, unit, ages }
}

const ANY: (i32, i32) = (0, 120);
const fn flat(yuan: i64) -> Rate {
    Rate::Fixed(yuan * 100, yuan * 100)
}

use Department::{
    Civil, Education, Farming, Forestry, Health, Housing, Labour, Party, Revival, Veterans, Water,
};
use Every::{Month, Once, Quarter, Term, Year};

/// All programmes, by number.
pub const PROGRAMMES: &[Programme] = &[
    programme(1, "农村最低生活保障", Civil, Month, Rate::Own, "户", ANY),
    programme(3, "特困人员分散供养", Civil, Month, flat(780), "人", (60, 120)),
    programme(4, "特困人员集中供养", Civil, Month, flat(1014), "人", (60, 120)),
    programme(6, "临时救助", Civil, Once, Rate::Own, "户", ANY),
    programme(7, "孤儿基本生活费", Civil, Month, flat(1400), "人", (0, 17)),
    programme(8, "事实无人抚养儿童基本生活补贴", Civil, Month, flat(1400), "人", (0, 17)),
    programme(9, "困难残疾人生活补贴", Civil, Month, flat(100), "人", ANY),
    programme(10, "重度残疾人护理补贴", Civil, Month, flat(110), "人", ANY),
    programme(11, "高龄津贴", Civil, Month, Rate::ByAge([10_000, 20_000, 50_000]), "人", (80, 120)),
    programme(
        18,
        "城乡居民基本养老金",
        Labour,
        Month,
        Rate::Fixed(14_300, 16_300),
        "人",
        (60, 120),
    ),
    programme(20, "计划生育奖励扶助", Health, Year(8), flat(960), "人", (60, 120)),
    programme(23, "部分农村籍退役士兵老年生活补助", Veterans, Month, flat(180), "人", (60, 120)),
    programme(24, "优抚对象定期抚恤", Veterans, Month, flat(680), "人", (60, 120)),
    programme(26, "耕地地力保护补贴", Farming, Year(5), Rate::PerMu(9_520), "亩", ANY),
    programme(28, "玉米大豆生产者补贴", Farming, Year(10), Rate::PerMu(3_150), "亩", ANY),
    programme(35, "森林生态效益补偿", Forestry, Year(9), Rate::PerMu(1_600), "亩", ANY),
    programme(36, "生态护林员补助", Forestry, Month, flat(800), "人", (18, 59)),
    programme(39, "大中型水库移民后期扶持直补", Water, Quarter, flat(150), "人", ANY),
    programme(40, "农村危房改造补助", Housing, Once, Rate::Own, "户", ANY),
    programme(41, "易地搬迁补助", Housing, Once, Rate::Own, "户", ANY),
    programme(42, "雨露计划", Revival, Term, flat(1500), "人", (16, 21)),
    programme(
        43,
        "义务教育家庭经济困难学生生活补助",
        Education,
        Term,
        Rate::Fixed(62_500, 62_500),
        "人",
        (7, 15),
    ),
    programme(49, "公益性岗位补贴", Labour, Month, flat(600), "人", (18, 59)),
    programme(50, "脱贫人口小额信贷贴息", Revival, Quarter, Rate::Varying, "笔", (18, 120)),
    programme(51, "到户产业奖补", Revival, Once, Rate::Own, "户", ANY),
    programme(52, "户厕改造奖补", Revival, Once, flat(1000), "户", ANY),
    programme(53, "村级动物防疫员补助", Farming, Month, flat(400), "人", (18, 59)),
    programme(54, "老年乡村医生补助", Health, Month, flat(300), "人", (60, 120)),
    programme(55, "离任村干部生活补贴", Party, Month, flat(350), "人", (60, 120)),
    programme(56, "在职村干部报酬", Party, Month, flat(2200), "人", (24, 62)),
    programme(61, "清源县返乡创业一次性奖补", Labour, Once, flat(5000), "人", (18, 59)),
    programme(62, "清源县重阳敬老慰问金", Civil, Year(9), flat(200), "人", (60, 120)),
];

/// The programme of a number.
pub fn get(number: u8) -> Option<&'static Programme> {
    PROGRAMMES.iter().find(|p| p.number == number)
}

impl Programme {
    /// Whether it pays in a month. Grants paid once are due in the month that the spell says.
    pub fn due(&self, month: u8) -> bool {
        match self.every {
            Month => month >= FIRST,
            Quarter => month >= FIRST && month % 3 == 2,
            Term => month >= FIRST && matches!(month % 12, 4 | 10),
            Year(of) => month % 12 == of,
            Once => true,
        }
    }

    /// Rows that a full list of one person has.
    pub fn rows(&self, from: u8, until: u8) -> usize {
        if self.every == Once { 1 } else { (from..=until).filter(|m| self.due(*m)).count() }
    }

    /// The amount in fen of a period.
    pub fn amount(&self, person: &Person, month: u8, own: i64, area_e4: i64) -> i64 {
        match self.rate {
            Rate::Fixed(_, new) if month >= LAST - 11 => new,
            Rate::Fixed(old, _) => old,
            Rate::PerMu(fen) => (fen * area_e4 + 5_000) / 10_000,
            Rate::ByAge([low, mid, high]) => match person.age_on(day_in(month, 1)) {
                ..90 => low,
                90..100 => mid,
                _ => high,
            },
            // The gap to a standard that rises with the last year.
            Rate::Own if self.every == Month && month >= LAST - 11 => own + 2_300,
            Rate::Own => own,
            Rate::Varying if own % 10_000 == 0 => own + i64::from(month / 3) * 10_000,
            Rate::Varying => {
                let odd = mix(u64::from(month) ^ own.unsigned_abs()) % 9_000;
                own + i64::try_from(odd).unwrap_or(0) / 10 * 10 + 7
            }
        }
    }

    /// When it pays, as the list of programmes says.
    pub fn frequency(&self) -> &'static str {
        match self.every {
            Month => "按月",
            Quarter => "按季",
            Term => "按学期",
            Year(_) => "按年",
            Once => "一次性",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Every, PROGRAMMES, get};

    #[test]
    fn programmes_stand_in_order_and_pay_when_due() {
        assert!(PROGRAMMES.windows(2).all(|w| w[0].number < w[1].number));
        for p in PROGRAMMES {
            let rows = p.rows(0, super::LAST);
            let expect = match p.every {
                Every::Month => 24,
                Every::Quarter => 8,
                Every::Term => 4,
                Every::Year(_) => 3,
                Every::Once => 1,
            };
            assert_eq!(rows, expect, "{}", p.title);
        }
        assert!(get(2).is_none());
    }
}
