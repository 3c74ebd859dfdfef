# 数据问题
problem-dataset-unknown = 没有叫“{ $name }”的数据集。
problem-dataset-unknown-hint = 可用的有：{ $known }。
problem-file-not-readable = 这个文件打不开，或不是文字文件。
problem-file-not-readable-hint = 请核对文件名和权限。
problem-folder-exists = 这个位置已经有文件夹了。
problem-folder-exists-hint = 换一个名字，或先把旧的移走。
problem-model-exists = 这个模型文件夹已经有了。
problem-model-exists-hint = 换一个名字。
problem-model-id = 模型名“{ $model }”不合规则。
problem-model-id-hint = 只用小写字母、数字和连字符，例如 benefit-after-death。
problem-model-unknown = 没有叫“{ $model }”的模型。
problem-model-unknown-hint = 用 mingbai model list 查看全部模型。
problem-no-run-yet = 这个数据文件夹还没有运行过模型。
problem-no-run-yet-hint = 先用 mingbai screen 运行。
problem-param-not-readable = 看不懂参数“{ $value }”。
problem-param-not-readable-hint = 写成 模型名.参数名=整数，例如 benefit-after-death.grace_months=2。
problem-person-not-found = 没有这个身份证号的记录。
problem-person-not-found-hint = 请核对号码；查询已经留痕。
problem-programme-code-unknown = 目录里没有“{ $code }”。
problem-programme-code-unknown-hint = 代码见 mingbai programmes 或 catalogues/benefits。
problem-totals-differ = 文件自己写的合计是 { $stated } 元，各行相加是 { $found } 元。
problem-totals-differ-hint = 请和提供文件的单位核对。
problem-truth-header = 答案文件的第一行应是 category,id_number。
problem-truth-header-hint = 补上这一行。
problem-truth-line = 这一行应是“模型名,身份证号”（按村的模型写村的全名）。
problem-truth-line-hint = 改正后再试。
