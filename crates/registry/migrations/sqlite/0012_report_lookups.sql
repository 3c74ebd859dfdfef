-- What pages about reports look up: visits of a place, charges with their steps, looks that somebody asked
-- for, transfers that somebody has to decide on.

create index leader_visits_by_place on leader_visits (place, planned_day);
create index charge_steps_by_charge on charge_steps (charge, day);
create index identity_requests_by_person on identity_requests (person, asked_day);
create index reports_by_state on reports (state, filed_day);
