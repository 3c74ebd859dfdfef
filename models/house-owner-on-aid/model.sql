-- id = "house-owner-on-aid"
-- number = "M03"
-- version = 1
-- title = { zh = "低保、特困对象拥有多套住房或经营用房", en = "Owner of several houses on aid" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments", "houses", "people"]
-- innocent = [
--   { zh = "继承的农村老屋、危房，无人居住", en = "an inherited old farmhouse that nobody can live in" },
--   { zh = "拆迁安置、易地搬迁的旧房尚未注销登记", en = "the old house after relocation, not yet struck off" },
--   { zh = "与他人共有，份额很小", en = "a small share in common property" },
-- ]
-- next_check = [
--   { zh = "实地查看每处房屋的现状和使用人", en = "visit each house: state and occupant" },
--   { zh = "查有无出租收入、是否计入家庭收入", en = "look for rent and whether it was counted as income" },
--   { zh = "核对不动产登记簿上的共有份额和取得方式", en = "read shares and way of acquisition in the land register" },
-- ]
-- gaps = [
--   { zh = "未登记的宅基地住房和小产权房看不到", en = "unregistered houses are not seen" },
--   { zh = "登记表没有价值和共有份额", en = "the register holds neither value nor shares" },
-- ]
-- basis = [
--   { instrument = "05-benefits, section 5 (property rules)", confidence = "K-m" },
--   { instrument = "最低生活保障审核确认办法", confidence = "K-m" },
-- ]
-- [reason]
-- zh = "{holder_person}名下有住房{dwellings}套、经营用房{commercial}处，其间领取{programmes}{months}个月，共{amount_fen}元"
-- en = "{holder_person} owns {dwellings} dwelling(s) and {commercial} commercial unit(s); meanwhile {programmes} paid for {months} month(s), {amount_fen} yuan"
-- [params.dwellings]
-- default = 2
-- min = 1
-- max = 10
-- unit = "house"
-- basis = "05-benefits 5: a second house is beyond the property rule"
-- confidence = "K-m"
-- [params.commercial]
-- default = 1
-- min = 1
-- max = 10
-- unit = "house"
-- basis = "05-benefits 5: a shop is beyond the property rule"
-- confidence = "K-m"
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "time to move, to report a change and to stop pay"
-- confidence = "D"
-- [params.household_members]
-- default = 0
-- min = 0
-- max = 1
-- unit = "flag"
-- basis = "06-models M03: 1 also takes houses of another member of the recipient's household"
-- confidence = "D"

with sorted as (
    -- A house has no number of its own: identical rows are one house listed twice.
    select distinct
        person,
        area_m2_e2,
        date_part('year', registered_day) * 12 + date_part('month', registered_day) as from_month,
        date_part('year', closed_day) * 12 + date_part('month', closed_day) as until_month,
        use_kind is null
            or use_kind like '%住宅%' or use_kind like '%住房%' or use_kind like '%民房%'
            or use_kind like '%居住%' or use_kind like '%公寓%' or use_kind like '%宅基地%'
            or use_kind like '%商品房%'
            as dwelling,
        -- 商品房 is a flat from the market, no shop: so 商 alone does not do.
        coalesce(use_kind, '') like '%商业%' or use_kind like '%商铺%' or use_kind like '%商服%'
            or use_kind like '%商住%' or use_kind like '%商务%' or use_kind like '%商用%'
            or use_kind like '%店%' or use_kind like '%门面%' or use_kind like '%办公%'
            or use_kind like '%写字楼%' or use_kind like '%厂房%' or use_kind like '%营业%'
            as commercial
    from houses
),
owned as (
    select
        person,
        from_month,
        until_month,
        -- A house with a shop in it is listed as both; count it once, as the shop.
        case when dwelling and not commercial then 1 else 0 end as dwelling,
        case when commercial then 1 else 0 end as commercial
    from sorted
    where dwelling or commercial
),
enough as (
    -- Whoever never owned enough at any time need not be looked at month by month.
    select person
    from owned
    group by person
    having sum(dwelling) >= $dwellings or sum(commercial) >= $commercial
),
register as (
    select distinct person, household from people
    where $household_members = 1 and household is not null
),
answerable as (
    select person, person as holder from enough
    union all
    select m.person, e.person
    from enough e
    join register o on o.person = e.person
    join register m on m.household = o.household and m.person <> e.person
),
aid as (
    select
        p.person,
        p.period,
        a.holder,
        min(p.village) as village,
        sum(p.amount_fen) as amount_fen
    from payments p
    join answerable a on a.person = p.person
    where p.programme in ($S01, $S02, $S03, $S04, $S05)
        and not coalesce(p.returned, false)
    group by p.person, p.period, a.holder
    having sum(p.amount_fen) > 0
),
beyond as (
    select
        a.person,
        a.period,
        a.holder,
        a.village,
        a.amount_fen,
        sum(o.dwelling) as dwellings,
        sum(o.commercial) as commercial
    from aid a
    join owned o on o.person = a.holder
    where a.period / 100 * 12 + a.period % 100 > coalesce(o.from_month + $grace_months, 0)
        and (o.until_month is null or a.period / 100 * 12 + a.period % 100 < o.until_month)
    group by a.person, a.period, a.holder, a.village, a.amount_fen
    having sum(o.dwelling) >= $dwellings or sum(o.commercial) >= $commercial
),
months as (
    -- One row per month, whatever number of holders; one's own houses before a relative's.
    select
        person,
        period,
        min(village) as village,
        min(amount_fen) as amount_fen,
        coalesce(min(case when holder = person then holder end), min(holder)) as holder,
        max(dwellings) as dwellings,
        max(commercial) as commercial
    from beyond
    group by person, period
),
proof as (
    select
        p.person,
        p.period / 100 as year,
        array_agg(p.ref) as evidence,
        array_agg(distinct p.programme) as programmes
    from payments p
    join months m on m.person = p.person and m.period = p.period
    where p.programme in ($S01, $S02, $S03, $S04, $S05)
        and not coalesce(p.returned, false)
    group by p.person, p.period / 100
),
years as (
    select
        person,
        period / 100 as year,
        min(village) as village,
        sum(amount_fen) as amount_fen,
        min(holder) as holder,
        max(dwellings) as dwellings,
        max(commercial) as commercial,
        count(*) as months
    from months
    group by person, period / 100
)
select
    y.person as subject,
    y.village,
    cast(y.year as int) as period,
    y.amount_fen,
    proof.evidence,
    y.holder as holder_person,
    y.dwellings,
    y.commercial,
    y.months,
    proof.programmes
from years y
join proof on proof.person = y.person and proof.year = y.year
