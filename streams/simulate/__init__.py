"""A seeded contact center: events, registry and truth of a floor with troubles and their benign twins.

`run.simulate` is pure and yields events; `write.write` puts them into files. Same settings, same bytes.
"""
