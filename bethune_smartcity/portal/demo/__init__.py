"""The demonstration: the city's call of 2017 replayed through the portal's own operations, and a call open today.

Facts of record: the call's dates, its 67 applications from five countries, the six finalists, the three laureates, the
public prize and the 8,000 euros. Everything else is invented, and says so on the pages.
"""
