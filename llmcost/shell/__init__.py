"""What all commands share: the application, options as values, output, completion, progress."""
