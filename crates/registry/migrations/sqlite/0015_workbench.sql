-- The workbench: screenings that the site started, looks at everything known about somebody, and what its
-- pages look up.

create table screenings (
  id text not null,
  number text not null,
  asked_by text,
  asked_day text not null,
  asked_ms bigint not null,
  state text not null,
  ended_ms bigint,
  run bigint,
  models bigint,
  unanswered bigint,
  found bigint,
  fresh bigint,
  again bigint,
  trouble_zh text,
  trouble_en text,
  constraint screenings_pk primary key (id),
  constraint screenings_number_once unique (number),
  constraint screenings_asked_fk foreign key (asked_by) references people (id),
  constraint screenings_state_known check (state in ('asked', 'running', 'done', 'failed', 'stopped'))
);
create index screenings_by_moment on screenings (asked_ms);
create index screenings_by_state on screenings (state);

-- How far a screening is: written many times while it runs, and proof of nothing.
create table screening_progress (
  id text not null,
  stage text not null,
  model text not null,
  done bigint not null,
  whole bigint not null,
  found bigint not null,
  at_ms bigint not null,
  constraint screening_progress_pk primary key (id),
  constraint screening_progress_of_fk foreign key (id) references screenings (id)
);

-- A look at everything known about somebody: who began it, from which task, what for, until when.
create table subject_looks (
  id text not null,
  asked_by text not null,
  task text not null,
  thing text not null,
  purpose text not null,
  asked_day text not null,
  until_day text not null,
  constraint subject_looks_pk primary key (id),
  constraint subject_looks_asked_fk foreign key (asked_by) references people (id),
  constraint subject_looks_task_known check (task in ('check', 'clue', 'supervision'))
);
create index subject_looks_by_person on subject_looks (asked_by, asked_day);

-- The last month of the payments that speak for a finding: many are about a year or about no time at all.
alter table findings add column month bigint;

-- Counts and lists of the workbench read indexes alone; the old one knew neither programme nor time.
drop index findings_by_place;
create index findings_by_place on findings (place, model, programme, period, month, state, outcome, score, amount_fen);
drop index findings_by_score;
create index findings_by_score on findings (model, score, number);
create index findings_cut on findings (id, place, model, programme, period, month);
create index findings_by_person on findings (subject);
create index findings_by_programme on findings (programme, id);
create index recoveries_by_kind on recoveries (finding, kind, amount_fen);
drop index recoveries_by_finding;
create index clues_by_due on clues (place, closed_day, state);
create index supervision_dues_open on supervision_dues (subject, met_day, due_day);
create index finding_checks_open on finding_checks (confirmed_day, due_day);
create index rectifications_by_finding on rectifications (finding);
create index rectifications_by_clue on rectifications (clue);
create index events_by_person on events (person, day);
create index clue_people_by_person on clue_people (person);
create index dual_checks_by_person on dual_checks (person, decided_day);
create index finding_looks_by_person on finding_looks (asked_by, until_day);
