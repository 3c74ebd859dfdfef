# How a period is counted
rule-due-rule = Rule { $rule }: { $count } { $unit ->
    [working_day] working days
    [month] months
   *[other] days
  }.
rule-due-start = { $day }, the day on which it starts, is not counted ({ $basis }).
rule-due-at-once = To be done at once, by { $day }.
rule-due-working-day = { $day }: working day { $number }.
rule-due-make-up-day = { $day }: a weekend day that is worked, working day { $number }.
rule-due-skipped-weekend = { $day }: weekend, not counted.
rule-due-skipped-holiday = { $day }: a day off ({ $festival }), not counted.
rule-due-calendar-days = { $count } days from the day after { $from }, until { $day } (the start moved by { $paused } days of pauses).
rule-due-months = { $count } months from { $from }, until { $day } (the start moved by { $paused } days of pauses).
rule-due-month-end = The month has no such day, so its last day { $day } is taken.
rule-due-pause = The clock stood still from { $from } to { $until }, ground: { $ground }.
rule-due-extension = On { $day } { $approver } granted { $count } more { $unit ->
    [working_day] working days
    [month] months
   *[other] days
  }.
rule-due-last-weekend = The last day { $day } is on a weekend.
rule-due-last-holiday = The last day { $day } is a day off ({ $festival }).
rule-due-moved = It moves from { $from } to { $day } ({ $basis }).
rule-due-last-day = On { $day } at the latest.
rule-due-minimum-ends = The period ends with { $day }; the next step may follow from the day after.
rule-due-basis = Basis: { $basis }.
rule-due-year-provisional = The days off of { $year } are not yet announced: the result is provisional.
rule-due-year-unknown = There are no calendar data for { $year }: the result is provisional.

# Refusals about periods
rule-deadline-pause-ground = Rule { $rule } may not be paused for “{ $ground }”, only for: { $allowed }.
rule-deadline-pause-span = The pause of rule { $rule } from { $from } to { $until } ends before it begins.
rule-deadline-extension-none = Rule { $rule } may not be extended.
rule-deadline-extension-times = Rule { $rule } may be extended { $times } times only.
rule-deadline-extension-approver = An extension of rule { $rule } is granted by { $approver }, not by { $granted_by }.
rule-deadline-extension-too-long = Rule { $rule } may be extended by at most { $allowed } { $allowed_unit ->
    [working_day] working days
    [month] months
   *[other] days
  }; granted were { $granted } { $granted_unit ->
    [working_day] working days
    [month] months
   *[other] days
  }.
rule-deadline-extension-late = The period of rule { $rule } ended on { $last }; it cannot be extended on { $day }.
rule-deadline-too-far = The period of rule { $rule } lies beyond the days that can be counted.
