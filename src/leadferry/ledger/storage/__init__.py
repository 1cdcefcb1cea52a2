"""The hot SQL: read a page of due contacts, record what became of them.

Each statement is written once, over rows of typed columns; how many rows travel at a time is the
store's own affair (``rows.RowStatement``: by the hundred in SQLite, as arrays in PostgreSQL). Both are kept
equal by tests that run on either.
"""
