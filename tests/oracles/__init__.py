"""Slow, plain reference implementations that the tests compare against."""
