"""Appendix E: the activation. Lemma E.1 is 4.6, in `section_4_2`."""
