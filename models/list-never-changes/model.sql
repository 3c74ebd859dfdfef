-- id = "list-never-changes"
-- number = "M11"
-- version = 1
-- title = { zh = "名单多年不变", en = "List of recipients that never changes" }
-- violation = "formalism"
-- grain = "village"
-- severity = "low"
-- facts = ["payments"]
-- reason = { zh = "{village} 的 {programmes} 名单（{recipients} 人）从 {first_year} 到 {last_year} 年几乎无人进出（进出 {changed} 人）", en = "The list of {programmes} in {village} ({recipients} people) had hardly any entry or exit from {first_year} to {last_year} ({changed} people)" }
-- innocent = [
--   { zh = "对象范围本来固定（如移民、退役人员）", en = "the circle is closed by its nature, such as migrants or veterans" },
--   { zh = "按承包地发放，承包关系没有变化", en = "it is paid by contracted land, and the contracts did not change" },
-- ]
-- next_check = [
--   { zh = "查每年动态复核、民主评议记录", en = "ask for the yearly review and the minutes of the village assessment" },
--   { zh = "抽查名单中死亡、外迁、收入明显好转的人", en = "check people on the list who died, moved or are clearly better off" },
-- ]
-- gaps = [
--   { zh = "不足三年数据、少于二十人的名单不判", en = "lists of fewer than 20 people or with less than three years of data are not judged" },
--   { zh = "名单有进出、金额却多年完全相同的不判", en = "lists with entries and exits whose amounts never change are not judged" },
--   { zh = "目录以外的项目不判", en = "programmes outside the catalogue are not judged" },
-- ]
-- basis = [
--   { instrument = "社会救助暂行办法", article = "13: recheck of families on subsistence allowance", confidence = "K-m" },
--   { instrument = "06-models", article = "M11", confidence = "D" },
-- ]
-- [params.years]
-- default = 3
-- min = 2
-- max = 10
-- unit = "year"
-- basis = "06-models, M11"
-- confidence = "D"
-- [params.max_change_bp]
-- default = 100
-- min = 0
-- max = 1000
-- unit = "bp"
-- basis = "06-models, M11"
-- confidence = "D"
-- [params.min_recipients]
-- default = 20
-- min = 5
-- max = 1000
-- unit = "person"
-- basis = "in small groups nobody entering or leaving is chance"
-- confidence = "D"

with windows as (
    -- the newest years of each programme that renews its list
    select p.programme, max(p.period / 100) as last_year
    from payments p
    join benefits b on b.programme = p.programme
    where not b.closed_list and b.frequency <> 'once'
    group by p.programme
    having max(p.period / 100) - min(p.period / 100) + 1 >= $years
),
person_years as (
    select
        p.village, p.programme, p.person, p.period / 100 as year, w.last_year,
        sum(p.amount_fen) as year_fen,
        min(p.ref) as first_ref
    from payments p
    join windows w on w.programme = p.programme
    where p.period / 100 > w.last_year - $years
      and p.village is not null
      and not coalesce(p.returned, false)
    group by p.village, p.programme, p.person, p.period / 100, w.last_year
    having sum(p.amount_fen) > 0
),
members as (
    select
        village, programme, person, last_year,
        count(*) as years_paid,
        max(case when year = last_year then year_fen end) as last_fen,
        max(case when year = last_year then first_ref end) as last_ref
    from person_years
    group by village, programme, person, last_year
),
lists as (
    select
        village, programme, last_year,
        count(*) as recipients,
        sum(case when years_paid < $years then 1 else 0 end) as changed,
        sum(last_fen) as last_fen,
        array_agg(last_ref) filter (where last_ref is not null) as refs
    from members
    group by village, programme, last_year
    having count(*) >= $min_recipients
       -- somebody who entered or left is missing in at least one of the years
       and sum(case when years_paid < $years then 1 else 0 end) * 10000 <= count(*) * $max_change_bp
)
select
    village as subject,
    village,
    cast(last_year as int) as period,
    sum(last_fen) as amount_fen,
    flatten(array_agg(refs)) as evidence,
    array_agg(programme) as programmes,
    max(recipients) as recipients,
    sum(changed) as changed,
    last_year - $years + 1 as first_year,
    last_year
from lists
group by village, last_year
