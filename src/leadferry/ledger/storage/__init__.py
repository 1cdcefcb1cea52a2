"""The hot SQL: read a page of due contacts, record what became of them.

Each statement is written once, over rows of typed columns; how many rows travel at a time is the
store's own affair (``sqlite.write``: one by one in one prepared statement; ``postgres.write``: as
arrays). Both are kept equal by tests that run on either.
"""
