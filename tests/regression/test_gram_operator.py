"""The Gram operator against the Gram matrix, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import eigsh

from kernels import GramOperator, InvalidInputError, Kernel, MLPKernel, TooLargeError, encode
from kernels.estimates import EstimateArray, Numerical
from kernels.regression.operator.atoms import _number, shared_atoms
from kernels.regression.operator.fixed_tokens import choose_fixed
from kernels.regression.operator.matchings import MatchingTable, subsets
from kernels.regression.operator.samples import merge
from kernels.strings.encoding import EncodedStrings
from kernels.strings.patterns import Pattern
from kernels.strings.shapes import Shape
from kernels.strings.vocabulary import Vocabulary
from tests.tolerances import GRAM_OPERATOR_ROUNDING
from tests.toy_kernels import AgreementKernel, RelationalKernel, SymbolKernel
from validation.strategies import strings

KERNELS: list[Kernel] = [SymbolKernel(), RelationalKernel(), AgreementKernel(), MLPKernel()]

each_kernel = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)


def lists_of_strings(letters: str) -> st.SearchStrategy[list[str]]:
    return st.integers(1, 5).flatmap(
        lambda k: st.lists(
            strings(min_length=k, max_length=k, letters=letters), min_size=1, max_size=25
        )
    )


@each_kernel
@given(rows=lists_of_strings("ABCDEFGH"), fixed=st.sets(st.sampled_from("ABCZ")))
def test_operator_is_the_gram_matrix(kernel: Kernel, rows: list[str], fixed: set[str]) -> None:
    expected = kernel.gram(rows).values
    operator = GramOperator(kernel, rows, fixed_tokens=sorted(fixed))
    assert np.abs(operator @ np.eye(len(rows)) - expected).max() <= GRAM_OPERATOR_ROUNDING


@given(rows=lists_of_strings("AB"))
def test_operator_is_the_gram_matrix_of_many_equal_strings(rows: list[str]) -> None:
    kernel = SymbolKernel()
    operator = GramOperator(kernel, rows)
    assert operator.rows == len(set(rows))
    found = operator @ np.eye(len(rows))
    assert np.abs(found - kernel.gram(rows).values).max() <= GRAM_OPERATOR_ROUNDING


@pytest.mark.parametrize(("length", "alphabet"), [(2, 40), (3, 200), (4, 15), (4, 10_000), (6, 9)])
def test_operator_is_the_gram_matrix_at_some_size(length: int, alphabet: int) -> None:
    rng = np.random.default_rng(length)
    n = 400 if length < 6 else 60
    codes = rng.integers(1, alphabet + 1, size=(n, length + 1), dtype=np.int32)
    codes[: n // 2, 0] = codes[: n // 2, length - 1]
    codes[:, -1] = 0
    rows = EncodedStrings(codes, Vocabulary(symbols=alphabet))
    kernel = SymbolKernel()
    vectors = rng.standard_normal((n, 3))
    found = GramOperator(kernel, rows) @ vectors
    scale = n * GRAM_OPERATOR_ROUNDING
    assert np.abs(found - kernel.gram(rows).values @ vectors).max() <= scale


def test_codes_may_be_huge_and_few() -> None:
    codes = np.array([[2**31 - 9, 7, 0], [7, 2**31 - 9, 0], [5, 5, 0]], dtype=np.int32)
    rows = EncodedStrings(codes, Vocabulary(symbols=2**31 - 9))
    operator = GramOperator(SymbolKernel(), rows, fixed_tokens=[])
    expected = SymbolKernel().gram(rows).values
    assert np.abs(operator @ np.eye(3) - expected).max() <= GRAM_OPERATOR_ROUNDING


class TinyKernel(SymbolKernel):
    """`SymbolKernel` times a power of two near 1e-30."""

    @staticmethod
    def exact(pattern: Pattern) -> Fraction:
        return SymbolKernel.exact(pattern) / 2**100


def test_what_counts_as_rounding_goes_with_the_size_of_the_kernel() -> None:
    rows = ["ABC", "CAB", "ABD", "DDA", "BCA", "EFA"]
    found, usual = (
        GramOperator(kernel, rows, fixed_tokens=[]) @ np.eye(len(rows))
        for kernel in (TinyKernel(), SymbolKernel())
    )
    assert (found * 2.0**100 == usual).all()


@given(rows=lists_of_strings("ABCDEFGH"))
def test_every_order_is_positive_semidefinite(rows: list[str]) -> None:
    """The claim on which the preconditioner rests."""
    operator = GramOperator(SymbolKernel(), rows, fixed_tokens=[])
    identity = np.eye(operator.rows)
    for part in operator.blocks.interactions:
        matrix = part.added(np.zeros_like(identity), identity)
        values = np.linalg.eigvalsh(matrix)
        assert values[0] >= -GRAM_OPERATOR_ROUNDING * max(1.0, values[-1])
        assert np.allclose(
            part.diagonal(), matrix.diagonal(), rtol=0.0, atol=GRAM_OPERATOR_ROUNDING
        )


def test_kernel_of_agreements_has_interactions_in_place_only() -> None:
    """A kernel that is linear in the number of agreements has no interaction of two tokens."""

    class Linear(AgreementKernel):
        def evaluate(self, patterns, *, n_jobs=1):  # type: ignore[no-untyped-def]
            values = np.log(super().evaluate(patterns, n_jobs=n_jobs).values)
            return EstimateArray.of(values, Numerical, 1e-15)

    operator = GramOperator(Linear(), ["AB", "AB", "AC", "CB", "BA"], fixed_tokens=[])
    assert [part.order for part in operator.blocks.interactions] == [1]


@given(rows=lists_of_strings("ABCDEFGH"), least=st.integers(1, 3))
def test_atoms_are_the_sets_that_enough_strings_have(rows: list[str], least: int) -> None:
    operator = GramOperator(AgreementKernel(), rows, fixed_tokens=[])
    distinct = [set(row) for row in set(rows)]
    for atoms in shared_atoms(operator.strings, least=least):
        held: dict[frozenset[str], int] = {}
        for tokens in distinct:
            for part in subsets(tuple((ord(token), 0) for token in sorted(tokens))):
                name = frozenset(chr(token) for token, _ in part)
                if len(name) == atoms.order:
                    held[name] = held.get(name, 0) + 1
        counts = sorted(count for count in held.values() if count >= least)
        assert sorted(np.bincount(atoms.atom).tolist()) == counts


def test_interactions_sum_to_values() -> None:
    first, second = Shape((0, 1, 2, -1)), Shape((0, 1, 1, -1))
    matching = ((0, 1), (2, 0))
    table = MatchingTable(SymbolKernel())
    table.require([(first, second, matching)])
    total = sum(table.interaction(first, second, part) for part in subsets(matching))
    assert total == pytest.approx(SymbolKernel()("ABC", "CAA").value, abs=GRAM_OPERATOR_ROUNDING)
    assert table.value(first, second, ()) == SymbolKernel()("ABC", "DEE").value


class SlightKernel(AgreementKernel):
    """1, and a little for each token that two strings have at one place."""

    def __init__(self, slight: float) -> None:
        super().__init__()
        self.slight = slight

    @property
    def name(self) -> str:
        return f"slight, {self.slight}"

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int = 1) -> EstimateArray:  # noqa: ARG002
        return EstimateArray.exact([1.0 + self.slight * p.agreements for p in patterns])


@pytest.mark.parametrize(("slight", "orders"), [(3e-14, [1]), (1e-12, [1]), (1e-15, [])])
def test_what_is_more_than_rounding_is_kept(slight: float, orders: list[int]) -> None:
    """The cut is 8 epsilons of the kernel for each of two values: 3.6e-15."""
    operator = GramOperator(SlightKernel(slight), ["AB", "AC", "CB"], fixed_tokens=[])
    assert [part.order for part in operator.blocks.interactions] == orders


def test_tokens_in_one_place_are_fixed() -> None:
    rows = encode([f"{a}S{b}" for a in "ABCDEFGHIJKLMNOPQRTU" for b in "abcdefghijklmnopqrtu"])
    chosen = choose_fixed(rows.codes, share=0.5)
    assert [rows.vocabulary.name(code) for code in chosen] == ["S"]


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="fixed_tokens"):
        GramOperator(MLPKernel(), ["AB"], fixed_tokens="S")
    with pytest.raises(InvalidInputError, match="strings"):
        GramOperator(MLPKernel(), [])


def test_too_many_kinds_of_pairs_are_refused() -> None:
    rows = encode(["ABC", "ABB", "AAB", "AAA", "BCA"])
    merged = merge(rows.codes, ())
    terms = MatchingTable(MLPKernel(), most=3)
    with pytest.raises(TooLargeError, match=r"equality patterns.*dense"):
        GramOperator.of_merged(merged, (), terms)
    assert len(terms.kernel.table) == 0  # before any work
    counted = MatchingTable(MLPKernel(), most=3)
    counted.charge(3)
    with pytest.raises(TooLargeError, match="more than 3 kinds of pairs"):
        counted.charge(1)


def test_a_matching_is_looked_at_once() -> None:
    """Roles that differ in the order of their tokens alone share it: 5 symbols, 5! orders."""
    rng = np.random.default_rng(0)
    rows = ["".join(rng.permutation(list("ABCDEFGH"))[:5]) for _ in range(300)]
    counted = MatchingTable(AgreementKernel(), most=25_000)
    operator = GramOperator.of_merged(merge(encode(rows).codes, ()), (), counted)
    expected = AgreementKernel().gram(rows).values
    assert np.abs(operator @ np.eye(300) - expected).max() <= GRAM_OPERATOR_ROUNDING


@pytest.mark.parametrize("apart", [1, 10_000])
def test_atoms_are_numbered_in_32_bits_by_whichever_way(apart: int) -> None:
    keys = [apart * np.array([[3, 5], [5, 7]]), np.array([[-1], [7 * apart]])]
    numbers, named = _number(keys, 2)
    assert [part.tolist() for part in numbers] == [[[-1, 0], [0, 1]], [[-1], [1]]]
    assert named.tolist() == [5 * apart, 7 * apart]
    assert {part.dtype for part in numbers} == {np.dtype(np.int32)}


def test_strings_of_many_different_symbols() -> None:
    rng = np.random.default_rng(0)
    rows = ["".join(rng.permutation([chr(0x4E00 + i) for i in range(4_000)])[:20]) for _ in "ABCD"]
    operator = GramOperator(MLPKernel(), rows)
    expected = MLPKernel().gram(rows).values
    assert np.abs(operator @ np.eye(4) - expected).max() <= GRAM_OPERATOR_ROUNDING


def test_arrangements_take_no_memory_that_depends_on_their_possible_number() -> None:
    """Many shapes times 8^8 orders of 8 symbols would fill tens of GB."""
    rng = np.random.default_rng(0)
    places = np.hstack([np.tile(np.arange(8), (2_000, 1)), rng.integers(0, 8, (2_000, 4))])
    tokens = np.argsort(rng.random((2_000, 60)), axis=1)[:, :8] + 1
    codes = np.hstack([np.take_along_axis(tokens, places, axis=1), np.zeros((2_000, 1), int)])
    merged = merge(codes.astype(np.int32), ())
    assert merged.rows == 2_000
    block = merged.blocks[0]
    for row in range(0, 2_000, 97):
        arrangement = merged.arrangements[block.arrangement[row]]
        held = np.empty(8, dtype=int)
        held[list(arrangement.symbols)] = block.tokens[row]
        string = held[list(merged.shapes[arrangement.shape].places[:-1])]
        assert merged.row[np.flatnonzero((codes[:, :-1] == string).all(axis=1))[0]] == row


def test_operands() -> None:
    rows = ["AB", "BA", "AB", "CC"]
    operator = GramOperator(MLPKernel(), rows)
    gram = MLPKernel().gram(rows).values
    for operand in (np.arange(4.0), np.arange(8).reshape(4, 2), [1, 2, 3, 4]):
        found = operator @ operand
        assert found.shape == np.shape(operand)
        assert np.abs(found - gram @ np.asarray(operand)).max() <= GRAM_OPERATOR_ROUNDING


@pytest.mark.parametrize(
    "operand", [np.ones(3), np.ones((4, 0)), np.ones((4, 1, 1)), 1.0, ["a"] * 4, [1j] * 4, None]
)
def test_bad_operands(operand: object) -> None:
    operator = GramOperator(MLPKernel(), ["AB", "BA", "AB", "CC"])
    with pytest.raises((InvalidInputError, TypeError), match="vectors"):
        operator @ operand  # type: ignore[operator] # on purpose


def test_operator_goes_into_scipy() -> None:
    rows = encode([f"{a}{b}" for a in "ABCDEF" for b in "ABCDEF"])
    operator, gram = GramOperator(MLPKernel(), rows), MLPKernel().gram(rows).values
    largest = np.linalg.eigvalsh(gram)[-3:]
    found = eigsh(operator, k=3, return_eigenvectors=False)
    assert np.abs(np.sort(found) - largest).max() <= GRAM_OPERATOR_ROUNDING * len(rows)
    left, right = np.arange(36.0) @ operator, operator.T @ np.arange(36.0)
    assert np.abs(left - gram @ np.arange(36.0)).max() <= GRAM_OPERATOR_ROUNDING * len(rows) ** 2
    assert (left == right).all()
    several = np.array([np.arange(36.0), np.ones(36)])
    assert (several @ operator == (operator @ several.T).T).all()
    assert (operator.matvec(np.ones(36)) == operator @ np.ones(36)).all()


def test_operator_says_what_it_is() -> None:
    operator = GramOperator(MLPKernel(), ["AB", "BA", "AB", "CC"], fixed_tokens=["nowhere"])
    assert repr(operator).endswith("4 strings, 3 distinct, 2 shapes)")


class BetterLaterKernel(SymbolKernel):
    """Its values have an error of 1 at first and a smaller one at each later call."""

    calls = 0

    def evaluate(self, patterns: Sequence[Pattern], **_: object) -> EstimateArray:
        self.calls += 1
        exact = np.array([float(self.exact(pattern)) for pattern in patterns])
        return EstimateArray.of(exact / self.calls, Numerical, 1.0 / self.calls)


def test_a_table_knows_its_largest_error() -> None:
    """It is what a refusal names, and that of the values asked for last may be smaller."""
    kernel = BetterLaterKernel()
    table = MatchingTable(kernel)
    shapes = [Shape((0, 0, -1)), Shape((0, 1, -1))]
    for x in shapes:
        for y in shapes:
            table.require([(x, y, ((0, 0),))])
    assert kernel.calls > 1
    assert (table.largest_error, table.largest_value > 0.0) == (1.0, True)
