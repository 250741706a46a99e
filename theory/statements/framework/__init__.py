"""How a statement is stated, checked and decided; the statements themselves stand beside.

* `statement`, `hypothesis`, `setting`: what is stated, of which tasks and kernels, and the check.
* `claims`, `examination`, `series`, `uncertain`: what a check hands over, undecided.
* `decision`: the one place that decides, at one significance for a whole check.
* `outcome`, `finding`: what comes of it.
* `lookup`: statements by their numbers.
"""
