-- id = "payee-not-beneficiary"
-- number = "M10"
-- version = 1
-- title = { zh = "收款人与受益人不一致", en = "Payee is not the beneficiary" }
-- violation = "embezzle"
-- grain = "person"
-- severity = "high"
-- facts = ["payments", "people", "deaths"]
-- reason = { zh = "{period}年 {payments} 笔补贴（{programmes}）打入他人（{payee}）账户，既无代领登记，也不在同一户，共 {amount_fen} 元", en = "In {period}, {payments} payments ({programmes}) went to the account of another person ({payee}), who is neither a registered agent nor of the same household: {amount_fen} yuan" }
-- innocent = [
--   { zh = "监护人或受托人代领，但代领登记未录入", en = "a guardian or authorised person receives, but the registration was not entered" },
--   { zh = "收款人证件号码录入错误，或受益人更换过身份证号码", en = "the payee's number was mistyped, or the beneficiary's number was changed" },
--   { zh = "分户居住的子女为老人代管银行卡", en = "a child of another household keeps the card of an old parent" },
-- ]
-- next_check = [
--   { zh = "向银行核对账户所有人", en = "ask the bank who owns the account" },
--   { zh = "入户询问本人是否知情、是否足额拿到", en = "ask the beneficiary at home whether the money was known of and received in full" },
--   { zh = "查收款人与经办人、村干部的关系", en = "look for ties between payee, clerk and village cadres" },
-- ]
-- gaps = [
--   { zh = "只有户名、没有收款人证件号码的发放表无法判断", en = "files that give only the account holder's name, not the number, cannot be judged" },
--   { zh = "银行卡由他人持有而户名为本人的，看不出来", en = "cards in the beneficiary's name but held by others are not seen" },
-- ]
-- basis = [
--   { instrument = "财办〔2020〕37号 关于进一步加强惠民惠农财政补贴资金“一卡通”管理的指导意见", confidence = "K-h" },
--   { instrument = "05-benefits", article = "2: payee = person unless an agent is registered", confidence = "D" },
-- ]

with others as (
    -- the cheap test first: nearly every row has payee = person or no payee
    select p.person, p.payee, p.household, p.village, p.programme, p.period, p.amount_fen, p.ref
    from payments p
    where p.payee <> p.person
      and not coalesce(p.agent, false)
      and not coalesce(p.returned, false)
      and p.amount_fen > 0
      -- the same name under another number is a typing error, not another person
      and (p.payee_name is null or p.name is null or p.payee_name <> p.name)
),
homes as (
    select distinct person, household
    from people
    where household is not null
),
strangers as (
    select o.*
    from others o
    left anti join (
        -- one household by the register, or by the payment file where that names the household
        select o.ref as ref
        from others o
        join homes t on t.person = o.payee
        left join homes b on b.person = o.person
        where t.household = b.household or t.household = o.household
    ) kin on kin.ref = o.ref
),
died as (
    select person, min(death_day) as death_day
    from deaths
    group by person
)
select
    s.person as subject,
    min(s.village) as village,
    cast(s.period / 100 as int) as period,
    sum(s.amount_fen) as amount_fen,
    array_agg(s.ref) as evidence,
    array_agg(distinct s.programme) as programmes,
    min(s.payee) as payee,
    count(*) as payments
from strangers s
left join died d on d.person = s.person
-- what was due up to the month of death is lawfully paid to the heirs
where d.death_day is null
   or s.period > date_part('year', d.death_day) * 100 + date_part('month', d.death_day)
group by s.person, s.period / 100
