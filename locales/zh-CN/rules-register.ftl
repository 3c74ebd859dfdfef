# 登记簿的拒绝
rule-notice-not-checked = { $duty } 公示前要由监委会审核，现在还没有。
rule-post-not-held = 办理人当天在这里没有担任 { $role }。
rule-recused = 以 { $role } 身份办理的人应当回避：{ $ground }。
rule-deny-another = 只能由本人办理。
rule-second-person = 金额超过规定，须由上传人以外的人确认。
rule-notice-three-people = 准备、审核、发布要由三个人分别办，您已经办过其中一步。
rule-preparation-state = 这份公示{ $state ->
    [waiting] 还没有经监委会审核
    [agreed] 已经审核过
    [objected] 监委会不同意
    [published] 已经发布
   *[other] 已经放弃
  }，不能这样办。
rule-order-needless = 这一期已经公开（公示 { $number }），不用补。
rule-order-twice = 这一期已经发过补公开通知（{ $number }），还没有补上。
rule-administrator-apart = 担任{ $role }的人不能再有业务角色，他已经是或者将是{ $other }。
rule-own-rights = 不能给自己授权，也不能给自己的另一个账号授权。
