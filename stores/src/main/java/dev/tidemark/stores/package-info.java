/**
 * Where values and definitions live: the online store (Redis), the history and the registry (both Postgres).
 *
 * <p>{@link dev.tidemark.stores.OnlineStore} keeps the newest row of every entity,
 * {@link dev.tidemark.stores.HistoryStore} every row there ever was, {@link dev.tidemark.stores.Registry} what the features
 * mean. All of them give back exactly the bits they were given.
 */
@NullMarked
package dev.tidemark.stores;

import org.jspecify.annotations.NullMarked;
