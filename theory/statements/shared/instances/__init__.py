"""What checks examine: tasks and kernels where none is given, and samples and strings of a task.

* `defaults`, `package_kernels`: tasks and kernels.
* `scale`, `strings`, `samples`, `overlaps`: what is made of a task before it is examined.
"""
