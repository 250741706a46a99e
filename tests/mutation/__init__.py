"""Are the tests sharp? Small faults are put into copies of the code, and the tests must see them.

``python -m tests.mutation kernels/activations --sample 25 --seed 0`` runs one room; `table` says
which tests should see a fault of which module. ``docs/mutants.md`` says what came of it, and why
this is not done by a tool of others.
"""
