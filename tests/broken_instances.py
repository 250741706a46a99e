"""For every statement, instances that break it, beside a sound one that the same check passes.

A check that cannot fail is no check: ``tests/test_statements_broken.py`` demands an entry for each
statement, and that each broken instance comes out violated or is refused by a named hypothesis.
"""

from __future__ import annotations

from tests.broken_appendices import APPENDICES
from tests.broken_sections import SECTIONS
from tests.instances import Instances

INSTANCES: dict[str, Instances] = {**SECTIONS, **APPENDICES}
"""By the statement's main number."""
