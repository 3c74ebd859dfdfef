//! Which department hands over which payments, in what kind of file and under which header words.

use super::programmes::Department;
use super::sheet::Coding;
use super::spelling::Days;

/// A column of a payment file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Running number.
    Serial,
    /// Township.
    Township,
    /// Village name alone.
    Village,
    /// Township and village in one cell.
    Path,
    /// Household number.
    Household,
    /// Name.
    Name,
    /// ID number.
    Id,
    /// Programme.
    Programme,
    /// Month, or year of programmes paid by the year.
    Period,
    /// Day of payment.
    Paid,
    /// Amount.
    Amount,
    /// Bank card.
    Account,
    /// ID number of the account holder.
    Payee,
    /// Name of the account holder.
    PayeeName,
    /// Whether an agent receives.
    Agent,
    /// Land.
    Area,
    /// Standard.
    Standard,
    /// Day on which the money arrived.
    Arrived,
    /// What the bank says.
    Result,
    /// Bank: of no use to anybody here.
    Bank,
    /// Remark: of no use either.
    Remark,
}

/// A kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Book {
    /// Who hands it over.
    pub department: Department,
    /// What it is called, after the month and before the ending.
    pub name: &'static str,
    /// Programmes in it.
    pub programmes: &'static [u8],
    /// Months in one file.
    pub months: u8,
    /// Text coding; workbook if none, as long as workbooks stay few and small.
    pub coding: Option<Coding>,
    /// Columns with their header words.
    pub columns: &'static [(Column, &'static str)],
    /// How days are written.
    pub days: Days,
    /// Amounts in 万元.
    pub wan: bool,
    /// Amounts with thousands separators.
    pub thousands: bool,
    /// A title row above the header and a total row below.
    pub framed: bool,
}

use Column::{
    Account, Agent, Amount, Area, Arrived, Bank, Household, Id, Name, Paid, Path, Payee, PayeeName,
    Period, Programme, Remark, Result, Serial, Standard, Township, Village,
};

/// Subsistence aid of the first townships in the last year: a workbook for each month, whose title
/// says the programme.
pub const TITLED: Book = Book {
    department: Department::Civil,
    name: "农村低保金发放表",
    programmes: &[1],
    months: 1,
    coding: None,
    columns: &[
        (Serial, "序号"),
        (Village, "村名"),
        (Household, "户号"),
        (Name, "户主姓名"),
        (Id, "身份证号码"),
        (Account, "一卡通账号"),
        (PayeeName, "开户人"),
        (Payee, "开户人身份证号"),
        (Agent, "是否代领"),
        (Amount, "发放金额（元）"),
        (Paid, "发放日期"),
        (Arrived, "资金到位时间"),
        (Result, "发放结果"),
        (Remark, "备注"),
    ],
    days: Days::Serial,
    wan: false,
    thousands: false,
    framed: true,
};

/// All other files.
pub const BOOKS: &[Book] = &[
    Book {
        department: Department::Civil,
        name: "社会救助资金发放明细",
        programmes: &[1, 3, 4, 6, 7, 8, 9, 10, 11, 62],
        months: 1,
        coding: Some(Coding::Gb18030),
        columns: &[
            (Serial, "序号"),
            (Township, "乡镇"),
            (Village, "村（社区）"),
            (Household, "户号"),
            (Name, "姓名"),
            (Id, "身份证号"),
            (Programme, "补贴项目"),
            (Period, "所属月份"),
            (Paid, "发放日期"),
            (Amount, "发放金额（元）"),
            (Payee, "收款人身份证号"),
            (PayeeName, "收款人姓名"),
            (Account, "银行卡号"),
            (Agent, "是否代领"),
            (Arrived, "资金到账日期"),
            (Result, "发放结果"),
            (Bank, "开户行"),
        ],
        days: Days::Slashes,
        wan: false,
        thousands: true,
        framed: true,
    },
    Book {
        department: Department::Labour,
        name: "养老金和岗位补贴打卡明细",
        programmes: &[18, 49, 61],
        months: 1,
        coding: Some(Coding::Utf8Bom),
        columns: &[
            (Name, "领取人姓名"),
            (Id, "公民身份号码"),
            (Path, "行政区划"),
            (Programme, "待遇名称"),
            (Period, "待遇期"),
            (Amount, "打卡金额"),
            (Account, "社会保障卡号"),
            (Arrived, "资金下达日期"),
            (Paid, "打卡日期"),
            (Result, "入账状态"),
        ],
        days: Days::Packed,
        wan: false,
        thousands: false,
        framed: false,
    },
    Book {
        department: Department::Farming,
        name: "惠农补贴发放花名册",
        programmes: &[26, 28],
        months: 12,
        coding: Some(Coding::Gb18030),
        columns: &[
            (Township, "所属乡镇"),
            (Village, "行政村"),
            (Household, "家庭编号"),
            (Name, "户主姓名"),
            (Id, "证件号码"),
            (Programme, "资金名称"),
            (Period, "补贴年度"),
            (Area, "补贴面积(亩)"),
            (Standard, "补贴标准"),
            (Amount, "补贴金额"),
            (Account, "惠农卡号"),
            (Arrived, "资金到位日期"),
            (Paid, "支付日期"),
        ],
        days: Days::Points,
        wan: false,
        thousands: true,
        framed: true,
    },
    Book {
        department: Department::Farming,
        name: "村级动物防疫员补助发放表",
        programmes: &[53],
        months: 12,
        coding: None,
        columns: &[
            (Serial, "序号"),
            (Township, "镇"),
            (Village, "村"),
            (Name, "姓名"),
            (Id, "身份证"),
            (Programme, "项目"),
            (Period, "年月"),
            (Amount, "金额(元)"),
            (Account, "账号"),
            (Paid, "付款日期"),
        ],
        days: Days::Serial,
        wan: false,
        thousands: false,
        framed: true,
    },
    Book {
        department: Department::Forestry,
        name: "林业补贴资金兑现表",
        programmes: &[35, 36],
        months: 12,
        coding: Some(Coding::Utf8),
        columns: &[
            (Path, "所在村"),
            (Name, "对象姓名"),
            (Id, "对象身份证号"),
            (Programme, "政策名称"),
            (Period, "发放年月"),
            (Area, "核定面积"),
            (Amount, "实发金额"),
            (Account, "存折账号"),
            (Paid, "入账日期"),
        ],
        days: Days::Dashes,
        wan: false,
        thousands: false,
        framed: false,
    },
    Book {
        department: Department::Health,
        name: "奖励扶助和村医补助发放表",
        programmes: &[20, 54],
        months: 12,
        coding: None,
        columns: &[
            (Serial, "序号"),
            (Township, "乡镇名称"),
            (Village, "村名称"),
            (Name, "人员姓名"),
            (Id, "居民身份证号码"),
            (Programme, "补贴名称"),
            (Period, "期间"),
            (Amount, "补助金额（万元）"),
            (Account, "卡号"),
            (Paid, "拨付日期"),
            (Remark, "备注"),
        ],
        days: Days::Words,
        wan: true,
        thousands: false,
        framed: true,
    },
    Book {
        department: Department::Veterans,
        name: "退役军人优抚资金发放明细",
        programmes: &[23, 24],
        months: 3,
        coding: Some(Coding::Utf16Tabs),
        columns: &[
            (Township, "镇街"),
            (Village, "村居"),
            (Name, "姓名"),
            (Id, "有效证件号码"),
            (Programme, "发放项目"),
            (Period, "享受月份"),
            (Amount, "支付金额"),
            (Account, "收款账号"),
            (Paid, "到账日期"),
        ],
        days: Days::Words,
        wan: false,
        thousands: false,
        framed: false,
    },
    Book {
        department: Department::Water,
        name: "移民后期扶持资金发放表",
        programmes: &[39],
        months: 3,
        coding: Some(Coding::Gb18030),
        columns: &[
            (Serial, "序号"),
            (Path, "行政村"),
            (Name, "姓名"),
            (Id, "身份证号"),
            (Programme, "资金项目"),
            (Period, "月份"),
            (Amount, "领取金额"),
            (Account, "银行账号"),
            (Bank, "开户银行"),
            (Paid, "发卡日期"),
        ],
        days: Days::Packed,
        wan: false,
        thousands: false,
        framed: true,
    },
    Book {
        department: Department::Education,
        name: "学生资助发放表",
        programmes: &[43],
        months: 12,
        coding: None,
        columns: &[
            (Township, "乡镇"),
            (Village, "村"),
            (Name, "姓名"),
            (Id, "身份证件号"),
            (Programme, "项目名称"),
            (Period, "所属期"),
            (Standard, "补助标准"),
            (Amount, "补贴金额"),
            (Account, "银行卡号"),
            (Paid, "发放时间"),
        ],
        days: Days::Serial,
        wan: false,
        thousands: false,
        framed: true,
    },
    Book {
        department: Department::Housing,
        name: "住房补助资金拨付表",
        programmes: &[40, 41],
        months: 12,
        coding: None,
        columns: &[
            (Township, "乡(镇)"),
            (Village, "村"),
            (Household, "户编号"),
            (Name, "户主姓名"),
            (Id, "身份证号码"),
            (Programme, "补贴类型"),
            (Period, "月份"),
            (Amount, "补助金额"),
            (Account, "开户账号"),
            (Paid, "拨付日期"),
            (Result, "支付状态"),
        ],
        days: Days::Points,
        wan: false,
        thousands: true,
        framed: true,
    },
    Book {
        department: Department::Revival,
        name: "衔接资金到户补助发放明细",
        programmes: &[42, 50, 51, 52],
        months: 3,
        coding: Some(Coding::Utf8Bom),
        columns: &[
            (Serial, "编号"),
            (Township, "乡镇(街道)"),
            (Village, "村/社区"),
            (Name, "补贴对象"),
            (Id, "补贴对象身份证号"),
            (Programme, "惠农项目"),
            (Period, "补贴月份"),
            (Amount, "补贴资金"),
            (Account, "打卡账号"),
            (Paid, "打卡时间"),
        ],
        days: Days::Slashes,
        wan: false,
        thousands: true,
        framed: false,
    },
    Book {
        department: Department::Party,
        name: "村干部报酬和离任补贴发放花名册",
        programmes: &[55, 56],
        months: 3,
        coding: None,
        columns: &[
            (Serial, "序号"),
            (Township, "乡镇"),
            (Village, "村"),
            (Name, "姓名"),
            (Id, "身份证号"),
            (Programme, "补贴种类"),
            (Period, "年月"),
            (Amount, "应发金额"),
            (Account, "帐号"),
            (Paid, "支付日期"),
        ],
        days: Days::Slashes,
        wan: false,
        thousands: false,
        framed: true,
    },
];

#[cfg(test)]
mod tests {
    use super::super::programmes::PROGRAMMES;
    use super::BOOKS;

    #[test]
    fn every_programme_is_handed_over_in_one_kind_of_file() {
        for programme in PROGRAMMES {
            let books = BOOKS.iter().filter(|b| b.programmes.contains(&programme.number)).count();
            assert_eq!(books, 1, "{}", programme.title);
        }
    }
}
