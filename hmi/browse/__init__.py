"""Looking round in a server and making tags of what is found there."""
