-- What people bring over the web: sessions, drafts, contacts, photos of boards, requests, imports
-- that wait for a second person, orders to make a notice up.

-- Only the SHA-256 of a cookie is kept: who reads the database cannot sign in with it.
create table sessions (
  id text not null,
  account text not null,
  agent text not null,
  second_factor bigint not null,
  created_ms bigint not null,
  until_ms bigint not null,
  ended_ms bigint,
  constraint sessions_pk primary key (id),
  constraint sessions_account_fk foreign key (account) references users (id),
  constraint sessions_second_factor_known check (second_factor in (0, 1))
);
create index sessions_by_account on sessions (account, ended_ms);

create table drafts (
  id text not null,
  account text not null,
  form text not null,
  fields text not null,
  saved_ms bigint not null,
  constraint drafts_pk primary key (id),
  constraint drafts_account_fk foreign key (account) references users (id),
  constraint drafts_form_once unique (account, form)
);

-- How to reach who asked, sealed with a key that lies outside the database.
create table question_contacts (
  id text not null,
  question text not null,
  sealed bytea not null,
  constraint question_contacts_pk primary key (id),
  constraint question_contacts_question_fk foreign key (question) references questions (id),
  constraint question_contacts_question_once unique (question)
);

-- A photo of the board: the public copy without traces of the camera, and the sealed original.
create table notice_photos (
  id text not null,
  notice text not null,
  public_sha256 text not null,
  sealed_sha256 text not null,
  taken_day text not null,
  caption text not null,
  constraint notice_photos_pk primary key (id),
  constraint notice_photos_notice_fk foreign key (notice) references notices (id),
  constraint notice_photos_once unique (notice, public_sha256)
);

-- What a person asks about money of his own.
create table requests (
  id text not null,
  number text not null,
  kind text not null,
  place text not null,
  programme text,
  period text,
  amount_fen bigint,
  person_key bigint,
  text text not null,
  opened_day text not null,
  due_day text not null,
  state text not null,
  constraint requests_pk primary key (id),
  constraint requests_place_fk foreign key (place) references places (id),
  constraint requests_number_once unique (number),
  constraint requests_kind_known check (kind in ('not_received', 'not_mine', 'wrong_amount', 'help')),
  constraint requests_state_known check (state in ('open', 'answered', 'closed'))
);
create index requests_by_place on requests (place, state);
create index requests_by_person on requests (person_key);

create table request_replies (
  id text not null,
  request text not null,
  text text not null,
  person text,
  day text not null,
  final bigint not null,
  constraint request_replies_pk primary key (id),
  constraint request_replies_request_fk foreign key (request) references requests (id),
  constraint request_replies_person_fk foreign key (person) references people (id),
  constraint request_replies_final_known check (final in (0, 1))
);
create index request_replies_by_request on request_replies (request);

-- A batch of facts between the upload and the yes of whoever answers for it.
create table imports (
  id text not null,
  place text not null,
  batch text not null,
  file_name text not null,
  source_sha256 text not null,
  dataset text not null,
  rows_read bigint not null,
  rows_written bigint not null,
  rows_refused bigint not null,
  sum_fen bigint not null,
  uploaded_by text,
  uploaded_day text not null,
  decided_by text,
  decided_day text,
  reason text,
  state text not null,
  constraint imports_pk primary key (id),
  constraint imports_place_fk foreign key (place) references places (id),
  constraint imports_uploaded_fk foreign key (uploaded_by) references users (id),
  constraint imports_decided_fk foreign key (decided_by) references users (id),
  constraint imports_batch_once unique (batch),
  constraint imports_rows_add_up check (rows_read = rows_written + rows_refused),
  constraint imports_state_known check (state in ('waiting', 'accepted', 'rejected'))
);
create index imports_by_place on imports (place, state);

-- The township tells a village to publish what is missing.
create table orders (
  id text not null,
  number text not null,
  place text not null,
  duty text not null,
  period text not null,
  reason text not null,
  ordered_by text,
  ordered_day text not null,
  due_day text not null,
  met_notice text,
  met_day text,
  constraint orders_pk primary key (id),
  constraint orders_place_fk foreign key (place) references places (id),
  constraint orders_person_fk foreign key (ordered_by) references people (id),
  constraint orders_notice_fk foreign key (met_notice) references notices (id),
  constraint orders_number_once unique (number),
  constraint orders_span check (due_day >= ordered_day)
);
create index orders_by_place on orders (place, duty, period);
