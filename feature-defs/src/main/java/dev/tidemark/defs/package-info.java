/**
 * What a feature is: the definition language of Tidemark.
 *
 * <p>{@link dev.tidemark.defs.DefinitionReader} turns YAML documents into {@link dev.tidemark.defs.Definitions}: immutable,
 * fully resolved and valid, or it reports every problem with its place. Nothing here knows how a value is computed or where it
 * is kept, and nothing here depends on another part of Tidemark.
 */
@NullMarked
package dev.tidemark.defs;

import org.jspecify.annotations.NullMarked;
