"""Which tests should see a fault of which module: quick ones, the likeliest first."""

from __future__ import annotations

TESTS: dict[str, tuple[str, ...]] = {
    "kernels/attention/proved/bounds": (
        "tests/kernels/proved/test_plans.py",
        "tests/kernels/proved/test_bounds.py",
        "tests/kernels/proved/test_lemmas.py",
        "tests/kernels/proved/test_truth.py",
        "tests/kernels/proved/test_product.py",
    ),
    "kernels/attention/proved/sums": (
        "tests/kernels/proved/test_roundings.py",
        "tests/kernels/proved/test_lemmas.py",
        "tests/kernels/proved/test_symmetry.py",
        "tests/kernels/proved/test_truth.py",
        "tests/kernels/proved/test_quadrature.py",
    ),
    "kernels/attention/proved": (
        "kernels/attention/proved",
        "tests/kernels/proved/test_plans.py",
        "tests/kernels/proved/test_roundings.py",
        "tests/kernels/proved/test_precise.py",
        "tests/kernels/proved/test_truth.py",
        "tests/kernels/proved/test_product.py",
        "tests/kernels/proved/test_quadrature.py",
    ),
    "kernels/attention/tensor_network": (
        "tests/kernels/test_contraction_order.py",
        "tests/kernels/test_shift_grid.py",
        "tests/kernels/test_quadrature.py",
        "tests/kernels/test_estimators.py",
    ),
    "kernels/attention/sampling": ("tests/kernels/test_monte_carlo.py",),
    "kernels/attention/symmetry": (
        "tests/kernels/test_canonical.py",
        "tests/kernels/test_multigraph.py",
    ),
    "kernels/attention/product_rule.py": ("tests/kernels/test_product_rule.py",),
    "kernels/attention": ("tests/kernels/test_automatic.py", "tests/kernels/test_quadrature.py"),
    "kernels/activations/proved": (
        "tests/kernels/activations/test_proved_duals.py",
        "tests/kernels/proved/test_analytic.py",
    ),
    "kernels/activations": (
        "kernels/activations",
        "tests/kernels/activations/test_rounding.py",
        "tests/kernels/activations/test_activation_forms.py",
        "tests/kernels/activations/test_activations.py",
        "tests/kernels/activations/test_proved_duals.py",
        "tests/kernels/activations/test_custom_activations.py",
    ),
    "kernels/regression/operator": (
        "tests/regression/test_gram_operator.py",
        "tests/regression/test_preconditioners.py",
        "tests/regression/test_chunks.py",
        "tests/regression/test_ridge.py",
        "tests/regression/test_accuracy.py",
    ),
    "kernels/regression/arrays": (
        "kernels/regression/arrays",
        "tests/regression/test_arrays.py",
        "tests/regression/test_dask.py",
        "tests/regression/test_jax.py",
    ),
    "kernels/regression/preconditioners": (
        "tests/regression/test_preconditioners.py",
        "tests/regression/test_stops.py",
        "tests/regression/test_ridge.py",
    ),
    "kernels/regression/solvers": (
        "kernels/regression/solvers",
        "tests/regression/test_stops.py",
        "tests/regression/test_accuracy.py",
    ),
    "kernels/regression": (
        "kernels/regression",
        "tests/regression/test_ridge_input.py",
        "tests/regression/test_gram_operator.py",
        "tests/regression/test_ridge.py",
        "tests/regression/test_preconditioners.py",
        "tests/regression/test_stops.py",
        "tests/regression/test_chunks.py",
        "tests/regression/test_weights.py",
        "tests/regression/test_accuracy.py",
        "tests/regression/test_proved_ridge.py",
    ),
    "theory/derivatives/given_strings": (
        "theory/derivatives/given_strings",
        "tests/derivatives/test_strings.py",
        "tests/derivatives/test_length_two.py",
    ),
    "theory/derivatives/separation": (
        "theory/derivatives/separation",
        "tests/derivatives/test_separation.py",
    ),
    "theory/derivatives/series": (
        "theory/derivatives/series",
        "tests/derivatives/test_length_two.py",
        "tests/derivatives/test_repeated_token.py",
    ),
    "theory/derivatives/symbolic": (
        "theory/derivatives/symbolic",
        "tests/derivatives/test_table.py",
        "tests/derivatives/test_identities.py",
    ),
    "theory/derivatives": ("theory/derivatives", "tests/derivatives"),
    "theory/given_templates.py": ("theory/given_templates.py", "tests/theory/tasks/test_task.py"),
    "theory/transformer_law.py": (
        "theory/transformer_law.py",
        "tests/networks/test_transformer.py",
    ),
    "theory": (
        "theory/disjoint.py",
        "theory/laws.py",
        "theory/substitution.py",
        "theory/symbolic_task.py",
        "theory/task.py",
        "theory/template.py",
        "theory/tuple_law.py",
        "tests/theory/tasks/test_template.py",
        "tests/theory/tasks/test_task.py",
        "tests/theory/tasks/test_laws.py",
        "tests/theory/tasks/test_symbolic_task.py",
        "tests/theory/tasks/test_disjoint.py",
        "tests/theory/tasks/test_catalogue.py",
    ),
}
"""By folder or file; the longest name that fits a module holds."""

TOP_LEVEL = {"theory"}
"""Rooms of which only the files of the top are meant."""


def chosen_tests(path: str) -> tuple[str, ...]:
    """The tests of a module.

    Raises:
        KeyError: the table has none.

    >>> chosen_tests("kernels/attention/sampling/streams.py")
    ('tests/kernels/test_monte_carlo.py',)
    """
    fitting = [name for name in TESTS if path == name or path.startswith(f"{name}/")]
    return TESTS[max(fitting, key=len, default=path)]
