"""JAX where its settings leave it no device."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

USES_JAX = """
from kernels import InvalidInputError
from kernels.boundary.jax_settings import plain_jax
try:
    with plain_jax():
        pass
except InvalidInputError as error:
    print(error)
"""


@pytest.mark.parametrize("platform", ["nonsense"])
def test_a_platform_that_is_none_is_one_clear_error(platform: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", USES_JAX],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "JAX_PLATFORMS": platform},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"JAX_PLATFORMS = {platform!r}: JAX cannot start with that")
    assert done.stdout.count("\n") == 1
    assert "give cpu" in done.stdout
