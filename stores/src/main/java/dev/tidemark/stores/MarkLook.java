package dev.tidemark.stores;

/**
 * A look at a mark, which tells whether a store still has all that it took. A mark says something, and has a number that each look
 * counts up.
 *
 * @param name told apart from the marks of others; any text
 * @param expected what the mark has to say, one word
 * @param least what its number is at least: with less the store has gone back to an older copy
 * @param then what it says from now on if all is well, one word
 * @param otherwise what it says from now on if not, one word
 */
public record MarkLook(String name, String expected, long least, String then, String otherwise) {}
