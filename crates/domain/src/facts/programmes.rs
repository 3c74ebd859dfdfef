//! The county's own benefit programmes and standards.

use super::{Kind, TableSpec, Visibility, column, required};

/// Contract of `programmes`.
pub const TABLE: TableSpec = TableSpec {
    name: "programmes",
    meaning: "The county's own benefit programmes and standards.",
    words: &[
        "补贴政策",
        "项目清单",
        "惠民政策清单",
        "政策清单",
        "补贴清单",
        "补贴标准表",
        "programmes",
    ],
    key: None,
    day: None,
    columns: &[
        required(column(
            "programme",
            Kind::Programme,
            Visibility::Public,
            "benefit programme",
            &["项目名称", "补贴项目", "政策名称", "补贴名称", "项目", "资金名称", "program"],
        )),
        column(
            "department",
            Kind::Text,
            Visibility::Public,
            "department in charge",
            &["主管部门", "责任部门", "部门", "业务主管部门"],
        ),
        column(
            "standard_fen",
            Kind::Fen,
            Visibility::Public,
            "standard per unit and period, in fen",
            &["补贴标准", "标准", "发放标准", "补助标准", "保障标准", "金额", "标准(元)"],
        ),
        column(
            "unit",
            Kind::Text,
            Visibility::Public,
            "what the standard is for: person, household, mu ...",
            &["单位", "计量单位", "补贴单位", "计发单位"],
        ),
        column(
            "frequency",
            Kind::Text,
            Visibility::Public,
            "month, quarter, year, term, once",
            &["发放频次", "发放周期", "周期", "频次", "发放方式"],
        ),
        column(
            "from_day",
            Kind::Day,
            Visibility::Public,
            "first day on which the standard holds",
            &["执行起始日期", "执行日期", "起始日期", "生效日期"],
        ),
        column(
            "until_day",
            Kind::Day,
            Visibility::Public,
            "last day on which the standard holds",
            &["执行截止日期", "截止日期", "失效日期", "终止日期"],
        ),
    ],
};
