-- id = "aid-exit-and-return"
-- number = "M51"
-- version = 1
-- title = { zh = "退出救助后短期内又纳入", en = "Left aid and was back within months" }
-- violation = "digital_poverty"
-- grain = "person"
-- severity = "low"
-- facts = ["payments"]
-- reason = { zh = "{last_month} 后停发 {programmes}，{period} 又恢复，中断 {missed} 个月，期间本村照常发放，少领约 {amount_fen} 元", en = "{programmes} stopped after {last_month} and came back in {period}: {missed} months without, while others in the village were paid; about {amount_fen} yuan not received" }
-- innocent = [
--   { zh = "短期务工收入超标，失业后重新申请", en = "earned above the limit for a while and applied anew after losing the work" },
--   { zh = "住院、服刑、失联期间依规停发", en = "lawfully stopped during hospital, prison or absence" },
--   { zh = "年度复核材料未交，补交后恢复", en = "papers for the yearly recheck were handed in late" },
-- ]
-- next_check = [
--   { zh = "查退出时的收入核算依据", en = "ask what the income at exit was based on" },
--   { zh = "看同村同期是否集中退出又集中返回", en = "see whether many in the village left and came back together" },
-- ]
-- gaps = [
--   { zh = "没有家庭收入数据，不能判断收入是否虚增", en = "household income is not in the data, so a made-up rise is not seen" },
--   { zh = "永久退出的错退看不出来", en = "wrong exits without a return are not seen" },
--   { zh = "全村同时停发的不判", en = "a stop for the whole village at once is not judged" },
-- ]
-- basis = [
--   { instrument = "06-models", article = "M51: exit, then aid again within 6 months", confidence = "D" },
--   { instrument = "社会救助暂行办法", article = "13", confidence = "K-m" },
-- ]
-- [params.min_missed]
-- default = 2
-- min = 1
-- max = 6
-- unit = "month"
-- basis = "a single missed month is mostly late papers"
-- confidence = "D"
-- [params.max_missed]
-- default = 6
-- min = 1
-- max = 24
-- unit = "month"
-- basis = "06-models, M51"
-- confidence = "D"

with present as (
    -- Returned rows count here: whoever the bank sent back was still on the list.
    -- All kinds of aid are one, so that a change between them is no exit.
    select
        p.person,
        p.period,
        p.period / 100 * 12 + p.period % 100 as month_no,
        min(p.village) as village,
        sum(p.amount_fen) as month_fen,
        min(p.programme) as programme,
        array_agg(p.ref) as refs
    from payments p
    where p.programme in ($S01, $S02, $S03, $S04)
    group by p.person, p.period
    having sum(p.amount_fen) > 0
),
steps as (
    select
        *,
        lag(month_no) over person_months as last_no,
        lag(period) over person_months as last_period,
        lag(month_fen) over person_months as last_fen,
        lag(refs) over person_months as last_refs
    from present
    window person_months as (partition by person order by month_no)
),
breaks as (
    select *
    from steps
    where month_no - last_no - 1 between $min_missed and $max_missed
      -- arrears in the month of return: the aid was held, not ended
      and month_fen * 10 < (month_no - last_no) * last_fen * 9
),
village_months as (
    select distinct village, month_no
    from present
),
missed as (
    -- only months in which others of the village were paid were missed
    select b.person, b.month_no, count(*) as months
    from breaks b
    join village_months v
        on v.village = b.village and v.month_no > b.last_no and v.month_no < b.month_no
    group by b.person, b.month_no
)
select
    b.person as subject,
    b.village,
    b.period,
    m.months * b.last_fen as amount_fen,
    array_concat(b.last_refs, b.refs) as evidence,
    make_array(b.programme) as programmes,
    b.last_period as last_month,
    m.months as missed
from breaks b
join missed m on m.person = b.person and m.month_no = b.month_no
where m.months >= $min_missed
