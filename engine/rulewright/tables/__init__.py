"""Spreadsheets: decision tables out of a rulebook and back into it, and empty workbooks for cases.

Reading is done in `language` (`csvtables`, `workbooks`, `casebooks`): rules and cases may stand in
a workbook as they are.
"""
