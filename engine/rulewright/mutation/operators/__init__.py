"""The edits that make mutants, by what they change."""
