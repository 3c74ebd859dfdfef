//! Files of the other agencies: household register, deaths, payroll, property, cards, standards.

use std::path::Path;

use domain::time::Day;

use super::people::{Person, Relation, day};
use super::programmes::{self, Rate};
use super::registers::{Firm, credit_code};
use super::rng::Rng;
use super::sheet::{Coding, Sheet};
use super::spelling::{self, Days};
use super::world::World;

/// Longer registers come as text, since workbooks are slow to read.
const WORKBOOK_ROWS: usize = 9_000;
const UNITS: [&str; 6] =
    ["县教育局", "县卫健局", "县水利局", "柳溪镇人民政府", "县第一中学", "县人民医院"];

/// Writes all registers.
pub fn write(world: &World, dir: &Path) -> anyhow::Result<()> {
    let files = Files { world, dir };
    files.people()?;
    files.deaths()?;
    files.payroll()?;
    files.cadres()?;
    files.kin()?;
    files.vehicles()?;
    files.firms()?;
    files.houses()?;
    files.land()?;
    files.cards()?;
    files.programmes()
}

struct Files<'a> {
    world: &'a World,
    dir: &'a Path,
}

impl Files<'_> {
    fn text(&self, name: &str, coding: Coding) -> anyhow::Result<Sheet> {
        Sheet::text_file(&self.dir.join(name), coding)
    }

    /// A workbook, or text when it would be a long one.
    fn book(&self, name: &str, sheet: &str, rows: usize) -> anyhow::Result<Sheet> {
        if rows > WORKBOOK_ROWS {
            return self.text(&format!("{name}.csv"), Coding::Utf8Bom);
        }
        Sheet::workbook(&self.dir.join(format!("{name}.xlsx")), sheet)
    }

    fn name(&self, person: u32) -> String {
        self.world.people.get(person).map(|p| p.name.text()).unwrap_or_default()
    }

    fn id(&self, person: u32) -> String {
        self.world.people.id(person)
    }

    fn place(&self, village: u16) -> (&str, &str) {
        let place = self.world.places.get(usize::from(village)).map(|p| &p.village);
        place.map(|v| (v.township.as_str(), v.name.as_str())).unwrap_or_default()
    }

    fn people(&self) -> anyhow::Result<()> {
        let mut rng = Rng::new(self.world.seed, 80);
        let mut sheet = self.text("公安局户籍人口信息.csv", Coding::Gb18030)?;
        sheet.title("清源县户籍人口信息（截至2025年12月31日）", 1)?;
        let words = ["序号", "乡镇", "行政村", "户号", "姓名", "性别", "公民身份号码"];
        sheet.row(&[&words[..], &["与户主关系", "出生日期", "迁出日期"]].concat())?;
        let all = (0..).zip(&self.world.people.persons).filter(|(_, p)| p.registered);
        let back = self.world.registers.returned_home.iter().copied();
        let back = back.filter_map(|n| Some((n, self.world.people.get(n)?)));
        let again = back.map(|(n, p)| (n, Person { moved_out: None, ..p.clone() }));
        let mut serial = 0;
        for (number, person) in all {
            serial += 1;
            self.person(&mut sheet, serial, number, person, &mut rng)?;
        }
        for (number, person) in again {
            serial += 1;
            self.person(&mut sheet, serial, number, &person, &mut rng)?;
        }
        sheet.finish()
    }

    fn person(
        &self,
        sheet: &mut Sheet,
        serial: i32,
        number: u32,
        person: &Person,
        rng: &mut Rng,
    ) -> anyhow::Result<()> {
        let (township, village) = self.place(person.village);
        sheet.whole(serial)?;
        sheet.text(township)?;
        sheet.text(village)?;
        sheet.text(&self.world.household_number(number))?;
        sheet.text(&spelling::name(person, rng))?;
        sheet.text(person.sex())?;
        sheet.text(&person.id())?;
        sheet.text(relation(person))?;
        sheet.text(&spelling::day(person.birth, Days::Packed))?;
        sheet.text(&maybe(person.moved_out, Days::Dashes))?;
        sheet.end()
    }

    fn deaths(&self) -> anyhow::Result<()> {
        let of =
            |source: u8| self.world.registers.deaths.iter().filter(move |d| d.source == source);
        let mut police = self.text("公安局死亡注销人员.csv", Coding::Utf8Bom)?;
        police.row(&["姓名", "公民身份号码", "死亡日期", "户口注销日期"])?;
        for death in of(0) {
            let cancelled = spelling::day(Day(death.day.0 + 19), Days::Dashes);
            let died = spelling::day(death.day, Days::Dashes);
            police.row(&[&self.name(death.person), &self.id(death.person), &died, &cancelled])?;
        }
        police.finish()?;
        let mut parlour = self.book("民政局殡仪馆火化登记", "火化登记", of(1).count())?;
        parlour.title("清源县殡仪馆火化登记表", 5)?;
        parlour.row(&["说明：本表由县殡仪馆按火化顺序登记，节假日顺延。"])?;
        parlour.row(&["序号", "逝者姓名", "逝者身份证号", "去世日期", "火化日期"])?;
        for (serial, death) in (1..).zip(of(1)) {
            parlour.whole(serial)?;
            parlour.text(&self.name(death.person))?;
            parlour.text(&self.id(death.person).to_lowercase())?;
            parlour.day(death.day)?;
            parlour.day(Day(death.day.0 + 3))?;
            parlour.end()?;
        }
        parlour.finish()?;
        let mut hospital = self.text("卫健局死亡医学证明.tsv", Coding::Utf16Tabs)?;
        hospital.row(&["死者姓名", "死者身份证号", "死亡时间", "来源单位", "备注"])?;
        for death in of(2) {
            let died = spelling::day(death.day, Days::Words);
            let (name, id) = (self.name(death.person), self.id(death.person));
            hospital.row(&[&name, &id, &died, "清源县人民医院", ""])?;
        }
        hospital.finish()
    }

    fn payroll(&self) -> anyhow::Result<()> {
        let rows = &self.world.registers.payroll;
        let mut sheet = self.book("人社局财政供养人员名册", "供养人员", rows.len())?;
        sheet.title("清源县财政供养人员名册", 7)?;
        sheet.header(&[
            ("序号", &[]),
            ("基本信息", &["姓名", "身份证号"]),
            ("编制信息", &["单位名称", "人员类别"]),
            ("工资信息", &["起薪日期", "停薪日期"]),
        ])?;
        for (serial, post) in (1..).zip(rows) {
            sheet.whole(serial)?;
            sheet.text(&self.name(post.person))?;
            sheet.text(&self.id(post.person))?;
            sheet
                .text(UNITS.get(post.person as usize % UNITS.len()).copied().unwrap_or_default())?;
            sheet.text(post.kind)?;
            sheet.text(&spelling::day(post.from, Days::Points))?;
            sheet.text(&maybe(post.until, Days::Points))?;
            sheet.end()?;
        }
        sheet.finish()
    }

    fn cadres(&self) -> anyhow::Result<()> {
        let rows = &self.world.registers.cadres;
        let mut sheet = self.book("组织部村干部名册", "村干部", rows.len())?;
        sheet.row(&["姓名", "身份证号码", "乡镇", "任职村", "现任职务", "任职时间", "离任时间"])?;
        for cadre in rows {
            let (township, village) = self.place(cadre.village);
            sheet.text(&self.name(cadre.person))?;
            sheet.text(&self.id(cadre.person))?;
            sheet.text(township)?;
            sheet.text(village)?;
            sheet.text(cadre.post)?;
            sheet.day(cadre.from)?;
            sheet.text(&maybe(cadre.until, Days::Words))?;
            sheet.end()?;
        }
        sheet.finish()
    }

    fn kin(&self) -> anyhow::Result<()> {
        let rows = &self.world.registers.kin;
        let mut sheet = self.book("纪委村干部亲属报备表", "亲属报备", rows.len())?;
        sheet.title("村干部亲属报备表", 5)?;
        sheet.row(&["村干部姓名", "村干部身份证号", "亲属姓名", "亲属身份证号", "与村干部关系"])?;
        for kin in rows {
            let (cadre, person) = (self.name(kin.cadre), self.name(kin.person));
            let row = [&cadre, &self.id(kin.cadre), &person, &self.id(kin.person), kin.relation];
            sheet.row(&row)?;
        }
        sheet.finish()
    }

    fn vehicles(&self) -> anyhow::Result<()> {
        let mut sheet = self.text("交警大队机动车登记.csv", Coding::Gb18030)?;
        let words = ["机动车所有人", "所有人身份证明号码", "车辆类型", "使用性质"];
        sheet.row(&[&words[..], &["购车价格（元）", "初次登记日期", "报废日期"]].concat())?;
        for car in &self.world.registers.vehicles {
            let yuan = car.yuan.map(|y| spelling::money(i64::from(y) * 100, true, false));
            sheet.text(&self.name(car.person))?;
            sheet.text(&self.id(car.person))?;
            sheet.text(car.kind)?;
            sheet.text(car.usage)?;
            sheet.text(&yuan.unwrap_or_default())?;
            sheet.text(&spelling::day(car.bought, Days::Slashes))?;
            sheet.text(&maybe(car.scrapped, Days::Slashes))?;
            sheet.end()?;
        }
        sheet.finish()
    }

    fn firms(&self) -> anyhow::Result<()> {
        let mut sheet = self.text("市场监管局企业登记信息.csv", Coding::Utf8)?;
        let words = ["企业名称", "统一社会信用代码", "企业类型", "姓名", "证件号码"];
        let more = ["职务", "登记状态", "注册资本(万元)", "成立日期", "注销日期"];
        sheet.row(&[words, more].concat())?;
        for firm in &self.world.registers.firms {
            self.firm(&mut sheet, firm)?;
        }
        sheet.finish()
    }

    fn firm(&self, sheet: &mut Sheet, firm: &Firm) -> anyhow::Result<()> {
        let capital = firm.yuan.map(|y| spelling::money(i64::from(y) * 100, false, true));
        sheet.text(&firm.name)?;
        sheet.text(&credit_code(firm.number))?;
        sheet.text(firm.kind)?;
        sheet.text(&self.name(firm.person))?;
        sheet.text(&self.id(firm.person))?;
        sheet.text(firm.role)?;
        sheet.text(firm.status)?;
        sheet.text(&capital.unwrap_or_default())?;
        sheet.text(&spelling::day(firm.founded, Days::Dashes))?;
        sheet.text(&maybe(firm.closed, Days::Dashes))?;
        sheet.end()
    }

    fn houses(&self) -> anyhow::Result<()> {
        let rows = &self.world.registers.houses;
        let mut sheet = self.book("不动产登记信息", "不动产", rows.len())?;
        sheet.title("清源县不动产登记信息", 6)?;
        let words = ["权利人", "权利人证件号", "规划用途", "建筑面积(平方米)", "登记日期"];
        sheet.row(&[&words[..], &["注销日期"]].concat())?;
        for house in rows {
            let (whole, rest) = (house.area_e2 / 100, house.area_e2 % 100);
            sheet.text(&self.name(house.person))?;
            sheet.text(&self.id(house.person))?;
            sheet.text(house.usage)?;
            sheet.text(&format!("{whole}.{rest:02}"))?;
            sheet.day(house.from)?;
            sheet.text(&maybe(house.closed, Days::Dashes))?;
            sheet.end()?;
        }
        sheet.finish()
    }

    fn land(&self) -> anyhow::Result<()> {
        let mut sheet = self.text("农业农村局土地承包确权登记.csv", Coding::Utf8Bom)?;
        let words = ["乡镇", "发包方名称", "承包方编码", "承包方代表姓名", "承包方代表证件号码"];
        sheet.row(&[&words[..], &["确权面积(亩)", "流入面积", "流出面积"]].concat())?;
        for land in &self.world.registers.land {
            let (township, village) = self.place(self.world.village(land.person));
            sheet.text(township)?;
            sheet.text(village)?;
            sheet.text(&self.world.household_number(land.person))?;
            sheet.text(&self.name(land.person))?;
            sheet.text(&self.id(land.person))?;
            for area in [land.area, land.taken, land.handed] {
                sheet.text(&spelling::mu(area))?;
            }
            sheet.end()?;
        }
        sheet.finish()
    }

    fn cards(&self) -> anyhow::Result<()> {
        let rows = &self.world.registers.cards;
        let mut sheet = self.book("残联残疾人证信息", "残疾人证", rows.len())?;
        sheet.row(&["残疾人姓名", "身份证号", "残疾证号", "首次发证日期", "有效期至"])?;
        for card in rows {
            let id = self.id(card.person);
            sheet.text(&self.name(card.person))?;
            sheet.text(&id)?;
            sheet.text(&format!("{id}{}{}", card.category, card.grade))?;
            sheet.text(&maybe(card.from, Days::Points))?;
            sheet.text(&maybe(card.until, Days::Points))?;
            sheet.end()?;
        }
        sheet.finish()
    }

    /// Standards of programmes that have one; what a gap fills or a bill decides has none.
    fn programmes(&self) -> anyhow::Result<()> {
        let mut sheet = self.book("财政局惠民补贴标准表", "补贴标准表", 0)?;
        sheet.title("清源县惠民惠农财政补贴标准表", 7)?;
        let words = ["项目名称", "主管部门", "补贴标准（元）", "单位", "发放频次"];
        sheet.row(&[&words[..], &["执行起始日期", "执行截止日期"]].concat())?;
        let rise = day(2025, 1, 1);
        for programme in programmes::PROGRAMMES {
            let standards = match programme.rate {
                Rate::Fixed(old, new) if old != new => {
                    vec![(old, day(2020, 1, 1), Some(Day(rise.0 - 1))), (new, rise, None)]
                }
                Rate::Fixed(fen, _) | Rate::PerMu(fen) => vec![(fen, day(2020, 1, 1), None)],
                Rate::ByAge(bands) => bands.map(|fen| (fen, day(2020, 1, 1), None)).to_vec(),
                Rate::Own | Rate::Varying => Vec::new(),
            };
            for (fen, from, until) in standards {
                sheet.text(programme.title)?;
                sheet.text(programme.department.title())?;
                sheet.text(&spelling::money(fen, false, false))?;
                sheet.text(programme.unit)?;
                sheet.text(programme.frequency())?;
                sheet.day(from)?;
                sheet.text(&maybe(until, Days::Dashes))?;
                sheet.end()?;
            }
        }
        sheet.finish()
    }
}

fn maybe(date: Option<Day>, days: Days) -> String {
    date.map(|d| spelling::day(d, days)).unwrap_or_default()
}

fn relation(person: &Person) -> &'static str {
    match (person.relation, person.sex()) {
        (Relation::Head, _) => "户主",
        (Relation::Spouse, _) => "配偶",
        (Relation::Child, "男") => "子",
        (Relation::Child, _) => "女",
        (Relation::Parent, "男") => "父亲",
        (Relation::Parent, _) => "母亲",
    }
}
