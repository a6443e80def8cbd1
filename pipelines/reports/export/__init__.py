"""Links as files: JSON Lines, CSV and Parquet, one link a line or row, in flat memory."""
