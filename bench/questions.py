"""The fifteen questions of the benchmark, each as SQL over the raw tables (DuckDB) and over stored facts (mingbai).

Both give the same columns; `mingbai` answers with keys, which the benchmark turns back into the raw
values before it compares. `$pN` stands for the stored number of programme N.
"""

QUESTIONS = {
    "dead_payee": (
        "select p.id, p.date, p.amount from payment p join death d using (id) where p.date > d.death",
        "select p.person, p.paid_day, p.amount_fen from payments p join deaths d on p.person = d.person "
        "where p.paid_day > d.death_day",
    ),
    "public_employee": (
        "select p.id, p.program, sum(p.amount) s from payment p join official o using (id) "
        "where o.cadre <> 'cadre' and p.program in (1, 2, 3) group by 1, 2",
        "select p.person, p.programme, sum(p.amount_fen) s from payments p join payroll o on p.person = o.person "
        "where o.staff_kind <> 'cadre' and p.programme in ($p1, $p2, $p3) group by 1, 2",
    ),
    "cadre_kin": (
        "select k.official, count(distinct p.id) c, sum(p.amount) s from payment p join kin k using (id) "
        "where p.program in (1, 2, 3, 4, 5) group by 1 having count(distinct p.id) >= 2",
        "select k.cadre, count(distinct p.person) c, sum(p.amount_fen) s from payments p "
        "join cadre_kin k on p.person = k.person where p.programme in ($p1, $p2, $p3, $p4, $p5) "
        "group by 1 having count(distinct p.person) >= 2",
    ),
    "vehicle_owner": (
        "select p.id, max(v.price) pr, sum(p.amount) s from payment p join vehicle v using (id) "
        "where p.program in (1, 2) and v.price > 100000 group by 1",
        "select p.person, max(v.price_fen) pr, sum(p.amount_fen) s from payments p join vehicles v on p.person = v.person "
        "where p.programme in ($p1, $p2) and v.price_fen > 10000000 group by 1",
    ),
    "company_owner": (
        "select p.id, sum(p.amount) s from payment p join company c using (id) "
        "where p.program in (1, 2) and c.capital > 500000 group by 1",
        "select p.person, sum(p.amount_fen) s from payments p join firms c on p.person = c.person "
        "where p.programme in ($p1, $p2) and c.capital_fen > 50000000 group by 1",
    ),
    "house_owner": (
        "select p.id, count(distinct h.area) n, sum(p.amount) s from payment p join house h using (id) "
        "where p.program = 1 group by 1",
        "select p.person, count(distinct h.area_m2_e2) n, sum(p.amount_fen) s from payments p "
        "join houses h on p.person = h.person where p.programme = $p1 group by 1",
    ),
    "shared_account": (
        "select account, count(distinct id) c from payment group by 1 having count(distinct id) >= 3",
        "select account, count(distinct person) c from payments group by 1 having count(distinct person) >= 3",
    ),
    "dup_same_month": (
        "select id, program, date // 100 m, count(*) c from payment group by 1, 2, 3 having count(*) >= 2",
        "select person, programme, period m, count(*) c from payments group by 1, 2, 3 having count(*) >= 2",
    ),
    "mutually_exclusive": (
        "select a.id, a.m from (select distinct id, date // 100 m from payment where program = 1) a "
        "join (select distinct id, date // 100 m from payment where program = 7) b on a.id = b.id and a.m = b.m",
        "select a.person, a.m from (select distinct person, period m from payments where programme = $p1) a "
        "join (select distinct person, period m from payments where programme = $p7) b "
        "on a.person = b.person and a.m = b.m",
    ),
    "name_mismatch": (
        "select p.id, p.name, q.name from payment p join person q using (id) where p.name <> q.name",
        "select p.person, p.name, q.name from payments p join people q on p.person = q.person where p.name <> q.name",
    ),
    "not_in_register": (
        "select distinct p.id from payment p left join person q using (id) where q.id is null",
        "select distinct p.person from payments p left join people q on p.person = q.person where q.person is null",
    ),
    "wrong_village": (
        "select p.id, count(*) c from payment p join person q using (id) where p.village <> q.village group by 1",
        "select p.person, count(*) c from payments p join people q on p.person = q.person "
        "where p.village <> q.village group by 1",
    ),
    "underage": (
        "select p.id, sum(p.amount) s from payment p join person q using (id) "
        "where p.program = 5 and (p.date - q.birth) < 600000 group by 1",
        "select p.person, sum(p.amount_fen) s from payments p join people q on p.person = q.person "
        "where p.programme = $p5 and p.paid_day < q.birth_day + interval '60 years' group by 1",
    ),
    "village_outlier": (
        "select village, program, sum(amount) s, count(distinct id) c from payment "
        "group by 1, 2 order by s desc, village, program limit 100",
        "select village, programme, sum(amount_fen) s, count(distinct person) c from payments "
        "group by 1, 2 order by s desc limit 100",
    ),
    "multi_household": (
        "select q.household, p.program, count(distinct p.id) c from payment p join person q using (id) "
        "where p.program in (1, 6) group by 1, 2 having count(distinct p.id) >= 4",
        "select q.household, p.programme, count(distinct p.person) c from payments p join people q on p.person = q.person "
        "where p.programme in ($p1, $p6) group by 1, 2 having count(distinct p.person) >= 4",
    ),
}
