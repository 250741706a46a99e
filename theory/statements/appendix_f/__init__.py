"""Appendix F: derivatives at the origin. Lemma F.1 is 4.7, in `section_4_2`."""
