# 监督：命令行的问题
problem-code-unknown = 没有“{ $code }”这个代码。
problem-code-unknown-hint = 用 --help 查看可用的代码。
problem-person-not-one = 有 { $count } 人符合，须写明一个人。
problem-person-not-one-hint = 写人员编号。
