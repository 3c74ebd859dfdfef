-- id = "payroll-on-aid"
-- number = "M04"
-- version = 1
-- title = { zh = "财政供养人员违规享受救助或公益性岗位补贴", en = "Public employee on aid or in a public post" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "high"
-- facts = ["payments", "payroll", "people"]
-- innocent = [
--   { zh = "工资名册中的临时、编外人员未标明类别", en = "a temporary worker whose kind the payroll does not say" },
--   { zh = "已离职，工资名册未更新", en = "has left, the payroll was not updated" },
--   { zh = "突发重病、灾害，按规定给予的临时救助", en = "emergency aid after grave illness or disaster, granted by the rules" },
-- ]
-- next_check = [
--   { zh = "向所在单位核实编制和实际发薪起止月份", en = "ask the unit for the post and the months really paid" },
--   { zh = "查救助申请表中职业和收入的申报", en = "read what the application says of occupation and income" },
--   { zh = "查公益性岗位考勤，是否由他人顶替", en = "look at attendance in the public post: did another do the work?" },
-- ]
-- gaps = [
--   { zh = "在外县财政供养的人员看不到", en = "people on the payroll of another county are not seen" },
--   { zh = "工资名册没有起止日期时，视为一直在册", en = "without days in the payroll a person counts as on it all the time" },
-- ]
-- basis = [
--   { instrument = "06-models M04; 05-benefits, section 4 (S36/S49 x state payroll)", confidence = "K-m" },
--   { instrument = "社会救助暂行办法", confidence = "K-m" },
-- ]
-- [reason]
-- zh = "{holder_person}在财政供养名册（{unit}），其间领取{programmes}{months}个月，共{amount_fen}元"
-- en = "{holder_person} is on the public payroll ({unit}); meanwhile {programmes} paid for {months} month(s), {amount_fen} yuan"
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "time to report a new job and to stop pay"
-- confidence = "D"
-- [params.household_members]
-- default = 0
-- min = 0
-- max = 1
-- unit = "flag"
-- basis = "06-models M04: 1 also takes recipients in whose household somebody else is on the payroll"
-- confidence = "D"

with staff as (
    select
        person,
        unit,
        date_part('year', from_day) * 12 + date_part('month', from_day) as from_month,
        date_part('year', until_day) * 12 + date_part('month', until_day) as until_month
    from payroll
    -- Temporary and public posts are themselves a help to the poor; pensioners no longer serve,
    -- and survivors (遗属) only draw an allowance.
    where coalesce(staff_kind, '') not like '%临时%'
        and coalesce(staff_kind, '') not like '%临聘%'
        and coalesce(staff_kind, '') not like '%退休%'
        and coalesce(staff_kind, '') not like '%离休%'
        and coalesce(staff_kind, '') not like '%劳务%'
        and coalesce(staff_kind, '') not like '%公益%'
        and coalesce(staff_kind, '') not like '%返聘%'
        and coalesce(staff_kind, '') not like '%实习%'
        and coalesce(staff_kind, '') not like '%遗属%'
),
register as (
    select distinct person, household from people
    where $household_members = 1 and household is not null
),
answerable as (
    select person, person as holder, unit, from_month, until_month from staff
    union all
    select m.person, s.person, s.unit, s.from_month, s.until_month
    from staff s
    join register o on o.person = s.person
    join register m on m.household = o.household and m.person <> s.person
),
paid as (
    -- One row per payment, whatever number of payroll rows.
    select
        p.person,
        p.ref,
        min(p.village) as village,
        min(p.programme) as programme,
        min(p.period) as period,
        min(p.amount_fen) as amount_fen,
        min(a.unit) as unit,
        -- Oneself before a relative.
        coalesce(min(case when a.holder = p.person then a.holder end), min(a.holder)) as holder
    from payments p
    join answerable a on a.person = p.person
    -- The list of 06-models M04 with the near-poor and urban forms: aid by means and posts for the poor.
    where p.programme in ($S01, $S02, $S03, $S05, $S06, $S36, $S40, $S42, $S49)
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
    coalesce(min(unit), '-') as unit,
    count(distinct period) as months,
    array_agg(distinct programme) as programmes
from paid
group by person, period / 100
having sum(amount_fen) > 0
