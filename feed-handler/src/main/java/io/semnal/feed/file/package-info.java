/**
 * Ticks from files: streaming, exact to the last digit, one thread. {@link
 * io.semnal.feed.file.TickFiles} opens them; {@link io.semnal.feed.file.TickFileSource} passes
 * their ticks on in the order of the files and of their lines.
 */
package io.semnal.feed.file;
