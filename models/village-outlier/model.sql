-- id = "village-outlier"
-- version = 1
-- title = { zh = "村人均发放额明显偏高", en = "Village far above its peers per head" }
-- violation = "favour_kin"
-- grain = "village"
-- severity = "low"
-- facts = ["payments", "people"]
-- reason = { zh = "{village} {period}年 {programmes} 人均 {per_head_fen} 元，全县各村中位数 {median_fen} 元（稳健 z 值 {z_ratio_e2}），领取 {recipients} 人，户籍 {people_registered} 人，高出部分 {amount_fen} 元", en = "{village}, {period}: {programmes} comes to {per_head_fen} yuan per inhabitant, against a median of {median_fen} yuan over all villages (robust z {z_ratio_e2}); {recipients} recipients, {people_registered} inhabitants; {amount_fen} yuan above the median" }
-- innocent = [
--   { zh = "该村确实贫困、受灾或老年人多", en = "the village is truly poor, was hit by a disaster, or has many old people" },
--   { zh = "集中安置点、供养机构设在该村", en = "a resettlement site or institution lies in the village" },
--   { zh = "人口名册不全，人均基数偏小", en = "the register is incomplete, so that the head count is too small" },
-- ]
-- next_check = [
--   { zh = "抽查该村审批档案和民主评议记录", en = "sample the approvals and minutes of the village assessment" },
--   { zh = "与相邻村比较对象的实际困难程度", en = "compare the recipients' need with that in neighbouring villages" },
-- ]
-- gaps = [
--   { zh = "只判按月发放、非封闭名单的项目", en = "only monthly benefits without a closed list are judged" },
--   { zh = "全县普遍偏高时看不出来", en = "what is wrong everywhere in the county is not seen" },
--   { zh = "不足五十人的村、领取不足十人的项目不判", en = "villages under 50 people and programmes under 10 recipients are not judged" },
-- ]
-- basis = [
--   { instrument = "06-models", article = "8: comparison with base rates", confidence = "D" },
-- ]
-- [params.min_z_e2]
-- default = 600
-- min = 300
-- max = 5000
-- unit = "z, 1/100"
-- basis = "robust z by the median absolute deviation; 3.5 is the usual limit, 6 keeps chance out of 300 villages x 20 programmes"
-- confidence = "D"
-- [params.min_ratio_e2]
-- default = 300
-- min = 150
-- max = 1000
-- unit = "multiple of the median, 1/100"
-- basis = "a difference that matters in practice"
-- confidence = "D"
-- [params.min_recipients]
-- default = 10
-- min = 3
-- max = 100
-- unit = "person"
-- basis = "small numbers vary by chance"
-- confidence = "D"
-- [params.min_people]
-- default = 50
-- min = 1
-- max = 10000
-- unit = "person"
-- basis = "small villages vary by chance"
-- confidence = "D"
-- [params.min_peers]
-- default = 10
-- min = 5
-- max = 1000
-- unit = "village"
-- basis = "a median needs peers"
-- confidence = "D"

with judged_programmes as (
    -- ranger and public posts go where forests and works are
    select programme
    from benefits
    where frequency = 'month' and unit in ('person', 'household') and not closed_list
      and programme not in ($S36, $S49)
),
receipts as (
    select p.person, p.village, p.programme, cast(p.period / 100 as int) as year,
           sum(p.amount_fen) as year_fen, min(p.ref) as first_ref
    from payments p
    left semi join judged_programmes j on j.programme = p.programme
    where p.village is not null
      and not coalesce(p.returned, false)
    group by p.person, p.village, p.programme, p.period / 100
    having sum(p.amount_fen) > 0
),
inhabitants as (
    select village, count(distinct person) as people
    from people
    where village is not null and moved_out_day is null
    group by village
    having count(distinct person) >= $min_people
),
villages_paid as (
    select
        r.village, r.programme, r.year, i.people,
        count(*) as recipients,
        sum(r.year_fen) as year_fen,
        sum(r.year_fen) / i.people as per_head_fen
    from receipts r
    join inhabitants i on i.village = r.village
    group by r.village, r.programme, r.year, i.people
),
middles as (
    select programme, year, cast(median(per_head_fen) as bigint) as median_fen
    from villages_paid
    group by programme, year
    having count(*) >= $min_peers
),
spreads as (
    select m.programme, m.year, m.median_fen,
           cast(median(greatest(
               v.per_head_fen - m.median_fen,
               m.median_fen - v.per_head_fen
           )) as bigint) as mad_fen
    from villages_paid v
    join middles m on m.programme = v.programme and m.year = v.year
    group by m.programme, m.year, m.median_fen
),
outliers as (
    select
        v.village, v.programme, v.year, v.people, v.recipients, v.per_head_fen, s.median_fen,
        v.year_fen - s.median_fen * v.people as excess_fen,
        -- 0.6745 makes the median deviation of a normal spread its standard deviation
        (v.per_head_fen - s.median_fen) * 6745 / 100 / s.mad_fen as z_e2
    from villages_paid v
    join spreads s on s.programme = v.programme and s.year = v.year
    where s.mad_fen > 0
      and v.recipients >= $min_recipients
      and v.per_head_fen * 100 >= s.median_fen * $min_ratio_e2
      and (v.per_head_fen - s.median_fen) * 6745 >= s.mad_fen * $min_z_e2 * 100
),
evidence as (
    select o.village, o.year, array_agg(r.first_ref) as refs
    from outliers o
    join receipts r on r.village = o.village and r.programme = o.programme and r.year = o.year
    group by o.village, o.year
),
worst as (
    select
        village, year, sum(excess_fen) as excess_fen, max(people) as people,
        array_agg(programme) as programmes,
        first_value(per_head_fen order by z_e2 desc, programme) as per_head_fen,
        first_value(median_fen order by z_e2 desc, programme) as median_fen,
        first_value(recipients order by z_e2 desc, programme) as recipients,
        max(z_e2) as z_e2
    from outliers
    group by village, year
)
select
    w.village as subject,
    w.village,
    w.year as period,
    w.excess_fen as amount_fen,
    e.refs as evidence,
    w.programmes,
    w.per_head_fen,
    w.median_fen,
    w.z_e2 as z_ratio_e2,
    w.recipients,
    w.people as people_registered
from worst w
join evidence e on e.village = w.village and e.year = w.year
