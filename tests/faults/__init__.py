"""The fault matrix: real workers, a real redis-server, and the log of the server side as the judge.

``python -m tests.faults [NAME ...]`` runs all rows, or those named, and prints a table.
"""
