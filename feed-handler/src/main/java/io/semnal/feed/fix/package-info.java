/**
 * Brokers' prices over FIX: what a venue's messages mean (a {@link io.semnal.feed.fix.VenueProfile}
 * is data), the books that they build, and the sessions that bring them to the ingress.
 */
package io.semnal.feed.fix;
