"""Cases: files, tables and shared facts, read against a vocabulary."""
