-- id = "area-above-contract"
-- number = "M06"
-- version = 1
-- title = { zh = "补贴面积超承包面积", en = "Subsidised area above contracted area" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "mid"
-- facts = ["payments", "land_contracts"]
-- innocent = [
--   { zh = "习惯亩与标准亩口径不同，或以实测面积发放", en = "customary and standard mu differ, or the measured area is paid" },
--   { zh = "转入、互换土地未登记", en = "land taken over or swapped without papers" },
--   { zh = "依法承包的集体机动地未入承包登记", en = "reserve land of the group, lawfully farmed and not in the register" },
-- ]
-- next_check = [
--   { zh = "核对承包合同、确权证书和补贴公示面积", en = "compare contract, certificate of right and the published area" },
--   { zh = "查流转合同和村组机动地台账", en = "look at transfer contracts and the group's register of reserve land" },
--   { zh = "必要时实地丈量", en = "measure on the spot if need be" },
-- ]
-- gaps = [
--   { zh = "没有承包登记的领取人不作判断", en = "recipients without a contract are not judged" },
--   { zh = "同户由其他成员领取的面积不合并", en = "areas paid to other members of the household are not added" },
-- ]
-- basis = [
--   { instrument = "06-models M06", confidence = "D" },
--   { instrument = "05-benefits S26, S27, S34", confidence = "K-m" },
-- ]
-- [reason]
-- zh = "{programme}补贴面积{paid_mu_e4}亩，承包及流转后面积{held_mu_e4}亩，多出{excess_mu_e4}亩，多出部分合{amount_fen}元"
-- en = "{programme} paid for {paid_mu_e4} mu, held after transfers {held_mu_e4} mu: {excess_mu_e4} mu too much, {amount_fen} yuan for these"
-- [params.tolerance_bp]
-- default = 500
-- min = 0
-- max = 10000
-- unit = "bp"
-- basis = "06-models M06: 5 % ..."
-- confidence = "D"
-- [params.tolerance_mu_e4]
-- default = 5000
-- min = 0
-- max = 1000000
-- unit = "1/10,000 mu"
-- basis = "06-models M06: ... and 0.5 mu"
-- confidence = "D"

with held as (
    select
        person,
        sum(
            area_mu_e4 + coalesce(transferred_in_mu_e4, 0) - coalesce(transferred_out_mu_e4, 0)
        ) as held_mu_e4
    from land_contracts
    group by person
),
paid as (
    select
        p.person,
        p.programme,
        p.period,
        min(p.village) as village,
        sum(p.amount_fen) as amount_fen,
        -- The same area twice in one period is a duplicate payment, another model's question.
        sum(distinct case when p.amount_fen > 0 then p.area_mu_e4 end)
            - coalesce(sum(distinct case when p.amount_fen < 0 then p.area_mu_e4 end), 0)
            as paid_mu_e4
    from payments p
    where p.programme in ($S26, $S27, $S34)
        and p.area_mu_e4 is not null
        and not coalesce(p.returned, false)
    group by p.person, p.programme, p.period
    having sum(p.amount_fen) > 0
),
excess as (
    -- Instalments of one year name the same land: each period is judged by itself.
    select
        p.person,
        p.programme,
        p.period,
        p.village,
        p.paid_mu_e4,
        greatest(h.held_mu_e4, 0) as held_mu_e4,
        p.paid_mu_e4 - greatest(h.held_mu_e4, 0) as excess_mu_e4,
        p.amount_fen * (p.paid_mu_e4 - greatest(h.held_mu_e4, 0)) / p.paid_mu_e4 as amount_fen
    from paid p
    join held h on h.person = p.person
    where p.paid_mu_e4 > 0
        and p.paid_mu_e4 - greatest(h.held_mu_e4, 0) > $tolerance_mu_e4
        and (p.paid_mu_e4 - greatest(h.held_mu_e4, 0)) * 10000
            > greatest(h.held_mu_e4, 0) * $tolerance_bp
),
money as (
    select
        person,
        period / 100 as year,
        min(village) as village,
        sum(amount_fen) as amount_fen,
        max(excess_mu_e4) as excess_mu_e4
    from excess
    group by person, period / 100
),
widest as (
    -- Told by the programme with the largest excess.
    select e.person, m.year, min(e.programme) as programme
    from excess e
    join money m
        on m.person = e.person and m.year = e.period / 100 and m.excess_mu_e4 = e.excess_mu_e4
    group by e.person, m.year
),
told as (
    select
        w.person,
        w.year,
        w.programme,
        max(e.paid_mu_e4) as paid_mu_e4,
        min(e.held_mu_e4) as held_mu_e4
    from widest w
    join excess e
        on e.person = w.person and e.programme = w.programme and e.period / 100 = w.year
    group by w.person, w.year, w.programme
),
proof as (
    select p.person, p.period / 100 as year, array_agg(p.ref) as evidence
    from payments p
    join excess e
        on e.person = p.person and e.programme = p.programme and e.period = p.period
    where p.area_mu_e4 is not null and not coalesce(p.returned, false)
    group by p.person, p.period / 100
)
select
    m.person as subject,
    m.village,
    cast(m.year as int) as period,
    m.amount_fen,
    proof.evidence,
    t.programme,
    t.paid_mu_e4,
    t.held_mu_e4,
    m.excess_mu_e4
from money m
join told t on t.person = m.person and t.year = m.year
join proof on proof.person = m.person and proof.year = m.year
