//! The household register.

use super::{
    HOUSEHOLD_WORDS, ID_WORDS, Kind, NAME_WORDS, TOWNSHIP_WORDS, TableSpec, VILLAGE_WORDS,
    Visibility, column, required,
};

/// Contract of `people`.
pub const TABLE: TableSpec = TableSpec {
    name: "people",
    meaning: "The household register.",
    words: &["户籍", "人口", "花名册", "人员信息", "户口", "常住人口", "村民名册", "people"],
    key: Some("person"),
    day: None,
    columns: &[
        required(column("person", Kind::Person, Visibility::Identity, "the person", ID_WORDS)),
        column("name", Kind::Name, Visibility::Identity, "name in the register", NAME_WORDS),
        column(
            "township",
            Kind::Township,
            Visibility::Public,
            "township of the village",
            TOWNSHIP_WORDS,
        ),
        column(
            "village",
            Kind::Village,
            Visibility::Public,
            "village of registration",
            VILLAGE_WORDS,
        ),
        column(
            "household",
            Kind::Household,
            Visibility::Identity,
            "household number",
            HOUSEHOLD_WORDS,
        ),
        column(
            "relation",
            Kind::Text,
            Visibility::Internal,
            "relation to the head of household",
            &["与户主关系", "家庭关系", "与户主的关系", "户内关系", "关系"],
        ),
        column(
            "birth_day",
            Kind::Day,
            Visibility::Internal,
            "birth day; from the ID number where the file has none",
            &["出生日期", "出生年月日", "生日", "出生年月", "birth", "birthday"],
        ),
        column(
            "moved_out_day",
            Kind::Day,
            Visibility::Internal,
            "day on which the registration moved out of the county",
            &["迁出日期", "户口迁出日期", "迁出时间"],
        ),
    ],
};
