"""What an operator sees of a worker: figures, probes, and logs that machines read."""
