"""What you measured: results of two models on your own task, paired, and the verdict."""
