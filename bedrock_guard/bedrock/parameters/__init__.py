"""Which request parameters bring which permissions: hand-kept tables, each line with its source."""
