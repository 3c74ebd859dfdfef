-- One-time codes with which a person opens the own benefits when no card is at hand. The code itself is
-- kept nowhere: `code_hash` is made with a key that lies outside the database.

create table own_codes (
  id text not null,
  place text not null,
  code_hash text not null,
  person_key bigint not null,
  channel text not null,
  purpose text not null,
  issued_by text not null,
  issued_ms bigint not null,
  until_ms bigint not null,
  used_ms bigint,
  constraint own_codes_pk primary key (id),
  constraint own_codes_place_fk foreign key (place) references places (id),
  constraint own_codes_issued_fk foreign key (issued_by) references users (id),
  constraint own_codes_hash_once unique (code_hash),
  constraint own_codes_span check (until_ms >= issued_ms)
);
create index own_codes_by_person on own_codes (person_key);
create index own_codes_by_account on own_codes (issued_by, issued_ms);
