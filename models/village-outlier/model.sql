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
        sum(r.year_fen) / i.people as per_head_fen,
        array_agg(r.first_ref) as refs
    from receipts r
    join inhabitants i on i.village = r.village
    group by r.village, r.programme, r.year, i.people
),
middles as (
    select
        *,
        count(*) over peers as villages,
        cast(median(per_head_fen) over peers as bigint) as median_fen
    from villages_paid
    window peers as (partition by programme, year)
),
spreads as (
    select
        *,
        cast(median(greatest(per_head_fen - median_fen, median_fen - per_head_fen)) over peers
            as bigint) as mad_fen
    from middles
    window peers as (partition by programme, year)
),
outliers as (
    select
        *,
        year_fen - median_fen * people as excess_fen,
        -- 0.6745 makes the median deviation of a normal spread its standard deviation
        (per_head_fen - median_fen) * 6745 / 100 / mad_fen as z_e2
    from spreads
    where mad_fen > 0
      and villages >= $min_peers
      and recipients >= $min_recipients
      and per_head_fen * 100 >= median_fen * $min_ratio_e2
      and (per_head_fen - median_fen) * 6745 >= mad_fen * $min_z_e2 * 100
)
select
    village as subject,
    village,
    year as period,
    sum(excess_fen) as amount_fen,
    flatten(array_agg(refs)) as evidence,
    array_agg(programme) as programmes,
    first_value(per_head_fen order by z_e2 desc, programme) as per_head_fen,
    first_value(median_fen order by z_e2 desc, programme) as median_fen,
    max(z_e2) as z_ratio_e2,
    first_value(recipients order by z_e2 desc, programme) as recipients,
    max(people) as people_registered
from outliers
group by village, year
