package dev.tidemark.defs;

/** Where something stands in a text: the file as the caller named it, line and column from 1. */
record Place(String file, int line, int column) {}
