"""What the checks of several statements share, one room each.

* `defaults`, `package_kernels`: tasks and kernels that are examined where none is given.
* `scale`, `strings`, `samples`, `overlaps`: what is made of a task before it is examined.
* `exhaustion`: matching by the words of Definition 3.1.
* `tails`: means whose radius rests on a known variance or range.
* `nonsingular`, `failures`, `falls`: claims that several statements make.
"""
