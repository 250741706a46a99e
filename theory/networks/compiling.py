"""How JAX compiles the networks here: small ones, each shape of which runs a few times at most."""

from __future__ import annotations

from typing import Final

QUICKLY: Final = {"xla_backend_optimization_level": 0}
"""For a few networks: compiling would take ten times as long as running. Without the compiler's
optimizations it takes a third of that, and running three times as long."""

SOON: Final = {"xla_backend_optimization_level": 1}
"""For thousands of networks: compiling takes half as long, and running no longer."""
