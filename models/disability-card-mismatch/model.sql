-- id = "disability-card-mismatch"
-- version = 1
-- title = { zh = "残疾人补贴与残疾证不符", en = "Disability allowance without a fitting card" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments", "disability_cards"]
-- reason = { zh = "{first_month} 至 {last_month} 领取 {programmes} 共 {amount_fen} 元，当月没有相符的有效残疾证（持证 {cards} 个，等级 {grade}，有效期至 {valid_until_day}）", en = "{programmes} was paid from {first_month} to {last_month}, {amount_fen} yuan, without a fitting valid card in those months (cards: {cards}, grade: {grade}, valid until: {valid_until_day})" }
-- innocent = [
--   { zh = "残疾证已换发，残联数据未更新", en = "the card was renewed, but the file of the disabled persons' federation is older" },
--   { zh = "补发持证期间的补贴，所属期填错", en = "arrears for a time with a card, booked under a wrong period" },
--   { zh = "本县把护理补贴扩大到三、四级", en = "the county has widened the nursing allowance to grades 3 or 4" },
-- ]
-- next_check = [
--   { zh = "在全国残疾人证系统查询证件状态和等级", en = "look up state and grade of the card in the national system" },
--   { zh = "核对审批表所附残疾证", en = "compare the card attached to the approval" },
-- ]
-- gaps = [
--   { zh = "不看是否低保家庭（困难残疾人生活补贴的另一条件）", en = "whether the family is on subsistence allowance, the other condition of S09, is not judged" },
--   { zh = "假证、评残不实看不出来", en = "cards issued on a false assessment are not seen" },
-- ]
-- basis = [
--   { instrument = "国发〔2015〕52号 关于全面建立困难残疾人生活补贴和重度残疾人护理补贴制度的意见", confidence = "K-h" },
--   { instrument = "GB/T 26341-2010", article = "categories and grades", confidence = "K-h" },
-- ]
-- [params.grace_months]
-- default = 3
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "time for the renewal of a card"
-- confidence = "D"
-- [params.grade_other]
-- default = 2
-- min = 1
-- max = 4
-- unit = "grade"
-- basis = "国发〔2015〕52号: grades 1 and 2 get the nursing allowance"
-- confidence = "K-h"
-- [params.grade_mind]
-- default = 3
-- min = 1
-- max = 4
-- unit = "grade"
-- basis = "国发〔2015〕52号: may be widened to grade 3 of intellect and mind"
-- confidence = "K-h"

with paid as (
    select p.person, p.village, p.programme, p.period, p.amount_fen, p.ref,
           p.period / 100 * 12 + p.period % 100 as month_no
    from payments p
    where p.programme in ($S09, $S10)
      and coalesce(p.id_quality, 'ok') in ('ok', '15digit')
      and not coalesce(p.returned, false)
),
cards as (
    select person, category, grade, valid_until_day,
           -- a card without dates holds for good
           coalesce(date_part('year', valid_from_day) * 12 + date_part('month', valid_from_day), 0)
               as from_no,
           coalesce(date_part('year', valid_until_day) * 12 + date_part('month', valid_until_day),
               999999) as until_no
    from disability_cards
),
judged as (
    select
        p.person, p.programme, p.period, p.ref, p.village, p.amount_fen,
        -- one good card is enough
        coalesce(bool_or(
            c.from_no <= p.month_no
            and p.month_no <= c.until_no + $grace_months
            and (p.programme = $S09
                or c.grade is null
                or c.grade <= $grade_other
                or c.category in (5, 6) and c.grade <= $grade_mind)
        ), false) as fits,
        count(c.person) as cards,
        min(c.grade) as grade,
        max(c.valid_until_day) as valid_until_day
    from paid p
    left join cards c on c.person = p.person
    group by p.person, p.programme, p.period, p.ref, p.village, p.amount_fen
)
select
    j.person as subject,
    min(j.village) as village,
    cast(j.period / 100 as int) as period,
    sum(j.amount_fen) as amount_fen,
    array_agg(j.ref) as evidence,
    array_agg(distinct j.programme) as programmes,
    min(j.period) as first_month,
    max(j.period) as last_month,
    max(j.cards) as cards,
    min(j.grade) as grade,
    max(j.valid_until_day) as valid_until_day
from judged j
cross join (select count(*) as cards from disability_cards) n
where not j.fits
  -- without the register of cards nothing can be said
  and n.cards > 0
group by j.person, j.period / 100
having sum(j.amount_fen) > 0
