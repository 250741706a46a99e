"""Which derivative separates given templates (Lemma 4.7, Claims F.2 to F.6), with a proof."""
