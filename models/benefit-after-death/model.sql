-- id = "benefit-after-death"
-- number = "M01"
-- version = 1
-- title = { zh = "死亡人员领取补贴", en = "Paid after death" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "high"
-- facts = ["payments", "deaths"]
-- innocent = [
--   { zh = "死亡登记有误，或身份证号录入有误、与他人混同", en = "the death record is wrong, or an ID number was mistyped" },
--   { zh = "死亡登记滞后，乡镇停发时尚不知情，多发资金已主动退回", en = "the death was reported late and the money has been paid back" },
--   { zh = "补发死亡前月份的待遇，发放文件没有写明所属月份", en = "arrears for months before death, in a file that does not name the month" },
-- ]
-- next_check = [
--   { zh = "核对死亡证明、火化证明和户籍注销日期", en = "compare the death certificate, the cremation record and the day the registration was cancelled" },
--   { zh = "查明银行卡由谁保管、资金由谁支取", en = "find out who held the bank card and who took the money" },
--   { zh = "查看该项目每月认证、年度复核由谁签字", en = "see who signed the monthly or yearly confirmation of the recipient" },
-- ]
-- gaps = [
--   { zh = "发放文件没有所属月份时，以发放日期的月份代替", en = "where the file names no month, the month of payment stands for it" },
--   { zh = "没有死亡登记的死亡（外地死亡、隐瞒不报）看不到", en = "deaths that no register holds (elsewhere, concealed) are not seen" },
-- ]
-- basis = [
--   { instrument = "06-models M01", confidence = "F" },
--   { instrument = "社会救助暂行办法", article = "第13条", confidence = "K-m" },
-- ]
-- [reason]
-- zh = "{death_day}死亡，{first_period}至{last_period}仍发放{months}个月：{programmes}，共{amount_fen}元"
-- en = "Died on {death_day}; still paid for {months} month(s), {first_period} to {last_period}: {programmes}, {amount_fen} yuan"
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "05-benefits 5: pay stops in the month after death; the family has 30 days to report"
-- confidence = "D"
-- [params.heir_grace_months]
-- default = 12
-- min = 0
-- max = 60
-- unit = "month"
-- basis = "land-bound and one-off payments settle claims of the household or of heirs; lists are renewed once a year"
-- confidence = "D"

with death as (
    -- Several sources may report one death: the event is the earliest day, later ones are reports.
    select
        person,
        min(death_day) as death_day,
        min(date_part('year', death_day) * 12 + date_part('month', death_day)) as death_month
    from deaths
    group by person
),
late as (
    select
        p.person,
        p.programme,
        p.period,
        min(d.death_day) as death_day,
        min(p.village) as village,
        sum(p.amount_fen) as amount_fen,
        array_agg(p.ref) as refs
    from payments p
    join death d on d.person = p.person
    where not coalesce(p.returned, false)
        -- The month the money is for decides: arrears for a month of life are lawful whenever paid.
        and p.period / 100 * 12 + p.period % 100 > d.death_month + case
            -- These belong to the household or settle something of before the death.
            when p.programme in (
                $S06, $S14, $S16, $S26, $S27, $S28, $S29, $S30, $S31, $S32, $S33, $S34, $S35, $S37,
                $S38, $S40, $S41, $S50, $S51, $S52, $S57, $S58, $S59, $S60
            ) then $heir_grace_months
            else $grace_months
        end
    group by p.person, p.programme, p.period
    -- A month whose payment was reversed is no payment.
    having sum(p.amount_fen) > 0
),
continued as (
    -- A programme unknown to the catalogue and paid once may be a funeral grant; paid on, it is not.
    select person, programme
    from late
    group by person, programme
    having programme < 1000 or count(*) >= 2
)
select
    l.person as subject,
    min(l.village) as village,
    cast(l.period / 100 as int) as period,
    sum(l.amount_fen) as amount_fen,
    flatten(array_agg(l.refs)) as evidence,
    min(l.death_day) as death_day,
    min(l.period) as first_period,
    max(l.period) as last_period,
    count(distinct l.period) as months,
    array_agg(distinct l.programme) as programmes
from late l
join continued c on c.person = l.person and c.programme = l.programme
group by l.person, l.period / 100
