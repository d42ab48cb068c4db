"""R's own files (.rds, .Rda): unpacked within limits, read, and turned into data frames.

Our own reader, since rdata 1.1 (MIT) reads 34 of the 49 files of our tests, fails on every ``glm``,
turns 25,669 real values into NaN without a word, and unpacks without a limit. pyreadr is under the
AGPL.
"""
