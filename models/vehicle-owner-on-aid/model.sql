-- id = "vehicle-owner-on-aid"
-- number = "M03"
-- version = 1
-- title = { zh = "低保、特困对象拥有超标车辆", en = "Owner of a costly vehicle on aid" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments", "vehicles", "people"]
-- innocent = [
--   { zh = "车辆登记在其名下，实际由他人出资和使用", en = "registered in the person's name, bought and driven by another" },
--   { zh = "车辆已卖出或报废，未办理过户、注销", en = "sold or scrapped long ago, never deregistered" },
--   { zh = "用于残疾人代步或维持基本生计，经民政认定", en = "needed for a disability or for the family's living, accepted by civil affairs" },
-- ]
-- next_check = [
--   { zh = "实地查看车辆由谁使用，核对保险和违章记录", en = "see who drives it; look at insurance and traffic records" },
--   { zh = "查低保、特困申请时的财产申报和授权核对报告", en = "read the declaration of property and the means-test report of the application" },
--   { zh = "按购车日期确定应停发的月份", en = "fix the month in which aid should have stopped from the day of purchase" },
-- ]
-- gaps = [
--   { zh = "登记在亲友名下的车辆看不到", en = "vehicles in the names of relatives or friends are not seen" },
--   { zh = "价格为购置价，未计折旧", en = "the price is that of purchase; age is not taken off" },
-- ]
-- basis = [
--   { instrument = "05-benefits, section 5 (property rules)", confidence = "K-m" },
--   { instrument = "最低生活保障审核确认办法", confidence = "K-m" },
-- ]
-- [reason]
-- zh = "{holder_person}名下有车辆（{bought_day}登记，购置价{price_fen}元），其间领取{programmes}{months}个月，共{amount_fen}元"
-- en = "{holder_person} owns a vehicle (registered {bought_day}, price {price_fen} yuan); meanwhile {programmes} paid for {months} month(s), {amount_fen} yuan"
-- [params.price_limit_fen]
-- default = 10000000
-- min = 0
-- max = 100000000
-- unit = "fen"
-- basis = "05-benefits 5: set by each county; 100,000 yuan stands for a car beyond the property rule"
-- confidence = "K-l"
-- [params.unpriced_counts]
-- default = 1
-- min = 0
-- max = 1
-- unit = "flag"
-- basis = "traffic police files rarely hold a price, and most property rules name any car"
-- confidence = "K-m"
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "time to report a change and to stop pay"
-- confidence = "D"
-- [params.household_members]
-- default = 0
-- min = 0
-- max = 1
-- unit = "flag"
-- basis = "06-models M03: 1 also takes vehicles of other members of the recipient's household"
-- confidence = "D"

with cars as (
    select
        person,
        price_fen,
        bought_day,
        date_part('year', bought_day) * 12 + date_part('month', bought_day) as from_month,
        date_part('year', scrapped_day) * 12 + date_part('month', scrapped_day) as until_month
    from vehicles
    where (price_fen > $price_limit_fen or (price_fen is null and $unpriced_counts = 1))
        -- Tools of a farm and of an old or disabled person are no wealth.
        and coalesce(use_kind, '') not like '%残疾%'
        and coalesce(vehicle_kind, '') not like '%拖拉机%'
        and coalesce(vehicle_kind, '') not like '%摩托%'
        and coalesce(vehicle_kind, '') not like '%农用%'
        and coalesce(vehicle_kind, '') not like '%三轮%'
        and coalesce(vehicle_kind, '') not like '%电动自行车%'
        and coalesce(vehicle_kind, '') not like '%轮椅%'
),
register as (
    select distinct person, household from people
    where $household_members = 1 and household is not null
),
answerable as (
    select person, person as holder, price_fen, bought_day, from_month, until_month from cars
    union all
    select m.person, c.person, c.price_fen, c.bought_day, c.from_month, c.until_month
    from cars c
    join register o on o.person = c.person
    join register m on m.household = o.household and m.person <> c.person
),
paid as (
    -- One row per payment, whatever number of vehicles.
    select
        p.person,
        p.ref,
        min(p.village) as village,
        min(p.programme) as programme,
        min(p.period) as period,
        min(p.amount_fen) as amount_fen,
        max(a.price_fen) as price_fen,
        min(a.bought_day) as bought_day,
        -- One's own before a relative's.
        coalesce(min(case when a.holder = p.person then a.holder end), min(a.holder)) as holder
    from payments p
    join answerable a on a.person = p.person
    where p.programme in ($S01, $S02, $S03, $S04, $S05)
        and not coalesce(p.returned, false)
        and p.period / 100 * 12 + p.period % 100 > coalesce(a.from_month + $grace_months, 0)
        and (a.until_month is null or p.period / 100 * 12 + p.period % 100 < a.until_month)
    group by p.person, p.ref
)
select
    person as subject,
    min(village) as village,
    cast(period / 100 as int) as period,
    sum(amount_fen) as amount_fen,
    array_agg(ref) as evidence,
    min(holder) as holder_person,
    max(price_fen) as price_fen,
    min(bought_day) as bought_day,
    count(distinct period) as months,
    array_agg(distinct programme) as programmes
from paid
group by person, period / 100
having sum(amount_fen) > 0
