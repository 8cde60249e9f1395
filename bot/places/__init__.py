"""Places in the UK: postcodes and who does what where."""
