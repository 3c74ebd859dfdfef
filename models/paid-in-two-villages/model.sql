-- id = "paid-in-two-villages"
-- version = 1
-- title = { zh = "同月在两个村重复领取", en = "Paid in two villages for the same month" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments"]
-- reason = { zh = "{period}年有 {months} 个月在 {village} 和 {village_other} 同时领取 {programmes}，多领 {amount_fen} 元", en = "In {months} months of {period} {programmes} was paid both in {village} and in {village_other}; {amount_fen} yuan too much" }
-- innocent = [
--   { zh = "迁移当月两村交接，已约定扣回", en = "both villages paid in the month of moving, and it will be deducted" },
--   { zh = "同一村因合并、改名写成两个村", en = "one village stands under two names after a merger" },
--   { zh = "发放表村名填错", en = "the village was mistyped in one file" },
-- ]
-- next_check = [
--   { zh = "核对户籍迁移日期和两村的审批材料", en = "compare the day of moving with the approvals of both villages" },
--   { zh = "查两笔钱是否进入同一账户", en = "see whether both went to the same account" },
-- ]
-- gaps = [
--   { zh = "按面积发放的项目（土地可在两村）不判", en = "benefits by area are not judged: land may lie in two villages" },
--   { zh = "没有村名的发放表无法判断", en = "files without a village cannot be judged" },
--   { zh = "在外县重复领取的看不出来", en = "payments by another county are not seen" },
-- ]
-- basis = [
--   { instrument = "05-benefits", article = "2 and 4: one person, one programme, one period, one region", confidence = "K-h" },
-- ]
-- [params.min_months]
-- default = 1
-- min = 1
-- max = 12
-- unit = "month"
-- basis = "each month paid twice is too much; a county may pass over the month of moving"
-- confidence = "D"

with movers as (
    -- few people are ever booked under two villages: everything else looks at them only
    select p.person
    from payments p
    group by p.person
    having min(p.village) <> max(p.village)
),
months as (
    select
        p.person, p.programme, p.period, p.village,
        sum(p.amount_fen) as village_fen,
        array_agg(p.ref) as refs
    from payments p
    left semi join movers m on m.person = p.person
    left join benefits b on b.programme = p.programme
    where p.village is not null
      and not coalesce(p.returned, false)
      and p.area_mu_e4 is null
      and (b.unit is null or b.unit in ('person', 'household'))
    group by p.person, p.programme, p.period, p.village
    -- a payment booked under the wrong village and reversed leaves nothing
    having sum(p.amount_fen) > 0
),
doubled as (
    select
        person, programme, period,
        min(village) as village,
        max(village) as village_other,
        sum(village_fen) - max(village_fen) as extra_fen,
        flatten(array_agg(refs)) as refs
    from months
    group by person, programme, period
    having count(*) >= 2
)
select
    person as subject,
    min(village) as village,
    cast(period / 100 as int) as period,
    sum(extra_fen) as amount_fen,
    flatten(array_agg(refs)) as evidence,
    array_agg(distinct programme) as programmes,
    max(village_other) as village_other,
    count(distinct period) as months
from doubled
group by person, period / 100
having count(distinct period) >= $min_months
