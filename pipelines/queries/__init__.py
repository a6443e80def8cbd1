"""Which links are meant, which placement speaks for each, what a person said of it, what counts as one decision."""
