"""Every tolerance of the tests, named, with the reason for its size.

A test takes its tolerance from here, so that loosening one shows as a change of this file.
"""

from __future__ import annotations

SYMMETRIC_POLYNOMIAL_ROUNDING = 1e-11
"""Relative. Sums of m positive terms, one after the other, for m up to 1e5: m machine epsilons."""

CHANCE_OF_FALSE_ALARM = 1e-6
"""p-value below which a test of a sampled law fails. Seeds are fixed, so no run fails by chance."""

REDUCED_SOLVE = 1e-8
"""Relative and absolute. Two routes to a ridge prediction, each off by up to the machine epsilon
times the condition number of the n-by-n system: (40 times the kernel's 10) / 1e-2 and n^2 terms."""

STANDARD_ERRORS = 4.0
"""Standard errors by which a seeded sampling estimate may miss: 1 in 16,000 for a Gaussian. Seeds
are fixed, so no run fails by chance."""

PRODUCT_RULE_REFERENCE = 1e-12
"""Absolute. The product rule is asked for 1e-12; the reference values are good to 1e-13."""

TAIL_OF_NORMALS = 1e-3
"""p-value below which 2e5 normals fail a Kolmogorov test; the seed is fixed."""

CLOSED_FORM_ROUNDING = 1e-14
"""Relative to 1 + sqrt(dual(x, x) dual(y, y)) and to the variances: some dozens of roundings."""

QUADRATURE_OF_SMOOTH = 2e-12
"""Absolute, for values of order 1: twice the tolerance at which the quadrature stops."""

LAW_ROUNDING = 1e-12
"""Absolute or relative, for numbers of order 1 to 10 after some hundred roundings."""

REFERENCE_VALUES = 1e-13
"""Absolute. What the published values of the attention kernel are good to."""

SECOND_ROUTE_TOLERANCE = 1e-11
"""Absolute. What the product rule is asked for where it checks the quadrature; its error counts."""

SAME_SUM_IN_ANOTHER_ORDER = 1e-12
"""Relative. Sums of up to 1e6 positive terms in two orders; blocked summation keeps them close."""

TEN_NOMINAL = 10.0
"""Times a grid's nominal tolerance, which a sum meets up to a small factor; estimates do not rely
on it, because their errors are differences of two grids."""

EIGENVALUE_ROUNDING = 1e-14
"""Relative to the trace of a Gram matrix of a few rows: its eigenvalues' rounding."""

GRAM_OPERATOR_ROUNDING = 1e-13
"""Absolute, for kernels of order 1 to 10: an entry is a sum of at most 2^8 kernel values with
signs, each rounded once."""

DENSE_AGAINST_STRUCTURED = 1e-8
"""Absolute, for labels of order 1: the claim for predictions at n = 2,000. Conjugate gradients stop
at a relative residual of 1e-10, which the ridge of 0.1 or more and the kernel row of norm up to
sqrt(n) times 10 could turn into 1e-6 if the error stood in the worst direction; it does not."""

TRUE_RESIDUAL = 1e-12
"""Absolute: two computations of one relative residual, each of n terms of order 1."""

RESIDUAL_FACTOR = 3.0
"""Between the residual of distinct strings and that of all samples, where both are rounding: what
equal samples share is added before it is rounded, or after. Beside it counts 1e-13."""

CLI_CONTRACT = 1e-8
"""Absolute. The command line and the library compute the same number from the same options; where
one of them is left at its default, both are good to 1e-8."""

STRUCTURED_AGAINST_DENSE = 1e-7
"""Relative. Conjugate gradients stop at a residual of 1e-10; the condition number of K + ridge is
below 100 (trace 60, ridge 0.3), the rest is room for kernel values that sums take in two orders."""

EXPERIMENT_REPEATED = 1e-12
"""Absolute. The same computation twice; sums may be taken in another order by another thread."""

PRECONDITIONER_ROUNDING = 1e-10
"""Absolute or relative, for inverses with entries up to 1 / ridge = 3 of matrices whose condition
number is up to 1e5."""

NETWORK_GRADIENTS = 1e-12
"""Absolute. Two routes to gradients of order 1 in a network of some hundred weights."""

DIFFERENCE_QUOTIENT = 1e-8
"""Absolute. A central difference with step 1e-4 of a smooth function of order 1: its error is the
step's square, 1e-8, times a third derivative below 1, plus rounding of 1e-12."""

NETWORK_RENAMING = 1e-12
"""Absolute. Outputs of order 1 of two networks that add the same numbers in another order."""

TANH_SERIES = 1e-15
"""Absolute. A series at 0.3, well inside its radius pi/2, summed to the 60th power."""

HERMITE_ROUTE = 1e-12
"""Absolute. 120 Hermite nodes for tanh^2 of beta g / sqrt 2, beta at most 1."""

CONTOUR_ERRORS = 1e-6
"""Relative to i! j!. Rounding of 1e-15 over the tenth power of a radius of 0.2: the errors that
contour integrals state up to order 10 are no larger, so agreement within them says something."""

SMALL_DETERMINANT = 1e-12
"""Relative. A 3-by-3 determinant and a sum of 6 exponentials, some dozens of roundings each."""

BRACKETED_ROOT = 1e-9
"""Absolute. A sign change is located to 1e-14 in a parameter of order 1; 1e5 times that."""

LIMIT_BY_RIDGE = 1e-3
"""Absolute. The bias of ridge 1e-3 at 1e5 samples a template, N's smallest eigenvalue 1e-3: 1e-5,
times the condition number of N, below 100."""

LIMIT_ROUNDING = 1e-9
"""Absolute. Solving a 2-by-2 system of condition below 1e3."""

SERIES_INSIDE_ITS_DISC = 1e-9
"""Absolute. 80 terms at 0.6 of the radius leave 0.6^80 = 1e-18; the kernel beside it is good to
1e-12, and coefficients read off a circle to 1e-15 over a power of it."""

TRUNCATED_SOFTMAX = 1e-12
"""Absolute. Degree 12 at arguments below 0.1, where the series has radius above 1."""

TRUNCATED_TANGENT = 1e-5
"""Absolute. Degree 10 at a quarter of the radius of convergence, where 4^-10 is 1e-6."""

NO_EXACT_ZERO = 1e-13
"""Relative. A smallest singular value below this much of the largest is rounding."""

UNRESOLVED_PREMISE = 1e-4
"""Absolute. Attention values are good to 1e-6, and sums are over up to three of them, twice."""

PUSHED_QUADRATURE = 1e-5
"""Absolute. 24 Hermite nodes a dimension for a softmax of logits of standard deviation 1.6."""

DERIVATIVE_BY_A = 1e-5
"""Absolute. A central difference with step 1e-3 of entries of order 1: the square of the step
times the third derivative, some units at beta (1 + gamma^2) = 2.2."""

ASYMPTOTIC_SERIES = 1e-11
"""Absolute. At eps 0.2 and V = 2 the first term left out after 12 is 51 * 0.2^26 = 3e-17; of the
terms that are kept the largest is 0.7. The quadrature beside it is good to 1e-13."""

BOUND_ATTAINED = 1e-2
"""Relative. Worst cases of sums and products attain their bounds up to the terms that round outward
and the roundings of the values, at most a few machine epsilons beside bounds from 1e-9 on."""

FALSE_ALARM_DEVIATIONS = 5.0
"""Standard deviations of a share that is counted; a false alarm has a chance of 6e-7."""

TEN_CANONICAL_FORMS = 20.0
"""Seconds. A loaded machine takes two for the slowest family; a search that lists all labellings
takes a minute for a single form."""

IDENTITY_AGAINST_DENSE = 1e-10
"""Relative to the labels. B1 is exact; both routes solve systems of some hundred rows whose
condition number is below 1e5."""

LOEWNER_ROUNDING = 1e-11
"""Relative to the larger side: an eigenvalue that is 0 in theory, after inverses of r-by-r
matrices and solves of some hundred rows."""

REFERENCE_DIGITS = 1e-14
"""Absolute. The reference values differ by up to 5e-15 from sums in balls of radius 1e-20, which is
somewhat more than their stated differences of two steps."""

DUAL_OVERESTIMATE = 8.0
"""Times what a corner of the covariance's box does to a dual, its ball may be as wide: the entries
of a covariance enter a formula several times, and balls count each on its own."""

PROVED_KERNEL_VALUE = 1e-12
"""Absolute, for values of order 1: a dozen times the attention values' own 4e-14, twice over."""

EXACT_SPECTRUM = 1e-5
"""Relative. Inverse iteration from floats leaves the Rayleigh quotient this close at the worst."""

PROVED_BY_STRIP = 1e-13
"""Absolute, for bounds of up to 20 in a strip: rules aim at 1e-18 of the bound's square, and
growth makes of that some hundred times as much."""

FLOAT32_STEPS = 2e-5
"""Absolute. Three steps of Adam from weights of order 1, in float32 and in float64: rounding of
6e-8, divided by gradients' roots that may be as small as 1e-2 of the largest."""

FIRST_ORDER = 1e-6
"""Relative. What a rule leaves out that holds to first order in standard errors of 1e-5: some
units of their square; and the rounding of a difference that small."""

LOGITS_ROUNDING = 1e-12
"""Relative. Means and least moves of a dozen logits of order 1: NumPy's least squares rounds by
1e-16 for each of some dozen terms, times a condition below 1e2."""

DASK_AGAINST_NUMPY = 1e-10
"""Absolute, for labels of order 1: the same iteration, its sums over cells added up in parts."""

ORDER_OVER_CHEAPEST = 2.0
"""Times the operations of the cheapest order: eliminations cost up to 1.4 of it on these."""

ONE_ORDER = 5.0
"""Seconds. A tenth of one on an idle machine; comparing all orders takes a minute at the least."""

ONE_LONG_VALUE = 30.0
"""Seconds for strings of 56 tokens, of which sampling takes most: one on an idle machine."""

PIECES = 1e-12
"""Absolute, for predictions of order 1 from 60 strings whose terms are added in another order."""

SPREAD_OF_150 = 0.25
"""Relative, between the spread of 150 values and their stated standard errors: four of the 0.058
that the spread itself is uncertain by."""

DROPPED_OVER_GAP = 12.0
"""Times what a ball that is too small leaves out, the product rule's error may be: it takes the
largest deviation for all that was dropped."""
