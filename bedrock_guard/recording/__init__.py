"""Runs a program and notes each Bedrock call that it makes, to learn what it needs.

The recorder itself is in ``inside/``: it runs in the program's own processes and knows nothing of this package.
"""
