"""The policy language of IAM and the order in which AWS evaluates it: pure values and functions, no calls.

Start with :func:`bedrock_guard.iam.parse.parse_policy` and :func:`bedrock_guard.iam.evaluate.evaluate`.
"""
