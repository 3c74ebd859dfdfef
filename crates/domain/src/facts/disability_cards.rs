//! Disability cards.

use super::{ID_WORDS, Kind, TableSpec, Visibility, column, required};

/// Contract of `disability_cards`.
pub const TABLE: TableSpec = TableSpec {
    name: "disability_cards",
    meaning: "Disability cards.",
    words: &["残疾", "残疾证", "残疾人", "残联", "disability_cards"],
    key: Some("person"),
    day: None,
    columns: &[
        required(column("person", Kind::Person, Visibility::Identity, "the holder", ID_WORDS)),
        column(
            "name",
            Kind::Name,
            Visibility::Identity,
            "name of the holder",
            &["姓名", "名字", "人员姓名", "户主姓名", "居民姓名", "xm", "full_name", "残疾人姓名"],
        ),
        column(
            "card",
            Kind::Account,
            Visibility::Identity,
            "number of the card",
            &["残疾证号", "残疾人证号", "残疾证号码", "残疾证编号", "残疾人证号码"],
        ),
        column(
            "category",
            Kind::Count,
            Visibility::Internal,
            "1 sight, 2 hearing, 3 speech, 4 limb, 5 intellect, 6 mental, 7 multiple; else from the card",
            &["残疾类别", "残疾类型", "类别"],
        ),
        column(
            "grade",
            Kind::Count,
            Visibility::Internal,
            "1 (severe) to 4; from the card number where the file has none",
            &["残疾等级", "残疾级别", "等级", "级别"],
        ),
        column(
            "valid_from_day",
            Kind::Day,
            Visibility::Internal,
            "first day of validity",
            &["发证日期", "签发日期", "有效期起", "首次发证日期"],
        ),
        column(
            "valid_until_day",
            Kind::Day,
            Visibility::Internal,
            "last day of validity",
            &["有效期至", "有效期止", "到期日期", "失效日期", "有效期限", "注销日期"],
        ),
    ],
};
