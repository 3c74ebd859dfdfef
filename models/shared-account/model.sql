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
        min(p.payee) as payee,
        min(held.household) as payee_household,
        -- Without any household the person stands for one.
        coalesce(min(h.household), min(p.household), p.person) as household,
        sum(p.amount_fen) as amount_fen,
        array_agg(p.ref) as refs,
        array_agg(distinct p.programme) as programmes
    from payments p
    join shared s on s.account = p.account
    left join home h on h.person = p.person
    left join home held on held.person = p.payee
    where not coalesce(p.returned, false)
        and not coalesce(p.agent, false)
        and p.programme not in ($S04, $S47)
    group by p.account, p.person
    having sum(p.amount_fen) > 0
),
named as (
    -- Household of the holder: from the register, else as a member of the account, else its own.
    select
        *,
        coalesce(
            payee_household,
            min(case when payee = person then household end) over (partition by account),
            payee
        ) as holder_household
    from members
),
counted as (
    select
        account,
        min(village) as village,
        count(*) as persons,
        count(distinct household) as households,
        case
            when min(payee) = max(payee)
                then count(distinct case when household <> holder_household then household end)
            -- No holder named, or several: one of the households is taken for the holder's.
            else count(distinct household) - 1
        end as other_households,
        sum(amount_fen) as amount_fen,
        flatten(array_agg(refs)) as evidence,
        array_agg(person) as people,
        array_distinct(flatten(array_agg(programmes))) as programmes
    from named
    group by account
)
select
    account as subject,
    village,
    cast(0 as int) as period,
    amount_fen,
    evidence,
    people,
    persons,
    households,
    programmes
from counted
where other_households >= $other_households
    and persons <= $persons_max
