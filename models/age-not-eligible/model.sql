-- id = "age-not-eligible"
-- version = 1
-- title = { zh = "年龄不符合领取条件", en = "Paid outside the age limits" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments", "people"]
-- reason = { zh = "出生日期 {birth_day}，{first_month} 至 {last_month} 领取 {programmes} {payments} 笔，年龄不在规定范围内，共 {amount_fen} 元", en = "Born {birth_day}; {payments} payments of {programmes} from {first_month} to {last_month} lie outside the age limits: {amount_fen} yuan" }
-- innocent = [
--   { zh = "户籍出生日期有误，档案年龄符合条件", en = "the birth day in the register is wrong; other papers show the right age" },
--   { zh = "年满十八周岁的孤儿仍在校就读", en = "an orphan over 18 is still at school" },
--   { zh = "本县放宽了年龄条件（如七十岁发高龄津贴）", en = "the county has set a wider limit, such as old-age allowance from 70" },
-- ]
-- next_check = [
--   { zh = "核对身份证、户口簿和审批表上的出生日期", en = "compare birth days on ID card, household book and approval" },
--   { zh = "孤儿超龄的，要学籍证明", en = "for orphans over age, ask for proof of schooling" },
-- ]
-- gaps = [
--   { zh = "不看学籍，在校孤儿需人工排除", en = "schooling is not in the data; pupils over age must be excluded by hand" },
--   { zh = "人口登记无出生日期的不判", en = "people without a birth day in the register are not judged" },
--   { zh = "同一项目内的年龄档次（80、90、100岁）不判", en = "age bands within a programme (80, 90, 100) are not judged" },
-- ]
-- basis = [
--   { instrument = "05-benefits", article = "3: ages in the eligibility of each programme; dated values in catalogues/benefits", confidence = "K-m" },
-- ]
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "approval may fall a month before, stopping a month after the birthday"
-- confidence = "D"

with limits as (
    select
        programme, min_age_years, max_age_years,
        -- benefits for more than a month are due to whoever has the age at any time of that span
        case frequency when 'month' then 1 when 'quarter' then 3 else 12 end as span
    from benefits
    where min_age_years is not null or max_age_years is not null
),
births as (
    -- where the register has two birth days, each side gets the benefit of the doubt
    select person, min(birth_day) as oldest, max(birth_day) as youngest
    from people
    where birth_day is not null
    group by person
),
aged as (
    select
        p.person, p.village, p.programme, p.period, p.amount_fen, p.ref, b.oldest,
        l.min_age_years, l.max_age_years,
        -- month numbers of the first and last month of the span
        p.period / 100 * 12 + (p.period % 100 - 1) / l.span * l.span + 1 as first_no,
        p.period / 100 * 12 + (p.period % 100 - 1) / l.span * l.span + l.span as last_no,
        date_part('year', b.oldest) * 12 + date_part('month', b.oldest) as oldest_no,
        date_part('year', b.youngest) * 12 + date_part('month', b.youngest) as youngest_no
    from payments p
    join limits l on l.programme = p.programme
    join births b on b.person = p.person
    where not coalesce(p.returned, false)
)
select
    person as subject,
    min(village) as village,
    cast(period / 100 as int) as period,
    sum(amount_fen) as amount_fen,
    array_agg(ref) as evidence,
    array_agg(distinct programme) as programmes,
    min(oldest) as birth_day,
    min(period) as first_month,
    max(period) as last_month,
    count(*) as payments
from aged
-- the whole month of the birthday is innocent on both sides
where last_no - oldest_no < min_age_years * 12 - $grace_months
   or first_no - youngest_no > (max_age_years + 1) * 12 + $grace_months
group by person, period / 100
-- reversals that net to nothing leave no question
having sum(amount_fen) > 0
