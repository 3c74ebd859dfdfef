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
rule-due-calendar-days = 从 { $from } 的次日起算 { $count } 日，到 { $day }。
rule-due-calendar-days-paused = 从 { $from } 的次日起算 { $count } 日，到 { $day }（起点因停算后移 { $paused } 日）。
rule-due-months = 从 { $from } 起满 { $count } 个月，到 { $day }。
rule-due-months-paused = 从 { $from } 起满 { $count } 个月，到 { $day }（起点因停算后移 { $paused } 日）。
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

# 事项办理中的拒绝
rule-event-day-order = 记录日期 { $day } 早于上一条记录的 { $last }，不能倒记。
rule-matter-withdrawn = 事项已经撤回。
rule-step-unknown = 流程里没有“{ $step }”这一步。
rule-step-after = “{ $step }”之前还缺：{ $missing }。
rule-step-after-any = “{ $step }”之前至少要完成其中一步：{ $missing }。
rule-step-done = “{ $step }”已经做过，不能重复。
rule-step-archived = 已经建档，“{ $step }”不能再做。
rule-step-actor = “{ $step }”应由 { $missing } 办理，不能由 { $role } 办理。
rule-amount-negative = “{ $step }”的金额不能是负数。
rule-gate-documents = “{ $step }”还缺材料：{ $missing }。
rule-gate-amount-missing = “{ $step }”要写明金额。
rule-gate-tier-unknown = 没有这一天适用的决策分级，无法确定“{ $step }”由谁决定。
rule-gate-body-unknown = 没有 { $body } 的议事规则，“{ $step }”不能进行。
rule-gate-rule-unknown = 没有期限规则 { $rule }，“{ $step }”不能进行。
rule-gate-meeting-none = “{ $step }”要先开会：{ $body }。
rule-gate-meeting-body = “{ $step }”应由 { $body } 决定，开的却是 { $found }。
rule-gate-meeting-later = “{ $step }”的会议在 { $held } 才开。
rule-gate-meeting-figures = { $body } 的会议记录前后矛盾：核对应到、实到、票数、签到名单和通知日期。
rule-gate-meeting-early = { $body } 的会议开在 { $held }，早于前一步完成的 { $before }。
rule-gate-meeting-notice = { $body } 的会议 { $held } 召开，通知不够早（通知日期 { $called }，最早可开 { $earliest }）。
rule-gate-meeting-quorum = { $body } 到会人数不够：应到 { $should_attend } 人，实到 { $present } 人、{ $households } 户，至少要 { $needed }。
rule-gate-meeting-majority = { $body } 赞成票不够：{ $for } 票，至少要 { $needed } 票。
rule-gate-check = “{ $step }”要先由 { $role } 的其他人审核。
rule-gate-check-objected = { $role } 对“{ $step }”有异议，先处理异议。
rule-gate-countersign = “{ $step }”还缺会签：{ $missing }。
rule-gate-published-none = “{ $step }”之前，“{ $published }”要先公开。
rule-gate-published-running = “{ $step }”还不能进行：“{ $published }”从 { $from } 公开，要满到 { $until }。
rule-gate-published-short = “{ $published }”从 { $from } 公开，{ $down } 就撤下，应当到 { $until }；要重新公开，“{ $step }”才能进行。
rule-gate-elapsed-none = “{ $step }”之前，“{ $since }”要先完成。
rule-gate-elapsed-running = “{ $step }”还不能进行：“{ $since }”在 { $from } 完成，期间到 { $until } 才满。
rule-gate-questions = “{ $step }”之前还有 { $count } 件质询没有答复：{ $missing }。
rule-gate-head-last = “{ $step }”的会议记录没有写明主要负责人末位表态。
rule-gate-ballots = “{ $step }”的会议没有实名记录每一票。
rule-gate-extra-signature = { $posts } 由一人担任，“{ $step }”还要由其他人签字：{ $missing }。
rule-gate-other-person = “{ $step }”要换人办理：本人已办过 { $steps }（{ $duty }）。
rule-gate-nothing-decided = “{ $step }”没有可以依据的金额：“{ $decided_by }”没有决定金额。
rule-gate-within-decided = “{ $step }”金额累计 { $amount_fen } 分，超过“{ $decided_by }”决定的 { $decided_fen } 分（最多 { $most_fen } 分）。
rule-question-archived = 已经建档，质询 { $number } 不能再提到这个事项；可以另提事项或者举报。
rule-question-twice = 质询 { $number } 已经登记。
rule-question-unknown = 没有待答复的质询 { $number }。
rule-question-own-answer = 提出质询 { $number } 的人不能自己答复。
rule-question-actor = 答复应由 { $missing } 作出，不能由 { $role } 作出。
rule-publication-none = “{ $step }”没有正在公开的内容。
rule-withdraw-reason = 撤回要写明理由。
rule-withdraw-actor = 撤回应由 { $missing } 提出，不能由 { $role } 提出。
rule-withdraw-paid = 已经付款，事项不能撤回。
rule-withdraw-archived = 已经建档，事项不能撤回。

# 职责分离和回避上的拒绝
rule-duties-persons = { $duty }：同一人不能兼任 { $parts }。
rule-duties-kin = { $duty }：{ $parts } 不能由配偶或者近亲属分任。
rule-duties-distinct = { $duty }：{ $parts } 由太少的人包办。
rule-duties-besides = { $duty }：还缺其他人的签批：{ $parts }。
rule-duties-number = { $duty }：{ $parts } 的人数不符合规定。
rule-roles-exclude = 同一人不能同时担任 { $role } 和 { $other }。
rule-override-never = 事关本人的，任何人不能准许其不回避。
rule-override-self = 不能自己准许自己不回避。
rule-override-conflicted = 准许的人自己也应当回避。
rule-override-reason = 准许不回避要写明理由。
rule-override-none = 没有这一项回避事由。

# 没有权限的原因
rule-deny-no-right = 没有这项权限。
rule-deny-place = 不在职责地域之内。
rule-deny-named = 内容涉及本人，不能查看或者办理。
rule-deny-own-person = 只能看本人的内容。
rule-deny-code = 要出示查询码。
rule-deny-task = 没有指派给您的任务。
rule-deny-programme = 不属于您负责的项目。
rule-deny-routed = 没有分送到您的单位。
rule-deny-own-unit = 不属于您的单位。
rule-deny-field = 不属于您分管的领域。
rule-deny-staff-case = 只限涉及纪检监察干部的事项。
rule-deny-approval = 要先经批准。
rule-deny-published = 还没有公开。
