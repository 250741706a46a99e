"""What the attention kernel cannot tell apart: patterns as multigraphs, in canonical form."""
