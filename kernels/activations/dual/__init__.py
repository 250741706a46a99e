"""What every dual needs: a checked covariance, and an integral where no closed form is known."""
