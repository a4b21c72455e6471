"""What can be asked of history, a file for each kind of question. Worker threads of the station."""
