"""A certificate of a nonsingular template matrix as a file that the proof assistant Coq checks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from kernels.boundary.exceptions import InvalidInputError
from theory.enclosure.certificate import MatrixCertificate
from theory.enclosure.verifier import statement

_PROOF = Path(__file__).with_name("quadratic_form.v")
"""The theorem and its proof, for certificates of any size."""

_PLACES = 128
"""Behind the point, at least: radii are rounded up there, far below what they are."""

_DIGITS = 6
"""Of what is claimed."""

_HARMLESS = "[](){}<>.,:;=-+'_ "
"""What a comment in Coq may have besides letters and digits: a quote or a star might end it."""

Numbers = dict[str, Any]


def require_name(path: Path) -> None:
    """Refuse a file that Coq would not read: it takes the name for an identifier.

    Raises:
        InvalidInputError: a name that does not end in ``.v``, or is no identifier before that.

    >>> require_name(Path("proofs/same-different.v"))
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: path = 'proofs/same-different.v': give a name ...
    """
    name = path.stem
    if path.suffix != ".v" or not (name[:1] + name[1:].replace("'", "_")).isidentifier():
        remedy = "give a name that Coq reads: letters, digits and _, a digit not first, and then .v"
        raise InvalidInputError("path", str(path), remedy)


def coq_file(certificate: MatrixCertificate) -> str:
    """The text of a ``.v`` file that needs Coq's standard library and nothing else.

    It states, and Coq checks, for every real matrix M within the certificate's radii of its
    centre C, all real t with ``|t_i - 1| <= g`` and every real vector x, that

        sum_ij t_i x_i M_ij t_j x_j >= mu |x|^2,    mu > 0.

    That the template matrix is such a ``t_i M_ij t_j``, with M = D' E D' and t = D / D' of the
    certificate, and that the balls hold the kernel's values, stays outside of Coq. Radii are summed
    by rows and not weighted, so that mu may be smaller than the certificate's.

    Raises:
        InvalidInputError: the rows' sums of radii are more than the certificate has room for.
    """
    given = _numbers(certificate.content)
    claim = _claim(given)
    if claim <= 0:
        raise InvalidInputError(
            "certificate",
            str(certificate),
            "its radii, summed by rows, are too large for Coq's bound; tighten the tolerance",
        )
    given |= {"numerator": claim.numerator, "denominator": claim.denominator}
    r = len(given["centre"])
    return "\n".join(
        [
            _heading(certificate.content, claim),
            _PROOF.read_text(encoding="utf-8"),
            *(f"Definition {name} := {_shown(value)}." for name, value in given.items()),
            _THEOREM.replace("SIZE", str(r)).replace("GIVEN", textwrap.fill(" ".join(given), 80)),
        ]
    )


_THEOREM = """
Theorem positive_definite (M : nat -> nat -> R) (t x : nat -> R) :
  (forall i j, (i < SIZE)%nat -> (j < SIZE)%nat ->
     Rabs (IZR (2 ^ places) * M i j - IZR (entry centre i j)) <= IZR (entry radii i j)) ->
  (forall i, (i < SIZE)%nat ->
     Rabs (IZR (2 ^ relative_places) * (t i - 1)) <= IZR relative) ->
  0 < IZR numerator / IZR denominator /\\
  IZR numerator / IZR denominator * sum SIZE (fun i => x i * x i)
    <= sum SIZE (fun i => sum SIZE (fun j => x i * (t i * M i j * t j) * x j)).
Proof.
  apply (sound GIVEN).
  vm_compute. reflexivity.
Qed.

Print Assumptions positive_definite.
"""
"""Of the numbers that are given."""


def _numbers(content: Numbers) -> Numbers:
    """The certificate in whole numbers over powers of 2, and the margin that it leaves."""
    bits, r = int(content["bits"]), len(content["templates"])
    exact = [Fraction(entry) for row in content["centre"] for entry in row]
    shift = Fraction(content["shift"])
    places = max(_PLACES, *(_places(number) for number in [*exact, shift]))
    lower = [
        [*map(int, row), 1 << bits, *[0] * (r - 1 - i)] for i, row in enumerate(content["lower"])
    ]
    given = {
        "centre": [[_up(entry, places) for entry in row] for row in content["centre"]],
        "radii": [[_up(radius, places) for radius in row] for row in content["radii"]],
        "shift": _up(shift, places),
        "places": places,
        "lower": lower,
        "pivots": [int(pivot) for pivot in content["pivots"]],
        "bits": bits,
        "relative": _up(content["relative"], _PLACES),
        "relative_places": _PLACES,
    }
    return given | {"margin": _margin(given)}


def _margin(given: Numbers) -> int:
    """``c - max_i sum_j (|C - c I - L diag(d) L^T| + R)_ij``, over ``2**(3 bits + places)``."""
    cube, unit = 1 << 3 * given["bits"], 1 << given["places"]
    lower, shift, rows = given["lower"], given["shift"], []
    for i, (centre, radii) in enumerate(zip(given["centre"], given["radii"], strict=True)):
        weighted = [a * d for a, d in zip(lower[i], given["pivots"], strict=True)]
        row = 0
        for j, (entry, radius) in enumerate(zip(centre, radii, strict=True)):
            product = sum(a * b for a, b in zip(weighted, lower[j], strict=True))
            left = cube * (entry - shift * (i == j)) - unit * product
            row += abs(left) + cube * radius
        rows.append(row)
    return cast(int, cube * shift - max(rows))


def _claim(given: Numbers) -> Fraction:
    """``(1 - g)^2`` times the margin, rounded down to a few digits."""
    room = 1 - Fraction(given["relative"], 1 << given["relative_places"])
    bound = room**2 * Fraction(given["margin"], 1 << 3 * given["bits"] + given["places"])
    if bound <= 0:
        return bound
    digits = _DIGITS
    while bound * 10**digits < 10 ** (_DIGITS - 1):
        digits += 1
    return Fraction(int(bound * 10**digits), 10**digits)


def _places(number: Fraction) -> int:
    """Binary digits of a float behind the point."""
    return number.denominator.bit_length() - 1


def _up(number: float | Fraction, places: int) -> int:
    """In units of ``2**-places``, rounded up."""
    scaled = Fraction(number) * (1 << places)
    return -(-scaled.numerator // scaled.denominator)


def _shown(value: object) -> str:
    """Whole numbers, or lists of them, in Coq's words."""
    if isinstance(value, list):
        return f"[{_joined(value)}]%Z"
    return f"({value})%Z"


def _joined(values: Sequence[object]) -> str:
    inner: Iterable[str] = (
        f"[{_joined(one)}]" if isinstance(one, list) else f"({one})" for one in values
    )
    return ";\n  ".join(inner) if isinstance(values[0], list) else "; ".join(inner)


def _heading(content: Numbers, claim: Fraction) -> str:
    """A comment that says of what, and by which premise."""
    said = "".join(
        letter if letter.isalnum() or letter in _HARMLESS else f"U+{ord(letter):04X}"
        for letter in statement(content)
    )
    said = textwrap.fill(f"{said}.", 97, initial_indent="   ", subsequent_indent="   ")
    return f"""\
(* A template matrix N is positive definite: {float(claim):.6g} is below its eigenvalues.

{said}

   Checked by Coq: the theorem at the end. Not by Coq: that N_ij = t_i M_ij t_j for some M and t
   that the theorem speaks of, which the certificate shows in JSON, of SHA-256
   {content["digest"]}. *)
"""
