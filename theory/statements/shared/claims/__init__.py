"""Claims that several statements make.

* `nonsingular`, `failures`, `falls`: a template matrix, a bound with its probability, a power law.
* `tails`: means whose radius rests on a known variance or range.
"""
