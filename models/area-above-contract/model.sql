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
        -- More handed out than held is a fault of the register; nothing is left in any case.
        greatest(
            sum(area_mu_e4 + coalesce(transferred_in_mu_e4, 0) - coalesce(transferred_out_mu_e4, 0)),
            0
        ) as held_mu_e4
    from land_contracts
    group by person
),
paid as (
    -- Instalments of one year name the same land: each period is judged by itself.
    select
        p.person,
        p.programme,
        p.period,
        min(p.village) as village,
        min(h.held_mu_e4) as held_mu_e4,
        sum(p.amount_fen) as amount_fen,
        array_agg(p.ref) as refs,
        -- The same area twice in one period is a duplicate payment, another model's question.
        sum(distinct case when p.amount_fen > 0 then p.area_mu_e4 end)
            - coalesce(sum(distinct case when p.amount_fen < 0 then p.area_mu_e4 end), 0)
            as paid_mu_e4
    from payments p
    join held h on h.person = p.person
    where p.programme in ($S26, $S27, $S34)
        and p.area_mu_e4 is not null
        and not coalesce(p.returned, false)
    group by p.person, p.programme, p.period
    having sum(p.amount_fen) > 0
),
excess as (
    select
        *,
        paid_mu_e4 - held_mu_e4 as excess_mu_e4,
        amount_fen * (paid_mu_e4 - held_mu_e4) / paid_mu_e4 as excess_fen
    from paid
    where paid_mu_e4 - held_mu_e4 > $tolerance_mu_e4
        and (paid_mu_e4 - held_mu_e4) * 10000 > held_mu_e4 * $tolerance_bp
),
ranked as (
    -- A year with several programmes is told by the largest excess.
    select
        *,
        row_number() over (
            partition by person, period / 100 order by excess_mu_e4 desc, programme, period
        ) as place
    from excess
)
select
    person as subject,
    min(village) as village,
    cast(period / 100 as int) as period,
    sum(excess_fen) as amount_fen,
    flatten(array_agg(refs)) as evidence,
    min(case when place = 1 then programme end) as programme,
    min(case when place = 1 then paid_mu_e4 end) as paid_mu_e4,
    min(held_mu_e4) as held_mu_e4,
    min(case when place = 1 then excess_mu_e4 end) as excess_mu_e4
from ranked
group by person, period / 100
