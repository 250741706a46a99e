"""What the checks of several statements share.

* `instances`: what is examined, and what is made of a task before it is.
* `claims`: what several statements say, decided in one place each.
* `second_routes`: a number computed anew, by the words of its definition.
"""
