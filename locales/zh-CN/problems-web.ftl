problem-count-not-a-number = 要填整数。
problem-count-not-a-number-hint = 请只写数字，例如 26。
problem-field-empty = 这一项没有填。
problem-field-empty-hint = 请填写以后再提交。
problem-upload-broken = 文件没有传完，或者太大。
problem-upload-broken-hint = 单个文件不超过 20 MB；网络不好时请再试一次。
problem-upload-empty = 没有选择文件。
problem-upload-empty-hint = 请先选择文件或者拍照。
