-- id = "firm-owner-on-aid"
-- number = "M03"
-- version = 1
-- title = { zh = "低保、特困对象经办企业", en = "Owner of a firm on aid" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments", "firms", "people"]
-- innocent = [
--   { zh = "身份证被借用或冒用登记", en = "the ID card was lent or misused to register the firm" },
--   { zh = "企业未实际经营，长期零申报", en = "the firm never traded" },
--   { zh = "代表村集体担任法定代表人", en = "legal person on behalf of the village collective" },
-- ]
-- next_check = [
--   { zh = "查企业纳税、社保和年报，判断是否实际经营", en = "look at tax, social insurance and annual reports: does it trade?" },
--   { zh = "询问本人是否知情，核对登记签名和开户资料", en = "ask the person; compare signatures of the registration and the bank account" },
--   { zh = "查低保、特困申请时的经营情况申报", en = "read what was declared about business in the application" },
-- ]
-- gaps = [
--   { zh = "登记表没有持股比例，股东按企业注册资本和登记人数判断", en = "no share percentages: shareholders are judged by capital and number of owners" },
--   { zh = "由他人代持的股份看不到", en = "shares held in other names are not seen" },
-- ]
-- basis = [
--   { instrument = "05-benefits, section 5 (property rules)", confidence = "K-m" },
--   { instrument = "06-models M03", confidence = "F" },
-- ]
-- [reason]
-- zh = "{holder_person}在{firms}户在营企业登记（注册资本最高{capital_fen}元），其间领取{programmes}{months}个月，共{amount_fen}元"
-- en = "{holder_person} is registered with {firms} open firm(s) (capital up to {capital_fen} yuan); meanwhile {programmes} paid for {months} month(s), {amount_fen} yuan"
-- [params.capital_limit_fen]
-- default = 10000000
-- min = 0
-- max = 100000000000
-- unit = "fen"
-- basis = "06-models M03: tiny and shell firms are left out; 100,000 yuan"
-- confidence = "D"
-- [params.shareholder_limit_fen]
-- default = 100000000
-- min = 0
-- max = 100000000000
-- unit = "fen"
-- basis = "a mere shareholder counts in firms of 1,000,000 yuan and more"
-- confidence = "D"
-- [params.owners_max]
-- default = 10
-- min = 1
-- max = 1000
-- unit = "person"
-- basis = "06-models M03: firms in which the whole village holds shares say nothing of one person's means"
-- confidence = "D"
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
-- basis = "06-models M03: 1 also takes firms of other members of the recipient's household"
-- confidence = "D"

with crowded as (
    select uscc
    from firms
    where uscc is not null
    group by uscc
    having count(distinct person) > $owners_max
),
trading as (
    select
        f.person,
        f.uscc,
        f.firm,
        f.ref,
        f.capital_fen,
        date_part('year', f.founded_day) * 12 + date_part('month', f.founded_day) as from_month,
        date_part('year', f.closed_day) * 12 + date_part('month', f.closed_day) as until_month,
        coalesce(f.firm_kind, '') like '%个体%' as individual,
        coalesce(f.role, '') like '%股东%' or f.role like '%合伙人%' or f.role like '%出资%'
            as shareholder,
        -- Directors, supervisors and clerks are no owners; a file without roles lists owners.
        f.role is null
            or f.role like '%法定代表人%' or f.role like '%法人%' or f.role like '%经营者%'
            or f.role like '%业主%' or f.role like '%投资人%' or f.role like '%执行事务合伙人%'
            or (f.role like '%负责人%' and f.role not like '%财务%')
            as head
    from firms f
    where coalesce(f.firm_kind, '') not like '%合作%'
        and coalesce(f.firm_kind, '') not like '%集体%'
        -- Closed at an unknown time: no month can be held against the owner.
        and (
            f.closed_day is not null
            or (
                coalesce(f.status, '') not like '%注销%'
                and coalesce(f.status, '') not like '%吊销%'
                and coalesce(f.status, '') not like '%歇业%'
                and coalesce(f.status, '') not like '%停业%'
                and coalesce(f.status, '') not like '%清算%'
            )
        )
),
owned as (
    select
        t.person,
        -- A firm without a credit code is told by its name, one without a name by its row.
        coalesce(t.uscc, t.firm, cast(t.ref as varchar)) as firm,
        t.capital_fen,
        t.from_month,
        t.until_month
    from trading t
    where (
            t.head
            and (t.capital_fen >= $capital_limit_fen or (t.capital_fen is null and not t.individual))
        )
        or (
            t.shareholder
            and not t.individual
            and t.capital_fen >= $shareholder_limit_fen
            and not exists (select 1 from crowded c where c.uscc = t.uscc)
        )
),
register as (
    select distinct person, household from people
    where $household_members = 1 and household is not null
),
answerable as (
    select person, person as holder, firm, capital_fen, from_month, until_month from owned
    union all
    select m.person, w.person, w.firm, w.capital_fen, w.from_month, w.until_month
    from owned w
    join register o on o.person = w.person
    join register m on m.household = o.household and m.person <> w.person
),
paid as (
    -- One row per payment, whatever number of firms.
    select
        p.person,
        p.ref,
        min(p.village) as village,
        min(p.programme) as programme,
        min(p.period) as period,
        min(p.amount_fen) as amount_fen,
        count(distinct a.firm) as firms,
        max(a.capital_fen) as capital_fen,
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
    max(firms) as firms,
    max(capital_fen) as capital_fen,
    count(distinct period) as months,
    array_agg(distinct programme) as programmes
from paid
group by person, period / 100
having sum(amount_fen) > 0
