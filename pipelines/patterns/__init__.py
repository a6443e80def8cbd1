"""Evidence beyond the page: what only shows where many links are seen at once.

    traces    per link a few short keys: what it shares with others if they are of one hand (pure, one link at a time)
    groups    the store sorts all keys; sites that share one are a group (server-side, one pass, flat memory)
    findings  each pattern reads groups of its kind; each link gets the findings of its keys (one pass by link id)

One module per pattern; :mod:`pipelines.patterns.search` runs them, :mod:`pipelines.patterns.consulting` hands what they
found to classification. docs/patterns.md tells the reasons, the limits and the figures.
"""
