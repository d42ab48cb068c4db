"""R's own files (.rds, .Rda): unpacked within limits, read, and turned into data frames."""
