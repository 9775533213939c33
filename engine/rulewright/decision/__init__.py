"""From answers of an engine to a decision and its outcome."""
