"""The shell: options into values, values into reports, reports onto the terminal."""
