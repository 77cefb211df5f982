"""A kernel of two files that compiles in a moment, for the tests of compiling and keeping."""
