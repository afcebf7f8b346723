"""Measurements that take longer than a test: retrieval and refusing on an external set, and speed."""
