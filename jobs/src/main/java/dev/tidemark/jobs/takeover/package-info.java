/** What has to be known of a view's job before its view may take over: how far it has come, and whether it agrees with the other. */
@NullMarked
package dev.tidemark.jobs.takeover;

import org.jspecify.annotations.NullMarked;
