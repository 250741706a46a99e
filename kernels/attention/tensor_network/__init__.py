"""Quadrature as the contraction of a small graph: nodes, tables, paths and their contraction."""
