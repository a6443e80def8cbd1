"""Everything after the yielded item: validation, stores, evidence, classification, queries, reports."""
