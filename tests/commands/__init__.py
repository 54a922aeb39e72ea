"""The commands, each as a whole."""
