"""In which unit the screens show and read a quantity. The rest of the program knows the plant's units only."""
