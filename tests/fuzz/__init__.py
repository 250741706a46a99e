"""Random input against oracles: ``python -m tests.fuzz [values commands fits balls] --seed 0``.

Each case draws from a stream of its own, so that ``--case`` repeats one. What a run finds becomes
a test; the tests themselves do not depend on chance.
"""
