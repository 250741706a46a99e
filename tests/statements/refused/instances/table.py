"""For every statement, instances that break it, beside a sound one that the same check passes.

A check that cannot fail is no check: ``test_broken_instances.py`` demands an entry for each
statement, and that each broken instance comes out violated or is refused by a named hypothesis.
"""

from __future__ import annotations

from tests.instances import Instances
from tests.statements.refused.instances.appendices import APPENDICES
from tests.statements.refused.instances.sections import SECTIONS

INSTANCES: dict[str, Instances] = {**SECTIONS, **APPENDICES}
"""By the statement's main number."""
