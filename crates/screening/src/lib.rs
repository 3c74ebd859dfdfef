//! SQL models over facts: planning, running, findings, evaluation.
