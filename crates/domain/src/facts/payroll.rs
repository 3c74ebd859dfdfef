//! People on the public payroll.

use super::{ID_WORDS, Kind, NAME_WORDS, TableSpec, Visibility, column, required};

/// Contract of `payroll`.
pub const TABLE: TableSpec = TableSpec {
    name: "payroll",
    meaning: "People on the public payroll.",
    words: &["财政供养", "工资", "编制", "公职人员", "供养人员", "payroll"],
    key: Some("person"),
    day: None,
    columns: &[
        required(column("person", Kind::Person, Visibility::Identity, "the person", ID_WORDS)),
        column("name", Kind::Name, Visibility::Identity, "name", NAME_WORDS),
        column(
            "unit",
            Kind::Text,
            Visibility::Internal,
            "unit that pays",
            &["单位", "单位名称", "工作单位", "所在单位", "发放单位"],
        ),
        column(
            "staff_kind",
            Kind::Text,
            Visibility::Internal,
            "kind of post: established, temporary, retired ...",
            &["人员类别", "编制类型", "人员性质", "身份类别", "人员类型", "用工形式", "编制性质"],
        ),
        column(
            "from_day",
            Kind::Day,
            Visibility::Internal,
            "first day on the payroll",
            &["起薪日期", "入职日期", "参加工作时间", "起始日期", "进入时间", "调入日期"],
        ),
        column(
            "until_day",
            Kind::Day,
            Visibility::Internal,
            "last day on the payroll",
            &["停薪日期", "离职日期", "终止日期", "退休日期", "调出日期"],
        ),
    ],
};
