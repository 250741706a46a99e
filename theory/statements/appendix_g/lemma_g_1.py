"""Lemma G.1, at the axes beta = 0 and gamma = 0 and off them (open point 1)."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64

from kernels.attention.automatic import Automatic
from kernels.estimates import ErrorKind, Estimate, EstimateArray, Numerical
from kernels.transformer import AttentionKernel
from theory.derivatives.series import repeated_token
from theory.derivatives.series.length_two import coefficients, convergence, lower_bound, true_value
from theory.statements.framework.claims import Claim, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement

_BOUNDED = 1.5
"""Between 1, the growth of a bounded root from n/2 to n, and 2, that of one like n."""


def disc_coefficients(centre: float, radius: float, terms: int) -> Float64[np.ndarray, " n"]:
    """Taylor coefficients in beta of kappa(., 0) of ``A[CLS]`` with itself, at a centre above 0.

    With u = beta g the integrand no longer depends on beta, whose place is in the density
    ``exp(-u^2 / (2 beta^2)) / beta``: analytic where Re(1 / beta^2) > 0, the disc of radius
    ``centre / sqrt 2`` included. The coefficients are read off a circle.
    """
    points = 256
    beta = centre + radius * np.exp(2j * np.pi * np.arange(points) / points)
    u = np.arange(-60.0, 60.0, 1.0 / 64.0) * centre
    density = np.exp(-(u**2)[None, :] / (2.0 * beta[:, None] ** 2)) / beta[:, None]
    weights = np.tanh(u / math.sqrt(2.0)) ** 2 * (u[1] - u[0]) / math.sqrt(2.0 * math.pi)
    values = 0.5 * (1.0 + density @ weights)
    found: Float64[np.ndarray, " n"] = np.fft.fft(values).real[:terms] / points
    return found / radius ** np.arange(terms)


def torus_coefficients(
    centre: tuple[float, float], radius: float, terms: int
) -> Float64[np.ndarray, "n n"]:
    """Taylor coefficients in (beta, gamma) of kappa of ``A[CLS]`` with itself, off the axes.

    With ``s = beta sqrt(1 + gamma^2)`` it is ``(1 + gamma^2) / 2 (1 + E tanh(s g / sqrt 2)^2)``,
    analytic where Re(1 / s^2) > 0, as in `disc_coefficients`: on the polydisc of radius 0.3 about
    (1, 1), say. The coefficients are read off a torus.
    """
    points = 64
    circle = radius * np.exp(2j * np.pi * np.arange(points) / points)
    beta, gamma = (centre[0] + circle)[:, None], (centre[1] + circle)[None, :]
    square = (beta**2 * (1.0 + gamma**2)).ravel()
    u = np.arange(-40.0, 40.0, 0.125)
    density = np.exp(-(u**2)[None, :] / (2.0 * square[:, None])) / np.sqrt(square)[:, None]
    weights = np.tanh(u / math.sqrt(2.0)) ** 2 * 0.125 / math.sqrt(2.0 * math.pi)
    values = 0.5 * (1.0 + gamma**2) * (1.0 + density @ weights).reshape(points, points)
    found: Float64[np.ndarray, "n n"] = np.fft.fft2(values).real[:terms, :terms] / points**2
    powers = radius ** np.arange(terms)
    return found / np.outer(powers, powers)


def _off_the_axes() -> Claim:
    """The series in both variables at (1, 1), against the kernel's own value at (1.1, 1.15)."""
    beta, gamma, terms = 1.1, 1.15, 32
    series = torus_coefficients((1.0, 1.0), 0.3, terms)
    powers = np.arange(terms)
    summed = float((beta - 1.0) ** powers @ series @ (gamma - 1.0) ** powers)
    return Equal(
        "off both axes: the series at (1, 1) gives the kernel at (1.1, 1.15)",
        Estimate(summed, Numerical(1e-8)),
        AttentionKernel(beta, gamma, Automatic(tolerance=1e-9))("A", "A"),
        resolution=1e-6,
    )


def examine_analyticity(setting: Setting) -> Examination:
    """Exact coefficients at beta = 0, against a lower bound whose growth leaves no radius.

    At beta = 1, and at (1, 1) in both variables, the Taylor series is compared with the kernel. At
    gamma = 0 the growth of the coefficients is numerical; that it has no end is proved in
    `theory.derivatives.series.repeated_token`.
    """
    order = 40 if setting.quick else 60
    grown = convergence(order)
    # The bound's ratio grows without end: at n it is about 4 (2 n + 1) / (2 pi^2).
    growth = {n: float(lower_bound(n + 1) / lower_bound(n)) for n in (5, 50, 500)}
    diverges = grown.bound_holds and all(ratio > n / 5 for n, ratio in growth.items())
    series = disc_coefficients(1.0, 0.5, 80)
    off = float(series @ 0.3 ** np.arange(80))
    exact = true_value(np.array([1.3]))[0]
    claims: list[Claim] = [
        Equal(
            "off the axis: the series at beta = 1 gives the kernel at 1.3",
            Estimate(off, Numerical(1e-9)),
            exact,
            resolution=1e-6,
        ),
        _off_the_axes(),
        Fact(
            "at the axis: the series of A[CLS] with itself at beta = 0 has a positive radius",
            not diverges,
            {
                "|c_n| at least its lower bound up to order": order,
                "growth of the lower bound": {f"n = {n}": r for n, r in growth.items()},
                "coefficient of beta^10": str(coefficients(10)[10]),
                "radius": 0,
            },
            ErrorKind.PROVED,
        ),
        repeated_claim(repeated_token.coefficients(20 if setting.quick else 30)),
    ]
    figure = "series of radius 0 where β = 0, and where γ = 0 if a token is repeated"
    return Examination(claims, figure)


def repeated_claim(found: EstimateArray) -> Claim:
    """The growth of the coefficients c_n at gamma = 0, of ``AA[CLS]`` with itself.

    Where the radius is positive, ``|c_n|^(1/n)`` is bounded; from n/2 to n it doubles here.
    """
    roots = repeated_token.roots(found)
    last = max(roots)
    growth = roots[last] / roots[last // 2]
    evidence = {
        "|c_n|^(1/n)": {f"n = {n}": roots[n] for n in (last // 2, last)},
        "relative error of c_n": float((found.errors / np.abs(found.values)).max()),
    }
    name = "at the axis: the series of AA[CLS] with itself at gamma = 0 has a positive radius"
    return Fact(name, growth < _BOUNDED, evidence, ErrorKind.NUMERICAL)


STATEMENT = Statement(
    ids=("Lemma G.1", "Open point 1"),
    title="Analyticity of the attention kernel",
    words="The attention kernel is a real-analytic function of (β, γ), at the axes too.",
    latex=r"\kappa_{X,Y}(\beta, \gamma) = \sum_\mu c_\mu (\beta - \beta_0)^{\mu_1} "
    r"(\gamma - \gamma_0)^{\mu_2}",
    examine=examine_analyticity,
    finding="The kernel is smooth everywhere and analytic where βγ ≠ 0, which is all that Lemma "
    "4.7 needs.",
)
