problem-count-not-a-number = A whole number is wanted.
problem-count-not-a-number-hint = Write digits only, such as 26.
problem-field-empty = This field is empty.
problem-field-empty-hint = Fill it in and send the form again.
problem-upload-broken = The file did not arrive whole, or is too large.
problem-upload-broken-hint = A file may have 20 MB; on a bad network, try again.
problem-upload-empty = No file was chosen.
problem-upload-empty-hint = Choose a file or take a picture first.
