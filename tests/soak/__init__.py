"""What takes too long for every run of the suite: `make soak` kills the sender thousands of times and plays twelve weeks of thousands of people."""
