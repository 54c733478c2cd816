"""How a jury's marks become a standing, and who reads what: pure functions.

Nothing here knows Django, the database or the clock: plain numbers in, frozen
objects out, the same answer for the same input on every machine.
"""
