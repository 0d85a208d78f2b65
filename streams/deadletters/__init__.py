"""Dead letters from the command line: what they are, and sending their records again after a fix."""
