"""A seeded contact center: events, registry and truth of a floor with troubles and their benign twins.

`plan.floor` settles a run, `run.simulate` is pure and yields its events, `write.write` makes files of them.
Same settings, same bytes.
"""
