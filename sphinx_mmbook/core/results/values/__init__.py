"""What a cell of a stored result can be, data frames made of cells, and the fault of a file."""
