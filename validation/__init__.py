"""What a person runs and looks at: experiments, their report, and the command line.

They put to the test "When can transformers reason with abstract symbols?" (arXiv 2310.09753).
"""
