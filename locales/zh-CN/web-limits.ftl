# 收得下多少、收什么样的文件。

web-error-large = 提交的内容太长
web-error-large-hint = 请分成几次提交，或者删掉一些内容。

problem-upload-many = 一次只能传一个文件。
problem-upload-many-hint = 请一个一个地传。
problem-document-kind = 这种文件收不了。
problem-document-kind-hint = 请用 PDF、OFD、照片（JPG、PNG）或者 Word、Excel 文件。
problem-text-length = 文字太长。
problem-text-length-hint = 最多 { $most } 个字。
problem-request-again = 这件事您已经提过，还在办理。
problem-request-again-hint = 在“查我的补贴”页面的底部可以看到办理情况。
problem-requests-many = 您有很多诉求还在办理。
problem-requests-many-hint = 最多同时办理 { $most } 件；等有了答复再提，急事请到镇里当面说。
