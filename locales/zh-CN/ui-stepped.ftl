# 提级监督和联动：状态和分数
ui-st-unit-yuan = { $value } 元
ui-st-unit-yuan-each = 人均 { $value } 元
ui-st-unit-count = { $value } 项
ui-st-unit-at-least = 不少于 { $value } 件
ui-st-unit-none = 没有
ui-st-unit-expected = 折合 { $value } 条属实
ui-st-unit-yes = 是
ui-st-unit-no = 不是
ui-st-unit-unknown = 没有数据
ui-st-part = { $factor }：{ $value }，{ $points } 分 × { $weight }% = { $adds }
ui-st-state-proposed = 待批准
ui-st-state-refused = 没有批准
ui-st-state-active = 提级监督中
ui-st-state-end-proposed = 待批准退出
ui-st-state-longer-proposed = 待批准延长
ui-st-state-ended = 已退出
ui-st-list-proposed = 待批准
ui-st-list-approved = 已批准
ui-st-source-payments = 发放数据汇总
ui-cg-state-proposed = 待批准
ui-cg-state-refused = 没有批准
ui-cg-state-open = 进行中
ui-cg-state-closed = 已结束
