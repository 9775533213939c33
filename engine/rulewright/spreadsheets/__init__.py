"""Workbooks and CSV files, cell by cell."""
