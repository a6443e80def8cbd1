"""From evidence to verdicts: the model, the judge, the stage that runs them over a store, and what replays them."""
