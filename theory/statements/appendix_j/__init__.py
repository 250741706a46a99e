"""Appendix J: symbolic labels. Theorems J.2 and J.3 are 5.1 and 5.2, in `section_5`."""
