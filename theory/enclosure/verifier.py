"""Check a certificate that a template matrix is nonsingular: ``python verifier.py FILE``.

This file stands alone: it needs Python and python-flint, and nothing of the package that wrote the
certificate. It believes the balls around the values of the kernel, which are the certificate's
premise, and samples a few of them; everything from there on is checked in exact arithmetic.

What is checked, for r templates. A pair of templates is one pair of strings, whose wildcards are
tokens of their own; its value lies in a ball. Where the kernel is D E D, with a factor of each
string and one of each pair, the balls give E and D. The certificate has floats D', C, R and g with

    |D_i / D'_i - 1| <= g,      |D'_i E_ij D'_j - C_ij| <= R_ij,

a number c, a unit lower triangular L and a diagonal d above 0, and a vector x above 0. Then

    N = (I + G) (C + R') (I + G),   |G| <= g,   |R'| <= R,
    C - c I = L diag(d) L^T + F,

L diag(d) L^T has no eigenvalue below 0, and a symmetric F none above its largest row sum of sizes;
the norm of R' is at most the largest (R x)_i / x_i (Collatz and Wielandt). So

    smallest eigenvalue of N >= (1 - g)^2 (c - max_i sum_j |F_ij| - max_i (R x)_i / x_i),

which must be at least what is claimed, and above 0.

The balls are the attention kernel's, whose parameters are given with those of the activation. A
kernel with a name alone has balls of its own; nothing ties them to it, and the verdict says so.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from flint import arb, ctx

FORMAT = "template-kernels matrix certificate, version 2"
FIELDS = {
    *("format", "digest", "kernel", "templates", "values", "scales", "relative", "centre"),
    *("radii", "weights", "shift", "bits", "lower", "pivots", "smallest_eigenvalue"),
}
"""A certificate's, no more and no less: what is not checked is not there."""

PARAMETERS = {"cos": ("b1", "b2"), "sin": ("b1", "b2"), "exp": ("scale",)}
"""The activations that are computed here, each with its parameters."""

WILDCARDS = "αβγδεζηθικλμνξοπρςστυφχψω"
"""Each alone stands for a token; everything else is a token itself."""

SAMPLED, DRAWS = 3, 5_000
"""How many values are sampled, and Gaussian draws for each of them."""

STANDARD_ERRORS = 6.0
"""How far a sample may be from its ball: more in one of 5e8."""


class Refuted(Exception):  # noqa: N818 - it is what happened to the certificate
    """What is wrong with a certificate."""


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of everything but the digest, with keys in order."""
    rest = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def verify(content: dict[str, Any]) -> Fraction:
    """The lower bound of the smallest eigenvalue that the certificate proves.

    Raises:
        Refuted: the certificate proves nothing, and why.
    """
    try:
        _require(content["format"] == FORMAT, "an unknown format")
        _require(content["digest"] == digest(content), "the digest is not that of the content")
        _require(set(content) == FIELDS, "a field is missing, or one too many")
        _check_kernel(content["kernel"])
        with ctx.workprec(192):
            _check_balls(content)
        bound = _bound(content)
        claimed = Fraction(content["smallest_eigenvalue"])
        _require(0 < claimed <= bound, f"{float(bound):.6g} is proved, less than is claimed")
        _check_samples(content)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Refuted(f"a field is missing or malformed: {error!r}") from error
    return bound


def rounded_down(bound: Fraction) -> float:
    """The largest float that is not above the bound."""
    value = float(bound)
    return value if Fraction(value) <= bound else math.nextafter(value, -math.inf)


def _require(holds: bool, fault: str) -> None:
    if not holds:
        raise Refuted(fault)


def statement(content: dict[str, Any]) -> str:
    """Of which templates and which kernel, and by which premise."""
    kernel = dict(content["kernel"])
    templates = ", ".join("".join(template) for template in content["templates"])
    if "name" in kernel:
        premise = f"that {kernel['name']!r} has them is not checked"
        return f"for templates {templates} and any kernel with the values that are given; {premise}"
    shown = kernel | {"activation": "none"} | (kernel.pop("activation") or {})
    shown["activation"] = shown.pop("name", "none")
    of = ", ".join(f"{key} = {value}" for key, value in shown.items())
    return f"for templates {templates} and the kernel with {of}, if the balls hold its attention"


def _check_kernel(kernel: dict[str, Any]) -> None:
    """A name alone, or the parameters of an attention kernel and an activation that is known."""
    if "name" in kernel:
        _require(set(kernel) == {"name"}, "a kernel has a name, or parameters that are checked")
        return
    fields = {"activation", "beta", "gamma"}
    _require(set(kernel) == fields, "a kernel's field is missing, or one too many")
    activation, numbers = kernel["activation"], [kernel["beta"], kernel["gamma"]]
    _require(min(numbers) >= 0, "beta and gamma of at least 0 are needed")
    if activation is not None:
        _require(activation["name"] in PARAMETERS, "an unknown activation")
        parameters = PARAMETERS[activation["name"]]
        _require(set(activation) == {"name", *parameters}, "an activation's fields differ")
        numbers += [activation[key] for key in parameters]
    _require(all(type(one) is float and abs(one) < math.inf for one in numbers), "no numbers")


def _check_balls(content: dict[str, Any]) -> None:
    """C, R, D' and g against the balls of the kernel's values."""
    templates, activation = content["templates"], content["kernel"].get("activation")
    r, named = len(templates), activation is not None
    _require(r > 0 and len(set(map(len, templates))) == 1, "templates need one length")
    values = {_key(one["x"], one["y"]): one for one in content["values"]}
    _require(len(values) == len(content["values"]), "a value is given twice")
    scales, relative = content["scales"], Fraction(content["relative"])
    _require(len(scales) == r and all(scale > 0.0 for scale in scales), "scales above 0 are needed")
    _require(0 <= relative < 1, "g must be at least 0 and below 1")
    for i, template in enumerate(templates):
        x = _substituted(template, "x")
        factor = arb(1)
        if named:
            factor = _factor(activation, _ball(values[_key(x, x)]))
        off = abs(factor / arb(scales[i]) - 1)
        _require(off <= _ball_of(relative), f"the scale of template {i} is off by more than g")
        for j in range(i + 1):
            ball = _ball(values[_key(x, _substituted(templates[j], "y"))])
            core = _core(activation, ball) if named else ball
            centre, radius = content["centre"][i][j], content["radii"][i][j]
            _require(
                content["centre"][j][i] == centre and content["radii"][j][i] == radius,
                f"entries {i}, {j} are not symmetric",
            )
            off = abs(arb(scales[i]) * core * arb(scales[j]) - arb(centre))
            _require(off <= arb(radius), f"entry {i}, {j} is off by more than its radius")


def _bound(content: dict[str, Any]) -> Fraction:
    """The bound at the top, in integers."""
    r, bits = len(content["templates"]), int(content["bits"])
    _require(0 < bits < 10_000, "an odd number of bits")
    unit = 1 << bits
    rows = [[int(entry) for entry in row] + [unit] for row in content["lower"]]
    _require([len(row) for row in rows] == list(range(1, r + 1)), "L is not triangular")
    pivots = [int(pivot) for pivot in content["pivots"]]
    _require(len(pivots) == r and all(pivot > 0 for pivot in pivots), "pivots above 0 are needed")
    shift = Fraction(content["shift"])
    sums = [Fraction(0)] * r
    for i in range(r):
        weighted = [entry * pivot for entry, pivot in zip(rows[i], pivots, strict=False)]
        for j in range(i + 1):
            product = sum(a * b for a, b in zip(weighted, rows[j], strict=False))
            given = Fraction(content["centre"][i][j]) - (shift if i == j else 0)
            left = abs(given - Fraction(product, unit**3))
            sums[i] += left
            if i != j:
                sums[j] += left
    weights = [Fraction(weight) for weight in content["weights"]]
    _require(len(weights) == r and min(weights) > 0, "weights above 0 are needed")
    norm = Fraction(0)
    for i in range(r):
        radii = [Fraction(radius) for radius in content["radii"][i]]
        _require(len(radii) == r and min(radii) >= 0, "radii of at least 0 are needed")
        moved = sum((a * b for a, b in zip(radii, weights, strict=True)), Fraction(0))
        norm = max(norm, moved / weights[i])
    return (1 - Fraction(content["relative"])) ** 2 * (shift - max(sums) - norm)


def _check_samples(content: dict[str, Any]) -> None:
    """A few values of the attention kernel, by means over Gaussians: coarse, but independent."""
    kernel, values = content["kernel"], content["values"]
    if "name" in kernel:
        return
    beta, gamma = float(kernel["beta"]), float(kernel["gamma"])
    for place in range(0, len(values), max(1, len(values) // SAMPLED)):
        one = values[place]
        mean, deviation = _sampled(one["x"], one["y"], beta, gamma, random.Random(place))
        allowed = one["radius"] + STANDARD_ERRORS * deviation + 1e-12
        _require(
            abs(mean - one["midpoint"]) <= allowed,
            f"sampling gives {mean:.4f} ± {deviation:.1g} for {one['x']}, {one['y']}, "
            f"and the certificate {one['midpoint']:.4f}",
        )


def _sampled(
    x: list[int], y: list[int], beta: float, gamma: float, rng: random.Random
) -> tuple[float, float]:
    """The mean of ``a^T (X Y^T + gamma^2 I) b`` and its standard error."""
    found = []
    for _ in range(DRAWS):
        tokens = [rng.gauss(0.0, 1.0) for _ in range(1 + max(*x, *y))]
        places = [gamma * rng.gauss(0.0, 1.0) for _ in x]
        a, b = (
            _softmax([beta * (tokens[t] + p) for t, p in zip(string, places, strict=True)])
            for string in (x, y)
        )
        total = gamma * gamma * sum(s * t for s, t in zip(a, b, strict=True))
        for token in set(x) & set(y):
            left = sum(s for s, t in zip(a, x, strict=True) if t == token)
            total += left * sum(s for s, t in zip(b, y, strict=True) if t == token)
        found.append(total)
    mean = math.fsum(found) / DRAWS
    variance = math.fsum((one - mean) ** 2 for one in found) / (DRAWS - 1)
    return mean, math.sqrt(variance / DRAWS)


def _softmax(logits: list[float]) -> list[float]:
    largest = max(logits)
    powers = [math.exp(logit - largest) for logit in logits]
    return [power / sum(powers) for power in powers]


def _substituted(template: list[str], side: str) -> list[str]:
    """The template with wildcards replaced by tokens that no other template's string has."""
    wild = [len(token) == 1 and token in WILDCARDS for token in template]
    return [(side if free else "=") + token for free, token in zip(wild, template, strict=True)]


def _key(x: list[Any], y: list[Any]) -> tuple[int, ...]:
    """Which tokens of two strings are equal; the same for both orders, as the kernel is."""
    found = []
    for tokens in ((*x, *y), (*y, *x)):
        numbers: dict[Any, int] = {}
        found.append(tuple(numbers.setdefault(token, len(numbers)) for token in tokens))
    return min(found)


def _ball(one: dict[str, Any]) -> arb:
    _require(one["radius"] >= 0.0, "a radius below 0")
    return arb(one["midpoint"], one["radius"])


def _ball_of(fraction: Fraction) -> arb:
    return arb(fraction.numerator) / arb(fraction.denominator)


def _factor(activation: dict[str, Any], variance: arb) -> arb:
    """The factor of a string."""
    if activation["name"] == "exp":
        return (arb(activation["scale"]) ** 2 * variance / 2).exp()
    return (-(arb(activation["b1"]) ** 2) * variance / 2).exp()


def _core(activation: dict[str, Any], covariance: arb) -> arb:
    """The factor of a pair."""
    if activation["name"] == "exp":
        return (arb(activation["scale"]) ** 2 * covariance).exp()
    growth = (arb(activation["b1"]) ** 2 * covariance).exp()
    mixing = (2 * arb(activation["b2"])).cos() * (1 if activation["name"] == "cos" else -1)
    return (growth + mixing / growth) / 2


def main(arguments: list[str]) -> int:
    """Check the file named on the command line; 0 where its claim is proved, 1 otherwise."""
    if len(arguments) != 1:
        print("usage: python verifier.py FILE", file=sys.stderr)
        return 2
    try:
        content = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        bound = rounded_down(verify(content))
    except (OSError, ValueError, Refuted) as fault:
        print(f"not proved: {fault}")
        return 1
    print(f"proved: every eigenvalue is at least {bound!r}, {statement(content)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
