"""Looking after history: what there is, whether it is whole, copies of it, and what is old enough to go."""
