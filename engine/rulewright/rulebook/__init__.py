"""A rulebook as files and entries, before anything is compiled."""
