-- id = "shared-account"
-- number = "M09"
-- version = 1
-- title = { zh = "多户多人共用一个账户", en = "Several households paid to one account" }
-- violation = "embezzle"
-- grain = "account"
-- severity = "high"
-- facts = ["payments", "people"]
-- innocent = [
--   { zh = "子女代管多位老人的卡，老人户口另立", en = "a daughter keeps the card of several elders with household books of their own" },
--   { zh = "监护人、委托代领人未在文件中登记", en = "a guardian or agent whom the file does not name" },
--   { zh = "养老机构、学校等单位账户，或银行批量过渡户", en = "account of a home or school, or a batch account of the bank" },
-- ]
-- next_check = [
--   { zh = "向银行查账户开户人，是否村干部或其亲属", en = "ask the bank for the holder: a cadre or kin of one?" },
--   { zh = "逐人核实是否知情、是否收到钱", en = "ask each person: do they know, and did they get the money?" },
--   { zh = "查账户取现、转账去向", en = "follow withdrawals and transfers" },
-- ]
-- gaps = [
--   { zh = "同一人持有多张他人银行卡看不到", en = "one hand that holds many cards is not seen" },
--   { zh = "文件未给出账户所有人时，少算一户作为持有人", en = "where the holder is not named, one household is taken for the holder's" },
-- ]
-- basis = [
--   { instrument = "06-models M09", confidence = "D" },
--   { instrument = "财办〔2020〕37号（一卡通）", confidence = "K-h" },
-- ]
-- [reason]
-- zh = "同一账户收取{persons}人、{households}户的{programmes}，共{amount_fen}元"
-- en = "One account receives {programmes} of {persons} people in {households} households, {amount_fen} yuan"
-- [params.other_households]
-- default = 2
-- min = 1
-- max = 50
-- unit = "household"
-- basis = "06-models M09: n = 2 households other than the holder's"
-- confidence = "D"
-- [params.persons_max]
-- default = 200
-- min = 2
-- max = 100000
-- unit = "person"
-- basis = "an account with more people is a batch account of the bank or of a department"
-- confidence = "D"

with shared as (
    -- Almost every account serves one person: drop these before anything else is looked up.
    select account
    from payments
    where account is not null
        and not coalesce(returned, false)
        and not coalesce(agent, false)
        -- Paid to the institution or school by law.
        and programme not in ($S04, $S47)
    group by account
    having min(person) <> max(person)
),
home as (
    select person, min(household) as household from people group by person
),
members as (
    select
        p.account,
        p.person,
        min(p.village) as village,
        max(p.payee) as payee,
        -- Without any household the person stands for one.
        coalesce(min(h.household), min(p.household), p.person) as household,
        sum(p.amount_fen) as amount_fen
    from payments p
    join shared s on s.account = p.account
    left join home h on h.person = p.person
    where not coalesce(p.returned, false)
        and not coalesce(p.agent, false)
        and p.programme not in ($S04, $S47)
    group by p.account, p.person
    having sum(p.amount_fen) > 0
),
counted as (
    select
        account,
        min(village) as village,
        count(*) as persons,
        count(distinct household) as households,
        sum(amount_fen) as amount_fen,
        -- Two holders named for one account: believe none.
        case when min(payee) = max(payee) then min(payee) end as payee
    from members
    group by account
    having count(distinct household) >= $other_households
),
holders as (
    select c.account, coalesce(min(h.household), min(m.household), c.payee) as household
    from counted c
    left join home h on h.person = c.payee
    left join members m on m.account = c.account and m.person = c.payee
    where c.payee is not null
    group by c.account, c.payee
),
others as (
    select m.account, count(distinct m.household) as households
    from members m
    join holders h on h.account = m.account and h.household <> m.household
    group by m.account
),
hits as (
    select c.account, c.village, c.persons, c.households, c.amount_fen
    from counted c
    left join others o on o.account = c.account
    where c.persons <= $persons_max
        and case
            when c.payee is null then c.households - 1
            else coalesce(o.households, 0)
        end >= $other_households
),
proof as (
    select
        p.account,
        array_agg(p.ref) as evidence,
        array_agg(distinct p.person) as people,
        array_agg(distinct p.programme) as programmes
    from payments p
    join hits h on h.account = p.account
    where not coalesce(p.returned, false)
        and not coalesce(p.agent, false)
        and p.programme not in ($S04, $S47)
    group by p.account
)
select
    h.account as subject,
    h.village,
    cast(0 as int) as period,
    h.amount_fen,
    proof.evidence,
    proof.people,
    h.persons,
    h.households,
    proof.programmes
from hits h
join proof on proof.account = h.account
