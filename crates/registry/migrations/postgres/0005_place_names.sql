-- What a place was called before, and to which area it belonged: a row for each change.

create table place_names (
  id text not null,
  place text not null,
  name text not null,
  area text,
  until_day text not null,
  constraint place_names_pk primary key (id),
  constraint place_names_place_fk foreign key (place) references places (id)
);
create index place_names_by_place on place_names (place, until_day);
