//! Made-up names of people, places and firms.

use super::rng::Rng;

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭",
    "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏", "魏", "程", "吕", "丁",
    "沈", "任", "姚", "卢", "傅", "钟", "姜", "崔", "谭", "廖", "范", "汪", "欧阳", "上官",
];
const MEN: &[&str] = &[
    "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "明", "超", "刚", "平", "辉", "鹏", "华", "飞",
    "鑫", "波", "斌", "宇", "浩", "凯", "健", "俊", "帆", "帅", "旭", "宁", "龙", "林", "国", "建",
    "志", "德", "海", "福", "成", "庆", "云", "春", "山", "良", "民", "友", "裕", "河", "哲", "江",
];
const WOMEN: &[&str] = &[
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "秀", "霞", "桂", "英", "玉", "兰", "红", "梅", "燕",
    "玲", "萍", "莉", "凤", "洁", "琳", "素", "云", "莲", "真", "环", "雪", "荣", "爱", "妹", "香",
    "月", "莺", "媛", "瑞", "凡", "佳", "嘉", "琼", "勤", "珍", "贞", "菊", "翠", "慧", "春", "巧",
];
/// Given and family parts of names that are written with a middle dot.
const DOTTED: &[&str] = &[
    "阿依古",
    "买买提",
    "吐尔逊",
    "木拉提",
    "古丽娜",
    "阿曼太",
    "别克木",
    "沙依兰",
    "哈力亚",
    "努尔东",
];

const VILLAGE_HEADS: &[&str] = &[
    "青石", "河口", "上湾", "下坪", "石桥", "双井", "松岭", "枫树", "竹园", "白沙", "黄泥", "长塘",
    "大坳", "小溪", "新田", "古城", "龙潭", "凤鸣", "金坑", "银杏", "茶山", "梅林", "桃源", "樟木",
    "红岩", "清水", "东冲", "西岭", "南坡", "北塘", "云台", "月亮", "太平", "永兴", "福星", "吉祥",
    "高峰", "平安", "团结", "前进", "马鞍", "牛栏", "羊角", "鹅公", "鸭江", "鱼塘", "虎形", "鹿角",
];
const TOWNSHIPS: &[&str] = &[
    "柳溪镇",
    "白马乡",
    "城关镇",
    "石门镇",
    "龙泉镇",
    "云岭乡",
    "青峰镇",
    "大河镇",
    "沙坪乡",
    "新桥镇",
    "双溪镇",
    "桐木镇",
    "金竹乡",
    "高田镇",
    "南山乡",
    "东阳镇",
    "西渡镇",
];
const FIRM_WORDS: &[&str] = &[
    "恒达", "鑫源", "宏图", "瑞丰", "金穗", "绿野", "万顺", "同心", "兴农", "百川", "东升", "永泰",
];
const FIRM_TRADES: &[&str] = &["商贸", "建材", "运输", "农业开发", "食品", "劳务", "工程", "物流"];

/// The parts that a person's name is made of: places in the lists above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    surname: u8,
    given: [u8; 2],
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Man,
    Woman,
    Dotted,
}

impl Name {
    /// A name for a man or a woman; `surname` of the father's house, if he has one.
    pub fn draw(rng: &mut Rng, male: bool, surname: Option<u8>) -> Self {
        let kind = match (rng.per_mille(4) && surname.is_none(), male) {
            (true, _) => Kind::Dotted,
            (false, true) => Kind::Man,
            (false, false) => Kind::Woman,
        };
        // One in four has a single given character.
        let second = if rng.per_mille(250) { u8::MAX } else { byte(rng.below(48)) };
        let surname = surname.unwrap_or_else(|| byte(rng.below(SURNAMES.len())));
        Self { surname, given: [byte(rng.below(48)), second], kind }
    }

    /// The family name's place in the list, for children; none for names with a dot.
    pub fn surname(self) -> Option<u8> {
        (self.kind != Kind::Dotted).then_some(self.surname)
    }

    /// The name as the household register has it.
    pub fn text(self) -> String {
        let given = match self.kind {
            Kind::Dotted => {
                let [a, b] = self.given;
                return format!("{}·{}", wrapped(DOTTED, a), wrapped(DOTTED, b));
            }
            Kind::Man => MEN,
            Kind::Woman => WOMEN,
        };
        let mut text = wrapped(SURNAMES, self.surname).to_owned();
        for part in self.given.iter().filter(|g| **g != u8::MAX) {
            text.push_str(wrapped(given, *part));
        }
        text
    }
}

fn byte(n: usize) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX - 1)
}

fn wrapped(list: &'static [&'static str], at: u8) -> &'static str {
    list.get(usize::from(at) % list.len()).copied().unwrap_or_default()
}

/// The name of township number `at`.
pub fn township(at: usize) -> String {
    match TOWNSHIPS.get(at) {
        Some(name) => (*name).to_owned(),
        None => format!("第{at}乡"),
    }
}

/// The name of village number `at` of a county. The same name may stand in several townships, as it
/// does in life.
pub fn village(at: usize) -> String {
    let head = VILLAGE_HEADS.get(at * 7 % VILLAGE_HEADS.len()).copied().unwrap_or_default();
    match at / VILLAGE_HEADS.len() {
        0 => format!("{head}村"),
        1 => format!("{head}坪村"),
        2 => format!("{head}湾村"),
        3 => format!("{head}岗村"),
        4 => format!("新{head}村"),
        5 => format!("老{head}村"),
        n => format!("{head}{n}村"),
    }
}

/// The name of a firm.
pub fn firm(rng: &mut Rng) -> String {
    let word = rng.pick(FIRM_WORDS).copied().unwrap_or_default();
    let trade = rng.pick(FIRM_TRADES).copied().unwrap_or_default();
    format!("清源{word}{trade}有限公司")
}

#[cfg(test)]
mod tests {
    use super::{Name, Rng, village};
    use std::collections::BTreeSet;

    #[test]
    fn names_are_plain_and_children_bear_their_fathers() {
        let mut rng = Rng::new(3, 3);
        let father = loop {
            let name = Name::draw(&mut rng, true, None);
            if name.surname().is_some() {
                break name;
            }
        };
        let child = Name::draw(&mut rng, false, father.surname());
        assert_eq!(child.surname(), father.surname());
        assert!(father.text().chars().count() >= 2);
    }

    #[test]
    fn village_names_of_a_county_differ() {
        let names: BTreeSet<String> = (0..297).map(village).collect();
        assert!(names.len() >= 280, "{}", names.len());
    }
}
