# Problems in data
problem-dataset-unknown = There is no data set “{ $name }”.
problem-dataset-unknown-hint = Known ones: { $known }.
problem-file-not-readable = This file cannot be opened, or is no text file.
problem-file-not-readable-hint = Check its name and rights.
problem-folder-exists = There is a folder here already.
problem-folder-exists-hint = Choose another name, or move the old one away first.
problem-model-exists = This model's folder exists already.
problem-model-exists-hint = Choose another name.
problem-model-id = “{ $model }” is no name for a model.
problem-model-id-hint = Use lower-case letters, digits and hyphens only, as in benefit-after-death.
problem-model-unknown = There is no model “{ $model }”.
problem-model-unknown-hint = mingbai model list shows all.
problem-no-run-yet = No model has been run over this data folder.
problem-no-run-yet-hint = Run mingbai screen first.
problem-param-not-readable = The parameter “{ $value }” cannot be read.
problem-param-not-readable-hint = Write MODEL.NAME=WHOLE NUMBER, as in benefit-after-death.grace_months=2.
problem-person-not-found = No row belongs to this ID number.
problem-person-not-found-hint = Check the number; the look has been recorded.
problem-programme-code-unknown = The catalogue has no “{ $code }”.
problem-programme-code-unknown-hint = See mingbai programmes or catalogues/benefits for the codes.
problem-totals-differ = The file's own total says { $stated } yuan, its rows sum to { $found } yuan.
problem-totals-differ-hint = Ask the office that handed it over.
problem-truth-header = The first line of a truth file must be category,id_number.
problem-truth-header-hint = Add that line.
problem-truth-line = This line must be a model name, a comma, and an ID number (or a village path).
problem-truth-line-hint = Correct it and try again.
