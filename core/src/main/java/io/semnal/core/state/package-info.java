/** State of a running engine, written down and read back: what snapshots are made of. */
package io.semnal.core.state;
