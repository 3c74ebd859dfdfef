-- Accounts whose first password was given by somebody else: at the first sign-in their owner chooses one of
-- his own and, where his roles ask for it, takes up a second factor. `secret` is sealed.

create table account_starts (
  id text not null,
  given_ms bigint not null,
  secret bytea,
  done_ms bigint,
  constraint account_starts_pk primary key (id),
  constraint account_starts_account_fk foreign key (id) references users (id)
);

-- A role that was taken back on the day on which it was given: it has no last
-- day on which it still counts. One, or empty.
alter table grants add column void bigint;

-- What the logs hold of one subject: with the log alone as the key, a page of a notice read the whole log.
drop index entries_by_subject;
create index entries_by_subject on entries (subject, log, idx);
