"""From a data frame to the strings of a table: rows, columns, numbers, and headings."""
