-- id = "household-often-aided"
-- number = "M08"
-- version = 1
-- title = { zh = "同户高频临时救助", en = "Household often given emergency aid" }
-- violation = "favour_kin"
-- grain = "household"
-- severity = "mid"
-- facts = ["payments", "people"]
-- innocent = [
--   { zh = "重大疾病连续治疗，按次申请救助", en = "a long illness with aid for each treatment" },
--   { zh = "一年内接连遭遇事故、灾害", en = "several accidents or disasters in one year" },
--   { zh = "一次救助分多次拨付", en = "one grant paid in several parts" },
-- ]
-- next_check = [
--   { zh = "逐笔查申请事由和证明材料，是否同一事由重复申请", en = "read ground and proof of each grant: the same ground again?" },
--   { zh = "查审批人与该户有无亲属关系", en = "is the approver related to the household?" },
--   { zh = "比较同乡镇同类家庭的救助次数和标准", en = "compare number and amount with families of the township" },
-- ]
-- gaps = [
--   { zh = "未记名的实物救助、慰问金不在发放文件中", en = "gifts in kind or cash that no file names are not seen" },
--   { zh = "户籍分散在多户的家庭看不到", en = "a family spread over several registered households is not seen" },
-- ]
-- basis = [
--   { instrument = "06-models M08", confidence = "D" },
--   { instrument = "社会救助暂行办法", article = "第47-48条", confidence = "F" },
-- ]
-- [reason]
-- zh = "{first_day}至{last_day}的12个月内临时救助{times}次，共{amount_fen}元；其间医疗救助{medical_times}次"
-- en = "Emergency aid {times} times within 12 months ({first_day} to {last_day}), {amount_fen} yuan; medical aid {medical_times} time(s) in these months"
-- [params.times_max]
-- default = 3
-- min = 1
-- max = 50
-- unit = "payment"
-- basis = "06-models M08: k = 3 in 12 months"
-- confidence = "D"
-- [params.window_months]
-- default = 12
-- min = 1
-- max = 36
-- unit = "month"
-- basis = "06-models M08"
-- confidence = "D"

with home as (
    select person, min(household) as household from people group by person
),
aid as (
    select
        coalesce(h.household, p.household) as household,
        p.person,
        p.programme,
        p.ref,
        p.village,
        p.amount_fen,
        coalesce(p.paid_day, make_date(p.period / 100, p.period % 100, 1)) as day
    from payments p
    left join home h on h.person = p.person
    -- Medical aid in the same months speaks for a long illness: shown, not judged.
    where p.programme in ($S06, $S16)
        and not coalesce(p.returned, false)
        and coalesce(h.household, p.household) is not null
),
days as (
    select
        household,
        programme,
        day,
        date_part('year', day) * 12 + date_part('month', day) as month,
        min(village) as village,
        sum(amount_fen) as amount_fen,
        array_agg(ref) as refs,
        array_agg(person) as persons
    from aid
    group by household, programme, day
),
grants as (
    -- What all members get on one day is one grant; on balance negative, it takes one back.
    select
        *,
        case
            when programme = $S16 then 0
            when amount_fen > 0 then 1
            when amount_fen < 0 then -1
            else 0
        end as times,
        case when programme = $S16 and amount_fen > 0 then 1 else 0 end as medical_times
    from days
),
starts as (
    select distinct household, month from grants where times > 0
),
windows as (
    select
        s.household,
        s.month,
        sum(g.times) as times,
        sum(g.medical_times) as medical_times,
        min(g.village) filter (where g.programme = $S06) as village,
        sum(g.amount_fen) filter (where g.programme = $S06) as amount_fen,
        min(g.day) filter (where g.programme = $S06) as first_day,
        max(g.day) filter (where g.programme = $S06) as last_day,
        flatten(array_agg(g.refs) filter (where g.programme = $S06)) as refs,
        flatten(array_agg(g.persons) filter (where g.programme = $S06)) as persons
    from starts s
    join grants g
        on g.household = s.household
        and g.month >= s.month
        and g.month < s.month + $window_months
    group by s.household, s.month
    having sum(g.times) > $times_max
),
ranked as (
    -- One finding per household: the window with most grants, the earliest of equals.
    select *, row_number() over (partition by household order by times desc, month) as place
    from windows
)
select
    household as subject,
    village,
    cast(0 as int) as period,
    amount_fen,
    refs as evidence,
    array_distinct(persons) as people,
    times,
    first_day,
    last_day,
    medical_times
from ranked
where place = 1
