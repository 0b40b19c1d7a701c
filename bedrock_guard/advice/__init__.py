"""Why, and what now: findings to remedies. Pure."""
