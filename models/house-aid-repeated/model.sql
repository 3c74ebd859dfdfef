-- id = "house-aid-repeated"
-- number = "M07"
-- version = 1
-- title = { zh = "住房类补助重复享受", en = "House aid repeated" }
-- violation = "false_claim"
-- grain = "household"
-- severity = "mid"
-- facts = ["payments", "people"]
-- innocent = [
--   { zh = "父子已分户、各有住房，户籍未及时分立", en = "father and son live apart in two houses, the register has not followed" },
--   { zh = "前次修缮后房屋又因灾受损", en = "the house was damaged by disaster after the first repair" },
--   { zh = "同一工程分期付款", en = "instalments of one building work" },
-- ]
-- next_check = [
--   { zh = "实地查看两次补助是否同一处住房", en = "see whether both grants were for one house" },
--   { zh = "比对两次改造前后的照片、鉴定等级和竣工验收表", en = "compare photographs, danger grade and acceptance of both works" },
--   { zh = "查搬迁后旧房是否已拆除", en = "after relocation: was the old house pulled down?" },
-- ]
-- gaps = [
--   { zh = "早年的补助未导入则看不到", en = "grants of years that were not imported are not seen" },
--   { zh = "一户多址、照片重复使用看不到", en = "several addresses of one household and photographs used twice are not seen" },
-- ]
-- basis = [
--   { instrument = "05-benefits, section 4 (S40 x S41/S14; S40 twice)", confidence = "F" },
--   { instrument = "06-models M07", confidence = "D" },
-- ]
-- [reason]
-- zh = "{first_period}已享受{programme_first}，{second_period}又享受{programme_second}，相隔{gap_months}个月，后一次{amount_fen}元"
-- en = "{programme_first} in {first_period}, then {programme_second} in {second_period}, {gap_months} month(s) later; the later grant is {amount_fen} yuan"
-- [params.years]
-- default = 10
-- min = 1
-- max = 50
-- unit = "year"
-- basis = "05-benefits 4: S40 twice for one house within 10+ years"
-- confidence = "K-m"
-- [params.instalment_months]
-- default = 12
-- min = 0
-- max = 36
-- unit = "month"
-- basis = "house repair is paid in parts: at the start and after acceptance"
-- confidence = "K-m"

with home as (
    select person, min(household) as household from people group by person
),
grants as (
    -- One grant is what a household gets of one programme in one month, for all members together.
    select
        coalesce(h.household, p.household) as household,
        p.programme,
        p.period,
        p.period / 100 * 12 + p.period % 100 as month,
        min(p.village) as village,
        sum(p.amount_fen) as amount_fen,
        array_agg(p.ref) as refs,
        array_agg(p.person) as persons
    from payments p
    left join home h on h.person = p.person
    where p.programme in ($S14, $S40, $S41)
        and not coalesce(p.returned, false)
    group by coalesce(h.household, p.household), p.programme, p.period
    having sum(p.amount_fen) > 0
),
repeated as (
    select
        later.household,
        later.village,
        later.amount_fen,
        earlier.programme as programme_first,
        earlier.period as first_period,
        later.programme as programme_second,
        later.period as second_period,
        later.month - earlier.month as gap_months,
        array_concat(earlier.refs, later.refs) as refs,
        array_concat(earlier.persons, later.persons) as persons,
        -- Told by the last grant and the one before it that lies nearest.
        row_number() over (
            partition by later.household
            order by later.month desc, later.programme, earlier.month desc, earlier.programme
        ) as place,
        -- A later grant with several earlier ones is paid once.
        row_number() over (
            partition by later.household, later.programme, later.month
            order by earlier.month desc, earlier.programme
        ) as place_of_grant
    from grants earlier
    join grants later
        on later.household = earlier.household
        and later.month - earlier.month <= $years * 12
    -- Rebuilding after a disaster (S14) is lawful whatever was paid before.
    where later.programme in ($S40, $S41)
        and (
            (
                later.programme = earlier.programme
                and later.month - earlier.month > $instalment_months
            )
            or (later.programme <> earlier.programme and later.month > earlier.month)
            -- In one month neither is the later one: take the pair once.
            or (later.programme > earlier.programme and later.month = earlier.month)
        )
)
select
    household as subject,
    min(village) as village,
    cast(0 as int) as period,
    sum(case when place_of_grant = 1 then amount_fen else 0 end) as amount_fen,
    array_distinct(flatten(array_agg(refs))) as evidence,
    array_distinct(flatten(array_agg(persons))) as people,
    min(case when place = 1 then programme_first end) as programme_first,
    min(case when place = 1 then programme_second end) as programme_second,
    min(case when place = 1 then first_period end) as first_period,
    min(case when place = 1 then second_period end) as second_period,
    min(case when place = 1 then gap_months end) as gap_months
from repeated
group by household
