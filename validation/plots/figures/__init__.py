"""One picture an experiment, drawn from what the experiment found."""
