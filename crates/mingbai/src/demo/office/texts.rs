//! What the notices of the demo say, and the words of its matters.

use domain::catalogue::Step;
use serde_json::{Map, Value, json};

use super::super::rng::Rng;
use super::due::Period;
use super::ledger::{Month, object, sum};
use super::lists::{List, Neighbour};

/// Why a matter was taken back.
pub const STOPPED: &str = "上级另有项目覆盖同一路段，村两委商议后撤回，不再实施。";

/// A notice that comes again and again, or stands.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// Code of the disclosure duty.
    pub duty: &'static str,
    /// Title; `{p}` is the period.
    title: &'static str,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// From the opening balance to the closing one.
    Accounts,
    /// What came in.
    Income,
    /// A list of people.
    People(List),
    /// Sums: what, least and most in yuan.
    Sums(&'static [(&'static str, i32, i32)]),
    /// Sentences; each `{n}` is a small number.
    Text(&'static [&'static str]),
}

const fn sheet(duty: &'static str, title: &'static str, shape: Shape) -> Sheet {
    Sheet { duty, title, shape }
}

/// Notices of every village.
pub const SHEETS: [Sheet; 38] = [
    sheet("F2", "{p}村集体收入明细", Shape::Income),
    sheet("F3", "{p}村级财务收支明细", Shape::Accounts),
    sheet(
        "F1",
        "{p}村集体财务收支计划执行情况",
        Shape::Sums(&[
            ("计划收入", 160_000, 320_000),
            ("计划支出", 120_000, 300_000),
            ("公益事业建设", 20_000, 90_000),
        ]),
    ),
    sheet(
        "F4",
        "{p}末村集体资产",
        Shape::Sums(&[
            ("银行存款", 20_000, 400_000),
            ("村部办公楼", 380_000, 680_000),
            ("光伏电站", 120_000, 260_000),
            ("机井和渠道", 60_000, 240_000),
        ]),
    ),
    sheet(
        "F5",
        "{p}末村集体资源",
        Shape::Text(&[
            "耕地3{n}0亩、林地12{n}0亩、坑塘{n}口、集体建设用地1{n}亩，均已登记，本季度没有变化。",
        ]),
    ),
    sheet(
        "F6",
        "{p}末债权债务",
        Shape::Sums(&[
            ("应收：门面房租金", 500, 9_000),
            ("应付：道路工程质保金", 2_000, 18_000),
            ("应付：保洁用工", 600, 3_600),
        ]),
    ),
    sheet(
        "F7",
        "{p}村集体收益分配",
        Shape::Sums(&[
            ("提取公积公益金", 12_000, 60_000),
            ("提取福利费", 5_000, 20_000),
            ("成员分红", 20_000, 120_000),
        ]),
    ),
    sheet(
        "P01",
        "村党组织设置和班子成员分工",
        Shape::Text(&[
            "村党支部设支部委员{n}名，按分工负责组织、纪检、宣传工作，联系电话见村部公开栏。",
        ]),
    ),
    sheet(
        "P02",
        "{p}村党组织工作总结和下一年计划",
        Shape::Text(&[
            "召开党员大会{n}次，办结群众反映事项1{n}件。",
            "下一年重点：道路硬化、环境整治、集体经济增收。",
        ]),
    ),
    sheet(
        "P05",
        "{p}党费收缴、使用情况",
        Shape::Sums(&[
            ("收缴党费", 1_800, 6_200),
            ("上缴上级", 1_000, 1_700),
            ("返还使用：订阅学习资料", 200, 700),
        ]),
    ),
    sheet(
        "P06",
        "{p}“三会一课”和主题党日开展情况",
        Shape::Text(&[
            "召开支部委员会{n}次、党员大会1次、党小组会{n}次，上党课1次。",
            "主题党日：清理河道垃圾、走访高龄老人，参加党员2{n}人次。",
        ]),
    ),
    sheet(
        "P09",
        "{p}干部廉洁承诺",
        Shape::Text(&[
            "不优亲厚友，不插手工程，不收群众财物，不在账外收支。",
            "本年度收到监督意见{n}条，均已答复。",
        ]),
    ),
    sheet(
        "P11",
        "{p}党组织运转经费使用情况",
        Shape::Sums(&[
            ("党员教育培训", 300, 1_800),
            ("订阅党报党刊", 200, 900),
            ("慰问老党员", 600, 2_400),
        ]),
    ),
    sheet(
        "P12",
        "{p}联系服务群众情况",
        Shape::Text(&["走访农户4{n}户，收到诉求{n}件，已办结的逐件答复本人，正在办的写明期限。"]),
    ),
    sheet(
        "V01",
        "村民自治章程和村规民约",
        Shape::Text(&[
            "经村民会议通过。红事白事从简，不占道堆放，不乱倒垃圾，邻里有纠纷先找调解员。",
        ]),
    ),
    sheet(
        "V07",
        "{p}村情和年度计划",
        Shape::Text(&[
            "全村{n}个村民小组，4{n}0户，16{n}0人。",
            "计划：硬化入户路{n}公里，安装路灯2{n}盏，清淤渠道{n}条。",
        ]),
    ),
    sheet(
        "V08",
        "村委会、监委会成员和分工",
        Shape::Text(&["村民委员会成员4名、村务监督委员会成员3名，分工、联系电话见村部公开栏。"]),
    ),
    sheet(
        "V12",
        "{p}村民代表会议决定和实施情况",
        Shape::Text(&[
            "召开村民代表会议1次，应到39人，实到3{n}人，表决通过{n}项。",
            "上一季度决定的事项：已完成{n}项，正在实施1项，每月公开进度。",
        ]),
    ),
    sheet(
        "V13",
        "{p}工作报告审议和民主评议结果",
        Shape::Text(&["村民代表对村委会工作报告审议通过，评议为称职的成员{n}名。"]),
    ),
    sheet(
        "V15",
        "{p}公益事业和项目进度",
        Shape::Text(&["入户路硬化完成{n}成，路灯安装1{n}盏，下月计划清理沟渠{n}条。"]),
    ),
    sheet("V18", "{p}土地承包、租赁、流转情况", Shape::People(List::Contracts)),
    sheet("V19", "{p}宅基地申请审批情况", Shape::People(List::Homesteads)),
    sheet("V20", "{p}低保、特困供养名单（月标准）", Shape::People(List::Subsistence)),
    sheet("V21", "{p}残疾人两项补贴名单", Shape::People(List::Disabled)),
    sheet(
        "V21.2",
        "{p}困境儿童、留守关爱情况（总数）",
        Shape::Text(&["本季度走访关爱{n}人次，发放补贴按月到卡；名单依法不公开。"]),
    ),
    sheet("V21.3", "{p}优抚对象补助名单", Shape::People(List::Veterans)),
    sheet("V22", "{p}临时救助和慰问名单", Shape::People(List::Relief)),
    sheet("V22.2", "{p}医疗救助名单", Shape::People(List::Medical)),
    sheet("V23", "{p}耕地地力保护补贴名单", Shape::People(List::Farm)),
    sheet("V25", "{p}公益性岗位人员名单", Shape::People(List::Posts)),
    sheet("V26", "{p}计划生育奖励扶助名单", Shape::People(List::Family)),
    sheet(
        "V27",
        "{p}协助政府工作情况",
        Shape::Text(&["协助核对医保缴费9{n}户、高龄津贴认证1{n}人、防火巡查{n}次。"]),
    ),
    sheet("V29", "{p}误工补贴人员和标准", Shape::People(List::LostTime)),
    sheet(
        "V30",
        "{p}村务档案目录和质询答复",
        Shape::Text(&["本季度归档{n}卷，收到村民质询{n}件，答复情况见各份公示。"]),
    ),
    sheet(
        "V31",
        "{p}红白理事会工作情况",
        Shape::Text(&["协助办理红事{n}场、白事{n}场，劝导简办，为村民节省开支。"]),
    ),
    sheet(
        "V32",
        "小微权力清单和运行流程",
        Shape::Text(&["本村执行县小微权力清单，每项的流程、材料、时限见事项明白卡，办事不收费。"]),
    ),
    sheet(
        "V33",
        "{p}监督意见和整改情况",
        Shape::Text(&["监委会提出意见{n}条：票据附件不全、公开栏字小，已整改。"]),
    ),
    sheet(
        "V03",
        "村务监督委员会工作制度",
        Shape::Text(&["监委会每月集中审核一次票据，公开前核对内容，对不同意的写明理由。"]),
    ),
];

/// What a notice says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// Title.
    pub title: String,
    /// Content without names.
    pub body: Map<String, Value>,
    /// Names.
    pub personal: Vec<(String, Value)>,
}

/// What the sheets of a village draw on.
#[derive(Debug)]
pub struct Source {
    /// Its money.
    pub months: Vec<Month>,
    /// Its people.
    pub neighbours: Vec<Neighbour>,
}

impl Sheet {
    /// What it says of a period; a standing one has none.
    pub fn content(&self, source: &Source, period: Option<&Period>, rng: &mut Rng) -> Content {
        let month = period.map_or(0, |period| period.month);
        let title = self.title.replace("{p}", period.map_or("", |period| &period.label));
        let (body, personal) = match self.shape {
            Shape::People(list) => list.content(&source.neighbours, month, rng),
            shape => (shape.body(source, month, rng), Vec::new()),
        };
        Content { title, body, personal }
    }
}

impl Shape {
    fn body(self, source: &Source, month: usize, rng: &mut Rng) -> Map<String, Value> {
        let accounts = source.months.get(month);
        match self {
            Self::Accounts => accounts.map(Month::accounts).unwrap_or_default(),
            Self::Income => accounts.map(Month::received).unwrap_or_default(),
            Self::People(_) => Map::new(),
            Self::Sums(items) => {
                let line = |(item, least, most): &(&str, i32, i32)| {
                    let fen = i64::from(rng.between(*least, *most)) * 100;
                    json!({ "item": item, "amount_fen": fen })
                };
                let lines: Vec<Value> = items.iter().map(line).collect();
                object(json!({ "lines": lines, "total_fen": sum(&lines) }))
            }
            Self::Text(sentences) => {
                let told: Vec<String> = sentences.iter().map(|s| numbered(s, rng)).collect();
                object(json!({ "text": told.join("\n") }))
            }
        }
    }
}

fn numbered(sentence: &str, rng: &mut Rng) -> String {
    let mut parts = sentence.split("{n}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(&rng.between(2, 8).to_string());
        text.push_str(part);
    }
    text
}

/// What a step that is done says of itself.
pub fn of_step(step: &Step) -> String {
    let title = &step.title.zh;
    match step.stage.as_str() {
        "disclose" => {
            format!("{title}。有不同意见的，请在公示期内向村民委员会或者村务监督委员会提出。")
        }
        _ => format!("{title}。"),
    }
}
