# 期限怎么算
rule-due-rule = 规则 { $rule }：{ $count } { $unit ->
    [working_day] 个工作日
    [month] 个月
   *[other] 日
  }。
rule-due-start = { $day } 开始的当天不算（{ $basis }）。
rule-due-at-once = 应当立即办，截止 { $day }。
rule-due-working-day = { $day }：第 { $number } 个工作日。
rule-due-make-up-day = { $day }：周末调休上班，算第 { $number } 个工作日。
rule-due-skipped-weekend = { $day }：周末，不算。
rule-due-skipped-holiday = { $day }：放假（{ $festival }），不算。
rule-due-calendar-days = 从 { $from } 的次日起算 { $count } 日，到 { $day }（起点因停算后移 { $paused } 日）。
rule-due-months = 从 { $from } 起满 { $count } 个月，到 { $day }（起点因停算后移 { $paused } 日）。
rule-due-month-end = 当月没有同一日，以月末 { $day } 为准。
rule-due-pause = { $from } 至 { $until } 停算，理由：{ $ground }。
rule-due-extension = { $approver } 于 { $day } 批准延长 { $count } { $unit ->
    [working_day] 个工作日
    [month] 个月
   *[other] 日
  }。
rule-due-last-weekend = 最后一天 { $day } 是周末。
rule-due-last-holiday = 最后一天 { $day } 放假（{ $festival }）。
rule-due-moved = 从 { $from } 顺延到 { $day }（{ $basis }）。
rule-due-last-day = 最迟 { $day }。
rule-due-minimum-ends = 到 { $day } 结束才算满期，次日起方可进行下一步。
rule-due-basis = 依据：{ $basis }。
rule-due-year-provisional = { $year } 年的放假安排还没有公布，结果是暂定的。
rule-due-year-unknown = 没有 { $year } 年的工作日数据，结果是暂定的。

# 期限上的拒绝
rule-deadline-pause-ground = 规则 { $rule } 不允许以“{ $ground }”停算，只允许：{ $allowed }。
rule-deadline-pause-span = 规则 { $rule } 的停算从 { $from } 到 { $until }，结束早于开始。
rule-deadline-extension-none = 规则 { $rule } 不能延长。
rule-deadline-extension-times = 规则 { $rule } 只能延长 { $times } 次。
rule-deadline-extension-approver = 规则 { $rule } 的延长要由 { $approver } 批准，不是 { $granted_by }。
rule-deadline-extension-too-long = 规则 { $rule } 每次最多延长 { $allowed } { $allowed_unit ->
    [working_day] 个工作日
    [month] 个月
   *[other] 日
  }，批准了 { $granted } { $granted_unit ->
    [working_day] 个工作日
    [month] 个月
   *[other] 日
  }。
rule-deadline-extension-late = 规则 { $rule } 的期限到 { $last } 已满，{ $day } 不能再延长。
rule-deadline-too-far = 规则 { $rule } 的期限超出了可以计算的日期。
