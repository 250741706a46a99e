"""Appendix C: token symmetry. Lemmas C.2, C.3 and C.4 are 4.5, 4.6 and 4.7, in `section_4_2`."""
