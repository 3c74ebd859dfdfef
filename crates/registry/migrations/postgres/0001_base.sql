-- Places, people and posts. Who works with the register and under which role.

create table places (
  id text not null,
  parent text,
  level text not null,
  name text not null,
  path text not null,
  area text,
  from_day text not null,
  until_day text,
  constraint places_pk primary key (id),
  constraint places_parent_fk foreign key (parent) references places (id),
  constraint places_path_once unique (path),
  constraint places_level_known check (level in ('county', 'township', 'village', 'group'))
);

create table households (
  id text not null,
  village text not null,
  number text not null,
  constraint households_pk primary key (id),
  constraint households_village_fk foreign key (village) references places (id),
  constraint households_number_once unique (village, number)
);

create table people (
  id text not null,
  name text not null,
  person_key bigint,
  household text,
  village text,
  native_village text,
  unit text,
  constraint people_pk primary key (id),
  constraint people_household_fk foreign key (household) references households (id),
  constraint people_village_fk foreign key (village) references places (id),
  constraint people_native_fk foreign key (native_village) references places (id),
  constraint people_key_once unique (person_key)
);

create table kinships (
  id text not null,
  person text not null,
  other text not null,
  relation text not null,
  constraint kinships_pk primary key (id),
  constraint kinships_person_fk foreign key (person) references people (id),
  constraint kinships_other_fk foreign key (other) references people (id),
  constraint kinships_once unique (person, other),
  constraint kinships_two_people check (person <> other),
  constraint kinships_relation_known check (relation in ('parent', 'spouse', 'sibling'))
);

create table interests (
  id text not null,
  person text not null,
  subject text not null,
  statement text not null,
  declared_day text not null,
  constraint interests_pk primary key (id),
  constraint interests_person_fk foreign key (person) references people (id)
);

create table posts (
  id text not null,
  place text not null,
  role text not null,
  person text not null,
  from_day text not null,
  until_day text,
  constraint posts_pk primary key (id),
  constraint posts_place_fk foreign key (place) references places (id),
  constraint posts_person_fk foreign key (person) references people (id),
  constraint posts_span check (until_day is null or until_day >= from_day)
);
create index posts_by_place on posts (place, role);
create index posts_by_person on posts (person);

create table users (
  id text not null,
  login text not null,
  person text,
  password_hash text not null,
  totp_sealed bytea,
  totp_step bigint,
  failures bigint not null,
  locked_until_ms bigint,
  closed_day text,
  constraint users_pk primary key (id),
  constraint users_person_fk foreign key (person) references people (id),
  constraint users_login_once unique (login)
);

create table grants (
  id text not null,
  account text not null,
  role text not null,
  place text not null,
  from_day text not null,
  until_day text,
  constraint grants_pk primary key (id),
  constraint grants_account_fk foreign key (account) references users (id),
  constraint grants_place_fk foreign key (place) references places (id),
  constraint grants_span check (until_day is null or until_day >= from_day)
);
create index grants_by_account on grants (account);

-- The journal. Salt and payload can be erased; the leaf stays, and every proof with it.

create table logs (
  name text not null,
  size bigint not null,
  constraint logs_pk primary key (name)
);

create table entries (
  log text not null,
  idx bigint not null,
  kind text not null,
  subject text not null,
  at_ms bigint not null,
  actor text,
  role text not null,
  reason text not null,
  salt bytea,
  payload text,
  leaf text not null,
  leaf_hash bytea not null,
  erased_day text,
  erased_ground text,
  constraint entries_pk primary key (log, idx),
  constraint entries_log_fk foreign key (log) references logs (name)
);
create index entries_by_subject on entries (subject);

-- Personal fields of an entry, each with a salt of its own, so that one can be erased alone.
create table entry_fields (
  log text not null,
  idx bigint not null,
  name text not null,
  salt bytea,
  value text,
  constraint entry_fields_pk primary key (log, idx, name),
  constraint entry_fields_entry_fk foreign key (log, idx) references entries (log, idx)
);

-- Digest of every row that an act wrote, as it stood after the act.
create table entry_rows (
  idx bigint not null,
  table_name text not null,
  row_id text not null,
  digest text not null,
  constraint entry_rows_pk primary key (table_name, row_id, idx)
);

create table checkpoints (
  log text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  at_ms bigint not null,
  constraint checkpoints_pk primary key (log, size),
  constraint checkpoints_log_fk foreign key (log) references logs (name)
);

-- Work to be done later. Claimed by one process at a time.
create table jobs (
  id text not null,
  name text not null,
  payload text not null,
  dedupe text,
  due_ms bigint not null,
  attempts bigint not null,
  claimed_by text,
  claimed_until_ms bigint,
  done_ms bigint,
  failed text,
  constraint jobs_pk primary key (id),
  constraint jobs_dedupe_once unique (dedupe)
);
create index jobs_by_due on jobs (done_ms, due_ms);

insert into logs (name, size) values ('public', 0), ('internal', 0);
