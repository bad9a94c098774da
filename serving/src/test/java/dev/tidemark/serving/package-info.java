/** The server over HTTP, as its clients see it. */
package dev.tidemark.serving;
