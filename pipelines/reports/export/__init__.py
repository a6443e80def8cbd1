"""Links as files: JSON Lines, CSV, XLSX and Parquet, one link a line or row, in flat memory."""
