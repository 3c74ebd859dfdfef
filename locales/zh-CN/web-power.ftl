# 权力事项和明白卡
web-powers = 村级权力清单
web-powers-intro = 村里能办哪些事、怎么办、多久办好、要不要钱，都在这里。
web-power-card = 明白卡
web-power-who = 谁可以申请
web-power-conditions = 条件
web-power-bring = 要带什么
web-power-bring-nothing = 不用带材料。
web-power-fee = 收费
web-power-free = 不收费
web-power-promise = 多久办好
web-power-steps = 怎么办，一步一步
web-power-within = { $limit }内
web-power-complain = 办得不好怎么办
web-power-complain-text = 可以在相关公示下面提问，也可以向乡镇纪委反映。不收费，不用托人。
web-power-risks = 容易出问题的地方，请大家留意
web-power-basis = 依据
web-power-chart = 流程图
