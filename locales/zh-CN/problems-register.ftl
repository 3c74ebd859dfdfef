# 资料问题
problem-catalogue-file-name = 文件名和代码“{ $detail }”对不上。
problem-catalogue-file-name-hint = 权力事项的文件名以“代码-”开头，其余的文件名就是代码。
problem-catalogue-code-twice = 代码重复：{ $detail }。
problem-catalogue-code-twice-hint = 每个代码只写一次；后写的没有采用。
problem-catalogue-power-code = “{ $detail }”不是权力事项的代码。
problem-catalogue-power-code-hint = 代码是类别字母加两位数字，如 A01。
problem-catalogue-unknown-power = 没有权力事项“{ $detail }”。
problem-catalogue-unknown-power-hint = 核对代码，或补上这一事项。
problem-catalogue-unknown-procedure = 没有程序“{ $detail }”。
problem-catalogue-unknown-procedure-hint = 核对代码，或在 procedures 目录补上。
problem-catalogue-unknown-role = roles.toml 里没有角色“{ $detail }”。
problem-catalogue-unknown-role-hint = 核对代码，或补上这一角色。
problem-catalogue-unknown-body = bodies.toml 里没有议事机构“{ $detail }”。
problem-catalogue-unknown-body-hint = 核对代码，或补上这一机构；按金额确定的写 by_tier。
problem-catalogue-unknown-deadline = 没有期限规则“{ $detail }”。
problem-catalogue-unknown-deadline-hint = 核对代码，或在 deadlines 目录补上。
problem-catalogue-unknown-step = 这套程序里没有步骤“{ $detail }”。
problem-catalogue-unknown-step-hint = 只能写同一套程序里的步骤代码。
problem-catalogue-unknown-duty = 没有公开事项“{ $detail }”。
problem-catalogue-unknown-duty-hint = 核对代码，或在 disclosure 目录补上。
problem-catalogue-unknown-profile = 没有公开字段方案“{ $detail }”。
problem-catalogue-unknown-profile-hint = 核对代码，或在 profiles 目录补上。
problem-catalogue-unknown-negative = negative.toml 里没有“{ $detail }”。
problem-catalogue-unknown-negative-hint = 核对代码，或补上这一条。
problem-catalogue-unknown-term = terms.toml 里没有“{ $detail }”。
problem-catalogue-unknown-term-hint = 核对代码，或补上中英文名称。
problem-catalogue-not-in-force = “{ $detail }”在 { $day } 这一天没有有效的版本。
problem-catalogue-not-in-force-hint = 核对 from 和 until，补上这一段时间的版本。
problem-catalogue-deadline-sense = 期限规则“{ $detail }”用反了。
problem-catalogue-deadline-sense-hint = 步骤的时限用 at_most 的规则，公示期和等待期用 at_least 的规则。
problem-catalogue-step-twice = 步骤代码“{ $detail }”重复。
problem-catalogue-step-twice-hint = 同一套程序里每个步骤代码只用一次。
problem-catalogue-step-stage = 步骤“{ $detail }”所处的阶段不对。
problem-catalogue-step-stage-hint = 公示期只能从公开的步骤算起，金额只能以决定或者审批的步骤为准。
problem-catalogue-step-cycle = 步骤“{ $detail }”绕了一圈，在等自己。
problem-catalogue-step-cycle-hint = 改正 after 或 after_any，去掉循环。
problem-catalogue-step-unreachable = 步骤“{ $detail }”永远轮不到办理。
problem-catalogue-step-unreachable-hint = 它要等的步骤办不完；先改正那些步骤。
problem-catalogue-steps-twice = 既写了自己的步骤，又写了程序“{ $detail }”。
problem-catalogue-steps-twice-hint = 只留一样。
problem-catalogue-no-archive = “{ $detail }”的最后一步不是建档。
problem-catalogue-no-archive-hint = 最后一步的 stage 写 archive。
problem-catalogue-no-disclose = “{ $detail }”没有公开的步骤。
problem-catalogue-no-disclose-hint = 至少有一步的 stage 是 disclose。
problem-catalogue-role-excludes = 角色“{ $detail }”写成了与自己不能兼任。
problem-catalogue-role-excludes-hint = excludes 里写别的角色。
problem-catalogue-share = { $detail } 不是合适的比例。
problem-catalogue-share-hint = 分子大于零，不超过分母；写了 more_than 的须小于分母。
problem-catalogue-tiers = 档次“{ $detail }”的金额不对。
problem-catalogue-tiers-hint = 金额由小到大；只有最后一档不写 below_fen。
problem-catalogue-frequency = 公开频次没有“{ $detail }”。
problem-catalogue-frequency-hint = 写 month、quarter、year、event 或 standing。
problem-catalogue-duty-due = 频次为“{ $detail }”，却没有写什么时候公开。
problem-catalogue-duty-due-hint = 按月、季、年的写 due_day，按事件的写 due_after。
problem-catalogue-channel-screen = 公开事项“{ $detail }”只在屏幕上公开。
problem-catalogue-channel-screen-hint = 至少有一种渠道不用屏幕，如公开栏、入户、广播。
problem-catalogue-profile-shows = 字段“{ $detail }”一律不得公开。
problem-catalogue-profile-shows-hint = 写 hide，或者删去这一行。
problem-catalogue-calendar-day = { $detail } 不属于这一年。
problem-catalogue-calendar-day-hint = 只写本年的日期，以及相邻的上年12月、下年1月。
problem-catalogue-calendar-weekday = 调休上班日 { $detail } 不是星期六或者星期日。
problem-catalogue-calendar-weekday-hint = 对照国务院办公厅的放假通知。
problem-catalogue-calendar-both = { $detail } 既是放假日，又是上班日。
problem-catalogue-calendar-both-hint = 对照国务院办公厅的放假通知，只留一处。
problem-catalogue-overlay-fixed = 县里不能改这一处：{ $detail }。
problem-catalogue-overlay-fixed-hint = 县级文件可以新增，可以改名称，可以收紧标明 local 的期限；依据只增不减。这一项没有采用。
problem-catalogue-overlay-basis = 县里改了{ $detail }年的日历，却没有写明自己的依据。
problem-catalogue-overlay-basis-hint = 在 basis 里原有依据之外补上本地的公告。这里用的仍是共同的日历。
problem-catalogue-overlay-looser = 县里的规定比上级宽：{ $detail }。
problem-catalogue-overlay-looser-hint = 时限只能缩短，公示期只能延长，公开只能更早、更广、更勤。这一项没有采用。
problem-catalogue-overlay-wider = 县里多公开了个人信息：{ $detail }。
problem-catalogue-overlay-wider-hint = 字段只能公开得更少。这一项没有采用。
problem-catalogue-overlay-gap = 按县里的文件，{ $detail } 这一天没有规定可用。
problem-catalogue-overlay-gap-hint = 补上这一段时间的版本。这一项没有采用。

# 登记簿
problem-database-address = 数据库地址看不懂。
problem-database-address-hint = 写 SQLite 文件路径，或 postgres:// 开头的地址。
problem-database-unreachable = 数据库打不开：{ $detail }
problem-database-unreachable-hint = 核对地址，看服务是否在运行、这个库是否建好。
problem-database-not-empty = 要恢复到的数据库不是空的。什么都没有改动。
problem-database-not-empty-hint = 新建一个空库，再恢复到里面。
problem-postgres-tool-missing = 这台机器上没有程序 { $tool }。
problem-postgres-tool-missing-hint = 它随 PostgreSQL 一起提供：装上客户端程序，并放进 PATH。
problem-login-taken = 登录名已被使用。
problem-login-taken-hint = 换一个登录名。
problem-place-taken = 这个地区已经有了。
problem-place-taken-hint = 检查代码。
problem-kinship-with-oneself = 一个人不能和自己有亲属关系。
problem-kinship-with-oneself-hint = 检查两个编号。
problem-span-backwards = 结束日早于开始日。
problem-span-backwards-hint = 检查日期。
problem-already-there = 已经登记过（{ $constraint }）。
problem-already-there-hint = 不用再登记。
problem-row-unknown = 引用了没有登记的人或地区（{ $constraint }）。
problem-row-unknown-hint = 先登记，再办理。
problem-value-not-allowed = 值不在允许范围内（{ $constraint }）。
problem-value-not-allowed-hint = 检查代码的写法。
problem-not-registered = 没有登记的{ $what ->
        [case] 公开内容
        [cause] 原因
        [clue] 线索
        [dual-check] 双查
        [finding] 问题
        [look] 查看申请
        [model] 模型
        [office] 部门
        [part] 身份
        [rectification] 整改
        [partner] 机关
        [handover] 移送
        [letter] 监督建议
        [post-duty] 责任
        [entry] 登记
        [regulation] 制度
        [dual-waiver] 不适用一案双查
        [source] 渠道
        [account] 账号
        [deadline-rule] 时限规则
        [document] 文件
        [inquiry] 询问
        [step] 步骤
        [report] 反映件
        [duty] 公开事项
        [duty-of-power] 权力事项的公开事项
        [ground] 回避情形
        [import] 导入批次
        [matter] 事项
        [notice] 公示
        [person] 人员
        [place] 地区
        [post] 任职
        [power] 权力事项
        [preparation] 待发公示
        [profile] 公开字段清单
        [question] 质询
        [relation] 亲属关系
        [request] 诉求
        [role] 角色
        [session] 登录
        [campaign] 专项监督
        [cooperation] 协作
        [key-item] 重点事项
        [measure] 措施
        [point] 清单事项
        [stepped-list] 季度名单
        [stepped-village] 提级监督
        [thing] 涉及的事
        *[other] { $what }
    }：{ $key }。
problem-not-registered-hint = 检查编号或代码。
problem-field-not-public = 字段 { $field } 按清单 { $profile } 不得公开。
problem-field-not-public-hint = 去掉这个字段。
problem-password-short = 口令太短，至少 { $least } 个字符。
problem-password-short-hint = 换一个更长的。
problem-account-locked = 账号因多次输错口令暂时锁定。
problem-account-locked-hint = 过一刻钟再试。
problem-entry-not-signed = 第 { $leaf } 条还没有编入签名的日志。
problem-entry-not-signed-hint = 先运行 mingbai log checkpoint。
problem-document-missing = 材料文件不在。
problem-document-missing-hint = 从备份恢复。
problem-backup-none = 这里没有备份。
problem-backup-none-hint = 检查文件夹。
problem-backup-changed = 备份里的文件缺失或被改动。
problem-backup-changed-hint = 换一份备份。
problem-not-in-log = { $number } 不在公开日志里。
problem-not-in-log-hint = 检查编号。
problem-proof-refused = 证明不成立：{ $detail }。
problem-proof-refused-hint = 向发布者要原件，或向上级反映。
problem-proof-other-checkpoint = 证明用的不是这个检查点。
problem-proof-other-checkpoint-hint = 用同一次取得的检查点。
problem-second-factor-none = 这个账号还没有设置第二重验证。
problem-second-factor-none-hint = 先运行 mingbai user enrol。
problem-already-decided = 这件事已经办结。
problem-already-decided-hint = 请刷新页面查看结果。
problem-text-has-number = 公开的文字里有 { $kind ->
    [id_number] 身份证号
    [bank_card] 银行卡号
   *[phone] 手机号
  }。
problem-text-has-number-hint = 请删掉以后再提交：这些号码不能公开。
problem-text-names-person = 公开的文字里像是写了本村人的姓名：{ $name }
problem-text-names-person-hint = 能不写姓名就删掉。确需公开的，请确认后再提交；确认会留下记录。
problem-place-not-closed = 不能这样撤销：县级不能撤销，日期不能早于设立、晚于今天。
problem-place-not-closed-hint = 请核对日期。
problem-place-in-use = 还不能撤销：下面还有 { $places } 个地方、{ $posts } 个任职没有结束。
problem-place-in-use-hint = 先撤销下面的地方、结束任职，再撤销这里。
