-- Notices before they are public: prepared by one person, checked by the supervision committee,
-- published by a third.

create table preparations (
  id text not null,
  place text not null,
  duty text not null,
  period text not null,
  title text not null,
  body text not null,
  personal text not null,
  prepared_by text not null,
  prepared_day text not null,
  state text not null,
  checked_by text,
  checked_day text,
  opinion text,
  notice text,
  constraint preparations_pk primary key (id),
  constraint preparations_place_fk foreign key (place) references places (id),
  constraint preparations_prepared_fk foreign key (prepared_by) references people (id),
  constraint preparations_checked_fk foreign key (checked_by) references people (id),
  constraint preparations_notice_fk foreign key (notice) references notices (id),
  constraint preparations_state_known check (state in ('waiting', 'agreed', 'objected', 'published', 'dropped'))
);
create index preparations_by_place on preparations (place, state);
