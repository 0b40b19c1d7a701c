"""The tests. A package, so that test modules can import what they share as `tests.…`."""
