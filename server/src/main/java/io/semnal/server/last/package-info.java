/** What keeps the last values beside a running server's journal. */
package io.semnal.server.last;
