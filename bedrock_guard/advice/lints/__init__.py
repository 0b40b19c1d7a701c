"""The lints of policies by family, one module each; :mod:`bedrock_guard.advice.lint` runs them all. Pure."""
