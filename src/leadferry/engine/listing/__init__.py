"""The list of contacts: filtered, ordered, and read a page at a time, however many there are.

wanted -> conditions -> walk (narrow or wide) -> pages
"""
