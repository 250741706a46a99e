"""Appendix D: sufficient conditions for ridge regression. Lemma D.1 is 4.5, in `section_4_2`."""
