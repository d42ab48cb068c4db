"""The same pages, faster: each file one repeated piece of work, its reason, and what it saves."""
