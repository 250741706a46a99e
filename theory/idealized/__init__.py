"""Ridge regression with all strings unseen (Appendix D): its solution, and how far it is away."""
