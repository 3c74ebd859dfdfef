# How much is taken, and what kinds of files.

web-error-large = What was sent is too long
web-error-large-hint = Please send it in several parts, or take something out.

problem-upload-many = One file at a time.
problem-upload-many-hint = Please send them one after the other.
problem-document-kind = Files of this kind are not taken.
problem-document-kind-hint = Use PDF, OFD, a photo (JPG, PNG), or a Word or Excel file.
problem-text-length = The text is too long.
problem-text-length-hint = At most { $most } letters.
problem-request-again = You have said this already, and it is being looked at.
problem-request-again-hint = How it stands is at the foot of the page of your benefits.
problem-requests-many = Many requests of yours are being looked at.
problem-requests-many-hint = At most { $most } at a time; wait for an answer, or come to the township office.
