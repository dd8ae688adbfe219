"""The rule language, the scoring laws, findings and the audit. Pure: reads no file, knows no Excel."""
